"""A crawl that is stopped, in order or by force, loses nothing and is gone on with."""

import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from archive.errors import StoreError
from crawler.demo.newspaper import Newspaper
from tests.crawls.conftest import Archive
from tests.newsroom.wire import Diary, watched

NEWSPAPER = Newspaper(ways=frozenset({"sitemaps"}))


@pytest.fixture
def served() -> Iterator[tuple[str, Diary]]:
    with watched(NEWSPAPER) as site:
        yield site


def started(archive: Archive, base: str) -> subprocess.Popen[str]:
    """A crawl in the background, slow enough to be caught in the middle."""
    options = ("-s", "DOWNLOAD_DELAY=0.05", "-s", "AUTOTHROTTLE_ENABLED=0", "-s", "EXTRACTION_PROCESSES=1")
    command = [sys.executable, "-m", "archive", "--db", str(archive.path), "crawl", f"{base}/", *options]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=archive.environment()
    )


def wait_for_articles(archive: Archive, crawl: subprocess.Popen[str], number: int) -> None:
    """Until the archive holds so many articles; fails if the crawl ends before."""
    while crawl.poll() is None:
        with contextlib.suppress(StoreError):  # there is no archive yet
            if archive.sql("SELECT count(*) FROM articles")[0][0] >= number:
                return
        time.sleep(0.02)
    pytest.fail(f"the crawl ended before it had {number} articles: {crawl.communicate()}")


def assert_complete(archive: Archive) -> None:
    assert archive.sql("SELECT count(*) FROM articles") == [(len(NEWSPAPER.articles()),)]
    assert archive.sql("SELECT count(*) FROM urls WHERE state = 'waiting'") == [(0,)]
    assert archive.sql("SELECT count(*) FROM articles WHERE revisions > 1") == [(0,)]
    assert archive.sql("PRAGMA integrity_check") == [("ok",)]


@pytest.mark.parametrize("number", [1, 7, 20])
def test_a_killed_crawl_is_gone_on_with(archive: Archive, served: tuple[str, Diary], number: int) -> None:
    base, _ = served
    crawl = started(archive, base)
    wait_for_articles(archive, crawl, number)
    crawl.kill()
    crawl.communicate(timeout=60)  # ends when its workers have ended, too: they hold the other end
    kept = archive.sql("SELECT count(*) FROM articles")[0][0]
    assert number <= kept < len(NEWSPAPER.articles())
    archive.crawl(f"{base}/")
    assert_complete(archive)


def test_ctrl_c_ends_in_order(archive: Archive, served: tuple[str, Diary]) -> None:
    base, diary = served
    crawl = started(archive, base)
    wait_for_articles(archive, crawl, 5)
    crawl.send_signal(signal.SIGINT)
    out, err = crawl.communicate(timeout=60)
    assert crawl.returncode == 1
    assert "interrupted" in err
    assert "Traceback" not in err
    assert "the next crawl goes on there" in out
    assert archive.sql("SELECT outcome FROM crawls") == [("shutdown",)]
    archive.crawl(f"{base}/")
    assert_complete(archive)
    pages = [visit.target for visit in diary.visits if visit.path in {r.path for r in NEWSPAPER.articles()}]
    assert len(pages) == len(set(pages)), "a page that was stored is not fetched again"
