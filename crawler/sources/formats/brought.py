"""What came of a list of sources: those that it names, and what of it was passed over, with the reason."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urljoin

from archive.config import ConfiguredSource
from archive.models import CanonicalUrl
from archive.urls import place
from crawler.target import is_article


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A line of which no source came, or not all that it says."""

    line: int
    what: str
    why: str


@dataclass(slots=True, kw_only=True)
class Gathering:
    """Sources as they are read, each once; a source that is named again may bring further feeds."""

    file: str
    skipped: list[Skipped] = field(default_factory=list)
    _found: dict[CanonicalUrl, ConfiguredSource] = field(default_factory=dict)

    @property
    def sources(self) -> tuple[ConfiguredSource, ...]:
        """What was found, in order."""
        return tuple(self._found.values())

    def skip(self, line: int, what: str, why: str) -> None:
        """Notes what is passed over."""
        self.skipped.append(Skipped(line=line, what=what[:200], why=why))

    def add(
        self,
        line: int,
        url: CanonicalUrl,
        *,
        title: str | None = None,
        every: timedelta | None = None,
        settings: Mapping[str, object] | None = None,
    ) -> None:
        """Takes in a source."""
        known = self._found.get(place(url))
        if known is not None:
            self.skip(line, url, f"the source of line {known.where.rpartition(':')[2]} already")
            return
        self._found[place(url)] = ConfiguredSource(
            where=f"{self.file}:{line}", url=url, title=title, every=every, settings=settings or {}
        )

    def add_feed(self, line: int, url: CanonicalUrl, feed: str, title: str | None) -> None:
        """Takes in a feed of the source at `url`, which comes to be one by it."""
        known = self._found.get(place(url))
        if known is None:
            self.add(line, url, title=title, settings={"feeds": [feed]})
            return
        before = known.settings.get("feeds")
        feeds = [*(before if isinstance(before, list) else ()), feed]
        if len(set(feeds)) < len(feeds):
            self.skip(line, feed, "a feed that is there already")
            return
        self._found[place(url)] = ConfiguredSource(
            where=known.where, url=known.url, title=known.title, every=known.every, settings={"feeds": feeds}
        )


def is_single_page(url: CanonicalUrl) -> bool:
    """Whether an address is an article's rather than a site's or a section's. Raises: nothing."""
    return is_article(url, urljoin(url, "/"))
