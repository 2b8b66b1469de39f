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

_FREE = {"true": True, "free": True, "false": False, "locked": False, "metered": False, "paid": False, "premium": False}
_WALL = re.compile(r"pay-?wall|reg-?wall|piano-|subscri(?:be|ption)-(?:wall|gate)|premium-(?:wall|gate)", re.IGNORECASE)
_TEASER = 1_500
"""Characters below which a text may be the beginning that a pay wall shows."""
_MAX_TAGS = 100


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


def walls(root: HtmlElement, content: str) -> list[Reading[str]]:
    """What is seen of a pay wall, whatever is declared: its markup, where the text is as short as a teaser."""
    if len(content) > _TEASER:
        return []
    marked = (element for element in root.iter("div", "section", "aside") if _WALL.search(element.get("class") or ""))
    return [Reading("observed: a pay wall", Method.HTML)] if next(marked, None) is not None else []


def is_free(found: Iterable[Reading[str]]) -> bool | None:
    """Whether the page declares its article free to read; None where it says nothing (understandable)."""
    said = (_FREE.get(reading.value.strip().lower().rsplit("/", 1)[-1]) for reading in found)
    return next((value for value in said if value is not None), None)
