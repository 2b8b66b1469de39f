"""An archive with its WARC files, into which pages of a plain form are written, and extractors that disagree on them.

A page is a title and paragraphs, with a blank line between each; its title may begin with "Members only:".
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from archive import text
from archive.capturing import keep, open_warc, warc_directory
from archive.errors import ExtractionError
from archive.ingest import Ingested, ingest
from archive.models import (
    Article,
    BlockKind,
    CanonicalUrl,
    Capture,
    Exchange,
    FieldValue,
    Method,
    Prepared,
    Reason,
    Rejection,
)
from archive.pool import ExtractionPool
from archive.reextract.reading import Reader
from archive.reextract.running import Finding, Reextracting
from archive.store import Database, boilerplate
from archive.store.reextractions import Selection
from archive.urls import canonical
from archive.warc.notes import Asked
from archive.warc.writing import Author
from tests.archive import stories
from tests.archive.stories import later, url

AUTHOR = Author(key="courier", lines={"software": "newsarchive", "isPartOf": "courier"})
TODAY = "newsarchive 2"
WALL = "Members only:"


def prepared(capture: Capture, outcome: Article | Rejection) -> Prepared:
    body = outcome.text if isinstance(outcome, Article) else None
    return Prepared(
        capture=replace(capture, body=b""),
        outcome=outcome,
        content_hash=text.content_hash(body) if body is not None else None,
        word_count=text.word_count(body or ""),
    )


def article(capture: Capture) -> Article:
    """What a page holds, walls or not."""
    title, *paragraphs = capture.body.decode().removeprefix(WALL).strip().split("\n\n")
    address = canonical(capture.final_url) or capture.url
    return Article(
        url=address,
        title=title,
        text=text.PARAGRAPH_BREAK.join(paragraphs),
        blocks=(BlockKind.PARAGRAPH,) * len(paragraphs),
        authors=("Ann Lee",),
        section="Harbour",
        language="en",
        is_free=True,
        fields=(
            FieldValue(field="title", value=title, method=Method.HTML, chosen=True),
            FieldValue(field="authors", value='["Ann Lee"]', method=Method.HTML, chosen=True),
            FieldValue(field="section", value="Harbour", method=Method.META, chosen=True),
            FieldValue(field="language", value="en", method=Method.HTML, chosen=True),
            FieldValue(field="canonical_url", value=address, method=Method.HTML, chosen=True),
        ),
    )


def chosen(found: Article, field: str, value: str | None) -> tuple[FieldValue, ...]:
    """The article's readings with another one chosen."""
    kept = tuple(reading for reading in found.fields if reading.field != field)
    new = () if value is None else (FieldValue(field=field, value=value, method=Method.META, chosen=True),)
    return (*kept, *new)


def as_before(capture: Capture) -> Prepared:
    """The extractor with which everything was written."""
    if capture.body.decode().startswith(WALL):
        return prepared(capture, Rejection(reason=Reason.WALL, evidence="“Members only”"))
    return prepared(capture, article(capture))


def shouting(capture: Capture) -> Prepared:
    """Titles in capitals, a subtitle, no section; and the last paragraph is lost."""
    old = as_before(capture)
    if isinstance(old.outcome, Rejection):
        return old
    found = old.outcome
    fields = chosen(found, "title", found.title.upper())
    fields = chosen(replace(found, fields=fields), "subtitle", "All about it")
    fields = chosen(replace(found, fields=fields), "section", None)
    new = replace(
        found,
        title=found.title.upper(),
        subtitle="All about it",
        section=None,
        text=text.PARAGRAPH_BREAK.join(text.paragraphs(found.text)[:-1]),
        blocks=found.blocks[:-1],
        fields=fields,
    )
    return prepared(capture, new)


def over_the_wall(capture: Capture) -> Prepared:
    """What was rejected before is an article."""
    return prepared(capture, article(capture))


def refusing(capture: Capture) -> Prepared:
    """Nothing is an article that speaks of ferries."""
    if b"ferries" in capture.body:
        return prepared(capture, Rejection(reason=Reason.SECTION_PAGE, evidence="a list of ferries"))
    return shouting(capture)


