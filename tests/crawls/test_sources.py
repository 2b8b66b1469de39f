"""The command `sources`, as an operator types it."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.demo.serving import Reply
from tests.crawls.conftest import FAST, Archive
from tests.newsroom import server
from tests.newsroom.wire import watched


@pytest.fixture(scope="module")
def crawled(archive_in: Callable[[str], Archive]) -> Archive:
    archive = archive_in("sources")
    with watched(server.SmallSite()) as (base, _):
        archive.run("sources", "add", f"{base}/", "--name", "small", "--no-probe")
        archive.crawl("small")
    return archive


def test_a_source_is_edited_and_each_change_is_told(archive: Archive) -> None:
    archive.run("sources", "add", "https://courier.example/", "--no-probe")
    told = archive.run(
        "sources",
        "edit",
        "courier",
        *(
            "--name",
            "post",
            "--every",
            "6h",
            "--delay",
            "2.5",
            "--set",
            "include=/news/",
            "--set",
            "timezone=Asia/Tokyo",
        ),
        *("--set", 'headers={ X-Desk = "7" }', "--disable"),
    )
    assert told.out.splitlines() == [
        "changed courier: name from courier to post",
        "changed courier: every from nothing to 6h",
        "changed courier: enabled from True to False",
        "changed courier: delay from nothing to 2.5",
        "changed courier: headers from nothing to {'X-Desk': '7'}",
        "changed courier: include from nothing to ['/news/']",
        "changed courier: timezone from nothing to Asia/Tokyo",
    ]
    shown = archive.run("sources", "show", "post").out
    assert "no: disabled" in shown
    assert "timezone     Asia/Tokyo" in shown
    assert "disabled" in archive.run("sources", "list").out
    (row, other) = archive.run("sources", "edit", "post", "--unset", "every", "--unset", "headers", "--json").rows()
    assert row == {"source": "post", "key": "every", "before": "6h", "after": None}
    assert other["key"] == "headers"
    assert "is so already" in archive.run("sources", "edit", "post", "--disable").err
    archive.run("sources", "edit", "post", "--enable", "--url", "https://post.example/")
    assert archive.sql("SELECT url, domain, enabled FROM sources") == [("https://post.example/", "post.example", 1)]


def test_a_wrong_edit_says_all_that_is_wrong_and_changes_nothing(archive: Archive) -> None:
    archive.run("sources", "add", "https://courier.example/", "--no-probe")
    archive.run("sources", "add", "https://post.example/", "--no-probe")
    run = archive.run(
        "sources", "edit", "courier", "--every", "often", "--set", "delya=2", "--set", "feeds=courier.example", code=2
    )
    assert run.err.splitlines() == [
        "newsarchive: every: 'often' is no length of time: write it as 30m, 12h, 2d or 3w",
        "there is no setting 'delya': did you mean delay?",
        "feeds: 'courier.example' is no address: write one that begins with http:// or https://",
    ]
    for arguments, code, says in [
        (("--set", "delay"), 2, "KEY=VALUE"),
        (("--delay", "2", "--unset", "delay"), 2, "at once"),
        (("--unset", "delay"), 2, "no such setting"),
        (("--unset", "url"), 2, "cannot be unset"),
        ((), 2, "change what?"),
        (("--every", "1h", "--name", "post"), 1, "named post already"),
        (("--url", "https://post.example/"), 1, "is a source already"),
    ]:
        assert says in archive.run("sources", "edit", "courier", *arguments, code=code).err
    assert archive.sql("SELECT every_seconds, settings FROM sources") == [(None, "{}")] * 2


def test_a_source_is_shown_with_how_it_is_doing(crawled: Archive) -> None:
    run = crawled.run("sources", "show", "small")
    for part in ("3, the newest seen", "0 waiting, 0 failed", "finished: 3 new", "/feed.xml", "articles listed, next"):
        assert part in run.out
    (row,) = crawled.run("sources", "show", "small", "--json").rows()
    assert {endpoint["kind"] for endpoint in row["endpoints"]} >= {"feed", "sitemap"}
    assert row["crawls"][0]["outcome"] == "finished"
    assert row["alarms"] == []


def test_articles_are_not_lost_without_a_word(crawled: Archive) -> None:
    kept = crawled.run("sources", "remove", "small", code=1)
    assert "3 articles" in kept.err
    assert "--disable" in kept.err
    assert "--yes" in crawled.run("sources", "remove", "small", "--with-articles", code=2).err
    assert crawled.sql("SELECT count(*) FROM articles") == [(3,)]


def test_articles_go_with_their_source_where_that_is_said(archive: Archive) -> None:
    with watched(server.SmallSite()) as (base, _):
        archive.crawl(f"{base}/")
    (name,) = archive.sql("SELECT name FROM sources")[0]
    assert (
        archive.run("sources", "remove", name, "--with-articles", "--yes").out == f"removed {name} and its 3 articles\n"
    )
    for table in ("sources", "articles", "revisions", "endpoints", "urls", "crawls"):
        assert archive.sql(f"SELECT count(*) FROM {table}") == [(0,)], table
    archive.run("verify")


def test_an_escape_sequence_in_a_title_does_not_reach_the_terminal(archive: Archive) -> None:
    archive.run("sources", "add", "https://courier.example/", "--title", "a\x1b[31mb", "--no-probe")
    assert "\x1b" not in archive.run("sources", "show", "courier").out
    (row,) = archive.run("sources", "show", "courier", "--json").rows()
    assert json.dumps(row).count("\\u001b") == 1


class Named(server.SmallSite):
    """Says its name and language, and what robots.txt asks for."""

    def answer(self, path: str) -> Reply:
        """As a good site."""
        reply = super().answer(path)
        if path == "/robots.txt":
            return replace(reply, body=b"User-agent: *\nCrawl-delay: 0.01\n" + reply.body)
        return reply

    def home(self) -> str:
        """A front page in Swedish."""
        name = '<meta property="og:site_name" content="Lilla bladet">'
        return super().home().replace("<head>", f"<head>{name}").replace('lang="en"', 'lang="sv-SE"')


QUICK = [word for name, value in FAST.items() for word in ("-s", f"{name}={value}")]


def test_a_probe_tells_what_there_is_and_stores_nothing(archive: Archive) -> None:
    with watched(Named()) as (base, diary):
        (row,) = archive.run("sources", "probe", base, "--json", *QUICK).rows()
    assert not archive.path.exists()
    assert (row["title"], row["language"], row["robots"], row["crawl_delay"]) == ("Lilla bladet", "sv", True, 0.01)
    assert {(one["kind"], one["url"], one["listed"]) for one in row["lists"]} == {
        ("feed", f"{base}/feed.xml", 3),
        ("sitemap", f"{base}/sitemap.xml", 3),
    }
    assert [one["refused"] for one in row["articles"]] == [None] * 3
    assert row["articles"][0]["date"] == "2026-11-09T09:30:00Z"
    assert row["error"] is None
    assert {visit.path for visit in diary.visits} == {"/robots.txt", "/", "/feed.xml", "/sitemap.xml"}


def test_a_site_is_looked_at_before_it_is_followed(archive: Archive) -> None:
    with watched(Named()) as (base, _):
        said = at_a_terminal(archive, "n\n", "sources", "add", base, *QUICK)
        assert "3 would be fetched" in said
        assert "Follow it?" in said
        assert not archive.path.exists()
        run = archive.run("sources", "add", base, "--name", "bladet", *QUICK)
        assert "Lilla bladet" in run.out
        assert run.out.splitlines()[-1] == f"bladet  {base}/"
    assert archive.sql("SELECT title, language FROM sources") == [("Lilla bladet", "sv")]
    assert archive.sql("SELECT count(*) FROM urls") == [(0,)]


def at_a_terminal(archive: Archive, answer: str, *arguments: str) -> str:
    """What the command prints where a person answers it."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "archive", "--db", str(archive.path), *arguments]
    os.write(ours, answer.encode())
    done = subprocess.run(
        command, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=archive.environment(), check=False
    )
    os.close(ours)
    os.close(theirs)
    return done.stdout.decode()


