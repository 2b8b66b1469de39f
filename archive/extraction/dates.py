"""When an article was published and changed: every date that a page gives, with its offset and its precision."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import partial

from dateutil import parser as dateutil_parser
from htmldate import find_date
from lxml.html import HtmlElement

from archive.extraction.metatags import Metas
from archive.extraction.metatags import readings as meta_readings
from archive.extraction.readings import Reading, distinct
from archive.extraction.structured import Item, texts
from archive.models import Candidate, EndpointKind, Method, Precision

_EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
"""Before it there was no news site; what claims so is a CMS's default (1970, 1900) or the date of the matter told."""
_AHEAD = timedelta(minutes=5)
"""How far a publisher's clock may run ahead of ours."""
_WIDEST_OFFSET = timedelta(hours=14)
_QUARTER = timedelta(minutes=15)
"""Offsets from UTC are multiples of it."""
_OF_THE_PAGE = frozenset((Method.META, Method.HTML))
"""Where the time of day is as often the page's last change as the article's publication."""
_MAX_TIMES = 200
"""`time` elements read of one page."""
_MAX_VALUE = 60
"""Characters of a date."""

_NO_DATE = datetime(2000, 1, 1)  # noqa: DTZ001  a default with a zone would hide that the page gave none
_ISO = re.compile(
    r"(?P<date>\d{4}-\d{2}-\d{2})(?:[T\s]\s*(?P<hour>\d{1,2})(?P<minute>:\d{2})(?P<second>:\d{2})?(?:[.,]\d+)?"
    r"\s*(?P<half>[ap]\.?m\b\.?)?\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?",
    re.IGNORECASE,
)
_YEAR_FIRST = re.compile(r"(\d{4})([./])\s?(\d{1,2})\2\s?(\d{1,2})(?!\d)\.?")
"""As China, Japan, Korea and Hungary write a day: the month is the second whatever is between."""
_CLOCK = re.compile(r"\d{1,2}:\d{2}(:\d{2})?")
_AMBIGUOUS = re.compile(r"(?:0?[1-9]|1[0-2])/(?:0?[1-9]|1[0-2])/\d{4}\b")
"""Day and month in an order that only the writer knows."""
_DAY_IN_URL = re.compile(r"/((?:19|20)\d{2})[/-]?(0[1-9]|1[0-2])[/-]?([0-2]\d|3[01])(?=[/_.-])")
_ZONES_BY_HOURS = {
    -8: "PST",
    -7: "PDT MST",
    -6: "MDT CST",
    -5: "CDT EST",
    -4: "EDT",
    1: "CET MEZ BST",
    2: "CEST MESZ EET SAST",
    3: "EEST MSK",
    9: "JST KST",
}
_ZONES = {name: timezone(timedelta(hours=h)) for h, names in _ZONES_BY_HOURS.items() for name in re.split(" ", names)}


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

    def __str__(self) -> str:
        """ISO 8601 with the page's own offset; a date alone for a day."""
        if self.precision is Precision.DAY:
            return self.at.date().isoformat()
        return f"{self.clock.isoformat()}{self.offset or ''}"


def parsed(value: str) -> Moment | None:
    """A machine-readable date: ISO 8601, RFC 2822, or a Unix time in seconds or milliseconds. None for other text.

    Raises: nothing.
    """
    value = value.strip()
    if len(value) > _MAX_VALUE:
        return None
    if re.fullmatch(r"[0-9]{10}(?:[0-9]{3})?", value):
        return Moment(datetime.fromtimestamp(int(value[:10]), UTC), Precision.SECOND, certain=True)
    value = _YEAR_FIRST.sub(lambda day: f"{day[1]}-{int(day[3]):02d}-{int(day[4]):02d}", value, count=1)
    if match := _ISO.match(value):
        return _iso(match)
    if not re.search(r"\d{4}", value) or not re.search(r"\d\D+\d", value) or _AMBIGUOUS.match(value):
        return None
    try:
        moment = dateutil_parser.parse(value, tzinfos=_ZONES, default=_NO_DATE, dayfirst="." in value)
    except (ValueError, OverflowError, TypeError, AttributeError, RecursionError):
        return None
    clock = _CLOCK.search(value)
    return _moment(moment, seconds=clock is not None and clock[1] is not None, timed=clock is not None)


def _iso(match: re.Match[str]) -> Moment | None:
    """The moment of an ISO 8601 date, with or without time and zone."""
    zone = (match["zone"] or "").upper()
    zone = "+00:00" if zone in ("Z", "UTC", "GMT") else zone
    hour = int(match["hour"] or 0)
    if match["half"] and hour <= 12:
        hour = hour % 12 + 12 * (match["half"][0] in "pP")
    clock = f"{hour:02d}{match['minute'] or ':00'}{match['second'] or ''}"
    try:
        moment = datetime.fromisoformat(f"{match['date']}T{clock}{zone}")
    except ValueError:
        return None
    return _moment(moment, seconds=match["second"] is not None, timed=match["hour"] is not None)


