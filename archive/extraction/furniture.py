"""What stands between the paragraphs of an article and is not its text: captions, links elsewhere, repetitions."""

from collections import Counter
from collections.abc import Iterable, Sequence

from lxml.etree import _Element

from archive import text
from archive.extraction.body import is_sentence
from archive.extraction.units import HEADINGS, Unit

_LINKED = 0.5
"""Share of links from which a short paragraph points elsewhere instead of telling something."""
_MOSTLY_LINKED = 0.8
"""The same for a paragraph of any length."""
_SHORT = 100
_REPEATED = 2
"""Times that a paragraph may stand in a page: what is there more often is a notice."""
_CAPTION = 500
"""Characters of the longest caption."""


def without_furniture(units: Sequence[Unit], pictured: frozenset[_Element], repeated: Iterable[str]) -> list[Unit]:
    """The units that are the article's text.

    `repeated` is what the fields say already (titles, subtitle, authors, section): a line that says only that goes.
    """
    said = {text.comparable(value) for value in repeated}
    longest = 2 * max(map(len, said), default=0)
    times = Counter(unit.text for unit in units)
    captions = _captions(units, pictured)
    kept: dict[str, Unit] = {}
    for unit in units:
        if unit in captions or times[unit.text] > _REPEATED or _is_label(unit):
            continue
        if len(unit.text) > longest or text.comparable(unit.text) not in said:
            kept.setdefault(unit.text, unit)
    return _between_ends(list(kept.values()))


def _is_label(unit: Unit) -> bool:
    """Whether a unit is no running text: a link elsewhere, a headline of the page, a word in a box or cell."""
    if unit.kind in ("h1", "figcaption", "th"):
        return True
    if unit.density > _MOSTLY_LINKED or (unit.density > _LINKED and unit.size < _SHORT):
        return True
    return unit.kind in ("div", "td", "dt", "dd") and not is_sentence(unit)


def _captions(units: Sequence[Unit], pictured: frozenset[_Element]) -> set[Unit]:
    """The units that share an element with a picture and with hardly any other text, once the article has begun."""
    lengths: Counter[_Element] = Counter()
    for unit in units:
        lengths.update(dict.fromkeys(unit.path, len(unit.text)))
    found: set[Unit] = set()
    for unit in units[1:]:
        length = len(unit.text)
        if unit.kind not in ("div", "p", "td") or length > _CAPTION or any(e.tag == "header" for e in unit.path):
            continue
        boxes = (element for element in unit.path[-4:] if element in pictured and element.tag != "p")
        if any(lengths[box] <= 1.3 * length + 60 for box in boxes):
            found.add(unit)
    return found


def _between_ends(units: list[Unit]) -> list[Unit]:
    """The units from the first sentence or heading to the last sentence or item: no label leads or follows a text."""
    start = 0
    while start < len(units) and units[start].kind == "p" and not is_sentence(units[start]):
        start += 1
    end = len(units)
    while end > start and (units[end - 1].kind in HEADINGS or _trails(units[end - 1])):
        end -= 1
    return units[start:end]


def _trails(unit: Unit) -> bool:
    """Whether a unit at the end of the text is a signature, a counter or a notice rather than its last paragraph."""
    return unit.kind not in ("li", "blockquote", "pre", "table") and not is_sentence(unit)
