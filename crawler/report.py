"""What a crawl did, in words: every address that it found or had waiting is accounted for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from archive.models import Source, UrlState

ARTICLE_OUTCOMES = ("new", "revised", "unchanged", "duplicate")


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlReport:
    """One finished crawl of one source."""

    source: Source
    outcome: str
    """`finished`, or what ended it."""
    seconds: float
    counts: Mapping[str, int]
    """As `crawls.counts` keeps them: `found`, `waiting_before`, `waiting`, an entry for each `Outcome`, and one for
    each state and reason in which an address was settled, as `refused: section or listing`."""

    def settled(self, state: UrlState) -> dict[str, int]:
        """How many addresses ended in this state, by reason; the empty reason for articles."""
        return {
            key.partition(": ")[2]: number
            for key, number in self.counts.items()
            if key.partition(": ")[0] == state and number
        }

    @property
    def failed(self) -> bool:
        """Whether the source brought nothing at all where it should have: not even addresses known already."""
        return self.outcome != "finished"


def lines(report: CrawlReport) -> Iterator[str]:
    """The summary for a terminal: what came in equals what it became."""
    counts = report.counts
    yield f"{report.source.name} ({report.source.url}): {report.outcome}, {report.seconds:.0f} s"
    yield _row("addresses", counts.get("found", 0), "new", f"{counts.get('waiting_before', 0):,} waiting from before")
    articles = [f"{counts.get(outcome, 0):,} {outcome}" for outcome in ARTICLE_OUTCOMES]
    yield f"  {'articles':<12} {', '.join(articles)}"
    fetched = report.settled(UrlState.FETCHED)
    if others := {reason: n for reason, n in fetched.items() if reason}:
        yield from _by_reason("same article", others)
    yield from _by_reason("no article", report.settled(UrlState.REFUSED))
    yield from _by_reason("failed", report.settled(UrlState.FAILED))
    waiting = counts.get("waiting", 0)
    yield f"  {'waiting':<12} {waiting:>6,}{'  (the next crawl goes on there)' if waiting else ''}"
    if broken := counts.get("broken lists", 0):
        yield f"  {broken} feeds or sitemaps could not be read in full (log: event=list_broken, list_failed)"


def _row(name: str, number: int, what: str, more: str) -> str:
    return f"  {name:<12} {number:>6,} {what}, {more}"


def _by_reason(name: str, numbers: Mapping[str, int]) -> Iterator[str]:
    if numbers:
        reasons = ", ".join(f"{reason} {n:,}" for reason, n in sorted(numbers.items(), key=lambda item: -item[1]))
        yield f"  {name:<12} {sum(numbers.values()):>6,}  ({reasons})"
