"""Who wrote it: every naming of authors in a page, taken apart into persons, and which of them is the article's."""

import re
from collections.abc import Iterable, Iterator

from lxml.html import HtmlElement

from archive import text
from archive.extraction.metatags import Metas
from archive.extraction.metatags import readings as meta_readings
from archive.extraction.readings import Reading, distinct
from archive.extraction.structured import Item, texts
from archive.models import Method

Authors = tuple[str, ...]

_LEAD = re.compile(
    r"^\s*(?:(?:written|words|story|posted|published|text|reported|reporting)\s+)?"
    r"(?:by|von|par|por|di|da|door|av|af|od|autor(?:in|en)?|author|auteur|text|texte|texto|words)\b\s*:?\s+",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*[;|/•·\n]\s*|\s+(?:and|und|et|y|e|och|og|en|ve|i|a|&|with|mit)\s+|\s*&\s*", re.IGNORECASE)
_COMMA = re.compile("\\s*[,\uff0c\u3001]\\s*")
"""Also the full-width and the ideographic comma."""
_EMAIL = re.compile(r"\(?\s*\S+@\S+\.\w+\s*\)?")
_HANDLE = re.compile(r"(?:^|\s)@\w+")
_URL = re.compile(r"^(?:https?:)?//|^www\.|\.(?:com|org|net|html?)/", re.IGNORECASE)
_MAX_NAME = 80
"""Characters: longer strings are biographies and lists, not names."""
_MAX_BYLINES = 20

_BYLINE_XPATH = (
    "//*[@rel='author' or contains(@class, 'author') or contains(@class, 'Author') or contains(@class, 'byline')"
    " or contains(@class, 'Byline') or contains(@itemprop, 'author') or contains(@data-testid, 'author')]"
)


def readings(articles: Iterable[Item], tags: Metas, root: HtmlElement) -> list[Reading[Authors]]:
    """All readings of the authors, the most trusted first; each a tuple of at least one name."""
    return distinct(reading for reading in _all(articles, tags, root) if reading.value)


def choose(found: list[Reading[Authors]]) -> Reading[Authors] | None:
    """The first reading of all."""
    return found[0] if found else None


def _all(articles: Iterable[Item], tags: Metas, root: HtmlElement) -> Iterator[Reading[Authors]]:
    for article in articles:
        for key in ("author", "creator"):
            yield Reading(names(texts(article.properties.get(key))), article.method)
    for method in (Method.META, Method.OPENGRAPH):
        yield Reading(names(r.value for r in meta_readings(tags, "authors") if r.method is method), method)
    for element in root.xpath(_BYLINE_XPATH)[:_MAX_BYLINES]:
        line = text.line(element.text_content())
        if line is not None and len(line) <= _MAX_NAME:
            yield Reading(names([line]), Method.HTML)


def names(values: Iterable[str]) -> Authors:
    """The names in the values, one a person, in order, without those said twice."""
    found: dict[str, str] = {}
    for value in values:
        for name in _split(value):
            found.setdefault(text.comparable(name), name)
    return tuple(name for key, name in found.items() if key)


def _split(value: str) -> Iterator[str]:
    """The persons of one byline: "By A, B and C" are three."""
    if _URL.search(value):
        return
    value = _LEAD.sub("", _HANDLE.sub(" ", _EMAIL.sub(" ", value)))
    for part in _BETWEEN.split(value):
        for name in _COMMA.split(part):
            if 1 < len(bare := name.strip(" \t,.:–—-*")) <= _MAX_NAME:
                yield bare
