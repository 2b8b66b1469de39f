"""Rejected captures that a re-extraction has read again: what it made of them, and how that is taken back."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlite_utils import Database

from archive.models import ArticleId, CanonicalUrl, CaptureId
from archive.store import boilerplate, seals, states
from archive.store.columns import from_texts
from archive.store.connection import reads, writes
from archive.store.reextractions import ReextractionId

Rows = Mapping[CanonicalUrl, Mapping[str, Any] | None]
"""Rows of the table `urls`, by address; None for an address that is not known."""


@writes
def mark(
    db: Database,
    run: ReextractionId,
    capture_id: CaptureId,
    *,
    error: str | None,
    extractor: str | None,
    article_id: ArticleId | None = None,
    before: Rows | None = None,
) -> None:
    """Notes what was made of a capture, and keeps what was known of it.

    With `article_id`, an article came of it; `before` then is what was known of its addresses.
    """
    seen_at, urls = None, None
    if article_id is not None and before is not None:
        (seen_at,) = db.execute("SELECT last_seen_at FROM articles WHERE id = ?", [article_id]).fetchone()
        after = addresses(db, before)
        changed = {url: [row, after.get(url)] for url, row in before.items() if row != after.get(url)}
        urls = json.dumps(changed, ensure_ascii=False)
    db.execute(
        """
        INSERT INTO reread_captures (reextraction_id, capture_id, error, extractor, article_id, seen_at, urls)
        SELECT ?, id, error, extractor, ?, ?, ? FROM captures
        WHERE id = ? AND (error IS NOT ? OR extractor IS NOT ?)
        """,
        [run, article_id, seen_at, urls, capture_id, error, extractor],
    )
    db.execute("UPDATE captures SET error = ?, extractor = ? WHERE id = ?", [error, extractor, capture_id])


@reads
def addresses(db: Database, urls: Iterable[CanonicalUrl]) -> dict[CanonicalUrl, dict[str, Any]]:
    """What is known of these addresses; nothing of those that are not known."""
    rows = db.query("SELECT * FROM urls WHERE url IN (SELECT value FROM json_each(?))", [from_texts(urls)])
    return {CanonicalUrl(row["url"]): row for row in rows}


@reads
def has_gained(db: Database, run: ReextractionId, article_id: ArticleId) -> bool:
    """Whether the article came of a capture that this run has read."""
    sql = "SELECT 1 FROM reread_captures WHERE reextraction_id = ? AND article_id = ? LIMIT 1"
    return db.execute(sql, [run, article_id]).fetchone() is not None


@reads
def touched(db: Database, run: ReextractionId, *, limit: int) -> list[tuple[CaptureId, ArticleId | None]]:
    """Captures that a run has read and that are not as they were yet, the last first; and what came of each."""
    rows = db.execute(
        """
        SELECT capture_id, article_id FROM reread_captures WHERE reextraction_id = ? ORDER BY capture_id DESC LIMIT ?
        """,
        [run, limit],
    )
    return [(CaptureId(capture_id), article_id) for capture_id, article_id in rows.fetchall()]


@reads
def count(db: Database, run: ReextractionId) -> int:
    """How many captures a run has read that are not as they were yet."""
    sql = "SELECT count(*) FROM reread_captures WHERE reextraction_id = ?"
    return int(db.execute(sql, [run]).fetchone()[0])


@writes
def take_back(db: Database, run: ReextractionId, capture_id: CaptureId) -> None:
    """Makes what is known of a rejected capture what it was, and forgets that it was read again."""
    where = "WHERE reextraction_id = :run AND capture_id = :capture"
    bound = {"run": run, "capture": capture_id}
    db.execute(
        f"""
        UPDATE captures SET (error, extractor) = (SELECT error, extractor FROM reread_captures {where})
        WHERE id = :capture
        """,
        bound,
    )
    db.execute(f"DELETE FROM reread_captures {where}", bound)


@writes
def take_article_back(db: Database, run: ReextractionId, article_id: ArticleId) -> bool:
    """Removes an article that came of captures of this run, with all that hangs on it; False where it stays.

    It stays, and so do its captures, where a crawl has met it since.
    """
    bound = {"run": run, "article": article_id}
    mine = "FROM reread_captures WHERE reextraction_id = :run AND article_id = :article"
    (is_met,) = db.execute(
        f"""
        SELECT last_seen_at > (SELECT max(seen_at) {mine})
            OR EXISTS (SELECT 1 FROM revisions WHERE article_id = :article AND capture_id NOT IN (
                SELECT capture_id {mine}))
        FROM articles WHERE id = :article
        """,
        bound,
    ).fetchone()
    captures = db.execute(f"SELECT capture_id, urls {mine} ORDER BY capture_id DESC", bound).fetchall()
    if is_met:
        db.execute(f"DELETE {mine}", bound)
        return False
    for _, urls in captures:
        for url, (before, after) in json.loads(urls or "{}").items():
            _restore_address(db, CanonicalUrl(url), before, after)
    state = states.get(db, article_id)
    if state is None:
        return False
    seals.changing(db, "articles", article_id, why="extraction undone")
    for revision in state.revisions:
        seals.changing(db, "revisions", article_id, revision.number, why="extraction undone")
        boilerplate.exchange(db, state.source_id, article_id, revision.number, before=revision.taken, after=())
    for capture_id, _ in captures:
        take_back(db, run, CaptureId(capture_id))
    db.execute("DELETE FROM articles WHERE id = ?", [article_id])
    return True


def _restore_address(
    db: Database, url: CanonicalUrl, before: Mapping[str, Any] | None, after: Mapping[str, Any]
) -> None:
    """Makes what is known of an address what it was, unless somebody has learned more of it since."""
    if addresses(db, [url]).get(url) != after:
        return
    if before is None:
        db.execute("DELETE FROM urls WHERE url = ?", [url])
    else:
        assignments = ", ".join(f"{column} = :{column}" for column in before)
        db.execute(f"UPDATE urls SET {assignments} WHERE url = :url", dict(before))
