import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.health import odds

groups = st.lists(st.integers(0, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), max_size=12)
counts = st.lists(st.integers(0, 5_000), max_size=20)


@given(groups, groups)
def test_a_share_has_a_chance(now: list[tuple[int, int]], before: list[tuple[int, int]]) -> None:
    hits, trials = (sum(column) for column in zip(*now, strict=True)) if now else (0, 0)
    assert 0 <= odds.share_tail(hits, trials, before) <= 1


@given(st.integers(0, 5_000), counts, counts)
def test_counts_and_lengths_have_a_chance(value: int, before: list[int], others: list[int]) -> None:
    assert 0 <= odds.low_tail(value, before) <= 1
    assert 0 <= odds.smaller_tail(others, before) <= 1


@given(st.floats(0, 1e6), st.lists(st.floats(0, 1e4), max_size=20))
def test_an_outage_has_a_chance(hours: float, outages: list[float]) -> None:
    assert 0 <= odds.outage_tail(hours, outages) <= 1


def test_the_tail_of_shares_is_the_beta_binomial_one() -> None:
    # with the flat part of the prior alone: 3 of 3 where 0 of 40 were, by the products of the beta function
    exact = (0.5 * 1.5 * 2.5) / (41 * 42 * 43)
    assert odds.share_tail(3, 3, [(0, 10)] * 4) == pytest.approx(exact)
    assert odds.share_tail(1, 10, [(10, 100)] * 4) > 0.5


def test_what_differs_from_day_to_day_is_allowed_to() -> None:
    steady, uneven = [(2, 20)] * 10, [(0, 20), (4, 20)] * 5
    assert odds.dispersion(steady) == 1.0
    assert odds.dispersion(uneven) > 1.9
    assert odds.share_tail(8, 20, uneven) > odds.share_tail(8, 20, steady)


def test_students_tail_is_near_the_table() -> None:
    for t, freedom, p in ((1.812, 10, 0.05), (2.764, 10, 0.01), (4.144, 10, 0.001), (3.365, 5, 0.01)):
        assert odds.student_tail(t, freedom) == pytest.approx(p, rel=0.05)
        assert odds.student_tail(-t, freedom) == pytest.approx(1 - p, rel=0.05)


def test_a_few_odd_weeks_do_not_hide_a_low_one() -> None:
    weeks = [100, 95, 104, 99, 400, 101, 98, 3, 102, 97]
    assert odds.low_tail(20, weeks) < 0.001
    assert odds.low_tail(90, weeks) > 0.05


def test_the_rank_test_agrees_with_its_definition() -> None:
    small, large = [1.0, 2, 3, 4, 5], [6.0, 7, 8, 9, 10, 11]
    assert odds.smaller_tail(small, large) == pytest.approx(1 / math.comb(11, 5), rel=2.5)
    assert odds.smaller_tail(large, small) > 0.99
    assert odds.smaller_tail([7.0] * 6, [7.0] * 6) > 0.4


def test_long_outages_are_as_odd_as_earlier_ones_were_short() -> None:
    assert odds.outage_tail(0, []) == 1
    assert odds.outage_tail(24, []) == pytest.approx(0.04)
    assert odds.outage_tail(24, [20.0, 30.0, 25.0]) > 0.1
    assert odds.outage_tail(24, [0.5] * 10) < 1e-3