def moved(capture: Capture) -> Prepared:
    """Every page names another address."""
    found = as_before(capture).outcome
    if isinstance(found, Rejection):
        return as_before(capture)
    return prepared(capture, replace(found, url=url("elsewhere"), title=found.title.upper()))


def failing(capture: Capture) -> Prepared:
    """A library fails on pages that speak of ferries."""
    if b"ferries" in capture.body:
        raise ExtractionError("extraction failed: a test", capture.url)
    return shouting(capture)


def interrupted(capture: Capture) -> Prepared:
    """Fails as no extractor may, on a page that says so."""
    if b"Stop here" in capture.body:
        raise KeyboardInterrupt
    return shouting(capture)


class Press:
    """An archive with one source, and what was kept of its responses."""

    def __init__(self, db: Database, path: Path, host: str = "courier.example") -> None:
        self.db = db
        self.host = host
        self.source_id, self.crawl_id = stories.source_and_crawl(db, host)
        self.directory = warc_directory(path)
        self.warc, _ = open_warc(db, self.directory)

    def address(self, path: str) -> CanonicalUrl:
        return url(path, self.host)

    def publish(self, path: str, *parts: str, hours: float = 0, kept: bool = True) -> Ingested:
        """A page as a crawl meets it."""
        address = self.address(path)
        exchange = Exchange(
            url=address,
            fetched_at=later(hours=hours),
            status=200,
            headers=((b"Content-Type", b"text/html"),),
            payload="\n\n".join(parts).encode(),
        )
        asked = Asked(url=address, is_page=True)
        warc = self.warc if kept else None
        held = keep(self.db, warc, exchange, author=AUTHOR, crawl_id=self.crawl_id, asked=asked)
        capture = Capture(
            id=held.id,
            url=address,
            final_url=address,
            fetched_at=exchange.fetched_at,
            status=200,
            content_type="text/html",
            body=exchange.payload,
        )
        return ingest(
            self.db,
            as_before(capture),
            source_id=self.source_id,
            crawl_id=self.crawl_id,
            at=exchange.fetched_at,
            lines=boilerplate.known(self.db, self.source_id),
        )

    def run(
        self,
        extract: Callable[[Capture], Prepared],
        *,
        writes: bool = False,
        extractor: str = TODAY,
        selection: Selection | None = None,
        limit: int | None = None,
        processes: int = 0,
    ) -> Reextracting:
        return Reextracting(
            self.db,
            selection or Selection(),
            reader=Reader(directory=self.directory, extract=extract),
            pool=ExtractionPool(processes, 60.0),
            limit=limit,
            writes=writes,
            extractor=extractor,
        )

    def apply(
        self, extract: Callable[[Capture], Prepared], *, extractor: str = TODAY, selection: Selection | None = None
    ) -> list[Finding]:
        return list(self.run(extract, writes=True, extractor=extractor, selection=selection).findings())

    def file_of(self, path: str) -> tuple[Path, int, int]:
        """The file in which the first response of an address is kept, where it begins, and its length."""
        file, offset, length = self.db.execute(
            "SELECT warc_file, warc_offset, warc_length FROM captures WHERE url = ? ORDER BY id", [self.address(path)]
        ).fetchone()
        return self.directory / file, offset, length


def dump(db: Database) -> list[str]:
    """All rows but notes of runs and what waits to be done, as SQL; then the words of the full text, not its pages."""
    tables = ('"reextractions"', '"unsealed"', '"unplaced"', '"articles_fts', '"sqlite_')
    skipped = tuple(f"INSERT INTO {table}" for table in tables)
    lines = [line for line in db.conn.iterdump() if not line.startswith(skipped)]
    db.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab('main', 'articles_fts', 'instance')")
    words = [str(row) for row in db.execute("SELECT * FROM words ORDER BY 1, 2, 3, 4").fetchall()]
    db.execute("DROP TABLE temp.words")
    return lines + words
