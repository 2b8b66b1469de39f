"""The runs over a source: when, with what outcome, and the account of every URL."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from archive.models import CrawlId, ImportId, SourceId
from archive.store.columns import from_time, to_time, to_time_or_none
from archive.store.connection import inserted, reads, writes


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawl:
    """A run over one source."""

    id: CrawlId
    source_id: SourceId
    started_at: datetime
    finished_at: datetime | None
    """None while it runs, and for good where it was killed."""
    outcome: str | None
    counts: Mapping[str, int]


@writes
def start(db: Database, source_id: SourceId, at: datetime) -> CrawlId:
    """Opens a crawl."""
    return CrawlId(inserted(db, "INSERT INTO crawls (source_id, started_at) VALUES (?, ?)", [source_id, from_time(at)]))


@writes
def of_import(
    db: Database, source_id: SourceId, import_id: ImportId, at: datetime, *, crawl_id: int | None = None
) -> CrawlId:
    """The crawl that stands for what an import brings of a source; opened with the first of it.

    Where an archive is made anew, under the number `crawl_id` if that is free.
    """
    row = db.execute("SELECT id FROM crawls WHERE import_id = ? AND source_id = ?", [import_id, source_id]).fetchone()
    if row:
        db.execute("UPDATE crawls SET finished_at = NULL, outcome = NULL WHERE id = ?", [row[0]])
        return CrawlId(row[0])
    sql = "INSERT INTO crawls (id, source_id, started_at, import_id) VALUES (?, ?, ?, ?)"
    free = crawl_id is not None and get(db, CrawlId(crawl_id)) is None
    return CrawlId(inserted(db, sql, [crawl_id if free else None, source_id, from_time(at), import_id]))


@reads
def unfinished_of_imports(db: Database) -> list[tuple[CrawlId, SourceId]]:
    """The crawls that stand for imports and were not closed yet, and their sources."""
    sql = "SELECT id, source_id FROM crawls WHERE import_id IS NOT NULL AND finished_at IS NULL ORDER BY id"
    return [(CrawlId(row[0]), SourceId(row[1])) for row in db.execute(sql).fetchall()]


@reads
def brought(db: Database, crawl_id: CrawlId) -> dict[str, int]:
    """What a crawl has brought, as its rows say: pages, new and revised articles, and why pages were none."""
    counts = {
        "pages": "SELECT count(*) FROM captures WHERE crawl_id = :id",
        "new": """
            SELECT count(*) FROM captures JOIN revisions ON revisions.capture_id = captures.id AND number = 1
            WHERE crawl_id = :id
            """,
        "revised": """
            SELECT count(*) FROM captures JOIN revisions ON revisions.capture_id = captures.id AND number > 1
            WHERE crawl_id = :id
            """,
    }
    found = {name: int(db.execute(sql, {"id": crawl_id}).fetchone()[0]) for name, sql in counts.items()}
    reasons = db.execute(
        "SELECT error, count(*) FROM captures WHERE crawl_id = ? AND error IS NOT NULL GROUP BY error", [crawl_id]
    )
    return found | {f"refused: {reason}": number for reason, number in reasons.fetchall()}


@writes
def finish(db: Database, crawl_id: CrawlId, *, at: datetime, outcome: str, counts: Mapping[str, int]) -> None:
    """Closes a crawl with a word for its outcome and its counts by name."""
    db.execute(
        "UPDATE crawls SET finished_at = ?, outcome = ?, counts = ? WHERE id = ?",
        [from_time(at), outcome, json.dumps(dict(counts), ensure_ascii=False), crawl_id],
    )


@reads
def get(db: Database, crawl_id: CrawlId) -> Crawl | None:
    """One crawl."""
    return next((_crawl(row) for row in db.query("SELECT * FROM crawls WHERE id = ?", [crawl_id])), None)


@writes
def restore(db: Database, source_id: SourceId, crawl_id: int, at: datetime) -> CrawlId:
    """Opens a crawl again in an archive that is made anew, under its number if that is free."""
    sql = "INSERT INTO crawls (id, source_id, started_at) VALUES (?, ?, ?)"
    free = get(db, CrawlId(crawl_id)) is None
    return CrawlId(inserted(db, sql, [crawl_id if free else None, source_id, from_time(at)]))


@reads
def of(db: Database, source_id: SourceId) -> list[Crawl]:
    """A source's crawls, the newest first."""
    return [
        _crawl(row)
        for row in db.query("SELECT * FROM crawls WHERE source_id = ? ORDER BY started_at DESC, id DESC", [source_id])
    ]


def _crawl(row: Mapping[str, Any]) -> Crawl:
    return Crawl(
        id=CrawlId(row["id"]),
        source_id=SourceId(row["source_id"]),
        started_at=to_time(row["started_at"]),
        finished_at=to_time_or_none(row["finished_at"]),
        outcome=row["outcome"],
        counts=json.loads(row["counts"]),
    )
