"""When an article is looked at again: at growing ages, and when a list says that it was modified. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from archive.absence import CONFIRM_AFTER
from archive.errors import ConfigError
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

SOONEST = timedelta(hours=1)
"""How long after the last look an announced modification lets an article be asked for, at the soonest."""

TELLING_BELOW = 10
"""Entries from which on a list must tell them apart, if its times of modification are to count."""
ABOUT_NOW = timedelta(minutes=15)

SETTING = "revisit"
CONFIRM_SETTING = "gone_confirm_seconds"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How a source's articles are looked at again."""

    ages: tuple[timedelta, ...] = AGES
    confirm_after: timedelta = CONFIRM_AFTER
    """How long an article must have been missing, at least, before it counts as gone."""


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


def next_visit(
    now: datetime,
    *,
    first_seen_at: datetime,
    published_at: datetime | None = None,
    edited_at: datetime | None = None,
    ages: Sequence[timedelta] = AGES,
) -> datetime | None:
    """The first of the ages that lies after `now`; None when there is none. Raises: nothing.

    Age counts from publication, if that is known and was before we met the article; and from the last edit anew: what
    was edited once is likely to be again.
    """
    base = published_at if published_at is not None and published_at <= first_seen_at else first_seen_at
    if edited_at is not None:
        base = max(base, edited_at)
    passed = now - base
    wait = next((age for age in sorted(ages) if age > passed), None)
    return None if wait is None else base + wait


def tells(modified: Sequence[datetime], at: datetime) -> bool:
    """Whether a list, read `at`, says with these times which of its entries were modified. Raises: nothing.

    Many a sitemap gives every entry the time at which it was made itself.
    """
    if len(modified) < TELLING_BELOW:
        return True
    (_, most), *_ = Counter(modified).most_common(1)
    near = sum(abs(at - moment) <= ABOUT_NOW for moment in modified)
    return most < len(modified) and near < len(modified)
