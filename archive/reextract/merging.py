"""What a new extraction changes of a stored article: a merge of three sides, field by field. Pure.

What stands in a row is not always what its page said: a value may come from an earlier revision, or from a later visit
that made none. So the new extraction is compared with the old one, which is kept with the revision (`fields`); where
both say the same, the row stays as it is, and where they differ, the row follows if it has what the old one said.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from archive import text
from archive.boilerplate import Body, Lines, Removal, strip
from archive.models import Article, FieldValue, Prepared
from archive.store.articles import columns_of
from archive.store.columns import from_texts, from_time
from archive.store.replaced import ARTICLE, Replacement
from archive.store.states import RevisionState, State, Value

_EMPTY = (None, "[]")
_OF_REVISIONS = ("title", "subtitle", "authors", "published_at", "modified_at")
_OF_ARTICLES = ("section", "tags", "language", "description", "image_url", "site_name", "agency")
_LISTS = frozenset({"authors", "tags"})
_TIMES = frozenset({"published_at", "modified_at"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewriting:
    """All that a new extraction changes of an article."""

    state: State
    """As it was."""
    values: tuple[Replacement, ...]
    bodies: Mapping[int, tuple[Removal, ...]]
    """Of each revision whose text is replaced: what is taken out of the new one."""
    readings: Mapping[int, tuple[FieldValue, ...]]
    """Of each revision of which the page says something else than was read: all that it says."""
    named: str | None
    """An address that the page calls its own and that is not known for the article's. It is told, and not believed."""

    def __bool__(self) -> bool:
        """Whether anything a reader can see changes: more than the name of the extractor."""
        return bool(self.readings or self.bodies) or any(value.field != "extractor" for value in self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Side:
    """A revision, before and after."""

    stored: RevisionState
    old: Mapping[str, Value]
    """What the old extraction made of its page."""
    new: Mapping[str, Value]
    """What the new one does."""
    row: Mapping[str, Value]
    """What is to stand in its row."""
    taken: tuple[Removal, ...]
    readings: tuple[FieldValue, ...]
    word_count: int


def rewriting(state: State, pages: Sequence[Prepared], lines: Lines, *, extractor: str) -> Rewriting:
    """What becomes of an article whose revisions' pages are extracted anew; `lines` are taken out of their texts.

    Raises: ValueError where not each revision has its page, and each page an article.
    """
    articles = [page.outcome for page in pages if isinstance(page.outcome, Article)]
    sides: list[_Side] = []
    for stored, page, article in zip(state.revisions, pages, articles, strict=True):
        earlier = sides[-1] if sides else None
        sides.append(_side(state, stored, page, article, lines, earlier, extractor))
    newest = sides[-1]
    values = [replacement for side in sides for replacement in _replaced(side.stored.number, side.stored.row, side.row)]
    values += _replaced(ARTICLE, state.row, _article_row(state, newest))
    named = articles[-1].url
    return Rewriting(
        state=state,
        values=tuple(values),
        bodies={side.stored.number: side.taken for side in sides if _has_another_text(side)},
        readings={side.stored.number: side.readings for side in sides if side.readings != side.stored.readings},
        named=named if named not in state.addresses else None,
    )


def _side(
    state: State,
    stored: RevisionState,
    page: Prepared,
    article: Article,
    lines: Lines,
    earlier: _Side | None,
    extractor: str,
) -> _Side:
    body, taken = strip(Body(text=article.text, blocks=article.blocks), lines)
    readings = _with_known_claims(state, stored, article)
    old, new = extracted(stored.readings), columns_of(article)
    row = {
        field: _merged(
            stored.row[field],
            old.get(field),
            new[field],
            carried=(earlier.stored.row[field], earlier.row[field]) if earlier else (None, None),
        )
        for field in _OF_REVISIONS
    }
    row |= {
        "text": body.text,
        "blocks": from_texts(body.blocks),
        "content_hash": text.content_hash(body.text) if taken or not page.content_hash else page.content_hash,
        "extractor": extractor,
    }
    count = text.word_count(body.text) if taken else page.word_count
    return _Side(stored=stored, old=old, new=new, row=row, taken=taken, readings=readings, word_count=count)


def _merged(was: Value, old: Value, new: Value, *, carried: tuple[Value, Value] = (None, None)) -> Value:
    """The value to stand where `was` stood, when extraction gives `new` for what gave `old`.

    `carried` is what stood in the revision before, and what is to stand there: a page that says nothing of a field
    has that of its predecessor.
    """
    nothing = new in _EMPTY
    if nothing and old in _EMPTY:
        return carried[1] if was == carried[0] and was not in _EMPTY else was
    if new == old:
        return was
    if nothing:
        return (carried[1] if carried[1] not in _EMPTY else new) if was == old else was
    return new if was == old or old in _EMPTY else was


def _article_row(state: State, newest: _Side) -> dict[str, Value]:
    """What is to stand in the article's own row, of the columns that extraction determines."""
    was, before, after = state.row, newest.stored.row, newest.row
    row = {field: after[field] if was[field] == before[field] else was[field] for field in _OF_REVISIONS}
    row |= {field: _merged(was[field], newest.old.get(field), newest.new[field]) for field in _OF_ARTICLES}
    if row["published_at"] == newest.new["published_at"] and _differ(newest, "published_at"):
        row |= {field: newest.new[field] for field in ("published_precision", "published_offset")}
    elif row["published_at"] is None:
        row |= {"published_precision": None, "published_offset": None}
    # the ledger does not say which reading of it was chosen; after a later visit the row has what that said
    is_current = was["last_seen_at"] == newest.stored.seen_at and len(state.revisions) == 1
    if is_current or _differ(newest, "is_free"):
        row["is_free"] = newest.new["is_free"]
    if was["content_hash"] == before["content_hash"]:
        row |= {"content_hash": after["content_hash"], "word_count": newest.word_count}
    return row


def _differ(side: _Side, field: str) -> bool:
    """Whether the page says something else of a field than was read of it."""
    old, new = ([r for r in readings if r.field == field] for readings in (side.stored.readings, side.readings))
    return old != new


def _replaced(revision: int, was: Mapping[str, Value], row: Mapping[str, Value]) -> list[Replacement]:
    return [
        Replacement(revision=revision, field=field, before=was[field], after=value)
        for field, value in row.items()
        if was[field] != value
    ]


def _has_another_text(side: _Side) -> bool:
    return (side.row["text"], side.row["blocks"], side.taken) != (
        side.stored.row["text"],
        side.stored.row["blocks"],
        side.stored.taken,
    )


def _with_known_claims(state: State, stored: RevisionState, article: Article) -> tuple[FieldValue, ...]:
    """The readings, with what was decided before of the address that the page claims."""
    decided = {(r.value, r.method): r.chosen for r in stored.readings if r.field == "canonical_url"}
    believed = article.url == state.url or article.url in state.addresses
    return tuple(
        replace(r, chosen=decided.get((r.value, r.method), r.chosen and believed)) if r.field == "canonical_url" else r
        for r in article.fields
    )


def extracted(readings: Sequence[FieldValue]) -> dict[str, Value]:
    """What an extraction chose, as `columns_of` an article gives it; nothing for what it found no value for.

    Raises: nothing.
    """
    return {r.field: _column(r.field, r.value) for r in readings if r.chosen}


def _column(field: str, value: str) -> Value:
    try:
        if field in _LISTS:
            return from_texts(json.loads(value))
        if field in _TIMES:
            moment = datetime.fromisoformat(value)
            return from_time(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, TypeError, OverflowError):
        return value
    return value
