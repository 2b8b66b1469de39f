import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from archive.errors import NotAnArchiveError
from archive.ingest import ingest
from archive.search import search
from archive.store import Database, columns, fulltext, indexing, open_archive, schema, statistics
from tests.archive import stories

ROOT = Path(__file__).parents[2]


def test_the_documented_schema_is_the_one_that_migrations_make(db: Database) -> None:
    documented = (ROOT / "docs" / "schema.sql").read_text(encoding="utf-8")
    assert schema.dump(db) == documented, "run `python -m archive.store > docs/schema.sql`"


def test_the_command_that_documents_it() -> None:
    made = subprocess.run([sys.executable, "-m", "archive.store"], check=True, capture_output=True, cwd=ROOT).stdout
    assert made == (ROOT / "docs" / "schema.sql").read_bytes()


def test_migrations_are_numbered_in_their_order() -> None:
    names = schema.names()
    assert names == sorted(names)
    assert [name[:5] for name in names] == [f"m{number:03}_" for number in range(1, len(names) + 1)]
    assert schema.READABLE_FROM in names


def test_an_archive_of_the_first_schema_is_migrated(archive_path: Path) -> None:
    first = Database(archive_path)
    schema.migrations.apply(first, stop_before="m002_removals")
    first.close()
    with pytest.raises(NotAnArchiveError, match="older version"):
        open_archive(archive_path, readonly=True)
    db = open_archive(archive_path)
    assert schema.dump(db) == (ROOT / "docs" / "schema.sql").read_text(encoding="utf-8")
    db.close()


