"""When an article was published and changed: every date that a page gives, and which of them is believed."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

from lxml.html import HtmlElement

from archive.extraction.metatags import Metas
from archive.extraction.metatags import readings as meta_readings
from archive.extraction.moments import Moment, meanings, parsed, usual
from archive.extraction.readings import Reading, distinct
from archive.extraction.structured import Item, texts
from archive.models import Candidate, EndpointKind, Method, Precision

_EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
"""Before it there was no news site; what claims so is a CMS's default (1970, 1900) or the date of the matter told."""
_AHEAD = timedelta(minutes=5)
"""How far a publisher's clock may run ahead of ours."""
_RENDERED = timedelta(minutes=2)
"""So near to the fetch a time of the page is that of its making, unless structured data says it."""
_WIDEST_OFFSET = timedelta(hours=14)
_QUARTER = timedelta(minutes=15)
"""Offsets from UTC are multiples of it."""
_OF_THE_PAGE = frozenset((Method.META, Method.HTML))
"""Where the time of day is as often the page's last change, or its making, as the article's publication."""
_CREATED = ("dateCreated", "uploadDate")
_MAX_TIMES = 200
"""`time` elements read of one page."""

_DAY_IN_URL = re.compile(r"/((?:19|20)\d{2})[/-]?(0[1-9]|1[0-2])[/-]?([0-2]\d|3[01])(?=[/_.-])")

_Said = tuple[tuple[Moment, ...], Method]
"""What a text may mean, and where it stood."""


def published(
    articles: Sequence[Item],
    tags: Metas,
    root: HtmlElement,
    url: str,
    candidate: Candidate | None,
    *,
    language: str = "",
) -> list[Reading[Moment]]:
    """All readings of the time of publication, the most trusted first.

    When the text was made or uploaded is another event: it counts where nobody says when it was published. `language`
    is the page's, as declared; a day and a month whose order it leaves open are read as another reading has them.
    """
    said = [*_stated(articles, ("datePublished",), tags, "published_at", language)]
    said += _times(root, language, published_only=True)
    if candidate is not None:
        said += _announced(candidate, candidate.published_at)
    if not any(meant for meant, _ in said):
        said += _of_items(articles, _CREATED, language)
    said += _times(root, language, published_only=False)
    if (match := _DAY_IN_URL.search(url)) and (day := parsed("-".join(match.groups()))) is not None:
        said.append(((day,), Method.URL))
    return _read(said, language)


def created(articles: Sequence[Item], *, language: str = "") -> list[Reading[Moment]]:
    """When structured data says that the text was made or uploaded: kept, and believed where `published` gives it."""
    return _read([*_of_items(articles, _CREATED, language)], language)


def modified(
    articles: Sequence[Item], tags: Metas, candidate: Candidate | None, *, language: str = ""
) -> list[Reading[Moment]]:
    """All readings of the time of the last change, the most trusted first."""
    said = [*_stated(articles, ("dateModified",), tags, "modified_at", language)]
    if candidate is not None:
        said += _announced(candidate, candidate.modified_at)
    return _read(said, language)


def _read(said: Sequence[_Said], language: str) -> list[Reading[Moment]]:
    """The readings of what was said: a day and a month in doubt as another reading has them, or by the language."""
    days = {moment.clock.date() for meant, _ in said if len(meant) == 1 for moment in meant}
    found = []
    for meant, method in said:
        agreed = [moment for moment in meant if len(meant) > 1 and moment.clock.date() in days]
        moment = agreed[0] if len(agreed) == 1 else usual(meant, language)
        if moment is not None:
            found.append(Reading(moment, method))
    return distinct(found)


def placed(readings: Iterable[Reading[Moment]], timezone: str | None) -> list[Reading[Moment]]:
    """The readings; of a page whose zone the operator knows, those that bear none with it."""
    found = readings if timezone is None else (Reading(r.value.placed(timezone), r.method) for r in readings)
    return distinct(found)


def choose(readings: Iterable[Reading[Moment]], fetched_at: datetime) -> Reading[Moment] | None:
    """The first reading that can be true, in the words of the one that says it best.

    It can be true if it is not before there were news sites and not after the fetch, by the clocks of the zone that is
    furthest ahead where it has no zone; and if it is not the moment at which the page was made for us. Another reading
    says the same better if it gives the time of a day, the zone of a time, or the offset that a time labelled as UTC
    lacks. Of a time that seems to be after the fetch only the day is kept.
    """
    plausible = [
        reading
        for reading in readings
        if _EARLIEST <= reading.value.at <= fetched_at + _ahead(reading.value) and not _is_rendered(reading, fetched_at)
    ]
    if not plausible:
        return None
    first = plausible[0]
    best = next((r for r in plausible if _says_better(r, first.value)), first)
    return best if best.value.at <= fetched_at else Reading(best.value.day, best.method)


def _is_rendered(reading: Reading[Moment], fetched_at: datetime) -> bool:
    """Whether a time that the page shows, or gives under a plain name, is the one at which it was made for us."""
    timed = reading.method in _OF_THE_PAGE and reading.value.precision is not Precision.DAY
    return timed and abs(reading.value.at - fetched_at) <= _RENDERED


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
    if first.offset is None:
        # a feed gives the moment, the page its place as well
        return other.offset is not None and other.precision is not Precision.DAY and other.at == first.at
    # A local time labelled as UTC is a frequent mistake of publishers, a wrong offset a rare one.
    return first.offset == "+00:00" and other.offset not in (None, "+00:00") and other.clock == first.clock


def _stated(articles: Iterable[Item], keys: Sequence[str], tags: Metas, field: str, language: str) -> Iterator[_Said]:
    """The times of structured data and of `meta` elements."""
    yield from _of_items(articles, keys, language)
    for reading in meta_readings(tags, field):
        yield meanings(reading.value, language), reading.method


def _of_items(articles: Iterable[Item], keys: Sequence[str], language: str) -> Iterator[_Said]:
    for article in articles:
        for key in keys:
            for value in texts(article.properties.get(key))[:1]:
                yield meanings(value, language), article.method


def _times(root: HtmlElement, language: str, *, published_only: bool) -> Iterator[_Said]:
    """The first `time` element that is marked as the publication's, or the first of the others."""
    for count, element in enumerate(root.iter("time")):
        if count >= _MAX_TIMES:
            return
        marks = f"{element.get('itemprop')} {element.get('class')}".lower()
        marked = "publi" in marks or element.get("pubdate") is not None
        if marked is published_only and (meant := meanings(element.get("datetime") or "", language)):
            yield meant, Method.HTML
            return


def _announced(candidate: Candidate, at: datetime | None) -> Iterator[_Said]:
    """The time of a feed or sitemap entry, whose offset is not kept."""
    if at is not None:
        method = Method.FEED if candidate.kind is EndpointKind.FEED else Method.SITEMAP
        yield (Moment(at.astimezone(UTC).replace(microsecond=0), Precision.SECOND, certain=True),), method
