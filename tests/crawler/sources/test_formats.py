import contextlib
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import text
from archive.config import ConfiguredSource, parsed
from archive.errors import ConfigError
from archive.models import Source, SourceId
from archive.reconciling import reconcile
from crawler.sources.exchanging import format_of
from crawler.sources.formats import addresses, configuration, opml, sitelist
from crawler.sources.formats.brought import Gathering

OPML = b"""<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0">
  <head><title>Mine</title></head>
  <body>
    <outline text="Papers">
      <outline text="Nordic">
        <outline type="rss" text="Bladet" xmlUrl="https://feeds.bladet.example/all?b=1&amp;a=2" htmlUrl="https://bladet.example"/>
        <outline type="rss" text="Bladet sport" xmlUrl="https://bladet.example/sport.xml" htmlUrl="http://www.bladet.example/"/>
      </outline>
      <OUTLINE TEXT="Courier" XMLURL="https://courier.example/rss"/>
      <outline text="Empty folder"/>
      <outline text="Bad" xmlUrl="feed:courier"/>
      <outline type="link" text="https://post.example/" url="https://post.example/"/>
      <outline text="Again" xmlUrl="https://courier.example/rss"/>
    </outline>
  </body>
</opml>"""

SITELIST = """
# sites of ours
{
  "base_urls" : [
    {
      "url": "https://bladet.example",
      "crawler": "RssCrawler",
      daemonize: 3600
      overwrite_heuristics: { og_type: true },  // theirs
    },
    { "url": ["https://courier.example/", "ftp://x.example/"] },
    { "url": "https://courier.example/2026/11/09/a-long-headline-of-an-article-1234567", "crawler": "Download" }
    { "url": "https://bladet.example/" },
    { crawler: "RssCrawler" }
    just a word
  ]
}
"""

LIST = b"""\xef\xbb\xbf# papers
bladet.example
  https://courier.example/sport/  # a section

https://courier.example/2026/11/09/a-long-headline-of-an-article-1234567
https://www.bladet.example
not an address
"""


def shown(found: Gathering) -> list[tuple[str, str | None, object]]:
    return [(source.url, source.title, source.settings.get("feeds")) for source in found.sources]


def skipped(found: Gathering) -> dict[int, str]:
    return {one.line: one.why for one in found.skipped}


def test_feeds_become_feeds_of_their_source() -> None:
    found = opml.read(OPML, "mine.opml")
    assert shown(found) == [
        (
            "https://bladet.example/",
            "Bladet",
            ["https://feeds.bladet.example/all?b=1&a=2", "https://bladet.example/sport.xml"],
        ),
        ("https://courier.example/", "Courier", ["https://courier.example/rss"]),
        ("https://post.example/", None, None),
    ]
    assert found.sources[1].where == "mine.opml:10"
    assert skipped(found) == {
        11: "it has no address",
        12: "'feed:courier' is no address: write one that begins with http:// or https://",
        14: "a feed that is there already",
    }


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"<html><body/></html>",
        b"no xml at all",
        b'<!DOCTYPE o [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><opml><body><outline text="&b;"/></body></opml>',
        b'<!DOCTYPE o [<!ENTITY x SYSTEM "file:///etc/passwd">]><opml><body><outline xmlUrl="&x;"/></body></opml>',
    ],
)
def test_what_is_no_opml_or_a_trap_is_refused(document: bytes) -> None:
    with pytest.raises(ConfigError):
        opml.read(document, "x.opml")


def test_of_a_broken_opml_what_can_be_read_is_taken() -> None:
    found = opml.read(b'<opml><body>\n<outline text="A & B" xmlUrl="https://a.example/rss"/>\n</body>', "x.opml")
    assert [source.url for source in found.sources] == ["https://a.example/"]
    assert any("malformed" in one.why for one in found.skipped)


def test_a_sitelist_is_read_with_how_often() -> None:
    found = sitelist.read(SITELIST.encode(), "sitelist.hjson")
    assert [(source.url, source.every, source.where) for source in found.sources] == [
        ("https://bladet.example/", timedelta(hours=1), "sitelist.hjson:6"),
        ("https://courier.example/", None, "sitelist.hjson:11"),
    ]
    reasons = [
        "followed, but without overwrite_heuristics",
        "'ftp://x.example/' is no address",
        "a single page",
        "the source of line 6 already",
        "None is no address",
        "no entry with a url",
    ]
    assert [one.why[: len(why)] for one, why in zip(found.skipped, reasons, strict=True)] == reasons


@pytest.mark.parametrize(
    "document", ["", "{", "{base_urls: 5}", "[]", '{"base_urls": [', "{ /* never closed", "x" * 100]
)
def test_what_is_no_sitelist_is_refused(document: str) -> None:
    with pytest.raises(ConfigError, match=r"x\.hjson"):
        sitelist.read(document.encode(), "x.hjson")


