"""When an article was published and changed: every date that a page gives, parsed with its offset and its precision."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

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
_NO_DATE = datetime(2000, 1, 1)  # noqa: DTZ001  a default with a zone would hide that the page gave none
_MAX_TIMES = 200
"""`time` elements read of one page."""

_ISO = re.compile(
    r"(?P<date>\d{4}-\d{2}-\d{2})(?:[T\s]\s*(?P<time>\d{1,2}:\d{2}(?P<seconds>:\d{2}(?:[.,]\d{1,9})?)?)"
    r"\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?",
    re.IGNORECASE,
)
_DAY_IN_URL = re.compile(r"/((?:19|20)\d{2})[/-]?(0[1-9]|1[0-2])[/-]?([0-2]\d|3[01])(?=[/_.-])")
_ZONE_HOURS = {
    "cet": 1,
    "mez": 1,
    "cest": 2,
    "mesz": 2,
    "bst": 1,
    "eet": 2,
    "eest": 3,
    "msk": 3,
    "jst": 9,
} | {
    "est": -5,
    "edt": -4,
    "cst": -6,
    "cdt": -5,
    "mst": -7,
    "mdt": -6,
    "pst": -8,
    "pdt": -7,
}
_ZONES = {name.upper(): timezone(timedelta(hours=hours)) for name, hours in _ZONE_HOURS.items()}


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as a page gave it."""

    at: datetime
    """UTC; midnight for a day without time."""
    precision: Precision
    offset: str | None
    """The page's own offset from UTC, as `+02:00`; None where it gave none (then the time is taken for UTC)."""

    @property
    def clock(self) -> datetime:
        """What the page's clock showed, without zone."""
        zone = datetime.fromisoformat(f"2000-01-01T00:00:00{self.offset}").tzinfo if self.offset else UTC
        return self.at.astimezone(zone).replace(tzinfo=None)

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
    if len(value) > 60:
        return None
    if value.isascii() and value.isdigit() and len(value) in (10, 13):
        return Moment(datetime.fromtimestamp(int(value[:10]), UTC), Precision.SECOND, None)
    if match := _ISO.match(value):
        return _iso(match)
    if not re.search(r"\d{4}", value) or not re.search(r"\d\D+\d", value):
        return None
    try:
        moment = dateutil_parser.parse(value, tzinfos=_ZONES, default=_NO_DATE)
    except (ValueError, OverflowError, TypeError, AttributeError, RecursionError):
        return None
    timed = re.search(r"\d{1,2}:\d{2}(:\d{2})?", value)
    return _moment(moment, seconds=bool(timed and timed[1]), timed=timed is not None)


def _iso(match: re.Match[str]) -> Moment | None:
    """The moment of an ISO 8601 date, with or without time and zone."""
    clock, zone = match["time"], (match["zone"] or "").upper()
    zone = "+00:00" if zone in ("Z", "UTC", "GMT") else zone
    clock = (clock or "00:00").replace(",", ".").zfill(5)
    try:
        clock = clock if "." not in clock else clock[: clock.index(".")]
        moment = datetime.fromisoformat(f"{match['date']}T{clock if clock[1:2] != ':' else '0' + clock}{zone}")
    except ValueError:
        return None
    return _moment(moment, seconds=match["seconds"] is not None, timed=match["time"] is not None)


