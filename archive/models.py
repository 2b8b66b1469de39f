"""The records that travel through the archive: typed, frozen, picklable, and without behaviour.

Every time is an aware `datetime` in UTC. Every text is normalised by `archive.text` before it gets here: no control
characters, no lone surrogates, NFC.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

SourceId = NewType("SourceId", int)
CrawlId = NewType("CrawlId", int)
CaptureId = NewType("CaptureId", int)
ImportId = NewType("ImportId", int)
ArticleId = NewType("ArticleId", int)

CanonicalUrl = NewType("CanonicalUrl", str)
"""A URL in the one form under which the archive knows it; made by `archive.urls.canonical` alone."""


class EndpointKind(StrEnum):
    """What kind of page announces articles."""

    FEED = "feed"
    SITEMAP = "sitemap"
    NEWS_SITEMAP = "news_sitemap"
    SECTION = "section"


class Precision(StrEnum):
    """How exactly a time is known: the archive never guesses what the page did not say."""

    SECOND = "second"
    MINUTE = "minute"
    DAY = "day"


class Method(StrEnum):
    """Where the value of a field was read."""

    JSON_LD = "json-ld"
    MICRODATA = "microdata"
    OPENGRAPH = "opengraph"
    META = "meta"
    HTML = "html"
    TRAFILATURA = "trafilatura"
    FEED = "feed"
    SITEMAP = "sitemap"
    URL = "url"
    TEXT = "text"


class BlockKind(StrEnum):
    """What a paragraph of the body is, so that Markdown and HTML can be made of the plain text."""

    PARAGRAPH = "p"
    HEADING2 = "h2"
    HEADING3 = "h3"
    ITEM = "li"
    QUOTE = "quote"
    CODE = "code"
    TABLE = "table"
    CAPTION = "caption"


class UrlState(StrEnum):
    """What became of a URL that we know of."""

    WAITING = "waiting"
    FETCHED = "fetched"
    REFUSED = "refused"
    FAILED = "failed"


class AddressKind(StrEnum):
    """How we know that an article is also found at an address."""

    CANONICAL = "canonical"
    FETCHED = "fetched"
    REDIRECT = "redirect"
    AMP = "amp"
    ALTERNATE = "alternate"
    GUID = "guid"


class Reason(StrEnum):
    """Why a URL is not (or not yet) an article of the archive; each is counted in a crawl's summary."""

    OFF_SITE = "another site"
    NOT_ARTICLE_URL = "address of no article"
    OLDER = "older than --since"
    EXCLUDED = "excluded by the source's settings"
    ROBOTS = "forbidden by robots.txt"
    ROBOTS_UNAVAILABLE = "robots.txt could not be had"
    BUSY = "asked to come back later"
    PRIVATE_ADDRESS = "not a public address"
    TOO_LONG = "address too long"
    REDIRECTED_AWAY = "redirected to another site"
    REDIRECT_LOOP = "redirected too often"
    REDIRECT_KNOWN = "redirected to an address known already"
    SAME_ARTICLE = "another address of an article known already"
    HTTP_GONE = "not found"
    HTTP_REFUSED = "refused by the server"
    HTTP_ERROR = "server error"
    DNS = "host not found"
    CONNECTION = "connection failed"
    TIMEOUT = "timed out"
    TRUNCATED = "response cut off"
    TOO_LARGE = "response too large"
    NOT_HTML = "not HTML"
    EMPTY = "empty page"
    NO_TEXT = "no article text"
    SECTION_PAGE = "section or listing"
    ERROR_PAGE = "error page with status 200"
    WALL = "login, consent or pay wall"
    SERVICE_PAGE = "about the site itself"
    MEDIA_PAGE = "video, audio or gallery page"
    EXTRACTION_FAILED = "extraction failed"
    EXTRACTION_TIMEOUT = "extraction took too long"
    WORKER_DIED = "extraction worker died"
    TAKEN_DOWN = "taken down"
    REHEARSED = "not fetched: a dry run"


