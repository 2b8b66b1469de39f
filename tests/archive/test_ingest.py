import json

import pytest

from archive.errors import StoreError
from archive.ingest import Ingested, Outcome, ingest
from archive.models import AddressKind, ArticleId, BlockKind, Precision, Reason, UrlState
from archive.revisions import Change
from archive.store import articles, captures, crawls, fulltext, sources, urls
from tests.archive import stories
from tests.archive.stories import BUDGET, HARBOUR, NOON, Newspaper, later, prepared, rejected, url

HOME, AMP, PRINT, SLUG = url("2026/harbour"), url("2026/harbour/amp"), url("print?id=7"), url("2026/harbour-closed")


def test_a_new_article_is_stored_whole(paper: Newspaper) -> None:
    paper.wait_for(HOME)
    page = prepared(stories.article(addresses=((AddressKind.AMP, AMP),), subtitle="Cracks in the quay"))
    result = paper.write(page)
    assert (result.outcome, result.reason) == (Outcome.NEW, None)
    article = paper.stored(result.article_id)
    assert (article.url, article.source, article.title) == (HOME, "courier", "Harbour closed until spring")
    assert (article.subtitle, article.authors, article.tags) == (
        "Cracks in the quay",
        ("Ann Lee", "Bo Øst"),
        ("harbour", "ferries"),
    )
    assert (article.text, article.blocks) == (HARBOUR, (BlockKind.PARAGRAPH,) * 3)
    assert (article.published_at, article.published_precision, article.published_offset) == (
        NOON,
        Precision.MINUTE,
        "+02:00",
    )
    assert (article.revision, article.revisions, article.change, article.silent) == (1, 1, None, False)
    assert (article.is_free, article.word_count, article.language) == (True, page.word_count, "en")
    assert article.addresses == ((AddressKind.FETCHED, HOME), (AddressKind.AMP, AMP))
    assert [(f.field, f.chosen) for f in articles.fields(paper.db, article.id)] == [
        ("title", True),
        ("title", False),
        ("canonical_url", True),
    ]
    (capture,) = captures.of_article(paper.db, article.id)
    assert (capture.url, capture.status, capture.etag, capture.error) == (HOME, 200, '"abc"', None)
    assert capture.payload_sha256 == page.capture.payload_sha256
    (revision,) = paper.db.query("SELECT capture_id, extractor FROM revisions")
    assert revision["capture_id"] == capture.id
    assert "trafilatura" in revision["extractor"]
    assert paper.waiting() == []


def test_the_same_page_again_changes_nothing_but_the_time_it_was_seen(paper: Newspaper) -> None:
    first = paper.write(prepared(stories.article()))
    again = paper.write(prepared(stories.article(body=HARBOUR.replace("'", "’"))), hours=5)
    assert again == Ingested(outcome=Outcome.UNCHANGED, article_id=first.article_id)
    article = paper.stored(first.article_id)
    assert (article.revisions, article.first_seen_at, article.last_seen_at) == (1, NOON, later(hours=5))


def test_an_edit_makes_a_revision(paper: Newspaper) -> None:
    first = paper.write(prepared(stories.article(modified_at=NOON)))
    edited = stories.article(
        body=HARBOUR.replace("may take", "will take"), title="Harbour closed", modified_at=NOON, language=None
    )
    again = paper.write(prepared(edited), hours=1)
    assert again == Ingested(outcome=Outcome.REVISED, article_id=first.article_id)
    article = paper.stored(first.article_id)
    assert (article.revision, article.title, article.text) == (2, "Harbour closed", edited.text)
    assert (article.change, article.silent, article.seen_at) == (Change.HEADLINE, True, later(hours=1))
    assert article.language == "en", "what a page no longer says stays"
    old = articles.get(paper.db, article.id, revision=1)
    assert (old.title, old.text, old.revisions) == ("Harbour closed until spring", HARBOUR, 2)
    assert (old.change, old.seen_at) == (None, NOON)
    assert len(articles.fields(paper.db, article.id, revision=1)) == 3
    with pytest.raises(StoreError, match=f"no revision 3 of article {article.id}"):
        articles.get(paper.db, article.id, revision=3)


