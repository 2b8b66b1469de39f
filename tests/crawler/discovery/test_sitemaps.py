import gzip
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.models import Candidate, EndpointKind
from crawler.discovery import sitemaps
from crawler.discovery.sitemaps import Sitemap, SitemapRef, parse_sitemap

URL = "https://news.example/sitemap.xml"
XMLNS = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
PLAIN = f"""<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="{XMLNS}">
  <url><loc>https://news.example/a</loc><lastmod>2026-05-06T10:30:00+02:00</lastmod><priority>0.5</priority></url>
  <url>
    <loc> https://news.example/b?x=1&amp;y=2 </loc>
  </url>
</urlset>"""
NEWS_SITEMAP = f"""<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="{XMLNS}" xmlns:news="{NEWS}" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
  <url>
    <image:image><image:loc>https://news.example/a.jpg</image:loc><image:title>A picture</image:title></image:image>
    <loc>https://news.example/a</loc>
    <news:news>
      <news:publication><news:name>The Example</news:name><news:language>en</news:language></news:publication>
      <news:publication_date>2026-05-06T10:30:00Z</news:publication_date>
      <news:title>Bread &amp;amp; roses: a caf&#233;&#x27;s story</news:title>
    </news:news>
  </url>
  <url><loc>https://news.example/b</loc></url>
</urlset>"""
INDEX = f"""<?xml version="1.0"?><sitemapindex xmlns="{XMLNS}">
<sitemap><loc>https://news.example/1.xml.gz</loc><lastmod>2026-05-06</lastmod></sitemap>
<sitemap><loc>/2.xml</loc></sitemap></sitemapindex>"""


def parsed(text: str | bytes) -> Sitemap:
    return parse_sitemap(text.encode() if isinstance(text, str) else text, URL)


def addresses(sitemap: Sitemap) -> list[str]:
    return [candidate.url for candidate in sitemap.candidates]


def test_a_sitemap_gives_its_addresses_and_their_changes() -> None:
    assert parsed(PLAIN) == Sitemap(
        candidates=(
            Candidate(
                url="https://news.example/a",
                found_in=URL,
                kind=EndpointKind.SITEMAP,
                modified_at=datetime(2026, 5, 6, 8, 30, tzinfo=UTC),
            ),
            Candidate(url="https://news.example/b?x=1&y=2", found_in=URL, kind=EndpointKind.SITEMAP),
        )
    )


def test_a_news_sitemap_gives_titles_and_dates_and_no_pictures() -> None:
    sitemap = parsed(NEWS_SITEMAP)
    assert sitemap.kind is EndpointKind.NEWS_SITEMAP
    assert sitemap.error is None
    assert sitemap.candidates[0] == Candidate(
        url="https://news.example/a",
        found_in=URL,
        kind=EndpointKind.NEWS_SITEMAP,
        title="Bread & roses: a café's story",
        published_at=datetime(2026, 5, 6, 10, 30, tzinfo=UTC),
    )
    assert addresses(sitemap) == ["https://news.example/a", "https://news.example/b"]


def test_an_index_gives_its_parts() -> None:
    assert parsed(INDEX) == Sitemap(
        children=(
            SitemapRef(url="https://news.example/1.xml.gz", modified_at=datetime(2026, 5, 6, tzinfo=UTC)),
            SitemapRef(url="https://news.example/2.xml"),
        )
    )


@pytest.mark.parametrize("document", [PLAIN, NEWS_SITEMAP, INDEX])
@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace(XMLNS, "https" + XMLNS.removeprefix("http") + "/"),
        lambda text: text.replace(f' xmlns="{XMLNS}"', ""),
        lambda text: text.replace(f' xmlns:news="{NEWS}"', ""),
        lambda text: text.replace(NEWS, "urn:x"),
        lambda text: "\ufeff\r\n " + text,
        lambda text: "<!-- <rss> made by hand -->" + text.partition("?>")[2],
    ],
    ids=["https", "no namespace", "undeclared prefix", "wrong namespace", "before the declaration", "comment first"],
)
def test_namespaces_and_what_stands_before_the_declaration_do_not_matter(
    document: str, change: Callable[[str], str]
) -> None:
    expected, changed = parsed(document), parsed(change(document))
    assert (changed.candidates, changed.children, changed.kind) == (
        expected.candidates,
        expected.children,
        expected.kind,
    )


@pytest.mark.parametrize("packed", [gzip.compress(PLAIN.encode()), PLAIN.encode("utf-16")])
def test_gzip_and_utf_16_are_recognised(packed: bytes) -> None:
    assert parsed(packed) == parsed(PLAIN)


def test_a_text_sitemap_has_an_address_a_line() -> None:
    text = "\ufeffhttps://news.example/a\r\nhttps://news.example/b\r\n\r\nnot an address\r\njavascript:x\r\n"
    assert addresses(parsed(text)) == ["https://news.example/a", "https://news.example/b"]


def test_a_feed_given_as_a_sitemap_is_read_as_a_feed() -> None:
    sitemap = parsed("<rss version='2.0'><channel><item><link>https://news.example/a</link></item></channel></rss>")
    assert sitemap.kind is EndpointKind.FEED
    assert addresses(sitemap) == ["https://news.example/a"]


def test_an_address_with_bare_ampersands_is_kept_whole() -> None:
    text = "<urlset><url><loc>/a?x=1&y=2&copy=3</loc></url><url><loc><![CDATA[/b?x=1&y=2]]></loc></url></urlset>"
    sitemap = parsed(text)
    assert addresses(sitemap) == ["https://news.example/a?x=1&y=2&copy=3", "https://news.example/b?x=1&y=2"]
    assert sitemap.error is None


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1"])
def test_latin_1_is_read_whatever_is_declared(encoding: str) -> None:
    text = NEWS_SITEMAP.replace("UTF-8", encoding).replace("caf&#233;", "café")
    assert parsed(text.encode("latin-1")).candidates == parsed(NEWS_SITEMAP).candidates


