"""How a long piece of work is getting on: a bar on a terminal, a log line a minute elsewhere; on stderr."""

import logging
import sys
from collections.abc import Iterable, Iterator
from time import monotonic
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

logger = logging.getLogger(__name__)

T = TypeVar("T")

LOG_INTERVAL_S = 60.0


def shown_progress(work: Iterable[T], total: int, what: str) -> Iterator[T]:
    """The work, of `total` pieces, with its progress shown while it is taken. Raises: what the work raises."""
    return _drawn(work, total, what) if sys.stderr.isatty() else _logged(work, total, what)


def _drawn(work: Iterable[T], total: int, what: str) -> Iterator[T]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=20),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    started = monotonic()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        bar = bars.add_task(what, total=total, rate="")
        for done, piece in enumerate(work, 1):
            yield piece
            bars.update(bar, completed=done, rate=f"{_rate(done, started):.0f}/s")


def _logged(work: Iterable[T], total: int, what: str) -> Iterator[T]:
    started = told = monotonic()
    for done, piece in enumerate(work, 1):
        yield piece
        if monotonic() - told >= LOG_INTERVAL_S:
            told = monotonic()
            rate = _rate(done, started)
            logger.warning(
                "event=progress what=%s done=%d total=%d rate_per_s=%.1f left_s=%.0f",
                what,
                done,
                total,
                rate,
                (total - done) / rate,
            )


def _rate(done: int, started: float) -> float:
    """Pieces a second, on the monotonic clock."""
    return done / max(0.001, monotonic() - started)
