"""A crawl that is stopped, in order or by force, loses nothing and is gone on with."""

import contextlib
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping

import pytest

from archive.errors import StoreError
from crawler.demo.newspaper import Newspaper, Reply
from tests.crawls.conftest import Archive
from tests.newsroom import server
from tests.newsroom.wire import watched

NEWSPAPER = Newspaper(ways=frozenset({"sitemaps"}))


PATHS = frozenset(record.path for record in NEWSPAPER.articles())


class Gate:
    """The newspaper, but only so many of its articles are served before it is opened: a crawl is caught half-way."""

    def __init__(self, articles: int) -> None:
        self.opened, self.left = threading.Event(), articles

    def reply(self, path: str, query: str, headers: Mapping[str, str]) -> Reply:
        if path in PATHS:
            self.left -= 1
            if self.left < 0:
                self.opened.wait()
        return NEWSPAPER.reply(path, query, headers)


def started(archive: Archive, base: str, *more: str) -> subprocess.Popen[str]:
    """A crawl in the background."""
    settings = ("DOWNLOAD_DELAY=0", "AUTOTHROTTLE_ENABLED=0", "EXTRACTION_PROCESSES=1", "CONCURRENT_REQUESTS=2", *more)
    options = [word for setting in settings for word in ("-s", setting)]
    # coverage of a process that is killed is half a file
    environment = {key: value for key, value in archive.environment().items() if not key.startswith("COVERAGE")}
    command = [sys.executable, "-m", "archive", "--db", str(archive.path), "crawl", f"{base}/", *options]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)


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
def test_a_killed_crawl_is_gone_on_with(archive: Archive, number: int) -> None:
    gate = Gate(number + 3)
    with watched(gate) as (base, _):
        crawl = started(archive, base)
        wait_for_articles(archive, crawl, number)
        crawl.kill()
        crawl.communicate(timeout=60)  # ends when its workers have ended, too: they hold the other end
        gate.opened.set()
        kept = archive.sql("SELECT count(*) FROM articles")[0][0]
        assert number <= kept < len(NEWSPAPER.articles())
        archive.crawl(f"{base}/")
    assert_complete(archive)


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_in_order(archive: Archive, signum: signal.Signals) -> None:
    gate = Gate(8)
    with watched(gate) as (base, diary):
        crawl = started(archive, base)
        wait_for_articles(archive, crawl, 5)
        crawl.send_signal(signum)
        time.sleep(1)  # what is under way may end only when the crawl knows that it is to stop
        gate.opened.set()
        out, err = crawl.communicate(timeout=60)
        assert crawl.returncode == 1
        assert "interrupted" in err
        assert "Traceback" not in err
        assert "the next crawl goes on there" in out
        assert archive.sql("SELECT outcome FROM crawls") == [("shutdown",)]
        archive.crawl(f"{base}/")
    assert_complete(archive)
    pages = [visit.target for visit in diary.visits if visit.path in PATHS]
    assert len(pages) == len(set(pages)), "a page that was stored is not fetched again"


def test_ctrl_c_twice_ends_at_once(archive: Archive) -> None:
    gate = Gate(8)
    with watched(gate) as (base, _):
        crawl = started(archive, base)
        wait_for_articles(archive, crawl, 5)
        crawl.send_signal(signal.SIGINT)
        time.sleep(1)
        crawl.send_signal(signal.SIGINT)
        _, err = crawl.communicate(timeout=60)
        gate.opened.set()
        assert crawl.returncode == 1
        assert "Ctrl-C once more" in err
        assert "interrupted" in err
        assert "Traceback" not in err
        assert archive.sql("SELECT outcome FROM crawls") == [("killed",)]
        archive.crawl(f"{base}/")
    assert_complete(archive)


def test_an_archive_that_is_deleted_meanwhile_ends_the_crawl(archive: Archive) -> None:
    gate = Gate(8)
    with watched(gate) as (base, _):
        crawl = started(archive, base)
        wait_for_articles(archive, crawl, 5)
        archive.path.unlink()
        gate.opened.set()
        out, err = crawl.communicate(timeout=60)
    assert crawl.returncode == 1
    assert out == ""
    assert "was deleted, moved or replaced" in err
    assert len(err.splitlines()) == 1, err
    assert not archive.path.exists()


def test_what_is_not_on_its_way_is_not_waited_for(archive: Archive) -> None:
    with watched(NEWSPAPER) as (base, diary):
        archive.run("sources", "add", base, "--no-probe")
        # at this pace the requests that are lined up for the host would take more than a quarter of an hour
        crawl = started(archive, base, "DOWNLOAD_DELAY=60", "CONCURRENT_REQUESTS=16")
        while not diary.count("/robots.txt") and crawl.poll() is None:
            time.sleep(0.02)
        time.sleep(1)
        crawl.terminate()
        _, err = crawl.communicate(timeout=60)
    assert crawl.returncode == 1
    assert "interrupted" in err
    assert [visit.path for visit in diary.visits] == ["/robots.txt"]
    # `killed` would say that it was waited for until the time for that was over
    assert archive.sql("SELECT outcome FROM crawls") == [("shutdown",)]
    assert archive.sql("SELECT count(*) FROM endpoints WHERE failures") == [(0,)]


def test_a_host_that_wishes_to_be_left_alone_is_not_waited_for_at_the_end(archive: Archive) -> None:
    site = server.Busy(retry_after="100", times=99)
    with watched(site) as (base, _):
        crawl = started(archive, base)
        while not site.answered_at and crawl.poll() is None:
            time.sleep(0.02)
        crawl.terminate()
        _, err = crawl.communicate(timeout=60)
    assert "interrupted" in err
    assert archive.sql("SELECT outcome FROM crawls") == [("shutdown",)]
    assert archive.sql("SELECT url FROM urls WHERE state <> 'waiting' AND article_id IS NULL") == []
