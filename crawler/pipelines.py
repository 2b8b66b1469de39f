"""From capture to archive: extraction in other processes, then one transaction in this one."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from archive.errors import CaptureError, ExtractionError, StoreError
from archive.ingest import Ingested, ingest, known_article, unchanged, unmodified_article
from archive.models import PASSING, Capture, Prepared, Reason, Rejection
from archive.pool import ExtractionTimeoutError, WorkerDiedError, shared_pool
from archive.prepare import extractor
from archive.store import captures
from archive.urls import canonical
from crawler.middlewares.capture import erase_again
from crawler.spiders.news import NewsSpider

logger = logging.getLogger(__name__)

_REASONS: dict[type[ExtractionError], Reason] = {
    WorkerDiedError: Reason.WORKER_DIED,
    ExtractionTimeoutError: Reason.EXTRACTION_TIMEOUT,
}


class KnownPipeline:
    """Takes out what is known without a look at it: what the server says is unmodified, and the very same bytes."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "KnownPipeline":
        """Called by Scrapy."""
        return cls(crawler)

    async def process_item(self, item: Capture) -> Capture:
        """Raises DropItem for such a page, after noting that it was seen."""
        spider = spider_of(self._crawler)
        if item.candidate is None:
            return item
        with _stopping(spider):
            article_id = unmodified_article(spider.db, item)
            if article_id is None and not spider.follows_links:
                article_id = known_article(spider.db, item)
            if article_id is None:
                return item
            result = unchanged(spider.db, item, article_id, crawl_id=spider.crawl_id, plan=spider.frontier.plan)
            _account(spider, item, result)
        raise DropItem("what its article was read from, byte for byte")


class PreparePipeline:
    """Capture -> Prepared, in a pool of processes: extraction is pure, and takes more than half of a page's time.

    Back-pressure is Scrapy's own: while items of a response are in here its size counts as active, and above
    SCRAPER_SLOT_MAX_ACTIVE_SIZE no further request is taken from the frontier.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        settings = crawler.settings
        self._pool = shared_pool(
            settings.getint("EXTRACTION_PROCESSES"),
            settings.getfloat("EXTRACTION_TIMEOUT"),
            settings.getint("DOWNLOAD_MAXSIZE"),
        )

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "PreparePipeline":
        """Called by Scrapy."""
        return cls(crawler)

    async def process_item(self, item: Capture) -> Prepared:
        """Raises DropItem for a page that extraction could not read, after recording why; and for a section."""
        spider = spider_of(self._crawler)
        is_section = item.candidate is None
        try:
            prepared = await self._pool.prepare(item, with_links=spider.follows_links and not is_section)
        except ExtractionError as error:
            reason = _REASONS.get(type(error), Reason.EXTRACTION_FAILED)
            logger.error("event=extraction_failed url=%s error=%s", item.url, error, exc_info=error)
            passed = map(canonical, (*item.redirects, item.final_url))
            spider.frontier.fail(item.url, reason, *filter(None, passed))
            if item.id is not None:
                captures.reject(spider.db, item.id, reason, extractor=extractor())
            raise DropItem(reason.value) from error
        if is_section and isinstance(prepared.outcome, Rejection):
            raise DropItem("a section, as was expected")
        return prepared


class IngestPipeline:
    """Prepared -> a row in the archive, and its links into the frontier where articles are found by links."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "IngestPipeline":
        """Called by Scrapy."""
        return cls(crawler)

    async def process_item(self, item: Prepared) -> Prepared:
        """Raises DropItem when the archive cannot be written; the crawl then ends, and the address stays waiting."""
        spider = spider_of(self._crawler)
        with _stopping(spider):
            result = ingest(
                spider.db,
                item,
                source_id=spider.source.id,
                crawl_id=spider.crawl_id,
                at=item.capture.fetched_at,
                lines=spider.boilerplate,
                plan=spider.frontier.plan,
            )
            if result.tombstone is not None and item.capture.id is not None:
                erase_again(spider.db, item.capture.id, result.tombstone, spider.settings)
            _account(spider, item.capture, result)
            if item.links:
                spider.sections.follow(item.links, found_in=item.capture.final_url)
        return item


@contextmanager
def _stopping(spider: NewsSpider) -> Iterator[None]:
    """Ends the crawl when the archive cannot be written; the page stays waiting."""
    try:
        yield
    except (StoreError, CaptureError) as error:
        spider.stop(error)
        raise DropItem(str(error)) from error


def _account(spider: NewsSpider, capture: Capture, result: Ingested) -> None:
    """Counts what became of a page, and lets the frontier go on with what waits for it."""
    spider.frontier.counts[result.outcome] += 1
    passed = map(canonical, (*capture.redirects, capture.final_url))
    spider.frontier.done(capture.url, result.article_id, *filter(None, passed), reason=result.reason)
    if result.reason in PASSING:
        spider.frontier.counts["errors"] += 1


def spider_of(crawler: Crawler) -> NewsSpider:
    """The crawl's spider. Raises TypeError for another one than ours: these pipelines serve no other."""
    if not isinstance(crawler.spider, NewsSpider):
        raise TypeError(f"the archive's pipelines serve the spider 'news', not {crawler.spider!r}")
    return crawler.spider
