"""Which article a page is, in situations that real sites bring about."""

import pytest

from archive.ingest import Ingested, Outcome
from archive.models import AddressKind, Article, FieldValue, Method, Precision, Reason, UrlState
from archive.revisions import Change
from archive.store import articles, urls
from tests.archive import stories
from tests.archive.stories import BUDGET, HARBOUR, NOON, Newspaper, later, prepared, rejected, url

HOME, SLUG, AMP, PRINT = url("2026/harbour"), url("2026/harbour-closed"), url("2026/harbour/amp"), url("print?id=7")
EDITED = HARBOUR.replace("until the spring", "until the summer")


# --- where a site has moved ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("http://courier.example/a", "https://courier.example/a"),
        ("https://www.courier.example/a", "https://courier.example/a"),
        ("http://www.courier.example/a", "https://courier.example/a/"),
        ("https://courier.example/a/", "https://courier.example/a"),
    ],
)
def test_edits_are_recorded_under_the_new_spelling_of_an_address(paper: Newspaper, old: str, new: str) -> None:
    before, after = stories.address(old), stories.address(new)
    first = paper.write(prepared(stories.article(before)))
    edited = paper.write(prepared(stories.article(after, body=EDITED)))
    assert edited == Ingested(outcome=Outcome.REVISED, article_id=first.article_id)
    again = paper.write(prepared(stories.article(after, body=HARBOUR)))
    assert again == Ingested(outcome=Outcome.REVISED, article_id=first.article_id)


def test_another_story_under_another_spelling_is_another_article(paper: Newspaper) -> None:
    first = paper.write(prepared(stories.article(stories.address("https://courier.example/a"))))
    other = stories.article(stories.address("https://www.courier.example/a"), title="Budget", body=BUDGET)
    assert paper.write(prepared(other)).outcome is Outcome.NEW
    assert paper.stored(first.article_id).text == HARBOUR


def test_an_article_whose_address_is_gone_is_revised_at_its_new_one(paper: Newspaper) -> None:
    first = paper.write(prepared(stories.article()))
    paper.write(prepared(stories.article(SLUG)))
    assert paper.write(prepared(stories.article(SLUG, body=EDITED))).outcome is Outcome.UNCHANGED
    paper.write(rejected(HOME, Reason.HTTP_GONE))
    edited = paper.write(prepared(stories.article(SLUG, body=EDITED)))
    assert edited == Ingested(outcome=Outcome.REVISED, article_id=first.article_id)
    assert paper.stored(first.article_id).url == SLUG


def test_an_article_whose_address_leads_to_a_known_one_is_revised_there(paper: Newspaper) -> None:
    first = paper.write(prepared(stories.article()))
    paper.write(prepared(stories.article(SLUG)))
    urls.settle(
        paper.db, HOME, state=UrlState.FETCHED, reason=Reason.REDIRECT_KNOWN, crawl_id=paper.crawl_id, at=later(hours=1)
    )
    edited = paper.write(prepared(stories.article(SLUG, body=EDITED)))
    assert edited == Ingested(outcome=Outcome.REVISED, article_id=first.article_id)
    assert paper.stored(first.article_id).url == SLUG


def test_an_address_that_fails_for_a_moment_is_not_lost(paper: Newspaper) -> None:
    paper.write(prepared(stories.article()))
    paper.write(prepared(stories.article(SLUG)))
    paper.write(rejected(HOME, Reason.HTTP_ERROR))
    assert paper.write(prepared(stories.article(SLUG, body=EDITED))).outcome is Outcome.UNCHANGED


def test_a_story_that_keeps_its_number_under_a_new_slug_is_the_same(paper: Newspaper) -> None:
    first = paper.write(prepared(stories.article(url("news/harbour-closed-4711815.html"))))
    renamed = stories.article(url("news/ferries-stop-4711815.html"), title="Ferries stop", body=EDITED)
    assert paper.write(prepared(renamed)) == Ingested(outcome=Outcome.DUPLICATE, article_id=first.article_id)