def test_a_headline_alone_makes_a_revision(paper: Newspaper) -> None:
    paper.write(prepared(stories.article()))
    result = paper.write(prepared(stories.article(title="Ferries move north")))
    assert result.outcome is Outcome.REVISED
    assert paper.stored(result.article_id).change is Change.HEADLINE


@pytest.mark.parametrize("title", ["HARBOUR closed until spring!", "Harbour  closed – until spring"])
def test_cosmetic_differences_make_none(paper: Newspaper, title: str) -> None:
    paper.write(prepared(stories.article()))
    assert paper.write(prepared(stories.article(title=title))).outcome is Outcome.UNCHANGED


def test_the_same_text_at_another_address_is_the_same_article(paper: Newspaper) -> None:
    first = paper.write(prepared(stories.article()))
    again = paper.write(prepared(stories.article(SLUG, title="Another title")))
    assert again == Ingested(outcome=Outcome.DUPLICATE, article_id=first.article_id)
    assert (AddressKind.FETCHED, SLUG) in paper.stored(first.article_id).addresses
    assert paper.write(prepared(stories.article(SLUG, title="Another title"))).outcome is Outcome.UNCHANGED


def test_a_notice_that_stands_on_many_pages_does_not_make_them_one(paper: Newspaper) -> None:
    notice = "Subscribe to read the whole article."
    first = paper.write(prepared(stories.article(body=notice)))
    second = paper.write(prepared(stories.article(url("2026/budget"), title="Budget passed", body=notice)))
    assert {first.outcome, second.outcome} == {Outcome.NEW}
    assert first.article_id != second.article_id


def test_the_same_text_at_another_source_is_another_article(paper: Newspaper) -> None:
    first = paper.write(prepared(stories.article()))
    herald = Newspaper(paper.db, "herald.example")
    second = herald.write(prepared(stories.article(url("x", "herald.example"))))
    assert second.outcome is Outcome.NEW
    assert second.article_id != first.article_id


def test_redirected_twins_are_not_fetched_again(paper: Newspaper) -> None:
    paper.wait_for(HOME, AMP, SLUG)
    page = prepared(stories.article(addresses=((AddressKind.AMP, AMP),)), asked=SLUG, final=HOME)
    result = paper.write(page)
    assert paper.waiting() == [AMP], "only claimed: were it another article's, that would never be fetched"
    assert {a: k for k, a in paper.stored(result.article_id).addresses} == {
        HOME: AddressKind.FETCHED,
        SLUG: AddressKind.REDIRECT,
        AMP: AddressKind.AMP,
    }
    assert urls.counts(paper.db, paper.crawl_id) == {
        (UrlState.FETCHED, None): 1,
        (UrlState.FETCHED, Reason.SAME_ARTICLE): 1,
    }


def test_an_amp_page_belongs_to_its_canonical_article_and_does_not_revise_it(paper: Newspaper) -> None:
    first = paper.write(prepared(stories.article()))
    shortened = stories.article(body=HARBOUR.partition("\n\n")[0])
    again = paper.write(prepared(shortened, asked=AMP))
    assert again == Ingested(outcome=Outcome.DUPLICATE, article_id=first.article_id)
    assert paper.stored(first.article_id).text == HARBOUR
    assert paper.write(prepared(shortened, asked=AMP)).outcome is Outcome.UNCHANGED


