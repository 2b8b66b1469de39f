"""The runs of a re-extraction: what each of them looks at, how far it came, and what it counted."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NewType

from sqlite_utils import Database

from archive.models import ArticleId, CaptureId, CrawlId, SourceId, WarcPlace
from archive.store.columns import from_time, from_time_or_none, to_time, to_time_or_none
from archive.store.connection import inserted, reads, writes

ReextractionId = NewType("ReextractionId", int)


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which articles and captures are looked at."""

    source_id: SourceId | None = None
    """Of this source; None: of all."""
    since: datetime | None = None
    """Articles published (those without a date: first seen) at or after it, and captures as old."""
    of_any_version: bool = False
    """Also what the extractor of today has read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reextraction:
    """A run that wrote."""

    id: ReextractionId
    started_at: datetime
    finished_at: datetime | None
    """None for one that was interrupted, and goes on when the same is asked for again."""
    rolled_back_at: datetime | None
    extractor: str
    selection: str
    """What was looked at, as JSON."""
    article_id: ArticleId
    """Articles up to this one are done."""
    capture_id: CaptureId
    """Rejected captures up to this one are done."""
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A capture, and where its record is."""

    id: CaptureId
    record_id: str | None
    place: WarcPlace | None
    """None where it was not kept."""
    payload: WarcPlace | None
    """Where the record is that has the payload, if it is another one."""
    timezone: str | None = None
    """What its source's settings say by now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """A response of which no article came."""

    held: Held
    source_id: SourceId
    crawl_id: CrawlId
    url: str
    error: str


_CAPTURE = """
    captures.id AS capture_id, captures.record_id, captures.warc_file, captures.warc_offset, captures.warc_length,
    original.warc_file AS payload_file, original.warc_offset AS payload_offset, original.warc_length AS payload_length,
    json_extract(sources.settings, '$.timezone') AS timezone
"""
_SELECTED = """
    (:source_id IS NULL OR articles.source_id = :source_id)
    AND (:since IS NULL OR coalesce(articles.published_at, articles.first_seen_at) >= :since)
    AND (:of_any_version OR EXISTS (
        SELECT 1 FROM revisions WHERE revisions.article_id = articles.id AND revisions.extractor <> :extractor
    ))
"""
_REJECTED = """
    FROM captures
    JOIN crawls ON crawls.id = captures.crawl_id
    JOIN sources ON sources.id = crawls.source_id
    LEFT JOIN captures AS original ON original.id = captures.revisit_of
    WHERE captures.error IS NOT NULL AND captures.warc_file IS NOT NULL AND captures.status BETWEEN 200 AND 299
        AND captures.id NOT IN (SELECT capture_id FROM erasures)
        AND (:source_id IS NULL OR crawls.source_id = :source_id)
        AND (:since IS NULL OR captures.fetched_at >= :since)
        AND (:of_any_version OR captures.extractor IS NOT :extractor)
