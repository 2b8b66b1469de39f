import multiprocessing
import os
import signal
import sqlite3
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.errors import (
    ArchiveBusyError,
    ArchiveReadOnlyError,
    NewerArchiveError,
    NotAnArchiveError,
    StoreError,
)
from archive.ingest import ingest
from archive.models import CrawlId, SourceId
from archive.store import Database, connection, fulltext, open_archive, schema, sources, transaction
from tests.archive import stories

NOBODY = 65534


def test_an_archive_is_made_where_there_is_none(archive_path: Path) -> None:
    db = open_archive(archive_path)
    assert db.journal_mode == "wal"
    assert db.execute("PRAGMA foreign_keys").fetchone() == (1,)
    assert db.execute("PRAGMA busy_timeout").fetchone() == (60_000,)
    assert {"sources", "articles", "revisions"} <= set(db.table_names())
    db.close()


def test_opening_again_keeps_what_is_there(archive_path: Path) -> None:
    for _ in range(2):
        db = open_archive(archive_path)
        db.close()
    db = open_archive(archive_path)
    source = sources.add(db, url="https://courier.example/")
    db.close()
    again = open_archive(archive_path, readonly=True)
    assert sources.every(again) == [source]
    again.close()


@pytest.mark.parametrize("name", ["a b?c#d%20.db", "Zeitung-ä.db"])
def test_a_file_may_have_any_name(tmp_path: Path, name: str) -> None:
    open_archive(tmp_path / name).close()
    assert (tmp_path / name).is_file()


def test_reading_what_is_not_there(archive_path: Path) -> None:
    with pytest.raises(NotAnArchiveError, match="no archive at"):
        open_archive(archive_path, readonly=True)
    assert not archive_path.exists()


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="does not exist"):
        open_archive(tmp_path / "nowhere" / "news.db")


def test_a_folder_is_no_archive(tmp_path: Path) -> None:
    with pytest.raises(NotAnArchiveError, match="is a folder"):
        open_archive(tmp_path)


@pytest.mark.parametrize("readonly", [True, False])
def test_a_file_that_is_no_database_is_left_alone(archive_path: Path, readonly: bool) -> None:
    archive_path.write_bytes(b"These are my memoirs, not a database. " * 100)
    before = archive_path.read_bytes()
    with pytest.raises(NotAnArchiveError, match="is not a database"):
        open_archive(archive_path, readonly=readonly)
    assert archive_path.read_bytes() == before


@pytest.mark.parametrize("readonly", [True, False])
def test_a_database_of_something_else_is_left_alone(archive_path: Path, readonly: bool) -> None:
    with sqlite3.connect(archive_path) as other:
        other.execute("CREATE TABLE recipes (name TEXT)")
    other.close()
    before = archive_path.read_bytes()
    with pytest.raises(NotAnArchiveError, match="something else"):
        open_archive(archive_path, readonly=readonly)
    assert archive_path.read_bytes() == before


@pytest.mark.parametrize("readonly", [True, False])
def test_a_newer_archive_is_refused(archive_path: Path, readonly: bool) -> None:
    db = open_archive(archive_path)
    db.table(schema.MIGRATIONS_TABLE).insert(
        {"migration_set": schema.MIGRATION_SET, "name": "m999_tomorrow", "applied_at": "2099-01-01"}
    )
    db.close()
    with pytest.raises(NewerArchiveError, match=r"m999_tomorrow.*upgrade newsarchive"):
        open_archive(archive_path, readonly=readonly)


@pytest.fixture
def tomorrow() -> Iterator[None]:
    """A version of newsarchive with one more migration than this one."""

    @schema.migrations(name="m999_tomorrow")
    def _tomorrow(db: Database) -> None:
        db.execute("ALTER TABLE sources ADD COLUMN colour TEXT")

    yield
    schema.migrations._migrations.pop()


def test_an_older_archive_is_migrated_when_opened_for_writing(
    archive_path: Path, request: pytest.FixtureRequest
) -> None:
    open_archive(archive_path).close()
    request.getfixturevalue("tomorrow")
    db = open_archive(archive_path)
    assert "colour" in db.table("sources").columns_dict
    db.close()


