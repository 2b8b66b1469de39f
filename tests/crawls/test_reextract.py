"""`newsarchive reextract` over what a crawl has kept."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.capturing import warc_directory
from archive.lock import crawl_lock
from archive.store import open_archive
from crawler.demo.newspaper import Newspaper
from tests.crawls.conftest import Archive, Run
from tests.newsroom.wire import watched

NEWSPAPER = Newspaper()
ARTICLES = len(NEWSPAPER.articles())

OFFLINE = """
import socket, sys

def refuse(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"):
        address = arguments[1] if event in ("socket.connect", "socket.sendto") else arguments
        # the pool's processes speak to each other by sockets that have a path
        if not isinstance(address, (str, bytes)):
            print("a socket to", address, file=sys.stderr, flush=True)
            import os
            os._exit(99)

sys.addaudithook(refuse)
"""


@pytest.fixture(scope="module")
def newspaper(archive_in: Callable[[str], Archive]) -> Archive:
    """The newspaper, crawled once for all tests, none of which may write to it."""
    archive = archive_in("crawled")
    with watched(NEWSPAPER) as (base, _):
        archive.crawl(f"{base}/")
    return archive


@pytest.fixture
def crawled(newspaper: Archive, archive: Archive) -> Archive:
    """A copy of the newspaper's archive."""
    shutil.copyfile(newspaper.path, archive.path)
    shutil.copytree(warc_directory(newspaper.path), warc_directory(archive.path))
    return archive


def pretend_that_another_version_wrote(archive: Archive) -> None:
    """As if titles had been read with the newspaper's name, and texts with a line that is not theirs."""
    db = open_archive(archive.path)
    db.execute("UPDATE fields SET value = value || ' | Lantern' WHERE field = 'title' AND chosen")
    for table in ("articles", "revisions"):
        db.execute(f"UPDATE {table} SET title = title || ' | Lantern'")  # our own tables
    db.execute(
        """
        UPDATE revisions SET text = 'Skip to content' || char(10, 10) || text, blocks = '["p", ' || substr(blocks, 2),
            extractor = 'newsarchive 0'
        """
    )
    db.close()


def reextract(archive: Archive, *options: str, code: int = 0) -> Run:
    """Runs the command without a pool: to start one takes longer than so few pages."""
    return archive.run("reextract", "--processes", "0", *options, code=code)


def rows(archive: Archive) -> list[tuple[object, ...]]:
    """What readers see of the articles."""
    return archive.sql("SELECT id, title, text, content_hash, revisions, section FROM articles_full ORDER BY id") + (
        archive.sql("SELECT article_id, number, seen_at, change, text FROM revisions ORDER BY 1, 2")
    )


def test_the_version_that_wrote_it_all_finds_nothing_to_change(crawled: Archive) -> None:
    assert "nothing to read again" in reextract(crawled).err
    done = reextract(crawled, "--all", "--json")
    (told,) = done.rows()
    assert told["counts"]["same"] == ARTICLES
    assert set(told["counts"]) <= {"same", "no article"}
    assert "nothing was written" not in done.err


def test_a_change_is_told_then_written_then_undone(crawled: Archive) -> None:
    now = rows(crawled)
    pretend_that_another_version_wrote(crawled)
    before = rows(crawled)
    told = reextract(crawled)
    assert f"{ARTICLES} would change" in told.out
    assert "[-Skip to content ¶ -]" in told.out
    assert "nothing was written" in told.err
    assert rows(crawled) == before
    printed = reextract(crawled, "--json", "--examples", "1").rows()
    fields = {row["field"]: row for row in printed if "field" in row}
    assert {field: row["changed"] for field, row in fields.items()} == {"title": ARTICLES, "text": ARTICLES}
    assert len(fields["title"]["examples"]) == 1
    assert f"{ARTICLES} changed" in reextract(crawled, "--apply").out
    assert rows(crawled) == now
    assert crawled.run("search", "skip to content").out == ""
    assert "nothing to read again" in reextract(crawled).err
    (run,) = reextract(crawled, "--list", "--json").rows()
    assert (run["id"], run["counts"]["changed"], run["rolled_back_at"]) == (1, ARTICLES, None)
    assert "re-extraction 1 is undone" in reextract(crawled, "--rollback", "1").out
    assert rows(crawled) == before
    assert len(crawled.run("search", "skip content", "--limit", "99").out.splitlines()) == 2 * ARTICLES


def test_nothing_is_asked_of_the_network(crawled: Archive, tmp_path: Path) -> None:
    (tmp_path / "offline").mkdir()
    (tmp_path / "offline" / "sitecustomize.py").write_text(OFFLINE)
    environment = crawled.environment() | {"PYTHONPATH": str(tmp_path / "offline")}
    connect = "import socket; socket.create_connection(('127.0.0.1', 9), 1)"
    probe = subprocess.run([sys.executable, "-c", connect], env=environment, capture_output=True, check=False)
    assert probe.returncode == 99, "the hook would notice"
    command = [sys.executable, "-m", "archive", "--db", str(crawled.path), "reextract", "--all", "--processes", "2"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert f"{ARTICLES} same" in done.stdout
    assert "a socket" not in done.stderr


def test_what_was_not_kept_is_counted_and_named(archive: Archive) -> None:
    with watched(NEWSPAPER) as (base, _):
        archive.crawl(f"{base}/", settings={"WARC_ENABLED": "0"})
    done = reextract(archive, "--all", code=3)
    assert f"{ARTICLES} cannot be read again: their responses were not kept (--no-warc)" in done.out
    named = reextract(archive, "--all", "--json", code=3).rows()
    assert len([row for row in named if row.get("kind") == "not kept"]) == ARTICLES


def test_lost_files_are_told_and_stop_nothing(crawled: Archive) -> None:
    for path in warc_directory(crawled.path).iterdir():
        path.unlink()
    done = reextract(crawled, "--all", "--apply", code=3)
    assert "their records are missing or damaged" in done.out


def test_wrong_uses_are_told(crawled: Archive, archive_in: Callable[[str], Archive]) -> None:
    assert "do not go together" in reextract(crawled, "--apply", "--list", code=2).err
    assert "no source 'gazette'" in reextract(crawled, "--source", "gazette", code=1).err
    assert "no re-extraction to roll back" in reextract(crawled, "--rollback", code=2).err
    assert "There is no archive" in reextract(archive_in("nothing"), code=1).err
    with crawl_lock(crawled.path):
        assert reextract(crawled, "--apply", code=4).out == ""
        reextract(crawled)


def test_a_stopped_run_is_gone_on_with(crawled: Archive) -> None:
    pretend_that_another_version_wrote(crawled)
    command = [sys.executable, "-m", "archive", "--db", str(crawled.path), "reextract", "--apply", "--processes", "1"]
    running = subprocess.Popen(command, env=crawled.environment(), stderr=subprocess.PIPE, start_new_session=True)
    while not crawled.sql("SELECT count(*) FROM sqlite_master WHERE name = 'reextractions'")[0][0]:
        time.sleep(0.05)
    while running.poll() is None and not crawled.sql("SELECT count(*) FROM reextractions")[0][0]:
        time.sleep(0.02)
    os.killpg(running.pid, signal.SIGINT)
    running.communicate()
    assert running.returncode in (0, 130)
    reextract(crawled, "--apply")
    runs = reextract(crawled, "--list", "--json").rows()
    assert [bool(run["finished_at"]) for run in runs] == [True]
    assert crawled.sql("SELECT count(*) FROM revisions WHERE text LIKE 'Skip%'") == [(0,)]
