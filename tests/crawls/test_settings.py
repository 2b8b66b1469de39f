"""What the operator has set of a source, as its server sees it."""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from archive.config import load
from archive.store import open_archive, sources
from crawler.demo.serving import Reply
from tests.crawls.conftest import FAST, Archive
from tests.newsroom import server
from tests.newsroom.wire import Diary, watched

COOKIES = "session=harbour-secret-17; reader=4"


class MovedFeed(server.SmallSite):
    """One of its feeds has moved to another host, and one of its pages gives a time without a zone."""

    moved = ""

    def answer(self, path: str) -> Reply:
        """A redirect, a page of a clock of its own, and for the rest a good site."""
        if path == list(self.good)[1]:
            return server.as_html(server.article("By the clock of the town hall", "2026-11-09T11:40:00"))
        return server.to(self.moved) if path == "/moved.xml" else super().answer(path)


class Syndicate(server.SmallSite):
    """Serves the feed of another site."""

    def __init__(self, of: server.SmallSite) -> None:
        """`of` is the other site."""
        super().__init__()
        self.of = of

    def answer(self, path: str) -> Reply:
        """The feed, and no robots.txt."""
        if path.endswith(".xml"):
            return Reply(headers={"Content-Type": "application/rss+xml"}, body=self.of.feed())
        return server.as_html("", status=404)


@dataclass(frozen=True)
class Crawled:
    archive: Archive
    site: server.SmallSite
    base: str
    home: Diary
    elsewhere: Diary


def follow(archive: Archive, base: str, lines: str) -> None:
    """Bring the archive in line with a file of this one source."""
    file = archive.path.with_name("newsarchive.toml")
    file.write_text(f'[[source]]\nurl = "{base}/"\nname = "small"\n{lines}')
    db = open_archive(archive.path)
    sources.bring_in_line(db, load(file))
    db.close()


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    archive = Archive(tmp_path_factory.mktemp("settings") / "news.db")
    ours = archive.environment()
    archive.environment = lambda: {**ours, "SMALL_COOKIES": COOKIES}  # type: ignore[method-assign]  # of this one
    site = MovedFeed()
    with watched(site) as (base, home), watched(Syndicate(site), "127.0.0.2") as (other, elsewhere):
        site.base, site.moved = base, f"{other}/new.xml"
        first = next(iter(site.good))
        follow(
            archive,
            base,
            f"""
            feeds = ["{base}/moved.xml", "{other}/feed.xml"]
            sitemaps = []
            exclude = ["{first.rpartition("/news/")[2]}$"]
            headers = {{ Accept-Language = "sv", X-Desk = "7" }}
            cookies_env = "SMALL_COOKIES"
            timezone = "Europe/Stockholm"
            """,
        )
        archive.crawl("small")
        yield Crawled(archive, site, base, home, elsewhere)


def test_feeds_that_are_named_take_the_place_of_those_that_are_found(crawled: Crawled) -> None:
    paths = {visit.path for visit in crawled.home.visits}
    assert paths == {"/robots.txt", "/", "/moved.xml", *list(crawled.site.good)[1:]}
    assert {visit.path for visit in crawled.elsewhere.visits} == {"/robots.txt", "/feed.xml", "/new.xml"}
    assert crawled.archive.sql("SELECT count(*) FROM articles") == [(2,)]


def test_what_is_excluded_is_recorded_with_the_reason(crawled: Crawled) -> None:
    first = next(iter(crawled.site.good))
    rows = crawled.archive.sql("SELECT state, reason FROM urls WHERE url = ?", crawled.base + first)
    assert rows == [("refused", "excluded by the source's settings")]


def test_the_operators_fields_go_to_the_sources_own_host_alone(crawled: Crawled) -> None:
    sent = [(v.headers["accept-language"], v.headers["x-desk"], v.headers["cookie"]) for v in crawled.home.visits]
    assert set(sent) == {("sv", "7", COOKIES)}
    for visit in crawled.elsewhere.visits:
        assert visit.headers["accept-language"] == "en"
        assert {"x-desk", "cookie"}.isdisjoint(visit.headers)


