"""The runs over a source: when, with what outcome, and the account of every URL."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from archive.models import CrawlId, SourceId
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
def finish(db: Database, crawl_id: CrawlId, *, at: datetime, outcome: str, counts: Mapping[str, int]) -> None:
    """Closes a crawl with a word for its outcome and its counts by name."""
    db.execute(
        "UPDATE crawls SET finished_at = ?, outcome = ?, counts = ? WHERE id = ?",
        [from_time(at), outcome, json.dumps(dict(counts), ensure_ascii=False), crawl_id],
    )


@reads
def of(db: Database, source_id: SourceId) -> list[Crawl]:
    """A source's crawls, the newest first."""
    return [
        Crawl(
            id=CrawlId(row["id"]),
            source_id=SourceId(row["source_id"]),
            started_at=to_time(row["started_at"]),
            finished_at=to_time_or_none(row["finished_at"]),
            outcome=row["outcome"],
            counts=json.loads(row["counts"]),
        )
        for row in db.query("SELECT * FROM crawls WHERE source_id = ? ORDER BY started_at DESC, id DESC", [source_id])
    ]
