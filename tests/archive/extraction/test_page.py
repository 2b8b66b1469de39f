import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.extraction.page import Page, decoded, read
from archive.models import Reason, Rejection
from tests.archive.extraction.captures import capture

SENTENCE = "Die Fähre über den Fluß fährt ab Oktober früher."


def _page(body: bytes | str, content_type: str | None = "text/html") -> Page:
    page = read(capture(body, content_type=content_type))
    assert isinstance(page, Page), page
    return page


@pytest.mark.parametrize(
    ("encoding", "header", "meta"),
    [
        ("utf-8", "text/html; charset=utf-8", ""),
        ("utf-8", "text/html", '<meta charset="utf-8">'),
        ("utf-8", None, ""),
        ("iso-8859-1", "text/html; charset=iso-8859-1", ""),
        ("iso-8859-1", "text/html", '<meta http-equiv="content-type" content="text/html; charset=latin1">'),
        ("iso-8859-1", "text/html; charset=utf-8", ""),
        ("iso-8859-1", "text/html", '<meta charset="utf-8">'),
        ("cp1252", "text/html; charset=no-such-charset", ""),
        ("utf-8", "text/html; charset=utf-16", ""),
        ("utf-8-sig", "text/html; charset=iso-8859-1", ""),
        ("utf-16", "text/html", ""),
    ],
)
def test_the_charset_is_found_where_it_is_declared_and_where_it_is_not(
    encoding: str, header: str | None, meta: str
) -> None:
    markup = f"<html><head>{meta}<title>t</title></head><body><p>{SENTENCE * 20}</p></body></html>"
    page = _page(markup.encode(encoding), content_type=header)
    assert SENTENCE in page.root.text_content()


@pytest.mark.parametrize(
    "codec", ["hex", "idna", "base64", "rot13", "undefined", "punycode", "unicode_escape", "utf-7", "utf-32", "zlib"]
)
@pytest.mark.parametrize("place", ["header", "meta"])
def test_a_codec_of_python_is_no_charset_of_a_page(codec: str, place: str) -> None:
    header, meta = (f"; charset={codec}", "") if place == "header" else ("", f'<meta charset="{codec}">')
    page = _page(f"<html><head>{meta}</head><body><p>It cost \\n 5.</p></body></html>", f"text/html{header}")
    assert page.root.text_content() == "It cost \\n 5."


@pytest.mark.parametrize(
    ("encoding", "label", "sentence"),
    [
        ("cp1251", "windows-1251", "Паром уйдёт в половине десятого вечера."),
        ("koi8-r", "koi8-r", "Паром уйдёт в половине десятого вечера."),
        ("iso-8859-2", "ISO-8859-2", "Žluťoučký kůň se napil."),
        ("gb18030", "gb2312", "渡轮九点半离开。"),
        ("big5hkscs", "big5", "渡輪九點半離開。"),
        ("cp932", "Shift_JIS", "フェリーは九時半に出る。"),
        ("euc_jp", "x-euc-jp", "フェリーは九時半に出る。"),
        ("cp949", "euc-kr", "배는 아홉 시 반에 떠난다."),
        ("cp1256", "windows-1256", "تغادر العبارة في الساعة التاسعة."),
        ("mac_cyrillic", "x-mac-cyrillic", "Паром уйдёт в половине десятого вечера."),
    ],
)
def test_a_charset_of_the_web_is_believed(encoding: str, label: str, sentence: str) -> None:
    assert sentence in decoded(f"<p>{sentence}</p>".encode(encoding), f"text/html; charset={label}")


def test_many_comments_cost_no_time() -> None:
    # Each could end at the end of any other one: 2 to the power of their number.
    assert isinstance(read(capture("<!-- c -->" * 400 + "<html><body><p>x</p></body></html>")), Page)
    assert isinstance(read(capture("<!-- c -->" * 400 + "<rss></rss>")), Rejection)


def test_a_header_beats_a_meta_element() -> None:
    body = '<html><head><meta charset="iso-8859-1"></head><body><p>Žluťoučký kůň</p></body></html>'.encode()
    assert "Žluťoučký kůň" in decoded(body, "text/html; charset=utf-8")


