"""A date as a page writes it, for machines or for readers, read to a point in time with its precision."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cache

from archive.extraction import calendars, zones
from archive.extraction.calendars import folded, gregorian, language_of
from archive.models import Precision

MAX_VALUE = 100
"""Characters of a date; "Published on Wednesday 11 February 2026 at 12:30 p.m. (Europe/Berlin)" has 66."""
_WIDEST_OFFSET = timedelta(hours=14)
_QUARTER = timedelta(minutes=15)
"""Offsets from UTC are multiples of it."""

_YEAR_FIRST = (
    re.compile(r"(?<!\d)(\d{4})\s?([-./])\s?(\d{1,2})\s?\2\s?(\d{1,2})(?!\d)\.?"),
    re.compile(r"(?<!\d)(\d{4})()\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일号]?"),
    re.compile(r"(?<!\d)((?:19|20)\d{2})()(\d{2})(\d{2})(?!\d)"),
)
"""ISO 8601 and what China, Japan, Korea, Hungary and Lithuania write: the month is the second whatever is between."""
_YEAR_LAST = re.compile(r"(?<![\d.])(\d{1,2})\s?([-./])\s?(\d{1,2})\s?\2\s?(\d{4}|(?<=\.)\d{2})(?![\d:])")
_DAY_AND_YEAR = re.compile(r"(?<!\d)\d{1,2}(?!\d)(?:.*\D)?\d{4}(?!\d)|(?<!\d)\d{4}(?!\d)(?:.*\D)?\d{1,2}(?!\d)")
_NUMBER = re.compile(r"\d+")
_HOUR, _MINUTE, _SECOND = r"(?P<hour>[01]?\d|2[0-3])", r"(?P<minute>[0-5]\d)", r"(?P<second>[0-5]\d)"
_CLOCKS = (
    re.compile(r"^\|T(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?"),
    re.compile(rf"(?<![\d:]){_HOUR}:{_MINUTE}(?::{_SECOND}(?:[.,]\d+)?)?(?!\d)"),
    re.compile(rf"(?<!\d){_HOUR}\s?[時时点點시]\s?(?:{_MINUTE}\s?[分분]?(?:\s?{_SECOND}\s?[秒초])?)?(?!\d)"),
    re.compile(rf"(?<!\d){_HOUR}\s?[hH]\s?{_MINUTE}(?!\d)"),
)
"""A time of day as nothing else is written. The first follows a basic date of ISO 8601."""
_CLOCK_WITH_DOT = re.compile(rf"(?<![\d:.]){_HOUR}\.{_MINUTE}(?:\.{_SECOND})?(?!\.?\d)")
_HOUR_ALONE = re.compile(r"(?<![\d:.])(?P<hour>1[0-2]|0?\d)(?![\d:.]?\d)")
"""An hour only where the half of the day follows: 7 p.m."""
_TAIL = re.compile(
    rf"(?:\s*(?:Uhr|ч\.?|h|น\.))?\s*[(\[]?\s*(?P<zone>[Zz](?![^\W_])|{zones.NAME})?"
    r"(?P<offset>\s?[+-]\d{1,2}(?::?\d{2})?)?(?!\d)"
)
"""The zone behind a clock."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as a page gave it."""

    at: datetime
    """UTC; midnight for a day without time."""
    precision: Precision
    offset: str | None = None
    """The page's own offset from UTC, as `+02:00`; None where it gave none."""
    certain: bool = False
    """Whether the instant is known; a page's time without an offset is taken for UTC, and may be off by hours."""

    @property
    def clock(self) -> datetime:
        """What the page's clock showed, without zone."""
        zone = datetime.fromisoformat(f"2000-01-01T00:00:00{self.offset}").tzinfo if self.offset else UTC
        return self.at.astimezone(zone).replace(tzinfo=None)

    @property
    def day(self) -> "Moment":
        """The day that the page's clock showed, without time."""
        return Moment(self.clock.replace(hour=0, minute=0, second=0, tzinfo=UTC), Precision.DAY)

    def placed(self, timezone: str) -> "Moment":
        """The moment at which a clock in that zone showed this time, if it came without one. Raises: nothing."""
        if self.certain or self.precision is Precision.DAY:
            return self
        offset = zones.offset_in(timezone, self.clock)
        try:
            return self if offset is None else Moment(self.at - offset, self.precision, _written(offset), certain=True)
        except OverflowError:
            return self

    def __str__(self) -> str:
        """ISO 8601 with the page's own offset; a date alone for a day."""
        if self.precision is Precision.DAY:
            return self.at.date().isoformat()
        return f"{self.clock.isoformat()}{self.offset or ''}"


