import sqlite3
from pathlib import Path
from typing import Any

import pytest

from archive.errors import StoreError
from archive.ingest import ingest
from archive.spelling import indexed
from archive.store import Database, fulltext, indexing, sources
from archive.store.filters import Filters
from tests.archive import stories
from tests.archive.stories import BUDGET, HARBOUR, prepared, url


def write(db: Database, **content: Any) -> int:
    """The same address and a new content: a new article, or a revision of it."""
    found = sources.find(db, "courier")
    source_id, crawl_id = (found.id, None) if found else stories.source_and_crawl(db)
    crawl_id = crawl_id or db.execute("SELECT max(id) FROM crawls").fetchone()[0]
    address = url(content.pop("path", "a"))
    page = prepared(stories.article(address, **content))
    result = ingest(db, page, source_id=source_id, crawl_id=crawl_id, at=stories.NOON)
    assert result.article_id
    return result.article_id


def matches(db: Database, expression: str) -> list[int]:
    return [row[0] for row in db.execute("SELECT rowid FROM articles_fts(?) ORDER BY rowid", [expression])]


def words_of(connection: sqlite3.Connection, table: str) -> list[tuple[object, ...]]:
    """Every word of an index with the place where it stands."""
    connection.execute(f"CREATE VIRTUAL TABLE temp.words_{table} USING fts5vocab (main, {table}, instance)")
    found = connection.execute(f"SELECT term, doc, col, offset FROM words_{table}").fetchall()
    connection.execute(f"DROP TABLE words_{table}")
    return sorted(found)


def assert_index_is_right(db: Database) -> None:
    """Holds the index to one made from scratch, word by word: FTS5 cannot compare it with the raw text itself."""
    fulltext.check(db)
    fresh = sqlite3.connect(":memory:")
    fresh.execute(
        f'CREATE VIRTUAL TABLE fresh USING fts5 (title, subtitle, authors, text, tokenize = "{indexing.TOKENIZER}")'
    )
    rows = db.execute("SELECT rowid, title, subtitle, authors, text FROM articles_text").fetchall()
    for rowid, *texts in rows:
        values = [rowid, *(text and indexed(text) for text in texts)]
        fresh.execute("INSERT INTO fresh (rowid, title, subtitle, authors, text) VALUES (?, ?, ?, ?, ?)", values)
    assert words_of(db.conn, "articles_fts") == words_of(fresh, "fresh")
    fresh.close()


def test_the_index_follows_the_newest_revision(db: Database) -> None:
    first = write(db, subtitle="Quay in peril")
    second = write(db, path="b", title="Budget passed", body=BUDGET)
    assert matches(db, "ferries") == [first]
    assert matches(db, "title : budget") == [second]
    assert matches(db, "authors : ann AND subtitle : peril") == [first]
    assert write(db, title="Ferries rerouted", body=BUDGET.replace("trams", "渡船")) == first
    assert matches(db, "divers") == []
    assert matches(db, "title : ferries") == [first]
    assert matches(db, "trams") == [second]
    assert_index_is_right(db)


def test_the_index_follows_updates_and_deletions_of_revisions(db: Database) -> None:
    first = write(db, body=f"{HARBOUR} 港口关闭")
    write(db, body=f"{HARBOUR} 港口开放")
    write(db, path="b", title="Budget", body=BUDGET)
    db.execute("UPDATE revisions SET text = ?, authors = '[\"Zoë\"]' WHERE number = 2", ["Nothing of 日本 is left"])
    assert matches(db, '"日 本"') == matches(db, "zoe") == [first]
    assert matches(db, "lee AND divers") == []
    assert_index_is_right(db)
    db.execute("UPDATE revisions SET text = 'old news' WHERE number = 1 AND article_id = ?", [first])
    assert matches(db, "old") == []
    assert_index_is_right(db)
    db.execute("DELETE FROM revisions WHERE number = 2")
    assert matches(db, '"日 本"') == []
    assert matches(db, '"old news"') == [first]
    assert_index_is_right(db)
    write(db, path="b", title="Budget refused", body=BUDGET)
    db.execute("DELETE FROM articles")
    assert matches(db, "budget OR news") == []
    assert words_of(db.conn, "articles_fts") == []
    fulltext.check(db)


def test_a_revision_keeps_its_article_and_number(db: Database) -> None:
    write(db)
    with pytest.raises(sqlite3.IntegrityError, match="keeps its article"):
        db.execute("UPDATE revisions SET number = 7")


def test_a_transaction_that_is_undone_leaves_no_trace_in_the_index(db: Database) -> None:
    write(db)
    db.begin()
    db.execute("UPDATE revisions SET text = 'gone tomorrow'")
    db.rollback()
    assert matches(db, "ferries") == [1]
    assert_index_is_right(db)


