"""The responses as they came: one row for each, whether an article came of it or not."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from archive import text
from archive.models import ArticleId, CanonicalUrl, Capture, CaptureId, CrawlId, WarcPlace
from archive.store import seals
from archive.store.columns import from_time, to_time, to_time_or_none
from archive.store.connection import inserted, reads, streams, writes
from archive.warc.writing import Written


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureRow:
    """One response, without its body, which is in a WARC file if it was kept."""

    id: CaptureId
    url: CanonicalUrl
    """What was asked for."""
    crawl_id: CrawlId | None
    fetched_at: datetime
    status: int
    content_type: str | None
    etag: str | None
    last_modified: str | None
    payload_sha256: str | None
    """Of the body as it was sent, in hexadecimal."""
    place: WarcPlace | None
    """Where its record is; None where it was not kept."""
    record_id: str | None
    """Its WARC-Record-ID."""
    revisit_of: CaptureId | None
    """The capture whose record has the payload, where this one's says only that it is the same."""
    error: str | None
    """Why no article came of it; a value of `Reason`, or of a newer version's."""


@writes
def add(
    db: Database,
    capture: Capture,
    *,
    crawl_id: CrawlId | None,
    written: Written | None = None,
    revisit_of: CaptureId | None = None,
    location: CanonicalUrl | None = None,
) -> CaptureId:
    """Records a response, where its record is if it was kept, and where it leads if it is a redirect."""
    capture_id = CaptureId(
        inserted(
            db,
            """
            INSERT INTO captures
                (url, crawl_id, fetched_at, status, content_type, etag, last_modified, payload_sha256,
                 warc_file, warc_offset, warc_length, record_id, revisit_of, location)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                capture.url,
                crawl_id,
                from_time(capture.fetched_at),
                capture.status,
                # Header values are a server's bytes: what SQLite could not store must not lose the response.
                text.line(capture.content_type),
                text.line(capture.etag),
                text.line(capture.last_modified),
                capture.payload_sha256,
                written.place.file if written else None,
                written.place.offset if written else None,
                written.place.length if written else None,
                written.record_id if written else None,
                revisit_of,
                location,
            ],
        )
    )
    seals.made(db, "captures", capture_id)
    return capture_id


@writes
def reject(db: Database, capture_id: CaptureId, error: str, *, extractor: str) -> None:
    """Notes why no article came of a response, and name and version of what found none in it."""
    db.execute("UPDATE captures SET error = ?, extractor = ? WHERE id = ?", [error, extractor, capture_id])


@reads
def get(db: Database, capture_id: CaptureId) -> CaptureRow | None:
    """One response."""
    return next((_row(row) for row in db.query("SELECT * FROM captures WHERE id = ?", [capture_id])), None)


@reads
def with_payload(db: Database, payload_sha256: str) -> CaptureRow | None:
    """The kept response that has these very bytes as its body, the oldest of them; no revisit."""
    rows = db.query(
        """
        SELECT * FROM captures
        WHERE payload_sha256 = ? AND warc_file IS NOT NULL AND revisit_of IS NULL
        ORDER BY id LIMIT 1
        """,
        [payload_sha256],
    )
    return next(map(_row, rows), None)


@reads
def by_record(db: Database, record_id: str) -> CaptureRow | None:
    """The response whose record has this WARC-Record-ID."""
    return next((_row(row) for row in db.query("SELECT * FROM captures WHERE record_id = ?", [record_id])), None)


@writes
def assign(db: Database, capture_id: CaptureId, crawl_id: CrawlId) -> None:
    """Says to which crawl a response belongs that was found without one."""
    seals.changing(db, "captures", capture_id, why="imported")
    db.execute("UPDATE captures SET crawl_id = ? WHERE id = ?", [crawl_id, capture_id])


@reads
def at(db: Database, url: CanonicalUrl, fetched_at: datetime) -> CaptureRow | None:
    """The kept response of an address at a time, its payload with it."""
    rows = db.query(
        """
        SELECT * FROM captures
        WHERE url = ? AND fetched_at = ? AND warc_file IS NOT NULL AND revisit_of IS NULL ORDER BY id LIMIT 1
        """,
        [url, from_time(fetched_at)],
    )
    return next(map(_row, rows), None)


@reads
def leading_to(db: Database, url: CanonicalUrl, *, hops: int) -> list[tuple[CanonicalUrl, datetime]]:
    """The addresses that were seen to redirect here, over so many others at most, each with when it first was."""
    rows = db.execute(
        """
        WITH RECURSIVE way (url, at, hops) AS (
            SELECT url, fetched_at, 1 FROM captures WHERE location = :url AND url <> :url
            UNION
            SELECT captures.url, captures.fetched_at, hops + 1 FROM way JOIN captures ON captures.location = way.url
            WHERE captures.url <> :url AND hops < :hops
        )
        SELECT url, min(at) FROM way GROUP BY url ORDER BY min(at), url
        """,
        {"url": url, "hops": hops},
    )
    return [(CanonicalUrl(row[0]), to_time(row[1])) for row in rows.fetchall()]


@reads
def redirected_at(db: Database, url: CanonicalUrl) -> datetime | None:
    """When an address was first seen to redirect to another one."""
    sql = "SELECT min(fetched_at) FROM captures WHERE url = ? AND location IS NOT NULL"
    return to_time_or_none(db.execute(sql, [url]).fetchone()[0])


@reads
def latest(db: Database, url: CanonicalUrl) -> CaptureRow | None:
    """The newest kept response of an address that had a body of its own to show."""
    rows = db.query(
        """
        SELECT * FROM captures
        WHERE url = ? AND warc_file IS NOT NULL AND status BETWEEN 200 AND 299
        ORDER BY fetched_at DESC, id DESC LIMIT 1
        """,
        [url],
    )
    return next(map(_row, rows), None)


@reads
def article_of(db: Database, capture_id: CaptureId, *, url: CanonicalUrl, extractor: str) -> ArticleId | None:
    """The article whose newest state was read from a response by this very extractor, and that answers at `url`."""
    row = db.execute(
        """
        SELECT article_id FROM revisions JOIN articles ON articles.id = article_id AND articles.revisions = number
        JOIN article_urls USING (article_id)
        WHERE capture_id = ? AND extractor = ? AND article_urls.url = ? AND article_urls.kind = 'fetched'
        """,
        [capture_id, extractor, url],
    ).fetchone()
    return ArticleId(row[0]) if row else None


@reads
def end_of(db: Database, warc_file: str) -> int | None:
    """The byte after the last response in a file that the archive knows, be it erased; None where it knows none."""
    row = db.execute(
        """
        SELECT max(ends) FROM (
            SELECT max(warc_offset + warc_length) AS ends FROM captures
            WHERE warc_file = :file AND warc_offset = (SELECT max(warc_offset) FROM captures WHERE warc_file = :file)
            UNION ALL SELECT max(warc_offset + warc_length) FROM erasures WHERE warc_file = :file
        )
        """,
        {"file": warc_file},
    ).fetchone()
    return None if row[0] is None else int(row[0])


@streams
def in_file(db: Database, warc_file: str, begins: int = 0) -> Iterator[CaptureRow]:
    """The responses whose records are in a file from a byte on, in their order there."""
    sql = "SELECT * FROM captures WHERE warc_file = ? AND warc_offset >= ? ORDER BY warc_offset"
    yield from map(_row, db.query(sql, [warc_file, begins]))


@reads
def end_before(db: Database, warc_file: str, begins: int) -> int:
    """Where in a file the last record of a response ends that comes before a byte; 0 for none."""
    sql = """
        SELECT warc_offset + warc_length FROM captures
        WHERE warc_file = ? AND warc_offset < ? ORDER BY warc_offset DESC LIMIT 1
        """
    found = db.conn.execute(sql, [warc_file, begins]).fetchone()
    return int(found[0]) if found else 0


@reads
def of_states(db: Database, article_id: ArticleId) -> list[CaptureRow]:
    """The responses from which the states of an article were read, and the first of each of its addresses.

    Redirects are among them. Each once, the oldest first.
    """
    rows = db.query(
        """
        SELECT * FROM captures WHERE id IN (
            SELECT capture_id FROM revisions WHERE article_id = :id
            UNION
            SELECT (
                SELECT id FROM captures WHERE url = article_urls.url AND status BETWEEN 200 AND 399 AND status <> 304
                ORDER BY fetched_at, id LIMIT 1
            ) FROM article_urls WHERE article_id = :id
        ) ORDER BY fetched_at, id
        """,
        {"id": article_id},
    )
    return [_row(row) for row in rows]


@reads
def next_place(db: Database, warc_file: str, after: int) -> int | None:
    """Where the first record of a response after a byte of a file begins."""
    sql = "SELECT min(warc_offset) FROM captures WHERE warc_file = ? AND warc_offset > ?"
    found = db.conn.execute(sql, [warc_file, after]).fetchone()[0]
    return None if found is None else int(found)


@reads
def files(db: Database) -> list[str]:
    """The names of the files in which records of responses are."""
    found: list[str] = []
    while row := db.conn.execute(
        "SELECT min(warc_file) FROM captures WHERE warc_file > ?", [found[-1] if found else ""]
    ).fetchone():
        if row[0] is None:
            break
        found.append(row[0])
    return found


@reads
def first_since(db: Database, warc_file: str, since: datetime) -> int | None:
    """Where in a file the first record of a response begins that came since."""
    sql = "SELECT min(warc_offset) FROM captures WHERE warc_file = ? AND fetched_at >= ?"
    found = db.conn.execute(sql, [warc_file, from_time(since)]).fetchone()[0]
    return None if found is None else int(found)


@reads
def count_in(db: Database, warc_file: str) -> int:
    """How many responses have their records in a file."""
    sql = "SELECT count(*) FROM captures WHERE warc_file = ?"
    return int(db.conn.execute(sql, [warc_file]).fetchone()[0])


@reads
def of_article(db: Database, article_id: ArticleId) -> list[CaptureRow]:
    """All responses of the addresses under which the article is known, the oldest first."""
    rows = db.query(
        """
        SELECT captures.* FROM article_urls JOIN captures ON captures.url = article_urls.url
        WHERE article_urls.article_id = ? ORDER BY captures.fetched_at, captures.id
        """,
        [article_id],
    )
    return [_row(row) for row in rows]


def _row(row: Mapping[str, Any]) -> CaptureRow:
    return CaptureRow(
        id=row["id"],
        url=row["url"],
        crawl_id=row["crawl_id"],
        fetched_at=to_time(row["fetched_at"]),
        status=row["status"],
        content_type=row["content_type"],
        etag=row["etag"],
        last_modified=row["last_modified"],
        payload_sha256=row["payload_sha256"],
        place=_place(row),
        record_id=row["record_id"],
        revisit_of=row["revisit_of"],
        error=row["error"],
    )


def _place(row: Mapping[str, Any]) -> WarcPlace | None:
    if row["warc_file"] is None:
        return None
    return WarcPlace(file=row["warc_file"], offset=row["warc_offset"], length=row["warc_length"])
