from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import ConfigError
from archive.revisiting import ABOUT_NOW, AGES, ages_of, next_visit, tells

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TIMES = st.timedeltas(timedelta(days=-9000), timedelta(days=9000)).map(lambda age: NOON + age)


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (timedelta(0), HOUR),
        (timedelta(minutes=59), HOUR),
        (HOUR, 6 * HOUR),
        (2 * DAY, 3 * DAY),
        (29 * DAY, 30 * DAY),
        (30 * DAY, None),
        (3650 * DAY, None),
    ],
)
def test_the_next_visit_is_at_the_next_age(age: timedelta, expected: timedelta | None) -> None:
    due = next_visit(NOON, first_seen_at=NOON, published_at=NOON - age)
    assert due == (None if expected is None else NOON - age + expected)


def test_a_publication_after_we_met_the_article_is_none() -> None:
    assert next_visit(NOON, first_seen_at=NOON, published_at=NOON + DAY) == NOON + HOUR


def test_what_was_edited_is_young_again() -> None:
    long_ago = NOON - 400 * DAY
    assert next_visit(NOON, first_seen_at=long_ago, edited_at=NOON) == NOON + HOUR


@given(
    now=TIMES,
    first=TIMES,
    published=st.none() | TIMES,
    edited=st.none() | TIMES,
    ages=st.lists(st.timedeltas(timedelta(0), timedelta(days=900)), max_size=6),
)
def test_a_visit_is_always_ahead_and_at_one_of_the_ages(
    now: datetime, first: datetime, published: datetime | None, edited: datetime | None, ages: list[timedelta]
) -> None:
    due = next_visit(now, first_seen_at=first, published_at=published, edited_at=edited, ages=ages)
    if due is not None:
        assert due > now
        assert any(due - age in (first, published, edited) for age in ages)


@given(first=TIMES, published=st.none() | TIMES)
def test_an_article_that_is_never_edited_is_looked_at_no_more_often_than_there_are_ages(
    first: datetime, published: datetime | None
) -> None:
    now, visits = first, 0
    while due := next_visit(now, first_seen_at=first, published_at=published):
        now, visits = due, visits + 1
    assert visits <= len(AGES)


def test_a_source_says_its_own_ages() -> None:
    assert ages_of({}) == AGES
    assert ages_of({"revisit": ["2d", "90m"]}) == (timedelta(minutes=90), timedelta(days=2))
    assert ages_of({"revisit": []}) == ()
    for wrong in ("1h", ["soon"], [3600], {"1h": 1}):
        with pytest.raises(ConfigError):
            ages_of({"revisit": wrong})


def test_a_list_that_gives_all_entries_one_time_tells_nothing() -> None:
    day_before = NOON - DAY
    assert tells([day_before] * 9, NOON)
    assert not tells([day_before] * 10, NOON)
    assert tells([day_before] * 9 + [NOON - HOUR], NOON)
    assert not tells([NOON - ABOUT_NOW / 20 * number for number in range(12)], NOON)
    assert tells([NOON - HOUR * number for number in range(12)], NOON)
