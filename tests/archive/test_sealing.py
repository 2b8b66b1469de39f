"""Whatever is stored, cleaned or taken over from a killed run is in one manifest, once, and the chain goes on."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive import cleaning, sealing
from archive.capturing import open_warc
from archive.ingest import ingest
from archive.manifest import GENESIS, Entry, Manifest, read
from archive.models import AddressKind, ArticleId, CrawlId, SourceId
from archive.sealing import known_end, seal
from archive.store import Database, articles, seals
from archive.warc import reading
from archive.warc.writing import Author, WarcWriter
from tests.archive import stories
from tests.archive.stories import BUDGET, HARBOUR, NOON, later, prepared, url
from tests.archive.test_cleaning import Site

AUTHOR = Author(key="courier/1", lines={"software": "newsarchive"})


@pytest.fixture
def warc(db: Database, tmp_path: Path) -> Iterator[WarcWriter]:
    writer, _ = open_warc(db, tmp_path / "news.warc")
    yield writer
    writer.close()


@pytest.fixture
def stored(db: Database) -> Database:
    source_id, crawl_id = stories.source_and_crawl(db)
    for page in (stories.article(), stories.article(url("2026/budget"), title="Budget passed", body=BUDGET)):
        ingest(db, prepared(page), source_id=source_id, crawl_id=crawl_id, at=NOON)
    return db


def manifests(db: Database, directory: Path | None) -> list[Manifest]:
    blocks = [
        row.block if row.place is None else reading.read(directory or Path(), row.place).payload
        for row in seals.manifests(db)
    ]
    return [read(block or b"") for block in blocks]


def keys(entries: tuple[Entry, ...]) -> set[tuple[str, tuple[int, ...], str]]:
    return {(entry.table, entry.key, entry.why) for entry in entries}


def test_a_manifest_has_every_row_once(stored: Database, warc: WarcWriter) -> None:
    assert seal(stored, warc, AUTHOR, at=NOON, crawl_id=None) == 6
    assert seal(stored, warc, AUTHOR, at=NOON) > 0, "the manifest's own record is sealed by the next one"
    first, second = manifests(stored, warc.directory)
    assert keys(first.entries) == {
        *(("captures", (number,), "made") for number in (1, 2)),
        *(("articles", (number,), "made") for number in (1, 2)),
        *(("revisions", (number, 1), "made") for number in (1, 2)),
    }
    assert first.faults == second.faults == ()
    assert first.header is not None
    assert second.header is not None
    assert (first.header.previous, second.header.previous) == (GENESIS, first.digest)
    assert seals.head(stored) == (2, second.digest)


def test_nothing_of_an_article_stands_in_a_manifest(stored: Database, warc: WarcWriter) -> None:
    seal(stored, warc, AUTHOR, at=NOON)
    record = reading.read(warc.directory, next(iter(seals.manifests(stored))).place or pytest.fail("no place"))
    assert record.sound
    assert record.fields["warc-type"] == "resource"
    for word in (b"Harbour", b"Lindqvist", b"Ann Lee", b"ferries"):
        assert word not in record.payload


def test_a_segment_is_the_bytes_of_the_file(stored: Database, warc: WarcWriter) -> None:
    seal(stored, warc, AUTHOR, at=NOON)
    seal(stored, warc, AUTHOR, at=NOON)
    (path,) = warc.directory.iterdir()
    (segment,) = seals.segments(stored, path.name)
    assert segment.sha256 == hashlib.sha256(path.read_bytes()[segment.begins : segment.ends]).hexdigest()
    assert known_end(stored, path.name) == path.stat().st_size


def test_manifests_are_no_tail_of_a_killed_process(stored: Database, warc: WarcWriter) -> None:
    seal(stored, warc, AUTHOR, at=NOON)
    again, recoveries = open_warc(stored, warc.directory)
    again.close()
    assert recoveries == []


def test_without_warc_files_the_table_has_the_manifest(stored: Database) -> None:
    seal(stored, None, AUTHOR, at=NOON)
    (manifest,) = manifests(stored, None)
    assert manifest.faults == ()
    assert len(manifest.entries) == 6


def test_much_is_sealed_in_several_manifests(stored: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "LINES_MAX", 4)
    assert seal(stored, None, AUTHOR, at=NOON, anew=True) == 6
    first, second = manifests(stored, None)
    assert [len(first.entries), len(second.entries)] == [4, 2]
    assert first.header is not None
    assert second.header is not None
    assert (first.header.anew, second.header.anew) == (True, False)


def test_what_is_undone_is_not_sealed(stored: Database) -> None:
    before = seals.count_pending(stored)
    stored.begin()
    stories.source_and_crawl(stored, "echo.example")
    seals.changing(stored, "articles", 1, why="revised")
    seals.made(stored, "captures", 99)
    stored.rollback()
    assert seals.count_pending(stored) == before


def sealed_keys(db: Database) -> set[tuple[str, tuple[int, ...], str]]:
    seal(db, None, AUTHOR, at=NOON)
    return keys(manifests(db, None)[-1].entries)


def test_a_revision_seals_the_article_again_and_says_what_it_was(stored: Database) -> None:
    seal(stored, None, AUTHOR, at=NOON)
    before = {entry.key: entry for entry in manifests(stored, None)[0].entries if entry.table == "articles"}
    page = prepared(stories.article(title="Harbour closed until summer", body=HARBOUR + "\n\nIt is deeper."))
    ingest(stored, page, source_id=SourceId(1), crawl_id=CrawlId(1), at=later(hours=1))
    assert sealed_keys(stored) == {
        ("captures", (3,), "made"),
        ("articles", (1,), "revised"),
        ("revisions", (1, 2), "made"),
    }
    (again,) = (entry for entry in manifests(stored, None)[-1].entries if entry.table == "articles")
    assert again.was == getattr(before[(1,)].now, "row", None)


def test_what_changes_nothing_seals_nothing(stored: Database) -> None:
    seal(stored, None, AUTHOR, at=NOON)
    page = prepared(stories.article())
    ingest(stored, page, source_id=SourceId(1), crawl_id=CrawlId(1), at=later(hours=1))
    assert sealed_keys(stored) == {("captures", (3,), "made")}


def test_a_further_address_and_a_time_of_modification_are_sealed(stored: Database) -> None:
    seal(stored, None, AUTHOR, at=NOON)
    articles.add_addresses(stored, ArticleId(1), [(AddressKind.AMP, url("amp/harbour"))], NOON)
    assert sealed_keys(stored) == {("articles", (1,), "further address")}
    page = stories.article(url("2026/budget"), title="Budget passed", body=BUDGET, modified_at=later(days=1))
    articles.keep_current(stored, ArticleId(2), page, later(days=1))
    assert sealed_keys(stored) == {("articles", (2,), "seen again")}
    articles.keep_current(stored, ArticleId(2), page, later(days=2))
    articles.seen(stored, ArticleId(2), later(days=3))
    assert seals.count_pending(stored) == 0


def test_cleaning_is_sealed_as_such(db: Database) -> None:
    site = Site(db)
    for number in range(20):
        site.write(number, views=number)
    seal(db, None, AUTHOR, at=NOON)
    assert cleaning.learn(db, site.source_id, NOON).cleaned
    assert {("revisions", (3, 1), "cleaned"), ("articles", (3,), "cleaned")} <= sealed_keys(db)
