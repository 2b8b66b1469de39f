import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.extraction import extract
from archive.extraction.dates import Moment, choose, detected, modified, parsed, published
from archive.extraction.metatags import metas
from archive.extraction.page import Page, read
from archive.extraction.readings import Reading
from archive.models import Article, Candidate, EndpointKind, Method, Precision
from tests.archive.extraction.captures import FETCHED, capture
from tests.archive.extraction.parsing import root


@pytest.mark.parametrize(
    ("value", "at", "precision", "offset"),
    [
        ("2026-02-03T07:14:05+02:00", "2026-02-03T05:14:05", "second", "+02:00"),
        ("2026-02-03T07:14:05.123Z", "2026-02-03T07:14:05", "second", "+00:00"),
        ("2026-02-03T07:14+0530", "2026-02-03T01:44:00", "minute", "+05:30"),
        ("2026-02-03 7:14:05 -05", "2026-02-03T12:14:05", "second", "-05:00"),
        ("2026-02-03T07:14:05", "2026-02-03T07:14:05", "second", None),
        ("2026-02-03", "2026-02-03T00:00:00", "day", None),
        ("Tue, 03 Feb 2026 07:14:05 GMT", "2026-02-03T07:14:05", "second", "+00:00"),
        ("Tue Feb 03 2026 07:14:05 CET", "2026-02-03T06:14:05", "second", "+01:00"),
        ("February 3, 2026", "2026-02-03T00:00:00", "day", None),
        ("03.02.2026", "2026-02-03T00:00:00", "day", None),
        ("2026.04.03 15:20", "2026-04-03T15:20:00", "minute", None),
        ("2026. 4. 3. 15:20", "2026-04-03T15:20:00", "minute", None),
        ("2026/4/3 15:20:01", "2026-04-03T15:20:01", "second", None),
        ("2026. 4. 3.", "2026-04-03T00:00:00", "day", None),
        ("2026-11-20 03:00 PM", "2026-11-20T15:00:00", "minute", None),
        ("2026-11-20 12:05 a.m.", "2026-11-20T00:05:00", "minute", None),
        ("2026-11-20 03:00:05 pm +02:00", "2026-11-20T13:00:05", "second", "+02:00"),
        ("13/02/2026", "2026-02-13T00:00:00", "day", None),
        ("1770102845", "2026-02-03T07:14:05", "second", None),
        ("1770102845000", "2026-02-03T07:14:05", "second", None),
    ],
)
def test_machine_readable_dates(value: str, at: str, precision: str, offset: str | None) -> None:
    moment = parsed(value)
    assert moment is not None
    assert (moment.at, moment.precision, moment.offset) == (
        datetime.fromisoformat(at).replace(tzinfo=UTC),
        precision,
        offset,
    )


@pytest.mark.parametrize(
    "value", ["", "yesterday", "02/03/2026", "2026-02-30", "2026-13-01T00:00", "2026", "x" * 100, "٢٠٢٦٠٢٠٣١٢"]
)
def test_what_is_ambiguous_or_no_date_is_none(value: str) -> None:
    assert parsed(value) is None


@given(
    st.text(max_size=70)
    | st.from_regex(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2})?([+-]\d{2}:?\d{2}|Z)?", fullmatch=True)
)
def test_any_text_is_a_moment_or_none(value: str) -> None:
    moment = parsed(value)
    assert moment is None or (moment.at.tzinfo is UTC and parsed(str(moment)) is not None)


def _reading(value: str, method: Method = Method.JSON_LD) -> Reading[Moment]:
    moment = parsed(value)
    assert moment is not None
    return Reading(moment, method)


def _choice(*values: str | tuple[str, Method]) -> str | None:
    found = [_reading(*value) if isinstance(value, tuple) else _reading(value) for value in values]
    chosen = choose(found, FETCHED)
    return str(chosen.value) if chosen is not None else None


def test_the_first_that_can_be_true_is_chosen() -> None:
    assert _choice("2026-02-03T07:14:05Z", "2026-02-01T00:00:00Z") == "2026-02-03T07:14:05+00:00"
    assert _choice("2036-02-03T07:14:05Z", "1970-01-01T00:00:00Z", "2026-02-01") == "2026-02-01"
    assert _choice("2036-02-03T07:14:05Z") is None


