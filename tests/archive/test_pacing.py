from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.pacing import FIRST, LONGEST, SHORTEST, Trouble, interval, rest


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
