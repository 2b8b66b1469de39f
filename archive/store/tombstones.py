"""What was taken down: that it was there, when and why it went, and by what it is known should it come again."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from archive import spelling
from archive.models import ArticleId, CanonicalUrl, CaptureId, Reason, SourceId, WarcPlace
from archive.store import seals
from archive.store.captures import CaptureRow
from archive.store.columns import from_texts, from_time, to_texts, to_time, to_time_or_none
from archive.store.connection import inserted, reads, writes

TITLE = "title:"
"""Before the hash of a title among the marks, to tell it from that of a text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """What stays of an article that was taken down."""

    id: int
    article_id: ArticleId
    source_id: SourceId
    url: CanonicalUrl
    reason: str
    taken_by: str
    taken_at: datetime
    addresses: tuple[CanonicalUrl, ...]
    content_hashes: tuple[str, ...]
    """Of each of its texts: `archive.text.content_hash`."""
    title_hashes: tuple[str, ...]
    sketches: tuple[str, ...]
    """Of all its texts: `archive.dedupe.sketch`."""
    finished_at: datetime | None
    """None while something of it may still be there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """A record that is to be erased, or was."""

    capture_id: CaptureId
    tombstone_id: int
    place: WarcPlace
    record_id: str
    payload_sha256: str | None
    erased_at: datetime | None


@writes
def add(db: Database, row: Mapping[str, Any], at: datetime) -> int:
    """A new tombstone, of the values of all columns but the id and the times."""
    columns = ("article_id", "source_id", "url", "reason", "taken_by", *LISTS)
    values = [from_texts(row[column]) if column in LISTS else row[column] for column in columns]
    sql = f"INSERT INTO tombstones ({', '.join(columns)}, taken_at) VALUES ({', '.join('?' * len(columns))}, ?)"
    tombstone_id = inserted(db, sql, [*values, from_time(at)])
    marks = [
        *(("address", address) for address in row["addresses"]),
        *(("content", content_hash) for content_hash in row["content_hashes"]),
        *(("content", TITLE + title_hash) for title_hash in row["title_hashes"]),
        *(("shingle", shingle) for shingle in row["sketches"]),
    ]
    _mark(db, tombstone_id, marks)
    seals.made(db, "tombstones", tombstone_id)
    return tombstone_id


LISTS = ("addresses", "content_hashes", "title_hashes", "sketches")
"""The columns that are arrays of strings."""


def _mark(db: Database, tombstone_id: int, marks: Iterable[tuple[str, str]]) -> None:
    db.conn.executemany(
        "INSERT OR IGNORE INTO tombstone_marks (kind, mark, tombstone_id) VALUES (?, ?, ?)",
        [(kind, mark, tombstone_id) for kind, mark in marks],
    )


@reads
def of_article(db: Database, article_id: ArticleId) -> Tombstone | None:
    """The tombstone of an article."""
    return _one(db, "article_id = ?", article_id)


@reads
def of_address(db: Database, url: CanonicalUrl) -> Tombstone | None:
    """The newest tombstone of an article that had this address."""
    where = "id = (SELECT max(tombstone_id) FROM tombstone_marks WHERE kind = 'address' AND mark = ?)"
    return _one(db, where, url)


@reads
def get(db: Database, tombstone_id: int) -> Tombstone | None:
    """One tombstone."""
    return _one(db, "id = ?", tombstone_id)


@reads
def unfinished(db: Database) -> list[Tombstone]:
    """Those of which something may still be there."""
    return [_row(row) for row in db.query("SELECT * FROM tombstones WHERE finished_at IS NULL ORDER BY id")]


@reads
def exist(db: Database) -> bool:
    """Whether anything was ever taken down."""
    return db.conn.execute("SELECT 1 FROM tombstone_marks LIMIT 1").fetchone() is not None


@reads
def with_address(db: Database, addresses: Iterable[str]) -> dict[str, int]:
    """Which of these addresses belonged to what was taken down, each with the tombstone's id."""
    rows = db.conn.execute(
        """
        SELECT mark, max(tombstone_id) FROM tombstone_marks
        WHERE kind = 'address' AND mark IN (SELECT value FROM json_each(?)) GROUP BY mark
        """,
        [from_texts(addresses)],
    )
    return dict(rows.fetchall())


@reads
def with_content(db: Database, mark: str) -> set[int]:
    """The tombstones with this hash of a text, or of a title after `TITLE`."""
    sql = "SELECT tombstone_id FROM tombstone_marks WHERE kind = 'content' AND mark = ?"
    return {tombstone_id for (tombstone_id,) in db.conn.execute(sql, [mark])}