PASSING = frozenset(
    {
        Reason.ROBOTS_UNAVAILABLE,
        Reason.HTTP_REFUSED,
        Reason.HTTP_ERROR,
        Reason.DNS,
        Reason.CONNECTION,
        Reason.TIMEOUT,
        Reason.TRUNCATED,
        Reason.EXTRACTION_FAILED,
        Reason.EXTRACTION_TIMEOUT,
        Reason.WORKER_DIED,
    }
)
"""Reasons that say something about the moment: the address has failed, and is asked for again by later crawls. Every
other reason says something about the page: the address is refused, and not asked for again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A publication that we follow."""

    id: SourceId
    name: str
    """A unique slug, such as `example-courier`."""
    title: str | None
    url: str
    """Where a crawl starts: the home page, or a section of it."""
    domain: str
    """What counts as the same site: `archive.urls.site_of(url)`."""
    country: str | None = None
    language: str | None = None
    every_seconds: int | None = None
    """How often the operator wants it crawled; None where that is left to what it brings."""
    enabled: bool = True
    settings: Mapping[str, object] = field(default_factory=dict)
    """What else the operator has set (`archive.settings`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A URL that may be an article, as a feed, sitemap or page announced it."""

    url: str
    found_in: str
    """The address of the feed, sitemap or page."""
    kind: EndpointKind
    title: str | None = None
    published_at: datetime | None = None
    modified_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An anchor of a page, with the context that tells an article from navigation."""

    url: str
    """Absolute, without fragment."""
    text: str
    """The anchor's own text, or its image's alternative text; white space folded."""
    in_navigation: bool
    """Inside nav, header, footer or aside, or an element whose role or class says so."""
    in_heading: bool
    """Inside (or around) a heading or an article element: how front pages set their stories."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and what answered it, as they crossed the wire (RFC 9110)."""

    url: str
    """The address that was asked, and that answered: not that of a redirect before it."""
    fetched_at: datetime
    status: int
    reason: str = ""
    protocol: str = "HTTP/1.1"
    method: str = "GET"
    request_headers: tuple[tuple[bytes, bytes], ...] = ()
    headers: tuple[tuple[bytes, bytes], ...] = ()
    payload: bytes = field(default=b"", repr=False)
    """The body as it was sent: with a Content-Encoding still compressed."""
    ip: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WarcPlace:
    """Where a record is: a file of the archive's WARC directory, and a gzip member of it."""

    file: str
    """Its name, without the directory."""
    offset: int
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One response as it came, with what discovery already knew about it."""

    id: CaptureId | None = None
    """Its row in the archive; None for one that was not recorded yet."""

    url: CanonicalUrl
    """What was asked for."""
    final_url: str
    """What answered, after redirects."""
    fetched_at: datetime
    status: int
    content_type: str | None
    body: bytes = field(repr=False)
    codings: str | None = None
    """What is to be taken off the body before it can be read (`archive.codings`): a Content-Encoding field."""
    redirects: tuple[str, ...] = ()
    """The addresses passed on the way from `url` to `final_url`, without the last."""
    etag: str | None = None
    last_modified: str | None = None
    payload_sha256: str | None = None
    """Of the body as it was sent, in hexadecimal."""
    timezone: str | None = None
    """The zone of the times that the page gives without one, as the operator knows it (an IANA name)."""
    same_as: CaptureId | None = None
    """An earlier response with the very same body."""
    candidate: Candidate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldValue:
    """One reading of one field: everything that a page said, and which of it was chosen."""

    field: str
    value: str
    """Plain text; a JSON array of strings for authors and tags; ISO 8601 with the page's own offset for times."""
    method: Method
    chosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article as extraction gives it (schema.org NewsArticle, in the archive's words)."""

    url: CanonicalUrl
    """Its address: the believed canonical URL, else the address that answered."""
    title: str
    text: str = field(repr=False)
    """Paragraphs with a blank line between; no paragraph is empty."""
    blocks: tuple[BlockKind, ...]
    """The kind of each paragraph of `text`, in order."""
    subtitle: str | None = None
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    published_precision: Precision | None = None
    published_offset: str | None = None
    """The page's own offset from UTC, as `+02:00`; None where it gave none."""
    modified_at: datetime | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    language: str | None = None
    """ISO 639-1, lower case."""
    description: str | None = None
    image_url: str | None = None
    site_name: str | None = None
    agency: str | None = None
    is_free: bool | None = None
    addresses: tuple[tuple[AddressKind, CanonicalUrl], ...] = ()
    """Further addresses that may be believed (own site only), `url` not among them."""
    fields: tuple[FieldValue, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """Why a page is no article."""

    reason: Reason
    evidence: str
    """What in the page says so, in words for a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """What is kept of a text to find others that tell the same story (`archive.sketches`)."""

    shingles: int
    """How many distinct ones the text has."""
    least: bytes = field(repr=False)
    """The least hashes of them, each as four bytes, in rising order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """Everything about a capture that can be known without the store."""

    capture: Capture
    """The capture with its body taken off."""
    outcome: Article | Rejection
    content_hash: str | None
    """Of an article: `archive.text.content_hash` of its text."""
    word_count: int = 0
    """Of an article: `archive.text.word_count` of its text."""
    sketch: Sketch | None = None
    """Of an article: `archive.sketches.sketch` of its text."""
    links: tuple[Link, ...] = ()
    """Only where they were asked for."""
