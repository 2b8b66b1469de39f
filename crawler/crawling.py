"""Crawls run from Python: Scrapy's process started once, one crawl a target, a report of each."""

import logging
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from scrapy.crawler import CrawlerProcess
from scrapy.settings import Settings
from twisted.python.failure import Failure

from archive.errors import ArchiveError, ConfigError, SourceError
from archive.models import Candidate, CanonicalUrl, UrlState
from archive.store import Database, open_archive, sources, urls
from crawler.report import CrawlReport
from crawler.spiders.news import NewsSpider

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


def crawl(
    db: Path,
    targets: Sequence[str],
    *,
    since: str | None = None,
    limit: int | None = None,
    settings: Mapping[str, SettingValue] = NO_SETTINGS,
) -> list[Result]:
    """Crawl each target (a source's name or a URL) into the archive at `db`; gives a result for each, in order.

    `settings` override `crawler.settings`. A process can do this once, because Twisted's reactor cannot be started
    again. Raises: nothing but what Scrapy itself raises for settings that it cannot load; errors are in the results.
    """
    configured = Settings()
    configured.setmodule("crawler.settings", priority="project")
    configured.setdict({"NEWSARCHIVE_DB": str(db), **settings}, priority="cmdline")
    process = CrawlerProcess(configured)
    # Scrapy lets its handler sort out what is below the level; a hundred records a page would be made for nothing.
    logging.getLogger().setLevel(configured["LOG_LEVEL"])
    crawlers, errors = [], dict[str, ArchiveError]()
    for target in targets:
        crawler = process.create_crawler(NewsSpider)
        crawlers.append((target, crawler))
        started = process.crawl(crawler, source=target, since=since or "", limit="" if limit is None else str(limit))
        started.addErrback(_keep, target, errors)
    process.start()
    return [
        _result(target, crawler.spider if isinstance(crawler.spider, NewsSpider) else None, errors.get(target))
        for target, crawler in crawlers
    ]


def _keep(failure: Failure, target: str, errors: dict[str, ArchiveError]) -> None:
    """Keep the error of a crawl that did not begin: an error of ours, or what Scrapy says of a setting."""
    error = failure.value
    if not isinstance(error, ArchiveError):
        logger.info("event=crawl_not_started target=%s", target, exc_info=error)
        error = ConfigError(f"the crawl of {target} could not start: {error} (is a setting given with -s wrong?)")
    errors[target] = error


def _result(target: str, spider: NewsSpider | None, error: ArchiveError | None) -> Result:
    if spider is None or spider.report is None or isinstance(spider.trouble, ArchiveError):
        trouble = spider.trouble if spider and isinstance(spider.trouble, ArchiveError) else None
        error = trouble or error or SourceError(f"the crawl of {target} did not start")
        return Result(target=target, report=spider.report if spider else None, error=error)
    if spider.report.outcome == "shutdown":
        error = SourceError("interrupted; what is not fetched is waiting, and the same command goes on from there")
    elif not spider.report.counts.get("announced") and spider.discovers:
        why = f": {spider.trouble.value}" if spider.trouble else ": no feed, no sitemap, and no link looks like one"
        error = SourceError(f"no articles found at {spider.source.url}{why}")
    elif not spider.discovers and spider.frontier.counts["errors"]:
        error = SourceError(f"the article could not be fetched: {target}")
    return Result(target=target, report=spider.report, error=error)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What a crawl would do with one address that discovery finds."""

    url: CanonicalUrl
    candidate: Candidate
    refused: str | None
    """Why it would not be fetched; None if it would."""


def dry_run(
    db: Path,
    targets: Sequence[str],
    *,
    since: str | None = None,
    settings: Mapping[str, SettingValue] = NO_SETTINGS,
) -> tuple[list[Result], list[Forecast]]:
    """Discover, fetch no article, and write nothing to `db`: what a crawl would fetch, and why.

    The discovery is a real crawl, into an archive of its own that is thrown away. What the archive at `db` has
    settled already is left out. Raises StoreError where there is such a file that cannot be read.
    """
    with tempfile.TemporaryDirectory(prefix="newsarchive-dry-run-") as directory:
        scratch = Path(directory) / "scratch.db"
        known = open_archive(db, readonly=True) if db.exists() else None
        named = [source.url if known and (source := sources.find(known, target)) else target for target in targets]
        results = crawl(scratch, named, limit=0, since=since, settings=settings)
        found = open_archive(scratch, readonly=True)
        rows = [row for row in urls.every(found) if not (known and _settled(known, row.url))]
        found.close()
        if known:
            known.close()
    return results, [
        Forecast(url=row.url, candidate=row.candidate, refused=row.reason) for row in rows if row.candidate
    ]


def _settled(db: Database, url: CanonicalUrl) -> bool:
    row = urls.get(db, url)
    return row is not None and row.state is not UrlState.WAITING
