"""The plain fields: subtitle, section, tags, description, image, site name, and whether it is free to read."""

import re
from collections.abc import Iterable, Mapping
from urllib.parse import urljoin

from lxml.html import HtmlElement

from archive import text
from archive.extraction.metatags import Metas
from archive.extraction.metatags import readings as meta_readings
from archive.extraction.readings import Reading, distinct
from archive.extraction.structured import Item, texts
from archive.models import Method
from archive.urls import MAX_URL_LENGTH

_PROPERTIES = {
    "subtitle": ("alternativeHeadline", "alternateName"),
    "section": ("articleSection",),
    "tags": ("keywords",),
    "description": ("description",),
    "image_url": ("image", "thumbnailUrl"),
    "site_name": ("publisher",),
    "language": ("inLanguage",),
    "is_free": ("isAccessibleForFree",),
}
"""For each field the properties of a schema.org Article that give it."""

_FREE = {
    "true": True,
    "yes": True,
    "free": True,
    "no": False,
    "false": False,
    "locked": False,
    "metered": False,
    "paid": False,
    "premium": False,
}
_WALL = re.compile(r"pay-?wall|reg-?wall|piano-|subscri(?:be|ption)-(?:wall|gate)|premium-(?:wall|gate)", re.IGNORECASE)
_TEASER = 1_500
"""Characters below which a text may be the beginning that a pay wall shows."""
_FEWEST_COUNTED = 50
"""Words of the shortest text whose declared length is compared."""
_MAX_TAGS = 100
_MAX_MARKS = 500
"""Characters of class and id that are looked at."""


def readings(field: str, articles: Iterable[Item], tags: Metas) -> list[Reading[str]]:
    """All readings of one of the plain fields, structured data first."""
    said = _addresses if field == "image_url" else texts
    found = [
        Reading(value, article.method)
        for article in articles
        for key in _PROPERTIES[field]
        for value in said(article.properties.get(key))
    ]
    return distinct([*found, *(meta_readings(tags, field) if field != "tags" else ())])


def _addresses(value: object) -> list[str]:
    """The addresses of an image, which may be given as an item with a name of its own, or as a list."""
    if isinstance(value, Mapping):
        return next(filter(None, (texts(value.get(key)) for key in ("url", "contentUrl", "@id"))), [])
    if isinstance(value, list):
        return [
            address for member in value[:_MAX_TAGS] for address in _addresses(member) if not isinstance(member, list)
        ]
    return texts(value)


def keywords(articles: Iterable[Item], tags: Metas) -> list[Reading[tuple[str, ...]]]:
    """All readings of the tags; a source that gives one string has its commas taken for separators."""
    found = [Reading(_split(texts(a.properties.get("keywords"))), a.method) for a in articles]
    for name, method in (("article:tag", Method.OPENGRAPH), ("news_keywords", Method.META), ("keywords", Method.META)):
        found.append(Reading(_split(tags.get(name, ())), method))
    return distinct(reading for reading in found if reading.value)


def _split(values: Iterable[str]) -> tuple[str, ...]:
    """Tags one by one, in order, none twice."""
    split = [part for value in values for part in re.split(r"\s*[,;]\s*", value)]
    return tuple(dict.fromkeys(tag for part in split if (tag := text.line(part))))[:_MAX_TAGS]


def subtitles(deck: str | None, title: str, found: Iterable[Reading[str]]) -> list[Reading[str]]:
    """The subtitles: what the page shows under its headline first; what only repeats the title is none."""
    shown = [Reading(deck, Method.HTML)] if deck is not None else []
    return distinct(r for r in (*shown, *found) if text.comparable(r.value) != text.comparable(title))


def images(found: Iterable[Reading[str]], base: str) -> list[Reading[str]]:
    """The main image's addresses, absolute; what is no http(s) address is left out."""
    return distinct(Reading(url, r.method) for r in found if (url := _absolute(r.value, base)) is not None)


def _absolute(address: str, base: str) -> str | None:
    """An http(s) address as it stands: the parameters of an image's are often signed, and must not be put in order."""
    try:
        url = urljoin(base, address)
    except ValueError:
        return None
    return url if url.startswith(("http://", "https://")) and len(url) <= MAX_URL_LENGTH else None


def freedom(articles: Iterable[Item], tags: Metas) -> list[Reading[str]]:
    """All that is declared of whether the article is free to read, of itself first, then of its parts.

    A part that is paid (schema.org hasPart, with the selector of the paid text) counts where the article says nothing.
    """
    of_parts = [
        Reading(said, article.method)
        for article in articles
        for part in _members(article.properties.get("hasPart"))
        for said in texts(part.get("isAccessibleForFree"))
        if _FREE.get(_value(said)) is False
    ]
    return distinct([*readings("is_free", articles, tags), *of_parts])


def _members(value: object) -> list[Mapping[str, object]]:
    members = value[:_MAX_TAGS] if isinstance(value, list) else [value]
    return [member for member in members if isinstance(member, Mapping)]


def observed(root: HtmlElement, articles: Iterable[Item], content: str) -> list[Reading[str]]:
    """What is seen of a pay wall, whatever is declared: its markup, or a text that is cut off, where it is short."""
    if len(content) > _TEASER:
        return []
    elements = root.iter("div", "section", "aside", "p", "form")
    marked = (el for el in elements if _WALL.search(f"{el.get('class') or ''} {el.get('id') or ''}"[:_MAX_MARKS]))
    seen = [Reading("no: markup of a pay wall", Method.HTML)] if next(marked, None) is not None else []
    words = text.word_count(content)
    for article in articles:
        said = next((int(said) for said in texts(article.properties.get("wordCount")) if said.isdecimal()), 0)
        if said >= _FEWEST_COUNTED and words < said / 2:
            seen.append(Reading(f"no: {words} of {said} words", article.method))
    if content.endswith(("\u2026", "...", "[\u2026]", "[...]")):
        seen.append(Reading("no: the text ends in dots", Method.TEXT))
    return distinct(seen)


def is_free(found: Iterable[Reading[str]]) -> bool | None:
    """Whether the page declares its article free to read; None where it says nothing (understandable)."""
    believed = first_free(found)
    return _FREE[_value(believed.value)] if believed is not None else None


def first_free(found: Iterable[Reading[str]]) -> Reading[str] | None:
    """The declaration that is believed: the first that can be understood."""
    understood = [reading for reading in found if _value(reading.value) in _FREE]
    return next(iter(understood), None)


def _value(said: str) -> str:
    """A truth value as it is declared, also as an address of schema.org."""
    return said.strip().lower().rsplit("/", 1)[-1]
