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
    ],
    ids=range(15),
)
def test_an_article_is_read_in_every_shape(block: str) -> None:
    assert _headline(block) == "Last boat"


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


def test_an_only_article_is_the_pages_even_under_another_address() -> None:
    assert _own(_article(headline="Last boat", url="https://m.courier.example/1")) == ["Last boat"]


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
    assert texts(7) == []


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