def test_of_too_many_matches_the_newest_are_compared(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    best = write(db, path="a", title="Ferries, ferries", body="The first of the ferries has sailed.", language="sv")
    second = write(db, path="b", title="Ferries and buses", body="They will be cheaper next year.")
    third = write(db, path="c", title="No way to the island", body="Two ferries are under repair.")

    def found(limit: int = 2, **narrowed: str) -> list[int]:
        return [hit.article_id for hit in fulltext.search(db, "ferries", Filters(**narrowed), limit=limit)]  # type: ignore[arg-type]

    assert found() == [best, second]
    monkeypatch.setattr(fulltext, "RANKED", 2)
    assert found() == [second, third]
    assert found(3) == [best, second, third], "who asks for more gets more"
    assert found(language="sv") == [best], "what is left out is not counted"


@pytest.mark.parametrize("query", ['"ferries"', '"the" "ferries"', '"ferries have"', '"ferr" *'])
def test_the_newest_come_first_where_ranking_would_take_too_long(
    db: Database, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    first = write(db, path="a", title="Ferries, ferries", body="The ferries have sailed: ferries, ferries.")
    second = write(db, path="b", title="No way to the island", body="Two of the ferries have sunk, all others wait.")
    assert [hit.article_id for hit in fulltext.search(db, query)] == [first, second]
    monkeypatch.setattr(fulltext, "VISITED", 1)
    hits = fulltext.search(db, query)
    assert [hit.article_id for hit in hits] == [second, first]
    assert [hit.rank for hit in hits] == [0, 0]
    assert [hit.article_id for hit in fulltext.search(db, query, limit=1)] == [second]


def test_words_that_few_have_are_ranked_however_many_articles_there_are(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        write(db, path=str(number), title=f"Report {number}", body=f"The {number} boats came back. {BUDGET}")
    best = write(db, path="a", title="Ferries", body="The ferries have sailed.")
    write(db, path="b", title="Buses", body="The buses wait for two ferries.")
    monkeypatch.setattr(fulltext, "VISITED", 3)
    assert fulltext.search(db, '"ferries"')[0].article_id == best
    assert fulltext.search(db, '"ferries"')[0].rank < 0
    assert fulltext.search(db, '"the"')[0].rank == 0


@pytest.mark.parametrize("passing", [0, 0.5, 1], ids=["looked at as they match", "within bounds", "listed before"])
@pytest.mark.parametrize("visited", [0, 1_000_000], ids=["the newest first", "ranked"])
@pytest.mark.parametrize(
    ("narrowed", "found"),
    [
        ({"language": "sv"}, [1, 3]),
        ({"language": "fi"}, []),
        ({"source": "courier", "language": "en"}, [2]),
        ({"since": stories.later(days=1)}, [2, 3]),
        ({"since": stories.later(days=1), "until": stories.later(days=2)}, [2]),
        ({"until": stories.later(days=1), "language": "sv", "source": "courier"}, [1]),
        ({"source": "herald"}, []),
    ],
)
def test_filters_are_the_same_whichever_way_is_the_shorter(
    db: Database,
    monkeypatch: pytest.MonkeyPatch,
    passing: float,
    visited: int,
    narrowed: dict[str, Any],
    found: list[int],
) -> None:
    for day, language in enumerate(("sv", "en", "sv")):
        at = stories.later(days=day)
        write(db, path=str(day), title=f"Ferries {day}", body=f"Ferries {day}", language=language, published_at=at)
    sources.add(db, url="https://herald.example/")
    monkeypatch.setattr(fulltext, "PASSING", passing)
    monkeypatch.setattr(fulltext, "VISITED", visited)
    assert sorted(hit.article_id for hit in fulltext.search(db, '"ferries"', Filters(**narrowed))) == found


def test_rebuilding_gives_the_same_index(db: Database) -> None:
    write(db, body=f"{HARBOUR} 日本政府")
    write(db, path="b", title="Budget", body=BUDGET)
    before = words_of(db.conn, "articles_fts")
    fulltext.rebuild(db)
    assert words_of(db.conn, "articles_fts") == before
    assert_index_is_right(db)


def test_an_index_that_lacks_an_article_is_noticed(db: Database) -> None:
    write(db)
    db.execute("INSERT INTO articles_fts (articles_fts) VALUES ('delete-all')")
    with pytest.raises(StoreError, match="lacks 1 articles"):
        fulltext.check(db)
    fulltext.rebuild(db)
    fulltext.check(db)


def test_a_client_without_our_function_may_read_but_not_write(db: Database, archive_path: Path) -> None:
    write(db, body=f"{HARBOUR} 日本政府")
    plain = sqlite3.connect(archive_path)
    assert plain.execute("SELECT rowid FROM articles_fts('\"日 本\"')").fetchall() == [(1,)]
    sql = "SELECT highlight(articles_fts, 3, '[', ']') FROM articles_fts('divers')"
    assert "[Divers] found cracks" in plain.execute(sql).fetchone()[0]
    with pytest.raises(sqlite3.OperationalError, match="segmented"):
        plain.execute("UPDATE revisions SET text = 'x'")
    plain.close()
