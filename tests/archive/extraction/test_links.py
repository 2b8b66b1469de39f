from archive.extraction.links import links
from archive.extraction.page import Page, read
from archive.models import Link
from tests.archive.extraction.captures import capture


def _links(body: str) -> tuple[Link, ...]:
    page = read(capture(f"<html><body>{body}</body></html>"))
    assert isinstance(page, Page)
    return links(page)


def _urls(body: str) -> list[str]:
    return [link.url for link in _links(body)]


def test_links_are_absolute_in_document_order_and_each_once() -> None:
    found = _urls('<a href="b">B</a><a href="/c#top">C</a><a href="//x.example/d">D</a><a href="b#other">again</a>')
    assert found == ["https://www.courier.example/harbour/b", "https://www.courier.example/c", "https://x.example/d"]


def test_what_leads_to_no_page_is_no_link() -> None:
    assert _urls('<a>x</a><a href="#x">x</a><a href="mailto:a@b.example">x</a><a href="javascript:x()">x</a>') == []
    assert _urls('<a href="http://[broken">x</a><a href="ftp://x.example/">x</a>') == []


def test_an_anchor_is_called_by_its_text_or_its_picture() -> None:
    found = _links('<a href="/1"> Tram <b>line</b>\n three </a><a href="/2"><img alt="A lamp"></a><a href="/3"></a>')
    assert [link.text for link in found] == ["Tram line three", "A lamp", ""]


def test_navigation_is_told_from_stories() -> None:
    found = _links(
        '<header><a href="/1">Home</a></header><div class="main-menu"><a href="/2">World</a></div>'
        '<div role="navigation"><a href="/3">Tech</a></div><article><header><h2><a href="/4">Story</a></h2></header>'
        '</article><p><a href="/5">in the text</a></p><footer><a href="/6">Imprint</a></footer>'
    )
    assert [link.in_navigation for link in found] == [True, True, True, False, False, True]
    assert [link.in_heading for link in found] == [False, False, False, True, False, False]


def test_a_heading_inside_an_anchor_counts() -> None:
    (link,) = _links('<a href="/1"><div><h3>Cannery sold</h3></div></a>')
    assert link.in_heading


def test_of_two_anchors_the_better_context_counts() -> None:
    (link,) = _links('<nav><a href="/1">More</a></nav><h2><a href="/1">Cannery sold to its workers</a></h2>')
    assert (link.text, link.in_navigation, link.in_heading) == ("Cannery sold to its workers", False, True)
