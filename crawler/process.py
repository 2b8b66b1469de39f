"""Scrapy's process: which crawls run at the same time, and how all of them end when they are told to."""

import asyncio
import contextlib
import logging
from collections.abc import Collection, Mapping
from time import monotonic
from typing import Protocol

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from archive.errors import ArchiveError, ConfigError
from crawler import logs
from crawler.failures import CrawlEnds
from crawler.job import SHUTDOWN, TIME_IS_UP, Job
from crawler.middlewares.politeness import RetryAfterMiddleware
from crawler.spiders.news import NewsSpider

logger = logging.getLogger(__name__)

GRACE_S = 30.0
"""How long what is under way may take when a crawl is told to end."""

LOOK_S = 5.0
"""How often those who have nothing to do look whether there is something by now."""


class Agenda(Protocol):
    """What is to be crawled."""

    def take(self, busy: Collection[str]) -> Job | None:
        """The next job whose host is none of these; None where there is none now."""
        ...

    def is_empty(self) -> bool:
        """Whether nothing is left to be taken at the moment, by whatever host."""
        ...

    def ended(self, job: Job) -> None:
        """Called with each job that was taken, when it has ended. May raise ArchiveError: all crawls then end."""
        ...


class Crawls(AsyncCrawlerProcess):
    """Different sites at the same time, the sources of one site one after the other.

    So the pace that a site is promised holds for all crawls of the process together.
    """

    def __init__(
        self, settings: Settings, agenda: Agenda, arguments: Mapping[str, str], *, lasts_s: float | None = None
    ) -> None:
        """`lasts_s`: after so many seconds no new page is asked for; `arguments` are the spider's."""
        super().__init__(settings)
        self.error: ArchiveError | None = None
        """What has ended all crawls, if the agenda could not be kept."""
        self._agenda = agenda
        self._arguments = arguments
        self._lasts_s = lasts_s
        self._at_once = max(1, settings.getint("CONCURRENT_CRAWLS"))
        self._is_ending = False
        self._under_way: set[str] = set()
        self._free_at: dict[str, float] = {}
        self._changed = asyncio.Event()

    async def join(self) -> None:
        """Called by Scrapy once the reactor runs: all of the crawling."""
        if self._lasts_s is not None:
            asyncio.get_running_loop().call_later(self._lasts_s, self._time_is_up)
        await asyncio.gather(*(self._work() for _ in range(self._at_once)))

    async def stop(self) -> None:
        """Called by Scrapy at SIGINT and SIGTERM, and whenever the reactor stops."""
        if self.crawlers and not self._is_ending:
            logger.warning("event=stopping finishing what is under way; Ctrl-C once more stops at once")
        await self._end(SHUTDOWN)

    def _time_is_up(self) -> None:
        self._ending = asyncio.ensure_future(self._end(TIME_IS_UP))

    async def _end(self, outcome: str) -> None:
        """Ask for no new page, and wait for those that are on their way, but not for longer than `GRACE_S`.

        Nothing is waited for the second time, when the reactor stops: because all is done, the time for it over, or
        a second signal has come.
        """
        if self._is_ending:
            return
        self._is_ending = True
        asyncio.get_running_loop().call_later(GRACE_S, self._stop_reactor)
        self._tell()
        await asyncio.gather(*(_end_crawl(crawler, outcome) for crawler in tuple(self.crawlers)))

    def _tell(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def _work(self) -> None:
        while not self._is_ending:
            now = monotonic()
            paused = {host: free_at - now for host, free_at in self._free_at.items() if free_at > now}
            job = self._agenda.take(self._under_way | paused.keys())
            if job is not None:
                await self._crawl_one(job)
            elif self._agenda.is_empty() and not self._under_way:
                return
            else:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._changed.wait(), min((LOOK_S, *paused.values())))

    async def _crawl_one(self, job: Job) -> None:
        host = job.host
        self._under_way.add(host)
        logs.of_crawl(job.name, lambda: job.spider.crawl_id if job.spider else None)
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
            # the seconds between two requests at which it ended: the site's next crawl must not come sooner
            pace_s = max((slot.delay for slot in crawler.engine.downloader.slots.values()), default=0.0)
            self._free_at[host] = monotonic() + pace_s
        self._under_way.discard(host)
        try:
            self._agenda.ended(job)
        except ArchiveError as error:
            self.error = error
            self._ending = asyncio.ensure_future(self._end(SHUTDOWN))
        self._tell()


async def _end_crawl(crawler: Crawler, outcome: str) -> None:
    """End a crawl when what is on the wire has come, and is stored; what is not yet sent stays waiting."""
    try:
        downloader = crawler.engine.downloader
        if retry_after := crawler.get_downloader_middleware(RetryAfterMiddleware):
            retry_after.let_go()
        for slot in downloader.slots.values():
            while slot.queue:
                _, waiting = slot.queue.popleft()
                waiting.errback(CrawlEnds("the crawl ends"))
        await crawler.engine.close_spider_async(reason=outcome)
    except RuntimeError:
        # it has not begun to crawl, or has just ended
        await crawler.stop_async()
