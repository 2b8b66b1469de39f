"""A dry run says what a crawl would do, and does nothing of it."""

from urllib.parse import urlsplit

import pytest

from crawler.demo.newspaper import Newspaper
from tests.crawls.conftest import FAST, Archive, Run
from tests.crawls.passing import later
from tests.crawls.test_again import FickleRobots
from tests.newsroom import server
from tests.newsroom.living import Living
from tests.newsroom.server import as_html, page
from tests.newsroom.wire import watched


def dry(archive: Archive, *arguments: str, code: int = 0) -> Run:
    return archive.crawl(*arguments, "--dry-run", "--json", code=code)


def paths(run: Run, fetch: str = "yes") -> list[str]:
    return [urlsplit(row["url"]).path for row in run.rows() if row["fetch"] == fetch]


@pytest.mark.parametrize("limit", ["0", "2"])
def test_a_dry_run_keeps_to_the_limit(archive: Archive, limit: str) -> None:
    with watched(server.SmallSite()) as (base, _):
        run = dry(archive, f"{base}/", "--limit", limit)
    assert len(paths(run)) == int(limit)
    assert [row["reason"] for row in run.rows() if row["fetch"] == "no"] == ["beyond --limit"] * (3 - int(limit))
    assert not archive.path.exists()


def test_a_dry_run_keeps_to_the_order_of_the_crawl(archive: Archive) -> None:
    newspaper = Newspaper(ways=frozenset({"feeds"}))
    with watched(newspaper) as (base, diary):
        would = paths(dry(archive, f"{base}/", "--limit", "5"))
        archive.crawl(f"{base}/", "--limit", "5", settings={"CONCURRENT_REQUESTS": "1"})
        fetched = [visit.path for visit in diary.visits if visit.path in would]
    assert len(would) == 5
    assert fetched == would


def test_a_dry_run_of_a_known_article_says_that_it_would_be_fetched(archive: Archive) -> None:
    site = server.SmallSite()
    path = next(iter(site.good))
    with watched(site) as (base, diary):
        first = dry(archive, base + path)
        assert [(row["fetch"], row["reason"]) for row in first.rows()] == [("yes", "asked for")]
        archive.crawl(f"{base}/")
        before = archive.sql("SELECT * FROM urls ORDER BY url")
        assert paths(dry(archive, base + path)) == [path]
        assert diary.count(path) == 1
        assert paths(dry(archive, f"{base}/")) == []
    assert archive.sql("SELECT * FROM urls ORDER BY url") == before
    assert archive.sql("SELECT count(*) FROM crawls") == [(1,)]


def test_a_dry_run_tells_what_waits_from_before(archive: Archive) -> None:
    site = server.SmallSite()
    with watched(site) as (base, _):
        archive.crawl(f"{base}/", "--limit", "1")
        waiting = {urlsplit(url).path for (url,) in archive.sql("SELECT url FROM urls WHERE state = 'waiting'")}
        assert set(paths(dry(archive, f"{base}/"))) == waiting
    assert len(waiting) == 2


def test_a_dry_run_tells_which_articles_it_would_look_at_again_and_why(archive: Archive) -> None:
    site = Living(12, is_late=True)
    with watched(site) as (base, diary):
        archive.crawl(f"{base}/")
        later(archive, hours=1)
        archive.crawl(f"{base}/")
        later(archive, hours=1)
        site.edit(3)
        removed = site.remove(5)
        missing = site.remove(7, as_html(page("404", "<h1>Not found</h1>"), status=404))
        archive.crawl(base + missing.path, code=1)
        later(archive, hours=1)
        diary.visits.clear()
        before = archive.sql("SELECT * FROM urls ORDER BY url")
        told = {urlsplit(row["url"]).path: row["reason"] for row in dry(archive, f"{base}/").rows()}
        assert set(told) == {site.pieces[3].path, removed.path, missing.path}
        assert told[site.pieces[3].path].startswith("said to be modified since: 2026-")
        assert told[removed.path] == "no longer in its list"
        assert told[missing.path] == "missing, and looked for again"
        assert not [visit for visit in diary.visits if visit.path.startswith("/news/")]
        later(archive, hours=5)
        due = [row["reason"] for row in dry(archive, f"{base}/").rows()]
        assert due.count("due for another look") == 11
    assert [row[0] for row in archive.sql("SELECT * FROM urls ORDER BY url")] == [row[0] for row in before]


def test_a_dry_run_keeps_to_robots_txt(archive: Archive) -> None:
    with watched(FickleRobots()) as (base, _):
        run = archive.crawl(f"{base}/", "--dry-run", "--json", code=None)
    assert [row["reason"] for row in run.rows()] == ["forbidden by robots.txt"] * 3


def test_a_dry_run_over_what_is_no_archive(archive: Archive) -> None:
    archive.path.write_bytes(b"something else " * 100)
    assert "not a database" in archive.run("crawl", "example.org", "--dry-run", code=1).err


def test_a_dry_run_of_what_cannot_be_had_fails(archive: Archive) -> None:
    options = [word for name, value in FAST.items() for word in ("-s", f"{name}={value}")]
    run = archive.run("crawl", "http://no-such-host.invalid/", "--dry-run", *options, code=1)
    assert "host not found" in run.err
