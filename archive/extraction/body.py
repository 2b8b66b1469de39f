"""The body: which of the page's paragraphs are the article, in reading order.

The article is where the sentences are: every paragraph that reads like one speaks for the elements around it, and from
the page down we follow the element that holds nearly all of them. What the page says of its article (title,
description) tells where that begins, and `archive.extraction.boilerplate` takes out what stands in between.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lxml.etree import _Element

from archive import text
from archive.extraction.units import HEADINGS, Cut, Unit
from archive.models import BlockKind

_WEIGHTS = {"p": 1.0, "blockquote": 0.7, "div": 0.5, "pre": 0.5, "td": 0.4, "dd": 0.3, "li": 0.1, "dt": 0.1}
"""How much a sentence in such an element speaks for an article: teasers and comments stand in lists and plain boxes.
`li` at 0.3 costs 0.7 points of F1 on the aeb pages of our corpus."""
_LONG = 80
"""Size from which a text with few links reads like a sentence."""
_SHORT = 30
"""Size from which a `p` that ends like a sentence reads like one."""
_HEAVIEST = 1_000
"""Size beyond which a paragraph speaks no louder."""
_DESCENT = 0.7
"""Share of an element's sentences that one child must hold to be followed; 0.6 to 0.75 measure the same."""
_ENDS = frozenset(
    ".!?:;,\u2026\"'\u201d\u201c\u2019\u00bb\u00ab\u203a)]\u3002\uff01\uff1f\u300d\u300f\uff09\u0964\u061f\u06d4"
)
"""Also the quotation marks and full stops of Chinese, Japanese, Hindi, Arabic and Urdu."""
_STANDFIRST = 40
"""Characters from which a description is a sentence of its own, and the share of it that is compared is double."""

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
    return [Block(KINDS.get(unit.kind, BlockKind.PARAGRAPH), unit.text) for unit in units]


def is_sentence(unit: Unit) -> bool:
    """Whether a unit reads like a sentence of an article, and not like a label, a heading or a list of links."""
    if unit.kind in HEADINGS or unit.kind in ("figcaption", "th", "table"):
        return False
    if unit.size >= _LONG and unit.density < 0.4:
        return True
    return unit.kind == "p" and unit.size >= _SHORT and unit.density < 0.3 and unit.text[-1] in _ENDS


def article_units(cut: Cut, titles: Iterable[str], descriptions: Iterable[str]) -> list[Unit]:
    """The units of the article, furniture still among them; empty where the page has no sentence.

    `titles` and `descriptions` are what the page says of its article.
    """
    weights = {unit: _weight(unit) for unit in cut.units}
    believed = _holding_most(weights)
    free = [unit for unit in cut.units if believed.issuperset(unit.doubts)]
    container = _container([(unit, weights[unit]) for unit in free if weights[unit]])
    if container is None:
        return []
    inside = [unit for unit in free if container in unit.path]
    before = [unit for unit in cut.units if unit.position < inside[0].position]
    inside = [*_between(before, free, inside, frozenset(map(text.comparable, titles))), *inside]
    standfirst = _standfirst(before, inside, descriptions)
    return [standfirst, *inside] if standfirst is not None else inside


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
    """The innermost element that holds nearly all sentences of all that hold it."""
    held: dict[_Element, float] = {}
    children: dict[_Element | None, dict[_Element, None]] = {}
    for unit, weight in weighted:
        for outer, element in zip((None, *unit.path), unit.path, strict=False):
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


def _between(
    before: Sequence[Unit], free: Iterable[Unit], inside: Sequence[Unit], titles: frozenset[str]
) -> list[Unit]:
    """The sentences between the headline and the container: a first paragraph that is set apart."""
    if any(unit.kind == "h1" for unit in inside):
        return []
    headlines = [u for u in before if u.kind in HEADINGS and text.comparable(u.text) in titles]
    headlines = headlines or [u for u in before if u.kind == "h1"]
    if not headlines:
        return []
    start, end = headlines[-1].position, inside[0].position
    return [u for u in free if start < u.position < end and u.kind in ("p", "div") and is_sentence(u)]


def _standfirst(before: Iterable[Unit], inside: Sequence[Unit], descriptions: Iterable[str]) -> Unit | None:
    """The paragraph before the body that the page gives as its description, if it is a sentence of its own."""
    said = [key for value in descriptions if len(key := text.comparable(value)) >= _STANDFIRST]
    openings = [text.comparable(unit.text) for unit in inside[:3]]
    if any(_begin_alike(key, opening) for key in said for opening in openings if opening):
        return None
    for unit in before:
        if unit.kind != "h1" and unit.density < 0.3 and unit.text[-1] in _ENDS:
            key = text.comparable(unit.text)
            if len(key) >= _STANDFIRST and any(_begin_alike(key, value) for value in said):
                return unit
    return None


def _begin_alike(one: str, other: str) -> bool:
    """Whether one text is the beginning of the other, as far as a description goes before it is cut."""
    length = min(len(one), len(other), 2 * _STANDFIRST)
    return length >= _STANDFIRST and one[:length] == other[:length]
