import pytest

from archive.extraction import agencies, extract, facts
from archive.extraction.metatags import metas, readings
from archive.extraction.page import Page, read
from archive.extraction.readings import Ledger, Reading
from archive.extraction.structured import Item
from archive.models import Article, Method
from tests.archive.extraction.captures import capture
from tests.archive.extraction.parsing import root


def test_meta_elements_are_read_by_every_kind_of_name() -> None:
    head = (
        '<meta property="OG:Title" content=" A &amp;amp; B "><meta name="description" content="">'
        '<meta itemprop="name" content="C">'
        '<meta name="og:title" value="D"><meta name="empty">'
    )
    tags = metas(root("", head))
    assert tags == {"og:title": ("A & B", "D"), "name": ("C",)}
    assert [(r.value, r.method) for r in readings(tags, "title")] == [
        ("A & B", Method.OPENGRAPH),
        ("D", Method.OPENGRAPH),
    ]


def test_structured_data_comes_before_meta() -> None:
    item = Item(types=frozenset({"article"}), properties={"articleSection": ["Harbour", "Town"]}, method=Method.JSON_LD)
    tags = metas(root("", '<meta property="article:section" content="News">'))
    assert [r.value for r in facts.readings("section", [item], tags)] == ["Harbour", "Town", "News"]


def test_keywords_are_divided() -> None:
    tags = metas(root("", '<meta name="keywords" content="ferry, timetable;ferry">'))
    assert facts.keywords([], tags) == [Reading(("ferry", "timetable"), Method.META)]


@pytest.mark.parametrize(
    ("said", "expected"),
    [("true", True), ("http://schema.org/False", False), ("locked", False), ("free", True), ("perhaps", None)],
)
def test_whether_it_is_free(said: str, expected: bool | None) -> None:
    assert facts.is_free([Reading(said, Method.JSON_LD)]) is expected


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({"isAccessibleForFree": False}, False),
        ({"isAccessibleForFree": "False"}, False),
        ({"isAccessibleForFree": True}, True),
        ({"isAccessibleForFree": "https://schema.org/True"}, True),
        ({"hasPart": {"isAccessibleForFree": False, "cssSelector": ".paid"}}, False),
        ({"hasPart": [{"isAccessibleForFree": "True"}, {"isAccessibleForFree": "False"}]}, False),
        ({"isAccessibleForFree": True, "hasPart": {"isAccessibleForFree": False}}, True),
        ({"hasPart": "7"}, None),
        ({}, None),
    ],
)
def test_whether_it_is_free_is_declared_in_every_form(properties: dict[str, object], expected: bool | None) -> None:
    item = Item(types=frozenset({"article"}), properties=properties, method=Method.JSON_LD)
    assert facts.is_free(facts.freedom([item], {})) is expected


def _seen(body: str, content: str, **properties: object) -> list[str]:
    item = Item(types=frozenset({"article"}), properties=properties, method=Method.JSON_LD)
    return [reading.value for reading in facts.observed(root(body), [item], content)]


def test_a_wall_is_seen_only_where_the_text_is_a_teaser() -> None:
    wall = '<div class="article-paywall-overlay">Subscribe</div>'
    assert _seen(wall, "Short.") == ["no: markup of a pay wall"]
    assert _seen(wall, "Long. " * 1000) == []
    assert _seen("<p id='piano-offer'>x</p>", "Short.") == ["no: markup of a pay wall"]
    assert _seen("<p>x</p>", "Short.") == []


def test_a_text_that_is_cut_off_is_seen() -> None:
    assert _seen("<p>x</p>", "The boat sails …") == ["no: the text ends in dots"]
    assert _seen("<p>x</p>", "The boat sails.", wordCount=600) == ["no: 3 of 600 words"]
    assert _seen("<p>x</p>", "The boat sails.", wordCount="5") == []


def test_what_is_declared_and_what_is_seen_stand_apart() -> None:
    told = '{"@type": "NewsArticle", "headline": "Last boat", "isAccessibleForFree": true}'
    said = "The last boat leaves the island at half past nine, and nobody knows whether there will be another. " * 5
    markup = (
        f'<script type="application/ld+json">{told}</script><h1>Last boat</h1><p>{said}</p><div class=paywall></div>'
    )
    response = capture(markup)
    page = read(response)
    assert isinstance(page, Page)
    article = extract(page, capture=response)
    assert isinstance(article, Article)
    assert article.is_free is True
    assert [(f.field, f.value, f.chosen) for f in article.fields if f.field.startswith("is_free")] == [
        ("is_free", "true", True),
        ("is_free_observed", "no: markup of a pay wall", False),
    ]


def test_images_are_absolute_and_keep_their_signature() -> None:
    found = [
        Reading("/i.jpg?w=2&a=1", Method.META),
        Reading("data:image/png;base64,x", Method.META),
        Reading("http://[x", Method.META),
    ]
    assert facts.images(found, "https://x.example/a/b") == [Reading("https://x.example/i.jpg?w=2&a=1", Method.META)]


@pytest.mark.parametrize(
    "image",
    [
        "/i.jpg",
        {"@type": "ImageObject", "name": "A boat", "url": "/i.jpg"},
        {"contentUrl": "/i.jpg"},
        ["/i.jpg", [["/j.jpg"]]],
        [{"url": {"@id": "/i.jpg"}}],
    ],
)
def test_an_image_is_its_address_whatever_its_name(image: object) -> None:
    item = Item(types=frozenset({"article"}), properties={"image": image}, method=Method.JSON_LD)
    assert facts.readings("image_url", [item], {}) == [Reading("/i.jpg", Method.JSON_LD)]


def test_a_title_is_no_subtitle() -> None:
    found = [Reading("Last boat!", Method.META), Reading("Forty passengers", Method.META)]
    assert facts.subtitles(None, "Last boat", found) == found[1:]
    assert facts.subtitles("Deck", "Last boat", found)[0] == Reading("Deck", Method.HTML)


def test_agencies_are_named_as_authors_or_in_brackets() -> None:
    authors = [Reading(("Ida Lindqvist", "Deutsche Presse-Agentur"), Method.JSON_LD)]
    assert agencies.readings(authors, []) == [Reading("dpa", Method.JSON_LD)]
    assert agencies.readings([], ["ORM (Reuters) - The boat.", "End."]) == [Reading("Reuters", Method.HTML)]
    assert agencies.readings([], ["The boat.", "It sank. (AFP/dpa)"]) == [
        Reading("AFP", Method.HTML),
        Reading("dpa", Method.HTML),
    ]
    assert agencies.readings([], ["The AP said (yesterday) so."]) == []


def test_a_ledger_marks_the_first_of_equals() -> None:
    ledger = Ledger()
    same = Reading("a", Method.META)
    assert ledger.choose("title", [Reading("b", Method.HTML), same, same], same) == "a"
    assert ledger.first("section", []) is None
    assert [(entry.value, entry.chosen) for entry in ledger.entries] == [("b", False), ("a", True), ("a", False)]
