"""When each article's address is to be asked for again, and what it was when that was last done."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from archive.models import ArticleId, CanonicalUrl, CaptureId, SourceId
from archive.store.columns import from_time, from_time_or_none, to_time, to_time_or_none
from archive.store.connection import reads, writes


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """The times from which an article's age counts."""

    first_seen_at: datetime
    published_at: datetime | None
    edited_at: datetime | None
    """When its newest revision was seen; None for one that was never edited."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a server said of the state in which an article was last seen (RFC 9110, 8.8)."""

    article_id: ArticleId
    etag: str | None
    last_modified: str | None


@reads
def life(db: Database, article_id: ArticleId) -> Life:
    """The times of a stored article."""
    first_seen_at, published_at, edited_at = db.execute(
        """
        SELECT first_seen_at, articles.published_at, CASE WHEN number > 1 THEN seen_at END
        FROM articles JOIN revisions ON article_id = id AND number = revisions WHERE id = ?
        """,
        [article_id],
    ).fetchone()
    return Life(
        first_seen_at=to_time(first_seen_at),
        published_at=to_time_or_none(published_at),
        edited_at=to_time_or_none(edited_at),
    )


@writes
def schedule(
    db: Database, url: CanonicalUrl, article_id: ArticleId, *, at: datetime | None, capture_id: CaptureId
) -> None:
    """Lets the address that speaks for an article be asked for again from `at` on; None: not by age.

    `capture_id` is the response in which the article was last seen. Its other addresses are not asked for by age.
    """
    db.execute(
        """
        UPDATE urls SET capture_id = NULL, next_fetch_at = CASE state WHEN 'failed' THEN next_fetch_at END
        WHERE article_id = ? AND url <> ? AND capture_id IS NOT NULL
        """,
        [article_id, url],
    )
    db.execute(
        "UPDATE urls SET next_fetch_at = ?, capture_id = ? WHERE url = ? AND article_id = ? AND state = 'fetched'",
        [from_time_or_none(at), capture_id, url, article_id],
    )


@writes
def reschedule(db: Database, url: CanonicalUrl, *, at: datetime | None, capture_id: CaptureId | None) -> None:
    """The same for an address that `schedule` knows already; without a `capture_id` the last one stays."""
    db.execute(
        """
        UPDATE urls SET next_fetch_at = ?, capture_id = coalesce(?, capture_id)
        WHERE url = ? AND capture_id IS NOT NULL AND state = 'fetched'
        """,
        [from_time_or_none(at), capture_id, url],
    )


@writes
def put_off(db: Database, url: CanonicalUrl, *, at: datetime | None) -> None:
    """Lets an address that was settled be asked for again from `at` on; None: not by itself."""
    db.execute(
        "UPDATE urls SET next_fetch_at = ? WHERE url = ? AND state IN ('fetched', 'refused')",
        [from_time_or_none(at), url],
    )


@writes
def open_due(db: Database, source_id: SourceId, at: datetime) -> int:
    """Lets addresses of articles wait whose time has come; gives how many."""
    return db.conn.execute(
        """
        UPDATE urls SET state = 'waiting', reason = NULL
        WHERE source_id = ? AND state IN ('fetched', 'refused') AND next_fetch_at <= ? AND article_id IS NOT NULL
        """,
        [source_id, from_time(at)],
    ).rowcount


@writes
def hasten(db: Database, modified: Iterable[tuple[CanonicalUrl, datetime]], *, soonest: timedelta) -> None:
    """Takes in what a list says of when pages were modified.

    An article that was modified since it was last seen, and later than was announced before, is due: `soonest` after
    it was last seen.
    """
    db.conn.executemany(
        """
        UPDATE urls SET modified_at = :modified_at, next_fetch_at = coalesce((
            SELECT min(due, coalesce(urls.next_fetch_at, due)) FROM (
                SELECT strftime('%Y-%m-%dT%H:%M:%SZ', last_seen_at, :soonest) AS due FROM articles
                WHERE id = urls.article_id AND last_seen_at < :modified_at
            )
        ), next_fetch_at)
        WHERE url = :url AND state = 'fetched' AND capture_id IS NOT NULL
            AND (modified_at IS NULL OR modified_at < :modified_at)
        """,
        [
            {"url": url, "modified_at": from_time(moment), "soonest": f"+{int(soonest.total_seconds())} seconds"}
            for url, moment in modified
        ],
    )


@reads
def validators(db: Database, url: CanonicalUrl) -> Validators | None:
    """What the server said of an article's address when it was last seen there; None where it never was."""
    row = db.execute(
        """
        SELECT article_id, etag, last_modified FROM urls JOIN captures ON captures.id = capture_id
        WHERE urls.url = ? AND article_id IS NOT NULL
        """,
        [url],
    ).fetchone()
    return Validators(article_id=ArticleId(row[0]), etag=row[1], last_modified=row[2]) if row else None