@dataclass(frozen=True, slots=True)
class _Clock:
    """A time of day, and where in a text it stands."""

    hour: int
    minute: int
    second: int | None
    zone: str | None
    offset: str | None
    start: int
    end: int


def parsed(value: str, language: str = "") -> Moment | None:
    """The moment that a text means in the language of its page (a tag such as `en-GB`, or empty).

    None for what is no date, for times relative to now, and for a day and a month whose order the language leaves open
    (03/04/2026 in English). Raises: nothing.
    """
    return usual(meanings(value, language), language)


def usual(meant: tuple[Moment, ...], language: str) -> Moment | None:
    """Of the `meanings` of a text the only one, or the one that the language's order of day and month gives."""
    if len(meant) < 2:
        return next(iter(meant), None)
    tag = language.strip().lower().replace("_", "-")
    if language_of(tag) not in ("en", ""):
        return meant[0]
    region = tag.partition("-")[2]
    if region in ("us", "ph"):
        return meant[1]
    return meant[0] if region and region != "ca" else None


def meanings(value: str, language: str = "") -> tuple[Moment, ...]:
    """All moments that a text may mean: none, one or, where day and month may be exchanged, two (day first).

    Read are ISO 8601, RFC 2822, Unix times in seconds or milliseconds, dates in figures, and those with the name of a
    month in any language, with or without clock and zone. Raises: nothing.
    """
    value = value.strip()
    if re.fullmatch(r"[0-9]{10}(?:[0-9]{3})?", value):
        return (Moment(datetime.fromtimestamp(int(value[:10]), UTC), Precision.SECOND, certain=True),)
    if len(value) > MAX_VALUE or not any(char.isdecimal() for char in value):
        return ()
    text = folded(value)
    days, around = _in_figures(text, language)
    if days is None:
        return _moments(*_named(text, language), language)
    return _moments(days, _clock(around, language), language)


def _in_figures(text: str, language: str) -> tuple[list[date] | None, str]:
    """The days that a date in figures may mean, and the text without it; None where there is no such date."""
    for pattern in _YEAR_FIRST:
        if match := pattern.search(text):
            day = gregorian(int(match[1]), int(match[3]), int(match[4]), language)
            return [day] if day else [], f"{text[: match.start()]}|{text[match.end() :]}"
    match = _YEAR_LAST.search(text)
    if match is None:
        return None, text
    one, other, year = int(match[1]), int(match[3]), int(match[4]) + 2000 * (len(match[4]) == 2)
    orders = [(other, one), (one, other)] if match[2] != "." and one != other else [(other, one)]
    found = [day for number, first in orders if (day := gregorian(year, number, first, language)) is not None]
    return found, f"{text[: match.start()]}|{text[match.end() :]}"


