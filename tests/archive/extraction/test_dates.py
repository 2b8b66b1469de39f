import json
from datetime import UTC, datetime

from archive.extraction import extract
from archive.extraction.dates import choose, created, modified, published
from archive.extraction.metatags import metas
from archive.extraction.moments import Moment, parsed
from archive.extraction.page import Page, read
from archive.extraction.readings import Reading
from archive.extraction.structured import Item
from archive.models import Article, Candidate, EndpointKind, Method, Precision
from tests.archive.extraction.captures import FETCHED, capture
from tests.archive.extraction.parsing import root


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
    assert _choice("2026-03-14T12:03:00") == "2026-03-14"
    assert _choice("2026-03-15T02:30:00", "2026-02-01") == "2026-02-01"
    assert _choice("2026-03-14T13:00:00Z", "2026-02-01") == "2026-02-01"


def test_a_time_without_zone_is_told_better_by_one_with() -> None:
    assert _choice("2026-02-03T07:14:05", "2026-02-03T07:14:05+01:00") == "2026-02-03T07:14:05+01:00"
    assert _choice("2026-02-03T07:14:00", ("2026-02-03T06:14:00Z", Method.FEED)) == "2026-02-03T06:14:00+00:00"
    assert _choice("2026-02-03T07:14:00", ("2026-02-03T07:20:00Z", Method.FEED)) == "2026-02-03T07:14:00"


def test_a_moment_known_from_a_feed_is_given_the_offset_of_the_page() -> None:
    announced = Reading(Moment(datetime(2026, 2, 3, 6, 14, tzinfo=UTC), Precision.SECOND, certain=True), Method.FEED)
    same, other = (_reading(value, Method.HTML) for value in ("2026-02-03T07:14+01:00", "2026-02-03T07:15+01:00"))
    assert choose([announced, same], FETCHED) == same
    assert choose([announced, other], FETCHED) == announced


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


def test_a_time_after_the_fetch_leaves_its_day() -> None:
    assert _choice("2026-03-14T12:03:00Z") == "2026-03-14"
    assert _choice("2026-03-14T12:00:00Z") == "2026-03-14T12:00:00+00:00"


def test_the_time_at_which_the_page_was_made_is_nobodys() -> None:
    assert _choice(("2026-03-14T11:59:30Z", Method.HTML), ("2026-02-03", Method.URL)) == "2026-02-03"
    assert _choice(("2026-03-14T11:59:30Z", Method.META)) is None
    assert _choice(("2026-03-14T11:59:30Z", Method.JSON_LD)) == "2026-03-14T11:59:30+00:00"


def _published(head: str, *items: Item, language: str = "", url: str = "https://x.example/story") -> list[str]:
    page = root("", head)
    return [str(r.value) for r in published(items, metas(page), page, url, None, language=language)]


def _item(**properties: object) -> Item:
    return Item(types=frozenset({"newsarticle"}), properties=properties, method=Method.JSON_LD)


def test_when_a_text_was_made_is_another_event() -> None:
    both = _item(datePublished="2026-02-03T09:00:00", dateCreated="2026-02-03T07:00:00Z")
    assert _published("", both) == ["2026-02-03T09:00:00"]
    assert [str(r.value) for r in created([both])] == ["2026-02-03T07:00:00+00:00"]
    assert _published("", _item(dateCreated="2026-02-03T07:00:00Z")) == ["2026-02-03T07:00:00+00:00"]
    assert _published("", _item(datePublished="soon", uploadDate="2026-02-03")) == ["2026-02-03"]


def test_a_day_and_a_month_in_doubt_are_read_as_another_place_has_them() -> None:
    head = '<meta name="date" content="03/04/2026 7:14"><meta name="pubdate" content="05/06/2025">'
    assert _published(head) == []
    assert _published(head, url="https://x.example/2026/03/04/story") == ["2026-03-04T07:14:00", "2026-03-04"]
    assert sorted(_published(head, language="de")) == ["2025-06-05", "2026-04-03T07:14:00"]


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


def _dated(page: str, timezone: str | None) -> tuple[str | None, str | None]:
    text = "<p>The tide came in at six and went out at noon, and the pilots of the harbour wrote down both.</p>" * 8
    html = f"<html><head>{page}</head><body><article><h1>The tide has turned</h1>{text}</article></body></html>"
    seen = capture(html, timezone=timezone)
    page_read = read(seen)
    assert isinstance(page_read, Page)
    article = extract(page_read, capture=seen)
    assert isinstance(article, Article)
    return article.published_at.isoformat() if article.published_at else None, article.published_offset


def test_a_time_without_zone_is_that_of_the_clock_which_the_operator_names() -> None:
    naive = '<meta property="article:published_time" content="2026-02-03T07:14:05">'
    assert _dated(naive, None) == ("2026-02-03T07:14:05+00:00", None)
    assert _dated(naive, "Europe/Berlin") == ("2026-02-03T06:14:05+00:00", "+01:00")
    assert _dated(naive.replace("-02-", "-03-").replace("03-03", "03-13"), "America/New_York") == (
        "2026-03-13T11:14:05+00:00",
        "-04:00",
    )
    assert _dated(naive, "No/Such_Zone") == _dated(naive, None)


def test_a_time_that_bears_its_zone_and_a_day_are_left_as_they_are() -> None:
    for said in ("2026-02-03T07:14:05+05:30", "2026-02-03T07:14:05Z", "2026-02-03", "1770102845"):
        page = f'<meta property="article:published_time" content="{said}">'
        assert _dated(page, "Europe/Berlin") == _dated(page, None)
