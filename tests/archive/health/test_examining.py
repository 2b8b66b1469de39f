"""What is named, how soon, and that healthy sources are left alone; benchmarks/health.py has whole years of more."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from archive.health.alarms import Alarm
from archive.health.causes import CAUSES, OUR_NETWORK, Ailment
from archive.health.examining import examine, examine_all
from archive.health.past import Listing, Look, Past
from archive.models import Reason
from tests.archive.health.simulated import (
    BEGIN,
    DAY,
    HOUR,
    KINDS,
    Kind,
    Simulated,
    rejected,
    shortened,
    silent,
    spoiled,
    unreached,
    vanishing,
)

KIND = {kind.name: kind for kind in KINDS}
BREAKS = BEGIN + 90 * DAY + 9 * HOUR
Fault = Callable[..., object]


def _after(kind: str, fault: Fault, days: float) -> list[Alarm]:
    paper = Simulated(kind=KIND[kind], seed=3, days=91 + int(days), fault=fault, breaks_at=BREAKS)  # type: ignore[arg-type]  # as its faults are typed
    now = BREAKS + days * DAY
    return examine(paper.past(now), now)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if sum(kind.week) < 150], ids=lambda kind: kind.name)
def test_healthy_sources_are_left_alone_for_a_year(kind: Kind) -> None:
    paper = Simulated(kind=kind, seed=11, days=450)
    looked = [BEGIN + (84 + day) * DAY + 15 * HOUR for day in range(0, 365, 10)]
    found = [alarm for now in looked for alarm in examine(paper.past(now), now)]
    assert len(found) <= len(looked) // 50, found


@pytest.mark.parametrize(
    ("fault", "ailment"),
    [
        (rejected("refused: no article text"), Ailment.NO_TEXT),
        (rejected("refused: login, consent or pay wall"), Ailment.WALLED),
        (rejected("refused: forbidden by robots.txt"), Ailment.FORBIDDEN),
        (rejected("failed: refused by the server"), Ailment.REFUSED),
        (rejected("failed: server error"), Ailment.SERVER_ERRORS),
        (rejected("failed: timed out"), Ailment.NO_ANSWER),
        (rejected("refused: not found"), Ailment.NOT_FOUND),
        (spoiled(has_authors=False), Ailment.NO_AUTHORS),
        (spoiled(is_dated=False, published_at=None), Ailment.NO_DATES),
        (spoiled(title="The Paper"), Ailment.SITE_TITLES),
        (shortened, Ailment.SHORTER),
        (vanishing, Ailment.GONE),
        (silent, Ailment.NOTHING_NEW),
    ],
    ids=lambda value: value if isinstance(value, Ailment) else "",
)
def test_a_fault_of_an_hourly_paper_is_named_in_two_days(fault: Fault, ailment: Ailment) -> None:
    found = [alarm for alarm in _after("office", fault, 2) if alarm.ailment is ailment]
    assert [alarm.ailment for alarm in found] == [ailment]
    (alarm,) = found
    assert alarm.cause == CAUSES[ailment].told
    assert alarm.chance < 1e-3
    assert alarm.since is not None
    assert abs(alarm.since - BREAKS) < 3 * DAY
    assert "{" not in alarm.help
    assert alarm.then


@pytest.mark.parametrize(
    ("trouble", "more", "cause"),
    [
        (Reason.ROBOTS, {}, "robots.txt forbids"),
        (Reason.ROBOTS_UNAVAILABLE, {}, "robots.txt answers with server errors"),
        (Reason.HTTP_ERROR, {"told to wait": 1}, "left alone"),
        (Reason.HTTP_ERROR, {}, "server fails"),
        (Reason.DNS, {}, "gone or has moved"),
        (Reason.REDIRECTED_AWAY, {}, "has moved"),
        (Reason.HTTP_REFUSED, {}, "refuses us"),
        ("nothing announced", {}, "names no feed"),
    ],
)
def test_a_site_that_cannot_be_reached_is_named_with_the_cause(trouble: str, more: dict[str, int], cause: str) -> None:
    (alarm,) = _after("daily", unreached(trouble, more), 2)
    assert alarm.ailment is Ailment.NOT_REACHED
    assert cause in alarm.cause


def test_a_weekly_paper_is_not_missed_after_three_days() -> None:
    # the last issue is of the Thursday before
    assert _after("weekly", silent, 3) == []
    assert [alarm.ailment for alarm in _after("weekly", silent, 16)] == [Ailment.NOTHING_NEW]


def test_crawls_that_stand_still_are_named() -> None:
    past = Simulated(kind=KIND["office"], seed=5, days=60).past(BEGIN + 60 * DAY)
    assert Ailment.NOT_CRAWLED not in {a.ailment for a in examine(past, past.looks[-1].at + 6 * HOUR)}
    (alarm,) = (a for a in examine(past, past.looks[-1].at + 2 * DAY) if a.ailment is Ailment.NOT_CRAWLED)
    assert alarm.now == "no crawl for 48 hours"


def test_a_crawl_of_the_future_is_the_clocks_fault() -> None:
    past = Past(source="a", url="https://a.example/", looks=[Look(at=BEGIN + DAY, counts={"announced": 1})])
    assert [alarm.ailment for alarm in examine(past, BEGIN)] == [Ailment.CLOCK]
    assert examine(past, BEGIN + DAY) == []


def test_a_source_that_was_never_reached_is_named_at_once() -> None:
    look = Look(at=BEGIN, counts={"trouble: host not found": 1})
    (alarm,) = examine(Past(source="a", url="https://a.example/", looks=[look]), BEGIN)
    assert (alarm.ailment, alarm.then) == (Ailment.NOT_REACHED, "never heard before")


def test_a_new_source_and_one_without_crawls_are_left_alone() -> None:
    assert examine(Past(source="a", url="https://a.example/"), BEGIN) == []
    paper = Simulated(kind=KIND["daily"], seed=1, days=3, fault=rejected("refused: no article text"), breaks_at=BEGIN)
    assert examine(paper.past(BEGIN + 3 * DAY), BEGIN + 3 * DAY) == []


def test_where_no_source_is_reached_the_network_is_ours() -> None:
    papers = [
        Simulated(kind=KIND[name], seed=2, days=92, fault=unreached(Reason.DNS), breaks_at=BREAKS)
        for name in ("daily", "office", "hourly")
    ]
    now = BREAKS + DAY
    found = examine_all([paper.past(now) for paper in papers], now)
    assert {alarm.cause for alarms in found.values() for alarm in alarms} == {OUR_NETWORK.told}
    alone = examine_all([papers[0].past(now)], now)["daily"]
    assert "gone or has moved" in alone[0].cause


def test_a_dead_feed_is_named() -> None:
    paper = Simulated(kind=KIND["office"], seed=2, days=90)
    now = BEGIN + 90 * DAY
    good = {"error": "HTTP status 404", "good": 600, "first_good_at": BEGIN, "url": "https://office.example/feed"}
    dead = Listing(failures=4, last_good_at=now - DAY / 2, last_checked_at=now, **good)  # type: ignore[arg-type]  # a mixed dict
    once = Listing(failures=1, last_good_at=now - DAY / 2, last_checked_at=now, **good)  # type: ignore[arg-type]  # likewise
    (alarm,) = examine(paper.past(now, [dead]), now)
    assert alarm.ailment is Ailment.LIST_FAILING
    assert "https://office.example/feed" in alarm.help
    assert examine(paper.past(now, [once]), now) == []


def test_nothing_is_too_odd_to_be_looked_at() -> None:
    paper = Simulated(kind=KIND["local"], seed=4, days=60)
    past = paper.past(BEGIN + 60 * DAY)
    for now in (BEGIN, BEGIN + 60 * DAY, BEGIN + timedelta(days=4000)):
        examine(past, now)


@pytest.mark.parametrize("days", [2, 5, 11, 30])
@pytest.mark.parametrize(
    ("kind", "fault", "ailment"),
    [
        ("local", rejected("refused: no article text"), Ailment.NO_TEXT),
        ("office", spoiled(has_authors=False), Ailment.NO_AUTHORS),
        ("office", shortened, Ailment.SHORTER),
        ("daily", silent, Ailment.NOTHING_NEW),
        ("daily", unreached(Reason.DNS), Ailment.NOT_REACHED),
    ],
)
def test_a_fault_that_lasts_stays_named(kind: str, fault: Fault, ailment: Ailment, days: int) -> None:
    assert ailment in {alarm.ailment for alarm in _after(kind, fault, days + 2)}