def test_the_full_text_of_an_older_archive_is_made_anew(
    archive_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = Database(archive_path)
    schema.migrations.apply(older, stop_before="m005_spelling")
    older.register_function(lambda column: column, name="segmented")
    older.execute("INSERT INTO sources (id, name, url, domain) VALUES (1, 'a', 'https://a.example/', 'a.example')")
    for number in range(1, 6):
        values = {
            "id": number,
            "url": f"https://a.example/{number}",
            "title": "Die Straße",
            "at": "2026-07-04T12:00:00Z",
        }
        older.execute(
            """
            INSERT INTO articles
                (id, url, source_id, title, word_count, content_hash, revisions, first_seen_at, last_seen_at)
            VALUES (:id, :url, 1, :title, 2, '', 1, :at, :at)
            """,
            values,
        )
        older.execute(
            """
            INSERT INTO revisions (article_id, number, seen_at, title, text, blocks, content_hash, extractor)
            VALUES (:id, 1, :at, :title, '日本のニュース', '["p"]', '', '')
            """,
            values,
        )
    older.close()
    monkeypatch.setattr(indexing, "REBUILT_AT_ONCE", 2)
    db = open_archive(archive_path)
    assert [hit.article_id for hit in search(db, "strasse 日本", limit=9)] == [5, 4, 3, 2, 1]
    fulltext.check(db)
    assert [record.getMessage() for record in caplog.records] == [
        "rebuilding the full text index: 0 of 5 articles",
        "rebuilding the full text index: 2 of 5 articles",
        "rebuilding the full text index: 4 of 5 articles",
    ]
    db.close()


def test_an_archive_that_lacks_but_indexes_is_read_as_it_is(archive_path: Path) -> None:
    open_archive(archive_path).close()
    older = Database(archive_path)
    older.execute("DROP INDEX articles_source_published")
    older.execute("DELETE FROM _sqlite_migrations WHERE name > ?", [schema.READABLE_FROM])
    older.close()
    db = open_archive(archive_path, readonly=True)
    assert statistics.of(db)["articles"] == 0
    db.close()


def test_tables_are_strict_and_references_are_kept(db: Database) -> None:
    tables = [name for name in db.table_names() if not name.startswith(("articles_fts", "_", "sqlite_"))]
    assert len(tables) == 27
    assert all(db.table(name).strict for name in tables)
    with pytest.raises(sqlite3.IntegrityError):
        db.execute("INSERT INTO crawls (source_id, started_at) VALUES (99, '2026-07-04T12:00:00Z')")


def test_every_reference_has_an_index(db: Database) -> None:
    for name in db.table_names():
        for key in db.table(name).foreign_keys:
            # A row's own table is searched when the row that it refers to is deleted.
            where = f"{key.column or key.columns[0]} = 1"
            plan = db.execute(f"EXPLAIN QUERY PLAN SELECT 1 FROM {name} WHERE {where}")
            details = [row[3] for row in plan.fetchall()]
            assert all("SEARCH" in detail for detail in details), (name, key, details)


def test_any_client_can_read_every_view(db: Database, archive_path: Path) -> None:
    source_id, crawl_id = stories.source_and_crawl(db)
    ingest(db, stories.prepared(stories.article()), source_id=source_id, crawl_id=crawl_id, at=stories.NOON)
    ingest(
        db,
        stories.prepared(stories.article(title="Harbour closed until summer")),
        source_id=source_id,
        crawl_id=crawl_id,
        at=stories.later(hours=1),
    )
    db.execute("UPDATE articles SET gone_at = '2026-07-05T00:00:00Z', gone_status = 410")
    db.execute("INSERT INTO clusters (id, first_article_id, size) VALUES (7, 1, 1)")
    db.execute("UPDATE articles SET cluster_id = 7")
    plain = sqlite3.connect(archive_path)
    plain.row_factory = sqlite3.Row

    def one(sql: str) -> dict[str, object]:
        (row,) = plain.execute(sql).fetchall()
        return dict(row)

    full = one("SELECT * FROM articles_full")
    assert list(full)[-2:] == ["source", "text"]
    assert (full["source"], full["title"], full["text"]) == ("courier", "Harbour closed until summer", stories.HARBOUR)
    assert one("SELECT * FROM gone")["gone_status"] == 410
    assert json.loads(str(one("SELECT * FROM stories")["sources"])) == ["courier"]
    assert one("SELECT * FROM edits")["title_before"] == "Harbour closed until spring"
    assert one("SELECT * FROM source_health")["articles"] == 1
    assert one("SELECT * FROM daily_counts")["day"] == "2026-07-04"
    assert plain.execute("SELECT * FROM latest").fetchall() == []
    assert one("SELECT snippet(articles_fts, 3, '[', ']', '', 3) AS s FROM articles_fts('ferries')")["s"]
    plain.close()


@pytest.mark.parametrize(
    "page",
    [
        "SELECT * FROM latest LIMIT 101",
        "SELECT * FROM articles_full ORDER BY published_at DESC LIMIT 101",
        "SELECT * FROM articles_full WHERE source = 'courier' ORDER BY published_at DESC LIMIT 101",
    ],
)
def test_what_is_newest_is_found_without_sorting(db: Database, page: str) -> None:
    plan = db.execute(f"EXPLAIN QUERY PLAN {page}").fetchall()
    assert not [row for row in plan if "TEMP B-TREE" in row[3]], plan


def test_times_are_text_that_sorts_as_they_do() -> None:
    assert columns.from_time(stories.NOON) == "2026-07-04T12:00:00Z"
    assert columns.to_time("2026-07-04T12:00:00Z") == stories.NOON
    assert columns.from_time(stories.NOON.replace(year=98)) == "0098-07-04T12:00:00Z"
    with pytest.raises(ValueError, match="without its zone"):
        columns.from_time(stories.NOON.replace(tzinfo=None))


def test_statistics_of_an_empty_archive_and_of_one_article(db: Database) -> None:
    assert statistics.of(db)["articles"] == 0
    source_id, crawl_id = stories.source_and_crawl(db)
    ingest(db, stories.prepared(stories.article()), source_id=source_id, crawl_id=crawl_id, at=stories.NOON)
    numbers = statistics.of(db)
    assert (numbers["articles"], numbers["revisions"], numbers["urls_fetched"]) == (1, 1, 1)
    assert [row["source"] for row in numbers["sources"]] == ["courier"]
    json.dumps(numbers)
