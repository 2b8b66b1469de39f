from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.pacing import (
    DAILY,
    FIRST,
    LONGEST,
    LOOKS_APART,
    SHORTEST,
    Trouble,
    interval,
    next_crawl,
    next_try,
    rest,
)


@given(st.lists(st.booleans(), max_size=60))
def test_intervals_stay_in_their_bounds_and_follow_what_comes(visits: list[bool]) -> None:
    every: timedelta | None = None
    for brought in visits:
        before = every or FIRST
        every = interval(every, brought=brought)
        assert SHORTEST <= every <= LONGEST
        assert every <= before if brought else every >= before


@given(st.sampled_from(Trouble), st.integers(min_value=-1, max_value=10**9))
def test_rests_stay_in_their_bounds_and_never_shrink(trouble: Trouble, failures: int) -> None:
    assert SHORTEST <= rest(trouble, failures) <= rest(trouble, failures + 1) <= LONGEST


@pytest.mark.parametrize("failures", range(1, 12))
def test_what_is_not_there_rests_longer_than_what_stumbles(failures: int) -> None:
    temporary, soft, hard = (rest(trouble, failures) for trouble in Trouble)
    assert temporary <= soft <= hard
    assert rest(Trouble.TEMPORARY, 1) < rest(Trouble.SOFT, 1) < rest(Trouble.HARD, 1)


def test_steady_news_is_asked_for_often_and_silence_seldom() -> None:
    often = seldom = FIRST
    for _ in range(20):
        often, seldom = interval(often, brought=True), interval(seldom, brought=False)
    assert (often, seldom) == (SHORTEST, LONGEST)


AT = datetime(2026, 11, 25, 12, tzinfo=UTC)
BEGAN = AT - timedelta(minutes=2)
moments = st.none() | st.integers(min_value=-(10**7), max_value=10**7).map(lambda s: AT + timedelta(seconds=s))


@given(lists=moments, articles=moments)
def test_a_source_is_crawled_within_the_day_and_not_all_the_time(
    lists: datetime | None, articles: datetime | None
) -> None:
    assert AT + SHORTEST <= next_crawl(AT, BEGAN, every=None, lists=lists, articles=articles) <= AT + DAILY


@pytest.mark.parametrize(
    ("lists", "articles", "expected"),
    [
        (None, None, DAILY),
        (timedelta(hours=2), None, timedelta(hours=2)),
        (timedelta(hours=2), timedelta(hours=1), timedelta(hours=1)),
        (timedelta(hours=2), timedelta(minutes=1), LOOKS_APART),
        (timedelta(minutes=-5), None, SHORTEST),
        (timedelta(days=5), timedelta(days=9), DAILY),
    ],
)
def test_a_source_is_due_with_the_first_of_what_it_has(
    lists: timedelta | None, articles: timedelta | None, expected: timedelta
) -> None:
    due = next_crawl(
        AT,
        BEGAN,
        every=None,
        lists=None if lists is None else AT + lists,
        articles=None if articles is None else AT + articles,
    )
    assert due == AT + expected


def test_what_the_operator_has_set_counts_from_the_start_of_a_crawl() -> None:
    hourly = next_crawl(AT, BEGAN, every=timedelta(hours=1), lists=AT, articles=AT)
    assert hourly == BEGAN + timedelta(hours=1)
    assert next_crawl(AT, BEGAN, every=timedelta(minutes=1), lists=None, articles=None) == AT


@given(st.integers(min_value=1, max_value=10**9))
def test_what_fails_is_tried_later_each_time_and_within_the_day(failures: int) -> None:
    tries = [next_try(AT, BEGAN, every=None, failures=number) for number in (failures, failures + 1)]
    assert AT + SHORTEST <= tries[0] <= tries[1] <= AT + DAILY
    weekly = next_try(AT, BEGAN, every=timedelta(days=7), failures=failures)
    assert weekly == BEGAN + timedelta(days=7)
