import gzip
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.models import Candidate, EndpointKind
from crawler.discovery import feeds
from crawler.discovery.feeds import Feed, parse_feed

URL = "https://news.example/world/feed.xml"
MAY_6 = datetime(2026, 5, 6, 8, 30, tzinfo=UTC)

RSS_HEAD = '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>The Example</title>'
RSS_ITEM = """<item><title>Bread &amp;amp; roses</title><link>https://news.example/a</link>
<category>World</category><author>a@news.example (A. Writer)</author>
<description>&lt;p&gt;Words.&lt;/p&gt;</description>
<guid isPermaLink="false">17</guid><pubDate>Wed, 06 May 2026 10:30:00 +0200</pubDate></item>"""
RSS = RSS_HEAD + "<language>en-gb</language>" + RSS_ITEM + "</channel></rss>"
RSS_091 = """<?xml version="1.0"?>
<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN"
 "http://my.netscape.com/publish/formats/rss-0.91.dtd">
<rss version="0.91"><channel><title>The Example</title><language>en-gb</language>
<image><title>Logo</title><url>https://news.example/l.png</url><link>https://news.example/</link></image>
<item><title>Bread &amp; roses</title><link>https://news.example/a</link></item></channel></rss>"""
RDF = """<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://news.example/"><title>The Example</title><dc:language>en-gb</dc:language>
<items><rdf:Seq><rdf:li rdf:resource="https://news.example/a"/></rdf:Seq></items></channel>
<item rdf:about="https://news.example/a"><title>Bread &amp; roses</title><link>https://news.example/a</link>
<dc:date>2026-05-06T10:30:00+02:00</dc:date></item></rdf:RDF>"""
RSS_090 = """<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://my.netscape.com/rdf/simple/0.9/">
<channel><title>The Example</title></channel>
<item><title>Bread &amp; roses</title><link>https://news.example/a</link></item></rdf:RDF>"""
ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-gb" xml:base="https://news.example/">
<title>The Example</title><id>urn:x</id><updated>2026-05-07T00:00:00Z</updated>
<entry><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Bread &amp; <b>roses</b></div></title>
<link rel="self" href="https://api.news.example/a"/><link rel="enclosure" href="a.mp3"/><link href="a"/>
<id>urn:x:a</id><published>2026-05-06T08:30:00Z</published><updated>2026-05-06T09:00:00Z</updated>
<author><name>A. Writer</name><uri>https://news.example/writer</uri></author>
<source><title>Another</title><id>urn:y</id><updated>2001-01-01T00:00:00Z</updated></source>
<content type="html">&lt;a href="/b"&gt;b&lt;/a&gt;</content></entry></feed>"""
JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "The Example",
        "language": "en-gb",
        "items": [
            {
                "id": "17",
                "url": "/a",
                "external_url": "https://other.example/",
                "title": "Bread & roses",
                "date_published": "2026-05-06T10:30:00+02:00",
                "date_modified": "2026-05-06T09:00:00Z",
            }
        ],
    }
)
FEEDBURNER = (
    "<link>https://feeds.example/~r/1</link>"
    "<feedburner:origLink xmlns:feedburner='http://rssnamespace.org/feedburner/ext/1.0'>"
    "https://news.example/o</feedburner:origLink>"
)


def parsed(text: str | bytes, content_type: str | None = "application/xml") -> Feed:
    return parse_feed(text.encode() if isinstance(text, str) else text, URL, content_type)


def rss(*items: str) -> str:
    return RSS_HEAD + "".join(f"<item>{item}</item>" for item in items) + "</channel></rss>"


def addresses(feed: Feed) -> list[str]:
    return [candidate.url for candidate in feed.candidates]


@pytest.mark.parametrize(
    ("document", "published_at", "modified_at", "language"),
    [
        (RSS, MAY_6, None, "en-gb"),
        (RSS_091, None, None, "en-gb"),
        (RSS_090, None, None, None),
        (RDF, MAY_6, MAY_6, "en-gb"),
        (ATOM, MAY_6, datetime(2026, 5, 6, 9, tzinfo=UTC), "en-gb"),
        (JSON_FEED, MAY_6, datetime(2026, 5, 6, 9, tzinfo=UTC), "en-gb"),
    ],
    ids=["RSS 2.0", "RSS 0.91", "RSS 0.90", "RDF", "Atom", "JSON Feed"],
)
def test_every_format_is_read(
    document: str, published_at: datetime | None, modified_at: datetime | None, language: str | None
) -> None:
    candidate = Candidate(
        url="https://news.example/a",
        found_in=URL,
        kind=EndpointKind.FEED,
        title="Bread & roses",
        published_at=published_at,
        modified_at=modified_at,
    )
    expected = Feed(candidates=(candidate,), title="The Example", language=language)
    assert parsed(document) == expected
    assert parsed(gzip.compress(document.encode()), None) == expected


@pytest.mark.parametrize("content_type", [None, "text/html", "text/plain; charset=us-ascii", "image/gif", "x", ""])
def test_a_wrong_content_type_does_not_matter(content_type: str | None) -> None:
    assert parsed(RSS.replace("Bread", "Bröd"), content_type).candidates[0].title == "Bröd & roses"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (rss("<title>Café</title><link>/a</link>").encode("latin-1"), "text/xml"),
        (rss("<title>Café</title><link>/a</link>").encode("latin-1"), "text/xml; charset=utf-8"),
        (rss("<title>Café</title><link>/a</link>").encode(), "text/xml; charset=iso-8859-1"),
        (b"\xef\xbb\xbf\r\n" + rss("<title>Café</title><link>/a</link>").encode(), None),
        (rss("<title>Café</title><link>/a</link>").encode("utf-16"), None),
    ],
)
def test_wrong_encodings_and_byte_order_marks_do_not_matter(body: bytes, content_type: str | None) -> None:
    feed = parsed(body, content_type)
    assert [candidate.title for candidate in feed.candidates] == ["Café"]
    assert feed.error is None


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("<link>/a?x=1&amp;y=2</link>", "https://news.example/a?x=1&y=2"),
        ("<link>a</link>", "https://news.example/world/a"),
        ("<guid>https://news.example/g</guid>", "https://news.example/g"),
        ("<guid isPermaLink='true'>https://news.example/g</guid>", "https://news.example/g"),
        ("<guid>https://news.example/g</guid><link>https://news.example/a</link>", "https://news.example/a"),
        (FEEDBURNER, "https://news.example/o"),
        ("<link><![CDATA[https://news.example/a?x=1&y=2]]></link>", "https://news.example/a?x=1&y=2"),
    ],
)
def test_the_address_of_an_entry(item: str, expected: str) -> None:
    assert addresses(parsed(rss(item))) == [expected]


@pytest.mark.parametrize(
    "item",
    [
        "<link>javascript:alert(1)</link>",
        "<link>mailto:desk@news.example</link>",
        "<guid isPermaLink='false'>https://news.example/g</guid>",
        "<title>No address</title>",
        "<link></link>",
    ],
)
def test_an_entry_without_a_web_address_is_left_out(item: str) -> None:
    assert parsed(rss(item)) == Feed(title="The Example")


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("<![CDATA[<i>The Times</i> &amp; we]]>", "The Times & we"),
        ("5 &lt; 6", "5 < 6"),
        ("AT&amp;amp;T", "AT&T"),
        ("\n two\n  lines ", "two lines"),
        ("&#x202e;evil&#x202c;", "evil"),
        ("", None),
    ],
)
def test_titles_are_plain_text_on_one_line(title: str, expected: str | None) -> None:
    assert parsed(rss(f"<title>{title}</title><link>/a</link>")).candidates[0].title == expected


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("Wed, 06 May 2026 10:30:00", datetime(2026, 5, 6, tzinfo=UTC)),
        ("2026-05-06T10:30:00+02:00", MAY_6),
        ("someday", None),
        ("", None),
    ],
)
def test_dates_without_a_zone_are_days_and_nonsense_is_none(date: str, expected: datetime | None) -> None:
    assert parsed(rss(f"<link>/a</link><pubDate>{date}</pubDate>")).candidates[0].published_at == expected


def test_an_entry_that_comes_twice_is_there_once() -> None:
    assert addresses(parsed(rss("<link>/a</link>", "<link>/b</link>", "<link>/a</link>"))) == [
        "https://news.example/a",
        "https://news.example/b",
    ]


def test_of_a_truncated_feed_all_is_kept_but_half_an_address() -> None:
    whole = rss("<link>https://news.example/a</link>", "<link>https://news.example/bcd</link>")
    feed = parsed(whole[: whole.index("cd</link>")])
    assert addresses(feed) == ["https://news.example/a"]
    assert feed.error is not None
    assert feed.error.startswith("malformed: ")


@pytest.mark.parametrize(
    "item",
    [
        "<title>A & B</title><link>/a?x=1&y=2</link>",
        "<description>Unclosed<category>x<link>/a?x=1&amp;y=2</link>",
        "<undeclared:x>1</undeclared:x><link>/a?x=1&amp;y=2</link><title>&nbsp;x</title>",
    ],
)
def test_malformed_feeds_are_read_as_far_as_they_go(item: str) -> None:
    assert "https://news.example/a?x=1&y=2" in addresses(parsed(rss(item)))


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("", "empty"),
        ("\ufeff \n", "empty"),
        ("<!DOCTYPE html><html><body>Not found</body></html>", "an HTML page, no feed"),
        ("Not found", "no feed"),
        ("<urlset><url><loc>https://news.example/a</loc></url></urlset>", "no feed"),
        ('{"message": "not found"}', "JSON, but no feed"),
        ('{"items": 3}', "JSON, but no feed"),
    ],
)
def test_what_is_no_feed_is_said(body: str, error: str) -> None:
    feed = parsed(body)
    assert feed.candidates == ()
    assert feed.error is not None
    assert error in feed.error or feed.error.startswith("malformed")


def test_json_that_is_cut_off_or_nested_without_end_is_said() -> None:
    for body in (JSON_FEED[:-5], '{"items":' + "[" * 100_000):
        feed = parsed(body)
        assert feed.candidates == ()
        assert feed.error is not None
        assert feed.error.startswith("malformed JSON")


def test_json_items_of_wrong_types_are_left_out() -> None:
    items: list[object] = [
        3,
        None,
        {"url": 5, "id": 7},
        {"id": "https://news.example/id", "title": ["x"], "date_published": 2026},
        {"url": "javascript:x", "id": "17"},
        {"url": "https://news.example/\ud800b", "title": "\ud800x"},
    ]
    feed = parsed(json.dumps({"items": items, "title": 3}))
    assert [(c.url, c.title) for c in feed.candidates] == [
        ("https://news.example/id", None),
        ("https://news.example/b", "x"),
    ]


def test_no_entity_is_expanded_and_no_file_read() -> None:
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 50}">\n' for n in range(1, 9))
    text = (
        f'<!DOCTYPE x [\n<!ENTITY e0 "ha">\n<!ENTITY f SYSTEM "file:///etc/hostname">\n{bomb}]>'
        + rss("<title>&e8;&f;</title><link>/a</link>").partition("?>")[2]
    )
    assert [(c.url, c.title) for c in parsed(text).candidates] == [("https://news.example/a", "&e8;&f;")]


def test_more_entries_than_the_limit_are_left() -> None:
    feed = parsed(rss(*(f"<link>/{n}</link>" for n in range(feeds.MAX_ENTRIES + 10))))
    assert len(feed.candidates) == feeds.MAX_ENTRIES
    assert feed.error == "too long: the rest was left"
    items = [{"id": str(n), "url": f"/{n}"} for n in range(feeds.MAX_ENTRIES + 10)]
    feed = parsed(json.dumps({"items": items}))
    assert len(feed.candidates) == feeds.MAX_ENTRIES
    assert feed.error is not None


@pytest.mark.parametrize(
    "tail",
    [
        "<item>" + "<category>x</category>" * 150_000,
        "<item><author>" + "a" * 3_000_000,
        "<item>" + "<a>" * 1_300_000,
        "\n" * 3_000_000 + "<item>",
        "&" * 3_000_000,
    ],
    ids=["categories", "a long author", "depth", "blank lines", "ampersands"],
)
def test_no_feed_takes_hours(tail: str) -> None:
    # feedparser alone takes minutes for each of these, hours for some
    feed = parsed(RSS_HEAD + RSS_ITEM + tail)
    assert addresses(feed) in (["https://news.example/a"], [])
    assert feed.error is not None


def test_a_gzip_bomb_is_left() -> None:
    feed = parsed(gzip.compress(RSS.encode() + b" " * 50_000_000))
    assert addresses(feed) == ["https://news.example/a"]
    assert feed.error == "longer than 4,194,304 bytes unpacked; the rest was left"


def check(feed: Feed) -> None:
    for candidate in feed.candidates:
        assert candidate.url.startswith(("http://", "https://"))
        assert candidate.found_in == URL
        assert candidate.title is None or "\n" not in candidate.title
        assert candidate.published_at is None or candidate.published_at.tzinfo is UTC


@given(st.binary(max_size=1_000), st.none() | st.text(max_size=40))
def test_any_bytes_give_a_feed(body: bytes, content_type: str | None) -> None:
    for document in (body, b"<rss><item><link>http://a/" + body, b"<" + body, b'{"items":[{"url":"' + body):
        check(parsed(document, content_type))


@given(st.sampled_from([RSS, RSS_091, RSS_090, RDF, ATOM, JSON_FEED]), st.data())
def test_a_mutated_feed_gives_a_feed(document: str, data: st.DataObject) -> None:
    body = bytearray(document.encode())
    for _ in range(data.draw(st.integers(1, 5))):
        start = data.draw(st.integers(0, len(body)))
        end = data.draw(st.integers(start, min(len(body), start + 40)))
        body[start:end] = data.draw(
            st.binary(max_size=20) | st.sampled_from([b"<", b"&", b"]]>", b"<item>", b"\0", b"'"])
        )
    check(parsed(bytes(body)))


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(), lambda s: st.lists(s) | st.dictionaries(st.text(), s)
    )
)
def test_any_json_gives_a_feed(value: object) -> None:
    for document in (
        {"items": value},
        {"items": [{"url": value, "id": value, "title": value, "date_published": value}]},
    ):
        check(parsed(json.dumps(document)))
