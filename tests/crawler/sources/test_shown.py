from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.models import EndpointKind
from archive.pacing import Trouble
from archive.store import Database, endpoints, open_archive, sources, timetable
from archive.store.endpoints import Visit
from archive.watching.judging import judge
from crawler.sources import shown

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    opened = open_archive(tmp_path / "news.db")
    yield opened
    opened.close()


def test_what_fails_is_shown_with_its_error_and_when_it_is_tried_again(db: Database) -> None:
    source = sources.add(db, url="https://courier.example/", settings={"delay": 2, "exclude": ["\x1b[31m"]})
    visit = Visit(error="HTTP status 404 \x1b[0m", trouble=Trouble.HARD)
    endpoints.checked(db, source.id, EndpointKind.FEED, "https://courier.example/rss", visit, at=NOON)
    timetable.ended(
        db, source.id, started_at=NOON - timedelta(minutes=1), at=NOON, error="no articles found", is_cut_short=False
    )
    row = sources.details(db, source.id) | {"alarms": judge(db, NOON, ["courier"])[0].as_row()["alarms"]}
    lines = list(shown.source(row))
    assert "  failing      1 time in a row: no articles found" in lines
    assert "  delay        2" in lines
    assert any(line.startswith("  next due     2026-11-25T1") for line in lines)
    assert any("failed 1 time: HTTP status 404" in line for line in lines)
    assert "  last crawl   never: newsarchive crawl courier" in lines
    assert not any("\x1b" in line for line in lines)


def test_an_alarm_is_shown_with_its_cause_and_what_helps(db: Database) -> None:
    source = sources.add(db, url="https://courier.example/")
    alarm = {"alarm": "fewer", "now": "2 a day", "then": "20 a day", "cause": "a redesign", "help": "look at it"}
    lines = list(shown.source(sources.details(db, source.id) | {"alarms": [alarm]}))
    assert "  alarm        fewer: 2 a day, before 20 a day; a redesign: look at it" in lines
