"""What became of each address that feeds and sitemaps advertised, stage by stage, and what closes a gap. Pure.

Every address is in exactly one place: advertised = not asked + waiting + not fetched + rejected + copies + stored.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

from archive.models import Reason, UrlState


class Fate(StrEnum):
    """How far an address came."""

    NOT_ASKED = "not asked"
    """It was not to be fetched."""
    WAITING = "waiting"
    """It is to be fetched, or fetched again."""
    NOT_FETCHED = "not fetched"
    """It was asked for, and no page came."""
    REJECTED = "rejected"
    """A page came, and was no article."""
    COPY = "copy"
    """It is an article that another address stands for."""
    STORED = "stored"
    """It stands for an article of the archive."""


class Count(NamedTuple):
    """So many addresses of a day that ended alike."""

    day: str
    """As `2026-11-25`, in UTC."""
    fate: Fate
    reason: str
    """In words; empty for what is stored."""
    number: int


class Gap(NamedTuple):
    """So many addresses that are not stored for one reason, and what to do."""

    fate: Fate
    reason: str
    number: int
    help: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What was advertised on a day, and what is there of it."""

    day: str
    fates: Mapping[Fate, int]
    gaps: tuple[Gap, ...] = field(default=())
    """The largest first."""

    @property
    def advertised(self) -> int:
        """All."""
        return sum(self.fates.values())

    @property
    def fetched(self) -> int:
        """Of which a page came."""
        return self.extracted + self.fates.get(Fate.REJECTED, 0)

    @property
    def extracted(self) -> int:
        """Of which the page was an article."""
        return self.stored + self.fates.get(Fate.COPY, 0)

    @property
    def stored(self) -> int:
        """Which are each an article of the archive."""
        return self.fates.get(Fate.STORED, 0)

    def as_row(self) -> dict[str, Any]:
        """With JSON's types."""
        return {
            "day": self.day,
            "advertised": self.advertised,
            "fetched": self.fetched,
            "extracted": self.extracted,
            "stored": self.stored,
            "fates": {str(fate): self.fates.get(fate, 0) for fate in Fate},
            "gaps": [{**gap._asdict(), "fate": str(gap.fate)} for gap in self.gaps],
        }


NOT_YET = "not fetched yet"
OTHER_ADDRESS = "the same article at another address"
REMOVED = "its article was removed"

_NOT_ASKED = frozenset(
    {
        Reason.OFF_SITE,
        Reason.NOT_ARTICLE_URL,
        Reason.OLDER,
        Reason.EXCLUDED,
        Reason.ROBOTS,
        Reason.BUSY,
        Reason.PRIVATE_ADDRESS,
        Reason.TOO_LONG,
        Reason.TAKEN_DOWN,
        Reason.REHEARSED,
    }
)
_NOT_FETCHED = frozenset(
    {
        Reason.ROBOTS_UNAVAILABLE,
        Reason.REDIRECTED_AWAY,
        Reason.REDIRECT_LOOP,
        Reason.REDIRECT_KNOWN,
        Reason.SAME_ARTICLE,
        Reason.HTTP_GONE,
        Reason.HTTP_REFUSED,
        Reason.HTTP_ERROR,
        Reason.DNS,
        Reason.CONNECTION,
        Reason.TIMEOUT,
        Reason.TRUNCATED,
        Reason.TOO_LARGE,
    }
)

_CRAWL = "newsarchive crawl {source}"
_EACH = "newsarchive audit {source} --since {since} --list '{reason}' | xargs -r newsarchive crawl"
_AGAIN = f"it is asked for again by itself; at once: {_EACH}"
_NOTHING = "nothing to do"
_HELP: Mapping[str, str] = MappingProxyType(
    {
        NOT_YET: _CRAWL,
        REMOVED: _NOTHING,
        Reason.BUSY: _CRAWL,
        Reason.OLDER: "newsarchive crawl {source}, without --since",
        Reason.OFF_SITE: f"if it is the same publication: {_EACH}",
        Reason.NOT_ARTICLE_URL: f"if they are articles: {_EACH}",
        Reason.EXCLUDED: "the source's settings exclude them",
        Reason.ROBOTS: "they are asked for when robots.txt allows it",
        Reason.PRIVATE_ADDRESS: _NOTHING,
        Reason.TOO_LONG: _NOTHING,
        Reason.TAKEN_DOWN: _NOTHING,
        Reason.HTTP_GONE: "nothing to do: the publisher has nothing there",
        Reason.REDIRECT_KNOWN: "nothing to do: they lead to pages that are no articles",
        Reason.REDIRECTED_AWAY: f"if it is the same publication: {_EACH}",
        Reason.SECTION_PAGE: f"if they are articles: {_EACH}",
    }
)


def fate_of(state: UrlState, reason: str | None) -> tuple[Fate, str]:
    """How far an address came that is no article's, and why, in words. Raises: nothing."""
    if state is UrlState.WAITING:
        return Fate.WAITING, reason or NOT_YET
    if state is UrlState.FETCHED or not reason:
        return Fate.REJECTED, REMOVED
    if reason in _NOT_ASKED:
        return Fate.NOT_ASKED, reason
    return (Fate.NOT_FETCHED if reason in _NOT_FETCHED else Fate.REJECTED), reason


def days(counts: Iterable[Count], *, source: str, since: str) -> list[Day]:
    """The counts of a source by day, the oldest first. `source` and `since` stand in the commands. Raises: nothing."""
    by_day: dict[str, list[Count]] = {}
    for count in counts:
        by_day.setdefault(count.day, []).append(count)
    return [_day(day, found, source, since) for day, found in sorted(by_day.items())]


def total(found: Iterable[Day], *, source: str, since: str) -> Day:
    """The sum of days. Raises: nothing."""
    found = list(found)
    counts = [
        Count("total", fate, "", day.fates[fate] - sum(gap.number for gap in day.gaps if gap.fate is fate))
        for day in found
        for fate in day.fates
    ]
    counts += [Count("total", gap.fate, gap.reason, gap.number) for day in found for gap in day.gaps]
    return _day("total", counts, source, since)


def _day(day: str, counts: Iterable[Count], source: str, since: str) -> Day:
    fates: dict[Fate, int] = {}
    gaps: dict[tuple[Fate, str], int] = {}
    for count in counts:
        fates[count.fate] = fates.get(count.fate, 0) + count.number
        if count.fate is not Fate.STORED and count.number:
            gaps[count.fate, count.reason] = gaps.get((count.fate, count.reason), 0) + count.number
    told = (
        Gap(fate, reason, number, _help(fate, reason, source, since))
        for (fate, reason), number in sorted(gaps.items(), key=lambda item: (-item[1], item[0]))
    )
    return Day(day=day, fates=fates, gaps=tuple(told))


def _help(fate: Fate, reason: str, source: str, since: str) -> str:
    if fate is Fate.COPY:
        return "nothing to do: the article is there"
    if fate is Fate.NOT_FETCHED:
        help_ = _HELP.get(reason, _AGAIN)
    else:
        help_ = _HELP.get(reason, "after an upgrade: newsarchive reextract --source {source}")
    return help_.format(source=source, since=since, reason=reason)