@reads
def in_common(db: Database, sketch: Sequence[str]) -> dict[int, int]:
    """How many hashes of a sketch each tombstone has."""
    rows = db.conn.execute(
        """
        SELECT tombstone_id, count(*) FROM tombstone_marks
        WHERE kind = 'shingle' AND mark IN (SELECT value FROM json_each(?)) GROUP BY tombstone_id
        """,
        [from_texts(sketch)],
    )
    return dict(rows.fetchall())


@reads
def with_payload(db: Database, payload_sha256: str) -> int | None:
    """The tombstone for which a response with these very bytes was erased."""
    sql = "SELECT max(tombstone_id) FROM tombstone_marks WHERE kind = 'payload' AND mark = ?"
    found = db.conn.execute(sql, [payload_sha256]).fetchone()[0]
    return None if found is None else int(found)


@writes
def plan_erasure(db: Database, tombstone_id: int, capture: CaptureRow, *, has_text: bool) -> None:
    """Notes that a response is to be erased, and takes from its row where it was; the record is for the caller.

    Where it `has_text` of the article, its payload is not to be kept again.
    """
    seals.changing(db, "captures", capture.id, why="takedown")
    if capture.place is not None:
        place = capture.place
        values = [capture.id, tombstone_id, place.file, place.offset, place.length]
        db.conn.execute(
            """
            INSERT INTO erasures (capture_id, tombstone_id, warc_file, warc_offset, warc_length, record_id,
                payload_sha256)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            [*values, capture.record_id, capture.payload_sha256],
        )
        seals.made(db, "erasures", capture.id)
    db.conn.execute(
        """
        UPDATE captures SET warc_file = NULL, warc_offset = NULL, warc_length = NULL, revisit_of = NULL, error = ?
        WHERE id = ?
        """,
        [Reason.TAKEN_DOWN, capture.id],
    )
    if has_text and capture.payload_sha256:
        _mark(db, tombstone_id, [("payload", capture.payload_sha256)])


@writes
def restore_erasure(db: Database, capture_id: CaptureId, tombstone_id: int, row: Mapping[str, Any]) -> None:
    """An erasure in an archive that is made anew: of `row`'s place, record and payload."""
    columns = ("warc_file", "warc_offset", "warc_length", "record_id", "payload_sha256")
    db.conn.execute(
        f"""
        INSERT INTO erasures (capture_id, tombstone_id, {", ".join(columns)}, erased_at)
        SELECT ?, id, ?, ?, ?, ?, ?, taken_at FROM tombstones WHERE id = ?
        """,
        [capture_id, *(row.get(column) for column in columns), tombstone_id],
    )
    seals.made(db, "erasures", capture_id)
    if row.get("payload_sha256"):
        _mark(db, tombstone_id, [("payload", row["payload_sha256"])])


@reads
def erasures(db: Database, tombstone_id: int, *, pending: bool = False) -> list[Erasure]:
    """The records that are to be erased for a tombstone, or only those that may not be yet."""
    where = "tombstone_id = ? AND (erased_at IS NULL OR NOT ?)"
    rows = db.query(f"SELECT * FROM erasures WHERE {where} ORDER BY warc_file, warc_offset", [tombstone_id, pending])
    return list(map(_erasure, rows))


@reads
def erased_in(db: Database, warc_file: str) -> dict[int, Erasure]:
    """The records of a file that are to be erased, or were, by their offset."""
    found = map(_erasure, db.query("SELECT * FROM erasures WHERE warc_file = ?", [warc_file]))
    return {erasure.place.offset: erasure for erasure in found}


@writes
def erased(db: Database, capture_id: CaptureId, at: datetime) -> None:
    """Notes that a record is gone."""
    db.conn.execute("UPDATE erasures SET erased_at = ? WHERE capture_id = ?", [from_time(at), capture_id])


@writes
def finish(db: Database, tombstone_id: int, at: datetime) -> None:
    """Notes that nothing is left of what was taken down."""
    db.conn.execute("UPDATE tombstones SET finished_at = ? WHERE id = ?", [from_time(at), tombstone_id])


@writes
def bury(db: Database, article_id: ArticleId, addresses: Iterable[CanonicalUrl], titles: Iterable[str]) -> None:
    """Deletes an article with all that hangs on it, and closes its addresses to every crawl.

    The titles under which it was announced go as well, wherever the frontier has them.
    """
    for (number,) in db.conn.execute("SELECT number FROM revisions WHERE article_id = ?", [article_id]).fetchall():
        seals.changing(db, "revisions", article_id, number, why="takedown")
    seals.changing(db, "articles", article_id, why="takedown")
    db.conn.execute(
        """
        INSERT INTO urls (url, source_id, discovered_at, state, reason)
        SELECT value, source_id, first_seen_at, 'refused', :reason FROM json_each(:addresses), articles
        WHERE articles.id = :id
        ON CONFLICT (url) DO UPDATE SET state = 'refused', reason = :reason, next_fetch_at = NULL, article_id = NULL,
            title = NULL
        """,
        {"id": article_id, "addresses": from_texts(addresses), "reason": Reason.TAKEN_DOWN},
    )
    for title in titles:
        db.conn.execute("UPDATE urls SET title = NULL WHERE title = ?", [title])
    db.conn.execute("DELETE FROM articles WHERE id = ?", [article_id])


@reads
def announced_titles(db: Database, addresses: Iterable[CanonicalUrl]) -> set[str]:
    """The titles that feeds gave for these addresses."""
    sql = "SELECT title FROM urls WHERE url IN (SELECT value FROM json_each(?)) AND title IS NOT NULL"
    return {title for (title,) in db.conn.execute(sql, [from_texts(addresses)])}


@reads
def addresses_of(db: Database, article_id: ArticleId) -> tuple[CanonicalUrl, ...]:
    """All addresses that lead to an article, also those that were only settled as one of its."""
    sql = "SELECT url FROM article_urls WHERE article_id = ?1 UNION SELECT url FROM urls WHERE article_id = ?1"
    return tuple(CanonicalUrl(url) for (url,) in db.conn.execute(sql, [article_id]))


@reads
def article_of(db: Database, capture_id: CaptureId) -> ArticleId | None:
    """The article of which a revision was made of a response."""
    found = db.conn.execute("SELECT min(article_id) FROM revisions WHERE capture_id = ?", [capture_id]).fetchone()[0]
    return None if found is None else ArticleId(found)


@reads
def naming(db: Database, title: str) -> list[ArticleId]:
    """The articles in which a title stands as a run of words, or in what was taken out of them as boilerplate."""
    words = spelling.indexed(title).replace('"', " ")
    rows = db.conn.execute(
        """
        SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?
        UNION SELECT article_id FROM removals WHERE instr(line, ?)
        """,
        [f'"{words}"', title],
    )
    return [ArticleId(row_id) for (row_id,) in rows]


@reads
def copies(db: Database, payload_sha256: str) -> list[CaptureId]:
    """All kept responses with these very bytes as their payload, revisits among them."""
    sql = "SELECT id FROM captures WHERE payload_sha256 = ? AND warc_file IS NOT NULL ORDER BY id"
    return [CaptureId(row_id) for (row_id,) in db.conn.execute(sql, [payload_sha256])]


@reads
def captures_of(db: Database, article_id: ArticleId, addresses: Iterable[CanonicalUrl]) -> list[CaptureId]:
    """The responses at these addresses, and those of which the article's revisions were made."""
    rows = db.conn.execute(
        """
        SELECT id FROM captures WHERE url IN (SELECT value FROM json_each(?1))
        UNION SELECT capture_id FROM revisions WHERE article_id = ?2 AND capture_id IS NOT NULL
        ORDER BY id
        """,
        [from_texts(addresses), article_id],
    )
    return [CaptureId(row_id) for (row_id,) in rows]


@reads
def originals_of_source(db: Database, source_id: SourceId) -> list[CaptureId]:
    """The responses of a source's crawls, and of none, that have a payload of their own on disk."""
    rows = db.conn.execute(
        """
        SELECT captures.id FROM captures LEFT JOIN crawls ON crawls.id = captures.crawl_id
        WHERE coalesce(crawls.source_id, :source) = :source AND captures.warc_file IS NOT NULL
            AND captures.revisit_of IS NULL AND captures.status BETWEEN 200 AND 299
        ORDER BY captures.warc_file, captures.warc_offset
        """,
        {"source": source_id},
    )
    return [CaptureId(row_id) for (row_id,) in rows]


def _one(db: Database, where: str, value: object) -> Tombstone | None:
    return next(map(_row, db.query(f"SELECT * FROM tombstones WHERE {where}", [value])), None)


def _row(row: Mapping[str, Any]) -> Tombstone:
    return Tombstone(
        id=row["id"],
        article_id=row["article_id"],
        source_id=row["source_id"],
        url=row["url"],
        reason=row["reason"],
        taken_by=row["taken_by"],
        taken_at=to_time(row["taken_at"]),
        addresses=tuple(map(CanonicalUrl, json.loads(row["addresses"]))),
        content_hashes=to_texts(row["content_hashes"]),
        title_hashes=to_texts(row["title_hashes"]),
        sketches=to_texts(row["sketches"]),
        finished_at=to_time_or_none(row["finished_at"]),
    )


def _erasure(row: Mapping[str, Any]) -> Erasure:
    return Erasure(
        capture_id=row["capture_id"],
        tombstone_id=row["tombstone_id"],
        place=WarcPlace(file=row["warc_file"], offset=row["warc_offset"], length=row["warc_length"]),
        record_id=row["record_id"] or "",
        payload_sha256=row["payload_sha256"],
        erased_at=to_time_or_none(row["erased_at"]),
    )