def test_an_amp_page_that_comes_first_is_replaced_by_the_article_itself(paper: Newspaper) -> None:
    paper.wait_for(HOME)
    first = paper.write(prepared(stories.article(body=HARBOUR.partition("\n\n")[0]), asked=AMP))
    assert paper.stored(first.article_id).url == HOME
    assert paper.waiting() == [HOME], "only claimed: what is really there has to be seen"
    again = paper.write(prepared(stories.article(subtitle="Cracks")), hours=1)
    assert again == Ingested(outcome=Outcome.DUPLICATE, article_id=first.article_id)
    article = paper.stored(first.article_id)
    assert (article.text, article.subtitle, article.revisions, article.change) == (HARBOUR, "Cracks", 1, None)
    assert (article.word_count, article.seen_at) == (prepared(stories.article()).word_count, NOON)
    (capture_id,) = paper.db.execute("SELECT capture_id FROM revisions").fetchone()
    assert captures.of_article(paper.db, article.id)[1].id == capture_id
    assert len(articles.fields(paper.db, article.id)) == 3
    fulltext.check(paper.db)
    third = paper.write(prepared(stories.article(body=BUDGET, title="Budget")), hours=2)
    assert third.outcome is Outcome.REVISED


def test_an_article_whose_canonical_address_never_answers_is_revised_where_it_does(paper: Newspaper) -> None:
    first = paper.write(prepared(stories.article(), asked=PRINT))
    again = paper.write(prepared(stories.article(title="Harbour open"), asked=PRINT))
    assert again == Ingested(outcome=Outcome.REVISED, article_id=first.article_id)


def test_an_article_that_moves_stays_one(paper: Newspaper) -> None:
    first = paper.write(prepared(stories.article()))
    moved = prepared(stories.article(SLUG, title="Harbour open"), asked=HOME, final=SLUG)
    assert paper.write(moved) == Ingested(outcome=Outcome.REVISED, article_id=first.article_id)
    assert paper.stored(first.article_id).url == SLUG, "where its publisher has it now"
    assert paper.stored(first.article_id).addresses == ((AddressKind.FETCHED, HOME), (AddressKind.FETCHED, SLUG))
    edited = paper.write(prepared(stories.article(SLUG, title="Harbour open again")))
    assert edited == Ingested(outcome=Outcome.REVISED, article_id=first.article_id)


def test_a_redirect_to_something_else_does_not_write_over_an_article(paper: Newspaper) -> None:
    first = paper.write(prepared(stories.article()))
    other = url("2026/budget")
    page = prepared(stories.article(other, title="Budget passed", body=BUDGET), asked=HOME, final=other)
    second = paper.write(page)
    assert second.outcome is Outcome.NEW
    kept = paper.at(HOME)
    assert (kept.id, kept.url, kept.text, kept.revisions) == (first.article_id, HOME, HARBOUR, 1)
    assert paper.stored(second.article_id).url == other
    left = urls.get(paper.db, HOME)
    assert left
    assert (left.article_id, left.reason) == (first.article_id, Reason.REDIRECT_KNOWN)


def test_a_site_whose_pages_all_claim_one_address_keeps_its_articles(paper: Newspaper) -> None:
    everything = url("all")
    bodies = {url(f"story-{n}"): (f"Title {n}", " ".join(f"word{n}{i}" for i in range(99))) for n in range(4)}
    paper.wait_for(everything, *bodies)
    for address, (title, body) in bodies.items():
        claim = stories.article(everything, title=title, body=body)
        assert paper.write(prepared(claim, asked=address)).outcome is Outcome.NEW
    assert paper.waiting() == [everything]
    found = {a: paper.stored(articles.find(paper.db, a)).url for a in bodies}
    assert found == {address: address for address in bodies}, "none has what several claim"
    refused = articles.fields(paper.db, articles.find(paper.db, list(bodies)[1]) or ArticleId(0))
    assert [(f.value, f.chosen) for f in refused if f.field == "canonical_url"] == [(everything, False)]


def test_who_answers_at_an_address_takes_it_from_who_only_claimed_it(paper: Newspaper) -> None:
    story = url("story")
    claimant = paper.write(prepared(stories.article(HOME, title="Budget passed", body=BUDGET), asked=story))
    owner = paper.write(prepared(stories.article(HOME)))
    assert owner.outcome is Outcome.NEW
    assert paper.stored(owner.article_id).url == HOME
    assert paper.stored(claimant.article_id).url == story
    assert paper.stored(claimant.article_id).addresses == ((AddressKind.FETCHED, story),)
    again = paper.write(prepared(stories.article(HOME, title="Budget passed", body=BUDGET), asked=story))
    assert again == Ingested(outcome=Outcome.UNCHANGED, article_id=claimant.article_id)


