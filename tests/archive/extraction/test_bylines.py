import pytest

from archive.extraction.bylines import readings
from archive.extraction.metatags import metas
from archive.extraction.structured import Item
from archive.models import Method
from tests.archive.extraction.parsing import root

SITE = ["The Harbour Courier", "courier.example", "courier"]


def _chosen(body: str = "", head: str = "", *items: Item) -> tuple[str, ...]:
    page = root(body, head)
    _, chosen = readings(items, metas(page), page, SITE)
    return chosen.value if chosen is not None else ()


def _item(author: object) -> Item:
    return Item(types=frozenset({"newsarticle"}), properties={"author": author}, method=Method.JSON_LD)


def test_structured_data_is_believed_before_the_page() -> None:
    body = '<p class="byline">By Somebody Else</p>'
    assert _chosen(body, "", _item([{"name": "Ida Lindqvist"}, "Jonas Aalto"])) == ("Ida Lindqvist", "Jonas Aalto")


@pytest.mark.parametrize("publisher", ["The Harbour Courier", "courier.example", "www.courier.example"])
def test_persons_are_preferred_to_the_publication(publisher: str) -> None:
    body = '<article><div class="byline">By <a href="/authors/ida">Ida Lindqvist</a></div></article>'
    assert _chosen(body, "", _item({"name": publisher})) == ("Ida Lindqvist",)


def test_the_publication_stays_where_nobody_else_is_named() -> None:
    assert _chosen("<p>x</p>", "", _item({"name": "The Harbour Courier"})) == ("The Harbour Courier",)


@pytest.mark.parametrize(
    "body",
    [
        '<a rel="author" href="/x">Ida Lindqvist</a>',
        '<span itemprop="author">Ida Lindqvist</span>',
        '<div class="ArticleByline">By Ida Lindqvist, 3 February 2026, 09:14</div>',
        '<a href="/journalist/ida">Ida Lindqvist</a>',
    ],
)
def test_a_byline_in_the_page_is_found(body: str) -> None:
    assert _chosen(f"<article>{body}<p>Text.</p></article>") == ("Ida Lindqvist",)


@pytest.mark.parametrize(
    "body",
    [
        '<div class="comments"><span class="comment-author">Angry Reader</span></div>',
        '<aside><a href="/author/x">Another Writer</a></aside>',
        '<div class="related"><span class="author">Another Writer</span></div>',
        '<blockquote><span class="author">A Poet</span></blockquote>',
        '<p class="author-bio">Ida has written for us since 1999 and lives near the harbour with two dogs</p>',
    ],
)
def test_authors_of_something_else_are_not_the_articles(body: str) -> None:
    assert _chosen(body) == ()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "<h1>Last boat</h1><li>By: <a href='/x'>Ida Lindqvist</a>, <a>Jonas Aalto</a></li>",
            ("Ida Lindqvist", "Jonas Aalto"),
        ),
        ("<h1>Last boat</h1><p>Von Ida Lindqvist</p><p>By the way, nobody was hurt.</p>", ("Ida Lindqvist",)),
        ("<h1>Last boat</h1><p>By nine the boat had left.</p>", ()),
        ("<h1>Last boat</h1>" + "<p>Text.</p>" * 50 + "<p>By Another Writer</p>", ()),
        ("<h1>Last boat</h1><aside><p>By Another Writer</p></aside>", ()),
        ("<h1>最终航班</h1><p>正文。（责编：牛镛、岳弘彬）</p>", ("牛镛", "岳弘彬")),
        ("<p>【ソウル＝山田花子】船は九時に出る。</p>", ("山田花子",)),
        ("<p>(서울=항구뉴스) 김서연 기자 = 배는 아홉 시에 떠난다.</p>", ("김서연",)),
        ("<p>배는 아홉 시에 떠난다.</p><p>김서연 기자 seoyeon@courier.example</p>", ("김서연",)),
    ],
)
def test_a_byline_that_is_not_called_one_is_found_too(body: str, expected: tuple[str, ...]) -> None:
    assert _chosen(f"<article>{body}</article>") == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('<a rel="author" href="/x">Madonna</a>', ("Madonna",)),
        ('<span itemprop="author">Budi</span>', ("Budi",)),
        ('<span class="author-box">Subscribe</span>', ()),
        ('<div class="reporter"><span>김서연 기자</span><button>구독</button></div>', ("김서연",)),
        ('<span class="author">記者王小明／台北報導</span>', ("王小明",)),
        ('<p class="byline">Jean d’Alembert</p>', ("Jean d’Alembert",)),
    ],
)
def test_one_word_is_a_name_where_only_a_name_can_stand(body: str, expected: tuple[str, ...]) -> None:
    assert _chosen(f"<article>{body}</article>") == expected