def test_addresses_are_read_line_by_line() -> None:
    found = addresses.read(LIST, "sites.txt")
    assert [source.url for source in found.sources] == ["https://bladet.example/", "https://courier.example/sport/"]
    assert {line: why.partition(":")[0] for line, why in skipped(found).items()} == {
        5: "a single page",
        6: "the source of line 2 already",
        7: "no http or https address",
    }


@pytest.mark.parametrize(
    ("name", "data", "form"),
    [
        ("a.opml", b"", "opml"),
        ("a.hjson", b"", "sitelist"),
        ("newsarchive.toml", b"", "toml"),
        ("sites.TXT", b"", "urls"),
        ("-", OPML, "opml"),
        ("-", SITELIST.encode(), "sitelist"),
        ("-", b"\xef\xbb\xbf[[source]]\nurl = 'https://a.example/'", "toml"),
        ("-", b"[[source]]\nurl = ", "toml"),
        ("-", LIST, "urls"),
        ("-", b"", "urls"),
    ],
)
def test_a_list_is_known_by_its_name_or_its_content(name: str, data: bytes, form: str) -> None:
    assert format_of(data, name) == form


@given(st.sampled_from([opml.read, sitelist.read, addresses.read]), st.binary(max_size=300))
def test_only_config_errors_leave(read: Callable[[bytes, str], Gathering], data: bytes) -> None:
    with contextlib.suppress(ConfigError):
        read(data, "x")


@given(
    st.sampled_from([(opml.read, OPML), (sitelist.read, SITELIST.encode())]),
    st.integers(0, 1200),
    st.binary(max_size=8),
)
def test_nor_of_a_damaged_list(good: tuple[Callable[[bytes, str], Gathering], bytes], at: int, damage: bytes) -> None:
    read, data = good
    with contextlib.suppress(ConfigError):
        read(data[:at] + damage + data[at + len(damage) :], "x")


# --- there and back ---

HOSTS = st.from_regex(r"[a-z]{2,8}\.(?:example|co\.uk|de)", fullmatch=True)
TITLES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20).map(text.line)
SETTINGS = st.fixed_dictionaries(
    {},
    optional={
        "include": st.lists(st.sampled_from(["/news/", "[0-9]+", "\\.html$", 'a"b', "ü"]), max_size=2),
        "delay": st.floats(0, 3600, allow_nan=False) | st.integers(0, 3600),
        "revisit": st.lists(st.sampled_from(["1h", "3d"]), max_size=2),
        "timezone": st.just("Asia/Tokyo"),
        "headers": st.dictionaries(
            st.sampled_from(["Accept", "X-Desk"]), st.sampled_from(["7", 'a "b" \\c']), max_size=2
        ),
        "cookies_env": st.just("COOKIES"),
        "sitemaps": st.just([]),
    },
)
FEEDS = st.lists(
    st.from_regex(r"https://feeds\.example/[a-z]{1,6}\?x=[0-9&<\"']{1,4}", fullmatch=True), max_size=2, unique=True
)


@st.composite
def followed(draw: st.DrawFn) -> list[Source]:
    """Sources as an archive may have them."""
    made = []
    for number, host in enumerate(draw(st.lists(HOSTS, max_size=4, unique=True)), 1):
        feeds = draw(FEEDS)
        made.append(
            Source(
                id=SourceId(number),
                name=f"n{number}",
                title=draw(st.none() | TITLES),
                url=f"https://{host}/",
                domain=host,
                country=draw(st.none() | st.just("SE")),
                language=draw(st.none() | st.just("sv")),
                every_seconds=draw(st.none() | st.integers(60, 100_000)),
                enabled=draw(st.booleans()),
                settings=draw(SETTINGS) | ({"feeds": feeds} if feeds else {}),
            )
        )
    return made


@given(followed())
def test_a_configuration_brings_back_everything(sources: list[Source]) -> None:
    if sources:
        found = parsed(configuration.written(sources).encode(), "newsarchive.toml")
        assert not reconcile(sources, found)
        assert len({source.where for source in found}) == len(sources)


@given(followed())
def test_opml_brings_back_addresses_titles_and_feeds(sources: list[Source]) -> None:
    def carried(source: Source | ConfiguredSource) -> tuple[str, str | None, object]:
        return source.url, source.title, source.settings.get("feeds")

    found = opml.read(opml.written(sources, {}).encode(), "x.opml")
    assert list(map(carried, found.sources)) == list(map(carried, sources))
    assert found.skipped == []


@given(followed())
def test_a_sitelist_brings_back_addresses_and_how_often(sources: list[Source]) -> None:
    found = sitelist.read(sitelist.written(sources).encode(), "x.hjson")
    seconds = [int(source.every.total_seconds()) if source.every else None for source in found.sources]
    assert list(zip([source.url for source in found.sources], seconds, strict=True)) == [
        (source.url, source.every_seconds) for source in sources
    ]


@given(followed())
def test_a_list_of_addresses_brings_back_addresses(sources: list[Source]) -> None:
    found = addresses.read(addresses.written(sources).encode(), "x.txt")
    assert [source.url for source in found.sources] == [source.url for source in sources]
    assert all(urlsplit(source.url).hostname for source in found.sources)
