"""HTML for tests, parsed as a page is."""

from lxml.html import HtmlElement

from archive.extraction.page import tree


def root(body: str, head: str = "") -> HtmlElement:
    parsed = tree(f"<html><head>{head}</head><body>{body}</body></html>")
    assert parsed is not None
    return parsed