@pytest.mark.parametrize(
    ("path", "hours", "body"),
    [
        ("news/ferries-stop-4711816.html", 0, EDITED),
        ("news/ferries-stop-4711815.html", 1, EDITED),
        ("news/ferries-stop-4711815.html", 0, BUDGET),
    ],
)
def test_a_number_alone_makes_no_two_stories_one(paper: Newspaper, path: str, hours: float, body: str) -> None:
    paper.write(prepared(stories.article(url("news/harbour-closed-4711815.html"))))
    other = stories.article(url(path), title="Ferries stop", body=body, published_at=later(hours=hours))
    assert paper.write(prepared(other)).outcome is Outcome.NEW


@pytest.mark.parametrize(
    ("path", "title", "hours", "body", "outcome"),
    [
        ("print/harbour-closed-until-spring", "“Harbour closed until spring”", 0, EDITED, Outcome.DUPLICATE),
        ("print/harbour-closed-until-spring", "Ferries stop", 0, EDITED, Outcome.NEW),
        ("print/harbour-closed-until-spring", "Harbour closed until spring", 1, EDITED, Outcome.NEW),
        ("print/harbour-closed-until-spring", "Harbour closed until spring", 0, BUDGET, Outcome.NEW),
        ("print/harbour-closed-until-summer", "Harbour closed until spring", 0, EDITED, Outcome.NEW),
    ],
)
def test_a_view_that_names_no_address_is_told_by_slug_title_time_and_text(
    paper: Newspaper, path: str, title: str, hours: float, body: str, outcome: Outcome
) -> None:
    paper.write(prepared(stories.article(url("2026/harbour-closed-until-spring/"))))
    view = stories.article(url(path), title=title, body=body, published_at=later(hours=hours))
    assert paper.write(prepared(view)).outcome is outcome


# --- claims ----------------------------------------------------------------------------------------------------------


def test_stories_of_one_generic_title_stay_apart_under_a_shared_canonical_address(paper: Newspaper) -> None:
    briefing = url("briefing")
    pages = {url("briefing/1"): HARBOUR, url("briefing/2"): BUDGET}
    for address, body in pages.items():
        page = prepared(stories.article(briefing, title="Morning briefing", body=body), asked=address)
        assert paper.write(page).outcome is Outcome.NEW
    assert {address: paper.at(address).text for address in pages} == pages


def test_yesterdays_briefing_that_leads_to_todays_keeps_its_address_and_text(paper: Newspaper) -> None:
    yesterday, today = url("briefing/1"), url("briefing/2")
    first = paper.write(prepared(stories.article(yesterday, title="Morning briefing")))
    page = prepared(stories.article(today, title="Morning briefing", body=BUDGET), asked=yesterday, final=today)
    assert paper.write(page).outcome is Outcome.NEW
    article = paper.at(yesterday)
    assert (article.id, article.url, article.text, article.revisions) == (first.article_id, yesterday, HARBOUR, 1)
    row = urls.get(paper.db, yesterday)
    assert row
    assert row.article_id == first.article_id
    assert paper.write(page) == Ingested(outcome=Outcome.UNCHANGED, article_id=paper.at(today).id)


@pytest.mark.parametrize("reason", [Reason.SECTION_PAGE, Reason.HTTP_GONE])
def test_an_article_that_leads_to_the_front_page_keeps_its_address_and_text(paper: Newspaper, reason: Reason) -> None:
    first = paper.write(prepared(stories.article()))
    paper.write(rejected(HOME, reason, final="https://courier.example/"))
    article = paper.at(HOME)
    assert (article.id, article.url, article.text) == (first.article_id, HOME, HARBOUR)
    row = urls.get(paper.db, HOME)
    assert row
    assert row.article_id == first.article_id


