"""A source's past, as far as its health shows in it: its crawls, what they brought, and what was missed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A crawl that asked a source's feeds, sitemaps or pages for news."""

    at: datetime
    """When it ended."""
    counts: Mapping[str, int]
    """As `crawls.counts` has them."""

    @property
    def heard(self) -> bool:
        """Whether anything was announced, or said to be as it was."""
        return bool(self.counts.get("announced") or self.counts.get("unmodified lists"))

    @property
    def trouble(self) -> str | None:
        """Why nothing was heard, or why the home page could not be read."""
        return next((key.partition(": ")[2] for key in self.counts if key.startswith("trouble: ")), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """An article that a crawl brought."""

    url: str
    seen_at: datetime
    published_at: datetime | None
    """To the minute at least; None where it is not known that well."""
    is_dated: bool
    has_authors: bool
    title: str
    site_name: str | None
    words: int

    @property
    def at(self) -> datetime:
        """When it came out, as far as that is known."""
        return self.published_at if self.published_at and self.published_at < self.seen_at else self.seen_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A feed or sitemap that has brought articles."""

    url: str
    failures: int
    """In a row, up to now."""
    error: str | None
    good: int
    """How often it answered well."""
    first_good_at: datetime | None
    last_good_at: datetime | None
    last_checked_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """All that is known of a source, the oldest first; nothing of it came by import."""

    source: str
    url: str
    title: str | None = None
    looks: Sequence[Look] = ()
    arrivals: Sequence[Arrival] = ()
    missing: Sequence[tuple[datetime, str]] = ()
    """When articles were first missed, and their addresses."""
    listings: Sequence[Listing] = ()
    examples: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """The newest addresses for each reason."""
