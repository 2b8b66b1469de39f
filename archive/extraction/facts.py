"""The plain fields: subtitle, section, tags, language, description, image, site name, and whether it is free."""

import re
from collections.abc import Iterable

from lxml.html import HtmlElement

from archive import text
from archive.extraction.metatags import Metas
from archive.extraction.metatags import readings as meta_readings
from archive.extraction.readings import Reading, distinct
from archive.extraction.structured import Item, texts
from archive.models import Method
from archive.urls import canonical

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

_LANGUAGE = re.compile(r"\s*([A-Za-z]{2})(?:[-_][A-Za-z0-9]+)*\s*$")
_FREE = {"true": True, "free": True, "false": False, "locked": False, "metered": False, "paid": False, "premium": False}
_MAX_TAGS = 100


def readings(field: str, articles: Iterable[Item], tags: Metas) -> list[Reading[str]]:
    """All readings of one of the plain fields, structured data first."""
    found = [
        Reading(value, article.method)
        for article in articles
        for key in _PROPERTIES[field]
        for value in texts(article.properties.get(key))
    ]
    return distinct([*found, *(meta_readings(tags, field) if field != "tags" else ())])


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


def languages(root: HtmlElement, found: Iterable[Reading[str]]) -> list[Reading[str]]:
    """The declared languages as ISO 639-1 codes, the one of the `html` element first."""
    declared = root.get("lang") or root.get("xml:lang") or ""
    readings = [Reading(declared, Method.HTML), *found]
    return distinct(Reading(m[1].lower(), r.method) for r in readings if (m := _LANGUAGE.match(r.value)))


def images(found: Iterable[Reading[str]], base: str) -> list[Reading[str]]:
    """The main image's addresses, absolute; what is no http(s) address is left out."""
    return distinct(Reading(url, r.method) for r in found if (url := canonical(r.value, base)) is not None)


def is_free(found: Iterable[Reading[str]]) -> bool | None:
    """Whether the page declares its article free to read; None where it says nothing (understandable)."""
    said = (_FREE.get(reading.value.strip().lower().rsplit("/", 1)[-1]) for reading in found)
    return next((value for value in said if value is not None), None)
