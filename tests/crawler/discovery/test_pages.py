from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from archive.extraction import Page, read
from archive.models import CanonicalUrl, Capture, Rejection
from crawler.discovery import pages
from crawler.discovery.pages import announced_feeds

URL = "https://news.example/world/"


def page(html: bytes) -> Page | Rejection:
    return read(
        Capture(
            url=CanonicalUrl(URL),
            final_url=URL,
            fetched_at=datetime(2026, 5, 6, tzinfo=UTC),
            status=200,
            content_type="text/html; charset=utf-8",
            body=html,
        )
    )


def feeds(head: str) -> tuple[str, ...]:
    result = page(f"<html><head>{head}</head><body><p>Words.</p></body></html>".encode())
    assert isinstance(result, Page)
    return announced_feeds(result)


def link(kind: str, href: str, rel: str = "alternate") -> str:
    return f'<link rel="{rel}" type="{kind}" href="{href}">'


def test_feeds_of_every_type_are_found_once_in_their_order() -> None:
    head = (
        link("application/rss+xml", "/rss.xml")
        + link("application/atom+xml", "atom.xml")
        + link("application/feed+json", "//cdn.example/feed.json")
        + link("application/rdf+xml", "https://other.example/x.rdf")
        + link("APPLICATION/RSS+XML; charset=utf-8", "https://news.example/2", rel="Alternate home")
        + link("application/rss+xml", "/rss.xml")
    )
    assert feeds(head) == (
        "https://news.example/rss.xml",
        "https://news.example/world/atom.xml",
        "https://cdn.example/feed.json",
        "https://other.example/x.rdf",
        "https://news.example/2",
    )


def test_other_alternates_are_no_feeds() -> None:
    head = (
        link("text/html", "/de/")
        + link("application/json+oembed", "/oembed?url=x")
        + link("text/xml+oembed", "/oembed?format=xml")
        + link("application/json", "/wp-json/wp/v2/pages/2")
        + link("application/rss+xml", "/comments/feed/")
        + link("application/rss+xml", "javascript:alert(1)")
        + link("application/rss+xml", "/a.xml", rel="stylesheet")
        + '<link rel="alternate" type="application/rss+xml">'
    )
    assert feeds(head) == ()


def test_a_vague_type_counts_where_the_address_speaks_of_a_feed() -> None:
    assert feeds(link("application/json", "/feed.json") + link("text/xml", "/rss?s=1")) == (
        "https://news.example/feed.json",
        "https://news.example/rss?s=1",
    )


def test_the_base_of_the_page_counts() -> None:
    assert feeds('<base href="https://cdn.example/x/">' + link("application/rss+xml", "feed")) == (
        "https://cdn.example/x/feed",
    )


def test_portals_do_not_announce_feeds_without_end() -> None:
    assert len(feeds("".join(link("application/rss+xml", f"/{n}") for n in range(200)))) == pages.MAX_FEEDS


@given(st.text(max_size=100), st.text(max_size=30), st.text(max_size=30))
def test_any_link_gives_http_addresses(href: str, rel: str, kind: str) -> None:
    attributes = [text.replace('"', "") for text in (href, rel, kind)]
    body = '<html><head><link href="{}" rel="alternate {}" type="application/rss+xml;{}">'.format(*attributes)
    result = page(body.encode("utf-8", "replace"))
    if isinstance(result, Page):
        assert all(url.startswith(("http://", "https://")) for url in announced_feeds(result))
