"""Crawls run from Python: Scrapy's process started once, one crawl a target, a result of each."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from archive.errors import ArchiveError, ConfigError, SourceError
from archive.lock import crawl_lock
from archive.models import Reason, UrlState
from archive.store import open_archive, sources
from archive.urls import site_of
from crawler.report import ARTICLE_OUTCOMES, CrawlReport
from crawler.spiders.news import NewsSpider
from crawler.target import Target, resolve

logger = logging.getLogger(__name__)

SettingValue = str | int | float | bool
NO_SETTINGS: Mapping[str, SettingValue] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How the crawl of one target ended."""

    target: str
    report: CrawlReport | None
    """None where the crawl did not even begin."""
    error: ArchiveError | None
    """What kept it from being well."""


@dataclass(slots=True, kw_only=True)
class _Job:
    """One crawl that is asked for, on its way to a result."""

    word: str
    target: Target | None = None
    crawler: Crawler | None = None
    error: ArchiveError | None = None

    @property
    def spider(self) -> NewsSpider | None:
        """None where the crawl has not begun."""
        spider = self.crawler.spider if self.crawler else None
        return spider if isinstance(spider, NewsSpider) else None


def crawl(
    db: Path,
    targets: Sequence[str],
    *,
    since: str | None = None,
    limit: int | None = None,
    settings: Mapping[str, SettingValue] = NO_SETTINGS,
    discover: bool = True,
) -> list[Result]:
    """Crawl each target (a source's name or a URL) into the archive at `db`; gives a result for each, in order.

    Without `discover` only what waits in the frontier is fetched. Of targets that mean the same, the first counts.
    `settings` override `crawler.settings`. A process can do this once, because Twisted's reactor cannot be started
    again.

    Raises: StoreError where the archive cannot be opened or another process crawls into it, ConfigError for settings
    with which Scrapy does not start at all; other errors are in the results.
    """
    with crawl_lock(db):
        jobs = _jobs(db, targets, discover=discover)
        try:
            configured = Settings()
            configured.setmodule("crawler.settings", priority="project")
            configured.setdict({"NEWSARCHIVE_DB": str(db), **settings}, priority="cmdline")
            process = _Crawls(configured, jobs, since=since or "", limit="" if limit is None else str(limit))
            # Scrapy lets its handler sort out what is below the level; a hundred records a page would be for nothing.
            logging.getLogger().setLevel(configured["LOG_LEVEL"])
            process.start()
        except Exception as error:  # Scrapy reads its settings where it needs them, and raises whatever comes of it
            raise ConfigError(f"Scrapy does not start: {error} (is a setting given with -s wrong?)") from error
        finally:
            _clear(db, jobs)
    return [_result(job) for job in jobs]


def _jobs(db: Path, words: Sequence[str], *, discover: bool) -> list[_Job]:
    """A job for each target, the first of those that mean the same."""
    jobs: dict[object, _Job] = {}
    with closing(open_archive(db)) as archive:
        for word in words:
            try:
                target = replace(resolve(archive, word), waits=not discover)
            except SourceError as error:
                jobs.setdefault(word, _Job(word=word, error=error))
            else:
                jobs.setdefault((target.source.id, target.only), _Job(word=word, target=target))
    return list(jobs.values())