def test_a_page_that_has_become_another_known_story_does_not_write_over_the_one_it_was(paper: Newspaper) -> None:
    budget = url("2026/budget")
    first = paper.write(prepared(stories.article()))
    second = paper.write(prepared(stories.article(budget, title="Budget passed", body=BUDGET)))
    for named, body in ((budget, f"{BUDGET}\n\nNothing else."), (HOME, BUDGET)):
        soft = prepared(stories.article(named, title="Budget passed", body=body), asked=HOME)
        assert paper.write(soft) == Ingested(outcome=Outcome.DUPLICATE, article_id=second.article_id)
    assert (paper.at(HOME).id, paper.at(HOME).text, paper.at(HOME).revisions) == (first.article_id, HARBOUR, 1)
    assert (paper.at(budget).text, paper.at(budget).revisions) == (BUDGET, 1)


def test_a_page_cannot_keep_another_from_being_fetched_by_claiming_it(paper: Newspaper) -> None:
    victim = url("2026/budget")
    paper.wait_for(HOME, victim)
    claims = tuple((kind, victim) for kind in (AddressKind.AMP, AddressKind.ALTERNATE, AddressKind.GUID))
    for claim in claims:
        paper.write(prepared(stories.article(addresses=(claim,))))
        assert paper.waiting() == [victim]
    found = paper.write(prepared(stories.article(victim, title="Budget passed", body=BUDGET)))
    assert found.outcome is Outcome.NEW
    assert paper.at(victim).url == victim


@pytest.mark.parametrize("section_first", [True, False])
def test_a_section_is_no_articles_own_address_whoever_claims_it(paper: Newspaper, *, section_first: bool) -> None:
    section = url("news/")
    pages = [prepared(stories.article(section), asked=HOME), rejected(section, Reason.SECTION_PAGE)]
    for page in reversed(pages) if section_first else pages:
        paper.write(page)
    assert paper.at(HOME).url == HOME


def test_two_claimants_of_the_address_at_which_one_answers_later(paper: Newspaper) -> None:
    paper.write(prepared(stories.article(SLUG, title="Budget", body=BUDGET), asked=url("b")))
    moved = prepared(stories.article(HOME), asked=HOME)
    paper.write(moved)
    paper.write(prepared(stories.article(SLUG, body=EDITED), asked=HOME, final=SLUG))
    assert (paper.at(SLUG).text, paper.at(SLUG).url, paper.at(url("b")).url) == (EDITED, SLUG, url("b"))


def test_editions_in_two_languages_under_one_canonical_address_are_two_articles(paper: Newspaper) -> None:
    german = (
        "Der Hafen von Lindqvist bleibt von Montag an für alle Fähren geschlossen, hieß es am Abend. Taucher "
        "fanden im nördlichen Kai Risse, die tiefer reichen als befürchtet, und die Reparatur kann bis zum Frühjahr "
        "dauern. Fischerboote dürfen das alte Becken hinter dem Zollhaus nutzen, und die Fähren legen in Norra Hamn an."
    )
    paper.write(prepared(stories.article()))
    page = stories.article(title="Hafen bis zum Frühjahr geschlossen", body=german, language="de")
    assert paper.write(prepared(page, asked=url("de/2026/hafen"))).outcome is Outcome.NEW
    assert (paper.at(HOME).language, paper.at(url("de/2026/hafen")).language) == ("en", "de")


def test_the_second_page_of_an_article_is_kept_though_it_claims_the_first(paper: Newspaper) -> None:
    paper.write(prepared(stories.article()))
    second = paper.write(prepared(stories.article(body=BUDGET), asked=url("2026/harbour?page=2")))
    assert second.outcome is Outcome.NEW
    assert (paper.at(HOME).text, paper.stored(second.article_id).text) == (HARBOUR, BUDGET)