def test_one_damaged_character_does_not_discredit_a_declared_charset() -> None:
    body = b"<html><body><p>" + (SENTENCE * 20).encode() + b" \xff </p></body></html>"
    assert SENTENCE in decoded(body, "text/html; charset=utf-8")


def test_nul_bytes_do_not_end_the_page() -> None:
    page = _page(b"<html><body><p>before</p>\0\0<p>aft\0er</p></body></html>")
    assert "after" in page.root.text_content()


def test_links_resolve_against_the_base_element() -> None:
    page = _page('<html><head><base href="/elsewhere/"></head><body><p>x</p></body></html>')
    assert page.base == "https://www.courier.example/elsewhere/"


@pytest.mark.parametrize(
    ("body", "content_type", "reason"),
    [
        (b"", "text/html", Reason.EMPTY),
        (b" \n\0 ", "text/html", Reason.EMPTY),
        (b"\xef\xbb\xbf", "text/html", Reason.EMPTY),
        (b"%PDF-1.7 ...", "application/pdf", Reason.NOT_HTML),
        (b"\xff\xd8\xff\xe0 JFIF", None, Reason.NOT_HTML),
        (b'{"a": "<p>"}', "application/json", Reason.NOT_HTML),
        (b"<?xml version='1.0'?><rss version='2.0'></rss>", "text/html", Reason.NOT_HTML),
        (b"<urlset></urlset>", "application/xml", Reason.NOT_HTML),
    ],
)
def test_what_is_no_page_is_rejected_with_the_reason(body: bytes, content_type: str | None, reason: Reason) -> None:
    outcome = read(capture(body, content_type=content_type))
    assert isinstance(outcome, Rejection)
    assert outcome.reason is reason
    assert outcome.evidence


def test_a_page_without_a_type_is_recognised_by_its_markup() -> None:
    assert _page(b"<!DOCTYPE html><html><body><p>x</p></body></html>", content_type=None).root.tag == "html"


@given(
    st.binary(max_size=2_000), st.sampled_from(["text/html", "text/html; charset=utf-16", "text/html; charset=", None])
)
def test_any_bytes_become_a_page_or_a_rejection(body: bytes, content_type: str | None) -> None:
    assert isinstance(read(capture(body, content_type=content_type)), Page | Rejection)


@given(st.text(max_size=300))
def test_any_address_may_be_a_base(href: str) -> None:
    markup = f'<html><head><base href="{href}"></head><body><p>x</p></body></html>'
    assert isinstance(read(capture(markup.encode("utf-8", "replace"))), Page | Rejection)


def _parsed(markup: str) -> Page:
    page = read(capture(markup))
    assert isinstance(page, Page)
    return page


def test_elements_that_are_never_closed_lose_no_text() -> None:
    page = _parsed("<body>" + "<div>" * 1_000 + "<p>inside</p>" + "</div>" * 1_000 + "<p>after</p>")
    assert [p.text for p in page.root.iter("p")] == ["inside", "after"]
    assert page.unread == ()


def test_what_is_beyond_the_depth_of_the_parser_is_said() -> None:
    assert _parsed("<body><p>before</p>" + "<div>" * 3_000 + "<p>inside</p>").unread == (
        "what follows an element inside of 2,048 others",
    )


def test_the_attributes_of_one_element_are_bounded() -> None:
    many = " ".join(f"a{number}=1" for number in range(20_000))
    script = f"<script>if (a<b {many}) x()</script>"
    page = _parsed(f"<body>{script}<p {many}>text</p><p title=x>more</p>")
    assert page.unread == ("20,000 attributes of one element",)
    assert [(p.text, len(p.attrib)) for p in page.root.iter("p")] == [("text", 0), ("more", 1)]
    assert many in "".join(s.text or "" for s in page.root.iter("script"))


def test_the_tags_of_a_page_are_bounded() -> None:
    page = _parsed("<body><p>text</p>" + "<br>" * 300_000)
    assert sum(1 for _ in page.root.iter()) <= 200_001
    assert page.unread == ("what follows 200,000 of 300,003 tags",)
    assert page.root.findtext(".//p") == "text"
