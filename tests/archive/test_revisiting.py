from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import ConfigError
from archive.models import CanonicalUrl
from archive.revisiting import ABOUT_NOW, AGES, Life, ages_of, is_made_up, lost, most_lost, next_visit, tells

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TIMES = st.timedeltas(timedelta(days=-9000), timedelta(days=9000)).map(lambda age: NOON + age)


LIVES = st.builds(
    Life,
    first_seen_at=TIMES,
    dated_at=st.none() | TIMES,
    edited_at=st.none() | TIMES,
    share=st.floats(min_value=0, max_value=1, exclude_max=True),
)


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (timedelta(0), HOUR),
        (timedelta(minutes=53), HOUR),
        (timedelta(minutes=55), 6 * HOUR),
        (HOUR, 6 * HOUR),
        (2 * DAY, 3 * DAY),
        (29 * DAY, 30 * DAY),
        (30 * DAY, None),
        (3650 * DAY, None),
    ],
)
def test_the_next_visit_is_a_little_before_the_next_age(age: timedelta, expected: timedelta | None) -> None:
    due = next_visit(NOON, Life(first_seen_at=NOON - age))
    early = timedelta(minutes=6 if expected == HOUR else 10)
    assert due == (None if expected is None else NOON - age + expected - early)


@pytest.mark.parametrize("dated", [None, NOON - 29 * DAY, NOON - HOUR])
def test_what_is_no_older_than_all_ages_begins_with_the_first(dated: datetime | None) -> None:
    assert next_visit(NOON, Life(first_seen_at=NOON, dated_at=dated)) == NOON + timedelta(minutes=54)


def test_old_articles_are_looked_at_once_and_not_all_at_once() -> None:
    dues = set()
    for number in range(100):
        life = Life(first_seen_at=NOON, dated_at=NOON - 400 * DAY, share=number / 100)
        due = next_visit(NOON, life)
        assert due is not None
        assert next_visit(due, life) is None
        dues.add(due)
    assert len(dues) == 100
    assert min(dues) == NOON + 30 * DAY
    assert max(dues) < NOON + 60 * DAY


def test_what_was_edited_is_young_again() -> None:
    long_ago = NOON - 400 * DAY
    edited = Life(first_seen_at=long_ago, dated_at=long_ago - 400 * DAY, edited_at=NOON)
    assert next_visit(NOON, edited) == NOON + timedelta(minutes=54)


@given(now=TIMES, life=LIVES, ages=st.lists(st.timedeltas(timedelta(0), timedelta(days=900)), max_size=6))
def test_a_visit_is_always_ahead(now: datetime, life: Life, ages: list[timedelta]) -> None:
    due = next_visit(now, life, ages)
    assert due is None or due > now
    if not ages:
        assert due is None


@given(life=LIVES.filter(lambda life: life.edited_at is None))
def test_an_article_that_is_never_edited_is_looked_at_no_more_often_than_there_are_ages(life: Life) -> None:
    now, visits = life.first_seen_at, 0
    while due := next_visit(now, life):
        now, visits = due, visits + 1
    assert 1 <= visits <= len(AGES)


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


def test_a_list_that_gives_the_time_at_which_it_was_made_has_made_that_up() -> None:
    assert is_made_up([NOON] * 10, NOON)
    assert is_made_up([NOON - ABOUT_NOW / 20 * number for number in range(12)], NOON)
    assert not is_made_up([NOON] * 9, NOON)
    assert not is_made_up([NOON - DAY] * 10, NOON)
    assert not is_made_up([NOON] * 10 + [NOON - HOUR], NOON)


def test_a_list_that_has_lost_many_is_another_list() -> None:
    assert [most_lost(listed) for listed in (0, 20, 100, 50_000)] == [10, 10, 10, 5_000]


ENTRIES = [CanonicalUrl(f"https://a.example/{number}") for number in range(6)]


def test_what_a_list_of_the_newest_has_no_longer_is_lost_only_if_it_has_older_ones() -> None:
    before = [(url, NOON + number * HOUR) for number, url in enumerate(ENTRIES)]
    assert lost(before, set(ENTRIES[2:])) == []
    assert lost(before, {*ENTRIES[1:3], *ENTRIES[4:]}) == [ENTRIES[3]]
    assert lost(before, set()) == []
    assert lost([(url, None) for url in ENTRIES], set(ENTRIES[:3])) == []
    assert lost([(url, NOON) for url in ENTRIES], set(ENTRIES[:3])) == []
