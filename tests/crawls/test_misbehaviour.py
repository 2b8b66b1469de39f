"""Sites at which something is wrong: the good is stored, the bad address gets a right reason, and no traceback."""

import socket
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

import pytest

from archive.lock import crawl_lock
from archive.models import Reason
from archive.store import open_archive
from crawler.demo.serving import Reply, Site
from tests.crawls.conftest import Archive
from tests.newsroom import garbled, server
from tests.newsroom.wire import watched

SITES: list[server.SmallSite] = [
    server.EmptyPages(),
    server.ErrorPageWith200(),
    server.GzipBomb(),
    server.Truncated(),
    server.ConnectionReset(),
    server.BrokenChunks(),
    server.NoHttp(),
    server.RedirectLoop(),
    server.RedirectAway("http://elsewhere.invalid/"),
    server.EndlessCalendar(),
    garbled.WrongCharsets(),
    garbled.HostileCharacters(),
    garbled.MalformedFeed(),
    garbled.MalformedSitemap(),
    garbled.MalformedJsonLd(),
    garbled.HostileLinks(),
]


@pytest.mark.parametrize("site", SITES, ids=lambda site: type(site).__name__)
def test_the_good_is_kept_and_the_bad_has_its_reason(archive: Archive, site: server.SmallSite) -> None:
    with watched(site) as (base, _):
        archive.crawl(f"{base}/", settings={"DOWNLOAD_TIMEOUT": "5"})
        stored = {url.removeprefix(base) for (url,) in archive.sql("SELECT url FROM article_urls")}
        reasons = {url.removeprefix(base): reason for url, reason in archive.sql("SELECT url, reason FROM urls")}
    assert set(site.good) <= stored
    for path, right in site.bad.items():
        if right:
            assert path not in stored
            assert reasons.get(path) in right, (path, reasons.get(path))
        else:
            assert path in stored


class CircleOfOne(server.OneBadPage):
    """Redirects to itself, with a cookie."""

    bad: ClassVar[Mapping[str, frozenset[Reason]]] = {server.BAD: frozenset({Reason.REDIRECT_LOOP})}

    def answer_bad(self) -> Reply:
        """The same address once more."""
        return Reply(status=302, headers={"Location": server.BAD, "Set-Cookie": "seen=1"})


class LongRedirect(server.OneBadPage):
    """Redirects to an address that nobody could store."""

    bad: ClassVar[Mapping[str, frozenset[Reason]]] = {server.BAD: frozenset({Reason.TOO_LONG})}

    def answer_bad(self) -> Reply:
        """A redirect."""
        return server.to(f"/news/{'long-' * 600}/")


@pytest.mark.parametrize("site", [CircleOfOne(), LongRedirect()], ids=lambda site: type(site).__name__)
def test_a_redirect_that_leads_nowhere_is_asked_for_once(archive: Archive, site: server.SmallSite) -> None:
    with watched(site) as (base, diary):
        archive.crawl(f"{base}/")
        assert diary.count(server.BAD) == 1
        rows = archive.sql("SELECT reason FROM urls WHERE url = ?", base + server.BAD)
    assert {reason for (reason,) in rows} == site.bad[server.BAD]
    assert archive.sql("SELECT count(*) FROM articles") == [(3,)]


def fails(archive: Archive, site: Site, *, words: str) -> None:
    with watched(site) as (base, _):
        run = archive.crawl(f"{base}/", code=1)
    assert words in run.err, run
    assert archive.sql("SELECT count(*) FROM articles") == [(0,)]


def test_robots_that_forbid_everything(archive: Archive) -> None:
    fails(archive, server.RobotsForbidsAll(), words="forbidden by robots.txt")


def test_robots_that_break_forbid_everything(archive: Archive) -> None:
    fails(archive, server.RobotsBroken(), words="robots.txt could not be had")


def test_a_site_without_articles(archive: Archive) -> None:
    fails(archive, server.NoArticles(), words="no articles found")


def test_a_site_that_is_not_html(archive: Archive) -> None:
    fails(archive, server.NothingIsHtml(), words="not HTML")


def test_an_unknown_host(archive: Archive) -> None:
    run = archive.crawl("http://no-such-host.invalid/", code=1)
    assert "host not found" in run.err
    assert archive.sql("SELECT name FROM sources") == [], "a typing error became a source"


def test_a_refused_connection(archive: Archive) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        run = archive.crawl(f"http://127.0.0.1:{taken.getsockname()[1]}/", code=1)
    assert "connection failed" in run.err


def test_one_good_and_one_bad_source_exit_with_3(archive: Archive) -> None:
    with watched(server.SmallSite()) as (base, _):
        run = archive.crawl(f"{base}/", "http://no-such-host.invalid/", code=3)
    assert "3 new" in run.out
    assert "host not found" in run.err


class RobotsOutage(server.SmallSite):
    """Its robots.txt cannot be had until it is mended."""

    broken = False

    def answer(self, path: str) -> Reply:
        """As ever, but for robots.txt."""
        return Reply(status=503) if self.broken and path == "/robots.txt" else super().answer(path)


