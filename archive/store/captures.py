"""The responses as they came: one row for each, whether an article came of it or not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from archive import text
from archive.models import ArticleId, CanonicalUrl, Capture, CaptureId, CrawlId
from archive.store.columns import from_time, to_time
from archive.store.connection import inserted, reads, writes


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
    error: str | None
    """Why no article came of it; a value of `Reason`, or of a newer version's."""


@writes
def add(
    db: Database,
    capture: Capture,
    *,
    crawl_id: CrawlId | None,
    payload_sha256: str | None,
    error: str | None = None,
) -> CaptureId:
    """Records a response; `error` says why it is of no use."""
    return CaptureId(
        inserted(
            db,
            """
            INSERT INTO captures
                (url, crawl_id, fetched_at, status, content_type, etag, last_modified, payload_sha256, error)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
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
                payload_sha256,
                error,
            ],
        )
    )


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
        error=row["error"],
    )
