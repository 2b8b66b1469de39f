"""One crawl that is asked for, on its way to a result: how it ended, and what it has to be told for."""

from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from scrapy.crawler import Crawler

from archive.errors import ArchiveError, SourceError
from archive.models import Reason, UrlState
from archive.store import open_archive, sources
from archive.urls import site_of
from crawler.frontier import now
from crawler.report import ARTICLE_OUTCOMES, CrawlReport
from crawler.spiders.news import NewsSpider
from crawler.target import Target

SHUTDOWN, KILLED, NOT_STARTED, TIME_IS_UP = "shutdown", "killed", "not started", "time is up"
"""Outcomes of crawls that were ended from outside; what they have not fetched is waiting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How the crawl of one target ended."""

    target: str
    report: CrawlReport | None
    """None where the crawl did not even begin."""
    error: ArchiveError | None
    """What kept it from being well."""
    is_cut_short: bool = False
    """Whether it was ended before it was done: what is left is waiting."""


@dataclass(slots=True, kw_only=True)
class Job:
    """A crawl that is asked for, then under way, then ended."""

    word: str
    """What the user calls it."""
    target: Target | None = None
    crawler: Crawler | None = None
    error: ArchiveError | None = None
    started_at: datetime = field(default_factory=now)

    @property
    def spider(self) -> NewsSpider | None:
        """None where the crawl has not begun."""
        spider = self.crawler.spider if self.crawler else None
        return spider if isinstance(spider, NewsSpider) else None

    @property
    def name(self) -> str:
        """The name of its source."""
        return self.target.source.name if self.target else self.word

    @property
    def host(self) -> str:
        """Whose patience the crawl is at: the registrable domain, or the host without its port."""
        return guest_of(self.target.source.url) if self.target else self.word


def guest_of(url: str) -> str:
    """Whose guest a crawl of this address is: the registrable domain, or the host without its port. Raises: nothing."""
    return urlsplit(f"//{site_of(url)}").hostname or url


def clear(db: Path, jobs: Iterable[Job]) -> None:
    """End what has not ended itself, and forget the sources that were added for crawls that did not begin."""
    unborn = []
    for job in jobs:
        spider = job.spider
        if spider is not None and not (spider.report or isinstance(spider.trouble, ArchiveError)):
            spider.closed(NOT_STARTED if job.error else KILLED)
        if spider is None and job.target and job.target.is_new:
            unborn.append(job.target.source)
    if unborn:
        with closing(open_archive(db)) as archive:
            for source in unborn:
                sources.remove(archive, source.id)


def result_of(job: Job) -> Result:
    """The result of a job that has ended, or never began. Raises: nothing."""
    spider = job.spider
    report = spider.report if spider and not job.error else None
    if spider is not None and isinstance(spider.trouble, ArchiveError):
        return Result(target=job.word, report=report, error=spider.trouble)
    if job.error is not None:
        return Result(target=job.word, report=None, error=job.error)
    if spider is None:
        error = SourceError(f"{job.word} was not crawled: interrupted")
        return Result(target=job.word, report=None, error=error, is_cut_short=True)
    if report is None or report.outcome in (SHUTDOWN, KILLED, TIME_IS_UP):
        interrupted = "interrupted; what is not fetched is waiting, and the same command goes on from there"
        return Result(target=job.word, report=report, error=SourceError(interrupted), is_cut_short=True)
    return Result(target=job.word, report=report, error=_shortcoming(job.word, spider, report))


def _shortcoming(target: str, spider: NewsSpider, report: CrawlReport) -> SourceError | None:
    """What an otherwise orderly crawl has to be told for: that it brought nothing where it should."""
    counts = report.counts
    refused = report.settled(UrlState.REFUSED)
    stored = sum(counts.get(outcome, 0) for outcome in ARTICLE_OUTCOMES) + refused.get(Reason.REHEARSED, 0)
    reasons = {**report.settled(UrlState.FAILED), **refused}
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
