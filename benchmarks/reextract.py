"""Measure a re-extraction against the bare pool: the same extraction over the same bytes, which are in memory already.

    python benchmarks/reextract.py ARCHIVE [--articles 200] [--rounds 3]

ARCHIVE is the database of a crawl, with its WARC files beside it; a copy, because one of the runs writes. CPU time is
that of this process and the pool together: on a machine that others use it says more than the clock.
"""

import argparse
import os
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from archive.capturing import warc_directory
from archive.models import ArticleId, Capture, Prepared
from archive.pool import ExtractionPool
from archive.prepare import prepare
from archive.reextract.reading import Reader
from archive.reextract.report import Report
from archive.reextract.running import Reextracting
from archive.store import open_archive, reextractions
from archive.store.reextractions import Selection

TICKS = os.sysconf("SC_CLK_TCK")
TIMEOUT_S = 60.0


def cpu() -> float:
    """CPU seconds of all processes that were started with this one."""
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            values = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        if int(values[2]) == os.getpgrp():
            total += int(values[11]) + int(values[12])
    return total / TICKS


def measured(name: str, pages: int, run: Callable[[], None]) -> None:
    before, started = cpu(), time.perf_counter()
    run()
    seconds = time.perf_counter() - started
    print(f"{name:<10} {(cpu() - before) / pages * 1e3:6.2f} ms CPU/page {pages / seconds:6.1f} pages/s", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archive", type=Path)
    parser.add_argument("--articles", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    wish = parser.parse_args()
    db = open_archive(wish.archive)
    directory = warc_directory(wish.archive)
    everything = Selection(of_any_version=True)
    ids = reextractions.articles(db, everything, "", after=ArticleId(0), limit=wish.articles)
    captures: list[Capture] = []
    Reader(directory=directory, extract=lambda capture: _held(captures, capture))(
        tuple(held for article_id, _ in ids for held in reextractions.captures_of(db, article_id))
    )
    pool = ExtractionPool(os.cpu_count() or 1, TIMEOUT_S)

    def bare() -> None:
        for _ in pool.each(prepare, ((None, capture) for capture in captures)):
            pass

    def reextract(extractor: str | None) -> None:
        report = Report({}, examples=3)
        run = Reextracting(
            db,
            everything,
            reader=Reader(directory=directory),
            pool=pool,
            limit=len(ids),
            writes=extractor is not None,
            extractor=extractor,
        )
        for finding in run.findings():
            report.add(finding)

    bare()  # the workers are started
    for number in range(wish.rounds):
        measured("bare pool", len(captures), bare)
        measured("report", len(captures), partial(reextract, None))
        measured("apply", len(captures), partial(reextract, f"benchmark {number}"))


def _held(captures: list[Capture], capture: Capture) -> Prepared:
    captures.append(capture)
    return prepare(capture)


if __name__ == "__main__":
    main()