def test_no_cookie_gets_into_the_archive(crawled: Crawled) -> None:
    kept = [crawled.archive.path.read_bytes()]
    kept += [gzip.decompress(path.read_bytes()) for path in crawled.archive.path.with_suffix(".warc").glob("*.gz")]
    assert any(b"X-Desk: 7" in data for data in kept)
    assert not any(b"harbour-secret" in data for data in kept)


def test_a_time_without_zone_is_by_the_clock_that_is_set_also_when_it_is_read_again(crawled: Crawled) -> None:
    query = "SELECT published_at, published_offset FROM articles WHERE title LIKE 'By the clock%'"
    assert crawled.archive.sql(query) == [("2026-11-09T10:40:00Z", "+01:00")]
    follow(crawled.archive, crawled.base, 'timezone = "Asia/Tokyo"')
    crawled.archive.run("reextract", "--all", "--apply")
    assert crawled.archive.sql(query) == [("2026-11-09T02:40:00Z", "+09:00")]


def test_what_is_excluded_later_is_not_asked_for_and_comes_when_it_is_wanted_again(archive: Archive) -> None:
    site = server.SmallSite()
    first, second, third = site.good
    with watched(site) as (base, diary):
        follow(archive, base, "")
        archive.crawl("small", "--limit", "1")
        (waiting,) = archive.sql("SELECT url FROM urls WHERE state = 'waiting' ORDER BY url LIMIT 1")[0]
        follow(archive, base, f'exclude = ["{waiting}"]')
        (row,) = archive.crawl("small", "--json").rows()
        counts = row["counts"]
        assert counts["refused: excluded by the source's settings"] == 1
        assert counts["found"] + counts["waiting_before"] == 2
        assert sum(diary.count(path) for path in (first, second, third)) == 2
        assert {kind for (kind,) in archive.sql("SELECT kind FROM endpoints")} >= {"feed", "sitemap"}
        follow(archive, base, 'include = ["/news/"]\nsitemaps = []')
        archive.crawl("small")
        # what is not asked any more must not be due for ever
        assert archive.sql("SELECT count(*) FROM endpoints WHERE kind = 'sitemap'") == [(0,)]
        assert archive.sql("SELECT count(*) FROM endpoints WHERE kind = 'feed'") == [(1,)]
        assert {diary.count(path) for path in (first, second, third)} == {1}
    assert archive.sql("SELECT count(*) FROM articles") == [(3,)]


def test_who_names_an_address_gets_it_whatever_is_excluded(archive: Archive) -> None:
    site = server.SmallSite()
    with watched(site) as (base, _):
        follow(archive, base, 'exclude = ["."]')
        archive.crawl(base + next(iter(site.good)))
    assert archive.sql("SELECT count(*) FROM articles") == [(1,)]


def test_the_sources_own_delay_is_kept(archive: Archive) -> None:
    settings = {name: value for name, value in FAST.items() if name != "DOWNLOAD_DELAY"}
    options = [word for name, value in settings.items() for word in ("-s", f"{name}={value}")]
    with watched(server.SmallSite()) as (base, diary):
        follow(archive, base, "delay = 1.3\nfeeds = []\nsitemaps = []\n")
        archive.run("crawl", "small", "--limit", "1", *options, "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=1")
    asked = [visit.at for visit in diary.visits]
    assert len(asked) == 3
    assert min(later - earlier for earlier, later in pairwise(asked)) > 1.2


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ('cookies_env = "NO_SUCH_COOKIES"', "small: cookies_env: the environment has no NO_SUCH_COOKIES"),
        ('cookies_env = "TWO_LINES"', "small: cookies_env: what is in TWO_LINES cannot be sent"),
    ],
)
def test_cookies_that_are_not_there(archive: Archive, lines: str, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWO_LINES", "a=secret\nb=2")
    follow(archive, "http://127.0.0.1:9", lines)
    run = archive.crawl("small", code=2)
    assert says in run.err
    assert "secret" not in run.err
    assert archive.sql("SELECT count(*) FROM crawls") == [(0,)]


def test_a_setting_that_was_written_by_hand_is_told(archive: Archive, tmp_path: Path) -> None:
    db = open_archive(archive.path)
    sources.add(db, url="http://127.0.0.1:9/", name="small", settings={"exclude": "("})
    db.close()
    assert "small: the source's setting exclude" in archive.crawl("small", code=2).err