def _moment(moment: datetime, *, seconds: bool, timed: bool) -> Moment | None:
    """A Moment of a datetime that may have no zone."""
    if not timed:
        return Moment(moment.replace(hour=0, minute=0, second=0, tzinfo=UTC), Precision.DAY)
    precision = Precision.SECOND if seconds else Precision.MINUTE
    try:
        delta = moment.utcoffset()
        if delta is None:
            return Moment(moment.replace(microsecond=0, tzinfo=UTC), precision)
        minutes = int(abs(delta).total_seconds() // 60)
        offset = f"{'-' if delta < timedelta() else '+'}{minutes // 60:02d}:{minutes % 60:02d}"
        return Moment(moment.astimezone(UTC).replace(microsecond=0), precision, offset, certain=True)
    except (OverflowError, ValueError):
        return None


def published(
    articles: Iterable[Item], tags: Metas, root: HtmlElement, url: str, candidate: Candidate | None
) -> list[Reading[Moment]]:
    """All readings of the time of publication, the most trusted first."""
    found = list(_stated(articles, ("datePublished", "dateCreated", "uploadDate"), tags, "published_at"))
    found += _times(root, published_only=True)
    if candidate is not None:
        found += _announced(candidate, candidate.published_at)
    found += _times(root, published_only=False)
    if (match := _DAY_IN_URL.search(url)) and (day := parsed("-".join(match.groups()))) is not None:
        found.append(Reading(day, Method.URL))
    return distinct(found)


def modified(articles: Iterable[Item], tags: Metas, candidate: Candidate | None) -> list[Reading[Moment]]:
    """All readings of the time of the last change, the most trusted first."""
    found = list(_stated(articles, ("dateModified",), tags, "modified_at"))
    if candidate is not None:
        found += _announced(candidate, candidate.modified_at)
    return distinct(found)


def choose(readings: Iterable[Reading[Moment]], fetched_at: datetime) -> Reading[Moment] | None:
    """The first reading that can be true, in the words of the one that says it best.

    It can be true if it is not before there were news sites and not after the fetch, by the clocks of the zone that is
    furthest ahead where it has no zone. Another reading says the same better if it gives the time of a day, the zone of
    a time, or the offset that a time labelled as UTC lacks. Of a time without zone that is after the fetch by UTC only
    the day is kept.
    """
    plausible = [r for r in readings if _EARLIEST <= r.value.at <= fetched_at + _ahead(r.value)]
    if not plausible:
        return None
    first = plausible[0]
    best = next((r for r in plausible if _says_better(r, first.value)), first)
    return best if best.value.at <= fetched_at + _AHEAD else Reading(best.value.day, best.method)


def _ahead(moment: Moment) -> timedelta:
    """How far after the fetch a time may seem to be and yet be past."""
    return _AHEAD if moment.certain else _WIDEST_OFFSET


def _says_better(reading: Reading[Moment], first: Moment) -> bool:
    """Whether another reading is of the first moment, said more exactly."""
    other = reading.value
    if first.precision is Precision.DAY:
        timed = other.precision is not Precision.DAY and reading.method not in _OF_THE_PAGE
        return timed and other.clock.date() == first.clock.date()
    if not first.certain:
        apart = abs(other.at - first.at)
        return other.certain and apart <= _WIDEST_OFFSET and apart % _QUARTER < timedelta(minutes=1)
    # A local time labelled as UTC is a frequent mistake of publishers, a wrong offset a rare one.
    return first.offset == "+00:00" and other.offset not in (None, "+00:00") and other.clock == first.clock


def detected(root: HtmlElement, url: str, fetched_at: datetime) -> list[Reading[Moment]]:
    """The day that htmldate finds in the page's text and markup; empty where it finds none."""
    try:
        find = partial(find_date, root, original_date=True, url=url, max_date=fetched_at, min_date=_EARLIEST)
        day = find()
        # Its extensive search makes a first day of "the law of 2019" and "© 2024".
        if day is not None and day.endswith("-01"):
            day = find(extensive_search=False)
    except (ValueError, OverflowError):
        return []
    moment = parsed(day) if day is not None else None
    return [Reading(moment, Method.TRAFILATURA)] if moment is not None else []


def _stated(articles: Iterable[Item], keys: Sequence[str], tags: Metas, field: str) -> Iterator[Reading[Moment]]:
    """The times of structured data and of `meta` elements."""
    said = [(texts(article.properties.get(key))[:1], article.method) for article in articles for key in keys]
    said += [([reading.value], reading.method) for reading in meta_readings(tags, field)]
    for values, method in said:
        for value in values:
            if (moment := parsed(value)) is not None:
                yield Reading(moment, method)


def _times(root: HtmlElement, *, published_only: bool) -> Iterator[Reading[Moment]]:
    """The first `time` element that is marked as the publication's, or the first of the others."""
    for count, element in enumerate(root.iter("time")):
        if count >= _MAX_TIMES:
            return
        marks = f"{element.get('itemprop')} {element.get('class')}".lower()
        marked = "publi" in marks or element.get("pubdate") is not None
        if marked is published_only and (moment := parsed(element.get("datetime") or "")) is not None:
            yield Reading(moment, Method.HTML)
            return


def _announced(candidate: Candidate, at: datetime | None) -> Iterator[Reading[Moment]]:
    """The time of a feed or sitemap entry, whose offset is not kept."""
    if at is not None:
        method = Method.FEED if candidate.kind is EndpointKind.FEED else Method.SITEMAP
        yield Reading(Moment(at.astimezone(UTC).replace(microsecond=0), Precision.SECOND, certain=True), method)
