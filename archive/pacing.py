"""How often a feed, sitemap or section is worth asking: as often as it really brings something. Pure."""

from datetime import timedelta
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
