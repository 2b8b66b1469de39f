"""How we ask: by each host's robots.txt, at the pace that it wishes, and not before the time that it names."""

import asyncio
import contextlib
import email.utils
import logging
from datetime import UTC, datetime
from time import monotonic
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.httpobj import urlparse_cached

from archive.models import Reason
from crawler.discovery.robots import Robots
from crawler.failures import CrawlEnds, HostBusy, RobotsForbidden, RobotsUnavailable, reason_of
from crawler.frontier import Frontier

logger = logging.getLogger(__name__)


class RobotsMiddleware:
    """Keeps to robots.txt (RFC 9309) and its Crawl-delay, and hands its Sitemap lines to the spider.

    A robots.txt that answers 4xx allows everything (2.3.1.3). While it answers 5xx, or the host cannot be reached,
    nothing may be fetched (2.3.1.4): pages fail with that very error, and are asked for again by later crawls.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._agent = crawler.settings["USER_AGENT"]
        self._obey = crawler.settings.getbool("ROBOTSTXT_OBEY")
        self._longest_delay_s = crawler.settings.getfloat("CRAWL_DELAY_MAX")
        self._rules: dict[str, asyncio.Task[Robots]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "RobotsMiddleware":
        """Called by Scrapy."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Raises RobotsForbidden for what robots.txt forbids."""
        if request.meta.get("dont_obey_robotstxt") or not self._obey:
            return
        rules = await self.rules(request.url)
        if not rules.allowed(request.url, self._agent):
            raise RobotsForbidden(f"robots.txt forbids {request.url}")
        if rules.crawl_delay(self._agent):
            # AutoThrottle would shorten the delay again
            request.meta["autothrottle_dont_adjust_delay"] = True

    async def rules(self, url: str) -> Robots:
        """The rules of the URL's host and port; fetched once a crawl.

        Raises: what Scrapy raises for a host that cannot be reached.
        """
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._rules:
            self._rules[origin] = asyncio.ensure_future(self._fetch(origin))
        return await asyncio.shield(self._rules[origin])

    async def _fetch(self, origin: str) -> Robots:
        request = Request(
            f"{origin}/robots.txt", meta={"dont_obey_robotstxt": True}, callback=NO_CALLBACK, priority=1_000
        )
        rules = await self._read(request)
        if delay_s := rules.crawl_delay(self._agent):
            self._slow_down(request.meta["download_slot"], delay_s)
        logger.info("event=robots host=%s crawl_delay=%s", origin, delay_s)
        frontier: Frontier | None = getattr(self._crawler.spider, "frontier", None)
        if frontier is not None:
            frontier.reconsider(origin, lambda url: not self._obey or rules.allowed(url, self._agent))
        return rules

    async def _read(self, request: Request) -> Robots:
        try:
            response = await self._crawler.engine.download_async(request)
        except IgnoreRequest as error:
            if reason_of(error) is Reason.REDIRECT_LOOP:
                return Robots.parse(b"")  # 2.3.1.2: as if there were none
            raise
        if response.status >= 500 or response.status == 429:
            raise RobotsUnavailable(f"{request.url} answered {response.status}")
        return Robots.parse(response.body if response.status < 300 else b"", request.url)

    def _slow_down(self, slot_key: str, delay_s: float) -> None:
        downloader = self._crawler.engine.downloader
        if delay_s > self._longest_delay_s:
            logger.warning(
                "event=crawl_delay_shortened host=%s asked_s=%g kept_s=%g: -s CRAWL_DELAY_MAX=%g keeps to it",
                slot_key,
                delay_s,
                self._longest_delay_s,
                delay_s,
            )
        delay_s = min(delay_s, self._longest_delay_s)
        # for the slot that stands, and for the one made anew after a minute without requests
        downloader.slots[slot_key].delay = max(downloader.slots[slot_key].delay, delay_s)
        downloader.per_slot_settings[slot_key] = {"delay": delay_s}


class RetryAfterMiddleware:
    """Holds every request to a host that said Retry-After (RFC 9110, 10.2.3) until that time has come.

    Scrapy's RetryMiddleware decides whether to ask again (not where the wait is too long); this one decides when.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._longest_s = crawler.settings.getfloat("RETRY_AFTER_MAX")
        self._resume_at: dict[str, float] = {}
        self._lets_go = asyncio.Event()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "RetryAfterMiddleware":
        """Called by Scrapy."""
        middleware = cls(crawler)
        crawler.signals.connect(middleware.note, signals.response_downloaded)
        return middleware

    async def process_request(self, request: Request) -> None:
        """Waits while the host wishes to be left alone.

        Raises HostBusy where that is longer than RETRY_AFTER_MAX, CrawlEnds when the crawl is to end.
        """
        wait_s = self._resume_at.get(urlparse_cached(request).netloc, 0.0) - monotonic()
        if wait_s > self._longest_s:
            raise HostBusy(f"{urlparse_cached(request).netloc} asked to be left alone for {wait_s:.0f} s")
        if wait_s > 0:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._lets_go.wait(), wait_s)
        if self._lets_go.is_set():
            raise CrawlEnds(f"not asked for: {request.url}")

    def let_go(self) -> None:
        """Wait for nobody any more, and let nothing pass: the crawl ends."""
        self._lets_go.set()

    def rest_s(self) -> float:
        """For how many seconds from now a host wishes to be left alone, at the most; 0 where none does."""
        return max(0.0, max(self._resume_at.values(), default=0.0) - monotonic())

    def note(self, request: Request, response: Response) -> None:
        """Called by Scrapy before the next request is sent: notes until when, and holds what is lined up for the host.

        That has passed `process_request` already. Where it would wait for longer than RETRY_AFTER_MAX it is let go of.
        """
        value = response.headers.get("Retry-After") if response.status in (429, 503) else None
        wait_s = retry_after_s(value.decode("latin-1"), datetime.now(UTC)) if value else None
        if wait_s is None:
            return
        frontier: Frontier | None = getattr(self._crawler.spider, "frontier", None)
        if frontier is not None:
            # for whoever asks later why the crawl brought little
            frontier.counts["told to wait"] += 1
        host = urlparse_cached(request).netloc
        self._resume_at[host] = monotonic() + wait_s
        slot = self._crawler.engine.downloader.slots[request.meta["download_slot"]]
        if wait_s > self._longest_s:
            request.meta["dont_retry"] = True
            while slot.queue:
                _, waiting = slot.queue.popleft()
                waiting.errback(HostBusy(f"{host} asked to be left alone for {wait_s:.0f} s"))
        # as if a request had just been sent that long from now; a slot looks at that only if it has some delay
        slot.delay = max(slot.delay, 0.001)
        slot.lastseen = self._resume_at[host] - slot.delay


def retry_after_s(value: str, at: datetime) -> float | None:
    """The seconds that a Retry-After header asks for: a number, or an HTTP date seen from `at`; None if neither.

    Raises: nothing.
    """
    if value.strip().isdecimal():
        return float(value)
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - at).total_seconds())
