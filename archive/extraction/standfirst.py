"""What stands between the headline and the first paragraph: the deck, which is a field, and the lead, which is text.

Both say in a line or two what the article tells. A full sentence is read as its first paragraph; a line without a full
stop is a second headline, and would be said twice if it stood in the text too.
"""

import re
from collections.abc import Iterable, Sequence

from archive import text
from archive.extraction.units import HEADINGS, Unit

_DECK = re.compile(
    r"sub-?(?:title|headline|head|line)|deck?(?:$|[\s_-])|stand-?first|excerpt|intro|summary|lead", re.IGNORECASE
)
_LONG_ENOUGH = 40
"""Characters from which a description is a sentence of its own; twice as many are compared at most."""
_DECK_LENGTHS = range(20, 400)


def headline(units: Iterable[Unit], titles: frozenset[str]) -> Unit | None:
    """The unit that shows the article's title (`titles` in comparable form), else the last `h1`."""
    headings = [unit for unit in units if unit.kind in HEADINGS]
    shown = [unit for unit in headings if text.comparable(unit.text) in titles]
    return next(iter(shown or [unit for unit in headings if unit.kind == "h1"][::-1]), None)


def deck(units: Sequence[Unit], above: Unit | None, titles: frozenset[str]) -> Unit | None:
    """The second headline under the first (`above`): a heading beside it or what is marked as one, no full sentence."""
    if above is None:
        return None
    for unit in units[above.position + 1 : above.position + 6]:
        marked = any(_DECK.search(element.get("class") or "") for element in unit.path[-2:])
        if unit.kind == "p" and not marked and len(unit.text) > 2 * _LONG_ENOUGH:
            return None
        if unit.density > 0.3 or len(unit.text) not in _DECK_LENGTHS or text.comparable(unit.text) in titles:
            continue
        if marked or _stands_beside(unit, above, units):
            return unit if not text.ends_with_a_mark(unit.text) else None
    return None


def _stands_beside(unit: Unit, above: Unit, units: Iterable[Unit]) -> bool:
    """Whether a heading stands in an element with the headline, as the only one of its rank: others divide a text."""
    if unit.kind not in HEADINGS or len(unit.path) < 2 or unit.path[-2] not in above.path:
        return False
    return not any(u is not unit and u.kind == unit.kind and u.path[-2:-1] == unit.path[-2:-1] for u in units)


def lead(before: Iterable[Unit], inside: Sequence[Unit], descriptions: Iterable[str]) -> Unit | None:
    """The paragraph before the body that the page gives as its description, if it is a sentence of its own."""
    said = [key for value in descriptions if len(key := text.comparable(value)) >= _LONG_ENOUGH]
    openings = [text.comparable(unit.text) for unit in inside[:3]]
    if any(_begin_alike(key, opening) for key in said for opening in openings):
        return None
    for unit in before:
        if unit.kind != "h1" and unit.density < 0.3 and text.ends_a_sentence(unit.text):
            key = text.comparable(unit.text)
            if any(_begin_alike(key, value) for value in said):
                return unit
    return None


def _begin_alike(one: str, other: str) -> bool:
    """Whether one text is the beginning of the other, as far as a description goes before it is cut."""
    length = min(len(one), len(other), 2 * _LONG_ENOUGH)
    return length >= _LONG_ENOUGH and one[:length] == other[:length]
