"""What a page's head says in `meta` elements: OpenGraph, Dublin Core, Parsely, Sailthru and the plain old names."""

from collections.abc import Iterator, Mapping

from lxml.html import HtmlElement

from archive.extraction.readings import Reading, distinct
from archive.extraction.structured import plain
from archive.models import Method

_MAX_TAGS = 2_000
"""`meta` elements read of one page; the richest page of our corpus has 140."""

NAMES: Mapping[str, tuple[str, ...]] = {
    "title": (
        "og:title",
        "twitter:title",
        "parsely-title",
        "sailthru.title",
        "dc.title",
        "dcterms.title",
        "citation_title",
        "title",
        "headline",
    ),
    "subtitle": ("article:subtitle", "subtitle", "subheadline", "sailthru.subtitle", "dc.alternative"),
    "authors": (
        "author",
        "parsely-author",
        "sailthru.author",
        "article:author_name",
        "dc.creator",
        "dcterms.creator",
        "citation_author",
        "byl",
        "article:author",
        "og:article:author",
        "authors",
        "vr:author",
        "cxenseparse:author",
    ),
    "published_at": (
        "article:published_time",
        "og:article:published_time",
        "parsely-pub-date",
        "sailthru.date",
        "datepublished",
        "publish-date",
        "publish_date",
        "published_date",
        "publication_date",
        "pubdate",
        "dc.date.issued",
        "dcterms.issued",
        "dcterms.created",
        "dc.date",
        "article.published",
        "cxenseparse:recs:publishtime",
        "cxenseparse:publishtime",
        "citation_publication_date",
        "date",
        "og:published_time",
        "og:pubdate",
        "article:published",
    ),
    "modified_at": (
        "article:modified_time",
        "og:updated_time",
        "datemodified",
        "lastmod",
        "last-modified",
        "dcterms.modified",
        "dc.date.modified",
        "article:modified",
        "revised",
    ),
    "section": (
        "article:section",
        "parsely-section",
        "section",
        "sailthru.verticals",
        "cxenseparse:section",
        "category",
        "dc.subject.section",
    ),
    "tags": ("article:tag", "og:article:tag", "news_keywords", "parsely-tags", "sailthru.tags", "keywords"),
    "description": ("og:description", "description", "twitter:description", "dc.description", "sailthru.description"),
    "image_url": ("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src", "thumbnail"),
    "site_name": ("og:site_name", "application-name", "publisher", "dc.publisher"),
    "language": ("content-language", "language", "dc.language", "og:locale"),
    "is_free": ("article:content_tier", "article:content-tier", "og:article:content_tier"),
}
"""For each field the names under which pages give it, the most trusted first; lower case."""

Metas = Mapping[str, tuple[str, ...]]


def metas(root: HtmlElement) -> Metas:
    """All `meta` values of a page by lower-case name, each name's in document order, cleaned."""
    found: dict[str, list[str]] = {}
    for count, meta in enumerate(root.iter("meta")):
        if count >= _MAX_TAGS:
            break
        content = plain(meta.get("content") or meta.get("value") or "")
        if content is None:
            continue
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            if key := meta.get(attribute):
                found.setdefault(key.strip().lower(), []).append(content)
    return {key: tuple(values) for key, values in found.items()}


def named(tags: Metas, field: str) -> Iterator[tuple[str, Reading[str]]]:
    """What the tags say about a field with the name under which they say it, the most trusted name first."""
    for name in NAMES[field]:
        method = Method.OPENGRAPH if name.startswith(("og:", "article:")) else Method.META
        for value in tags.get(name, ()):
            yield name, Reading(value, method)


def readings(tags: Metas, field: str) -> list[Reading[str]]:
    """What the tags say about a field, the most trusted name first."""
    return distinct(reading for _, reading in named(tags, field))
