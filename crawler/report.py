"""What a crawl did, in words: every address that it found or had waiting is accounted for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from archive.errors import ArchiveError
from archive.health.causes import NOTHING_ANNOUNCED
from archive.models import Reason, Source, UrlState

ARTICLE_OUTCOMES = ("new", "revised", "unchanged", "duplicate")


class Met(Protocol):
    """What a crawl met where it asked what is new."""

    discovers: bool
    """Whether it did ask."""
    trouble: Reason | ArchiveError | None
    """Why the home page could not be read, or what ended the crawl."""
    moved_to: str | None
    """Where the home page was on another site, if it was."""


def trouble_of(met: Met, counts: Mapping[str, int], outcome: str) -> str | None:
    """Why a site could not be asked what is new, in a word that `crawls.counts` keeps; None for no trouble of its."""
    if not met.discovers:
        return None
    if met.moved_to:
        return Reason.REDIRECTED_AWAY.value
    if isinstance(met.trouble, Reason):
        return met.trouble.value
    was_heard = counts.get("announced") or counts.get("unmodified lists")
    return None if was_heard or met.trouble or outcome != "finished" else NOTHING_ANNOUNCED


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlReport:
    """One finished crawl of one source."""

    source: Source
    outcome: str
    """`finished`, or what ended it."""
    seconds: float
    counts: Mapping[str, int]
    """As `crawls.counts` keeps them: `found`, `waiting_before`, `asked again` (known and settled, but
    fetched once more), `waiting_after`, of these `waiting_older` than `--since`, one for each `Outcome`, one for each
    state and reason in which an address was settled, as `refused: section or listing`; how many articles came to
    count as `gone`, or were `back`; and 1 for `trouble: …`, why the site could not be asked what is new."""

    def settled(self, state: UrlState) -> dict[str, int]:
        """How many addresses ended in this state, by reason; the empty reason for articles."""
        return {
            key.partition(": ")[2]: number
            for key, number in self.counts.items()
            if key.partition(": ")[0] == state and number
        }


def lines(report: CrawlReport) -> Iterator[str]:
    """The summary for a terminal: the first row of numbers is the sum of those below it."""
    counts, fetched = report.counts, report.settled(UrlState.FETCHED)
    found, before, again, waiting = (
        counts.get(key, 0) for key in ("found", "waiting_before", "asked again", "waiting_after")
    )
    yield f"{report.source.name} ({report.source.url}): {report.outcome}, {report.seconds:.0f} s"
    announced = f"{counts.get('announced', 0):,} announced, {found:,} of them new"
    known = f", {again:,} asked for again" if again else ""
    yield _row("addresses", found + before + again, f"{announced}, {before:,} waiting from before{known}")
    outcomes = ", ".join(f"{counts.get(outcome, 0):,} {outcome}" for outcome in ARTICLE_OUTCOMES)
    yield _row("articles", fetched.pop("", 0), outcomes)
    yield from _by_reason("same article", fetched)
    yield from _by_reason("no article", report.settled(UrlState.REFUSED))
    yield from _by_reason("failed", report.settled(UrlState.FAILED))
    yield from _by_reason("put off", report.settled(UrlState.WAITING))
    if vanished := [f"{counts[key]:,} {key}" for key in ("gone", "back") if counts.get(key)]:
        yield f"  missing from their addresses: {', '.join(vanished)}; the view `gone` has all that are gone"
    yield _row("waiting", waiting, _what_follows(waiting, counts.get("waiting_older", 0)))
    if broken := counts.get("broken lists", 0):
        more = f"`newsarchive sources show {report.source.name}` says why"
        yield f"  feeds and sitemaps that could not be read in full: {broken}; {more}"


def _what_follows(waiting: int, older: int) -> str:
    if not waiting:
        return ""
    if not older:
        return "the next crawl goes on there"
    known = f"{older:,} older than --since: a crawl without it fetches them"
    return known if older >= waiting else f"the next crawl goes on there; {known}"


def _row(name: str, number: int, more: str) -> str:
    return f"  {name:<12} {number:>7,}{f'  ({more})' if more else ''}"


def _by_reason(name: str, numbers: Mapping[str, int]) -> Iterator[str]:
    if numbers:
        reasons = ", ".join(f"{n:,} {reason}" for reason, n in sorted(numbers.items(), key=lambda item: -item[1]))
        yield _row(name, sum(numbers.values()), reasons)
