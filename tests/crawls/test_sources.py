"""The command `sources`, as an operator types it."""

import json
from collections.abc import Callable

import pytest

from tests.crawls.conftest import Archive
from tests.newsroom import server
from tests.newsroom.wire import watched


@pytest.fixture(scope="module")
def crawled(archive_in: Callable[[str], Archive]) -> Archive:
    archive = archive_in("sources")
    with watched(server.SmallSite()) as (base, _):
        archive.run("sources", "add", f"{base}/", "--name", "small")
        archive.crawl("small")
    return archive


def test_a_source_is_edited_and_each_change_is_told(archive: Archive) -> None:
    archive.run("sources", "add", "https://courier.example/")
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
    archive.run("sources", "add", "https://courier.example/")
    archive.run("sources", "add", "https://post.example/")
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
    archive.run("sources", "add", "https://courier.example/", "--title", "a\x1b[31mb")
    assert "\x1b" not in archive.run("sources", "show", "courier").out
    (row,) = archive.run("sources", "show", "courier", "--json").rows()
    assert json.dumps(row).count("\\u001b") == 1
