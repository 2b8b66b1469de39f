"""From capture to archive: extraction in other processes, then one transaction in this one."""

import asyncio
import logging
import multiprocessing
import multiprocessing.process
import os
import signal
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from archive.errors import ExtractionError, StoreError
from archive.ingest import ingest
from archive.models import Capture, Prepared, Reason, Rejection
from archive.prepare import prepare
from archive.urls import canonical
from crawler.frontier import now
from crawler.spiders.news import NewsSpider

logger = logging.getLogger(__name__)


class PreparePipeline:
    """Capture -> Prepared, in a pool of processes: extraction is pure and costs a hundred times what fetching does.

    Back-pressure is Scrapy's own: while items of a response are in here its size counts as active, and above
    SCRAPER_SLOT_MAX_ACTIVE_SIZE no further request is taken from the frontier.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._processes = crawler.settings.getint("EXTRACTION_PROCESSES")
        self._pool: ProcessPoolExecutor | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "PreparePipeline":
        """Called by Scrapy."""
        return cls(crawler)

    async def process_item(self, item: Capture) -> Prepared:
        """Raises DropItem for a page that extraction could not read, after recording why."""
        spider = spider_of(self._crawler)
        try:
            prepared = await self._prepare(item, with_links=spider.follows_links and item.candidate is not None)
        except ExtractionError as error:
            logger.error("event=extraction_failed url=%s error=%s", item.url, error, exc_info=error)
            reason = Reason.EXTRACTION_FAILED
        except BrokenProcessPool:
            logger.error("event=worker_died url=%s", item.url)
            self._pool = None
            reason = Reason.WORKER_DIED
        else:
            if item.candidate is None and isinstance(prepared.outcome, Rejection):
                raise DropItem("a section, as was expected")
            return prepared
        spider.frontier.fail(item.url, reason)
        raise DropItem(reason.value)

    async def _prepare(self, capture: Capture, *, with_links: bool) -> Prepared:
        if not self._processes:
            return prepare(capture, with_links=with_links)
        if self._pool is None:
            # Forking a process that runs a reactor and threads is unsafe; a fresh server process forks the workers.
            self._pool = ProcessPoolExecutor(
                self._processes, multiprocessing.get_context("forkserver"), initializer=_follow_parent
            )
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, partial(prepare, capture, with_links=with_links))

    def close_spider(self) -> None:
        """Called by Scrapy when the last item is through."""
        if self._pool is not None:
            self._pool.shutdown()


def _follow_parent() -> None:
    """Makes a worker live exactly as long as the crawl.

    Ctrl-C reaches the whole process group, and a crawl ends in order only if its workers live to the end. A crawl that
    is killed cannot tell them; they would wait for work for ever.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if parent := multiprocessing.parent_process():
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: multiprocessing.process.BaseProcess) -> None:
    parent.join()
    os._exit(1)


class IngestPipeline:
    """Prepared -> a row in the archive, and its links into the frontier where articles are found by links."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._closing: asyncio.Future[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "IngestPipeline":
        """Called by Scrapy."""
        return cls(crawler)

    async def process_item(self, item: Prepared) -> Prepared:
        """Raises DropItem when the archive cannot be written; the crawl then ends, and the address stays waiting."""
        spider = spider_of(self._crawler)
        try:
            result = ingest(spider.db, item, source_id=spider.source.id, crawl_id=spider.crawl_id, at=now())
        except StoreError as error:
            self._stop(spider, error)
            raise DropItem(str(error)) from error
        spider.frontier.counts[result.outcome] += 1
        passed = map(canonical, (*item.capture.redirects, item.capture.final_url))
        spider.frontier.done(item.capture.url, result.article_id, *filter(None, passed))
        if result.reason is Reason.HTTP_ERROR:
            spider.frontier.fail(item.capture.url, result.reason)
        if item.links:
            spider.follow(item.links, found_in=item.capture.final_url)
        return item

    def _stop(self, spider: NewsSpider, error: StoreError) -> None:
        if self._closing is None:
            spider.trouble = error
            # closing waits for this very item, so it cannot be awaited here
            self._closing = asyncio.ensure_future(self._crawler.engine.close_spider_async(reason="store error"))


def spider_of(crawler: Crawler) -> NewsSpider:
    """The crawl's spider. Raises TypeError for another one than ours: these pipelines serve no other."""
    if not isinstance(crawler.spider, NewsSpider):
        raise TypeError(f"the archive's pipelines serve the spider 'news', not {crawler.spider!r}")
    return crawler.spider
