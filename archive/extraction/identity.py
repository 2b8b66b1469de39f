"""Under which address an article is known: what a page says of its own address, and what of that is believed."""

from collections.abc import Iterator

from archive.extraction.metatags import Metas
from archive.extraction.page import Page
from archive.extraction.readings import Reading, distinct
from archive.models import AddressKind, CanonicalUrl, Capture, Method
from archive.urls import canonical, is_front, same_site


def readings(page: Page, tags: Metas) -> list[Reading[str]]:
    """The addresses that the page calls its own, canonicalised: `link rel=canonical` (RFC 6596), then og:url."""
    found: list[Reading[str]] = [Reading(url, Method.HTML) for url in _linked(page, "canonical")]
    urls = (canonical(value, page.base) for value in tags.get("og:url", ()))
    return distinct([*found, *(Reading(url, Method.OPENGRAPH) for url in urls if url is not None)])


def choose(found: list[Reading[str]], final_url: str) -> Reading[str] | None:
    """The first address that a page may speak for: of its own site, and not the front page for a page inside.

    A page of another site must not be able to write over this site's articles, nor this one over others'; and some
    sites give their front page as the canonical address of everything.
    """
    inside = not is_front(final_url)
    return next((r for r in found if same_site(final_url, r.value) and not (inside and is_front(r.value))), None)


def addresses(page: Page, capture: Capture, chosen: CanonicalUrl) -> tuple[tuple[AddressKind, CanonicalUrl], ...]:
    """The further addresses of the article, `chosen` not among them; only those of its own site."""
    found: dict[CanonicalUrl, AddressKind] = {}
    for kind, url in _further(page, capture):
        if url is not None and url != chosen and same_site(chosen, url):
            found.setdefault(url, kind)
    return tuple((kind, url) for url, kind in found.items())


def _further(page: Page, capture: Capture) -> Iterator[tuple[AddressKind, CanonicalUrl | None]]:
    yield AddressKind.FETCHED, canonical(capture.final_url)
    if capture.final_url != capture.url:
        yield AddressKind.REDIRECT, canonical(capture.url)
    for url in capture.redirects:
        yield AddressKind.REDIRECT, canonical(url)
    for link in _linked(page, "amphtml"):
        yield AddressKind.AMP, link


def _linked(page: Page, relation: str) -> Iterator[CanonicalUrl]:
    """The targets of `link` elements with a relation, canonicalised, in document order."""
    for link in page.root.iter("link"):
        if relation in (link.get("rel") or "").lower().split():
            url = canonical(link.get("href") or "", page.base) if link.get("href") else None
            if url is not None:
                yield url
