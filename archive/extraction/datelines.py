"""The line in which a page tells its readers when it was published, for pages that tell no machine."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from lxml.html import HtmlElement

from archive import text
from archive.extraction.moments import MAX_VALUE, Moment, parsed
from archive.extraction.readings import Reading, distinct
from archive.models import Method

_TAGS = ("abbr", "b", "dd", "div", "em", "i", "li", "p", "small", "span", "strong", "td", "time")
_MARKED = re.compile(r"date|time|publi|posted|datum|fecha|data-|dato|meta|byline|info")
_ELSEWHERE = re.compile(
    r"comment|related|sidebar|teaser|recommend|card|footer|masthead|weather|event|current|clock|copyright"
)
"""Both for lower case, which is to be had sooner than a search in both."""
_CHANGED = re.compile(
    r"updat|modif|aktualis|stand:|geändert|mis à jour|actuali[sz]|aggiorna|bijgewerkt|oppdatert|opdateret|uppdaterad|"
    r"zaktualiz|aktualizov|frissít|güncel|обновлен|изменен|оновлен|ενημέρωση|עודכן|تحديث|更新|修改|수정",
    re.IGNORECASE,
)
"""When it was changed is another moment."""
_CARRIED = re.compile(
    r'\\?"(?:datePublished|publish(?:ed)?_?(?:Date|Time|At|On)|publication_?(?:Date|Time)|pubDate|first_?publish\w*)'
    r'\\?"\s*:\s*\\?"([^"\\]{8,40})\\?"',
    re.IGNORECASE,
)
_DAY_IN_ADDRESS = re.compile(r"/((?:19|20)\d{2})/?(0[1-9]|1[0-2])/?([0-2]\d|3[01])/")
_FIGURE = re.compile(r"\d")
_MAX_SCRIPTS = 200
_MAX_SCRIPT = 1_000_000
"""Characters of a script that are searched."""
_MAX_CARRIED = 3
_NEAR = 60
"""Elements after the headline among which the line stands."""
_MAX_WORDS = 7
"""Words beside the figures of a line that is no sentence: "Veröffentlicht am Dienstag, 3. Februar 2026 um 7 Uhr"."""
_MAX_WORDS_MARKED = 12
_MAX_WORDS_BEFORE_STOP = 2
"""Words of a date that ends in a full stop, as in Hungarian and Serbian; more make a sentence."""
_MAX_LINES = 400
_MAX_PARTS = 24
"""Pieces of text in an element: more are no line, and are not put together."""


def datelines(root: HtmlElement, language: str) -> list[Reading[Moment]]:
    """The dates in the lines around the headline and in those whose class speaks of a date, in the order of the page.

    A date inside of a sentence is the date of something else, and one in the page's head or foot is today's. After the
    lines comes what the page's scripts carry.
    """
    found = (parsed(line, language) for line in (*_lines(root), *_carried(root)))
    return distinct(Reading(moment, Method.HTML) for moment in found if moment is not None)


def of_pictures(addresses: Iterable[Reading[str]]) -> list[Reading[Moment]]:
    """The days in the addresses of the main picture, under which it was filed: the last thing to go by."""
    days = (_DAY_IN_ADDRESS.search(reading.value) for reading in addresses)
    found = (parsed("-".join(day.groups())) for day in days if day is not None)
    return distinct(Reading(moment, Method.URL) for moment in found if moment is not None)


def _carried(root: HtmlElement) -> Iterator[str]:
    """The times of publication in the data of pages that are made in the browser."""
    for script in islice(root.iter("script"), _MAX_SCRIPTS):
        yield from islice((match[1] for match in _CARRIED.finditer((script.text or "")[:_MAX_SCRIPT])), _MAX_CARRIED)


def _lines(root: HtmlElement) -> Iterator[str]:
    elements = [element for element in root.iter("h1", *_TAGS) if element.tag == "h1" or _is_short(element)]
    headline = next((position for position, element in enumerate(elements) if element.tag == "h1"), 0)
    lines = 0
    for position, element in enumerate(elements):
        marked = _MARKED.search(_marks(element)) is not None
        near = headline - _NEAR // 6 <= position <= headline + _NEAR
        if not (marked or near) or element.tag == "h1":
            continue
        lines += 1
        if lines > _MAX_LINES:
            return
        line = text.line(" ".join(element.itertext())) or ""
        words = len(re.findall(r"[^\W\d_]{2,}", line))
        sentence = words > _MAX_WORDS_BEFORE_STOP and line.endswith((".", "!", "?", "\u3002"))
        fits = words <= (_MAX_WORDS_MARKED if marked else _MAX_WORDS) and not sentence
        if fits and not _CHANGED.search(line) and not _is_elsewhere(element):
            yield line


def _is_short(element: HtmlElement) -> bool:
    """Whether an element holds a line that has figures, and little more."""
    parts = list(islice(element.itertext(), _MAX_PARTS + 1))
    said = "".join(parts)
    if len(parts) > _MAX_PARTS or _FIGURE.search(said) is None:
        return False
    return len(said.strip()) <= 4 * MAX_VALUE and len(said.split()) <= 2 * _MAX_WORDS_MARKED


def _is_elsewhere(element: HtmlElement) -> bool:
    """Whether an element belongs to the page's frame, to comments or to another story."""
    for ancestor in (element, *element.iterancestors()):
        if ancestor.tag in ("nav", "footer", "aside", "blockquote", "form", "figure", "table"):
            return True
        if ancestor.tag in ("article", "main", "body"):
            return False
        if _ELSEWHERE.search(_marks(ancestor)):
            return True
    return False


def _marks(element: HtmlElement) -> str:
    """An element's class and id, as far as they are looked at, in lower case."""
    return f"{element.get('class', '')} {element.get('id', '')}"[:MAX_VALUE].lower()
