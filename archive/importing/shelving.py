"""Where the articles of an import belong: the source of their site, and the crawl that stands for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from archive.boilerplate import Lines
from archive.models import CanonicalUrl, CrawlId, ImportId, Source, SourceId
from archive.store import Database, boilerplate, crawls, sources

NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """A source during an import."""

    crawl_id: CrawlId
    lines: Lines
    """Its boilerplate as it was known when the first of its pages came."""
    source: Source

    @property
    def note(self) -> dict[str, Any]:
        """What makes it the same in an archive that is made anew, as JSON's own types."""
        source = {"id": self.source.id, "name": self.source.name, "url": self.source.url}
        return {"crawl": self.crawl_id, "source": source}


class Shelves:
    """The sources of one import."""

    def __init__(self, db: Database, import_id: ImportId, started_at: datetime, *, only: Source | None) -> None:
        """`only` is the source that the import is restricted to."""
        self._db, self._import_id, self._started_at, self._only = db, import_id, started_at, only
        self._shelves: dict[SourceId, Shelf] = {}

    def of(self, url: CanonicalUrl, *, make: bool, before: Mapping[str, Any] = NOTHING) -> Shelf | None:
        """Where a page belongs; None for a site without a source, unless one is to be made. Raises StoreError.

        Nobody has asked for a source so made to be crawled: it is not enabled. Where an archive is made anew, `before`
        is what `Shelf.note` gave.
        """
        source = self._only or sources.find(self._db, url)
        if source is None and make:
            parts = urlsplit(url)
            told = {"url": f"{parts.scheme}://{parts.netloc}/", **before.get("source", {}), "enabled": False}
            source = sources.restore(self._db, told)
        if source is None:
            return None
        if source.id not in self._shelves:
            self._shelves[source.id] = Shelf(
                crawl_id=crawls.of_import(
                    self._db, source.id, self._import_id, self._started_at, crawl_id=before.get("crawl")
                ),
                source=source,
                lines=boilerplate.known(self._db, source.id),
            )
        return self._shelves[source.id]
