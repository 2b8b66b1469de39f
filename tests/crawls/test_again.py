"""What a later crawl does with what an earlier one left: other robots.txt, other homes, other processes."""

import subprocess
import sys

from archive.lock import crawl_lock
from crawler.demo.serving import Reply
from tests.crawls.conftest import FAST, Archive
from tests.newsroom import server
from tests.newsroom.wire import watched


class FickleRobots(server.SmallSite):
    """Its robots.txt forbids the articles until it thinks better of it."""

    forbids = True

    def answer(self, path: str) -> Reply:
        """As ever, but for robots.txt."""
        if path == "/robots.txt" and self.forbids:
            body = f"User-agent: *\nDisallow: /news/\nSitemap: {self.base}/sitemap.xml\n"
            return Reply(headers={"Content-Type": "text/plain"}, body=body.encode())
        return super().answer(path)


def test_what_robots_txt_allows_again_is_fetched(archive: Archive) -> None:
    site = FickleRobots()
    with watched(site) as (base, diary):
        assert "forbidden by robots.txt" in archive.crawl(f"{base}/", code=None).out
        archive.crawl(f"{base}/", code=None)
        assert not {visit.path for visit in diary.visits} & set(site.good)
        site.forbids = False
        assert "3 asked for again" in archive.crawl(f"{base}/").out
        assert diary.count("/robots.txt") == 3
    assert archive.sql("SELECT count(*) FROM articles") == [(3,)]


class RedirectsHome(server.OneBadPage):
    """What it has deleted leads to its home page."""

    def answer_bad(self) -> Reply:
        """A redirect."""
        return server.to("/")


def test_a_redirect_to_the_home_page_fetches_nothing_again(archive: Archive) -> None:
    with watched(RedirectsHome()) as (base, diary):
        archive.crawl(f"{base}/")
        archive.crawl(base + server.BAD, code=1)
        assert diary.count("/") == 1
    rows = archive.sql("SELECT state, reason FROM urls WHERE url = ?", base + server.BAD)
    assert rows == [("refused", "redirected to an address known already")]


def test_the_plain_spider_keeps_to_the_lock(archive: Archive) -> None:
    options = [word for name, value in FAST.items() for word in ("-s", f"{name}={value}")]
    with watched(server.SmallSite()) as (base, diary):
        command = [sys.executable, "-m", "scrapy", "crawl", "news", "-a", f"source={base}/", *options]
        command += ["-s", f"NEWSARCHIVE_DB={archive.path}"]
        with crawl_lock(archive.path):
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)
        assert done.returncode != 0
        assert "another crawl is running" in done.stderr
        assert diary.visits == []
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)
        assert done.returncode == 0
    assert archive.sql("SELECT count(*) FROM articles") == [(3,)]


def test_a_process_may_take_its_own_lock_again(archive: Archive) -> None:
    with crawl_lock(archive.path):
        with crawl_lock(archive.path):
            pass
        assert "another crawl" in archive.crawl("http://127.0.0.1:9/", code=4).err
    archive.crawl("http://127.0.0.1:9/", code=1)


class LongLabels(server.SmallSite):
    """Names hosts that no DNS can have."""

    def answer(self, path: str) -> Reply:
        """As ever, but for robots.txt."""
        if path != "/robots.txt":
            return super().answer(path)
        hosts = ("a" * 64 + ".example", "a..b.example", "x" * 300)
        lines = [f"Sitemap: http://{host}/sitemap.xml" for host in hosts] + [f"Sitemap: {self.base}/sitemap.xml"]
        return Reply(headers={"Content-Type": "text/plain"}, body="\n".join(lines).encode())


def test_hosts_that_cannot_be_cost_nothing_else(archive: Archive) -> None:
    with watched(LongLabels()) as (base, _):
        archive.crawl(f"{base}/")
    assert archive.sql("SELECT count(*) FROM articles") == [(3,)]
    errors = dict(archive.sql("SELECT url, error FROM endpoints WHERE error IS NOT NULL"))
    assert set(errors.values()) == {"host not found"}


class Moved(server.SmallSite):
    """All its pages are elsewhere by now."""

    def __init__(self, target: str) -> None:
        """Redirect to `target`."""
        super().__init__()
        self.target = target

    def answer(self, path: str) -> Reply:
        """A redirect, but for robots.txt."""
        return super().answer(path) if path == "/robots.txt" else server.to(self.target + path)


def test_a_home_page_that_moved_is_told_with_where_it_went(archive: Archive) -> None:
    with watched(server.SmallSite(), "127.0.0.2") as (new, _), watched(Moved(new)) as (old, _):
        run = archive.crawl(f"{old}/", code=1)
    assert f"{old}/ has moved to another site" in run.err
    assert f"newsarchive crawl {new}/" in run.err
