from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.absence import CONFIRM_AFTER, MISSING, Episode, missed, next_look
from archive.models import Reason

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
REASONS = st.sampled_from(sorted(MISSING))


def looks(reason: Reason, *hours: float, status: int = 404) -> Episode:
    episode = None
    for hour in hours:
        episode = missed(episode, reason, status, NOON + hour * HOUR)
    assert episode is not None
    return episode


def test_what_the_server_calls_gone_is_confirmed_by_the_second_look() -> None:
    assert looks(Reason.HTTP_GONE, 0).confirmed_at is None
    assert looks(Reason.HTTP_GONE, 0, 0.5).confirmed_at is None
    assert looks(Reason.HTTP_GONE, 0, 0.5, 1).confirmed_at == NOON + HOUR
    assert looks(Reason.HTTP_GONE, 0, 1).confirmed_at == NOON + HOUR


@pytest.mark.parametrize("status", [410, 451])
def test_what_no_server_says_by_mistake_is_confirmed_by_a_second_look_at_once(status: int) -> None:
    first = looks(Reason.HTTP_GONE, 0, status=status)
    assert first.confirmed_at is None
    assert next_look(first) == NOON
    assert looks(Reason.HTTP_GONE, 0, 0, status=status).confirmed_at == NOON
    mixed = missed(looks(Reason.HTTP_GONE, 0), Reason.HTTP_GONE, status, NOON)
    assert mixed.confirmed_at is None
    assert next_look(mixed) == NOON + 6 * HOUR


@pytest.mark.parametrize("reason", sorted(MISSING - {Reason.HTTP_GONE}))
def test_what_only_looks_like_it_takes_a_third(reason: Reason) -> None:
    assert looks(reason, 0, 1).confirmed_at is None
    assert looks(reason, 0, 1, 7).confirmed_at == NOON + 7 * HOUR


def test_it_is_looked_for_less_and_less_and_at_last_no_more() -> None:
    episode: Episode | None = None
    at: datetime | None = NOON
    waits = []
    while at is not None:
        episode = missed(episode, Reason.WALL, 200, at)
        due = next_look(episode)
        waits.append(due - at if due else None)
        at = due
    assert waits == [HOUR, 6 * HOUR, timedelta(days=7), timedelta(days=23), None]


@given(
    reasons=st.lists(REASONS, min_size=1, max_size=20),
    gaps=st.lists(st.timedeltas(timedelta(0), timedelta(days=40)), min_size=20, max_size=20),
    confirm_after=st.timedeltas(timedelta(0), timedelta(days=3)),
    status=st.sampled_from([None, 200, 404, 410]),
)
def test_nothing_is_gone_before_its_time_and_looks_lie_ahead(
    reasons: list[Reason], gaps: list[timedelta], confirm_after: timedelta, status: int | None
) -> None:
    episode: Episode | None = None
    at = NOON
    for reason, gap in zip(reasons, gaps, strict=False):
        before, episode = episode, missed(episode, reason, status, at, confirm_after)
        if episode.confirmed_at is not None:
            assert episode.probes >= 2
            assert episode.confirmed_at - episode.first_missed_at >= (0 if status == 410 else 1) * confirm_after
        if before is not None and before.confirmed_at is not None:
            assert episode.confirmed_at == before.confirmed_at
        due = next_look(episode, confirm_after)
        assert due is None or due >= at
        assert due is not None or episode.confirmed_at is not None
        at += gap


def test_the_usual_time_to_confirm_is_an_hour() -> None:
    assert CONFIRM_AFTER == HOUR
