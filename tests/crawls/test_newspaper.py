"""The demo newspaper, crawled whole: every article once, no trap taken for one, every address accounted for."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest

from crawler.demo.newspaper import Newspaper, Record
from tests.crawls.conftest import Archive, Run
from tests.newsroom.wire import Diary, watched


class Crawled:
    """A newspaper, its crawl, and the server's diary of it."""

    def __init__(self, newspaper: Newspaper, archive: Archive, base: str, diary: Diary, run: Run) -> None:
        self.newspaper, self.archive, self.base, self.diary, self.run = newspaper, archive, base, diary, run

    def paths(self) -> set[str]:
        """Every address of every stored article, as path and query."""
        urls = self.archive.sql("SELECT url FROM article_urls")
        return {self.target(url) for (url,) in urls}

    def target(self, url: str) -> str:
        parts = urlsplit(url)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path


@pytest.fixture(scope="session")
def crawled(archive_in: Callable[[str], Archive]) -> Iterator[Crawled]:
    newspaper, archive = Newspaper(), archive_in("all-ways")
    with watched(newspaper) as (base, diary):
        run = archive.crawl(f"{base}/", settings={"EXTRACTION_PROCESSES": "2"})
        yield Crawled(newspaper, archive, base, diary, run)


def addresses(record: Record) -> set[str]:
    return {record.path, *record.also_at}


def test_stores_every_article_of_the_manifest(crawled: Crawled) -> None:
    stored = crawled.paths()
    assert [r.path for r in crawled.newspaper.articles() if not addresses(r) & stored] == []


def test_stores_nothing_twice_and_nothing_else(crawled: Crawled) -> None:
    (count,) = crawled.archive.sql("SELECT count(*) FROM articles")[0]
    assert count == len(crawled.newspaper.articles())
    known = {path for record in crawled.newspaper.articles() for path in addresses(record)}
    stored = {crawled.target(url) for (url,) in crawled.archive.sql("SELECT url FROM articles")}
    assert stored <= known


@pytest.mark.parametrize(
    "record", Newspaper().articles(), ids=lambda record: record.path.rstrip("/").rpartition("/")[2]
)
def test_stores_what_the_page_says(crawled: Crawled, record: Record) -> None:
    rows = {
        row
        for path in addresses(record)
        for row in crawled.archive.sql(
            "SELECT title, authors, published_at, language FROM articles"
            " WHERE id = (SELECT article_id FROM article_urls WHERE url = ?)",
            crawled.base + path,
        )
    }
    assert len(rows) == 1
    title, authors, published_at, language = rows.pop()
    assert title == record.title
    assert json.loads(authors) == list(record.authors)
    assert published_at is not None
    assert language == record.language


def test_no_trap_became_an_article(crawled: Crawled) -> None:
    stored = {url for (url,) in crawled.archive.sql("SELECT url FROM articles")}
    taken = [trap.name for trap in crawled.newspaper.traps(crawled.base) if not trap.story and trap.url in stored]
    assert taken == []


def test_each_trap_is_accounted_for_with_a_right_reason(crawled: Crawled) -> None:
    reasons = dict(crawled.archive.sql("SELECT url, reason FROM urls"))
    wrong = {
        trap.name: reasons[trap.url]
        for trap in crawled.newspaper.traps(crawled.base)
        if not trap.story and trap.url in reasons and reasons[trap.url] not in trap.reasons
    }
    assert wrong == {}


def test_never_asks_for_the_same_address_twice(crawled: Crawled) -> None:
    assert crawled.diary.repeated() == []


def test_never_asks_for_what_robots_forbid(crawled: Crawled) -> None:
    assert [visit.path for visit in crawled.diary.visits if visit.path.startswith("/private/")] == []


def test_says_who_it_is(crawled: Crawled) -> None:
    agents = {visit.headers["user-agent"] for visit in crawled.diary.visits}
    assert len(agents) == 1
    assert agents.pop().startswith("newsarchive/")


def test_the_summary_accounts_for_every_address(crawled: Crawled) -> None:
    ((counts,),) = crawled.archive.sql("SELECT counts FROM crawls")
    numbers = json.loads(counts)
    (settled,) = crawled.archive.sql("SELECT count(*) FROM urls WHERE crawl_id IS NOT NULL")[0]
    assert numbers["found"] + numbers["waiting_before"] == settled + numbers["waiting_after"]
    assert numbers["new"] == crawled.archive.sql("SELECT count(*) FROM articles")[0][0]
    for state, reason, count in crawled.archive.sql(
        "SELECT state, reason, count(*) FROM urls WHERE crawl_id IS NOT NULL GROUP BY state, reason"
    ):
        assert numbers[f"{state}: {reason}" if reason else state] == count


def test_the_summary_on_the_screen_says_the_same(crawled: Crawled) -> None:
    (articles,) = crawled.archive.sql("SELECT count(*) FROM articles")[0]
    assert f"{articles} new" in crawled.run.out


