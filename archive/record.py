"""An article as it is given away: one typed record, which all exports, citations and samples are made of.

What stands under a field here is what docs/export-fields.md says of it (`make docs`). Times are UTC.
"""

from dataclasses import dataclass, field
from datetime import datetime

from archive.models import AddressKind, ArticleId, BlockKind, CanonicalUrl, CaptureId, Precision
from archive.revisions import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedRevision:
    """One state of an article's content."""

    number: int
    """1 for the first."""
    seen_at: datetime
    """When it was first seen."""
    title: str
    """Its title."""
    subtitle: str | None
    """Its subtitle."""
    authors: tuple[str, ...]
    """Its authors."""
    published_at: datetime | None
    """When it said that it was published."""
    modified_at: datetime | None
    """When it said that it was modified."""
    text: str = field(repr=False)
    """Its text."""
    blocks: tuple[BlockKind, ...]
    """The kind of each paragraph of its text."""
    content_hash: str
    """SHA-256 of its text without punctuation, case and spacing."""
    change: Change | None
    """What kind of edit led to it; null for the first."""
    silent: bool
    """Whether it was edited without a word of it in the page."""
    extractor: str
    """Name and version of what read it out of the page."""
    capture_id: CaptureId | None
    """The response that it was read from: a row of `captures`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedArticle:
    """An article with its newest text, and what is known of it."""

    id: ArticleId
    """Its number in this archive."""
    url: CanonicalUrl
    """Where its publisher has it; canonical, without tracking parameters."""
    source: str
    """The source's name in this archive, a slug."""
    source_title: str | None
    """The source's title, where one was given."""
    source_url: str
    """Where a crawl of the source begins."""
    title: str
    """Its title now."""
    first_title: str
    """Its title when it was first seen."""
    subtitle: str | None
    """Its subtitle."""
    authors: tuple[str, ...]
    """Its authors, in the page's order."""
    published_at: datetime | None
    """When it was published, as its publisher says."""
    published_precision: Precision | None
    """How exactly that is known: second, minute or day."""
    published_offset: str | None
    """The page's own offset from UTC, as +02:00; null where it gave none."""
    modified_at: datetime | None
    """When it was last modified, as its publisher says."""
    section: str | None
    """The section that it stands in."""
    tags: tuple[str, ...]
    """Its keywords."""
    language: str | None
    """ISO 639-1, lower case."""
    description: str | None
    """What the page says of itself for previews."""
    image_url: str | None
    """Its leading picture."""
    site_name: str | None
    """What the site calls itself."""
    agency: str | None
    """The news agency that it comes from, where it names one."""
    is_free: bool | None
    """Whether it can be read without paying; null where the page does not say."""
    word_count: int
    """Words of its text; in scripts without spaces a character is one."""
    text: str = field(repr=False)
    """Its newest text: paragraphs with an empty line between."""
    blocks: tuple[BlockKind, ...]
    """The kind of each paragraph: p, h2, h3, li, quote, code, table, caption."""
    content_hash: str
    """SHA-256 of the text without punctuation, case and spacing: equal for equal texts."""
    revisions: int
    """How many states of it were seen."""
    story: int | None
    """The cluster of articles that tell the same story; null where nobody else tells it."""
    rewritten: float | None
    """Which share of its words the first article of its story does not have."""
    first_seen_at: datetime
    """When it was first seen by a crawl."""
    last_seen_at: datetime
    """When it was last seen."""
    gone_at: datetime | None
    """Since when it is missing at its source; null while it is there."""
    gone_status: int | None
    """The HTTP status that said so."""
    addresses: tuple[tuple[AddressKind, CanonicalUrl], ...]
    """All addresses under which it was met, in that order, each with its kind."""
    extractor: str
    """Name and version of what read the newest text out of its page."""
    seen_at: datetime
    """When the newest text was first seen."""
    captured_at: datetime | None
    """When the response came that the newest text was read from."""
    warc_record_id: str | None
    """The WARC record of that response; null where it was not kept."""
    payload_sha256: str | None
    """SHA-256 of that response's body as it was sent."""
    history: tuple[ExportedRevision, ...] = ()
    """All states of it, the oldest first; only with --revisions."""