def test_an_outage_of_robots_txt_loses_nothing(archive: Archive) -> None:
    site = RobotsOutage()
    with watched(site) as (base, _):
        archive.crawl(f"{base}/", "--limit", "1")
        site.broken = True
        assert "robots.txt could not be had" in archive.crawl(f"{base}/", code=1).err
        assert archive.sql("SELECT count(*) FROM urls WHERE state = 'waiting'") == [(2,)]
        site.broken = False
        archive.crawl(f"{base}/")
    assert archive.sql("SELECT count(*) FROM articles") == [(3,)]


class Outage(server.SmallSite):
    """Its articles answer 503, some behind a redirect, until it is mended."""

    broken = True

    def answer(self, path: str) -> Reply:
        """As ever, but for articles."""
        if path == server.BAD:
            return server.to(next(iter(self.good)))
        return Reply(status=503) if self.broken and path in self.good else super().answer(path)

    def paths(self) -> list[str]:
        """The redirect first."""
        return [server.BAD, *self.good]


def test_server_errors_are_tried_again_once_each(archive: Archive) -> None:
    site = Outage()
    with watched(site) as (base, _):
        run = archive.crawl(f"{base}/", code=1)
        assert "server error" in run.err
        assert {state for (state,) in archive.sql("SELECT state FROM urls")} == {"failed"}
        assert {tries for (tries,) in archive.sql("SELECT tries FROM urls")} == {1}
        site.broken = False
        with_db = open_archive(archive.path)
        with_db.execute("UPDATE urls SET next_fetch_at = '2026-01-01T00:00:00Z'")
        with_db.conn.commit()
        with_db.close()
        archive.crawl(f"{base}/")
    assert archive.sql("SELECT count(*) FROM articles") == [(3,)]


@pytest.mark.parametrize("table", ["urls", "captures", "endpoints"])
def test_an_archive_that_cannot_be_written_ends_the_crawl_with_one_line(archive: Archive, table: str) -> None:
    db = open_archive(archive.path)
    db.execute(f"CREATE TRIGGER no BEFORE INSERT ON {table} BEGIN SELECT raise(ABORT, 'no more'); END")
    db.close()
    with watched(server.SmallSite()) as (base, _):
        run = archive.crawl(f"{base}/", code=1)
    assert "no more" in run.err
    assert len(run.err.splitlines()) == 1, run.err


def test_a_long_retry_after_ends_the_crawl(archive: Archive) -> None:
    site = server.Busy(status=503, retry_after="3600", times=99)
    with watched(site) as (base, _):
        archive.crawl(
            f"{base}/", settings={"CONCURRENT_REQUESTS_PER_DOMAIN": "1", "CONCURRENT_REQUESTS": "1"}, code=None
        )
        assert {s for (s,) in archive.sql("SELECT state FROM urls")} >= {"waiting"}


def test_a_feed_as_the_target(archive: Archive) -> None:
    with watched(server.SmallSite()) as (base, _):
        archive.crawl(f"{base}/feed.xml")
    assert archive.sql("SELECT count(*) FROM articles") == [(3,)]


def test_retry_after_is_waited_for(archive: Archive) -> None:
    site = server.Busy(status=503, retry_after="1", times=1)
    with watched(site) as (base, diary):
        archive.crawl(f"{base}/")
        asked = [visit.at for visit in diary.visits if visit.path == server.BAD]
    assert len(asked) == 2
    assert asked[1] - asked[0] >= 1.0


def test_a_redirect_does_not_reach_into_the_own_network(archive: Archive) -> None:
    with watched(server.SmallSite()) as (inner, secret), watched(server.RedirectToPrivate(f"{inner}/")) as (base, _):
        archive.crawl(f"{base}/")
    assert secret.visits == []


@pytest.mark.parametrize("content", [b"not a database, but long enough to be read as one " * 50, b""])
def test_a_file_that_is_no_archive(archive: Archive, content: bytes) -> None:
    archive.path.write_bytes(content)
    run = archive.run("search", "anything", code=1)
    assert str(archive.path) in run.err
    assert archive.path.read_bytes() == content


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    run = Archive(tmp_path / "none" / "news.db").crawl("http://127.0.0.1:9/", code=1)
    assert "none" in run.err


def test_two_crawls_at_once(archive: Archive) -> None:
    with crawl_lock(archive.path):
        run = archive.crawl("http://127.0.0.1:9/", code=4)
    assert "another crawl" in run.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("crawl", "no-such-source"),
        ("show", "1"),
        ("search", "x", "--since", "yesterday-ish"),
        ("crawl", "http://127.0.0.1:9/", "-s", "DOWNLOAD_DELAY"),
        ("crawl", "http://127.0.0.1:9/", "-s", "DOWNLOAD_DELAY=soon"),
        ("crawl",),
    ],
)
def test_a_users_mistake_is_one_clear_line(archive: Archive, arguments: tuple[str, ...]) -> None:
    run = archive.run(*arguments, code=None)
    assert run.code in (1, 2)
    assert run.err.startswith("newsarchive: ")
    assert len(run.err.splitlines()) == 1
