"""An article as its rows have it, column by column: what a re-extraction compares with, and writes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlite_utils import Database

from archive.boilerplate import Body, Removal
from archive.models import ArticleId, BlockKind, CanonicalUrl, CaptureId, FieldValue, Method, SourceId
from archive.store.connection import reads

Value: TypeAlias = str | int | None
"""A value as SQLite has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionState:
    """A revision, as stored."""

    number: int
    seen_at: str
    capture_id: CaptureId | None
    row: Mapping[str, Value]
    """Its columns."""
    body: Body
    taken: tuple[Removal, ...]
    """What was taken out of its text."""
    readings: tuple[FieldValue, ...]
    """All that its page said, as extraction gave it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """An article, as stored."""

    id: ArticleId
    source_id: SourceId
    url: CanonicalUrl
    row: Mapping[str, Value]
    """The columns of its own row."""
    revisions: tuple[RevisionState, ...]
    """The oldest first."""
    addresses: frozenset[CanonicalUrl]


@reads
def get(db: Database, article_id: ArticleId) -> State | None:
    """An article with all of its revisions; None where there is none."""
    for row in db.query("SELECT * FROM articles WHERE id = ?", [article_id]):
        readings, taken = _readings(db, article_id), _taken(db, article_id)
        addresses = db.execute("SELECT url FROM article_urls WHERE article_id = ?", [article_id]).fetchall()
        revisions = db.query("SELECT * FROM revisions WHERE article_id = ? ORDER BY number", [article_id])
        return State(
            id=article_id,
            source_id=row["source_id"],
            url=row["url"],
            row=row,
            revisions=tuple(
                _revision(revision, readings.get(revision["number"], []), taken.get(revision["number"], []))
                for revision in revisions
            ),
            addresses=frozenset(url for (url,) in addresses),
        )
    return None


def _revision(row: Mapping[str, Any], readings: list[FieldValue], taken: list[Removal]) -> RevisionState:
    return RevisionState(
        number=row["number"],
        seen_at=row["seen_at"],
        capture_id=row["capture_id"],
        row=row,
        body=Body(text=row["text"], blocks=tuple(map(BlockKind, json.loads(row["blocks"])))),
        taken=tuple(taken),
        readings=tuple(readings),
    )


def _readings(db: Database, article_id: ArticleId) -> dict[int, list[FieldValue]]:
    found: dict[int, list[FieldValue]] = {}
    sql = "SELECT revision, field, value, method, chosen FROM fields WHERE article_id = ? ORDER BY rowid"
    for revision, field, value, method, chosen in db.execute(sql, [article_id]).fetchall():
        reading = FieldValue(field=field, value=value, method=Method(method), chosen=bool(chosen))
        found.setdefault(revision, []).append(reading)
    return found


def _taken(db: Database, article_id: ArticleId) -> dict[int, list[Removal]]:
    found: dict[int, list[Removal]] = {}
    sql = "SELECT * FROM removals WHERE article_id = ? ORDER BY revision, position"
    for row in db.query(sql, [article_id]):
        removal = Removal(
            position=row["position"], line=row["line"], kind=BlockKind(row["kind"]), line_hash=row["line_hash"]
        )
        found.setdefault(row["revision"], []).append(removal)
    return found
