"""How far a long reading of files has come: a bar on a terminal, a log line a minute elsewhere; on stderr."""

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

logger = logging.getLogger(__name__)

LOG_INTERVAL_S = 60.0


@contextmanager
def metered(what: str, total: int | None) -> Iterator[Callable[[int, str], None]]:
    """A function that is to be told, as often as may be, how many of `total` bytes are read, and in words what came."""
    if not sys.stderr.isatty():
        yield _logged(what, total)
        return
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=20), DownloadColumn())
    more = (TextColumn("{task.fields[state]}"), TimeRemainingColumn())
    with Progress(*columns, *more, console=Console(stderr=True), transient=True, refresh_per_second=4) as bars:
        bar = bars.add_task(what, total=total, state="")
        yield lambda done, state: bars.update(bar, completed=done, state=state)


def _logged(what: str, total: int | None) -> Callable[[int, str], None]:
    started = told = monotonic()

    def tell(done: int, state: str) -> None:
        nonlocal told
        now = monotonic()
        if now - told < LOG_INTERVAL_S:
            return
        told = now
        left_s = (total - done) * (now - started) / done if total and done else float("nan")
        logger.warning("event=progress what=%s bytes=%d of=%s %s left_s=%.0f", what, done, total, state, left_s)

    return tell
