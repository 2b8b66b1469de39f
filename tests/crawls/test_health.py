"""Newspapers that are crawled day by day until something happens to them: `health` names it, `audit` counts it."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from prometheus_client.parser import text_string_to_metric_families

from archive.cli import cli
from archive.store import open_archive, sources, transaction
from tests.crawls.conftest import Archive
from tests.newsroom.daily import Daily
from tests.newsroom.wire import watched

GOOD_DAYS, BAD_DAYS = 5, 3
FIRST_ISSUE, ISSUE = 10, 4
MORE = 2
"""A dead link and a page of no article, in each issue."""
_TIMES = (
    ("crawls", "started_at"),
    ("crawls", "finished_at"),
    ("captures", "fetched_at"),
    ("urls", "discovered_at"),
    ("urls", "advertised_at"),
    ("urls", "published_at"),
    ("urls", "next_fetch_at"),
    ("endpoints", "last_checked_at"),
    ("endpoints", "last_new_at"),
    ("endpoints", "next_check_at"),
    ("articles", "published_at"),
    ("articles", "first_seen_at"),
    ("articles", "last_seen_at"),
    ("revisions", "seen_at"),
)


def _a_day_later(archive: Archive) -> None:
    db = open_archive(archive.path)
    with transaction(db):
        for table, column in _TIMES:
            db.execute(f"UPDATE {table} SET {column} = strftime('%Y-%m-%dT%H:%M:%SZ', {column}, '-1 day')")
    db.close()


@dataclass(frozen=True)
class Press:
    """Newspapers, and the archive of their crawls."""

    archive: Archive
    papers: dict[str, Daily]


@pytest.fixture(scope="module")
def press(archive_in: Callable[[str], Archive]) -> Iterator[Press]:
    """Five good days of six newspapers, and three on which four of them are ill."""
    archive = archive_in("health")
    names = ("healthy", "slow", "busy", "forbidding", "redesigned", "vanished")
    papers = {name: Daily(1000 * n, pause_s=0.05 if name == "slow" else 0.0) for n, name in enumerate(names)}
    with ExitStack() as stack, ExitStack() as vanishing:
        db = open_archive(archive.path)
        for number, (name, paper) in enumerate(papers.items()):
            served = vanishing if name == "vanished" else stack
            base, _ = served.enter_context(watched(paper, host=f"127.0.0.{number + 11}"))
            sources.add(db, url=f"{base}/", name=name, settings={"revisit": []})
        db.close()
        for day in range(GOOD_DAYS + BAD_DAYS):
            if day == GOOD_DAYS:
                papers["busy"].is_busy = papers["forbidding"].forbids = papers["redesigned"].has_new_layout = True
                vanishing.close()
            if day:
                _a_day_later(archive)
            for paper in papers.values():
                paper.publish(ISSUE if day else FIRST_ISSUE)
            archive.crawl(*papers, code=None, settings={"RETRY_TIMES": "0"})
        yield Press(archive, papers)


def _said(press: Press, *arguments: str, code: int = 0) -> str:
    """What the command says on stdout, then on stderr; in this process, which saves a second each time."""
    result = CliRunner().invoke(cli, ["--db", str(press.archive.path), *arguments])
    assert result.exit_code == code, result
    return result.stdout + result.stderr


def _rows(said: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in said.splitlines() if line.startswith("{")]


def test_the_broken_ones_are_named_with_their_causes_and_the_others_are_not(press: Press) -> None:
    rows = press.archive.run("health", "--json", code=3).rows()
    named = {row["source"]: [(alarm["alarm"], alarm["cause"]) for alarm in row["alarms"]] for row in rows}
    assert named["healthy"] == named["slow"] == []
    causes = {name: (alarm, cause) for name, alarms in named.items() for alarm, cause in alarms}
    assert {name: alarm for name, (alarm, _) in causes.items()} == {
        "busy": "not_reached",
        "forbidding": "not_reached",
        "redesigned": "pages_without_text",
        "vanished": "not_reached",
    }
    assert sum(map(len, named.values())) == 4
    assert "left alone" in causes["busy"][1]
    assert "robots.txt forbids" in causes["forbidding"][1]
    assert "layout has changed" in causes["redesigned"][1]
    assert "does not answer" in causes["vanished"][1]


def test_an_alarm_has_its_numbers_examples_and_a_command(press: Press) -> None:
    (row,) = _rows(_said(press, "health", "redesigned", "--json", code=3))
    (alarm,) = row["alarms"]
    assert alarm["now"].startswith("12 of ")
    assert "0 of " in alarm["then"]
    assert all(url.startswith("http://127.0.0.15:") for url in alarm["examples"])
    assert len(alarm["examples"]) == 3
    assert alarm["examples"][0] in alarm["help"]
    assert alarm["chance"] < 1e-4


def test_it_is_told_for_a_person_and_for_cron(press: Press) -> None:
    said = _said(press, "health", code=3)
    assert "healthy  ok  reached" in said
    assert "likely: robots.txt forbids now what it allowed" in said
    quiet = _said(press, "health", "--quiet", code=3)
    assert "healthy" not in quiet
    line = "4 of 6 sources need a look: busy (not reached), forbidding (not reached)"
    assert quiet.splitlines()[-1].startswith(line)
    assert _said(press, "health", "--quiet", "healthy", "slow") == ""
    assert _said(press, "health", "healthy").splitlines()[-1] == "all well: 1 source"
    assert "no source" in press.archive.run("health", "nobody", code=1).err


def test_metrics_and_notification_are_for_who_is_away(press: Press, tmp_path: Path) -> None:
    prom, told = tmp_path / "newsarchive.prom", tmp_path / "told.json"
    copy = f"{sys.executable} -c 'import sys; open(sys.argv[1], \"w\").write(sys.stdin.read())' {told}"
    _said(press, "health", "--quiet", "--metrics", str(prom), "--notify", copy, code=3)
    rings = {
        sample.labels["source"]
        for family in text_string_to_metric_families(prom.read_text(encoding="utf-8"))
        for sample in family.samples
        if sample.name == "newsarchive_source_alarm" and sample.value
    }
    assert rings == {"busy", "forbidding", "redesigned", "vanished"}
    said = json.loads(told.read_text(encoding="utf-8"))
    assert {row["source"] for row in said["sources"]} == rings
    assert said["summary"].startswith("4 of 6 sources")
    told.unlink()
    _said(press, "health", "--notify", copy, "healthy")
    assert not told.exists()
    assert "/no/such/command: No such file" in _said(press, "health", "--notify", "/no/such/command", code=3)
    assert "cannot be written" in _said(
        press, "health", "--metrics", str(tmp_path / "no" / "a.prom"), "healthy", code=1
    )


@pytest.mark.parametrize("name", ["healthy", "slow", "busy", "forbidding", "redesigned", "vanished"])
def test_the_audit_has_the_numbers_of_the_manifest(press: Press, name: str) -> None:
    rows = _rows(_said(press, "audit", name, "--since", "20d", "--json"))
    heard = press.papers[name].manifest
    if name in ("busy", "forbidding", "vanished"):
        heard = heard[:GOOD_DAYS]
    assert [row["advertised"] for row in rows] == heard
    bad = BAD_DAYS if name == "redesigned" else 0
    for number, row in enumerate(rows):
        stories = row["advertised"] - MORE
        lost = stories if number >= len(rows) - bad else 0
        assert (row["fetched"], row["extracted"], row["stored"]) == (stories, stories - lost, stories - lost)
        gaps = {gap["reason"]: gap["number"] for gap in row["gaps"]}
        assert gaps == {"not found": 1, "address of no article": 1} | ({"no article text": lost} if lost else {})
        assert sum(row["fates"].values()) == row["advertised"]


def test_the_audit_is_told_for_a_person(press: Press) -> None:
    lines = _said(press, "audit", "redesigned", "--since", "20d").splitlines()
    total = next(line for line in lines if line.strip().startswith("total"))
    advertised = sum(press.papers["redesigned"].manifest)
    assert total.split()[1:5] == [str(n) for n in (advertised, advertised - 16, advertised - 28, advertised - 28)]
    (help_,) = (line for line in lines if "rejected, no article text" in line)
    assert help_.split()[0] == "12"
    assert "newsarchive reextract --source redesigned" in help_
    listed = _said(press, "audit", "redesigned", "--list", "no article text").splitlines()
    assert len(listed) == 12
    assert _said(press, "audit", "redesigned", "--since", "2100-01-01") == (
        "redesigned: nothing was advertised since 2100-01-01\n"
    )


def test_the_view_has_it_in_numbers(press: Press) -> None:
    rows = press.archive.sql(
        "SELECT source, new_articles, failing_lists > 0, missing FROM source_health ORDER BY source_id"
    )
    published = FIRST_ISSUE + ISSUE * (GOOD_DAYS - 1)
    assert rows[0] == ("healthy", published + ISSUE * BAD_DAYS - FIRST_ISSUE, 0, 0)
    assert {name for name, *_ in rows} == set(press.papers)
