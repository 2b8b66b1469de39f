"""The feeds, sitemaps and section pages that announce a source's articles."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from archive.models import EndpointKind, SourceId
from archive.pacing import Trouble, interval, rest
from archive.store.columns import from_time, from_time_or_none, to_time_or_none
from archive.store.connection import reads, writes


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """A place where a source announces articles, and what it said when it was last asked."""

    source_id: SourceId
    kind: EndpointKind
    url: str
    etag: str | None
    last_modified: str | None
    last_checked_at: datetime | None
    last_new_at: datetime | None
    failures: int
    """How often in a row it could not be had or read."""
    error: str | None
    parent: str | None = None
    """The index that lists it, for a part of one."""
    modified_at: datetime | None = None
    """When the index said that it was modified, at the time when it was last read."""
    depth: int = 0
    """How many indexes, or pages, are between it and where the crawl starts."""
    listed: int = 0
    """How many of its entries were likely articles when it was last read."""
    every: timedelta | None = None
    """How often it is worth asking."""
    next_check_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What came of asking an endpoint."""

    new: int = 0
    """URLs that it announced and that were new to the archive."""
    listed: int | None = None
    """Likely articles among its entries; None where that was not to be seen, and is as it was."""
    etag: str | None = None
    last_modified: str | None = None
    error: str | None = None
    trouble: Trouble = Trouble.SOFT
    """How bad the error is."""
    parent: str | None = None
    modified_at: datetime | None = None
    depth: int = 0


@writes
def note(db: Database, source_id: SourceId, kind: EndpointKind, url: str) -> None:
    """Remembers an endpoint; one that is known stays as it is."""
    db.execute(
        "INSERT INTO endpoints (source_id, kind, url) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", [source_id, kind, url]
    )


@writes
def checked(
    db: Database, source_id: SourceId, kind: EndpointKind, url: str, visit: Visit | None = None, *, at: datetime
) -> None:
    """Records a visit, and when the next is worth it (`archive.pacing`); what it does not say keeps its value."""
    visit = visit or Visit()
    note(db, source_id, kind, url)
    key = {"source_id": source_id, "kind": kind, "url": url}
    where = "source_id = :source_id AND kind = :kind AND url = :url"
    every_seconds, failures = db.execute(f"SELECT every_seconds, failures FROM endpoints WHERE {where}", key).fetchone()
    every = timedelta(seconds=every_seconds) if every_seconds else None
    if visit.error is None:
        every = wait = interval(every, brought=bool(visit.new))
    else:
        wait = rest(visit.trouble, failures + 1)
    db.execute(
        f"""
        UPDATE endpoints SET
            etag = coalesce(:etag, etag), last_modified = coalesce(:last_modified, last_modified),
            last_checked_at = :at, last_new_at = CASE WHEN :new THEN :at ELSE last_new_at END,
            failures = CASE WHEN :error IS NULL THEN 0 ELSE failures + 1 END, error = :error,
            parent = coalesce(:parent, parent), modified_at = coalesce(:modified_at, modified_at),
            depth = CASE WHEN :depth THEN :depth ELSE depth END, listed = coalesce(:listed, listed),
            every_seconds = :every, next_check_at = :next
        WHERE {where}
        """,
        key
        | {
            "etag": visit.etag,
            "last_modified": visit.last_modified,
            "at": from_time(at),
            "new": visit.new,
            "error": visit.error,
            "parent": visit.parent,
            "modified_at": from_time_or_none(visit.modified_at),
            "depth": visit.depth,
            "listed": visit.listed,
            "every": int(every.total_seconds()) if every else None,
            "next": from_time(at + wait),
        },
    )


@writes
def state(
    db: Database, source_id: SourceId, kind: EndpointKind, url: str, *, etag: str | None, last_modified: str | None
) -> None:
    """Records the validators of an endpoint whose last answer is now taken in, with all that it names."""
    db.execute(
        "UPDATE endpoints SET etag = ?, last_modified = ? WHERE source_id = ? AND kind = ? AND url = ?",
        [etag, last_modified, source_id, kind, url],
    )


@writes
def forget_unasked(db: Database, source_id: SourceId, kinds: Collection[EndpointKind], since: datetime) -> None:
    """Forgets the endpoints of these kinds that were not asked since, and what is listed by them alone.

    Parts of an index that stays are left: they are asked only when they are due.
    """
    marks = ", ".join("?" for _ in kinds)
    db.execute(
        f"""
        DELETE FROM endpoints WHERE source_id = ? AND kind IN ({marks}) AND parent IS NULL
            AND coalesce(last_checked_at, '') < ?
        """,
        [source_id, *kinds, from_time(since)],
    )
    orphans = """
        DELETE FROM endpoints WHERE source_id = :id AND parent IS NOT NULL
            AND parent NOT IN (SELECT url FROM endpoints WHERE source_id = :id)
        """
    while db.conn.execute(orphans, {"id": source_id}).rowcount > 0:
        continue  # an index may be a part of another


@reads
def of(db: Database, source_id: SourceId) -> list[Endpoint]:
    """A source's endpoints in the order in which they were found."""
    return [_endpoint(row) for row in db.query("SELECT * FROM endpoints WHERE source_id = ? ORDER BY id", [source_id])]


def _endpoint(row: dict[str, Any]) -> Endpoint:
    return Endpoint(
        source_id=SourceId(row["source_id"]),
        kind=EndpointKind(row["kind"]),
        url=row["url"],
        etag=row["etag"],
        last_modified=row["last_modified"],
        last_checked_at=to_time_or_none(row["last_checked_at"]),
        last_new_at=to_time_or_none(row["last_new_at"]),
        failures=row["failures"],
        error=row["error"],
        parent=row["parent"],
        modified_at=to_time_or_none(row["modified_at"]),
        depth=row["depth"],
        listed=row["listed"],
        every=timedelta(seconds=row["every_seconds"]) if row["every_seconds"] else None,
        next_check_at=to_time_or_none(row["next_check_at"]),
    )
