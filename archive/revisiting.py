"""When an article is looked at again: at growing ages, and when a list says that it was modified. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from archive.absence import CONFIRM_AFTER
from archive.errors import ConfigError
from archive.models import CanonicalUrl
from archive.when import length_of_time

AGES = (
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
    timedelta(days=3),
    timedelta(days=7),
    timedelta(days=30),
)

MOST_SECONDS = 366 * 86_400

OLD = timedelta(days=30)
"""How old an article must be when it comes, to be taken for a part of a back catalogue."""

EARLY = timedelta(minutes=10)
"""How much before its age an article is due, but never more than a tenth of the age: a crawl that comes every hour
comes a little before the hour is over that began when the last one fetched the article."""

SOONEST = timedelta(hours=1)
"""How long after a look that found nothing changed an announced modification lets an article be asked for again."""

TELLING_BELOW = 10
"""Entries from which on a list must tell them apart, if its times of modification are to count."""
ABOUT_NOW = timedelta(minutes=15)

_FEW_LOST = 10
"""Entries that any list may lose from one reading to the next."""

SETTING = "revisit"
CONFIRM_SETTING = "gone_confirm_seconds"


class Why(StrEnum):
    """Why an article is looked at again."""

    DUE = "due for another look"
    MODIFIED = "said to be modified since"
    UNLISTED = "no longer in its list"
    MISSING = "missing, and looked for again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How a source's articles are looked at again."""

    ages: tuple[timedelta, ...] = AGES
    confirm_after: timedelta = CONFIRM_AFTER
    """How long an article must have been missing, at least, before it counts as gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """The times from which an article's age counts."""

    first_seen_at: datetime
    dated_at: datetime | None = None
    """The latest time that its page gives for its publication, or a list for that or its modification, before it
    came."""
    edited_at: datetime | None = None
    """When its newest revision was seen; None for one that was never edited."""
    share: float = 0.0
    """A number from 0 to 1 that spreads the looks at old articles."""


def plan_of(settings: Mapping[str, object], confirm_after: timedelta = CONFIRM_AFTER) -> Plan:
    """The plan of a source with these settings: `revisit` and `gone_confirm_seconds`, or what is usual.

    Raises ConfigError for a setting that is no such thing.
    """
    told = settings.get(CONFIRM_SETTING, confirm_after.total_seconds())
    if isinstance(told, bool) or not isinstance(told, int | float) or not 0 <= told <= MOST_SECONDS:
        raise ConfigError(f"the source's setting {CONFIRM_SETTING} is {told!r}: write a number of seconds")
    return Plan(ages=ages_of(settings), confirm_after=timedelta(seconds=told))


def ages_of(settings: Mapping[str, object]) -> tuple[timedelta, ...]:
    """The ages at which a source's articles are looked at again: its setting `revisit`, as `["1h", "3d"]`, or `AGES`.

    An empty list means never. Raises ConfigError for anything that is no list of such lengths of time.
    """
    told = settings.get(SETTING)
    if told is None:
        return AGES
    if not isinstance(told, list) or not all(isinstance(age, str) for age in told):
        raise ConfigError(f'the source\'s setting {SETTING} is {told!r}: write a list of ages, such as ["1h", "3d"]')
    return tuple(sorted({length_of_time(age) for age in told}))


def next_visit(now: datetime, life: Life, ages: Sequence[timedelta] = AGES) -> datetime | None:
    """When an article comes to the first of the ages that it has not reached; None after the last. Raises: nothing.

    Age counts from when the archive first had it, and from its last edit anew: what was edited once is likely to be
    again. One that was `OLD` when it came, and that nobody has edited since, is looked at once, at the last age or up
    to as long again after it: a back catalogue comes in one crawl, and must not be due in one.
    """
    last = max(ages, default=None)
    if last is None:
        return None
    if life.edited_at is None and life.first_seen_at - (life.dated_at or life.first_seen_at) >= OLD:
        due = life.first_seen_at + last * (1 + life.share)
        return due if due > now else None
    base = max(life.first_seen_at, life.edited_at or life.first_seen_at)
    return next((due for age in sorted(ages) if (due := base + age - min(EARLY, age / 10)) > now), None)


def is_made_up(modified: Sequence[datetime], at: datetime) -> bool:
    """Whether a list, read `at`, gives its entries the time at which it was made itself. Raises: nothing."""
    return len(modified) >= TELLING_BELOW and all(abs(at - moment) <= ABOUT_NOW for moment in modified)


def tells(modified: Sequence[datetime], at: datetime) -> bool:
    """Whether a list, read `at`, says with these times which of its entries were modified. Raises: nothing.

    Many a sitemap gives every entry the time at which it was made itself.
    """
    if len(modified) < TELLING_BELOW:
        return True
    return len(set(modified)) > 1 and not is_made_up(modified, at)


def lost(before: Sequence[tuple[CanonicalUrl, datetime | None]], there: Collection[str]) -> list[CanonicalUrl]:
    """What a list has no longer of what it had `before`, though it still has older entries. Raises: nothing.

    Most lists have the newest entries only: the oldest ones leave by themselves, and what has no date may be one.
    """
    oldest = min((at for url, at in before if at is not None and url in there), default=None)
    if oldest is None:
        return []
    return [url for url, at in before if url not in there and at is not None and at > oldest]


def most_lost(listed: int) -> int:
    """How many articles a list of so many can have lost since it was last read, if it is still the same list.

    One that suddenly has a fraction of what it had was cut off, or made anew by another rule. Raises: nothing.
    """
    return max(_FEW_LOST, listed // 10)