class _Crawls(AsyncCrawlerProcess):
    """Different sites at the same time, the sources of one site one after the other.

    So the pace that a site is promised holds for all crawls of the process together.
    """

    def __init__(self, settings: Settings, jobs: Sequence[_Job], **arguments: str) -> None:
        super().__init__(settings)
        self._arguments = arguments
        self._at_once = max(1, settings.getint("CONCURRENT_CRAWLS"))
        self._stopped = False
        sites: dict[str, list[_Job]] = {}
        for job in jobs:
            if job.target is not None:
                sites.setdefault(_guest_of(job.target.source.url), []).append(job)
        self._sites = iter(sites.values())

    async def join(self) -> None:
        """Called by Scrapy once the reactor runs: all of the crawling."""
        await asyncio.gather(*(self._site_by_site() for _ in range(self._at_once)))

    async def stop(self) -> None:
        """Called by Scrapy at Ctrl-C, and at the end."""
        if self.crawlers and not self._stopped:
            logger.warning("event=stopping finishing what is under way; Ctrl-C once more stops at once")
        self._stopped = True
        await super().stop()

    async def _site_by_site(self) -> None:
        for jobs in self._sites:
            pace_s = 0.0
            for job in jobs:
                await asyncio.sleep(pace_s)
                if not self._stopped:
                    pace_s = await self._crawl_one(job)

    async def _crawl_one(self, job: _Job) -> float:
        """Gives the seconds between two requests at which it ended: the site's next crawl must not come sooner."""
        crawler = job.crawler = self.create_crawler(NewsSpider)
        try:
            await self.crawl(crawler, source=job.word, target=job.target, **self._arguments)
        except ArchiveError as error:
            job.error = error
        except Exception as error:  # whatever a setting may do to any part of Scrapy
            logger.info("event=crawl_not_started target=%s", job.word, exc_info=error)
            job.error = ConfigError(
                f"the crawl of {job.word} could not start: {error} (is a setting given with -s wrong?)"
            )
        else:
            return max((slot.delay for slot in crawler.engine.downloader.slots.values()), default=0.0)
        return 0.0


def _guest_of(url: str) -> str:
    """Whose patience a crawl is at: the registrable domain, or the host without its port."""
    return urlsplit(f"//{site_of(url)}").hostname or url


def _clear(db: Path, jobs: Sequence[_Job]) -> None:
    """End what has not ended itself, and forget the sources that were added for crawls that did not begin."""
    for job in jobs:
        ended = job.spider is None or job.spider.report or isinstance(job.spider.trouble, ArchiveError)
        if job.spider is not None and not ended:
            job.spider.closed("not started" if job.error else "killed")
    unborn = [job.target.source for job in jobs if job.spider is None and job.target and job.target.is_new]
    if unborn:
        with closing(open_archive(db)) as archive:
            for source in unborn:
                sources.remove(archive, source.id)


def _result(job: _Job) -> Result:
    spider = job.spider
    report = spider.report if spider and not job.error else None
    if spider is not None and isinstance(spider.trouble, ArchiveError):
        return Result(target=job.word, report=report, error=spider.trouble)
    if job.error is not None:
        return Result(target=job.word, report=None, error=job.error)
    if spider is None:
        return Result(target=job.word, report=None, error=SourceError(f"{job.word} was not crawled: interrupted"))
    return Result(target=job.word, report=report, error=_shortcoming(job.word, spider))


def _shortcoming(target: str, spider: NewsSpider) -> SourceError | None:
    """What an otherwise orderly crawl has to be told for: that it was stopped, or brought nothing where it should."""
    if spider.report is None or spider.report.outcome in ("shutdown", "killed"):
        return SourceError("interrupted; what is not fetched is waiting, and the same command goes on from there")
    counts = spider.report.counts
    refused = spider.report.settled(UrlState.REFUSED)
    stored = sum(counts.get(outcome, 0) for outcome in ARTICLE_OUTCOMES) + refused.get(Reason.REHEARSED, 0)
    reasons = {**spider.report.settled(UrlState.FAILED), **refused}
    why = ", ".join(reasons) or (spider.trouble.value if isinstance(spider.trouble, Reason) else "")
    if not spider.discovers:
        return None if stored else SourceError(f"{target} brought no article: {why or 'it was not answered'}")
    if spider.moved_to and not stored:
        return SourceError(
            f"{spider.source.url} has moved to another site: if that is the same publication, "
            f"newsarchive crawl {spider.moved_to}"
        )
    is_heard = counts.get("announced") or counts.get("unmodified lists")
    if not is_heard or (isinstance(spider.trouble, Reason) and not stored):
        told = spider.trouble.value if isinstance(spider.trouble, Reason) else None
        told = told or "no feed, no sitemap, and no link looks like one"
        return SourceError(f"no articles found at {spider.source.url}: {told}")
    if counts.get("errors") and not stored:
        return SourceError(f"no article of {spider.source.url} could be fetched: {why}")
    return None