def test_a_page_of_another_source_cannot_touch_an_article(paper: Newspaper) -> None:
    first = paper.write(prepared(stories.article()))
    thief = Newspaper(paper.db, "thief.example")
    own = url("x", "thief.example")
    second = thief.write(prepared(stories.article(HOME, title="Harbour closed until spring", body=BUDGET), asked=own))
    assert second.outcome is Outcome.NEW
    assert thief.stored(second.article_id).url == own
    assert paper.stored(first.article_id).text == HARBOUR
    third = thief.write(prepared(stories.article(body=BUDGET), asked=own, final=HOME))
    assert third == Ingested(outcome=Outcome.DUPLICATE, article_id=first.article_id)
    assert paper.stored(first.article_id).revisions == 1
    assert paper.stored(first.article_id).addresses == ((AddressKind.FETCHED, HOME),)


def test_a_rejected_page_leaves_a_good_article_alone(paper: Newspaper) -> None:
    first = paper.write(prepared(stories.article()))
    paper.wait_for(SLUG)
    result = paper.write(rejected(HOME, Reason.WALL, final=SLUG), hours=1)
    assert result == Ingested(outcome=Outcome.REJECTED, reason=Reason.WALL)
    article = paper.stored(first.article_id)
    assert (article.revisions, article.text, article.last_seen_at) == (1, HARBOUR, NOON)
    good, bad = captures.of_article(paper.db, article.id)
    assert (good.error, bad.error) == (None, Reason.WALL)
    row = urls.get(paper.db, HOME)
    assert row
    assert (row.state, row.reason, row.article_id) == (UrlState.REFUSED, Reason.WALL, article.id)
    assert paper.waiting() == []


def test_an_article_that_was_gone_and_is_back_is_no_longer_gone(paper: Newspaper) -> None:
    first = paper.write(prepared(stories.article()))
    paper.db.execute("UPDATE articles SET gone_at = '2026-07-05T00:00:00Z', gone_status = 410")
    paper.write(prepared(stories.article()), hours=24)
    article = paper.stored(first.article_id)
    assert (article.gone_at, article.gone_status) == (None, None)


def test_ingest_is_all_or_nothing(paper: Newspaper) -> None:
    paper.wait_for(HOME)
    paper.db.execute("CREATE TRIGGER trouble BEFORE INSERT ON article_urls BEGIN SELECT raise(ABORT, 'trouble'); END")
    with pytest.raises(StoreError, match="trouble"):
        paper.write(prepared(stories.article()))
    assert [paper.db.table(t).count for t in ("articles", "revisions", "captures", "fields")] == [0, 0, 0, 0]
    assert paper.waiting() == [HOME]
    fulltext.check(paper.db)


def test_dates_do_not_get_lost_with_an_edit(paper: Newspaper) -> None:
    paper.write(prepared(stories.article()))
    result = paper.write(prepared(stories.article(title="Harbour open", published_at=None)))
    assert result.article_id
    (row,) = paper.db.query("SELECT published_at, published_precision, published_offset, tags FROM articles")
    assert (row["published_at"], row["published_precision"], row["published_offset"]) == (
        "2026-07-04T12:00:00Z",
        "minute",
        "+02:00",
    )
    assert json.loads(row["tags"]) == ["harbour", "ferries"]


def test_a_long_history_is_one_article(paper: Newspaper) -> None:
    for number in range(1, 12):
        crawl = crawls.start(paper.db, paper.source_id, later(days=number))
        page = prepared(stories.article(body=f"{HARBOUR}\n\nUpdate {number}: still closed."))
        ingest(paper.db, page, source_id=paper.source_id, crawl_id=crawl, at=later(days=number))
    assert articles.find(paper.db, HOME) == 1
    article = paper.stored(ArticleId(1))
    assert (article.revisions, article.change) == (11, Change.FIGURES)
    assert paper.db.table("articles").count == 1
    assert sources.overview(paper.db)[0]["articles"] == 1
