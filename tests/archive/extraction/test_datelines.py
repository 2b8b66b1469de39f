import pytest

from archive.extraction.datelines import datelines, of_pictures
from archive.extraction.readings import Reading
from archive.models import Method, Precision
from tests.archive.extraction.parsing import root


def _found(body: str, language: str = "en") -> list[str]:
    return [str(reading.value) for reading in datelines(root(body), language)]


@pytest.mark.parametrize(
    ("language", "line", "expected"),
    [
        ("en", "<article><p>Published on February 3, 2026</p><p>Text.</p></article>", "2026-02-03"),
        ("en", "<h1>x</h1><time>3 February 2026, 7.14pm</time>", "2026-02-03T19:14:00"),
        ("de", "<h1>x</h1><div>Von Ida <span>03.02.2026, 07:14 Uhr</span></div>", "2026-02-03T07:14:00"),
        ("bg", "<h1>x</h1><div>публикувано на 3 февруари 2026, 07:14</div>", "2026-02-03T07:14:00"),
        ("th", "<h1>x</h1><p>3 ก.พ. 2569 07:14 น.</p>", "2026-02-03T07:14:00"),
        ("fr", "<p class=date>Publié le mardi 3 février 2026 à 07 h 14 par Ida Lindqvist</p>", "2026-02-03T07:14:00"),
    ],
)
def test_the_line_under_the_headline_says_when(language: str, line: str, expected: str) -> None:
    assert _found(line, language)[:1] == [expected]


@pytest.mark.parametrize(
    "body",
    [
        "<p>No date here.</p>",
        "<p>The law of 2019 is repealed.</p>",
        "<p>© 2024 Courier</p>",
        "<h1>Last boat</h1><p>On 3 February 2019 the council passed the law that ends it.</p>",
        "<h1>Last boat</h1><p>It sank on 3 February 2019.</p>",
        "<h1>Last boat</h1><p>Updated on 3 February 2026</p>",
        "<header class=masthead><span class=date>Saturday, 14 March 2026</span></header><h1>x</h1>",
        "<h1>x</h1><footer><p class=date>3 February 2026</p></footer>",
        "<h1>x</h1>" + "<p>1</p>" * 80 + "<p>3 February 2026</p>",
        "<h1>x</h1><p>3 hours ago</p>",
    ],
)
def test_dates_of_other_things_are_not_the_articles(body: str) -> None:
    assert _found(body) == []


def test_a_page_made_in_the_browser_carries_its_time() -> None:
    script = '<script>self.__next_f.push([1,"{\\"publishedAt\\":\\"2026-02-03T07:14:05Z\\"}"])</script>'
    assert _found(script) == ["2026-02-03T07:14:05+00:00"]


def test_the_main_picture_was_filed_on_a_day() -> None:
    found = of_pictures([Reading("https://x.example/img/2026/02/03/boat.jpg", Method.OPENGRAPH)])
    assert [(str(r.value), r.value.precision, r.method) for r in found] == [("2026-02-03", Precision.DAY, Method.URL)]
    assert of_pictures([Reading("https://x.example/uploads/2026/02/boat.jpg", Method.OPENGRAPH)]) == []


def test_a_page_of_nothing_but_dates_is_bounded() -> None:
    assert len(_found("<p class=date>3 February 2026</p>" * 5_000)) == 1
    assert _found("<div>" * 200 + "1 " * 100_000) == []