def _moment(moment: datetime, *, seconds: bool, timed: bool) -> Moment | None:
    """A Moment of a datetime that may have no zone."""
    offset = None
    try:
        if (delta := moment.utcoffset()) is not None:
            sign, minutes = ("-" if delta < timedelta() else "+"), int(abs(delta).total_seconds() // 60)
            offset = f"{sign}{minutes // 60:02d}:{minutes % 60:02d}"
        at = moment.astimezone(UTC) if offset is not None else moment.replace(tzinfo=UTC)
    except (OverflowError, ValueError):
        return None
    if not timed:
        return Moment(moment.replace(hour=0, minute=0, second=0, tzinfo=UTC), Precision.DAY, None)
    return Moment(at.replace(microsecond=0), Precision.SECOND if seconds else Precision.MINUTE, offset)


def published(
    articles: Iterable[Item], tags: Metas, root: HtmlElement, url: str, candidate: Candidate | None
) -> list[Reading[Moment]]:
    """All readings of the time of publication, the most trusted first."""
    found = list(_stated(articles, ("datePublished", "dateCreated", "uploadDate"), tags, "published_at"))
    found += _times(root, published_only=True)
    if candidate is not None and candidate.published_at is not None:
        found.append(Reading(_announced(candidate.published_at), _announcing(candidate)))
    found += _times(root, published_only=False)
    if match := _DAY_IN_URL.search(url):
        found += [Reading(m, Method.URL) for m in (parsed("-".join(match.groups())),) if m is not None]
    return distinct(found)


def modified(articles: Iterable[Item], tags: Metas, candidate: Candidate | None) -> list[Reading[Moment]]:
    """All readings of the time of the last change, the most trusted first."""
    found = list(_stated(articles, ("dateModified",), tags, "modified_at"))
    if candidate is not None and candidate.modified_at is not None:
        found.append(Reading(_announced(candidate.modified_at), _announcing(candidate)))
    return distinct(found)


def choose(readings: Iterable[Reading[Moment]], fetched_at: datetime) -> Reading[Moment] | None:
    """The first reading that can be true: not before there were news sites, not after the fetch.

    Where another shows the same time on the clock with an offset, and the first has none or that of UTC, the other is
    chosen: a local time without its zone, or labelled as UTC, is a frequent mistake, a wrong offset a rare one.
    """
    plausible = [r for r in readings if _EARLIEST <= r.value.at <= fetched_at + _AHEAD]
    if not plausible:
        return None
    first = plausible[0]
    zoned = (r for r in plausible if r.value.offset not in (None, "+00:00") and r.value.clock == first.value.clock)
    return first if first.value.offset not in (None, "+00:00") else next(zoned, first)


def detected(root: HtmlElement, url: str, fetched_at: datetime) -> list[Reading[Moment]]:
    """The day that htmldate finds in the page's text and markup; empty where it finds none."""
    try:
        day = find_date(root, original_date=True, url=url, max_date=fetched_at, min_date=_EARLIEST)
    except (ValueError, OverflowError):
        return []
    moment = parsed(day) if day is not None else None
    return [Reading(moment, Method.TRAFILATURA)] if moment is not None else []


def _stated(articles: Iterable[Item], properties: Iterable[str], tags: Metas, field: str) -> Iterator[Reading[Moment]]:
    """The times of structured data and of `meta` elements."""
    for article in articles:
        for key in properties:
            for value in texts(article.properties.get(key))[:1]:
                if (moment := parsed(value)) is not None:
                    yield Reading(moment, article.method)
    for reading in meta_readings(tags, field):
        if (moment := parsed(reading.value)) is not None:
            yield Reading(moment, reading.method)


def _times(root: HtmlElement, *, published_only: bool) -> Iterator[Reading[Moment]]:
    """The `time` elements: those marked as the publication's, or the first of the others."""
    for count, element in enumerate(root.iter("time")):
        if count >= _MAX_TIMES:
            return
        marks = f"{element.get('itemprop')} {element.get('pubdate')} {element.get('class')}".lower()
        marked = "publi" in marks or "pubdate" in marks or element.get("pubdate") is not None
        if marked is published_only and (moment := parsed(element.get("datetime") or "")) is not None:
            yield Reading(moment, Method.HTML)
            return


def _announced(at: datetime) -> Moment:
    """The moment of a feed or sitemap entry, whose offset is not kept."""
    return Moment(at.astimezone(UTC).replace(microsecond=0), Precision.SECOND, None)


def _announcing(candidate: Candidate) -> Method:
    """Who announced the candidate; section pages give no dates."""
    return Method.FEED if candidate.kind is EndpointKind.FEED else Method.SITEMAP
