"""When each source is to be crawled next, and how often in a row that has failed."""

from datetime import UTC, datetime, timedelta

from sqlite_utils import Database

from archive.models import Source, SourceId
from archive.pacing import next_crawl, next_try
from archive.store.columns import from_time, to_time, to_time_or_none
from archive.store.connection import reads, writes
from archive.store.sources import of_row
from archive.store.urls import STILL_TRIED


@reads
def due(db: Database, at: datetime) -> list[Source]:
    """The enabled sources whose time has come, those that wait the longest first; before all, the new ones."""
    rows = db.query(
        """
        SELECT * FROM sources WHERE enabled AND (next_crawl_at IS NULL OR next_crawl_at <= ?)
        ORDER BY next_crawl_at, id
        """,
        [from_time(at)],
    )
    return [of_row(row) for row in rows]


@reads
def next_due(db: Database) -> datetime | None:
    """When the first of the enabled sources is due, long ago for a new one; None where there is none."""
    row = db.execute("SELECT next_crawl_at FROM sources WHERE enabled ORDER BY next_crawl_at LIMIT 1").fetchone()
    if row is None:
        return None
    return to_time_or_none(row[0]) or datetime.min.replace(tzinfo=UTC)


@writes
def ended(
    db: Database, source_id: SourceId, *, started_at: datetime, at: datetime, error: str | None, is_cut_short: bool
) -> None:
    """Notes that a crawl of the source has ended, and when the next is worth it (`archive.pacing`).

    One that was cut short goes on as soon as others had their turn. What failed (`error`) rests longer each time. A
    source that is gone, as one at whose address nothing was found, is not missed.
    """
    row = db.execute("SELECT every_seconds, failures, url FROM sources WHERE id = ?", [source_id]).fetchone()
    if row is None:
        return
    every_seconds, failures, url = row
    every = timedelta(seconds=every_seconds) if every_seconds else None
    if is_cut_short:
        due_at, error = at, None
    elif error is not None:
        failures += 1
        due_at = next_try(at, started_at, every=every, failures=failures)
    else:
        failures = 0
        lists, articles = _lists_due(db, source_id, url), _articles_due(db, source_id)
        due_at = next_crawl(at, started_at, every=every, lists=lists, articles=articles)
    db.execute(
        "UPDATE sources SET next_crawl_at = ?, failures = ?, error = ? WHERE id = ?",
        [from_time(due_at), failures, error, source_id],
    )


@writes
def put_off(db: Database, domain: str, until: datetime) -> None:
    """Lets no source of a site be crawled before `until`, as its server has asked (Retry-After, RFC 9110, 10.2.3)."""
    db.execute(
        "UPDATE sources SET next_crawl_at = max(coalesce(next_crawl_at, ''), :until) WHERE domain = :domain",
        {"until": from_time(until), "domain": domain},
    )


def _lists_due(db: Database, source_id: SourceId, home: str) -> datetime | None:
    """When the first of the lists that every crawl asks for is worth it; None where none is known."""
    (at,) = db.execute(
        """
        SELECT min(next_check_at) FROM endpoints
        WHERE source_id = :source_id AND ((kind <> 'section' AND parent IS NULL) OR url = :home)
        """,
        {"source_id": source_id, "home": home},
    ).fetchone()
    return to_time_or_none(at)


def _articles_due(db: Database, source_id: SourceId) -> datetime | None:
    """When the first article is to be looked at again, or an address that has failed is to be tried; None: none."""
    row = db.execute(
        f"""
        SELECT next_fetch_at FROM urls
        WHERE source_id = ? AND next_fetch_at IS NOT NULL AND CASE state
            WHEN 'failed' THEN {STILL_TRIED} WHEN 'waiting' THEN true ELSE article_id IS NOT NULL END
        ORDER BY next_fetch_at LIMIT 1
        """,
        [source_id],
    ).fetchone()
    return to_time(row[0]) if row else None
