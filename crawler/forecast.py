"""A dry run: what a crawl would fetch and why, found out by a real crawl that stops where the network begins."""

import tempfile
from collections.abc import Collection, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from archive.errors import SourceError
from archive.models import Candidate, CanonicalUrl, EndpointKind, Reason, SourceId, UrlState
from archive.revisiting import Why
from archive.store import Database, open_archive, rehearsal, urls
from archive.store.urls import UrlRow
from archive.when import point_in_time
from crawler.crawling import NO_SETTINGS, SettingValue, crawl
from crawler.frontier import now
from crawler.job import Result
from crawler.target import Target, resolve

NOTHING_KNOWN: Mapping[CanonicalUrl, Why] = MappingProxyType({})
BEYOND_LIMIT = "beyond --limit"
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What a crawl would do with one address that waits for it, or that discovery finds."""

    url: CanonicalUrl
    candidate: Candidate
    refused: str | None
    """Why it would not be fetched; None if it would."""
    again: Why | None = None
    """Why it would be asked for again, if it is an article's that the archive has."""


def forecast(
    db: Path,
    targets: Sequence[str],
    *,
    since: str | None = None,
    limit: int | None = None,
    settings: Mapping[str, SettingValue] = NO_SETTINGS,
) -> tuple[list[Result], list[Forecast]]:
    """Discover, fetch no article, and write nothing to `db`: what a crawl would fetch, in its order, then what not.

    It is a crawl by the same code, into an archive that is thrown away and begins with the frontier of the one at `db`;
    what that has settled already is left out. Raises StoreError where there is such a file that cannot be read, and
    what `crawl` raises.
    """
    start = point_in_time(since, now()) if since else None
    with tempfile.TemporaryDirectory(prefix="newsarchive-dry-run-") as directory:
        scratch = Path(directory) / "scratch.db"
        meant = _prepared(scratch, db, targets)
        rehearsed = {**settings, "WARC_ENABLED": False, "DRY_RUN": True}
        results = crawl(scratch, targets, since=since, limit=limit, settings=rehearsed)
        discovered = {target.source.id for target in meant if target.only is None}
        with closing(open_archive(scratch, readonly=True)) as found:
            again = rehearsal.looks(found, db) if db.exists() else {}
            return results, foretold(found, discovered, start, again)


def foretold(
    scratch: Database,
    discovered: Collection[SourceId],
    start: datetime | None = None,
    again: Mapping[CanonicalUrl, Why] = NOTHING_KNOWN,
) -> list[Forecast]:
    """What a dry run of these sources has found: what would be fetched, in its order, then what not. Raises StoreError.

    `start` is the time since which articles are wanted; `again` says why those are looked at again that are known.
    """
    forecasts = [
        Forecast(
            url=row.url,
            candidate=row.candidate or _asked_for(row.url),
            refused=_refusal(row, start),
            again=again.get(row.url),
        )
        for row in urls.every(scratch)
        if _concerns(row, discovered)
    ]
    return sorted(forecasts, key=_order)


def _prepared(scratch: Path, db: Path, words: Sequence[str]) -> list[Target]:
    """Make the archive of the dry run; gives what the words mean, but for those that mean nothing."""
    targets = []
    with closing(open_archive(scratch)) as archive:
        if db.exists():
            # says what is wrong with the file, if anything is
            open_archive(db, readonly=True).close()
            rehearsal.copy_sources(archive, db)
        for word in words:
            with suppress(SourceError):  # told by the crawl
                targets.append(resolve(archive, word))
        if db.exists():
            rehearsal.copy_frontier(archive, db, (target.source.domain for target in targets))
    return targets


def _concerns(row: UrlRow, discovered: Collection[SourceId]) -> bool:
    """Whether the crawl had to do with the address: it has settled it, or left it waiting."""
    return row.crawl_id is not None or (row.state is UrlState.WAITING and row.source_id in discovered)


def _asked_for(url: CanonicalUrl) -> Candidate:
    """How an address was found that nothing has announced."""
    return Candidate(url=url, found_in=url, kind=EndpointKind.SECTION)


def _refusal(row: UrlRow, start: datetime | None) -> str | None:
    if row.state is UrlState.WAITING:
        return Reason.OLDER if start and _LONG_AGO < _date(row.candidate) < start else row.reason or BEYOND_LIMIT
    return None if row.reason == Reason.REHEARSED else row.reason


def _date(candidate: Candidate | None) -> datetime:
    return (candidate and (candidate.published_at or candidate.modified_at)) or _LONG_AGO


def _order(forecast: Forecast) -> tuple[bool, float]:
    date = _date(forecast.candidate)
    return forecast.refused is not None, -(date - _LONG_AGO).total_seconds()
