"""When each article's address is to be asked for again, and what it was when that was last done."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from archive.models import ArticleId, CanonicalUrl, CaptureId, CrawlId, EndpointKind, SourceId
from archive.revisiting import Life
from archive.store.columns import from_time, from_time_or_none, to_time, to_time_or_none
from archive.store.connection import reads, writes

_GOLDEN = (5**0.5 - 1) / 2
"""Its multiples, less their whole parts, spread any run of numbers evenly between 0 and 1 (Knuth, TAOCP 6.4)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a server said of the state in which an article was last seen (RFC 9110, 8.8)."""

    article_id: ArticleId
    etag: str | None
    last_modified: str | None


@reads
def life(db: Database, article_id: ArticleId) -> Life:
    """The times of a stored article."""
    first_seen_at, edited_at, dated_at = db.execute(
        """
        SELECT first_seen_at, CASE WHEN number > 1 THEN seen_at END, (
            SELECT max(moment) FROM (
                SELECT articles.published_at AS moment
                UNION ALL SELECT published_at FROM urls WHERE article_id = articles.id
                UNION ALL SELECT modified_at FROM urls WHERE article_id = articles.id
            ) WHERE moment <= first_seen_at
        )
        FROM articles JOIN revisions ON article_id = id AND number = revisions WHERE id = ?
        """,
        [article_id],
    ).fetchone()
    return Life(
        first_seen_at=to_time(first_seen_at),
        dated_at=to_time_or_none(dated_at),
        edited_at=to_time_or_none(edited_at),
        share=article_id * _GOLDEN % 1,
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
def open_missed(db: Database, crawl_id: CrawlId, at: datetime) -> int:
    """Lets addresses wait again at which a crawl has missed their articles, and that are due by now; gives how many."""
    return db.conn.execute(
        """
        UPDATE urls SET state = 'waiting', reason = NULL
        WHERE crawl_id = ? AND state = 'refused' AND next_fetch_at <= ? AND article_id IS NOT NULL
        """,
        [crawl_id, from_time(at)],
    ).rowcount


@writes
def hasten(
    db: Database, modified: Iterable[tuple[CanonicalUrl, datetime]], *, seen_before: datetime, soonest: timedelta
) -> None:
    """Takes in what a list says of when pages were modified; of several lists the latest time counts.

    An article is due when that is later than was announced before, whenever it was seen: a publisher's clock is not
    ours. Where nothing was announced before, it has to be later than the article was last seen. One that was looked at
    since `seen_before` is not due; after a look that found nothing changed it rests for `soonest`.
    """
    db.conn.executemany(
        """
        UPDATE urls SET modified_at = :modified_at, next_fetch_at = coalesce((
            SELECT min(due, coalesce(urls.next_fetch_at, due)) FROM (
                SELECT strftime('%Y-%m-%dT%H:%M:%SZ', last_seen_at,
                    CASE WHEN last_seen_at > seen_at THEN :soonest ELSE '+0 seconds' END) AS due
                FROM articles JOIN revisions ON revisions.article_id = id AND number = revisions
                WHERE id = urls.article_id AND (urls.modified_at IS NOT NULL OR last_seen_at < :modified_at)
                    AND urls.state = 'fetched' AND urls.capture_id IS NOT NULL AND last_seen_at < :before
            )
        ), next_fetch_at)
        WHERE url = :url AND reason IS NOT 'taken down' AND (modified_at IS NULL OR modified_at < :modified_at)
        """,
        [
            {
                "url": url,
                "modified_at": from_time(moment),
                "before": from_time(seen_before),
                "soonest": f"+{int(soonest.total_seconds())} seconds",
            }
            for url, moment in modified
        ],
    )


@writes
def listed(db: Database, source_id: SourceId, kind: EndpointKind, listing: str, urls: Iterable[CanonicalUrl]) -> None:
    """Remembers which list has some addresses: of several a sitemap, which as a rule keeps what it has."""
    this = "SELECT id FROM endpoints WHERE source_id = :source_id AND kind = :kind AND url = :list"
    wanted = "listed_in IS NULL"
    if kind is EndpointKind.SITEMAP:
        wanted += " OR listed_in IN (SELECT id FROM endpoints WHERE source_id = :source_id AND kind <> 'sitemap')"
    db.conn.executemany(
        f"""
        UPDATE urls SET listed_in = ({this}) WHERE url = :url AND ({wanted})
        """,
        [{"source_id": source_id, "kind": kind, "list": listing, "url": url} for url in urls],
    )


@reads
def listed_before(
    db: Database, source_id: SourceId, kind: EndpointKind, listing: str
) -> list[tuple[CanonicalUrl, datetime | None]]:
    """What a list had when it was last read, each with its date as it was first announced."""
    rows = db.execute(
        """
        SELECT url, coalesce(published_at, modified_at) FROM urls
        WHERE listed_in = (SELECT id FROM endpoints WHERE source_id = ? AND kind = ? AND url = ?)
        """,
        [source_id, kind, listing],
    )
    return [(CanonicalUrl(url), to_time_or_none(at)) for url, at in rows]


@writes
def unlisted(db: Database, urls: Iterable[CanonicalUrl], at: datetime) -> None:
    """Lets articles be asked for at once that their list has no longer: once, unless it has them again."""
    db.conn.executemany(
        """
        UPDATE urls SET listed_in = NULL, next_fetch_at = ?
        WHERE url = ? AND state = 'fetched' AND capture_id IS NOT NULL
        """,
        [(from_time(at), url) for url in urls],
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
