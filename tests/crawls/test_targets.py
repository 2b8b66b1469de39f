"""What a user may write after `crawl`, and several targets at once."""

import re
from contextlib import ExitStack
from itertools import pairwise

import pytest

from tests.crawls.conftest import FAST, Archive
from tests.newsroom import server
from tests.newsroom.wire import watched


def test_two_spellings_of_one_site_are_one_crawl(archive: Archive) -> None:
    with watched(server.SmallSite()) as (base, diary):
        host = base.removeprefix("http://")
        run = archive.crawl(f"{base}/", base, host, f"{base}/#top", "--json")
    assert [row["counts"]["new"] for row in run.rows()] == [3]
    assert diary.count("/robots.txt") == 1
    assert archive.sql("SELECT count(*) FROM crawls") == [(1,)]


def test_two_sources_of_one_host_are_not_crawled_at_the_same_time(archive: Archive) -> None:
    with ExitStack() as stack:
        (one, first), (other, second) = (stack.enter_context(watched(server.SmallSite())) for _ in range(2))
        run = archive.crawl(f"{one}/", f"{other}/", "--json")
    assert [row["counts"]["new"] for row in run.rows()] == [3, 3]
    assert max(visit.at for visit in first.visits) < min(visit.at for visit in second.visits)


def test_the_delay_holds_over_all_sources_of_a_host(archive: Archive) -> None:
    settings = FAST | {"DOWNLOAD_DELAY": "0.2", "CONCURRENT_REQUESTS_PER_DOMAIN": "1"}
    with ExitStack() as stack:
        (one, first), (other, second) = (stack.enter_context(watched(server.SmallSite())) for _ in range(2))
        archive.crawl(f"{one}/", f"{other}/", "--limit", "1", settings=settings)
    asked = sorted(visit.at for visit in (*first.visits, *second.visits))
    assert min(later - earlier for earlier, later in pairwise(asked)) > 0.15


def test_an_article_and_its_site_add_up(archive: Archive) -> None:
    site = server.SmallSite()
    path = next(iter(site.good))
    with watched(site) as (base, _):
        run = archive.crawl(f"{base}/", base + path)
    for summary in run.out.split("(http")[1:]:
        numbers = [
            int(number.replace(",", "")) for number in re.findall(r"^  [a-z ]+? +([\d,]+)", summary, re.MULTILINE)
        ]
        assert numbers[0] == sum(numbers[1:]), run.out


def test_a_known_article_asked_for_again_adds_up(archive: Archive) -> None:
    site = server.SmallSite()
    path = next(iter(site.good))
    with watched(site) as (base, _):
        archive.crawl(f"{base}/", "--limit", "2")
        for address in (path, path, list(site.good)[-1]):
            run = archive.crawl(base + address)
            numbers = [int(number) for number in re.findall(r"^  [a-z ]+? +(\d+)", run.out, re.MULTILINE)]
            assert numbers[0] == sum(numbers[1:]), run.out


@pytest.mark.parametrize(
    "setting", ["DOWNLOAD_DELAY=soon", "SCHEDULER=no.such.thing", "LOG_LEVEL=LOUD", "CONCURRENT_CRAWLS=x", "ADDONS=x"]
)
def test_a_crawl_that_cannot_start_leaves_no_source(archive: Archive, setting: str) -> None:
    run = archive.run("crawl", "http://127.0.0.1:9/", "-s", setting, code=2)
    assert len(run.err.splitlines()) == 1, run.err
    assert archive.sql("SELECT name FROM sources") == []


def test_a_known_source_is_not_lost_to_a_wrong_setting(archive: Archive) -> None:
    archive.run("sources", "add", "127.0.0.1:9", "--no-probe")
    archive.run("crawl", "http://127.0.0.1:9/", "-s", "DOWNLOAD_DELAY=soon", code=2)
    assert archive.sql("SELECT url FROM sources") == [("http://127.0.0.1:9/",)]
    assert archive.sql("SELECT outcome FROM crawls") == [("not started",)]


def test_a_typing_error_makes_no_archive(archive: Archive) -> None:
    assert "no http(s) address" in archive.run("crawl", "exmaple", code=1).err
    assert not archive.path.exists()
