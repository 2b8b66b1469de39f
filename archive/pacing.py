"""How often a feed, sitemap, section or whole source is worth asking: as often as it really brings something. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

FIRST = timedelta(hours=1)
SHORTEST = timedelta(minutes=5)
LONGEST = timedelta(days=7)

HARD_FIRST = timedelta(days=1)


class Trouble(StrEnum):
    """How badly a list has failed."""

    TEMPORARY = "temporary"
    """The server or the network: another moment may help."""
    SOFT = "soft"
    """It came, and could not be read."""
    HARD = "hard"
    """It is not there, or not for us."""


_FIRST_REST = {Trouble.TEMPORARY: SHORTEST, Trouble.SOFT: FIRST, Trouble.HARD: HARD_FIRST}


def interval(before: timedelta | None, *, brought: bool) -> timedelta:
    """The time until the next look: half of the last one after something new, half as much again after nothing.

    Raises: nothing.
    """
    last = before or FIRST
    return min(LONGEST, max(SHORTEST, last / 2 if brought else last * 1.5))


def rest(trouble: Trouble, failures: int) -> timedelta:
    """The time until the next look after so many failures in a row: doubled with each. Raises: nothing."""
    return min(LONGEST, _FIRST_REST[trouble] * (1 << min(max(failures - 1, 0), 16)))


DAILY = timedelta(days=1)
"""A source is crawled once a day at least, unless the operator says otherwise: what is silent must be heard of."""

LOOKS_APART = timedelta(minutes=30)
"""How long articles that are to be looked at again are gathered: a crawl asks a handful of lists first, each time."""


def next_crawl(
    at: datetime,
    started_at: datetime,
    *,
    every: timedelta | None,
    lists: datetime | None,
    articles: datetime | None,
) -> datetime:
    """When a source is due again after a crawl that began at `started_at` and ended well at `at`.

    `every` is what the operator has set. Without that it is when the first of its lists is worth asking (`lists`), or
    the first of its articles is to be looked at again (`articles`), within `SHORTEST` and `DAILY`. Raises: nothing.
    """
    if every is not None:
        return max(at, started_at + every)
    moments = [moment for moment in (lists, max(articles, at + LOOKS_APART) if articles else None) if moment]
    return min(at + DAILY, max(at + SHORTEST, min(moments, default=at + DAILY)))


def next_try(at: datetime, started_at: datetime, *, every: timedelta | None, failures: int) -> datetime:
    """When a source is due again whose crawls have failed so often in a row: later each time, up to a day.

    Never sooner than the operator wants it anyway. Raises: nothing.
    """
    again = at + min(DAILY, rest(Trouble.TEMPORARY, failures))
    return max(again, started_at + every) if every is not None else again
