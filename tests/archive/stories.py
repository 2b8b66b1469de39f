"""Articles and prepared pages for the tests of the store: small, and different where a test says so."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from archive import sketches, text
from archive.ingest import Ingested, ingest
from archive.models import (
    AddressKind,
    Article,
    ArticleId,
    BlockKind,
    Candidate,
    CanonicalUrl,
    Capture,
    CrawlId,
    EndpointKind,
    FieldValue,
    Method,
    Precision,
    Prepared,
    Reason,
    Rejection,
    SourceId,
)
from archive.store import Database, articles, crawls, sources, urls
from archive.urls import canonical

NOON = datetime(2026, 7, 4, 12, 0, tzinfo=UTC)
HARBOUR = (
    "The harbour of Lindqvist will be closed to all ferries from Monday, the port authority said.\n\n"
    "Divers found cracks in the northern quay that run deeper than anyone had feared, and the repair of them "
    "may take until the spring. Fishing boats can use the old basin behind the customs house.\n\n"
    "Owners of the three ferries said that they would carry passengers from Norra Hamn instead."
)
BUDGET = (
    "The council has passed a budget that raises the fee for parking by a third and spends it on trams.\n\n"
    "Eleven members voted for it and nine against, after a debate of seven hours which the mayor called tedious. "
    "Two lines are to run every six minutes from next year, and a depot is to be built near the river."
)


def address(whole: str) -> CanonicalUrl:
    found = canonical(whole)
    assert found is not None
    return found


def url(path: str, host: str = "courier.example") -> CanonicalUrl:
    return address(f"https://{host}/{path}")


def later(**passed: float) -> datetime:
    return NOON + timedelta(**passed)


def article(
    at: CanonicalUrl | None = None,
    *,
    title: str = "Harbour closed until spring",
    body: str = HARBOUR,
    addresses: tuple[tuple[AddressKind, CanonicalUrl], ...] = (),
    modified_at: datetime | None = None,
    language: str | None = "en",
    authors: tuple[str, ...] = ("Ann Lee", "Bo Øst"),
    subtitle: str | None = None,
    published_at: datetime | None = NOON,
) -> Article:
    at = at or url("2026/harbour")
    return Article(
        url=at,
        title=title,
        subtitle=subtitle,
        text=body,
        blocks=(BlockKind.PARAGRAPH,) * len(text.paragraphs(body)),
        authors=authors,
        published_at=published_at,
        published_precision=Precision.MINUTE if published_at else None,
        published_offset="+02:00" if published_at else None,
        modified_at=modified_at,
        tags=("harbour", "ferries"),
        language=language,
        is_free=True,
        addresses=addresses,
        fields=(
            FieldValue(field="title", value=title, method=Method.JSON_LD, chosen=True),
            FieldValue(field="title", value=f"{title} | Courier", method=Method.HTML),
            FieldValue(field="canonical_url", value=at, method=Method.HTML, chosen=True),
        ),
    )


def replaced(article: Article, **values: object) -> Article:
    """The article with other values."""
    return replace(article, **values)  # type: ignore[arg-type]


def capture(
    asked: CanonicalUrl, final: str | None = None, *, redirects: tuple[str, ...] = (), at: datetime = NOON
) -> Capture:
    return Capture(
        url=asked,
        final_url=final or asked,
        fetched_at=at,
        status=200,
        content_type="text/html; charset=utf-8",
        body=b"",
        redirects=redirects,
        etag='"abc"',
        payload_sha256="0" * 64,
    )


def prepared(
    outcome: Article, *, asked: CanonicalUrl | None = None, final: str | None = None, redirects: tuple[str, ...] = ()
) -> Prepared:
    """A page at `asked` (its own address, unless told otherwise) that was found at `final`."""
    return Prepared(
        capture=capture(asked or outcome.url, final, redirects=redirects),
        outcome=outcome,
        content_hash=text.content_hash(outcome.text),
        word_count=text.word_count(outcome.text),
        sketch=sketches.sketch(text.words(outcome.text)),
    )


def rejected(asked: CanonicalUrl, reason: Reason = Reason.WALL, *, final: str | None = None) -> Prepared:
    return Prepared(
        capture=capture(asked, final),
        outcome=Rejection(reason=reason, evidence="“Please log in”"),
        content_hash=None,
    )


def candidate(address: CanonicalUrl, **hints: str | datetime | None) -> Candidate:
    return Candidate(url=address, found_in=url("feed.xml"), kind=EndpointKind.FEED, **hints)  # type: ignore[arg-type]


def source_and_crawl(db: Database, host: str = "courier.example") -> tuple[SourceId, CrawlId]:
    source = sources.add(db, url=f"https://{host}/")
    return source.id, crawls.start(db, source.id, NOON)


class Newspaper:
    """An archive with one source, into which pages are written."""

    def __init__(self, db: Database, host: str = "courier.example") -> None:
        self.db = db
        self.source_id, self.crawl_id = source_and_crawl(db, host)

    def write(self, page: Prepared, *, hours: float = 0) -> Ingested:
        return ingest(self.db, page, source_id=self.source_id, crawl_id=self.crawl_id, at=later(hours=hours))

    def wait_for(self, *addresses: CanonicalUrl) -> None:
        urls.add(self.db, self.source_id, [(address, candidate(address)) for address in addresses], NOON)

    def waiting(self) -> list[str]:
        return [u for u, _ in urls.next_waiting(self.db, self.source_id, at=later(days=9), limit=99)]

    def stored(self, article_id: ArticleId | None) -> articles.StoredArticle:
        assert article_id is not None
        return articles.get(self.db, article_id)

    def at(self, address: CanonicalUrl) -> articles.StoredArticle:
        """The article that is known under an address."""
        return self.stored(articles.find(self.db, address))
