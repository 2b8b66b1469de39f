from collections.abc import Sequence
from dataclasses import replace

import pytest

from archive import cleaning, text
from archive.errors import StoreError
from archive.ingest import Ingested, Outcome, ingest
from archive.models import ArticleId, BlockKind
from archive.search import search
from archive.store import Database, articles, boilerplate, fulltext, sources
from tests.archive import stories
from tests.archive.stories import NOON, later, url

LETTER, LINK, COUNTER = "Tilaa uutiskirje postissa", "Read also", "Views"


def own(number: int) -> list[str]:
    return [f"{word} {chr(97 + number)}{chr(98 + number)} was seen by the quay, and nobody knew it." for word in "XYZ"]


class Site:
    """An archive with one source, whose articles share a counter, a letter and links to each other."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.source_id, self.crawl_id = stories.source_and_crawl(db)

    def title(self, number: int) -> str:
        return f"Something {chr(97 + number)} was seen by the quay"

    def write(
        self, number: int, *, views: int = 7, told: Sequence[str] = (), crawled: int = 1, furnished: bool = True
    ) -> Ingested:
        before = [f"{COUNTER} {views}"] if furnished else []
        after = [LETTER, f"{LINK} {self.title((number + 1) % 20)}"] if furnished else []
        article = stories.article(
            url(f"2026/{number}"),
            title=self.title(number),
            body=text.PARAGRAPH_BREAK.join([*before, *(told or own(number)), *after]),
        )
        return ingest(
            self.db,
            stories.prepared(article),
            source_id=self.source_id,
            crawl_id=self.crawl_id,
            at=later(hours=crawled),
            lines=boilerplate.known(self.db, self.source_id),
        )

    def article(self, number: int, revision: int | None = None) -> articles.StoredArticle:
        found = articles.find(self.db, url(f"2026/{number}"))
        assert found is not None
        return articles.get(self.db, found, revision=revision)

    def hash_of(self, line: str) -> str:
        rows = self.db.execute("SELECT line_hash FROM boilerplate WHERE line LIKE ?", [f"%{line}%"]).fetchall()
        return str(rows[0][0])

    def counts(self) -> dict[str, tuple[int, int]]:
        rows = self.db.execute("SELECT line, articles, removed FROM boilerplate").fetchall()
        return {line: (articles, removed) for line, articles, removed in rows}


@pytest.fixture
def site(db: Database) -> Site:
    """Twenty articles; the first was edited once before anything was learned."""
    site = Site(db)
    for number in range(20):
        site.write(number, views=number)
    site.write(0, told=[*own(0), "It was a buoy after all."], crawled=2)
    return site


def test_what_articles_share_is_taken_out_of_those_that_are_stored(site: Site) -> None:
    learned = cleaning.learn(site.db, site.source_id, NOON)
    assert len(learned.lines) == 3
    assert learned.cleaned == 20
    for number in range(1, 20):
        article = site.article(number)
        assert text.paragraphs(article.text) == own(number)
        assert article.blocks == (BlockKind.PARAGRAPH,) * 3
        assert article.content_hash == text.content_hash(article.text)
        assert article.word_count == text.word_count(article.text)
        assert article.revisions == 1
    assert text.paragraphs(site.article(0, 1).text) == own(0), "older revisions too: the publisher took nothing out"
    assert len(site.article(0).blocks) == 4
    fulltext.check(site.db)


def test_the_index_forgets_what_was_taken(site: Site) -> None:
    assert len(search(site.db, "uutiskirje", limit=50)) == 20
    cleaning.learn(site.db, site.source_id, NOON)
    assert search(site.db, "uutiskirje", limit=50) == []
    assert len(search(site.db, "quay", limit=50)) == 20


def test_lines_and_what_was_taken_are_counted(site: Site) -> None:
    cleaning.learn(site.db, site.source_id, NOON)
    assert set(site.counts().values()) == {(20, 21)}
    site.write(15, told=["Something else altogether, said the harbour master on Monday."], crawled=5)
    site.write(21, crawled=5)
    assert set(site.counts().values()) == {(21, 23)}


def test_a_second_look_finds_nothing_more(site: Site) -> None:
    cleaning.learn(site.db, site.source_id, NOON)
    assert cleaning.learn(site.db, site.source_id, NOON) == cleaning.Learned(lines=(), cleaned=0)


def test_a_page_is_compared_and_stored_without_known_lines(site: Site) -> None:
    cleaning.learn(site.db, site.source_id, NOON)
    assert site.write(4, views=999, crawled=9).outcome is Outcome.UNCHANGED
    assert site.write(5, furnished=False, crawled=9).outcome is Outcome.UNCHANGED
    assert site.write(22, crawled=9).outcome is Outcome.NEW
    assert text.paragraphs(site.article(22).text) == own(22)
    assert [row.line for row in boilerplate.taken_out(site.db, site.article(22).id)][:2] == ["Views 7", LETTER]


def test_an_article_too_old_to_be_cleaned_gets_no_revision_for_it(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cleaning, "NEWEST", 12)
    assert cleaning.learn(site.db, site.source_id, NOON).cleaned == 12
    assert LETTER in site.article(2).text
    assert site.write(2, views=999, crawled=9).outcome is Outcome.UNCHANGED
    edited = site.write(2, told=["Something else altogether, said the harbour master on Monday."], crawled=9)
    assert edited.outcome is Outcome.REVISED


def test_monstrous_articles_are_left_out(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cleaning, "TEXT_MAX", 100)
    assert cleaning.learn(site.db, site.source_id, NOON) == cleaning.Learned(lines=(), cleaned=0)


def test_undoing_puts_a_line_back_everywhere_and_for_good(site: Site) -> None:
    before = [articles.get(site.db, ArticleId(number)) for number in range(1, 21)]
    cleaning.learn(site.db, site.source_id, NOON)
    for line in (COUNTER, LETTER, LINK.lower()):
        assert cleaning.undo(site.db, site.source_id, site.hash_of(line)) == 20
    assert [articles.get(site.db, ArticleId(number)) for number in range(1, 21)] == before
    assert len(search(site.db, "uutiskirje", limit=50)) == 20
    assert cleaning.learn(site.db, site.source_id, NOON) == cleaning.Learned(lines=(), cleaned=0)
    assert site.db.execute("SELECT count(*) FROM removals").fetchone() == (0,)
    assert set(site.counts().values()) == {(0, 0)}
    site.write(23, crawled=9)
    assert LETTER in site.article(23).text


def test_one_line_comes_back_alone(site: Site) -> None:
    cleaning.learn(site.db, site.source_id, NOON)
    cleaning.undo(site.db, site.source_id, site.hash_of(LETTER))
    assert text.paragraphs(site.article(3).text) == [*own(3), LETTER]
    assert len(boilerplate.taken_out(site.db, site.article(3).id)) == 2


def test_a_line_that_becomes_a_headline_comes_back(site: Site) -> None:
    cleaning.learn(site.db, site.source_id, NOON)
    article = replace(stories.article(url("2026/letter")), title=LETTER)
    ingest(site.db, stories.prepared(article), source_id=site.source_id, crawl_id=site.crawl_id, at=later(days=1))
    cleaning.learn(site.db, site.source_id, NOON)
    assert LETTER in site.article(3).text
    assert COUNTER not in site.article(3).text


def test_nothing_is_learned_for_another_source(site: Site) -> None:
    other = sources.add(site.db, url="https://herald.example/")
    cleaning.learn(site.db, site.source_id, NOON)
    assert not boilerplate.known(site.db, other.id)
    with pytest.raises(StoreError, match="No line"):
        cleaning.undo(site.db, other.id, site.hash_of(LETTER))


def test_what_was_taken_goes_with_its_article(site: Site) -> None:
    cleaning.learn(site.db, site.source_id, NOON)
    sources.remove(site.db, site.source_id, with_articles=True)
    assert site.db.execute("SELECT (SELECT count(*) FROM removals), (SELECT count(*) FROM boilerplate)").fetchone() == (
        0,
        0,
    )
