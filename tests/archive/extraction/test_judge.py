import pytest

from archive.extraction.body import Block
from archive.extraction.judge import Case, rejected
from archive.models import BlockKind, Reason
from tests.archive.extraction.parsing import root

LONG = "The winter timetable of the ferry begins in October and the last boat leaves the island at half past nine. " * 5
STORIES = "".join(f"<h3><a href='/story-{i}'>Story number {i} of the harbour</a></h3>" for i in range(12))


def _reason(
    markup: str = "<p>x</p>",
    paragraph: str = LONG,
    *,
    url: str = "https://x.example/harbour/last-boat",
    title: str | None = "Last boat",
    declared: bool = False,
    kind: str = "",
    is_free: bool | None = None,
) -> Reason | None:
    blocks = [Block(BlockKind.PARAGRAPH, paragraph)] if paragraph else []
    case = Case(
        root=root(markup),
        url=url,
        title=title,
        blocks=blocks,
        declared=declared,
        kind=kind,
        is_free=is_free,
    )
    rejection = rejected(case)
    assert rejection is None or rejection.evidence
    return rejection.reason if rejection is not None else None


def test_a_text_with_a_title_is_an_article() -> None:
    assert _reason() is None
    assert _reason(f"<p>x</p>{STORIES}") is None


def test_a_declared_article_may_be_short() -> None:
    assert _reason(paragraph="The boat sank at noon; nobody was hurt, the harbour master says.", declared=True) is None
    assert _reason(paragraph="The boat sank at noon; nobody was hurt, the harbour master says.") is Reason.NO_TEXT
    assert _reason(paragraph="Photo: Ida", declared=True) is Reason.NO_TEXT


@pytest.mark.parametrize("url", ["https://x.example/", "https://x.example/tag/boats", "https://x.example/news/page/2/"])
def test_addresses_of_lists(url: str) -> None:
    assert _reason(url=url) is Reason.SECTION_PAGE
    assert _reason(url=url, declared=True) is None


@pytest.mark.parametrize(
    "url",
    [
        "https://x.example/topic/last-boat-leaves-harbour",
        "https://x.example/archive/boat.html",
        "https://x.example/rubrik/boat-1234567",
    ],
)
def test_a_story_may_stand_below_the_address_of_a_list(url: str) -> None:
    assert _reason(url=url) is None
    assert _reason(STORIES, "One line about a story that stands behind a link.", url=url) is Reason.SECTION_PAGE


def test_lists_by_their_links() -> None:
    assert _reason(STORIES, "One line about a story that stands behind a link.") is Reason.SECTION_PAGE
    links = "".join(f"<li><a href='/{i}'>Story number {i} of today</a></li>" for i in range(12))
    assert _reason(links, "") is Reason.SECTION_PAGE
    assert _reason(kind="profile") is Reason.SECTION_PAGE


@pytest.mark.parametrize("title", ["404", "Page not found", "Seite nicht gefunden - Kurier", "Страница не найдена"])
def test_error_pages_with_status_200(title: str) -> None:
    assert _reason(paragraph="We are sorry. Try the search.", title=title) is Reason.ERROR_PAGE
    assert _reason(title=title, declared=True) is None


@pytest.mark.parametrize("title", ["404 - Courier", "410 Gone", "Courier: Error 404", "Page not found | Courier"])
def test_error_pages_with_a_text_of_some_length(title: str) -> None:
    assert _reason(title=title) is Reason.ERROR_PAGE


@pytest.mark.parametrize(
    "title",
    [
        "Police say 410 arrested at rally",
        "410 arrested at rally",
        "410-page report on the ferry is out",
        "Route 404 closes for the winter",
        "Missing hiker still not found after three days",
        "The last boat to the island is no longer available",
    ],
)
def test_news_may_have_a_number_and_not_be_found(title: str) -> None:
    assert _reason(title=title) is None


def test_walls() -> None:
    assert _reason("<form><input type=password></form>", "Welcome back.") is Reason.WALL
    assert _reason(paragraph="We and our partners store cookies on your device.") is Reason.WALL
    assert (
        _reason(paragraph="The boat sank at noon; nobody was hurt, they say.", declared=True, is_free=False)
        is Reason.WALL
    )
    assert _reason(declared=True, is_free=False) is None


def test_media_pages() -> None:
    assert _reason("<video src=x></video>", "Watch the boat sink.") is Reason.MEDIA_PAGE


def test_an_article_needs_a_title() -> None:
    assert _reason(title=None) is Reason.NO_TEXT
