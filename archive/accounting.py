"""The account of a crawl, or of what an import brought of a source, written into the WARC files at its end."""

from datetime import datetime

from archive.models import CrawlId, SourceId
from archive.store import Database, boilerplate, crawls, sources
from archive.warc import accounts
from archive.warc.accounts import Account, Line, Run
from archive.warc.writing import Author, WarcWriter


def beginning(db: Database, source_id: SourceId, crawl_id: CrawlId) -> dict[str, str]:
    """The field of a warcinfo record that tells of a crawl. Raises StoreError."""
    source, crawl = sources.get(db, source_id), crawls.get(db, crawl_id)
    if source is None or crawl is None:
        return {}
    run = Run(id=crawl_id, started_at=crawl.started_at, source=accounts.row_of(source))
    return {accounts.BEGINNING: accounts.told(run)}


def close(
    db: Database,
    warc: WarcWriter,
    author: Author,
    crawl_id: CrawlId,
    *,
    at: datetime,
    file: str | None = None,
) -> None:
    """Writes the account of a finished crawl. One whose source was taken away again has none: it never was.

    Raises: CaptureError, StoreError.
    """
    crawl = crawls.get(db, crawl_id)
    source = sources.get(db, crawl.source_id) if crawl else None
    if crawl is None or source is None or crawl.finished_at is None:
        return
    account = Account(
        crawl=crawl_id,
        started_at=crawl.started_at,
        finished_at=crawl.finished_at,
        outcome=crawl.outcome or "",
        counts=crawl.counts,
        source=accounts.row_of(source),
        lines=tuple(
            Line(line=line.line, rule=line.rule, spared=line.spared) for line in boilerplate.every(db, source.id)
        ),
        file=file,
    )
    uri = f"{accounts.ACCOUNT}{crawl_id}"
    warc.resource(author, uri, accounts.laid(account), at=at, content_type=accounts.CONTENT_TYPE)
