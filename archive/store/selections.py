"""Articles selected to be given away: which ones, the groups that they fall into, and each as a whole record."""

import json
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from sqlite_utils import Database

from archive.models import AddressKind, ArticleId, BlockKind, CanonicalUrl, Precision
from archive.record import ExportedArticle, ExportedRevision
from archive.revisions import Change
from archive.store.columns import to_flag, to_texts, to_time, to_time_or_none
from archive.store.connection import reads, streams
from archive.store.filters import EVERY, Filters

BATCH = 100
"""Articles that are held at once; their texts are some 4 KB each."""

_KEYS = 10_000
"""Numbers that are asked for at once."""

Group = tuple[str | None, ...]
"""The values of some keys, None where an article has none."""


class Key(StrEnum):
    """What articles can be grouped by; times are those of publication, in UTC."""

    SOURCE = "source"
    YEAR = "year"
    MONTH = "month"
    DAY = "day"
    LANGUAGE = "language"
    SECTION = "section"


class Order(StrEnum):
    """In which order articles come."""

    STORED = "stored"
    NEWEST = "newest"
    """Those published last (seen first, where that is not known) come first."""
    READING = "reading"
    """By source, and of each those published first come first."""


_VALUES = {
    Key.SOURCE: "(SELECT name FROM sources WHERE id = articles.source_id)",
    Key.YEAR: "substr(published_at, 1, 4)",
    Key.MONTH: "substr(published_at, 1, 7)",
    Key.DAY: "substr(published_at, 1, 10)",
    Key.LANGUAGE: "language",
    Key.SECTION: "section",
}
_DATE = "coalesce(published_at, first_seen_at)"
_ORDERS = {
    Order.STORED: "articles.id",
    Order.NEWEST: f"{_DATE} DESC, articles.id DESC",
    Order.READING: f"{_VALUES[Key.SOURCE]}, {_DATE}, articles.id",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Framed:
    """An article among those that a sample is drawn from."""

    id: ArticleId
    url: CanonicalUrl
    group: Group


@reads
def ids(db: Database, filters: Filters = EVERY, match: str | None = None, order: Order = Order.STORED) -> "array[int]":
    """The numbers of the articles that fulfil filters, and an FTS5 expression if one is given: eight bytes each."""
    return array("q", (row[0] for row in db.conn.execute(*_selecting("articles.id", filters, match, _ORDERS[order]))))


@reads
def undated(db: Database, filters: Filters, match: str | None = None) -> int:
    """How many articles a time of publication leaves out because they have none; 0 where none is asked for."""
    if filters.since is None and filters.until is None:
        return 0
    timeless = Filters(source=filters.source, language=filters.language)
    sql, values = _selecting("sum(published_at IS NULL)", timeless, match, "1")
    return int(db.conn.execute(sql, values).fetchone()[0] or 0)


def _selecting(columns: str, filters: Filters, match: str | None, order: str) -> tuple[str, dict[str, str]]:
    # CROSS JOIN: the index gives its matches one by one; SQLite would rather make a list of them first
    tables = "articles" if match is None else "articles_fts CROSS JOIN articles ON articles.id = articles_fts.rowid"
    matching = [] if match is None else ["articles_fts MATCH :match"]
    where = " AND ".join([*matching, *([filters.condition] if filters.condition else [])])
    sql = f"SELECT {columns} FROM {tables} {f'WHERE {where}' if where else ''} ORDER BY {order}"
    return sql, filters.values | ({} if match is None else {"match": match})


@reads
def in_order(db: Database, numbers: Iterable[int], order: Order) -> "array[int]":
    """The numbers of articles in that order, each once; those of no article are left out."""
    sql = f"SELECT id FROM articles WHERE id IN (SELECT value FROM json_each(?)) ORDER BY {_ORDERS[order]}"
    return array("q", (row[0] for row in db.conn.execute(sql, [json.dumps(list(numbers))])))


@streams
def framed(db: Database, numbers: Sequence[int], by: Sequence[Key]) -> Iterator[Framed]:
    """The articles of these numbers with the group that each falls into, in the order of the numbers."""
    values = "".join(f", {_VALUES[key]}" for key in by)
    sql = f"SELECT id, url{values} FROM articles WHERE id IN (SELECT value FROM json_each(?))"
    for some in _portions(numbers, _KEYS):
        rows = {row[0]: row for row in db.conn.execute(sql, [json.dumps(list(some))])}
        for number in some:
            if (row := rows.get(number)) is not None:
                yield Framed(id=row[0], url=row[1], group=tuple(row[2:]))


@streams
def articles(db: Database, numbers: Sequence[int], *, history: bool = False) -> Iterator[ExportedArticle]:
    """The articles of these numbers, in their order, `BATCH` of them in memory; with all their states if wanted."""
    for some in _portions(numbers, BATCH):
        asked = json.dumps(list(some))
        found = {row["id"]: row for row in db.query(_ARTICLES, [asked])}
        addresses = _addresses(db, asked)
        states = _states(db, asked) if history else {}
        for number in some:
            if number in found:
                yield _article(found[number], addresses[number], states.get(number, ()))


def _portions(numbers: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    for start in range(0, len(numbers), size):
        yield numbers[start : start + size]


_ARTICLES = """
SELECT articles.*, sources.name AS source, sources.title AS source_title, sources.url AS source_url,
    newest.text, newest.blocks, newest.extractor, newest.seen_at,
    (SELECT title FROM revisions WHERE article_id = articles.id AND number = 1) AS first_title,
    captures.fetched_at, captures.record_id, captures.payload_sha256
FROM articles
JOIN sources ON sources.id = articles.source_id
JOIN revisions AS newest ON newest.article_id = articles.id AND newest.number = articles.revisions
LEFT JOIN captures ON captures.id = newest.capture_id
WHERE articles.id IN (SELECT value FROM json_each(?))
"""


def _addresses(db: Database, asked: str) -> dict[int, list[tuple[AddressKind, CanonicalUrl]]]:
    sql = """
        SELECT article_id, kind, url FROM article_urls
        WHERE article_id IN (SELECT value FROM json_each(?)) ORDER BY article_id, rowid
        """
    found: dict[int, list[tuple[AddressKind, CanonicalUrl]]] = {number: [] for number in json.loads(asked)}
    for article_id, kind, url in db.conn.execute(sql, [asked]):
        found[article_id].append((AddressKind(kind), url))
    return found


def _states(db: Database, asked: str) -> dict[int, tuple[ExportedRevision, ...]]:
    sql = "SELECT * FROM revisions WHERE article_id IN (SELECT value FROM json_each(?)) ORDER BY article_id, number"
    found: dict[int, tuple[ExportedRevision, ...]] = {}
    for row in db.query(sql, [asked]):
        found[row["article_id"]] = (*found.get(row["article_id"], ()), _state(row))
    return found


def _state(row: Mapping[str, Any]) -> ExportedRevision:
    return ExportedRevision(
        number=row["number"],
        seen_at=to_time(row["seen_at"]),
        title=row["title"],
        subtitle=row["subtitle"],
        authors=to_texts(row["authors"]),
        published_at=to_time_or_none(row["published_at"]),
        modified_at=to_time_or_none(row["modified_at"]),
        text=row["text"],
        blocks=tuple(map(BlockKind, json.loads(row["blocks"]))),
        content_hash=row["content_hash"],
        change=Change(row["change"]) if row["change"] else None,
        silent=bool(row["silent"]),
        extractor=row["extractor"],
        capture_id=row["capture_id"],
    )


_READ = frozenset(
    {
        "authors",
        "published_at",
        "published_precision",
        "modified_at",
        "tags",
        "is_free",
        "blocks",
        "story",
        "first_seen_at",
        "last_seen_at",
        "gone_at",
        "addresses",
        "seen_at",
        "captured_at",
        "warc_record_id",
        "history",
    }
)
_AS_STORED = [field.name for field in fields(ExportedArticle) if field.name not in _READ]
"""The fields that are columns as they are; the others have to be read."""


def _article(
    row: Mapping[str, Any],
    addresses: Iterable[tuple[AddressKind, CanonicalUrl]],
    history: tuple[ExportedRevision, ...],
) -> ExportedArticle:
    return ExportedArticle(
        **{name: row[name] for name in _AS_STORED},
        authors=to_texts(row["authors"]),
        published_at=to_time_or_none(row["published_at"]),
        published_precision=Precision(row["published_precision"]) if row["published_precision"] else None,
        modified_at=to_time_or_none(row["modified_at"]),
        tags=to_texts(row["tags"]),
        is_free=to_flag(row["is_free"]),
        blocks=tuple(map(BlockKind, json.loads(row["blocks"]))),
        story=row["cluster_id"],
        first_seen_at=to_time(row["first_seen_at"]),
        last_seen_at=to_time(row["last_seen_at"]),
        gone_at=to_time_or_none(row["gone_at"]),
        addresses=tuple(addresses),
        seen_at=to_time(row["seen_at"]),
        captured_at=to_time_or_none(row["fetched_at"]),
        warc_record_id=row["record_id"],
        history=history,
    )
