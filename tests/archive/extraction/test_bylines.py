import pytest

from archive.extraction.bylines import names, readings
from archive.extraction.metatags import metas
from archive.extraction.structured import Item
from archive.models import Method
from tests.archive.extraction.parsing import root

SITE = ["The Harbour Courier", "courier.example", "courier"]


@pytest.mark.parametrize(
    ("byline", "expected"),
    [
        ("By Ida Lindqvist", ["Ida Lindqvist"]),
        ("By Ida Lindqvist and Jonas Aalto", ["Ida Lindqvist", "Jonas Aalto"]),
        ("Von Ida Lindqvist, Jonas Aalto und Mia von der Heide", ["Ida Lindqvist", "Jonas Aalto", "Mia von der Heide"]),
        ("par Ida Lindqvist et Jonas Aalto", ["Ida Lindqvist", "Jonas Aalto"]),
        ("Por Ida Lindqvist y Jonas Aalto", ["Ida Lindqvist", "Jonas Aalto"]),
        ("José Ortega y Gasset", ["José Ortega y Gasset"]),
        ("Written by Ida Lindqvist; Jonas Aalto", ["Ida Lindqvist", "Jonas Aalto"]),
        ("Ida Lindqvist, Senior Political Correspondent", ["Ida Lindqvist"]),
        ("김서연 기자", ["김서연"]),
        ("山田花子記者", ["山田花子"]),
        ("Ida Lindqvist <ida@courier.example> @idalind", ["Ida Lindqvist"]),
        ("Ida Lindqvist / Jonas Aalto", ["Ida Lindqvist", "Jonas Aalto"]),
        ("ida/jaa", ["ida/jaa"]),
        ("Ida Lindqvist, IDA LINDQVIST", ["Ida Lindqvist"]),
        ("牛镛、岳弘彬", ["牛镛", "岳弘彬"]),
        ("https://courier.example/author/ida", []),
        ("105092", []),
        (" - ", []),
    ],
)
def test_a_byline_is_taken_apart_into_persons(byline: str, expected: list[str]) -> None:
    assert list(names([byline])) == expected


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
