"""When an article that is no longer at its address counts as gone, and when it is looked for again. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from archive.models import Reason

CONFIRM_AFTER = timedelta(hours=1)
"""How long an article must have been missing, at least, before it counts as gone."""

MISSING = frozenset(
    {
        Reason.HTTP_GONE,
        Reason.REDIRECTED_AWAY,
        Reason.REDIRECT_KNOWN,
        Reason.WALL,
        Reason.ERROR_PAGE,
        Reason.SECTION_PAGE,
    }
)
"""What is found in the place of an article that was taken away. Not what says more of our reading, or of the moment,
than of the article: a page without text, a server error, a robots.txt that forbids it."""

_PLAIN = frozenset({Reason.HTTP_GONE})
"""What the server itself calls gone (404, 410, 451); of everything else it takes one look more to be sure."""
_LOOKS_PLAIN, _LOOKS = 2, 3
_MEANT = frozenset({410, 451})
"""What no server says by mistake, as it may say 404 for a moment (RFC 9110, 15.5.11; RFC 7725): the second look need
not wait for the moment to pass."""

_WAITS = (1, 6, 24)
"""Until the next look, after each that missed it, in units of the time to confirm."""
_COMEBACKS = (timedelta(days=7), timedelta(days=30))
"""When to look for one that is gone, after it was confirmed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """A time in which an article is missing."""

    first_missed_at: datetime
    last_missed_at: datetime
    probes: int
    """How often it was looked for in vain."""
    reason: Reason
    """What was found in its place last."""
    status: int | None
    confirmed_at: datetime | None = None
    """When it came to count as gone."""


def missed(
    before: Episode | None, reason: Reason, status: int | None, at: datetime, confirm_after: timedelta = CONFIRM_AFTER
) -> Episode:
    """The episode after a look in vain; it begins one where there is none. Raises: nothing."""
    if before is None:
        return Episode(first_missed_at=at, last_missed_at=at, probes=1, reason=reason, status=status)
    now = replace(before, last_missed_at=at, probes=before.probes + 1, reason=reason, status=status)
    looks = _LOOKS_PLAIN if reason in _PLAIN else _LOOKS
    is_meant = {before.status, status} <= _MEANT
    if now.confirmed_at is None and now.probes >= looks and (is_meant or at - now.first_missed_at >= confirm_after):
        return replace(now, confirmed_at=at)
    return now


def next_look(episode: Episode, confirm_after: timedelta = CONFIRM_AFTER) -> datetime | None:
    """When to look for it again; None for never, long after it was confirmed to be gone. Raises: nothing.

    At once after a first 410 or 451: the crawl that has met it looks a second time before it ends.
    """
    if episode.confirmed_at is not None:
        passed = episode.last_missed_at - episode.confirmed_at
        wait = next((wait for wait in _COMEBACKS if wait > passed), None)
        return None if wait is None else episode.confirmed_at + wait
    if episode.probes < _LOOKS_PLAIN and episode.status in _MEANT:
        return episode.last_missed_at
    return episode.last_missed_at + confirm_after * _WAITS[min(episode.probes, len(_WAITS)) - 1]