def test_of_a_truncated_sitemap_all_whole_entries_are_kept() -> None:
    cut = PLAIN[: PLAIN.index("?x=1")]
    assert addresses(parsed(cut)) == ["https://news.example/a"]
    assert parsed(cut).error == "malformed XML: Premature end of data in tag loc line 5"


def test_of_a_truncated_gzip_file_too() -> None:
    rows = "".join(f"<url><loc>https://news.example/{i * 7919 % 10007}</loc></url>" for i in range(5_000))
    packed = gzip.compress(f"<urlset>{rows}</urlset>".encode())
    sitemap = parsed(packed[: len(packed) // 2])
    assert 1_000 < len(sitemap.candidates) < 4_000
    assert sitemap.error == "gzip cut off"


def test_malformed_xml_is_said_and_what_can_be_read_is_kept() -> None:
    sitemap = parsed(PLAIN.replace("</lastmod>", ""))
    assert "https://news.example/b?x=1&y=2" in addresses(sitemap)
    assert sitemap.error is not None
    assert sitemap.error.startswith("malformed XML: ")


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("", "empty"),
        (" \n", "empty"),
        ("<!doctype html><title>Not found</title>", "an HTML page, no sitemap"),
        ("Not found", "neither XML nor a list of addresses"),
        ("\0\0\0", "neither XML nor a list of addresses"),
        ("<opml/>", "XML, but no sitemap: its root is opml"),
        ("<", "XML, but no sitemap: its root is missing"),
    ],
)
def test_what_is_no_sitemap_is_said(body: str, error: str) -> None:
    assert parsed(body) == Sitemap(error=error)


def test_an_empty_sitemap_is_no_error() -> None:
    assert parsed("<urlset></urlset>") == Sitemap()


def test_addresses_that_are_none_are_left_out_and_others_are_there_once() -> None:
    rows = ("javascript:alert(1)", "mailto:a@b", "", "/a", "https://news.example/a", "ftp://news.example/b")
    text = "<urlset>" + "".join(f"<url><loc>{row}</loc></url>" for row in rows) + "<url><x/></url></urlset>"
    assert addresses(parsed(text)) == ["https://news.example/a"]


def test_dates_that_are_none_are_none() -> None:
    text = PLAIN.replace("2026-05-06T10:30:00+02:00", "last week")
    assert parsed(text).candidates[0].modified_at is None


def test_no_entity_is_expanded_and_no_file_read() -> None:
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 50}">' for n in range(1, 9))
    text = (
        f'<!DOCTYPE x [<!ENTITY e0 "ha"><!ENTITY f SYSTEM "file:///etc/hostname">{bomb}]>'
        "<urlset><url><loc>https://news.example/&e8;</loc></url><url><loc>https://news.example/&f;</loc></url></urlset>"
    )
    assert addresses(parsed(text)) == ["https://news.example/&e8;", "https://news.example/&f;"]


def test_more_entries_than_the_protocol_allows_are_left() -> None:
    text = "<urlset>" + "".join(f"<url><loc>/{n}</loc></url>" for n in range(sitemaps.MAX_URLS + 10)) + "</urlset>"
    sitemap = parsed(text)
    assert len(sitemap.candidates) == sitemaps.MAX_URLS
    assert sitemap.error == "too long: the rest was left after 50,000 entries"
    lines = "\n".join(f"https://news.example/{n}" for n in range(sitemaps.MAX_URLS + 10))
    assert len(parsed(lines).candidates) == sitemaps.MAX_URLS


@pytest.mark.parametrize("filler", ["<a/>", "&", "<![CDATA[", "<a>", "<url/>"])
def test_a_huge_document_without_entries_is_not_read_to_its_end(filler: str) -> None:
    sitemap = parsed("<urlset>" + filler * 6_000_000)
    assert sitemap.candidates == ()
    assert sitemap.error is not None


def test_a_gzip_bomb_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "MAX_BYTES", 10_000)
    body = gzip.compress(PLAIN.removesuffix("</urlset>").encode() + b" " * 5_000_000)
    assert addresses(parsed(body)) == addresses(parsed(PLAIN))
    assert parsed(body).error == "longer than 10,000 bytes unpacked; the rest was left"


def check(sitemap: Sitemap) -> None:
    for candidate in sitemap.candidates:
        assert candidate.url.startswith(("http://", "https://"))
        assert candidate.found_in == URL
        assert candidate.title is None or "\n" not in candidate.title
    assert all(child.url.startswith(("http://", "https://")) for child in sitemap.children)


@given(st.binary(max_size=1_000))
def test_any_bytes_give_a_sitemap(body: bytes) -> None:
    for document in (body, b"<" + body, b"<urlset><url><loc>http://a/" + body, b"\x1f\x8b\x08\x00" + body):
        check(parsed(document))


@given(st.sampled_from([PLAIN, NEWS_SITEMAP, INDEX]), st.data())
def test_a_mutated_sitemap_gives_a_sitemap(document: str, data: st.DataObject) -> None:
    body = bytearray(document.encode())
    for _ in range(data.draw(st.integers(1, 5))):
        start = data.draw(st.integers(0, len(body)))
        end = data.draw(st.integers(start, min(len(body), start + 40)))
        body[start:end] = data.draw(
            st.binary(max_size=20) | st.sampled_from([b"<", b"&", b"]]>", b"<url>", b"\0", b"'"])
        )
    check(parsed(bytes(body)))
