"""The newspaper keeps its own promises: what it says that a complete crawl must store can be found and read there."""

import gzip
import json
from collections.abc import Iterable
from datetime import datetime
from http.client import HTTPConnection, HTTPMessage
from urllib.parse import urljoin

import feedparser
import pytest
from lxml import etree
from lxml import html as lxml_html

from archive.models import BlockKind
from crawler.demo.newspaper import WAYS, Newspaper, Record, serve
from crawler.demo.stories import SECTIONS, parse_story

BASE = "http://127.0.0.1:8700"
HEADERS = {"host": "127.0.0.1:8700"}
LOCATION = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


@pytest.fixture(scope="module")
def paper() -> Newspaper:
    return Newspaper()


def body(paper: Newspaper, path: str, query: str = "") -> bytes:
    reply = paper.reply(path, query, HEADERS)
    assert reply.status == 200, path
    return reply.body


def text_of(source: bytes, encoding: str = "utf-8") -> str:
    return " ".join(str(lxml_html.fromstring(source.decode(encoding)).xpath("string()")).split())


def select(source: bytes, xpath: str) -> list[str]:
    found = lxml_html.fromstring(source).xpath(xpath)
    assert isinstance(found, list)
    return [str(value) for value in found]


def elements(xml: bytes, name: str) -> list[str]:
    return [element.text or "" for element in etree.fromstring(xml).iter(name)]


def pathed(urls: Iterable[str]) -> set[str]:
    return {url.removeprefix(BASE).partition("?")[0] for url in urls}


def sitemap_locations(paper: Newspaper) -> list[str]:
    found = []
    for part in elements(body(paper, "/sitemap.xml"), LOCATION):
        source = body(paper, part.removeprefix(BASE))
        found += elements(gzip.decompress(source) if part.endswith(".gz") else source, LOCATION)
    return found


def get(base: str, path: str, **headers: str) -> tuple[int, HTTPMessage, bytes]:
    connection = HTTPConnection(base.removeprefix("http://"), timeout=10)
    connection.request("GET", path, headers=headers)
    reply = connection.getresponse()
    answer = reply.status, reply.headers, reply.read()
    connection.close()
    return answer


# --- the manifest ---


def test_there_are_enough_articles_in_many_languages(paper: Newspaper) -> None:
    records = paper.articles()
    assert len(records) >= 28
    assert {record.language for record in records} >= {"en", "de", "fr", "es", "ar", "zh", "ja", "uk", "ta", "hi"}
    assert {record.section for record in records} == {section.title for section in SECTIONS}


@pytest.mark.parametrize("field", ["path", "title", "published", "paragraphs"])
def test_articles_differ(paper: Newspaper, field: str) -> None:
    records = paper.articles()
    assert len({getattr(record, field) for record in records}) == len(records)


def test_times_have_various_offsets_and_lie_in_2026(paper: Newspaper) -> None:
    times = [datetime.fromisoformat(record.published) for record in paper.articles()]
    assert all(time.year == 2026 and time.date().isoformat() < "2026-11-20" for time in times)
    assert len({time.utcoffset() for time in times}) >= 5


def test_bodies_have_every_kind_of_block_but_code(paper: Newspaper) -> None:
    kinds = {kind for record in paper.articles() for kind in record.blocks}
    assert kinds == set(BlockKind) - {BlockKind.CODE}


def test_every_page_says_what_the_manifest_says(paper: Newspaper) -> None:
    for record in paper.articles():
        reply = paper.reply(record.path, "", HEADERS)
        encoding = "utf-8" if "charset" in reply.headers["Content-Type"] else "windows-1251"
        text = text_of(reply.body, encoding)
        for expected in (record.title, record.subtitle, *record.authors, *prose(record)):
            assert expected is None or expected in text, record.path


def prose(record: Record) -> list[str]:
    pairs = zip(record.paragraphs, record.blocks, strict=True)
    return [paragraph for paragraph, kind in pairs if kind is not BlockKind.TABLE]


# --- the ways to find them ---


def test_links_alone_lead_to_every_article() -> None:
    paper = Newspaper(frozenset({"links"}))
    seen, waiting = set[str](), ["/"]
    while waiting:
        path = waiting.pop()
        if path in seen or path.startswith("/calendar/"):
            continue
        seen.add(path)
        reply = paper.reply(path, "", HEADERS)
        if reply.status == 200 and "html" in reply.headers["Content-Type"]:
            urls = [urljoin(BASE + path, href) for href in select(reply.body, "//a/@href")]
            waiting += pathed(url for url in urls if url.startswith(BASE))
    assert {record.path for record in paper.articles()} <= seen


