"""The seam between what is exported and how it is written: what a format is, and what it is told of the whole."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import BinaryIO, Protocol, runtime_checkable

from archive.record import ExportedArticle
from archive.store.selections import Order

NOTHING: Mapping[str, int] = MappingProxyType({})
"""The counts of a format that counts nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a file says of itself."""

    title: str
    """What it holds, in words."""
    at: datetime
    """When it was made."""
    dataset: str
    """`archive.dataset.Dataset.id`."""


class Format(Protocol):
    """A way to write articles into a file."""

    @property
    def suffix(self) -> str:
        """Of its files, with the dot."""

    @property
    def is_text(self) -> bool:
        """Whether a terminal or another program may get it."""

    @property
    def order(self) -> Order:
        """The order in which it wants the articles."""

    @property
    def counts(self) -> Mapping[str, int]:
        """What it has counted of what it wrote, beside articles; for the manifest."""

    def write(self, articles: Iterator[ExportedArticle], out: BinaryIO, about: About, /) -> None:
        """Writes articles as they come, of which only a few are in memory.

        Raises: OSError from `out`, and what the iterator raises.
        """


@runtime_checkable
class Leaflets(Format, Protocol):
    """A format in which each article is a file of its own, in a folder."""

    def path(self, article: ExportedArticle, /) -> str:
        """Where in the folder an article's file belongs, with slashes; never outside of it. Raises: nothing."""
