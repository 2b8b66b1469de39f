"""A point in time as a person writes it, and as the archive keeps it."""

import re
from datetime import UTC, datetime, timedelta

from dateutil import parser

from archive.errors import ConfigError

_AGE = re.compile(r"(\d+)\s*([smhdw])", re.IGNORECASE)
_UNIT = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_SECONDS = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}


def point_in_time(text: str, now: datetime) -> datetime:
    """The time that `2d`, `12h` or `3w` (before `now`) means, or a date as ISO 8601 writes it.

    UTC where the date names no zone. Raises ConfigError for anything else.
    """
    if _AGE.fullmatch(text.strip()):
        try:
            return now - length_of_time(text)
        except OverflowError as error:
            raise ConfigError(f"{text!r} is longer ago than there are dates") from error
    try:
        moment = parser.isoparse(text.strip())
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise ConfigError(
            f"{text!r} is no time: write an age such as 2d, 12h or 3w, or a date such as 2026-11-01"
        ) from error


def length_of_time(text: str) -> timedelta:
    """What `30m`, `12h`, `2d` or `3w` means. Raises ConfigError for anything else."""
    age = _AGE.fullmatch(text.strip())
    if age is None:
        raise ConfigError(f"{text!r} is no length of time: write it as 30m, 12h, 2d or 3w")
    try:
        return timedelta(**{_UNIT[age[2].lower()]: int(age[1])})
    except (OverflowError, ValueError) as error:
        raise ConfigError(f"{text!r} is longer than there are dates") from error


def written(length: timedelta) -> str:
    """A length of time, whole seconds, as `length_of_time` reads it: in the largest unit that has it whole.

    Raises: nothing.
    """
    seconds = int(length.total_seconds())
    unit = next((unit for unit, size in _SECONDS.items() if seconds and not seconds % size), "s")
    return f"{seconds // _SECONDS[unit]}{unit}"


def stamp(moment: datetime) -> str:
    """An aware time as the archive writes it: UTC, ISO 8601 with seconds and `Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
