"""Runs one after the other, for ever: each in a process of its own, when something is due; for containers."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from threading import Event
from time import monotonic
from types import FrameType

from archive.errors import StoreError
from archive.store import open_archive, timetable
from crawler import logs
from crawler.frontier import now
from crawler.process import GRACE_S
from crawler.showing import SOME_FAILED

LOOK_S = 5.0
"""How often is looked whether a source has been added, or the file was changed."""
FIRST_REST_S, LONGEST_REST_S = 5.0, 600.0
"""How long is waited after a run that could not do its work: doubled with each."""
PATIENCE_S = GRACE_S + 30.0
"""How long a run may take to end; then it is killed, which loses nothing that was stored."""


class Rounds:
    """Runs a command whenever something is due, until SIGTERM or SIGINT.

    A process for each run: Twisted's reactor starts only once in one, memory is given back, the lock is free between
    runs, and a run that is killed does not end those that follow.
    """

    def __init__(self, db: Path, file: Path | None, arguments: Sequence[str], *, as_json: bool) -> None:
        """`arguments` of `newsarchive` make one run; `file` has the sources, if one does."""
        self._db = db
        self._file = file
        self._command = [sys.executable, "-m", "archive", *arguments]
        self._as_json = as_json
        self._child: subprocess.Popen[bytes] | None = None
        self._stopped = Event()
        self._stopped_at = 0.0

    def forever(self) -> int:
        """Gives the exit code: that of the first run where it finds that nothing can be run at all, else 0."""
        for signum in (signal.SIGTERM, signal.SIGINT):
            signal.signal(signum, self._stop)
        read = self._read()
        code = self._run()
        if code == 2:
            return code
        failures = 0
        while not self._stopped.is_set():
            failures = 0 if code in (0, SOME_FAILED) else failures + 1
            if failures:
                self._stopped.wait(min(LONGEST_REST_S, FIRST_REST_S * 2.0 ** (failures - 1)))
            while not self._stopped.wait(self._left_s()) and self._left_s() > 0 and self._read() == read:
                pass
            if not self._stopped.is_set():
                read = self._read()
                code = self._run("--lenient")
        return 0

    def _stop(self, signum: int, _: FrameType | None) -> None:
        if not self._stopped.is_set():
            self._stopped_at = monotonic()
            self._stopped.set()
        if self._child is not None:
            # the second one ends the run at once, whichever of the two signals it is
            self._child.send_signal(signum)

    def _run(self, *more: str) -> int:
        # a group of its own: Ctrl-C on a terminal reaches all of a group, and the run would take ours for a second one
        child = self._child = subprocess.Popen([*self._command, *more], process_group=0)  # noqa: S603  # our own command
        if self._stopped.is_set():
            child.terminate()
        while child.poll() is None:
            with suppress(subprocess.TimeoutExpired):
                child.wait(1.0 if self._stopped.is_set() else LOOK_S)
            if self._stopped.is_set() and monotonic() > self._stopped_at + PATIENCE_S:
                child.kill()
        self._child = None
        code = child.wait()
        if code < 0 and not self._stopped.is_set():
            killed = (
                f"a run was killed by {signal.Signals(-code).name}; nothing is lost, the next one goes on from there"
            )
            logs.say("run_killed", killed, as_json=self._as_json)
        _reap()
        return code

    def _read(self) -> tuple[int, int] | None:
        """What tells whether the file was changed; None where there is none."""
        try:
            found = self._file.stat() if self._file else None
        except OSError:
            return None
        return (found.st_mtime_ns, found.st_ino) if found else None

    def _left_s(self) -> float:
        """Seconds until something is due, or until the next look at least; 0 where the archive cannot tell."""
        try:
            with closing(open_archive(self._db, readonly=True)) as archive:
                due_at: datetime | None = timetable.next_due(archive)
        except StoreError:
            return 0.0
        left_s = LOOK_S if due_at is None else (due_at - now()).total_seconds()
        return min(LOOK_S, max(0.0, left_s))


def _reap() -> None:
    """Let go of what a run has left behind: orphans are given to the first process of a container."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
