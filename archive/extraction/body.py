"""The body: which of the page's paragraphs are the article, in reading order.

The article is where the sentences are: every paragraph that reads like one speaks for the elements around it, and from
the page down we follow the element that holds nearly all of them. What the page says of its article (title,
description) tells where that begins, and `archive.extraction.furniture` takes out what stands in between.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from lxml.etree import _Element

from archive import text
from archive.extraction import standfirst
from archive.extraction.units import ENDS, HEADINGS, Cut, Unit
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
    return unit.kind == "p" and unit.size >= _SHORT and unit.density < 0.3 and unit.text[-1] in ENDS


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
    believed = _holding_most(weights)
    free = [unit for unit in cut.units if believed.issuperset(unit.doubts) and unit is not deck]
    container = _container([(unit, weights[unit]) for unit in free if weights[unit]])
    if container is None:
        return Found([], deck)
    inside = [unit for unit in free if container in unit.path]
    start = inside[0].position
    if above is not None and above.position < start:
        set_apart = (u for u in free if above.position < u.position < start and u.kind in ("p", "div"))
        inside = [*(unit for unit in set_apart if is_sentence(unit)), *inside]
    lead = standfirst.lead(cut.units[:start], inside, descriptions)
    if lead is not None and lead is not deck:
        inside = [replace(lead, kind="p"), *inside]
    return Found(inside, deck)


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
