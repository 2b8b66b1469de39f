"""What is as it was is found right; what somebody changed, took away or added is named."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from archive import cleaning
from archive.integrity import Scope, Verified
from archive.models import SourceId
from archive.store import open_archive, seals
from tests.archive.integrity.shelves import STORIES, Shelf
from tests.archive.stories import HARBOUR, NOON
from tests.archive.test_cleaning import LETTER, own

EDITS = [
    *(("captures", "id = 2", name) for name in seals.COVERED["captures"].columns if name not in ("id", "revisit_of")),
    *(("articles", "id = 2", name) for name in seals.COVERED["articles"].columns if name not in ("id", "addresses")),
    *(
        ("revisions", "article_id = 2", name)
        for name in seals.COVERED["revisions"].columns
        if name not in ("article_id", "number", "fields", "removals", "change")
    ),
    *(("segments", "id = 1", name) for name in ("warc_file", "ends", "sha256")),
]
OTHER = {
    "authors": "'[\"Nobody\"]'",
    "tags": "'[]'",
    "addresses": "'[]'",
    "blocks": "'[\"p\"]'",
    "published_precision": "'day'",
    "is_free": "0",
    "silent": "1",
    "revisit_of": "1",
    "source_id": "7",
    "url": "'https://other.example/'",
}


def test_an_archive_as_it_was_stored_is_right(shelf: Shelf) -> None:
    assert shelf.verify() == []
    assert shelf.verify(quick=True) == []
    assert shelf.verify(since=NOON) == []
    assert shelf.verify(since=NOON + timedelta(days=9)) == []


def test_several_crawls_with_revisions_and_copies_are_right(shelf: Shelf) -> None:
    title, body = STORIES["2026/harbour"]
    shelf.crawl({"2026/harbour": (title, body + "\n\nIt is deeper than that.")})
    shelf.crawl(STORIES)
    shelf.crawl({"2026/copy": STORIES["2026/budget"], "2026/new": ("New quay", "A quay of stone is built.")})
    assert shelf.verify() == []
    with closing(open_archive(shelf.path)) as db:
        assert seals.head(db)[0] == 4


def value(table: str, name: str) -> str:
    if name in OTHER:
        return OTHER[name]
    number = name in ("status", "warc_offset", "warc_length", "word_count", "revisions", "ends", "capture_id")
    return f"coalesce({name}, 0) + 1" if number else f"coalesce({name}, '') || '0'"


@pytest.mark.parametrize(("table", "where", "name"), EDITS, ids=[f"{table}-{name}" for table, _, name in EDITS])
def test_an_edited_row_is_named_with_its_column(shelf: Shelf, table: str, where: str, name: str) -> None:
    shelf.edit(f"UPDATE {table} SET {name} = {value(table, name)} WHERE {where}")
    key = {"captures": "2", "articles": "2", "revisions": "2/1", "segments": "1"}[table]
    assert f"{table} {key}, {name}: is not what manifest 1 has" in shelf.wrong(quick=True)


@pytest.mark.parametrize(
    ("edit", "where"),
    [
        ("UPDATE fields SET value = 'Nobody' WHERE article_id = 2", "revisions 2/1, fields"),
        ("DELETE FROM fields WHERE article_id = 2 AND chosen", "revisions 2/1, fields"),
        ("UPDATE article_urls SET kind = 'amp' WHERE article_id = 3", "articles 3, addresses"),
        ("DELETE FROM article_urls WHERE article_id = 3", "articles 3, addresses"),
        ("INSERT INTO removals VALUES (1, 1, 0, 'x', 'p', 'y')", "revisions 1/1, removals"),
        ("DELETE FROM captures WHERE id = 2", "captures 2"),
        ("DELETE FROM revisions WHERE article_id = 1", "revisions 1/1"),
        ("DELETE FROM articles WHERE id = 1", "articles 1"),
        ("INSERT INTO captures (url, fetched_at, status) VALUES ('x', '2026-07-04T12:00:00Z', 200)", "captures 4"),
        ("UPDATE manifests SET lines = 3", "manifests 1"),
        ("UPDATE manifests SET made_at = '2026-07-05T12:00:00Z'", "manifests 1"),
        ("UPDATE manifests SET digest = 'ab'", "manifests 1"),
        ("DELETE FROM segments", "segments 1"),
    ],
)
def test_what_is_changed_around_a_row_is_named(shelf: Shelf, edit: str, where: str) -> None:
    shelf.edit(edit)
    assert any(found.startswith(where) for found in shelf.wrong(quick=True)), shelf.wrong(quick=True)


def test_an_edited_text_is_named_in_every_way(shelf: Shelf) -> None:
    shelf.edit("UPDATE revisions SET text = replace(text, 'Divers', 'Nobody') WHERE article_id = 1")
    found = shelf.wrong()
    assert "revisions 1/1, text: is not what manifest 1 has" in found
    assert "revisions 1/1, content_hash: is not that of its text" in found
    assert "articles 1: has other words in the full text index" in found
    assert "articles 1: has other words in the full text index" in shelf.wrong(since=NOON)


def test_an_index_that_lacks_an_article_or_keeps_one_is_named(shelf: Shelf) -> None:
    shelf.edit("DELETE FROM articles_fts_docsize WHERE id = 2")
    assert "articles 2: is not in the full text index" in shelf.wrong(quick=True)
    shelf.edit("DELETE FROM revisions WHERE article_id = 3", "DELETE FROM articles WHERE id = 3")
    assert "articles_fts 3: is of an article that is not there" in shelf.wrong(quick=True)


def test_a_chain_without_a_link_is_named(shelf: Shelf) -> None:
    shelf.crawl({"2026/new": ("New quay", "A quay of stone is built.")})
    shelf.crawl({"2026/old": ("Old quay", "A quay of wood is lost.")})
    shelf.edit("DELETE FROM manifests WHERE number = 2")
    found = shelf.wrong()
    assert "manifests 3: follows on manifest 1: what is between is gone" in found
    assert any(where.startswith("captures 4: is in no manifest") for where in found)


def test_a_chain_that_was_cut_off_at_its_end_lacks_the_anchor(shelf: Shelf) -> None:
    with closing(open_archive(shelf.path)) as db:
        first = seals.head(db)[1]
    shelf.crawl({"2026/new": ("New quay", "A quay of stone is built.")})
    with closing(open_archive(shelf.path)) as db:
        second = seals.head(db)[1]
    assert shelf.wrong(anchor=first) == shelf.wrong(anchor=second) == []
    shelf.edit("DELETE FROM manifests WHERE number = 2")
    assert f"manifests: {second} is not in the chain" in shelf.wrong(anchor=second)
    assert not any("not in the chain" in found for found in shelf.wrong(anchor=first))


def test_an_edit_is_not_hidden_by_what_newsarchive_changes_later(shelf: Shelf) -> None:
    shelf.edit("UPDATE articles SET description = 'forged' WHERE id = 1")
    _, body = STORIES["2026/harbour"]
    shelf.crawl({"2026/harbour": ("Harbour closed until summer", body + "\n\nIt is deeper.")}, sealed=False)
    said = "articles 1: was not what manifest 1 says when newsarchive changed it (revised"
    assert any(found.startswith(said) for found in shelf.wrong(quick=True))
    shelf.crawl({})
    assert any(found.startswith(said) for found in shelf.wrong(quick=True))


def test_what_newsarchive_itself_changes_is_no_tampering(shelf: Shelf) -> None:
    pages = {f"2026/{n}": (f"Something {chr(97 + n)} was seen", "\n\n".join([*own(n), LETTER])) for n in range(20)}
    shelf.crawl(pages)
    with closing(open_archive(shelf.path)) as db:
        assert cleaning.learn(db, SourceId(1), NOON).cleaned
    assert shelf.wrong() == []
    shelf.crawl({})
    assert shelf.verify() == []


def test_rows_that_a_killed_crawl_left_are_no_finding(shelf: Shelf) -> None:
    shelf.crawl({"2026/new": ("New quay", "A quay of stone is built.")}, sealed=False)
    (note,) = shelf.verify()
    assert note.is_note
    assert note.what == "3 rows wait for the next manifest"
    shelf.crawl({})
    assert shelf.verify() == []


def test_what_a_crawl_writes_meanwhile_is_left_out(shelf: Shelf) -> None:
    with closing(open_archive(shelf.path, readonly=True)) as db:
        scope = Scope(db=db, directory=shelf.directory)
        told: list[str] = []

        def tell(what: str, _done: int, _total: int) -> None:
            if what not in told:
                told.append(what)
                shelf.crawl({f"2026/{what}": (f"Of {what}", f"This is about {what} and nothing else.")})

        verified = Verified(scope=replace(scope, progress=tell))
        assert [found for found in verified.findings() if not found.is_note] == []
        assert verified.manifest == 1
    assert set(told) >= {"manifests", "rows", "full text", "WARC files"}
    assert shelf.verify() == []


def test_a_damaged_database_is_described_and_not_refused(shelf: Shelf) -> None:
    shelf.edit("UPDATE articles SET title = CAST(x'ff41' AS TEXT) WHERE id = 1")
    assert "articles 1, title: is not what manifest 1 has" in shelf.wrong(quick=True)
    with closing(sqlite3.connect(shelf.path)) as plain:
        plain.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (root,) = plain.execute("SELECT rootpage FROM sqlite_master WHERE name = 'revisions'").fetchone()
        (size,) = plain.execute("PRAGMA page_size").fetchone()
    data = bytearray(shelf.path.read_bytes())
    data[(root - 1) * size : (root - 1) * size + 200] = b"\x55" * 200
    shelf.path.write_bytes(data)
    assert any("malformed" in found or "damaged" in found for found in shelf.wrong())


def test_an_archive_without_warc_files_is_verified_as_far_as_it_goes(shelf: Shelf) -> None:
    assert HARBOUR in STORIES["2026/harbour"][1]
    shelf.edit("UPDATE captures SET warc_file = NULL")
    assert any(found.startswith("captures 1, warc_file") for found in shelf.wrong(quick=True))
