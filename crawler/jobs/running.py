"""One run over all that is due: many sites at once, for as long as it may last, and what came of it."""

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from archive.errors import ArchiveError
from archive.lock import crawl_lock
from archive.store import open_archive
from crawler.agenda import Due
from crawler.crawling import NO_SETTINGS, SettingValue, run_crawls
from crawler.job import Result, clear
from crawler.process import GRACE_S


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What came of a run."""

    crawled: int
    """Sources that were crawled, once or more."""
    failed: Mapping[str, ArchiveError]
    """Why the last crawl of a source was not well, by the source's name."""
    cut_short: tuple[str, ...]
    """Sources that the next run goes on with."""

    def summary(self) -> str:
        """The failures in one line, for a mail; empty where there are none. Raises: nothing."""
        if not self.failed:
            return ""
        which = "; ".join(f"{name}: {' '.join(str(error).split())}" for name, error in self.failed.items())
        return f"{len(self.failed)} of {self.crawled} sources failed: {which}"


def run(
    db: Path,
    *,
    lasts_s: float | None = None,
    settings: Mapping[str, SettingValue] = NO_SETTINGS,
    tell: Callable[[Result], None] = lambda _: None,
) -> Run:
    """Crawl every source of the archive at `db` that is due, and what becomes due meanwhile, until nothing is.

    It ends within `lasts_s` seconds; what is left then, the next run goes on with. `tell` is called with the result
    of each crawl as it ends. A process can do this once, as `crawl`.

    Raises: as `crawl`.
    """
    ends_at = None if lasts_s is None else monotonic() + lasts_s - min(GRACE_S, lasts_s / 2)
    with crawl_lock(db), closing(open_archive(db)) as archive:
        agenda = Due(archive, tell)
        try:
            if not agenda.is_empty():
                left_s = None if ends_at is None else max(0.0, ends_at - monotonic())
                run_crawls(db, agenda, settings, lasts_s=left_s)
        finally:
            clear(db, agenda.under_way)
    results = agenda.results.values()
    return Run(
        crawled=len(results),
        failed={result.target: result.error for result in results if result.error and not result.is_cut_short},
        cut_short=tuple(result.target for result in results if result.is_cut_short),
    )