def test_section_pages_alone_list_every_article() -> None:
    paper = Newspaper(frozenset({"links"}))
    listed = set[str]()
    for section in SECTIONS:
        for number in range(1, 50):
            page = body(paper, f"/{section.slug}/" if number == 1 else f"/{section.slug}/page/{number}/")
            listed |= set(select(page, "//h2/a/@href"))
            if not select(page, '//a[@rel="next"]/@href'):
                break
    assert listed == {record.path for record in paper.articles()}


def test_sitemaps_alone_list_every_article() -> None:
    paper = Newspaper(frozenset({"sitemaps"}))
    traps = {trap.url.removeprefix(BASE) for trap in paper.traps(BASE) if trap.ways == {"sitemaps"}}
    listed = pathed(sitemap_locations(paper)) - traps - {"/"} - {f"/{section.slug}/" for section in SECTIONS}
    assert listed == {record.path for record in paper.articles()}


def test_feeds_alone_list_every_article() -> None:
    paper = Newspaper(frozenset({"feeds"}))
    listed = set[str]()
    for path in ("/feed.xml", "/atom.xml"):
        feed = feedparser.parse(body(paper, path))
        assert not feed.bozo, feed.get("bozo_exception")
        assert len(feed.entries) == 15
        assert all(entry.title and entry.published_parsed for entry in feed.entries)
        listed |= pathed(entry.link for entry in feed.entries)
    listed |= pathed(item["url"] for item in json.loads(body(paper, "/feed.json"))["items"])
    assert listed == {record.path for record in paper.articles()}


@pytest.mark.parametrize("way", sorted(WAYS))
def test_one_way_alone_leaves_no_trace_of_the_others(way: str) -> None:
    paper = Newspaper(frozenset({way}))
    home = body(paper, "/")
    assert (b"/feed.xml" in home) == (way == "feeds") == (paper.reply("/feed.xml").status == 200)
    assert (b"Sitemap:" in body(paper, "/robots.txt")) == (way == "sitemaps")
    assert (paper.reply("/sitemap.xml").status == 200) == (way == "sitemaps")
    anchors = set(select(home, "//a/@href"))
    assert bool(anchors & {record.path for record in paper.articles()}) == (way == "links")


def test_an_unknown_way_is_refused() -> None:
    with pytest.raises(ValueError, match="telegraph"):
        Newspaper(frozenset({"telegraph"}))


def test_news_sitemap_has_title_and_date(paper: Newspaper) -> None:
    space = "{http://www.google.com/schemas/sitemap-news/0.9}"
    source = body(paper, "/news-sitemap.xml")
    newest = [record for record in paper.articles() if record.path != "/opinion/a-word-about-our-masthead"][:12]
    assert elements(source, f"{space}title") == [record.title for record in newest]
    assert elements(source, f"{space}publication_date") == [record.published for record in newest]


def test_robots_forbids_what_the_sitemap_lists(paper: Newspaper) -> None:
    assert "Disallow: /private/" in body(paper, "/robots.txt").decode().splitlines()
    assert f"{BASE}/private/draft-harbour-budget/" in sitemap_locations(paper)


# --- pages ---


def test_json_ld_is_valid_and_says_what_the_manifest_says(paper: Newspaper) -> None:
    found = 0
    for record in paper.articles():
        page = paper.reply(record.path, "", HEADERS).body
        for script in select(page, '//script[@type="application/ld+json"]/text()'):
            data = json.loads(script)
            [news] = [node for node in data.get("@graph", [data]) if node["@type"] == "NewsArticle"]
            assert news["headline"] == record.title
            assert news["datePublished"] == record.published
            found += 1
    assert found > 10


def test_sections_speak_different_languages_of_metadata(paper: Newspaper) -> None:
    spoken = set()
    for record in paper.articles():
        page = paper.reply(record.path, "", HEADERS).body
        spoken.add(tuple(mark in page for mark in (b"ld+json", b'itemprop="headline"', b"og:title", b"<time")))
    assert len(spoken) == 5


