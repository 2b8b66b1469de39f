"""The URLs that we know of: the frontier of a crawl, and its memory of what became of each."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from archive import text
from archive.models import ArticleId, Candidate, CanonicalUrl, CrawlId, EndpointKind, Reason, SourceId, UrlState
from archive.store.columns import from_time, from_time_or_none, to_time_or_none
from archive.store.connection import reads, writes

_INSERT = """
INSERT INTO urls (url, source_id, discovered_at, advertised_at, found_in, kind, title, published_at, modified_at,
    state, reason, crawl_id)
VALUES (:url, :source_id, :discovered_at, :advertised_at, :found_in, :kind, :title, :published_at, :modified_at,
    :state, :reason, :crawl_id)
ON CONFLICT (url) DO NOTHING
"""
_ADVERTISE = """
UPDATE urls SET advertised_at = :advertised_at
WHERE url = :url AND source_id = :source_id AND advertised_at IS NULL AND :advertised_at IS NOT NULL
"""
_OWNER = "(SELECT article_urls.article_id FROM article_urls WHERE url = :url AND kind IN ('fetched', 'redirect'))"
"""The article of which we have seen that an address is its own."""

FIRST_REST = timedelta(hours=1)
MAX_TRIES = 6
"""After so many attempts a URL that fails is left alone: at doubling intervals from an hour, two and a half days."""
MAX_TRIES_KNOWN = 12
"""The same for the address of an article that the archive has: a site may be down, or refuse us, for some weeks."""
LONGEST_REST = timedelta(days=7)

STILL_TRIED = f"tries < CASE WHEN capture_id IS NULL THEN {MAX_TRIES} ELSE {MAX_TRIES_KNOWN} END"
"""The condition on a row of `urls` that has failed and will be asked for again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UrlRow:
    """What is known of one URL."""

    url: CanonicalUrl
    source_id: SourceId
    candidate: Candidate | None
    """How it was announced; None for one that was only met on the way, as the target of a redirect."""
    state: UrlState
    reason: str | None
    """A value of `Reason`, or of a newer version's."""
    tries: int
    """How often it was settled after an attempt (fetched, failed, or put off) since it was last fetched."""
    next_fetch_at: datetime | None
    article_id: ArticleId | None
    crawl_id: CrawlId | None
    """The crawl that settled it."""


@writes
def add(db: Database, source_id: SourceId, candidates: Iterable[tuple[CanonicalUrl, Candidate]], at: datetime) -> int:
    """Puts candidates into the frontier; how many were new to the archive.

    A URL that is known keeps its state and its source, but gains the title and dates that it lacked, and when a feed or
    sitemap first named it.
    """
    rows = [_row(source_id, url, candidate, at) for url, candidate in candidates]
    cursor = db.conn.executemany(_INSERT, rows)
    added = max(cursor.rowcount, 0)
    if added < len(rows):
        db.conn.executemany(
            """
            UPDATE urls SET title = coalesce(title, :title), published_at = coalesce(published_at, :published_at),
                modified_at = coalesce(modified_at, :modified_at)
            WHERE url = :url AND reason IS NOT 'taken down' AND (title IS NULL AND :title IS NOT NULL
                OR published_at IS NULL AND :published_at IS NOT NULL
                OR modified_at IS NULL AND :modified_at IS NOT NULL)
            """,
            rows,
        )
        db.conn.executemany(_ADVERTISE, [row for row in rows if row["advertised_at"]])
    return added


@writes
def add_refused(
    db: Database,
    source_id: SourceId,
    url: CanonicalUrl,
    candidate: Candidate,
    reason: Reason,
    at: datetime,
    crawl_id: CrawlId,
) -> int:
    """Remembers a URL that is not to be fetched, and why; 1 if it was new, 0 if not: then it stays as it is."""
    row = _row(source_id, url, candidate, at)
    row.update(state=UrlState.REFUSED, reason=reason, crawl_id=crawl_id)
    added = max(db.conn.execute(_INSERT, row).rowcount, 0)
    if not added:
        db.conn.execute(_ADVERTISE, row)
    return added


@writes
def reopen(db: Database, source_id: SourceId, at: datetime) -> int:
    """Lets URLs wait again that failed, whose time to be tried again has come, and that were not tried too often.

    Gives how many.
    """
    return db.conn.execute(
        f"""
        UPDATE urls SET state = 'waiting'
        WHERE source_id = ? AND state = 'failed' AND next_fetch_at <= ? AND {STILL_TRIED}
        """,
        [source_id, from_time(at)],
    ).rowcount


