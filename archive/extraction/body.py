"""The body: which of the page's paragraphs are the article, in reading order.

The article is where the sentences are: every paragraph that reads like one speaks for the elements around it, and from
the page down we follow the element that holds nearly all of them. What the page says of its article (title,
description) tells where that begins, and `archive.extraction.furniture` takes out what stands in between.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from lxml.etree import _Element

from archive import text
from archive.extraction import standfirst
from archive.extraction.prose import is_sentence, verses
from archive.extraction.units import Cut, Unit
from archive.models import BlockKind

_WEIGHTS = {"p": 1.0, "blockquote": 0.7, "div": 0.5, "pre": 0.5, "td": 0.4, "dd": 0.3, "li": 0.1, "dt": 0.1}
"""How much a sentence in such an element speaks for an article: teasers and comments stand in lists and plain boxes.
`li` at 0.3 costs 0.7 points of F1 on the aeb pages of our corpus."""
_HEAVIEST = 1_000
"""Size beyond which a paragraph speaks no louder."""
_VERSE = 0.3
"""How much a line of a poem does."""
_DESCENT = 0.7
"""Share of an element's sentences that one child must hold to be followed; 0.6 to 0.75 measure the same."""
_PART = 3
"""Sentences of one box that make it a part of an article; blurbs and notices have one or two."""
_NUMBER = re.compile(r"\d+")
KINDS = {
    "h2": BlockKind.HEADING2,
    **dict.fromkeys(("h3", "h4", "h5", "h6"), BlockKind.HEADING3),
    **dict.fromkeys(("li", "dd", "dt"), BlockKind.ITEM),
    "blockquote": BlockKind.QUOTE,
    "pre": BlockKind.CODE,
    "table": BlockKind.TABLE,
}
"""What a unit becomes; a paragraph where nothing stands here."""


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph of a body: its kind, and its text on one line (code and tables keep their line breaks)."""

    kind: BlockKind
    text: str


def blocks(units: Iterable[Unit]) -> list[Block]:
    """Units as blocks of an article."""
    return [Block(_kind(unit), unit.text) for unit in units]


def _kind(unit: Unit) -> BlockKind:
    """What a unit becomes; a paragraph that an item consists of is that item."""
    if unit.kind == "p" and unit.path[-2:-1] and unit.path[-2].tag == "li":
        return BlockKind.ITEM
    return KINDS.get(unit.kind, BlockKind.PARAGRAPH)


@dataclass(frozen=True, slots=True)
class Found:
    """Where the article is in a page."""

    units: list[Unit]
    """Its paragraphs, furniture still among them; empty where the page has no sentence."""
    deck: Unit | None
    """The second headline, which is not among them."""


def find(cut: Cut, titles: Iterable[str], descriptions: Iterable[str]) -> Found:
    """The article in a page of which `titles` and `descriptions` are what it says of its article."""
    shown = frozenset(map(text.comparable, titles))
    above = standfirst.headline(cut.units, shown)
    deck = standfirst.deck(cut.units, above, shown)
    weights = {unit: _weight(unit) for unit in cut.units}
    weights |= {unit: _VERSE * unit.size for unit in verses(cut.units)}
    believed = _holding_most(weights)
    story = _story(above, cut.units) if above is not None and text.comparable(above.text) in shown else None
    free = [
        unit
        for unit in cut.units
        if believed.issuperset(unit.doubts) and unit is not deck and (story is None or story in unit.path)
    ]
    container = _container([(unit, weights[unit]) for unit in free if weights[unit]])
    if container is None:
        return Found([], deck)
    inside = _with_parts(free, weights, container)
    start = inside[0].position
    if above is not None and above.position < start:
        set_apart = (u for u in free if above.position < u.position < start and u.kind in ("p", "div"))
        inside = [*(unit for unit in set_apart if is_sentence(unit)), *inside]
    lead = standfirst.lead(cut.units[:start], inside, descriptions)
    if lead is not None and lead is not deck:
        inside = [replace(lead, kind="p"), *inside]
    return Found(inside, deck)


def _story(above: Unit, units: Iterable[Unit]) -> _Element | None:
    """The element of the page's story, where others with headlines of their own follow it; None where it is alone."""
    for other in units:
        if other is above or other.kind != above.kind or len(other.path) != len(above.path):
            continue
        apart = [pair for pair in zip(above.path, other.path, strict=True) if pair[0] is not pair[1]]
        own, foreign = apart[0]
        a_story = own.tag == "article" or (above.kind == "h1" and own.tag == "div")
        if a_story and len(apart) > 1 and own.tag == foreign.tag and own.get("class") == foreign.get("class"):
            return own
    return None


