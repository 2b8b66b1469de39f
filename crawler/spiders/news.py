"""The spider `news`, one for every source: it finds articles in feeds, sitemaps and links, and captures them."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack, closing
from datetime import timedelta
from pathlib import Path
from typing import Any

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure

from archive import cleaning, clustering
from archive.errors import ArchiveError, CaptureError, ConfigError, StoreError
from archive.extraction import links, read
from archive.ingest import Outcome
from archive.lock import crawl_lock
from archive.models import Candidate, CanonicalUrl, Capture, EndpointKind, Reason, Rejection, UrlState
from archive.revisiting import plan_of
from archive.store import boilerplate, crawls, open_archive, revisits, sources
from archive.urls import canonical, same_site
from archive.when import point_in_time
from crawler.conditional import conditions
from crawler.discovery.feeds import parse_feed
from crawler.discovery.pages import announced_feeds
from crawler.discovery.sitemaps import SitemapRef, parse_sitemap
from crawler.failures import reason_of
from crawler.frontier import Frontier, now
from crawler.listings import Listings, Part, Place, visit_of
from crawler.middlewares.capture import seal_crawl
from crawler.middlewares.politeness import RobotsMiddleware
from crawler.report import CrawlReport
from crawler.responses import asked, capture_of, header
from crawler.sections import Sections
from crawler.spiders.ending import ends_with_the_archive
from crawler.target import Target, resolve
from crawler.wishes import wishes_of


class NewsSpider(Spider):
    """Crawls one source: `scrapy crawl news -a source=URL [-a since=2d] [-a limit=N]`.

    What discovery finds goes into the frontier, the scheduler takes articles out of it, and their responses leave as
    `Capture` items for the pipelines. Sections are read only where neither feed nor sitemap has announced an article.
    """

    name = "news"

    def __init__(
        self,
        *,
        archive: str,
        source: str,
        target: Target | None = None,
        since: str = "",
        limit: str = "",
        **kwargs: Any,
    ) -> None:
        """Raises ConfigError for a wrong argument, SourceError for an unknown source, StoreError for a bad archive.

        A `target` is what `source` means, where that is known already.
        """
        super().__init__(**kwargs)
        if not source:
            raise ConfigError("which source? `scrapy crawl news -a source=https://example.org/`")
        if limit and not limit.isdecimal():
            raise ConfigError(f"limit={limit!r} is no number of articles")
        start = point_in_time(since, now()) if since else None
        with ExitStack() as held:
            held.enter_context(crawl_lock(Path(archive)))
            self.db = held.enter_context(closing(open_archive(archive)))
            target = target or resolve(self.db, source)
            # a wrong setting must be told before the crawl
            self.wishes = wishes_of(target.source, os.environ)
            self._held = held.pop_all()
        self.source = target.source
        self.crawl_id = crawls.start(self.db, self.source.id, now())
        self.frontier = Frontier(
            self.db,
            self.source,
            self.crawl_id,
            limit=int(limit) if limit else None,
            since=start,
            only=target.only,
            looks_again=target.only is None and not target.waits,
        )
        self.sections = Sections(self.frontier, self.source.url)
        self.lists = Listings(self.db, self.source, self.frontier)
        self.boilerplate = boilerplate.known(self.db, self.source.id)
        """The lines that earlier crawls have learned, taken out of every text of this one."""
        self.since = start
        self.discovers = target.only is None and not target.waits
        self.frontier.serves = not self.discovers
        self._is_new = target.is_new
        self.trouble: Reason | ArchiveError | None = None
        """Why the home page could not be read, or what ended the crawl."""
        self.moved_to: str | None = None
        """Where the home page was on another site, if it was."""
        self.report: CrawlReport | None = None
        """What the crawl did, once it has ended."""
        self._sitemaps = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> "NewsSpider":
        """Called by Scrapy."""
        kwargs.setdefault("source", "")
        spider = super().from_crawler(crawler, *args, archive=crawler.settings["NEWSARCHIVE_DB"], **kwargs)
        spider.wishes.set_pace(crawler.settings)
        confirm_after = timedelta(seconds=crawler.settings.getfloat("GONE_CONFIRM_SECONDS"))
        spider.frontier.plan = plan_of(spider.source.settings, confirm_after)
        crawler.signals.connect(spider.on_idle, signals.spider_idle)
        return spider

    # --- discovery ---------------------------------------------------------------------------------------------------

    async def start(self) -> AsyncIterator[Request]:
        """What is read first: the home page, the sitemaps of robots.txt, the feeds and sitemaps known from before."""
        if not self.discovers:
            return
        robots = self.crawler.get_downloader_middleware(RobotsMiddleware)
        if robots is None:
            raise ConfigError("RobotsMiddleware must stay enabled; -s ROBOTSTXT_OBEY=0 makes it allow everything")
        try:
            rules = await robots.rules(self.source.url)
        except Exception as error:  # noqa: BLE001  # Scrapy's download errors have no common base
            self.trouble = self.trouble or reason_of(error)
            self.logger.info("event=robots_failed source=%s error=%r", self.source.name, error)
            # nothing may be asked for; what waits would only use up its tries
            self.frontier.shut()
            return
        self.frontier.serves = True
        # no filter: a home page that redirects to itself until a cookie is set must end in `home_failed`
        yield Request(
            self.source.url,
            callback=self.parse_home,
            errback=self.home_failed,
            dont_filter=True,
            priority=30,
            headers=self.lists.conditions(self.source.url),
            meta={"kind": EndpointKind.FEED, "announced": False, "sitemap_depth": 0},
        )
        for place in self.lists.sitemaps(rules.sitemaps):
            yield self._sitemap(place.url, announced=place.announced)

    def _feed(self, place: Place) -> Request:
        return Request(
            place.url,
            callback=self.parse_feed,
            errback=self.list_failed,
            priority=20,
            headers=self.lists.conditions(place.url),
            meta={"kind": EndpointKind.FEED, "announced": place.announced},
        )

    def _sitemap(self, url: str, *, announced: bool, part: Part | None = None) -> Request:
        depth = part.depth if part else 0
        return Request(
            url,
            callback=self.parse_sitemap,
            errback=self.list_failed,
            priority=20 - depth,
            headers=self.lists.conditions(url),
            meta={
                "kind": EndpointKind.SITEMAP,
                "announced": announced,
                "sitemap_depth": depth,
                "part": part,
                "download_maxsize": self.settings.getint("SITEMAP_MAXSIZE"),
            },
        )

    @ends_with_the_archive
    def parse_home(self, response: Response) -> Iterator[Request]:
        """The home page: feeds that it announces (or the usual places), and the stories that it links."""
        self.frontier.pages.add(canonical(response.url) or CanonicalUrl(response.url))
        self._note_move(response.url)
        self.sections.recall(self.lists.sections())
        if known := self.lists.unmodified(response):
            yield from map(self._feed, self.lists.feeds(guess=False))
            yield from self._parts(known.url, None, depth=1)
            return
        page = read(capture_of(response))
        if response.status != 200:
            self.trouble = Reason.HTTP_REFUSED if response.status < 500 else Reason.HTTP_ERROR
        elif isinstance(page, Rejection):
            self.trouble = page.reason
        announced = () if isinstance(page, Rejection) else announced_feeds(page)
        yield from map(self._feed, self.lists.feeds(announced))
        if not isinstance(page, Rejection):
            self.sections.follow(links(page), found_in=response.url)
            if response.status == 200:
                self.lists.heard(asked(response), EndpointKind.SECTION, visit_of(response), names_others=True)
        else:
            # who names a feed or a sitemap means the articles in it
            self.parse_feed(response)
            yield from self.parse_sitemap(response)

    @ends_with_the_archive
    def home_failed(self, failure: Failure) -> Iterator[Request]:
        """The home page could not be had; sitemaps, and the feeds known from before, may still bring articles."""
        request: Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy, unknown to Twisted's types
        self._note_move(request.url)
        self.trouble = self.trouble or reason_of(failure)
        self.logger.info("event=home_failed url=%s reason=%r", self.source.url, reason_of(failure).value)
        yield from map(self._feed, self.lists.feeds())

    def _note_move(self, url: str) -> None:
        if not same_site(url, self.source.url):
            self.moved_to = url

    @ends_with_the_archive
    def parse_feed(self, response: Response) -> None:
        """A feed's entries go into the frontier."""
        if self.lists.unmodified(response):
            return
        feed = parse_feed(response.body, response.url, header(response, "Content-Type"))
        self._heard(response, EndpointKind.FEED, feed.candidates, feed.error, parts=0)
        if feed.title and self.source.title is None:
            self.source = sources.update(self.db, self.source.id, title=feed.title)

    @ends_with_the_archive
    def parse_sitemap(self, response: Response) -> Iterator[Request]:
        """A sitemap's addresses go into the frontier; the parts of an index are read in their turn."""
        depth = response.meta["sitemap_depth"] + 1
        if known := self.lists.unmodified(response):
            yield from self._parts(known.url, None, depth=depth)
            return
        sitemap = parse_sitemap(response.body, response.url)
        self._heard(response, sitemap.kind, sitemap.candidates, sitemap.error, parts=len(sitemap.children))
        if sitemap.children and depth > self.settings.getint("SITEMAP_DEPTH_MAX"):
            self.logger.warning("event=sitemaps_too_deep url=%s", response.url)
            self.frontier.counts["broken lists"] += 1
            return
        yield from self._parts(asked(response), sitemap.children, depth=depth)

    def _parts(self, index: str, named: Sequence[SitemapRef] | None, *, depth: int) -> Iterator[Request]:
        for part in self.lists.parts(index, named, depth=depth):
            if self.since and part.modified_at and part.modified_at < self.since:
                self.lists.left_out(part.parent)
                continue
            if self._sitemaps >= self.settings.getint("SITEMAPS_MAX"):
                self.logger.warning("event=sitemaps_max url=%s", index)
                self.lists.left_out(index)
                return
            self._sitemaps += 1
            yield self._sitemap(part.url, announced=True, part=part)

    def _heard(
        self,
        response: Response,
        kind: EndpointKind,
        candidates: tuple[Candidate, ...],
        error: str | None,
        parts: int = 0,
    ) -> None:
        """Take in what a feed or sitemap announced, and remember the endpoint.

        A guessed address that answers something else is no endpoint of the source, and not worth a word.
        """
        if response.status != 200:
            error = f"HTTP status {response.status}"
        if error and not (candidates or parts or response.meta["announced"]):
            return
        added = self.frontier.add(candidates)
        self.frontier.counts["listed"] += added.likely
        if error:
            self.frontier.counts["broken lists"] += 1
            self.logger.warning("event=list_broken url=%s error=%r", asked(response), error)
        visit = visit_of(response, new=added.new, listed=added.likely, error=error)
        self.lists.heard(asked(response), kind, visit, names_others=bool(parts))
        if not error:
            self.frontier.compare(asked(response), kind, added.listed)

    @ends_with_the_archive
    def list_failed(self, failure: Failure) -> None:
        """A feed or sitemap could not be had; recorded where it was announced, expected where it was a guess."""
        request: Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy, unknown to Twisted's types
        reason = reason_of(failure)
        if request.meta["announced"]:
            self.lists.failed(request.url, request.meta["kind"], reason)
            if part := request.meta.get("part"):
                self.lists.left_out(part.parent)
            self.frontier.counts["broken lists"] += 1
            self.logger.warning("event=list_failed url=%s reason=%r", request.url, reason.value)

    @property
    def follows_links(self) -> bool:
        """Whether articles are to be found by links: as long as no feed and no sitemap has announced one."""
        return self.discovers and not self.frontier.counts["listed"]

    def on_idle(self) -> None:
        """Called by Scrapy when nothing is left to do: sections are next, if lists bring none; then what is missed."""
        most, deepest = (self.settings.getint(name) for name in ("SECTIONS_MAX", "SECTION_DEPTH_MAX"))
        due = self.sections.take(most, deepest=deepest, is_due=self.lists.is_due) if self.follows_links else []
        requests = [self._section(url, depth) for url, depth in due]
        if not requests and (entry := self.frontier.take_missed()):
            requests = [self.article_request(*entry)]
        for request in requests:
            self.crawler.engine.crawl(request)
        if requests:
            raise DontCloseSpider

    def _section(self, url: str, depth: int) -> Request:
        meta, headers = {"section_depth": depth}, self.lists.conditions(url)
        return Request(url, self.parse_section, errback=self.section_failed, headers=headers, meta=meta)

    @ends_with_the_archive
    def parse_section(self, response: Response) -> Iterator[Capture]:
        """A section page: the stories and further sections that it links; and itself, should it be an article."""
        if self.lists.unmodified(response):
            return
        capture = capture_of(response, self.wishes.settings.timezone)
        page = read(capture)
        if response.status != 200:
            error = f"HTTP status {response.status}"
            self.lists.heard(asked(response), EndpointKind.SECTION, visit_of(response, error=error))
        elif not isinstance(page, Rejection):
            new = self.sections.follow(links(page), found_in=response.url, depth=response.meta["section_depth"])
            self.lists.heard(asked(response), EndpointKind.SECTION, visit_of(response, new=new), names_others=True)
            yield capture

    @ends_with_the_archive
    def section_failed(self, failure: Failure) -> None:
        """A section page could not be had: one way to articles less."""
        request: Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy, unknown to Twisted's types
        depth = request.meta["section_depth"]
        self.lists.failed(request.url, EndpointKind.SECTION, reason_of(failure), depth=depth)
        self.logger.info("event=section_failed error=%r", failure.value)

    # --- articles ----------------------------------------------------------------------------------------------------

    def article_request(self, url: CanonicalUrl, candidate: Candidate) -> Request:
        """The request for an address of the frontier."""
        # who names an article wants it as a newer version may read it
        known = revisits.validators(self.db, url) if self.discovers else None
        return Request(
            url,
            callback=self.parse_article,
            errback=self.article_failed,
            headers=conditions(known.etag, known.last_modified) if known else None,
            dont_filter=True,
            meta={"archive_url": url, "candidate": candidate},
        )

    def parse_article(self, response: Response) -> Iterator[Capture]:
        """The capture of what answered, whatever its status; what it is worth is decided by `archive.prepare`."""
        self.frontier.counts["pages"] += 1
        yield capture_of(response, self.wishes.settings.timezone)

    @ends_with_the_archive
    def article_failed(self, failure: Failure) -> None:
        """An address brought no response: recorded with the reason."""
        request: Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy, unknown to Twisted's types
        url, reason = request.meta["archive_url"], reason_of(failure)
        if reason is Reason.BUSY:
            self.frontier.shut()
            self.frontier.settle(url, UrlState.WAITING, reason)
        else:
            self.frontier.fail(url, reason, *request.meta.get("archive_chain", ()))

    def stop(self, error: ArchiveError) -> None:
        """End the crawl because the archive cannot be written; what is not settled stays waiting."""
        if not isinstance(self.trouble, ArchiveError):
            self.trouble = error
            # closing waits for what is under way, the caller among it, so it cannot be awaited here
            self._closing = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason="store error"))

    # --- the end -----------------------------------------------------------------------------------------------------

    def closed(self, reason: str) -> None:
        """Called by Scrapy at the end: the crawl's row gets its outcome and its counts.

        A site that this crawl made a source, and at which it found nothing, is none: a typing error stays nobody's.
        """
        try:
            if reason == "finished":
                self.lists.finish()
            self.report = self.frontier.close(outcome=reason, met=self)
            if self._is_new and not self.report.counts.get("found"):
                sources.remove(self.db, self.source.id)
            elif self.report.counts.get(Outcome.NEW) or self.report.counts.get(Outcome.REVISED):
                cleaning.learn(self.db, self.source.id, now())
            clustering.catch_up(self.db)
            seal_crawl(self.db, self.source, self.crawl_id, self.settings)
        except (StoreError, CaptureError) as error:
            self.trouble = error
        finally:
            self._held.close()
