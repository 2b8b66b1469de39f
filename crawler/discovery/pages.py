"""What a page's head announces: the feeds of its site."""

from archive.extraction import Page
from crawler.discovery.addresses import absolute

# RSS Advisory Board's autodiscovery, RFC 5005's habit for Atom, and JSON Feed 1.1; all written in the wild.
_FEED_TYPES = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/feed+json",
        "application/json",
        "text/xml",
        "application/xml",
    }
)
# WordPress announces a feed of each post's comments, and its own API as alternate JSON.
_NO_FEED = ("/comments/", "/wp-json/", "/oembed")

MAX_FEEDS = 50


def announced_feeds(page: Page) -> tuple[str, ...]:
    """The absolute addresses of the feeds in `<link rel=alternate>`, in the page's order, each once.

    Raises: nothing.
    """
    found: dict[str, None] = {}
    for link in page.root.iter("link"):
        rel = (link.get("rel") or "").lower().split()
        kind = (link.get("type") or "").partition(";")[0].strip().lower()
        if "alternate" in rel and kind in _FEED_TYPES and (url := absolute(link.get("href") or "", page.base)):
            if not any(part in url for part in _NO_FEED):
                found.setdefault(url)
    return tuple(found)[:MAX_FEEDS]