def test_a_site_that_cannot_be_had_is_followed_all_the_same(archive: Archive) -> None:
    run = archive.run("sources", "add", "127.0.0.1:9", *QUICK)
    assert "would bring nothing" in run.out
    assert "connection failed" in run.out
    assert archive.sql("SELECT url, title FROM sources") == [("http://127.0.0.1:9/", None)]
    assert "source already" in archive.run("sources", "add", "127.0.0.1:9", code=1).err
    assert "named 127-0-0-1-9" in archive.run("sources", "add", "a.example", "--name", "127-0-0-1-9", code=1).err
    assert "source's name" in archive.run("sources", "add", "a.example", "--name", "A B", code=2).err


def test_a_probe_of_a_site_that_wants_no_robots_says_so(archive: Archive) -> None:
    with watched(server.RobotsForbidsAll()) as (base, _):
        run = archive.run("sources", "probe", base, *QUICK, code=1)
    assert "forbidden by robots.txt" in run.out


LIST = """\
courier.example
https://post.example/sport/   # a section
ftp://post.example/
courier.example/
"""


def test_lists_come_in_and_go_out(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "sites.txt").write_text(LIST)
    rehearsed = archive.run("sources", "import", "--dry-run", str(tmp_path / "sites.txt"))
    assert not archive.path.exists()
    run = archive.run("sources", "import", str(tmp_path / "sites.txt"))
    assert run.out == rehearsed.out
    assert run.out.splitlines() == [
        "added https://courier.example/: https://courier.example/",
        "added https://post.example/sport/: https://post.example/sport/",
    ]
    assert run.err.splitlines() == [
        "line 3: ftp://post.example/: no http or https address",
        "line 4: https://courier.example/: the source of line 1 already",
        "2 added, 0 changed, 2 remarks",
    ]
    archive.run("sources", "edit", "courier", "--every", "6h", "--set", 'headers={ X-Desk = "7" }', "--title", "C & D")
    before = archive.sql("SELECT * FROM sources ORDER BY id")

    again = archive.run("sources", "import", str(tmp_path / "sites.txt"), "--json").rows()
    assert {row["reason"] for row in again} >= {"followed already: courier", "followed already: post"}
    assert archive.sql("SELECT * FROM sources ORDER BY id") == before

    exported = archive.run("sources", "export").out
    other = Archive(tmp_path / "other.db")
    (tmp_path / "newsarchive.toml").write_text(exported)
    other.run("sources", "import", str(tmp_path / "newsarchive.toml"))
    assert other.sql("SELECT * FROM sources ORDER BY id") == before
    assert other.run("sources", "export").out == exported
    assert "C &amp; D" in archive.run("sources", "export", "--format", "opml", "courier").out
    assert archive.run("sources", "export", "--format", "urls", "post").out == "https://post.example/sport/\n"


def test_a_configuration_that_is_wrong_is_told_and_not_imported(archive: Archive, tmp_path: Path) -> None:
    file = tmp_path / "newsarchive.toml"
    file.write_text('[[source]]\nurl = "https://one.example/"\n[[source]]\nurl = "https://two.example/"\nfeed = []\n')
    run = archive.run("sources", "import", str(file), code=2)
    assert run.err == f"newsarchive: {file}:5: there is no key 'feed': did you mean feeds?\n"
    assert not archive.path.exists()


def test_feeds_that_crawls_have_found_are_exported_for_readers(crawled: Archive) -> None:
    (url,) = crawled.sql("SELECT url FROM endpoints WHERE kind = 'feed'")[0]
    assert f'xmlUrl="{url}"' in crawled.run("sources", "export", "--format", "opml").out