def test_furniture_is_there(paper: Newspaper) -> None:
    page = next(body(paper, record.path) for record in paper.articles() if record.section == "Opinion")
    text = text_of(page)
    for line in ("Leave A Reply", "Your email address will not be published.", "Read also", "All rights reserved"):
        assert line in text
    comments, shares = select(page, "//p[a/@href='#respond']//b/text()")
    assert comments.isdigit()
    assert shares.isdigit()


def test_arabic_alone_is_written_from_right_to_left(paper: Newspaper) -> None:
    for record in paper.articles():
        direction = select(paper.reply(record.path).body, "/html/@dir")
        assert direction == (["rtl"] if record.language == "ar" else [])


# --- traps ---


def test_every_trap_answers_as_it_should(paper: Newspaper) -> None:
    statuses = {}
    for trap in paper.traps(BASE):
        path, _, query = trap.url.removeprefix(BASE).partition("?")
        if path.startswith("/"):
            statuses[trap.name] = paper.reply(path, query, HEADERS).status
    others = {name: status for name, status in statuses.items() if status != 200}
    assert others == {
        "an article that is not there": 404,
        "an article that was taken back (410)": 410,
        "an old address that redirects": 301,
        "a link that redirects to another site": 302,
    }


def test_every_trap_says_what_becomes_of_it(paper: Newspaper) -> None:
    paths = [record.path for record in paper.articles()]
    for trap in paper.traps(BASE):
        assert trap.story or trap.reasons, trap
        assert not trap.story or any(trap.story in path for path in paths), trap


def test_further_addresses_lead_to_the_article(paper: Newspaper) -> None:
    seen = 0
    for record in paper.articles():
        for other in record.also_at:
            seen += 1
            path, _, query = other.partition("?")
            reply = paper.reply(path, query, HEADERS)
            if reply.status == 301:
                assert reply.headers["Location"] == BASE + record.path
            else:
                expected = path if path.startswith("/weekend/") else record.path
                assert select(reply.body, '//link[@rel="canonical"]/@href') == [BASE + expected]
    assert seen == 5


def test_the_calendar_has_no_end(paper: Newspaper) -> None:
    path = "/calendar/2026/11/"
    for _ in range(30):
        [path] = select(body(paper, path), '//a[@rel="next"]/@href')
    assert path == "/calendar/2029/05/"


@pytest.mark.parametrize(
    "path", ["/nowhere", "/city/page/99/", "/tag/nothing/", "/%00", "/../etc", "/calendar/2026/13/"]
)
def test_unknown_paths_answer_404(paper: Newspaper, path: str) -> None:
    assert paper.reply(path, "", HEADERS).status == 404


# --- over the wire ---


def test_conditional_get_answers_304() -> None:
    with serve(Newspaper()) as base:
        for path in ("/", "/feed.xml", Newspaper().articles()[0].path):
            status, headers, content = get(base, path)
            assert status == 200
            assert content
            assert get(base, path, **{"If-None-Match": headers["ETag"]})[0] == 304
            assert get(base, path, **{"If-None-Match": '"another"'})[0] == 200


def test_last_modified_is_enough_for_304() -> None:
    with serve(Newspaper()) as base:
        path = Newspaper().articles()[0].path
        _, headers, _ = get(base, path)
        assert get(base, path, **{"If-Modified-Since": headers["Last-Modified"]})[0] == 304
        assert get(base, path, **{"If-Modified-Since": "Thu, 01 Jan 2026 00:00:00 GMT"})[0] == 200
        assert get(base, path, **{"If-Modified-Since": "yesterday"})[0] == 200


def test_gzip_is_given_to_those_who_take_it() -> None:
    with serve(Newspaper()) as base:
        _, headers, packed = get(base, "/", **{"Accept-Encoding": "gzip"})
        assert headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed) == get(base, "/")[2]


def test_the_socket_is_free_at_the_end() -> None:
    with serve(Newspaper()) as base:
        port = int(base.rpartition(":")[2])
    with serve(Newspaper(), port=port) as again:
        assert get(again, "/robots.txt")[0] == 200


def test_a_story_without_head_is_refused() -> None:
    with pytest.raises(ValueError, match="unpack"):
        parse_story("x", "no head at all")
    with pytest.raises(KeyError):
        parse_story("x", "+++\nsection = 'city'\n+++\ntext")
