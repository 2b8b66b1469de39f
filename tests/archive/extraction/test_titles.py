import pytest

from archive.extraction.metatags import metas
from archive.extraction.structured import Item
from archive.extraction.titles import readings
from archive.models import Candidate, EndpointKind, Method
from tests.archive.extraction.parsing import root

NAMES = ["The Harbour Courier", "courier.example", "courier", "Harbour"]


def _item(**properties: object) -> Item:
    return Item(types=frozenset({"newsarticle"}), properties=properties, method=Method.JSON_LD)


def _chosen(body: str = "", head: str = "", *items: Item) -> str | None:
    page = root(body, head)
    _, chosen = readings(items, metas(page), page, NAMES, None)
    return chosen.value if chosen is not None else None


@pytest.mark.parametrize(
    "title",
    [
        "Last boat at nine | The Harbour Courier",
        "Last boat at nine - Harbour - The Harbour Courier",
        "The Harbour Courier: Last boat at nine".replace(": ", " – "),
        "Last boat at nine » courier.example",
        "Last boat at nine • THE HARBOUR COURIER",
        "Last boat at nine › Harbour › The Harbour Courier",
        "Last boat at nine ❘ The Harbour Courier",
        "Last boat at nine｜The Harbour Courier",
        "Last boat at nine ~ The Harbour Courier",
        "Last boat at nine : The Harbour Courier",
        "The Harbour Courier: Last boat at nine",
        "Last boat at nine / Harbour / The Harbour Courier",
        "Last boat at nine_The Harbour Courier",
        "Last boat at nine - TheHarbourCourier",
        "Last boat at nine \u200f|\u200f The Harbour Courier",
        "Last boat at nine &amp;mdash; The Harbour Courier",
    ],
)
def test_names_of_site_and_section_are_taken_off(title: str) -> None:
    assert _chosen(head=f"<title>{title}</title>") == "Last boat at nine"


@pytest.mark.parametrize(
    "title",
    [
        "Ferry - the last boat",
        "One boat | two crews",
        "Half past nine: Orm sails earlier",
        "A snake_case name",
        "Dock 7/8",
    ],
)
def test_what_is_no_name_stays(title: str) -> None:
    assert _chosen(head=f"<title>{title}</title>") == title


def test_what_follows_a_title_known_from_elsewhere_is_the_sites() -> None:
    head = '<meta property="og:title" content="Last boat at nine – HC – 03.02.2026">'
    assert _chosen("<h1>Last boat at nine</h1>", head) == "Last boat at nine"


def test_a_title_cut_off_with_dots_is_the_headline_that_it_begins() -> None:
    head = '<meta property="og:title" content="The last boat to the island leaves…">'
    assert _chosen("<h1>The last boat to the island leaves at nine</h1>", head) == (
        "The last boat to the island leaves at nine"
    )
    assert _chosen("<h1>And then …</h1>", '<meta property="og:title" content="And then …">') == "And then …"
    head = '<meta property="og:title" content="Boats...">'
    assert _chosen("<h1>Boats are late</h1>", head) == "Boats..."


def test_entities_that_were_encoded_twice_are_freed() -> None:
    assert _chosen("<h1>Fish &amp;amp; chips &amp;#8211; again</h1>") == "Fish & chips – again"


def test_names_in_hebrew_are_taken_off() -> None:
    page = root("", "<title>\u200fהסירה האחרונה יוצאת בתשע - עיתון הנמל</title>")
    _, chosen = readings([], metas(page), page, ["עיתון הנמל"], None)
    assert chosen is not None
    assert chosen.value.strip("\u200f") == "הסירה האחרונה יוצאת בתשע"


def test_a_headline_keeps_its_own_second_half() -> None:
    head = '<meta property="og:title" content="Fire on Orm! - latest news">'
    assert (
        _chosen("<h1>Fire on Orm!</h1>", head, _item(headline="Fire on Orm! - latest news"))
        == "Fire on Orm! - latest news"
    )


def test_a_kicker_that_differs_from_place_to_place_is_no_part_of_the_title() -> None:
    head = '<meta property="og:title" content="Winter timetable: We sail half an hour earlier">'
    assert _chosen("<h1>Ferries - We sail half an hour earlier</h1>", head) == "We sail half an hour earlier"


def test_a_line_that_goes_on_from_the_headline_is_not_chosen() -> None:
    head = '<meta property="og:title" content="Cannery sold">'
    assert _chosen("<h1>… to its workers</h1>", head, _item(headline="… to its workers")) == "Cannery sold"


def test_places_are_weighed_and_agreement_counts() -> None:
    social = '<meta property="og:title" content="You will not believe this boat">'
    assert _chosen("", social, _item(headline="Last boat at nine")) == "You will not believe this boat"
    assert _chosen("<h1>Last boat at nine</h1>", social, _item(headline="Last boat at nine")) == "Last boat at nine"


def test_the_wording_for_search_engines_is_not_preferred() -> None:
    head = '<title>Ferry Orm timetable winter 2026</title><meta property="og:title" content="Earlier, and full">'
    assert (
        _chosen("<h1>Earlier, and full</h1>", head, _item(headline="Ferry Orm timetable winter 2026"))
        == "Earlier, and full"
    )


def test_all_that_was_said_is_kept_raw_too() -> None:
    page = root("<h1>Last boat at nine</h1>", "<title>Last boat at nine | Courier</title>")
    found, _ = readings([], metas(page), page, NAMES, None)
    assert [reading.value for reading in found] == ["Last boat at nine", "Last boat at nine | Courier"]


@pytest.mark.parametrize(
    ("kind", "method"), [(EndpointKind.FEED, Method.FEED), (EndpointKind.NEWS_SITEMAP, Method.SITEMAP)]
)
def test_an_announced_title_is_a_reading_and_the_last_resort(kind: EndpointKind, method: Method) -> None:
    candidate = Candidate(url="https://x.example/a", found_in="https://x.example/feed", kind=kind, title=" Last  boat ")
    page = root("<p>x</p>")
    found, chosen = readings([], metas(page), page, NAMES, candidate)
    assert [(r.value, r.method) for r in found] == [("Last boat", method)]
    assert chosen == found[0]


def test_a_page_without_any_title_has_none() -> None:
    assert _chosen("<p>x</p>") is None


@pytest.mark.parametrize("front", ["/", "https://tides.example", "//tides.example/"])
@pytest.mark.parametrize("head", ["", "<title>Tide Tables</title>", "<title>Last boat at nine - Tide Tables</title>"])
@pytest.mark.parametrize("tag", ["h1", "h2"])
def test_the_heading_that_leads_home_is_the_name_of_the_site(front: str, head: str, tag: str) -> None:
    masthead = f"<header><h1><a href='{front}'>Tide Tables</a></h1></header>"
    assert _chosen(f"{masthead}<article><{tag}>Last boat at nine</{tag}></article>", head) == "Last boat at nine"


def test_a_headline_may_hold_a_link_and_a_heading_may_be_one() -> None:
    assert _chosen("<h1><a href='/boats/last'>Last boat at nine</a></h1>") == "Last boat at nine"
    assert _chosen("<h1>Last boat at <a href='/'>nine</a></h1>") == "Last boat at nine"
