"""Which articles an export or a sample is about: what a user asked for, and the numbers that this means."""

import hashlib
import json
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from archive.errors import ConfigError
from archive.models import ArticleId
from archive.search import filters_for, to_fts5
from archive.store import Database, articles, selections
from archive.store.filters import Filters
from archive.store.selections import Order
from archive.urls import canonical
from archive.when import point_in_time, stamp


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a user asked for, in his words."""

    query: str | None = None
    source: str | None = None
    since: str | None = None
    until: str | None = None
    language: str | None = None
    listed: bytes | None = None
    """The content of a list of articles, in place of all others: numbers or addresses, or JSON lines that have them."""

    @property
    def words(self) -> dict[str, str]:
        """What of it was given; a list by its SHA-256."""
        given = {name: getattr(self, name) for name in ("query", "source", "since", "until", "language")}
        given["list_sha256"] = None if self.listed is None else hashlib.sha256(self.listed).hexdigest()
        return {name: value for name, value in given.items() if value}

    @property
    def title(self) -> str:
        """The selection in words, for readers."""
        if self.listed is not None:
            return "Selected articles"
        parts = [f"on “{self.query}”" if self.query else "", f"of {self.source}" if self.source else ""]
        parts += [f"in {self.language}" if self.language else ""]
        parts += [f"since {self.since}" if self.since else "", f"until {self.until}" if self.until else ""]
        return " ".join(["Articles", *(part for part in parts if part)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What that means in an archive."""

    filters: Filters
    match: str | None
    """The query as FTS5 has it."""
    numbers: "array[int]"
    """The articles, in the order that was wished."""
    undated: int
    """Articles that a time of publication left out because they have none."""
    missing: int
    """Of a list: what is not, or no longer, in the archive."""

    @property
    def told(self) -> dict[str, Any]:
        """The filters as they were understood, as JSON's own types."""
        times = {"since": self.filters.since, "until": self.filters.until}
        understood = {"source": self.filters.source, "language": self.filters.language, "expression": self.match}
        return understood | {name: stamp(at) if at else None for name, at in times.items()}


def select(db: Database, asked: Asked, now: datetime, order: Order = Order.STORED) -> Selection:
    """The articles that a user means.

    Raises: ConfigError for a time or a list that is not to be understood, or a query without a word; SourceError for a
    source that is not there; StoreError.
    """
    if asked.listed is not None:
        numbers = [_number(db, line, place) for place, line in _lines(asked.listed)]
        found = selections.in_order(db, {number for number in numbers if number is not None}, order)
        there = set(found)
        missing = sum(number not in there for number in numbers)
        return Selection(filters=Filters(), match=None, numbers=found, undated=0, missing=missing)
    filters = filters_for(
        db,
        source=asked.source,
        since=point_in_time(asked.since, now) if asked.since else None,
        until=point_in_time(asked.until, now) if asked.until else None,
        language=asked.language,
    )
    match = to_fts5(asked.query) if asked.query is not None else None
    if match == "":
        raise ConfigError(f"the query {asked.query!r} has no word to look for")
    numbers_found = selections.ids(db, filters, match, order)
    undated = selections.undated(db, filters, match)
    return Selection(filters=filters, match=match, numbers=numbers_found, undated=undated, missing=0)


def _lines(listed: bytes) -> Iterator[tuple[int, str]]:
    """The lines that say something, each with its number."""
    for place, line in enumerate(listed.decode("utf-8-sig", "replace").splitlines(), 1):
        if said := line.strip().removeprefix("\ufeff"):
            yield place, said


def _number(db: Database, line: str, place: int) -> ArticleId | None:
    """The article of a line; None where it is not in the archive.

    Its address counts more than its number, which in another archive is another article's. Raises ConfigError.
    """
    word = line
    if line.startswith("{"):
        try:
            row = json.loads(line)
        except ValueError as error:
            raise ConfigError(f"line {place} of the list is no JSON object: {error}") from error
        word = str(row.get("url") or row.get("id") or "")
    if word.isdecimal() and len(word) < len(str(2**63)):
        return ArticleId(int(word))
    url = canonical(word)
    if url is None:
        raise ConfigError(
            f"line {place} of the list is neither the number nor the address of an article: {line[:80]!r}"
        )
    return articles.find(db, url)
