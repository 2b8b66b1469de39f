"""Whether the database is sound in itself: what SQLite finds, and what our own tables say of each other."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlite_utils import Database

from archive.models import ArticleId
from archive.store.columns import from_time_or_none
from archive.store.connection import reads, streams, writes

LARGEST = 100
"""Faults that SQLite is asked for at most: a file that has more is to be restored, not mended."""


@contextmanager
def snapshot(db: Database) -> Iterator[None]:
    """Everything read inside is of one moment, whatever others write meanwhile; and whatever bytes stand for text.

    Bytes that are no UTF-8 are read as surrogate escapes, because a damaged file is to be described and not refused.
    """
    factory = db.conn.text_factory
    db.conn.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
    db.conn.execute("BEGIN")
    try:
        db.conn.execute("SELECT count(*) FROM sqlite_master").fetchone()
        yield
    finally:
        db.conn.rollback()
        db.conn.text_factory = factory


@reads
def has_manifests(db: Database) -> bool:
    """Whether the file is of a version that has them."""
    sql = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'manifests'"
    return db.conn.execute(sql).fetchone() is not None


@streams
def faults(db: Database, *, quick: bool) -> Iterator[str]:
    """What SQLite's own check finds in the file; `quick` leaves out whether each index has what its table has."""
    pragma = "quick_check" if quick else "integrity_check"
    for (fault,) in db.conn.execute(f"PRAGMA {pragma}({LARGEST})"):
        if fault != "ok":
            yield str(fault)


@streams
def broken_references(db: Database) -> Iterator[tuple[str, int | None, str]]:
    """Rows that refer to rows that are not there: table, rowid, the table referred to."""
    for table, rowid, parent, _ in db.conn.execute("PRAGMA foreign_key_check"):
        yield table, rowid, parent


@reads
def views(db: Database) -> list[str]:
    """The names of all views."""
    return [name for (name,) in db.conn.execute("SELECT name FROM sqlite_master WHERE type = 'view' ORDER BY name")]


@reads
def try_view(db: Database, name: str) -> None:
    """Raises StoreError where a view cannot be read."""
    db.conn.execute(f'SELECT * FROM "{name}" LIMIT 1').fetchone()


@streams
def inconsistent(db: Database, since: datetime | None) -> Iterator[tuple[ArticleId, str]]:
    """Articles whose rows contradict each other, and how."""
    rows = db.conn.execute(
        """
        SELECT articles.id, articles.revisions, count(revisions.number), coalesce(max(revisions.number), 0),
            count(*) FILTER (WHERE revisions.number = articles.revisions AND revisions.title = articles.title),
            count(*) FILTER (
                WHERE revisions.number = articles.revisions AND revisions.content_hash = articles.content_hash
            ),
            count(revisions.number) - count(captures.id)
        FROM articles
        LEFT JOIN revisions ON revisions.article_id = articles.id
        LEFT JOIN captures ON captures.id = revisions.capture_id
        WHERE :since IS NULL OR articles.last_seen_at >= :since
        GROUP BY articles.id ORDER BY articles.id
        """,
        {"since": from_time_or_none(since)},
    )
    for article_id, revisions, stored, newest, titles, hashes, uncaptured in rows:
        if not revisions == stored == newest:
            yield article_id, f"has {stored} revisions, the newest number {newest}, and says that it has {revisions}"
        elif not titles:
            yield article_id, "has another title than its newest revision"
        elif not hashes:
            yield article_id, "has another content_hash than its newest revision"
        if uncaptured:
            yield article_id, f"has {uncaptured} revisions without a capture"


@reads
def word_count_of(db: Database, article_id: int, revision: int) -> int | None:
    """The number of words that an article is said to have; None where that revision is not its newest."""
    sql = "SELECT word_count FROM articles WHERE id = ? AND revisions = ?"
    found = db.conn.execute(sql, [article_id, revision]).fetchone()
    return None if found is None else int(found[0])


@writes
def forget_traces(db: Database) -> None:
    """Merges the full text index into one piece, so that words of what was deleted are in none of its older ones."""
    db.conn.execute("INSERT INTO articles_fts (articles_fts) VALUES ('optimize')")


@reads
def wipe(db: Database) -> bool:
    """Makes the file anew without the free space in which deleted rows stand, and empties the write-ahead log.

    Takes as much room as the archive in the system's folder for temporary files, and twice as much beside it, until it
    is done. Gives False where another process that reads holds the log: then it is to be done again.
    """
    db.conn.execute("PRAGMA temp_store = FILE")
    db.conn.execute("VACUUM")
    busy, _, _ = db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy
