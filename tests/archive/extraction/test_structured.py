import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.extraction.structured import Item, articles_of, first, items, plain, texts
from archive.models import Method
from tests.archive.extraction.parsing import root

ADDRESS = "https://www.courier.example/harbour/last-boat"


def _items(*blocks: str) -> list[Item]:
    head = "".join(f'<script type="application/ld+json">{block}</script>' for block in blocks)
    return items(root("", head))


def _headline(*blocks: str) -> str | None:
    return next((first(item.properties.get("headline")) for item in _items(*blocks) if item.is_article), None)


@pytest.mark.parametrize(
    "block",
    [
        '{"@type": "NewsArticle", "headline": "Last boat"}',
        '{"@type": ["Thing", "schema:NewsArticle"], "headline": ["Last boat"]}',
        '{"@type": "http://schema.org/Article", "headline": {"@value": "Last boat"}}',
        '[{"@type": "WebSite"}, {"@type": "NewsArticle", "headline": "Last boat"}]',
        '{"@graph": [{"@type": "NewsArticle", "headline": "Last boat"}]}',
        '{"@type": "WebPage", "mainEntity": {"@type": "NewsArticle", "headline": "Last boat"}}',
        '{"@type": "NewsArticle", "headline": "Last <b>boat</b>"}',
        '{"@type": "NewsArticle", "headline": "Last&amp;nbsp;boat"}',
        '{"@type": "NewsArticle", "headline": "Last\nboat"}',
        '{"@type": "NewsArticle", "headline": "Last boat",}',
        '{"@type": "NewsArticle", "headline": "Last boat"};',
        '//<![CDATA[\n{"@type": "NewsArticle", "headline": "Last boat"}\n//]]>',
        '{"@type": "WebSite"}\n{"@type": "NewsArticle", "headline": "Last boat"}',
        '{"@type": "NewsArticle", "headline": "Last boat", "description": "a "quoted" word"}',
        '{"@type": "NewsArticle", "headline": "Last boat", "articleBody": "cut o',
        '{"@type": "NewsArticle", "headline": "Last boat", "description": "It\\\'s late"}',
        '{"@type": "NewsArticle", /* for Google */ "headline": "Last boat", "author": {"name": "Ida",},}',
        '{"@type": "NewsArticle", <!-- for Google --> "headline": "Last boat"}',
        '<!-- {"@type": "NewsArticle", "headline": "Last boat"} -->',
        '{"@type": "WebSite"}{"@type": "NewsArticle", "headline": "Last boat",}',
        '{"@type": "WebSite"} {"@type": "NewsArticle", "headline": "Last boat", "keywords": [',
        "{&quot;@type&quot;: &quot;NewsArticle&quot;, &quot;headline&quot;: &quot;Last boat&quot;}",
    ],
    ids=range(22),
)
def test_an_article_is_read_in_every_shape(block: str) -> None:
    assert _headline(block) == "Last boat"


def test_of_a_block_beyond_parsing_whole_values_are_saved_the_articles_before_others() -> None:
    (article,) = _items(
        '{"@graph": [{"@type": "WebPage", "datePublished": "1999-01-01", "headline": "All boats"},'
        ' {"@type": "NewsArticle", "headline": "Last boat", "articleSection": "The "Harbour" page",'
        ' "author": [{"@type": "Person", "name": "Ida Lindqvist"}], "datePublished": "2026-02-03",'
    )
    assert article.properties == {
        "@type": "NewsArticle",
        "headline": "Last boat",
        "author": "Ida Lindqvist",
        "datePublished": "2026-02-03",
    }


def test_what_comes_before_a_break_is_kept() -> None:
    assert [sorted(item.types) for item in _items('{"@type": "WebSite"} {"@type": "Person"} {"@type": nonsense')] == [
        ["website"],
        ["person"],
    ]


def test_a_thousand_blocks_and_a_megabyte_in_an_attribute_are_bounded() -> None:
    block = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Last boat"}</script>'
    assert len(items(root("", block * 1_000))) == 200
    nested = '{"@type": "Thing", "x": [' * 400
    assert len(_items(nested)) <= 1
    assert len(_items("[" + '{"@type": "NewsArticle"},' * 20_000 + "{}]")) <= 5_000
    long = "x" * 1_000_000
    (item,) = items(root(f'<div itemscope itemtype="https://schema.org/Article" class="{long}"><p itemprop="{long}">'))
    assert item.is_article
    assert len(items(root('<div itemscope itemtype="https://schema.org/Article"></div>' * 1_000))) == 200


def test_references_are_resolved_within_the_page() -> None:
    (article, *_) = _items(
        '{"@graph": [{"@type": "Article", "author": {"@id": "#ida"}},'
        ' {"@id": "#ida", "@type": "Person", "name": "Ida"}]}'
    )
    assert texts(article.properties["author"]) == ["Ida"]


def test_microdata_and_rdfa_are_items_too() -> None:
    body = (
        '<div itemscope itemtype="https://schema.org/NewsArticle"><h1 itemprop="headline">Last boat</h1>'
        '<span itemprop="author" itemscope itemtype="https://schema.org/Person"><b itemprop="name">Ida</b></span>'
        '<time itemprop="datePublished" datetime="2026-02-03">today</time></div>'
        '<div vocab="https://schema.org/" typeof="Article"><h2 property="headline">Second boat</h2></div>'
    )
    found = [item for item in items(root(body)) if item.is_article]
    assert [first(item.properties["headline"]) for item in found] == ["Last boat", "Second boat"]
    assert {item.method for item in found} == {Method.MICRODATA}
    assert texts(found[0].properties["author"]) == ["Ida"]
    assert first(found[0].properties["datePublished"]) == "2026-02-03"


def _article(**properties: object) -> str:
    return json.dumps({"@type": "NewsArticle"} | properties)


def _own(*blocks: str, titles: tuple[str, ...] = ()) -> list[str | None]:
    found = articles_of(_items(*blocks), base=ADDRESS, addresses=[ADDRESS], titles=titles)
    return [first(item.properties.get("headline")) for item in found]


def test_of_several_articles_the_one_of_the_page_counts() -> None:
    other = _article(headline="Other", url="/town/other")
    assert _own(other, _article(headline="Last boat", url=ADDRESS + "?utm_source=x")) == ["Last boat"]
    assert _own(other, _article(headline="Last boat"), titles=("last boat",)) == ["Last boat"]
    assert _own(other, _article(headline="Last boat")) == ["Last boat"]


@pytest.mark.parametrize(
    ("properties", "title"),
    [
        ({"mainEntityOfPage": {"@type": "WebPage", "name": "Ferries", "@id": ADDRESS}}, "ferries"),
        ({"mainEntityOfPage": [{"url": ADDRESS}]}, "ferries"),
        ({"headline": "The last boat leaves at nine"}, "the last boat leaves at nine the harbour courier"),
        ({"headline": "The last boat leaves at nine"}, "harbour the last boat leaves at"),
        ({"headline": "末班船九点开"}, "末班船九点开 港口信使"),
        ({"headline": "The last boat leaves at nine", "mainEntityOfPage": True}, "the last boat leaves at nine"),
        ({"datePublished": "2026-02-03"}, "ferries"),
    ],
)
def test_an_article_is_the_pages_by_evidence(properties: dict[str, object], title: str) -> None:
    found = articles_of(_items(_article(**properties)), base=ADDRESS, addresses=[ADDRESS], titles=[title])
    assert len(found) == 1


def test_an_article_is_the_pages_under_the_same_path_of_its_site_too() -> None:
    item = _items(_article(headline="Last boat", url="https://m.example.org/harbour/last-boat"))
    address = "https://www.example.org/harbour/last-boat"
    assert articles_of(item, base=address, addresses=[address], titles=["ferries"]) == item


@pytest.mark.parametrize(
    "properties",
    [
        {"headline": "Council buys a crane", "url": "/town/crane"},
        {"headline": "Council buys a crane", "mainEntityOfPage": {"@id": "https://www.courier.example/town/crane"}},
        {"headline": "Council buys a crane"},
        {"headline": "Council buys a crane", "@id": "#teaser-1", "mainEntityOfPage": "true"},
        {"headline": "Politics"},
        {"url": "/town/crane"},
        {"url": "https://other.example/harbour/last-boat"},
    ],
)
def test_an_only_article_of_another_address_or_headline_is_a_teaser(properties: dict[str, object]) -> None:
    titles = ["the harbour courier", "politics and business of the harbour"]
    assert articles_of(_items(_article(**properties)), base=ADDRESS, addresses=[ADDRESS], titles=titles) == []


def test_a_front_page_is_not_described_by_its_only_teaser() -> None:
    front = "https://www.example.org/"
    teaser = _items(_article(headline="Council buys a crane", url="https://m.example.org/"))
    assert articles_of(teaser, base=front, addresses=[front], titles=["courier"]) == []


def test_a_list_of_other_articles_describes_none() -> None:
    assert _own(*(_article(headline=f"Story {i}", url=f"/story-{i}") for i in range(3))) == []


def test_a_fact_check_is_an_article_where_no_other_is() -> None:
    block = '{"@type": "ClaimReview", "name": "No boat sank", "datePublished": "2026-02-03"}'
    found = articles_of(_items(block), base=ADDRESS, addresses=[ADDRESS], titles=[])
    assert [first(item.properties.get("name")) for item in found] == ["No boat sank"]
    assert not found[0].is_article


def test_values_are_freed_of_markup() -> None:
    assert plain("A &amp;amp; B <i>c</i>\x00") == "A & B c"
    assert plain("<br>") is None
    assert texts({"name": ["A", {"name": "B"}]}) == ["A", "B"]
    assert texts([7, 1.5, False, None]) == ["7", "1.5", "false"]


@given(
    st.lists(
        st.text(max_size=60) | st.sampled_from(['{"@type":"Article",', '"headline":', "[", "]", "}", '"x"']), max_size=8
    )
)
def test_any_block_gives_items(parts: list[str]) -> None:
    block = "".join(parts).replace("</", "").encode("utf-8", "replace").decode()
    assert isinstance(_items(block), list)


def test_tags_without_end_cost_no_time() -> None:
    assert plain("<a" * 1_000_000) == "<a" * 1_000_000
    assert plain(f"<a {'x' * 1_000_000}") is not None
    assert plain('<a href="/x">Last</a> <b>boat</b> < 5') == "Last boat < 5"