def test_what_is_east_of_utc_may_seem_to_be_after_the_fetch() -> None:
    # Fetched on 14 March at 12:00 UTC: it is 15 March on Kiribati, and 21:00 in Japan.
    assert _choice("2026-03-14T21:00:00", "2026-02-01") == "2026-03-14"
    assert _choice("2026-03-15T01:30:00", "2026-02-01") == "2026-03-15"
    assert _choice("2026-03-15", "2026-02-01") == "2026-03-15"
    assert _choice("2026-03-14T21:00:00", "2026-03-14T20:57:00+09:00") == "2026-03-14"
    assert _choice("2026-03-14T20:45:00", "2026-03-14T20:45:00+09:00") == "2026-03-14T20:45:00+09:00"
    assert _choice("2026-03-14T12:03:00") == "2026-03-14T12:03:00"
    assert _choice("2026-03-15T02:30:00", "2026-02-01") == "2026-02-01"
    assert _choice("2026-03-14T13:00:00Z", "2026-02-01") == "2026-02-01"


def test_a_time_without_zone_is_told_better_by_one_with() -> None:
    assert _choice("2026-02-03T07:14:05", "2026-02-03T07:14:05+01:00") == "2026-02-03T07:14:05+01:00"
    assert _choice("2026-02-03T07:14:00", ("2026-02-03T06:14:00Z", Method.FEED)) == "2026-02-03T06:14:00+00:00"
    assert _choice("2026-02-03T07:14:00", ("2026-02-03T07:20:00Z", Method.FEED)) == "2026-02-03T07:14:00"


def test_a_local_time_labelled_as_utc_is_told_better_by_its_offset() -> None:
    assert _choice("2026-02-03T07:14:05Z", "2026-02-03T07:14:05-04:00") == "2026-02-03T07:14:05-04:00"
    assert _choice("2026-02-03T07:14:05+02:00", "2026-02-03T07:14:05-04:00") == "2026-02-03T07:14:05+02:00"


def test_a_day_is_told_better_by_a_time_of_publication_but_not_by_one_of_the_page() -> None:
    assert _choice("2026-02-03", ("2026-02-03T07:14:05Z", Method.SITEMAP)) == "2026-02-03T07:14:05+00:00"
    assert _choice("2026-02-03", ("2026-02-03T07:14:05Z", Method.META)) == "2026-02-03"
    assert _choice("2026-02-03", ("2026-02-04T07:14:05Z", Method.SITEMAP)) == "2026-02-03"


def test_every_place_is_read() -> None:
    page = root(
        '<time datetime="2026-02-05T00:00:00Z">today</time>'
        '<time class="published" datetime="2026-02-03T09:00:00Z"></time>',
        '<meta property="article:published_time" content="2026-02-03T08:00:00Z">',
    )
    at = datetime(2026, 2, 3, 7, tzinfo=UTC)
    candidate = Candidate(url="x", found_in="y", kind=EndpointKind.FEED, published_at=at, modified_at=at)
    found = published([], metas(page), page, "https://x.example/2026/02/02/story.html", candidate)
    assert [(str(r.value), r.method) for r in found] == [
        ("2026-02-03T08:00:00+00:00", Method.OPENGRAPH),
        ("2026-02-03T09:00:00+00:00", Method.HTML),
        ("2026-02-03T07:00:00", Method.FEED),
        ("2026-02-05T00:00:00+00:00", Method.HTML),
        ("2026-02-02", Method.URL),
    ]
    assert [r.method for r in modified([], metas(page), candidate)] == [Method.FEED]


def test_a_date_in_the_text_is_a_day_at_most() -> None:
    page = root("<article><p>Published on February 3, 2026</p><p>Text.</p></article>")
    (reading,) = detected(page, "https://x.example/story", FETCHED)
    assert (str(reading.value), reading.value.precision) == ("2026-02-03", Precision.DAY)


def test_a_year_in_the_text_is_no_day() -> None:
    for prose in ("No date here.", "The law of 2019 is repealed.", "© 2024 Courier"):
        assert detected(root(f"<p>{prose}</p>"), "https://x.example/story", FETCHED) == []


def test_a_day_that_is_left_of_a_time_is_entered_as_chosen() -> None:
    told = json.dumps({"@type": "NewsArticle", "headline": "Last boat", "datePublished": "2026-03-14T21:00:00"})
    said = "The last boat leaves the island at half past nine, and nobody knows whether there will be another. " * 5
    page = capture(f'<script type="application/ld+json">{told}</script><h1>Last boat</h1><p>{said}</p>')
    parsed_page = read(page)
    assert isinstance(parsed_page, Page)
    article = extract(parsed_page, capture=page)
    assert isinstance(article, Article)
    assert (article.published_at, article.published_precision) == (datetime(2026, 3, 14, tzinfo=UTC), Precision.DAY)
    entries = [(f.value, f.chosen) for f in article.fields if f.field == "published_at"]
    assert entries == [("2026-03-14T21:00:00", False), ("2026-03-14", True)]
