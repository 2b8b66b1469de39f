"""Crawls run from Python: Scrapy's process started once, one crawl a target, a report of each."""

import logging
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from scrapy.crawler import CrawlerProcess
from scrapy.settings import Settings
from twisted.python.failure import Failure

from archive.errors import ArchiveError, ConfigError, SourceError
from archive.models import Candidate, CanonicalUrl, Reason, UrlState
from archive.store import Database, open_archive, sources, urls
from archive.when import point_in_time
from crawler.frontier import now
from crawler.report import ARTICLE_OUTCOMES, CrawlReport
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
    report = spider.report if spider else None
    if spider is not None and isinstance(spider.trouble, ArchiveError):
        return Result(target=target, report=report, error=spider.trouble)
    if spider is not None and error is None:
        error = _shortcoming(target, spider)
    elif error is None:
        error = SourceError(f"the crawl of {target} did not start")
    return Result(target=target, report=report, error=error)


def _shortcoming(target: str, spider: NewsSpider) -> SourceError | None:
    """What an otherwise orderly crawl has to be told for: that it was stopped, or brought nothing where it should."""
    if spider.report is None or spider.report.outcome == "shutdown":
        return SourceError("interrupted; what is not fetched is waiting, and the same command goes on from there")
    counts = spider.report.counts
    stored = sum(counts.get(outcome, 0) for outcome in ARTICLE_OUTCOMES)
    reasons = {**spider.report.settled(UrlState.FAILED), **spider.report.settled(UrlState.REFUSED)}
    why = ", ".join(reasons) or (spider.trouble.value if isinstance(spider.trouble, Reason) else "")
    if not spider.discovers:
        return None if stored else SourceError(f"{target} brought no article: {why or 'it was not answered'}")
    if not counts.get("announced") or (isinstance(spider.trouble, Reason) and not stored):
        told = spider.trouble.value if isinstance(spider.trouble, Reason) else None
        told = told or "no feed, no sitemap, and no link looks like one"
        return SourceError(f"no articles found at {spider.source.url}: {told}")
    if counts.get("errors") and not stored:
        return SourceError(f"no article of {spider.source.url} could be fetched: {why}")
    return None


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
        results = crawl(scratch, named, limit=0, since=since, settings={**settings, "WARC_ENABLED": False})
        found = open_archive(scratch, readonly=True)
        rows = [row for row in urls.every(found) if not (known and _settled(known, row.url))]
        found.close()
        if known:
            known.close()
    start = point_in_time(since, now()) if since else None
    return results, [
        Forecast(url=row.url, candidate=row.candidate, refused=row.reason or _too_old(row.candidate, start))
        for row in rows
        if row.candidate
    ]


def _too_old(candidate: Candidate, start: datetime | None) -> Reason | None:
    date = candidate.published_at or candidate.modified_at
    return Reason.OLDER if start and date and date < start else None


def _settled(db: Database, url: CanonicalUrl) -> bool:
    row = urls.get(db, url)
    return row is not None and row.state in (UrlState.FETCHED, UrlState.REFUSED)
