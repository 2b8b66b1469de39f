"""When something uses to happen, hour by hour of the week, and how odd the present pause is. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from archive.health.odds import jeffreys

HOUR = timedelta(hours=1)
WEEK = 168
"""Hours."""

LEAST_DAYS = 14
"""Two of each day of the week: a rhythm of less is none."""
LEAST_PAUSES = 5

_BELIEF = 2.0
"""Weeks for which the product of day and hour counts in the expectation for an hour of the week, beside what was seen
there: with few weeks a rhythm is told by its days and its hours, with many by each hour for itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """How long nothing has happened, against the pauses before."""

    since: datetime
    """When it happened last."""
    missed: float
    """How many hours with something there should have been since."""
    chance: float
    """Of a pause as long as this one after any of the hours with something."""
    a_year: float
    """How many pauses there are in a year: each is a chance for a false alarm."""
    longest: timedelta
    """The longest pause before."""


def pause(moments: Sequence[datetime], *, begin: datetime, end: datetime) -> Pause | None:
    """How odd it is that nothing happened from the last of the `moments` to `end`; None where too little is known.

    Time is measured in the hours in which something was to be expected, as each hour of the week has been from `begin`
    to the last moment: a night, or the six days between two issues of a weekly paper, are no time at all. The chance
    that a pause misses one such hour, and that it goes on to miss the next, are those of the earlier pauses (a Markov
    chain; Jeffreys' prior for the first, a third for the second where nothing is known: who never paused may still
    keep holidays). Raises: nothing.
    """
    first = _hour(begin)
    hours = sorted({hour for moment in moments if first <= (hour := _hour(moment)) <= _hour(end)})
    if len(hours) <= LEAST_PAUSES or hours[-1] - first < LEAST_DAYS * 24:
        return None
    expected = _expected(hours, first)
    gaps = [_sum(expected, earlier + 1, later) for earlier, later in pairwise(hours)]
    lengths = [int(gap) for gap in gaps]
    starts = sum(length > 0 for length in lengths)
    begins = jeffreys(starts, len(lengths))
    goes_on = (sum(lengths) - starts + 0.5) / (sum(lengths) + 1.5)
    missed = _sum(expected, hours[-1] + 1, _hour(end))
    days = (hours[-1] - hours[0]) / 24
    return Pause(
        since=max(moment for moment in moments if moment <= end),
        missed=missed,
        chance=begins * goes_on ** (int(missed) - 1) if missed >= 1 else 1.0,
        a_year=len(gaps) / days * 365,
        longest=max(later - earlier for earlier, later in pairwise(hours)) * HOUR,
    )


def _hour(moment: datetime) -> int:
    """The number of an hour, Monday at midnight (UTC) being 0 of its week."""
    return int(moment.timestamp() - _MONDAY) // 3600


_MONDAY = datetime(1970, 1, 5, tzinfo=UTC).timestamp()


def _expected(hours: Sequence[int], first: int) -> list[float]:
    """The share of weeks in which something happens in each hour of the week, an hour's delay allowed for."""
    last = hours[-1]
    weeks, rest = divmod(last + 1 - first, WEEK)
    seen, there = [0.0] * WEEK, [weeks] * WEEK
    for hour in range(last + 1 - rest, last + 1):
        there[hour % WEEK] += 1
    for hour in hours:
        seen[hour % WEEK] += 1
    mean = len(hours) / (last + 1 - first)
    days = [sum(seen[day * 24 : day * 24 + 24]) / sum(there[day * 24 : day * 24 + 24]) for day in range(7)]
    times = [sum(seen[time::24]) / sum(there[time::24]) for time in range(24)]
    shares = [
        (seen[n] + _BELIEF * min(1.0, days[n // 24] * times[n % 24] / mean)) / (there[n] + _BELIEF) for n in range(WEEK)
    ]
    return [0.25 * shares[n - 1] + 0.5 * shares[n] + 0.25 * shares[(n + 1) % WEEK] for n in range(WEEK)]


def _sum(expected: Sequence[float], start: int, end: int) -> float:
    """What is expected from the hour `start` to the one before `end`."""
    weeks, rest = divmod(max(0, end - start), WEEK)
    return weeks * sum(expected) + sum(expected[hour % WEEK] for hour in range(end - rest, end))