def test_endpoints_are_remembered(crawled: Crawled) -> None:
    kinds = {kind for (kind,) in crawled.archive.sql("SELECT kind FROM endpoints")}
    assert {"feed", "sitemap", "news_sitemap"} <= kinds


@pytest.mark.parametrize("way", ["feeds", "sitemaps", "links"])
def test_one_way_of_discovery_is_enough(archive: Archive, way: str) -> None:
    newspaper = Newspaper(ways=frozenset({way}))
    with watched(newspaper) as (base, diary):
        archive.crawl(f"{base}/")
    stored = {urlsplit(url).path for (url,) in archive.sql("SELECT url FROM article_urls")}
    assert [r.path for r in newspaper.articles() if not {urlsplit(p).path for p in addresses(r)} & stored] == []
    assert archive.sql("SELECT count(*) FROM articles")[0][0] == len(newspaper.articles())
    assert diary.repeated() == []


def test_a_second_crawl_stores_nothing_new(archive: Archive) -> None:
    with watched(Newspaper()) as (base, diary):
        archive.crawl(f"{base}/")
        before = archive.sql("SELECT * FROM revisions ORDER BY article_id, number")
        pages = len(diary.visits)
        second = archive.crawl(f"{base}/")
        again = len(diary.visits) - pages
    assert archive.sql("SELECT * FROM revisions ORDER BY article_id, number") == before
    assert "0 new, 0 revised, 0 unchanged, 0 duplicate" in second.out
    assert again < pages / 2, "articles were fetched again"


def test_a_limit_leaves_the_rest_waiting_and_the_next_crawl_goes_on(archive: Archive) -> None:
    newspaper = Newspaper()
    with watched(newspaper) as (base, _):
        archive.run("crawl", f"{base}/", "--limit", "5", "-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=0")
        assert archive.sql("SELECT count(*) FROM captures JOIN article_urls USING (url)")[0][0] == 5
        assert archive.sql("SELECT count(*) FROM urls WHERE state = 'waiting'")[0][0] > 0
        archive.crawl(f"{base}/")
        assert archive.sql("SELECT count(*) FROM urls WHERE state = 'waiting'")[0][0] == 0
    assert archive.sql("SELECT count(*) FROM articles")[0][0] == len(newspaper.articles())


def test_since_leaves_older_articles_waiting(archive: Archive) -> None:
    newspaper = Newspaper(ways=frozenset({"feeds"}))
    records = sorted(newspaper.articles(), key=lambda record: record.published, reverse=True)
    with watched(newspaper) as (base, _):
        archive.run(
            "crawl",
            f"{base}/",
            "--since",
            records[4].published,
            "-s",
            "DOWNLOAD_DELAY=0",
            "-s",
            "AUTOTHROTTLE_ENABLED=0",
        )
    newest = archive.sql("SELECT count(*) FROM urls WHERE state = 'fetched' AND published_at IS NOT NULL")[0][0]
    assert 0 < newest <= 6
    assert archive.sql("SELECT count(*) FROM urls WHERE state = 'waiting'")[0][0] > 10


def test_a_dry_run_says_what_it_would_fetch_and_writes_nothing(archive: Archive) -> None:
    newspaper = Newspaper(ways=frozenset({"feeds"}))
    with watched(newspaper) as (base, diary):
        run = archive.run("crawl", f"{base}/", "--dry-run", "--json", "-s", "DOWNLOAD_DELAY=0")
    rows = run.rows()
    would = {urlsplit(row["url"]).path for row in rows if row["fetch"] == "yes"}
    assert {record.path for record in newspaper.articles()} <= would
    assert all("feed" in row["reason"] for row in rows if urlsplit(row["url"]).path in would)
    assert not {visit.path for visit in diary.visits} & {record.path for record in newspaper.articles()}
    assert not archive.path.exists()


def test_one_article_by_its_address(archive: Archive) -> None:
    newspaper = Newspaper()
    record = next(r for r in newspaper.articles() if r.section == "City")
    with watched(newspaper) as (base, diary):
        archive.crawl(base + record.path)
    assert archive.sql("SELECT title FROM articles") == [(record.title,)]
    assert {visit.path for visit in diary.visits} == {"/robots.txt", record.path}


def test_three_newspapers_at_once(archive: Archive) -> None:
    newspaper = Newspaper(ways=frozenset({"feeds"}))
    with ExitStack() as stack:
        hosts = ("127.0.0.1", "127.0.0.2", "127.0.0.3")
        bases = [stack.enter_context(watched(newspaper, host))[0] for host in hosts]
        archive.crawl(*(f"{base}/" for base in bases), settings={"EXTRACTION_PROCESSES": "2"})
    counted = archive.sql(
        "SELECT sources.url, count(*) FROM articles JOIN sources ON sources.id = source_id GROUP BY 1"
    )
    assert dict(counted) == {f"{base}/": len(newspaper.articles()) for base in bases}