def test_an_older_archive_may_be_read_as_it_is(archive_path: Path, request: pytest.FixtureRequest) -> None:
    open_archive(archive_path).close()
    request.getfixturevalue("tomorrow")
    db = open_archive(archive_path, readonly=True)
    assert sources.every(db) == []
    assert "colour" not in db.table("sources").columns_dict
    db.close()


def test_an_archive_too_old_to_be_read_says_what_to_do(
    archive_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_archive(archive_path).close()
    request.getfixturevalue("tomorrow")
    monkeypatch.setattr(schema, "READABLE_FROM", "m999_tomorrow")
    with pytest.raises(NotAnArchiveError, match="run a command that writes"):
        open_archive(archive_path, readonly=True)


def test_a_migration_that_fails_changes_nothing(archive_path: Path) -> None:
    open_archive(archive_path).close()

    @schema.migrations(name="m998_broken")
    def _broken(db: Database) -> None:
        db.execute("ALTER TABLE sources ADD COLUMN colour TEXT")
        db.execute("ALTER TABLE nothing ADD COLUMN colour TEXT")

    with pytest.raises(StoreError, match="nothing"):
        open_archive(archive_path)
    schema.migrations._migrations.pop()
    db = open_archive(archive_path)
    assert "colour" not in db.table("sources").columns_dict
    db.close()


def test_nothing_is_written_through_a_reader(db: Database, archive_path: Path) -> None:
    reader = open_archive(archive_path, readonly=True)
    with pytest.raises(ArchiveReadOnlyError, match=r"news\.db or its folder may not be written"):
        sources.add(reader, url="https://courier.example/")
    reader.close()


@pytest.fixture
def shelf() -> Iterator[Path]:
    """A folder that others may enter; pytest's own may be entered by its user alone."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)
        Path(folder).chmod(0o755)


@pytest.fixture
def unprivileged() -> Iterator[None]:
    """Nobody's rights: to the superuser everything may be written."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    yield
    os.seteuid(0)


def test_an_archive_on_a_read_only_shelf_can_be_read_but_not_written(
    shelf: Path, request: pytest.FixtureRequest
) -> None:
    path = shelf / "news.db"
    db = open_archive(path)
    sources.add(db, url="https://courier.example/")
    db.close()
    path.chmod(stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH)
    shelf.chmod(0o555)
    request.getfixturevalue("unprivileged")
    reader = open_archive(path, readonly=True)
    assert [source.name for source in sources.every(reader)] == ["courier"]
    reader.close()
    with pytest.raises(ArchiveReadOnlyError):
        open_archive(path)
    with pytest.raises(ArchiveReadOnlyError):
        open_archive(shelf / "new.db")


def test_a_locked_archive_says_so(db: Database, archive_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "BUSY_TIMEOUT_S", 0.05)
    with transaction(db), pytest.raises(ArchiveBusyError, match="by another process"):
        open_archive(archive_path)


def test_readers_go_on_while_somebody_writes(db: Database, archive_path: Path) -> None:
    with transaction(db):
        sources.add(db, url="https://courier.example/")
        reader = open_archive(archive_path, readonly=True)
        assert sources.every(reader) == []
    assert len(sources.every(reader)) == 1
    reader.close()


def test_a_writer_waits_for_another_instead_of_failing(db: Database, archive_path: Path) -> None:
    # Each reads before it writes: with deferred transactions SQLite would refuse one of them at once.
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        pool.starmap(_add_sources, [(archive_path, "a"), (archive_path, "b")])
    assert len(sources.every(db)) == 40


def _add_sources(path: Path, prefix: str) -> None:
    with open_archive(path) as db:
        for number in range(20):
            sources.add(db, url=f"https://{prefix}{number}.example/")


def test_two_processes_may_make_one_archive_at_once(archive_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        pool.starmap(_add_sources, [(archive_path, "a"), (archive_path, "b")])
    db = open_archive(archive_path)
    assert len(sources.every(db)) == 40
    db.close()


class Interrupted(Exception):  # noqa: N818 - a story, no error of ours
    pass


def _add_two_and_stop(db: Database) -> None:
    with transaction(db):
        sources.add(db, url="https://a.example/")
        with transaction(db):
            sources.add(db, url="https://b.example/")
        raise Interrupted


def test_a_transaction_is_all_or_nothing_also_with_one_inside(db: Database) -> None:
    with pytest.raises(Interrupted):
        _add_two_and_stop(db)
    assert sources.every(db) == []
    assert not db.conn.in_transaction


def test_a_damaged_archive_says_what_to_do(archive_path: Path) -> None:
    open_archive(archive_path).close()
    content = bytearray(archive_path.read_bytes())
    content[4096:8192] = b"\xff" * 4096
    archive_path.write_bytes(bytes(content))
    with pytest.raises(StoreError, match=r"damaged.*restore it"):
        _add_sources(archive_path, "a")


def test_a_mistake_of_ours_stays_one(db: Database) -> None:
    db.close()
    with pytest.raises(sqlite3.ProgrammingError):
        sources.every(db)


def test_what_the_schema_forbids_is_a_store_error(db: Database) -> None:
    source = sources.add(db, url="https://a.example/")
    with pytest.raises(StoreError, match="SQLITE_CONSTRAINT_CHECK"):
        sources.update(db, source.id, every_seconds=0)


@pytest.mark.parametrize("what", ["deleted", "moved", "replaced"])
def test_a_file_that_is_no_longer_there_is_not_written(tmp_path: Path, what: str) -> None:
    path = tmp_path / "news.db"
    db = open_archive(path)
    sources.add(db, url="https://one.example/")
    path.rename(tmp_path / "elsewhere.db")
    if what == "deleted":
        (tmp_path / "elsewhere.db").unlink()
    elif what == "replaced":
        path.write_bytes(b"")
    with pytest.raises(StoreError, match="deleted, moved or replaced"):
        sources.add(db, url="https://two.example/")
    db.close()


def _store(db: Database, source_id: SourceId, crawl_id: CrawlId, count: int) -> list[str]:
    """Stores so many articles; their addresses."""
    addresses = [stories.url(str(number)) for number in range(count)]
    for number, address in enumerate(addresses):
        page = stories.prepared(stories.article(address, title=f"Report {number}", body=f"Ferry {number} has sunk."))
        ingest(db, page, source_id=source_id, crawl_id=crawl_id, at=stories.NOON)
    return [*addresses]


def _stored(path: Path) -> list[str]:
    """The articles of an archive that was opened after an accident, all of them whole and to be found."""
    db = open_archive(path)
    assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    fulltext.check(db)
    urls = [url for (url,) in db.execute("SELECT url FROM articles ORDER BY id").fetchall()]
    for table in ("revisions", "captures"):
        assert db.execute(f"SELECT count(*) FROM {table}").fetchone() == (len(urls),)
    assert db.execute("SELECT count(*) FROM urls WHERE state = 'fetched'").fetchone() == (len(urls),)
    db.close()
    return urls


def test_a_power_cut_may_take_the_last_articles_and_never_a_part_of_one(archive_path: Path, tmp_path: Path) -> None:
    # What was not handed to the disk is missing, as it is after a power cut: the end of the log.
    db = open_archive(archive_path)
    source_id, crawl_id = stories.source_and_crawl(db)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    addresses = _store(db, source_id, crawl_id, 6)
    content, log = archive_path.read_bytes(), archive_path.with_name("news.db-wal").read_bytes()
    left = []
    for cut in range(0, len(log) + 1, len(log) // 16):
        after = tmp_path / f"{cut}.db"
        after.write_bytes(content)
        after.with_name(f"{cut}.db-wal").write_bytes(log[:cut])
        stored = _stored(after)
        assert stored == addresses[: len(stored)]
        left.append(len(stored))
    assert left == sorted(left)
    assert (left[0], left[-1]) == (0, 6)
    db.close()


def _store_and_be_killed(path: Path, stored: int) -> None:
    db = open_archive(path)
    source_id, crawl_id = stories.source_and_crawl(db)
    _store(db, source_id, crawl_id, stored)
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_killed_process_loses_nothing_that_it_reported(archive_path: Path) -> None:
    process = multiprocessing.get_context("spawn").Process(target=_store_and_be_killed, args=(archive_path, 3))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    assert len(_stored(archive_path)) == 3
