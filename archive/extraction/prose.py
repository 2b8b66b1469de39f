"""Which paragraphs are running text: sentences, and short lines that make a text together.

Such lines are a poem's, a song's, an interview's, a list's of ingredients. None of them reads like a sentence, but a
page does not set its labels so: several in a row, in one box, all of one kind and class, and without a link.
"""

from collections.abc import Iterable
from itertools import groupby

from lxml.etree import _Element

from archive import text
from archive.extraction.units import HEADINGS, Unit

_LONG = 80
"""Size from which a text with few links reads like a sentence."""
_SHORT = 30
"""Size from which a `p` that ends like a sentence reads like one."""
_LINES = 4
"""Lines that make a text together."""
_WORDS = 2
"""Words that such a line has on average: share buttons and counters have one."""


def is_sentence(unit: Unit) -> bool:
    """Whether a unit reads like a sentence of an article, and not like a label, a heading or a list of links."""
    if unit.kind in HEADINGS or unit.kind in ("figcaption", "th", "table"):
        return False
    if unit.size >= _LONG and unit.density < 0.4:
        return True
    return unit.kind == "p" and unit.size >= _SHORT and unit.density < 0.3 and text.ends_a_sentence(unit.text)


def around(unit: Unit) -> _Element:
    """The element in which a unit's own stands beside others: of a cell, that of its row."""
    outer = unit.path[:-1] or unit.path
    return outer[-2] if outer[-1].tag == "tr" and len(outer) > 1 else outer[-1]


def verses(units: Iterable[Unit]) -> frozenset[Unit]:
    """The units that are lines of a text of short lines. Raises: nothing."""
    runs = (list(run) for setting, run in groupby(units, _setting) if setting is not None)
    return frozenset(unit for run in runs if len(run) >= _LINES and _says_much(run) for unit in run)


def _setting(unit: Unit) -> tuple[_Element, str, str] | None:
    """What lines of one text have in common; None for what is none."""
    if unit.kind not in ("p", "div", "td") or unit.linked or is_sentence(unit):
        return None
    return around(unit), unit.kind, unit.path[-1].get("class") or ""


def _says_much(run: list[Unit]) -> bool:
    words = [word for unit in run for word in text.words(unit.text)]
    return len(words) >= _WORDS * len(run) and sum(map(str.isalpha, words)) >= len(run)
