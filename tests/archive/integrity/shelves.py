"""A small archive with its WARC files, for tests that damage it."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from archive.capturing import keep, open_warc, warc_directory
from archive.erasing import erase_capture
from archive.ingest import Ingested, ingest
from archive.integrity import Finding, Scope, Verified
from archive.models import CrawlId, Exchange, Prepared, SourceId
from archive.sealing import seal
from archive.store import Database, open_archive
from archive.warc.notes import Asked
from archive.warc.writing import Author
from tests.archive import stories
from tests.archive.stories import BUDGET, HARBOUR, NOON, url

AUTHOR = Author(key="courier/1", lines={"software": "newsarchive"})
STORIES: Mapping[str, tuple[str, str]] = {
    "2026/harbour": ("Harbour closed until spring", HARBOUR),
    "2026/budget": ("Budget passed after seven hours", BUDGET),
    "2026/bridge": (
        "早茶站 opens beneath the bridge",
        "渡船 and tea are served there.\n\nNobody asked for them.",
    ),
}


def html(title: str, body: str) -> bytes:
    paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in body.split("\n\n"))
    return f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{paragraphs}</body></html>".encode()


@dataclass(frozen=True)
class Shelf:
    """Where the archive is; each method opens it for itself, as a process of its own would."""

    path: Path

    @property
    def directory(self) -> Path:
        return warc_directory(self.path)

    @property
    def warc(self) -> Path:
        (path,) = self.directory.iterdir()
        return path

    def crawl(
        self, pages: Mapping[str, tuple[str, str]] = STORIES, *, sealed: bool = True, erases: bool = False
    ) -> list[Ingested]:
        """What a crawl does to the archive."""
        with closing(open_archive(self.path)) as db:
            warc, _ = open_warc(db, self.directory)
            if db.execute("SELECT count(*) FROM sources").fetchone() == (0,):
                stories.source_and_crawl(db)
            found = [self._store(db, warc, *page, erases=erases) for page in pages.items()]
            if sealed:
                seal(db, warc, AUTHOR, at=NOON, crawl_id=CrawlId(1))
            warc.close()
            return found

    def _store(self, db: Database, warc: object, path: str, page: tuple[str, str], *, erases: bool) -> Ingested:
        title, body = page
        address = url(path)
        exchange = Exchange(
            url=address,
            fetched_at=NOON,
            status=200,
            reason="OK",
            headers=((b"Content-Type", b"text/html; charset=utf-8"),),
            payload=html(title, body),
        )
        asked = Asked(url=address, candidate=stories.candidate(address, title=title), is_page=True)
        kept = keep(db, warc, exchange, author=AUTHOR, crawl_id=CrawlId(1), asked=asked)  # type: ignore[arg-type]
        prepared: Prepared = stories.prepared(stories.article(address, title=title, body=body))
        prepared = replace(prepared, capture=replace(prepared.capture, id=kept.id))
        result = ingest(db, prepared, source_id=SourceId(1), crawl_id=CrawlId(1), at=NOON)
        if erases and result.tombstone is not None:
            erase_capture(db, self.directory, kept.id, result.tombstone, NOON)
        return result

    def capture(self, path: str, payload: bytes) -> None:
        """A response that is no article's."""
        with closing(open_archive(self.path)) as db:
            warc, _ = open_warc(db, self.directory)
            exchange = Exchange(url=url(path), fetched_at=NOON, status=200, payload=payload)
            keep(db, warc, exchange, author=AUTHOR, crawl_id=CrawlId(1), asked=Asked(url=url(path)))
            seal(db, warc, AUTHOR, at=NOON)
            warc.close()

    def verify(self, **wish: object) -> list[Finding]:
        """All findings, notes among them."""
        anchor = wish.pop("anchor", None)
        with closing(open_archive(self.path, readonly=True)) as db:
            scope = Scope(db=db, directory=self.directory, **wish)  # type: ignore[arg-type]
            return list(Verified(scope=scope, anchor=anchor).findings())  # type: ignore[arg-type]

    def wrong(self, **wish: object) -> list[str]:
        """Where something is wrong, and what."""
        return [f"{found.where}: {found.what}" for found in self.verify(**wish) if not found.is_note]

    def edit(self, *statements: str) -> None:
        """What somebody does with a tool of his own, who knows how to get past the triggers."""
        with closing(sqlite3.connect(self.path)) as plain:
            plain.create_function("segmented", 1, lambda text: text, deterministic=True)
            triggers = plain.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for name, _ in triggers:
                plain.execute(f"DROP TRIGGER {name}")
            for statement in statements:
                plain.execute(statement)
            for _, sql in triggers:
                plain.execute(sql)
            plain.commit()


def columns(shelf: Shelf, table: str) -> Iterator[tuple[str, str]]:
    with closing(sqlite3.connect(shelf.path)) as plain:
        for _, name, kind, *_ in plain.execute(f"PRAGMA table_info({table})"):
            yield name, kind