"""


@reads
def articles(
    db: Database, selection: Selection, extractor: str, *, after: ArticleId, limit: int
) -> list[tuple[ArticleId, SourceId]]:
    """The next articles to be looked at, and their sources; those that `extractor` has read only if so selected."""
    sql = f"SELECT id, source_id FROM articles WHERE id > :after AND {_SELECTED} ORDER BY id LIMIT :limit"
    rows = db.query(sql, _bound(selection, extractor) | {"after": after, "limit": limit})
    return [(row["id"], row["source_id"]) for row in rows]


@reads
def rejected(db: Database, selection: Selection, extractor: str, *, after: CaptureId, limit: int) -> list[Rejected]:
    """The next captures to be looked at of which no article came, though they were had, and kept."""
    rows = db.query(
        f"""
        SELECT {_CAPTURE}, crawls.source_id, captures.crawl_id, captures.url, captures.error
        {_REJECTED} AND captures.id > :after ORDER BY captures.id LIMIT :limit
        """,
        _bound(selection, extractor) | {"after": after, "limit": limit},
    )
    return [
        Rejected(
            held=_held(row),
            source_id=row["source_id"],
            crawl_id=row["crawl_id"],
            url=row["url"],
            error=row["error"],
        )
        for row in rows
    ]


@reads
def count(
    db: Database, selection: Selection, extractor: str, *, article_id: ArticleId, capture_id: CaptureId
) -> tuple[int, int]:
    """How many articles and captures are to be looked at, after these two."""
    values = _bound(selection, extractor) | {"article_id": article_id, "capture_id": capture_id}
    articles = db.execute(f"SELECT count(*) FROM articles WHERE id > :article_id AND {_SELECTED}", values)
    captures = db.execute(f"SELECT count(*) {_REJECTED} AND captures.id > :capture_id", values)
    return articles.fetchone()[0], captures.fetchone()[0]


@reads
def captures_of(db: Database, article_id: ArticleId) -> list[Held | None]:
    """The capture of each revision, the oldest first; None where that is no longer known."""
    rows = db.query(
        f"""
        SELECT {_CAPTURE} FROM revisions
        JOIN articles ON articles.id = revisions.article_id
        JOIN sources ON sources.id = articles.source_id
        LEFT JOIN captures ON captures.id = revisions.capture_id
        LEFT JOIN captures AS original ON original.id = captures.revisit_of
        WHERE revisions.article_id = ? ORDER BY revisions.number
        """,
        [article_id],
    )
    return [_held(row) if row["capture_id"] is not None else None for row in rows]


@writes
def begin(db: Database, selection: Selection, *, extractor: str, at: datetime) -> Reextraction:
    """A run: the last one, where that was interrupted and is asked for again; else a new one."""
    last = next(iter(every(db)), None)
    wish = _written(selection)
    if last and not last.finished_at and (last.extractor, last.selection) == (extractor, wish):
        return last
    sql = "INSERT INTO reextractions (started_at, extractor, selection) VALUES (?, ?, ?)"
    inserted(db, sql, [from_time(at), extractor, wish])
    return every(db)[0]


@writes
def proceed(
    db: Database, run: ReextractionId, counts: Mapping[str, int], *, article_id: ArticleId, capture_id: CaptureId
) -> None:
    """Notes how far a run has come."""
    sql = "UPDATE reextractions SET article_id = ?, capture_id = ?, counts = ? WHERE id = ?"
    db.execute(sql, [article_id, capture_id, json.dumps(dict(counts)), run])


@writes
def finish(db: Database, run: ReextractionId, at: datetime) -> None:
    """Notes that a run came to its end; one that has ended before stays as it is."""
    db.execute("UPDATE reextractions SET finished_at = coalesce(finished_at, ?) WHERE id = ?", [from_time(at), run])


@writes
def discard(db: Database, run: ReextractionId) -> None:
    """Forgets a run that had nothing to look at."""
    db.execute("DELETE FROM reextractions WHERE id = ?", [run])


@writes
def rolled_back(db: Database, run: ReextractionId, at: datetime) -> None:
    """Notes that nothing of a run is left."""
    db.execute("UPDATE reextractions SET rolled_back_at = ? WHERE id = ?", [from_time(at), run])


@reads
def every(db: Database) -> list[Reextraction]:
    """All runs, the last first."""
    return [
        Reextraction(
            id=ReextractionId(row["id"]),
            started_at=to_time(row["started_at"]),
            finished_at=to_time_or_none(row["finished_at"]),
            rolled_back_at=to_time_or_none(row["rolled_back_at"]),
            extractor=row["extractor"],
            selection=row["selection"],
            article_id=row["article_id"],
            capture_id=row["capture_id"],
            counts=json.loads(row["counts"]),
        )
        for row in db.query("SELECT * FROM reextractions ORDER BY id DESC")
    ]


def _bound(selection: Selection, extractor: str) -> dict[str, Any]:
    return {
        "source_id": selection.source_id,
        "since": from_time_or_none(selection.since),
        "of_any_version": selection.of_any_version,
        "extractor": extractor,
    }


def _written(selection: Selection) -> str:
    row = {
        "source_id": selection.source_id,
        "since": from_time_or_none(selection.since),
        "all": selection.of_any_version,
    }
    return json.dumps({name: value for name, value in row.items() if value})


def _held(row: Mapping[str, Any]) -> Held:
    return Held(
        id=row["capture_id"],
        record_id=row["record_id"],
        place=_place(row, "warc"),
        payload=_place(row, "payload"),
        timezone=row["timezone"] if isinstance(row["timezone"], str) else None,
    )


def _place(row: Mapping[str, Any], name: str) -> WarcPlace | None:
    if row[f"{name}_file"] is None:
        return None
    return WarcPlace(file=row[f"{name}_file"], offset=row[f"{name}_offset"], length=row[f"{name}_length"])