@reads
def next_waiting(
    db: Database,
    source_id: SourceId,
    *,
    at: datetime,
    limit: int,
    skip: Collection[CanonicalUrl] = (),
    since: datetime | None = None,
) -> list[tuple[CanonicalUrl, Candidate]]:
    """At most `limit` URLs that may be fetched at the time `at`, without those to `skip`.

    The newest by publication (else modification) come first, then those without a date in the order of discovery.
    With `since`, those that are known to be older are left out; they stay waiting.
    """
    cursor = db.query(
        """
        SELECT * FROM urls
        WHERE source_id = :source_id AND state = 'waiting' AND (next_fetch_at IS NULL OR next_fetch_at <= :at)
            AND (:since IS NULL OR coalesce(published_at, modified_at, :since) >= :since)
        ORDER BY coalesce(published_at, modified_at) DESC, rowid
        """,
        {"source_id": source_id, "at": from_time(at), "since": from_time_or_none(since)},
    )
    found: list[tuple[CanonicalUrl, Candidate]] = []
    for row in cursor:
        if len(found) >= limit:
            break
        if row["url"] not in skip:
            found.append((CanonicalUrl(row["url"]), _candidate(row)))
    return found


@reads
def count_waiting(db: Database, source_id: SourceId, at: datetime, *, before: datetime | None = None) -> int:
    """How many URLs of the source may be fetched at the time `at`; only those known to be from `before`, if given."""
    cursor = db.execute(
        """
        SELECT count(*) FROM urls
        WHERE source_id = :source_id AND state = 'waiting' AND (next_fetch_at IS NULL OR next_fetch_at <= :at)
            AND (:before IS NULL OR coalesce(published_at, modified_at) < :before)
        """,
        {"source_id": source_id, "at": from_time(at), "before": from_time_or_none(before)},
    )
    return int(cursor.fetchone()[0])


@reads
def refused(db: Database, source_id: SourceId, reason: Reason) -> list[CanonicalUrl]:
    """The URLs of the source that were refused for this reason."""
    cursor = db.execute(
        "SELECT url FROM urls WHERE source_id = ? AND state = 'refused' AND reason = ?", [source_id, reason]
    )
    return [CanonicalUrl(url) for (url,) in cursor]


@writes
def wait_again(db: Database, urls: Iterable[CanonicalUrl]) -> None:
    """Lets URLs wait that were settled, because what settled them holds no longer."""
    db.conn.executemany(
        "UPDATE urls SET state = 'waiting', reason = NULL, next_fetch_at = NULL WHERE url = ?", [[url] for url in urls]
    )


@reads
def newest_row(db: Database) -> int:
    """A mark in the order of discovery; `count_since` counts what came after it."""
    return int(db.execute("SELECT coalesce(max(rowid), 0) FROM urls").fetchone()[0])


@reads
def count_since(db: Database, source_id: SourceId, mark: int) -> int:
    """How many URLs of the source were discovered after the mark; those that `settle_along` only met do not count."""
    cursor = db.execute(
        "SELECT count(*) FROM urls WHERE rowid > ? AND source_id = ? AND (crawl_id IS NOT NULL OR state = 'waiting')",
        [mark, source_id],
    )
    return int(cursor.fetchone()[0])


@writes
def settle(
    db: Database,
    url: CanonicalUrl,
    *,
    state: UrlState,
    reason: Reason | None = None,
    article_id: ArticleId | None = None,
    crawl_id: CrawlId,
    at: datetime,
    retry_at: datetime | None = None,
) -> None:
    """Records what became of a URL, and counts the try.

    With `retry_at`, one that failed or is put off (waiting) comes again from then on. A URL that was not known is
    remembered as one of the crawl's source, discovered `at`. An article that it led to before stays known; and one
    whose address it is keeps it, wherever that leads now.
    """
    db.execute(
        f"""
        INSERT INTO urls (url, source_id, discovered_at, state, reason, tries, next_fetch_at, article_id, crawl_id)
        SELECT :url, source_id, :at, :state, :reason, 1, :retry_at, coalesce({_OWNER}, :article_id), id
        FROM crawls WHERE id = :crawl_id
        ON CONFLICT (url) DO UPDATE SET state = excluded.state, reason = excluded.reason,
            tries = CASE excluded.state WHEN 'fetched' THEN 1 ELSE tries + 1 END,
            next_fetch_at = excluded.next_fetch_at, article_id = coalesce(excluded.article_id, article_id),
            crawl_id = excluded.crawl_id
        """,
        {
            "url": url,
            "at": from_time(at),
            "state": state,
            "reason": reason,
            "retry_at": from_time_or_none(retry_at),
            "article_id": article_id,
            "crawl_id": crawl_id,
        },
    )


