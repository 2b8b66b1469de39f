"""What stands between the paragraphs of an article and is not its text: captions, links elsewhere, repetitions."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from lxml.etree import _Element

from archive import text
from archive.extraction.prose import around, is_sentence, verses
from archive.extraction.units import HEADINGS, Unit

_LINKED = 0.5
"""Share of links from which a short paragraph points elsewhere instead of telling something."""
_MOSTLY_LINKED = 0.8
"""The same for a paragraph of any length."""
_ALL_LINKED = 0.9
"""The same for a table."""
_SHORT = 100
_REPEATED = 2
"""Boxes of a page in which a paragraph may stand: what is in more of them is a notice."""
_ANSWER = 30
"""Size below which a statement may be repeated like an answer."""
_CAPTION = 500
"""Characters of the longest caption."""
_BOXES = ("div", "td")
"""What a page sets labels in, if its sentences stand elsewhere."""


def without_furniture(units: Sequence[Unit], pictured: frozenset[_Element], repeated: Iterable[str]) -> list[Unit]:
    """The units that are the article's text.

    `repeated` is what the fields say already (titles, subtitle, authors, section): a line that says only that goes.
    """
    said = {text.comparable(value) for value in repeated}
    longest = 2 * max(map(len, said), default=0)
    captions = _captions(units, pictured)
    lines = verses(units)
    text_of_boxes = {setting for unit in units if unit in lines or is_sentence(unit) for setting in _settings(unit)}
    running = [
        unit
        for unit in units
        if unit not in captions
        and not _is_link(unit)
        and not (_is_label(unit) and unit not in lines and text_of_boxes.isdisjoint(_settings(unit)))
        and (len(unit.text) > longest or text.comparable(unit.text) not in said)
    ]
    return _between_ends(_once(running, dict(pairwise(units)), lines), lines)


def _is_link(unit: Unit) -> bool:
    """Whether a unit leads elsewhere; in a league table every team is a link."""
    if unit.kind == "table":
        return unit.density > _ALL_LINKED
    return unit.density > _MOSTLY_LINKED or (unit.density > _LINKED and unit.size < _SHORT)


def _is_label(unit: Unit) -> bool:
    """Whether a unit is no running text: a headline of the page, a caption, a word in a box or cell."""
    return unit.kind in ("h1", "figcaption", "th") or (unit.kind in _BOXES and not is_sentence(unit))


def _settings(unit: Unit) -> list[_Element | tuple[_Element | None, object, str]]:
    """How a unit in a box is set: in this element, or beside or elsewhere in one of its kind and class.

    Where sentences are set so too, the page writes its paragraphs in boxes, and the short ones are no labels.
    """
    if unit.kind not in _BOXES:
        return []
    element = unit.path[-1]
    name = element.get("class") or ""
    return [element, (around(unit), element.tag, name), *([(None, element.tag, name)] if name else [])]


def _once(units: Sequence[Unit], followed: Mapping[Unit, Unit], lines: frozenset[Unit]) -> list[Unit]:
    """The units without those that the page says again: notices in several boxes, the copy of a paragraph elsewhere.

    What one box says several times its author repeats: a refrain, a heading, a line that divides. So does a list, and
    who answers "No." to more than one question. `followed` tells what stood after each unit: a heading that stands over
    what is no text, more than once, is "Read also".
    """
    boxes: dict[str, dict[_Element, int]] = {}
    for unit in units:
        among = boxes.setdefault(unit.text, {})
        among[around(unit)] = among.get(around(unit), 0) + 1
    running = frozenset(units)
    kept = []
    for unit in units:
        among = boxes[unit.text]
        if unit.kind == "li" or unit in lines or (unit.size < _ANSWER and text.ends_with_a_stop(unit.text)):
            kept.append(unit)
        elif len(among) > _REPEATED or around(unit) is not next(iter(among)):
            continue
        elif among[around(unit)] == 1 or unit.kind not in HEADINGS or followed.get(unit) in running:
            kept.append(unit)
    return kept


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


def _between_ends(units: list[Unit], lines: frozenset[Unit]) -> list[Unit]:
    """The units from the first sentence or heading to the last sentence or item: no label leads or follows a text."""
    start = 0
    while start < len(units) and units[start].kind in ("p", "dt", "dd", *_BOXES) and _is_apart(units[start], lines):
        start += 1
    end = len(units)
    while end > start and (units[end - 1].kind in HEADINGS or _trails(units[end - 1], lines)):
        end -= 1
    return units[start:end]


def _trails(unit: Unit, lines: frozenset[Unit]) -> bool:
    """Whether a unit at the end of the text is a signature, a counter or a notice rather than its last paragraph."""
    return unit.kind not in ("li", "dt", "dd", "blockquote", "pre", "table") and _is_apart(unit, lines)


def _is_apart(unit: Unit, lines: frozenset[Unit]) -> bool:
    """Whether a unit, standing at an end of the text, is none of its paragraphs: neither a sentence nor an answer."""
    answers = unit.density < 0.3 and text.ends_with_a_stop(unit.text)
    return not (unit in lines or is_sentence(unit) or answers)
