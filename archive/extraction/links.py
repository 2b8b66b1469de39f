"""The anchors of a page, with the context that tells a story from navigation."""

import re
from functools import lru_cache
from urllib.parse import urldefrag, urljoin, urlsplit

from lxml.html import HtmlElement

from archive import text
from archive.extraction.page import Page
from archive.models import Link
from archive.urls import MAX_URL_LENGTH

_NAVIGATION_TAGS = frozenset(("nav", "footer", "aside", "header"))
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_NAVIGATION_ROLES = frozenset(("navigation", "banner", "contentinfo", "complementary", "menu", "menubar", "search"))
_NAVIGATION_WORDS = re.compile(
    r"(?:^|[\s_-])(?:nav(?:bar|igation)?|menu|breadcrumbs?|footer|sidebar|masthead|topbar|toolbar|pagination|pager|"
    r"social|share|sharing|cookie|consent|login)(?:[\s_-]|$)"
)
"""In lower case, which is to be had sooner than a search in both."""
_MAX_MARKS = 500
"""Characters of class and id that are looked at."""
_MAX_TEXT = 500
"""Characters of an anchor's text that are kept."""


def links(page: Page) -> tuple[Link, ...]:
    """The http(s) links of a page in document order, each address once.

    Of an address that is linked several times the text is the longest, it is in navigation if it always is, and in
    a heading if it ever is. Raises: nothing that a page can cause.
    """
    found: dict[str, Link] = {}
    stack: list[tuple[HtmlElement, bool, bool, bool]] = [(page.root, False, False, False)]
    while stack:
        element, in_navigation, in_heading, in_article = stack.pop()
        if not isinstance(element.tag, str):
            continue
        in_article = in_article or element.tag == "article"
        in_navigation = in_navigation or _navigates(element, in_article=in_article)
        in_heading = in_heading or element.tag in _HEADINGS or element.tag == "article"
        if element.tag == "a" and (url := _address(page.base, element.get("href"))) is not None:
            heading = in_heading or next(element.iter(*_HEADINGS), None) is not None
            link = Link(url=url, text=_text(element), in_navigation=in_navigation, in_heading=heading)
            found[url] = _merged(found[url], link) if url in found else link
        stack.extend((child, in_navigation, in_heading, in_article) for child in reversed(element))
    return tuple(found.values())


def _navigates(element: HtmlElement, *, in_article: bool) -> bool:
    """Whether an element is navigation; the header of an article is not."""
    if element.tag in _NAVIGATION_TAGS:
        return element.tag != "header" or not in_article
    if element.get("role") in _NAVIGATION_ROLES:
        return True
    if element.tag in ("html", "body", "a"):
        return False
    marks = f"{element.get('class') or ''} {element.get('id') or ''}"
    return len(marks) > 1 and _names_navigation(marks[:_MAX_MARKS])


@lru_cache(maxsize=8_192)
def _names_navigation(marks: str) -> bool:
    """Whether a class and id are navigation's; those of a site's pages are the same few hundred again and again."""
    return _NAVIGATION_WORDS.search(marks.lower()) is not None


def _address(base: str, href: str | None) -> str | None:
    """The absolute http(s) address of an anchor, without fragment; None where it has none."""
    if not href or href.startswith("#"):
        return None
    try:
        url = urldefrag(urljoin(base, href.strip())).url
        parts = urlsplit(url)
    except ValueError:
        return None
    usable = parts.scheme in ("http", "https") and bool(parts.netloc) and len(url) <= MAX_URL_LENGTH
    return text.line(url) if usable else None


def _text(anchor: HtmlElement) -> str:
    """What an anchor says: its text, else its image's alternative text, else its title or label."""
    if (said := text.line("".join(anchor.itertext())[:_MAX_TEXT])) is not None:
        return said
    pictured = next((image.get("alt") for image in anchor.iter("img") if image.get("alt")), None)
    return text.line((pictured or anchor.get("aria-label") or anchor.get("title") or "")[:_MAX_TEXT]) or ""


def _merged(one: Link, other: Link) -> Link:
    """Two anchors to one address."""
    return Link(
        url=one.url,
        text=max(one.text, other.text, key=len),
        in_navigation=one.in_navigation and other.in_navigation,
        in_heading=one.in_heading or other.in_heading,
    )