@writes
def fail(db: Database, url: CanonicalUrl, reason: Reason, *, crawl_id: CrawlId, at: datetime) -> None:
    """Records that a URL brought nothing, for a `PASSING` reason, and when it may be tried again.

    It rests for `FIRST_REST`, doubled with every try up to `LONGEST_REST`, and is left alone after `MAX_TRIES`, or
    `MAX_TRIES_KNOWN`.
    """
    row = get(db, url)
    retry_at = at + min(LONGEST_REST, FIRST_REST * 2 ** min(row.tries if row else 0, 16))
    settle(db, url, state=UrlState.FAILED, reason=reason, crawl_id=crawl_id, at=at, retry_at=retry_at)


@writes
def settle_along(
    db: Database,
    source_id: SourceId,
    addresses: Iterable[CanonicalUrl],
    *,
    state: UrlState,
    reason: Reason,
    article_id: ArticleId | None,
    crawl_id: CrawlId,
    at: datetime,
) -> None:
    """Records that further addresses came to the same as one that was fetched, so that they need not be asked for.

    Those that were waiting are the crawl's to account for; those never announced are remembered without a crawl, and
    those settled before stay as they are. One that is an article's own leads to that.
    """
    db.conn.executemany(
        f"""
        INSERT INTO urls (url, source_id, discovered_at, state, reason, article_id)
        VALUES (:url, :source_id, :at, :state, :reason, coalesce({_OWNER}, :article_id))
        ON CONFLICT (url) DO UPDATE SET state = excluded.state, reason = excluded.reason, next_fetch_at = NULL,
            article_id = coalesce(excluded.article_id, article_id), crawl_id = :crawl_id
            WHERE state IN ('waiting', 'failed')
        """,
        [
            {
                "url": url,
                "source_id": source_id,
                "at": from_time(at),
                "state": state,
                "reason": reason,
                "article_id": article_id,
                "crawl_id": crawl_id,
            }
            for url in addresses
        ],
    )


@reads
def get(db: Database, url: CanonicalUrl) -> UrlRow | None:
    """What is known of the URL; None for nothing."""
    for row in db.query("SELECT * FROM urls WHERE url = ?", [url]):
        return _url_row(row)
    return None


@reads
def every(db: Database) -> list[UrlRow]:
    """All URLs, in the order of discovery: for an archive small enough to be held in memory."""
    return [_url_row(row) for row in db.query("SELECT * FROM urls ORDER BY rowid")]


@reads
def counts(db: Database, crawl_id: CrawlId) -> dict[tuple[UrlState, str | None], int]:
    """How many URLs the crawl settled, by state and reason."""
    rows = db.query(
        "SELECT state, reason, count(*) AS urls FROM urls WHERE crawl_id = ? GROUP BY state, reason", [crawl_id]
    )
    return {(UrlState(row["state"]), row["reason"]): row["urls"] for row in rows}


def _url_row(row: dict[str, Any]) -> UrlRow:
    return UrlRow(
        url=CanonicalUrl(row["url"]),
        source_id=SourceId(row["source_id"]),
        candidate=_candidate(row) if row["kind"] else None,
        state=UrlState(row["state"]),
        reason=row["reason"],
        tries=row["tries"],
        next_fetch_at=to_time_or_none(row["next_fetch_at"]),
        article_id=row["article_id"],
        crawl_id=row["crawl_id"],
    )


def _row(source_id: SourceId, url: CanonicalUrl, candidate: Candidate, at: datetime) -> dict[str, Any]:
    return {
        "url": url,
        "source_id": source_id,
        "discovered_at": from_time(at),
        # a link is no advert: it may lead anywhere
        "advertised_at": None if candidate.kind is EndpointKind.SECTION else from_time(at),
        "found_in": candidate.found_in,
        "kind": candidate.kind,
        # Once more, at no cost worth naming: a lone surrogate in one feed's title must not stop a crawl.
        "title": text.line(candidate.title),
        "published_at": from_time_or_none(candidate.published_at),
        "modified_at": from_time_or_none(candidate.modified_at),
        "state": UrlState.WAITING,
        "reason": None,
        "crawl_id": None,
    }


def _candidate(row: dict[str, Any]) -> Candidate:
    """The candidate as it was announced; its URL is the canonical one."""
    return Candidate(
        url=row["url"],
        found_in=row["found_in"] or row["url"],
        kind=EndpointKind(row["kind"] or EndpointKind.SECTION),
        title=row["title"],
        published_at=to_time_or_none(row["published_at"]),
        modified_at=to_time_or_none(row["modified_at"]),
    )
