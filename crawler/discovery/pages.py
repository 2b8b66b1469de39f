"""What a page's head announces: the feeds of its site."""

import re

from archive.extraction import Page
from crawler.discovery.addresses import absolute

# RSS autodiscovery (RSS Advisory Board), Atom, RDF and JSON Feed 1.1; then types that say less than they should, which
# other things are announced with as well: an address that speaks of a feed decides.
_FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"})
_VAGUE_TYPES = frozenset({"application/xml", "text/xml", "application/json"})
_FEED_NAME = re.compile(r"feed|rss|atom|rdf", re.IGNORECASE)
# WordPress announces the feed of the comments beside that of the posts.
_COMMENTS = re.compile(r"/comments?(?:/|$)", re.IGNORECASE)

MAX_FEEDS = 50
"""Feeds taken from one page; portals announce one for each of their sections."""


def announced_feeds(page: Page) -> tuple[str, ...]:
    """The absolute addresses of the feeds in `<link rel=alternate>`, in the page's order, each once.

    Raises: nothing.
    """
    found: dict[str, None] = {}
    for link in page.root.iter("link"):
        rel = (link.get("rel") or "").lower().split()
        kind = (link.get("type") or "").partition(";")[0].strip().lower()
        href = link.get("href") or ""
        is_feed = kind in _FEED_TYPES or (kind in _VAGUE_TYPES and _FEED_NAME.search(href))
        if "alternate" in rel and is_feed and not _COMMENTS.search(href) and (url := absolute(href, page.base)):
            found.setdefault(url)
    return tuple(found)[:MAX_FEEDS]
