"""The commands over a crawled archive, as a user types them."""

import json
import os
import pty
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from crawler.demo.newspaper import Newspaper
from tests.crawls.conftest import Archive
from tests.newsroom import server
from tests.newsroom.wire import watched

NEWSPAPER = Newspaper()


@pytest.fixture(scope="module")
def crawled(archive_in: Callable[[str], Archive]) -> Archive:
    archive = archive_in("commands")
    with watched(NEWSPAPER) as (base, _):
        archive.run("sources", "add", f"{base}/", "--name", "lantern", "--no-probe")
        archive.crawl("lantern")
    return archive


def on_a_terminal(archive: Archive, *arguments: str) -> str:
    """What the command prints where stdout is a terminal."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "archive", "--db", str(archive.path), *arguments]
    with subprocess.Popen(command, stdout=theirs, env=archive.environment() | {"TERM": "xterm"}):
        os.close(theirs)
        shown = b""
        with suppress(OSError):  # Linux's way to say that the other end is closed
            while piece := os.read(ours, 65_536):
                shown += piece
    os.close(ours)
    return shown.decode()


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def test_search_marks_what_it_found(crawled: Archive) -> None:
    run = crawled.run("search", "ferry timetable", "--limit", "1")
    assert "Winter timetable keeps the last ferry" in run.out
    assert "*ferry*" in run.out


@pytest.mark.parametrize("word", ["早茶站", "図書館", "வானொலி", "Mowe", "бібліобус", "السفينة"])
def test_search_in_many_scripts(crawled: Archive, word: str) -> None:
    assert crawled.run("search", word, "--json").rows()


def test_search_filters(crawled: Archive) -> None:
    rows = crawled.run("search", "the", "--language", "en", "--since", "2026-11-10", "--until", "2026-11-18", "--json")
    assert rows.rows()
    assert all("2026-11-10" <= row["published_at"][:10] < "2026-11-18" for row in rows.rows())


def test_search_that_finds_nothing_says_so(crawled: Archive) -> None:
    run = crawled.run("search", 'zzz"unbalanced AND (')
    assert run.out == ""
    assert "nothing found" in run.err


@pytest.mark.parametrize("form", ["text", "markdown", "html", "json"])
def test_show_in_each_form(crawled: Archive, form: str) -> None:
    (title,) = crawled.sql("SELECT title FROM articles WHERE id = 1")[0]
    shown = crawled.run("show", "1", "--format", form).out
    assert title.split()[0] in shown


def test_show_as_one_line(crawled: Archive) -> None:
    (row,) = crawled.run("show", "1", "--json").rows()
    assert row == json.loads(crawled.run("show", "1", "--format", "json").out)


def test_what_a_terminal_has_no_letters_for_is_spelled_out(crawled: Archive) -> None:
    (row,) = crawled.run("search", "早茶站", "--json").rows()
    command = [sys.executable, "-m", "archive", "--db", str(crawled.path), "show", str(row["article_id"])]
    environment = crawled.environment() | {"PYTHONIOENCODING": "latin-1"}
    done = subprocess.run(command, capture_output=True, check=True, env=environment)
    assert done.stdout.startswith(rb"\u6e14\u6e2f")


def test_an_output_that_is_full_is_one_clear_line(crawled: Archive) -> None:
    command = [sys.executable, "-m", "archive", "--db", str(crawled.path), "stats"]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1), done.stderr


def test_colours_are_for_terminals_whose_users_want_them(crawled: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b" not in crawled.run("search", "ferry").out
    assert "\x1b[1m" in on_a_terminal(crawled, "search", "ferry")
    environment = crawled.environment() | {"NO_COLOR": "1"}
    monkeypatch.setattr(crawled, "environment", lambda: environment)
    assert "\x1b" not in on_a_terminal(crawled, "search", "ferry")


def test_an_article_fits_into_a_narrow_terminal(crawled: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = crawled.environment() | {"COLUMNS": "40"}
    monkeypatch.setattr(crawled, "environment", lambda: environment)
    paragraphs = on_a_terminal(crawled, "show", "1").split("\r\n\r\n")[1:]
    assert max(len(line) for paragraph in paragraphs for line in paragraph.splitlines()) <= 40


def test_show_by_any_address(crawled: Archive) -> None:
    (url,) = crawled.sql("SELECT url FROM article_urls WHERE article_id = 2 LIMIT 1")[0]
    by_address = json.loads(crawled.run("show", f"{url}?utm_source=mail#top", "--format", "json").out)
    assert by_address["id"] == 2


def test_show_of_a_revision_that_is_not_there(crawled: Archive) -> None:
    assert "revision 9 of article 1" in crawled.run("show", "1", "--revision", "9", code=1).err


def test_explain_names_the_origin_of_each_field(crawled: Archive) -> None:
    rows = crawled.run("explain", "1", "--json").rows()
    chosen = {row["field"] for row in rows if row["chosen"]}
    assert {"title", "published_at"} <= chosen
    assert {row["method"] for row in rows} & {"feed", "sitemap"}
    assert "* title" in crawled.run("explain", "1").out


def test_stats_agree_with_the_tables(crawled: Archive) -> None:
    (numbers,) = crawled.run("stats", "--json").rows()
    assert numbers["articles"] == crawled.sql("SELECT count(*) FROM articles")[0][0]
    assert numbers["sources"][0]["source"] == "lantern"
    assert f"{numbers['articles']}" in crawled.run("stats").out


def test_sources_are_listed_and_shown(crawled: Archive) -> None:
    (row,) = crawled.run("sources", "list", "--json").rows()
    assert (row["source"], row["articles"]) == ("lantern", len(NEWSPAPER.articles()))
    assert "lantern" in crawled.run("sources", "list").out
    assert row["last_counts"]["new"] == row["articles"]
    (shown,) = crawled.run("sources", "show", "lantern", "--json").rows()
    assert shown["crawls"][0]["finished_at"].endswith("Z")
    assert shown["title"] == "The Harbour Lantern"
    assert {endpoint["kind"] for endpoint in shown["endpoints"]} >= {"feed"}
    assert shown["crawls"][0]["outcome"] == "finished"


def test_a_source_with_articles_is_not_removed(crawled: Archive) -> None:
    assert "articles" in crawled.run("sources", "remove", "lantern", code=1).err
    assert crawled.sql("SELECT count(*) FROM sources") == [(1,)]


def test_sources_are_added_once_and_removed(archive: Archive) -> None:
    archive.run("sources", "add", "https://courier.example/", "--no-probe")
    assert "source already" in archive.run("sources", "add", "https://courier.example/", code=1).err
    assert "no http(s) address" in archive.run("sources", "add", "ftp://courier.example/", code=1).err
    assert archive.run("sources", "remove", "courier").out == "removed courier\n"
    assert "no source" in archive.run("sources", "show", "courier", code=1).err


def test_without_a_target_every_source_is_crawled(archive: Archive) -> None:
    with watched(server.SmallSite()) as (base, _), watched(server.SmallSite(), "127.0.0.2") as (other, _):
        archive.run("sources", "add", f"{base}/", "--no-probe")
        archive.run("sources", "add", f"{other}/", "--no-probe")
        run = archive.crawl("--json")
    assert [row["counts"]["new"] for row in run.rows()] == [3, 3]


def test_the_demo_tells_what_to_do_next(archive: Archive) -> None:
    run = archive.run("demo", "--port", str(free_port()))
    assert "42 new" in run.out
    assert f"--db {archive.path} search" in run.out
    assert archive.sql("SELECT name FROM sources") == [("harbour-lantern",)]


def test_the_demo_on_a_taken_port(archive: Archive) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        run = archive.run("demo", "--port", str(taken.getsockname()[1]), code=2)
    assert "--port" in run.err


def test_a_contact_is_sent_to_the_publisher(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = archive.environment() | {"NEWSARCHIVE_CONTACT": "desk@library.example"}
    monkeypatch.setattr(archive, "environment", lambda: environment)
    with watched(server.SmallSite()) as (base, diary):
        archive.crawl(f"{base}/")
    assert {"desk@library.example" in visit.headers["user-agent"] for visit in diary.visits} == {True}