def _weight(unit: Unit) -> float:
    return min(unit.size, _HEAVIEST) * _WEIGHTS.get(unit.kind, 0.0) if is_sentence(unit) else 0.0


def _holding_most(weights: dict[Unit, float]) -> frozenset[str]:
    """The doubts about more than half of the page's sentences: that is the article itself, named oddly."""
    held: dict[str, float] = {}
    for unit, weight in weights.items():
        for doubt in frozenset(unit.doubts):
            held[doubt] = held.get(doubt, 0.0) + weight
    half = sum(weights.values()) / 2
    return frozenset(doubt for doubt, weight in held.items() if weight > half)


def _container(weighted: Sequence[tuple[Unit, float]]) -> _Element | None:
    """The innermost element that holds nearly all sentences of all around it, and has room for others beside them."""
    held: dict[_Element, float] = {}
    children: dict[_Element | None, dict[_Element, None]] = {}
    alone = Counter(unit.path[-1] for unit, _ in weighted)
    for unit, weight in weighted:
        path = unit.path if alone[unit.path[-1]] > 1 else unit.path[:-1] or unit.path
        for outer, element in zip((None, *path), path, strict=False):
            held[element] = held.get(element, 0.0) + weight
            children.setdefault(outer, {})[element] = None
    if not held:
        return None
    current = max(children[None], key=held.__getitem__)
    while current in children:
        heaviest = max(children[current], key=held.__getitem__)
        if held[heaviest] < _DESCENT * held[current]:
            break
        current = heaviest
    return current


def _with_parts(free: Sequence[Unit], weights: Mapping[Unit, float], container: _Element) -> list[Unit]:
    """The units of the container and of what else of its article stands beside it, with all that is between them.

    A text may be divided by an advertisement or a related story into boxes of which one holds nearly all. Another part
    is a box with sentences in the same `article`, with no headline between the two: many sentences, or named alike.
    """
    inside = [unit for unit in free if container in unit.path]
    own = _articles(inside[0].path[: inside[0].path.index(container) + 1])
    chapters = dict(zip(free, accumulate(unit.kind == "h1" for unit in free), strict=True))
    boxes: dict[_Element, list[Unit]] = {}
    for unit in free:
        if weights[unit]:
            boxes.setdefault(_box(unit), []).append(unit)
    main = max((box for box in boxes if container in boxes[box][0].path), key=lambda box: len(boxes[box]))
    parts = [
        unit
        for box, sentences in boxes.items()
        for unit in sentences
        if (len(sentences) >= _PART or _named_alike(box, main))
        and _articles(unit.path) == own
        and chapters[unit] in (chapters[inside[0]], chapters[inside[-1]])
    ]
    first = min(unit.position for unit in (inside[0], *parts))
    last = max(unit.position for unit in (inside[-1], *parts))
    return [u for u in free if container in u.path or (first <= u.position <= last and _articles(u.path) == own)]


def _articles(path: Iterable[_Element]) -> list[_Element]:
    """Which of these elements are articles of their own, or hold the page's main one."""
    return [element for element in path if element.tag in ("article", "main")]


def _box(unit: Unit) -> _Element:
    """The element in which a paragraph stands beside others; teasers and list items stand each in one of its own."""
    return unit.path[-2] if unit.kind == "p" and len(unit.path) > 1 else unit.path[-1]


def _named_alike(one: _Element, other: _Element) -> bool:
    """Whether two elements bear the same class, but for a number."""
    name, same = (_NUMBER.sub("", element.get("class") or "") for element in (one, other))
    return bool(name) and name == same
