import gzip
import pickle
import time
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive import prepare as prepare_module
from archive import text
from archive.errors import ExtractionError
from archive.models import Article, Reason, Rejection
from archive.prepare import prepare
from tests.archive.extraction.captures import ADDRESS, capture

PARAGRAPH = (
    "The winter timetable of the ferry begins in October, and the last boat leaves the island at half past nine. "
)
PAGE = (
    "<html lang=en><head><title>Ferry keeps to its winter timetable</title></head><body>"
    "<nav><a href='/news'>News</a></nav><article><h1>Ferry keeps to its winter timetable</h1>"
    + "".join(f"<p>On day {day}: {PARAGRAPH * 3}</p>" for day in range(4))
    + "<p><a href='/harbour/tolls'>Tolls</a> stay as they are.</p></article></body></html>"
)

FRAGMENTS = st.sampled_from(
    [
        "<html>",
        "<head>",
        "<body>",
        "<article>",
        "<p>",
        "</p>",
        "<h1>",
        "</h1>",
        "<div>",
        "<table><tr><td>",
        "<ul><li>",
        "<time datetime='",
        "'>",
        '<script type="application/ld+json">',
        "</script>",
        '{"@type":"NewsArticle",',
        '"headline":',
        '"author":[{"name":',
        '"x"',
        "}",
        "]",
        "{",
        "[",
        '"@graph":',
        "null",
        "1e999",
        "&#0;",
        "&#xD800;",
        "<meta property='og:title' content='",
        "<meta name=author content='",
        "<a href='http://[",
        "<a href='//x.example/y",
        "<base href='",
        "<link rel=canonical href='",
        "<svg>",
        "<template>",
        "<plaintext>",
        "<!--",
        "-->",
        "<![CDATA[",
        "\0",
        "\ud800",
        "\u202e",
        PARAGRAPH,
        "2026-02-30T25:61:00+99:99",
        "9999999999999",
        "<div itemscope itemtype='x/Article'>",
        "<span itemprop=headline>",
        "<div typeof=Article>",
        "<p property=author>",
    ]
)


def test_what_is_prepared_is_complete_and_can_cross_a_process_boundary() -> None:
    prepared = prepare(capture(PAGE), with_links=True)
    assert isinstance(prepared.outcome, Article)
    assert prepared.content_hash == text.content_hash(prepared.outcome.text)
    assert prepared.capture == capture(b"")
    assert "https://www.courier.example/harbour/tolls" in [link.url for link in prepared.links]
    assert pickle.loads(pickle.dumps(prepared)) == prepared  # noqa: S301  our own bytes


def test_a_page_is_unpacked_first_and_is_none_if_too_much_comes_out() -> None:
    packed = replace(capture(""), body=gzip.compress(PAGE.encode()), codings="gzip")
    assert prepare(packed).outcome == prepare(capture(PAGE)).outcome
    assert prepare(packed).capture == replace(packed, body=b"")
    assert isinstance(prepare(packed, body_max=len(PAGE.encode())).outcome, Article)
    outcome = prepare(packed, body_max=len(PAGE.encode()) - 1).outcome
    assert isinstance(outcome, Rejection)
    assert outcome.reason is Reason.TOO_LARGE


def test_links_are_read_only_where_they_are_asked_for() -> None:
    assert prepare(capture(PAGE)).links == ()


def test_the_same_bytes_give_the_same() -> None:
    assert prepare(capture(PAGE), with_links=True) == prepare(capture(PAGE), with_links=True)


def test_a_page_that_is_no_article_still_gives_its_links() -> None:
    prepared = prepare(capture("<html><body><a href='/a-story'>A story</a></body></html>"), with_links=True)
    assert isinstance(prepared.outcome, Rejection)
    assert prepared.content_hash is None
    assert [link.text for link in prepared.links] == ["A story"]


def test_a_failing_library_is_an_error_with_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise AssertionError("deep inside")

    monkeypatch.setattr(prepare_module, "extract", broken)
    with pytest.raises(ExtractionError, match="AssertionError: deep inside") as raised:
        prepare(capture(PAGE))
    assert raised.value.url == ADDRESS
    assert isinstance(raised.value.__cause__, AssertionError)
    assert pickle.loads(pickle.dumps(raised.value)).url == ADDRESS  # noqa: S301  our own bytes


@given(st.binary(max_size=3_000))
def test_any_bytes_give_an_outcome(body: bytes) -> None:
    assert isinstance(prepare(capture(body), with_links=True).outcome, Article | Rejection)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(FRAGMENTS | st.text(max_size=20), max_size=40))
def test_any_markup_gives_an_outcome(fragments: list[str]) -> None:
    body = "".join(fragments).encode("utf-8", "surrogatepass")
    outcome = prepare(capture(body), with_links=True).outcome
    assert isinstance(outcome, Article | Rejection)
    if isinstance(outcome, Article):
        assert len(text.paragraphs(outcome.text)) == len(outcome.blocks)
        assert outcome.text == text.clean(outcome.text)


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 20_000 + PAGE,
        "<html><body><p class='" + "nav " * 300_000 + "'>" + PARAGRAPH * 20,
        PAGE.replace(
            "</head>", '<script type="application/ld+json">{"@type":"NewsArticle"}</script>' * 1_000 + "</head>"
        ),
        PAGE.replace("</head>", '<script type="application/ld+json">' + '{"a":[' * 100_000 + "</script></head>"),
        PAGE.replace("</head>", '<script type="application/ld+json">' + '{"headline":"' * 50_000 + "</script></head>"),
        PAGE.replace("</head>", "<meta name=author content='" + "and, " * 200_000 + "'></head>"),
        PAGE.replace("<title>", "<title>" + " - " * 300_000),
        "<html><body>" + "<p><a href='/x'>y</a>" * 30_000,
        "<html><body>" + "<table><tr><td>" * 5_000 + PARAGRAPH,
        "<html><body>" + "<article><h2><a href=/x>y</a></h2></article>" * 10_000,
        "<html><body>" + f"<div><h2><a href=/x>y</a></h2><p>{PARAGRAPH}</p></div>" * 5_000,
        "<html><head><meta property='og:type' content='article'></head><body><script>"
        + '\\"' * 100_000
        + "<p> <p> </script>",
        "<html><body>" + "<div itemscope itemtype='x/Article'><span itemprop=name>" * 5_000,
        "<html><body>" + "x<br><br>" * 50_000,
        PAGE.replace(
            "</head>",
            '<script type="application/ld+json">{"@type":"NewsArticle","author":'
            + '{"name":' * 800
            + "[]"
            + "}" * 801
            + "</script></head>",
        ),
    ],
    ids=[
        "nesting",
        "attribute",
        "json-blocks",
        "json-depth",
        "json-broken",
        "authors",
        "title",
        "anchors",
        "tables",
        "articles",
        "teasers",
        "script",
        "scopes",
        "breaks",
        "json-names",
    ],
)
def test_hostile_pages_are_bounded(body: str) -> None:
    started = time.process_time()
    assert isinstance(prepare(capture(body), with_links=True).outcome, Article | Rejection)
    # CPU time, and ten times what the slowest takes: it fails for what grows with the square of the page only.
    assert time.process_time() - started < 30
