"""Two revisions of an article beside each other, word by word. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from archive import worddiff
from archive.store.articles import StoredArticle
from archive.store.histories import Edition
from archive.when import stamp
from archive.worddiff import Piece


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """How a later revision of an article differs from an earlier one."""

    before: StoredArticle
    after: StoredArticle
    edits: tuple[Edition, ...]
    """The edits that lie between them, the later revision's own among them."""
    fields: Mapping[str, Sequence[Piece]]
    """What stands around the text, by name, in the order in which it is read: title, subtitle, authors, published_at,
    modified_at; without what neither has."""
    text: Sequence[Piece]
    """Joined, what is kept and removed is the earlier text, what is kept and added the later one."""

    @property
    def is_same(self) -> bool:
        """Whether nothing at all differs."""
        return all(not (piece.removed or piece.added) for run in (*self.fields.values(), self.text) for piece in run)


def compare(before: StoredArticle, after: StoredArticle, editions: Sequence[Edition]) -> Comparison:
    """The comparison of two revisions of one article, of which `editions` are all. Raises: nothing."""
    return Comparison(
        before=before,
        after=after,
        edits=tuple(edition for edition in editions if before.revision < edition.number <= after.revision),
        fields={name: pieces for name, *sides in _sides(before, after) if (pieces := _pieces(*sides))},
        text=worddiff.whole(before.text, after.text),
    )


def _sides(before: StoredArticle, after: StoredArticle) -> Iterator[tuple[str, str, str]]:
    yield "title", before.title, after.title
    yield "subtitle", before.subtitle or "", after.subtitle or ""
    yield "authors", ", ".join(before.authors), ", ".join(after.authors)
    for name, moments in (
        ("published_at", (before.published_at, after.published_at)),
        ("modified_at", (before.modified_at, after.modified_at)),
    ):
        old, new = (stamp(moment) if moment else "" for moment in moments)
        yield name, old, new


def _pieces(old: str, new: str) -> list[Piece]:
    return worddiff.whole(old, new)
