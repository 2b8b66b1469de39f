"""The feeds, sitemaps and section pages that announce a source's articles."""

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from archive.models import EndpointKind, SourceId
from archive.store.columns import from_time, to_time_or_none
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


@writes
def note(db: Database, source_id: SourceId, kind: EndpointKind, url: str) -> None:
    """Remembers an endpoint; one that is known stays as it is."""
    db.execute(
        "INSERT INTO endpoints (source_id, kind, url) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", [source_id, kind, url]
    )


@writes
def checked(  # noqa: PLR0913 - the columns of one visit
    db: Database,
    source_id: SourceId,
    kind: EndpointKind,
    url: str,
    *,
    at: datetime,
    etag: str | None = None,
    last_modified: str | None = None,
    new: int = 0,
    error: str | None = None,
) -> None:
    """Records a visit: how many URLs were `new`, or the `error`; validators that were not given keep their value."""
    note(db, source_id, kind, url)
    db.execute(
        """
        UPDATE endpoints SET
            etag = coalesce(:etag, etag), last_modified = coalesce(:last_modified, last_modified),
            last_checked_at = :at, last_new_at = CASE WHEN :new THEN :at ELSE last_new_at END,
            failures = CASE WHEN :error IS NULL THEN 0 ELSE failures + 1 END, error = :error
        WHERE source_id = :source_id AND kind = :kind AND url = :url
        """,
        {
            "etag": etag,
            "last_modified": last_modified,
            "at": from_time(at),
            "new": new,
            "error": error,
            "source_id": source_id,
            "kind": kind,
            "url": url,
        },
    )


@reads
def of(db: Database, source_id: SourceId) -> list[Endpoint]:
    """A source's endpoints in the order in which they were found."""
    return [
        Endpoint(
            source_id=SourceId(row["source_id"]),
            kind=EndpointKind(row["kind"]),
            url=row["url"],
            etag=row["etag"],
            last_modified=row["last_modified"],
            last_checked_at=to_time_or_none(row["last_checked_at"]),
            last_new_at=to_time_or_none(row["last_new_at"]),
            failures=row["failures"],
            error=row["error"],
        )
        for row in db.query("SELECT * FROM endpoints WHERE source_id = ? ORDER BY id", [source_id])
    ]
