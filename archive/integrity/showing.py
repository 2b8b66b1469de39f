"""How findings look, and how far a verification has come: a bar on a terminal, a log line a minute elsewhere."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from rich.console import Console
from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

from archive.integrity.finding import Finding, Progress

logger = logging.getLogger(__name__)

BAR_INTERVAL_S = 0.2
LOG_INTERVAL_S = 60.0


def line(found: Finding) -> str:
    """A finding on one line: where, what, and what to do. Control characters never reach the terminal."""
    told = f"{'note: ' if found.is_note else ''}{found.where}: {found.what} -> {found.todo}"
    return printable(told)


def printable(told: str) -> str:
    """A line without control characters. Raises: nothing."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in told)


def summary(*, findings: int, manifest: int, digest: str) -> str:
    """What a verification comes to."""
    said = "nothing is wrong" if not findings else f"{findings:,} findings"
    return f"{said}; the chain ends with manifest {manifest}, {digest}" if digest else f"{said}; there is no chain yet"


@contextmanager
def progress() -> Iterator[Progress]:
    """Shows on stderr what a verification tells of itself."""
    if not sys.stderr.isatty():
        yield _Log().tell
        return
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=20), TaskProgressColumn(), TimeRemainingColumn())
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        yield _Drawing(bars).tell


class _Drawing:
    """One bar for each thing that is looked at."""

    def __init__(self, bars: Bars) -> None:
        self._bars = bars
        self._what = ""
        self._told = 0.0

    def tell(self, what: str, done: int, total: int) -> None:
        if what != self._what:
            self._what = what
            for task in self._bars.tasks:
                self._bars.remove_task(task.id)
            self._bars.add_task(what, total=total)
        elif monotonic() - self._told >= BAR_INTERVAL_S:
            self._told = monotonic()
            self._bars.update(self._bars.tasks[0].id, completed=done, total=total)


class _Log:
    """A line a minute."""

    def __init__(self) -> None:
        self._told = monotonic()

    def tell(self, what: str, done: int, total: int) -> None:
        if monotonic() - self._told >= LOG_INTERVAL_S:
            self._told = monotonic()
            logger.warning("event=progress what=%r done=%d total=%d", what, done, total)