def test_a_mobile_page_belongs_to_the_article_that_it_names(paper: Newspaper) -> None:
    first = paper.write(prepared(stories.article()))
    mobile = prepared(
        stories.article(body=HARBOUR[: len(HARBOUR) * 2 // 3]), asked=url("2026/harbour", "m.courier.example")
    )
    assert paper.write(mobile) == Ingested(outcome=Outcome.DUPLICATE, article_id=first.article_id)
    assert paper.write(mobile).outcome is Outcome.UNCHANGED
    assert paper.stored(first.article_id).revisions == 1


def test_a_live_report_is_one_article_that_grows(paper: Newspaper) -> None:
    first = paper.write(prepared(stories.article(body=HARBOUR)))
    for hours, body in enumerate([f"{BUDGET}\n\n{HARBOUR}", BUDGET], 1):
        result = paper.write(prepared(stories.article(body=body), asked=HOME), hours=hours)
        assert result == Ingested(outcome=Outcome.REVISED, article_id=first.article_id)
        amp = paper.write(prepared(stories.article(body=body[:-90]), asked=AMP), hours=hours)
        assert amp.outcome is not Outcome.REVISED


# --- presentations ---------------------------------------------------------------------------------------------------


def test_only_one_of_two_presentations_speaks_where_the_article_itself_never_answers(paper: Newspaper) -> None:
    amp, printed = (
        prepared(stories.article(body=body), asked=asked)
        for body, asked in ((HARBOUR.partition("\n\n")[0], AMP), (HARBOUR, PRINT))
    )
    for page in (amp, printed, amp, printed):
        paper.write(page)
    assert paper.at(HOME).revisions == 1
    edited = prepared(stories.article(title="Ferries stop", body=HARBOUR.partition("\n\n")[0]), asked=AMP)
    assert paper.write(edited).outcome is Outcome.REVISED


@pytest.mark.parametrize(("modified", "outcome"), [(0, Outcome.DUPLICATE), (5, Outcome.REVISED)])
def test_what_the_article_itself_says_later_is_an_edit_only_if_it_says_so(
    paper: Newspaper, modified: float, outcome: Outcome
) -> None:
    paper.write(prepared(stories.article(modified_at=NOON, body=EDITED), asked=PRINT))
    page = prepared(stories.article(modified_at=later(minutes=modified)))
    assert paper.write(page, hours=1).outcome is outcome
    assert paper.at(HOME).text == HARBOUR
    assert paper.write(prepared(stories.article(body=EDITED)), hours=2).outcome is Outcome.REVISED


def test_another_presentation_does_not_hide_that_an_edit_was_announced(paper: Newspaper) -> None:
    paper.write(prepared(stories.article(modified_at=NOON)))
    paper.write(prepared(stories.article(modified_at=later(hours=1), body=EDITED), asked=AMP))
    paper.write(prepared(stories.article(modified_at=later(hours=1), body=EDITED)))
    assert (paper.at(HOME).revisions, paper.at(HOME).silent) == (2, False)


# --- fields ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("edited", "change"),
    [
        (stories.article(subtitle="No ferries from Monday"), Change.HEADLINE),
        (stories.article(authors=("Ann Lee", "Cy Ek")), Change.TEXT),
        (stories.article(published_at=later(hours=1)), Change.TEXT),
    ],
)
def test_an_edit_outside_of_the_text_makes_a_revision(paper: Newspaper, edited: Article, change: Change) -> None:
    first = paper.write(prepared(stories.article(subtitle="Cracks in the quay")))
    kept = stories.article(
        subtitle=edited.subtitle or "Cracks in the quay", authors=edited.authors, published_at=edited.published_at
    )
    assert paper.write(prepared(kept), hours=2).outcome is Outcome.REVISED
    article = paper.stored(first.article_id)
    assert (article.revisions, article.change) == (2, change)
    assert (article.subtitle, article.authors, article.published_at) == (kept.subtitle, kept.authors, kept.published_at)
    (row,) = paper.db.query("SELECT subtitle, authors, published_at FROM articles")
    (newest,) = paper.db.query("SELECT subtitle, authors, published_at FROM revisions WHERE number = 2")
    assert row == newest
    assert paper.write(prepared(kept), hours=3).outcome is Outcome.UNCHANGED


@pytest.mark.parametrize(
    "page",
    [
        stories.article(subtitle="CRACKS in the quay!"),
        stories.article(subtitle=None),
        stories.article(subtitle="Cracks in the quay", authors=()),
        stories.article(subtitle="Cracks in the quay", authors=("Bo Øst", "Ann LEE")),
        stories.article(subtitle="Cracks in the quay", published_at=None),
    ],
)
def test_trifles_and_what_is_no_longer_said_make_no_revision_and_erase_nothing(paper: Newspaper, page: Article) -> None:
    paper.write(prepared(stories.article(subtitle="Cracks in the quay")))
    before = list(paper.db.query("SELECT * FROM articles"))
    assert paper.write(prepared(page)).outcome is Outcome.UNCHANGED
    assert list(paper.db.query("SELECT * FROM articles")) == before


def test_an_edit_of_the_text_erases_nothing_that_is_no_longer_said(paper: Newspaper) -> None:
    whole = stories.replaced(
        stories.article(subtitle="Cracks in the quay"), section="Port", description="d", image_url="https://x/i.png"
    )
    first = paper.write(prepared(whole))
    bare = stories.replaced(
        stories.article(body=EDITED, authors=(), published_at=None), tags=(), language=None, is_free=None
    )
    assert paper.write(prepared(bare), hours=1).outcome is Outcome.REVISED
    article = paper.stored(first.article_id)
    assert (article.text, article.revisions) == (EDITED, 2)
    for field in (
        "subtitle",
        "authors",
        "published_at",
        "published_precision",
        "published_offset",
        "section",
        "tags",
        "language",
        "description",
        "image_url",
        "is_free",
    ):
        assert getattr(article, field) == getattr(whole, field), field


def test_what_has_no_revisions_is_kept_current(paper: Newspaper) -> None:
    first = paper.write(prepared(stories.article()))
    news = {
        "section": "Port",
        "tags": ("ferries", "spring"),
        "description": "d",
        "image_url": "https://x/i.png",
        "site_name": "Courier",
        "agency": "dpa",
        "is_free": False,
        "language": "sv",
    }
    assert paper.write(prepared(stories.replaced(stories.article(), **news))).outcome is Outcome.UNCHANGED
    article = paper.stored(first.article_id)
    assert {field: getattr(article, field) for field in news} == news
    assert article.revisions == 1
    other = stories.replaced(stories.article(body=HARBOUR[:200]), section="AMP", tags=("amp",))
    paper.write(prepared(other, asked=AMP))
    assert paper.stored(first.article_id).section == "Port", "another presentation does not speak for the article"


def said_by(method: Method, field: str, article: Article) -> Article:
    value = FieldValue(field=field, value="as it stands", method=method, chosen=True)
    return stories.replaced(article, fields=(*(f for f in article.fields if f.field != field), value))


def test_what_a_list_announced_comes_and_goes_without_a_revision(paper: Newspaper) -> None:
    announced = stories.article(title="Harbour shut", published_at=later(minutes=3))
    announced = said_by(Method.FEED, "title", said_by(Method.FEED, "published_at", announced))
    own = said_by(Method.JSON_LD, "published_at", stories.article())
    for page in (announced, own, announced, own):
        paper.write(prepared(page))
    article = paper.at(HOME)
    assert (article.revisions, article.published_at) == (1, NOON)


def test_a_day_said_more_exactly_is_no_edit_and_less_exactly_is_no_loss(paper: Newspaper) -> None:
    midnight = NOON.replace(hour=0)
    day = stories.replaced(
        stories.article(published_at=midnight), published_precision=Precision.DAY, published_offset=None
    )
    for page in (day, stories.article(), day):
        paper.write(prepared(page))
        assert paper.at(HOME).revisions == 1
    article = paper.at(HOME)
    assert (article.published_at, article.published_precision, article.published_offset) == (
        NOON,
        Precision.MINUTE,
        "+02:00",
    )
    another = stories.replaced(day, published_at=later(days=3).replace(hour=0))
    assert paper.write(prepared(another)).outcome is Outcome.REVISED


def test_a_revision_keeps_where_its_values_came_from(paper: Newspaper) -> None:
    first = paper.write(prepared(said_by(Method.FEED, "published_at", stories.article())))
    assert first.article_id
    readings = articles.fields(paper.db, first.article_id)
    assert [f.method for f in readings if f.field == "published_at"] == [Method.FEED]