def _named(text: str, language: str) -> tuple[list[date], _Clock | None]:
    """The day of a date with the name of a month, beside which stand its day and its year and no other number."""
    clock = _clock(text, language)
    rest = (f"{text[: clock.start]}|{text[clock.end :]}" if clock is not None else text).casefold()
    found = calendars.month(rest, language) if _DAY_AND_YEAR.search(rest) else None
    if found is None:
        return [], None
    number, start, end = found
    figures = _NUMBER.findall(f"{rest[:start]}|{rest[end:]}")
    years = [int(figure) for figure in figures if len(figure) == 4]
    days = [int(figure) for figure in figures if len(figure) <= 2]
    if len(figures) != 2 or len(years) != 1 or len(days) != 1:
        return [], None
    day = gregorian(years[0], number, days[0], language)
    return ([day] if day else []), clock


def _clock(text: str, language: str) -> _Clock | None:
    """The time of day in a text from which a date in figures was taken out; None where there is none."""
    first, second = _halves(language_of(language))
    match = next((found for pattern in _CLOCKS if (found := pattern.search(text))), None)
    if match is None:
        hours = _HOUR_ALONE.finditer(text)
        match = next((hour for hour in hours if first.match(text, hour.end()) or second.match(text, hour.end())), None)
    match = match or _CLOCK_WITH_DOT.search(text)
    if match is None:
        return None
    said = match.groupdict()
    hour, start, end = int(said["hour"]), match.start(), match.end()
    for pattern, later in ((first, 0), (second, 12)):
        behind, before = pattern.match(text, end), pattern.search(text[:start])
        if behind or (before and before.end() == start):
            hour = hour % 12 + later if hour <= 12 else hour
            start, end = before.start() if before and not behind else start, behind.end() if behind else end
            break
    tail = _TAIL.match(text, end)
    zone, offset, end = (tail["zone"], tail["offset"], tail.end()) if tail else (None, None, end)
    seconds = said.get("second")
    return _Clock(hour, int(said.get("minute") or 0), int(seconds) if seconds else None, zone, offset, start, end)


@cache
def _halves(language: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The words for the first and the second half of the day, with the spaces beside them."""
    first, second = (rf"\s?(?<![^\W\d_])(?:{names})(?![^\W\d_])\s?" for names in calendars.halves(language))
    return re.compile(first, re.IGNORECASE), re.compile(second, re.IGNORECASE)


def _moments(days: list[date], clock: _Clock | None, language: str) -> tuple[Moment, ...]:
    """The moments of a clock on each of the days; the days alone where there is no clock."""
    return tuple(moment for day in days for moment in _moment(day, clock, language))


def _moment(day: date, clock: _Clock | None, language: str) -> Iterator[Moment]:
    if clock is None:
        yield Moment(datetime.combine(day, time(), UTC), Precision.DAY)
        return
    try:
        at = datetime.combine(day, time(clock.hour, clock.minute, clock.second or 0))
        precision = Precision.MINUTE if clock.second is None else Precision.SECOND
        offset = _offset(clock.zone, clock.offset, at, language)
        if offset is None:
            yield Moment(at.replace(tzinfo=UTC), precision)
            return
        yield Moment(at.replace(tzinfo=timezone(offset)).astimezone(UTC), precision, _written(offset), certain=True)
    except (ValueError, OverflowError):
        return


def _offset(name: str | None, figures: str | None, at: datetime, language: str) -> timedelta | None:
    """The offset from UTC that stands behind a clock: in figures, also after UTC or GMT, or by a zone's name."""
    if figures:
        digits = figures.strip()[1:].replace(":", "")
        hours, minutes = (int(digits), 0) if len(digits) <= 2 else divmod(int(digits), 100)
        offset = timedelta(hours=hours, minutes=minutes) * (-1 if "-" in figures else 1)
        return offset if abs(offset) <= _WIDEST_OFFSET and not offset % _QUARTER else None
    if name is None:
        return None
    return timedelta() if name in ("Z", "z") else zones.offset(name, at, language)


def _written(offset: timedelta) -> str:
    minutes = int(abs(offset).total_seconds() // 60)
    return f"{'-' if offset < timedelta() else '+'}{minutes // 60:02d}:{minutes % 60:02d}"
