"""The processes that extract: one pool for all that this process does, alive exactly as long as it."""

import asyncio
import multiprocessing
import multiprocessing.process
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from functools import cache
from typing import TypeVar

from pebble import ProcessExpired, ProcessPool

from archive.errors import ArchiveError, ExtractionError
from archive.models import Capture, Prepared
from archive.prepare import prepare

K = TypeVar("K")
T = TypeVar("T")
R = TypeVar("R")

TRIES = 2
"""A worker may die of another page that it had before (memory); one that fails twice is the page's doing."""

AHEAD = 16
"""Tasks for each process that are under way or done before the oldest of them is asked for: enough that a slow page
holds nobody up, and few enough that memory stays flat."""


class WorkerDiedError(ExtractionError):
    """A process ended while it had the page, each time."""


class ExtractionTimeoutError(ExtractionError):
    """A page was not done in the time that one may take, each time; the process was ended."""


class ExtractionPool:
    """Runs `archive.prepare.prepare` elsewhere, so that the crawling process has its time for the network.

    A page that hangs or kills its worker costs that page only: pebble gives each task to one worker, ends that after
    the timeout, and starts another. (In a `concurrent.futures` pool one dead worker fails all pages under way.)
    """

    def __init__(self, processes: int, timeout_s: float, job: Callable[..., Prepared] = prepare) -> None:
        """With no processes, pages are done in this one, without a timeout. `job` has to be a module's function."""
        self._timeout_s = timeout_s
        self._job = job
        self._ahead = AHEAD * processes
        self._pool: ProcessPool | None = None
        self._last: asyncio.Event | None = None
        if processes:
            # Forking a process that runs a reactor and threads is unsafe; a fresh server process forks the workers.
            context = multiprocessing.get_context("forkserver")
            self._pool = ProcessPool(processes, initializer=_follow_parent, context=context)

    async def prepare(self, capture: Capture, *, with_links: bool) -> Prepared:
        """What `archive.prepare.prepare` gives; not before all that was asked for earlier has been given.

        So pages are stored in the order in which their responses were kept, and an archive that is made of its WARC
        files anew becomes the same.

        Raises: ExtractionError as that does, WorkerDiedError, ExtractionTimeoutError.
        """
        if self._pool is None:
            return self._job(capture, with_links=with_links)
        before, turn = self._last, asyncio.Event()
        self._last = turn
        try:
            return await self._prepared(self._pool, capture, with_links=with_links)
        finally:
            try:
                if before is not None:
                    await before.wait()
            finally:
                turn.set()

    async def _prepared(self, pool: ProcessPool, capture: Capture, *, with_links: bool) -> Prepared:
        failure: ExtractionError | None = None
        for _ in range(TRIES):
            future = pool.schedule(
                self._job, args=(capture,), kwargs={"with_links": with_links}, timeout=self._timeout_s
            )
            try:
                return await asyncio.wrap_future(future)
            except ProcessExpired as error:
                failure = WorkerDiedError(f"the process that extracted the page died ({error})", capture.url)
            except TimeoutError:
                failure = ExtractionTimeoutError(f"the page was not extracted in {self._timeout_s:.0f} s", capture.url)
        raise failure or WorkerDiedError("the page was never tried", capture.url)

    def each(self, job: Callable[[T], R], tasks: Iterable[tuple[K, T]]) -> Iterator[tuple[K, R | ArchiveError]]:
        """What `job` gives for each task elsewhere, or the error of ours that it raised; in their order.

        For code without an event loop. A task is what the caller knows it by, which stays here, and the argument. They
        are taken as results are asked for, a few ahead. `job` has to be picklable, a module's function for instance.
        Raises: what `job` raises that is no error of ours.
        """
        waiting: deque[tuple[K, T, Future[R] | None]] = deque()
        for key, argument in tasks:
            waiting.append((key, argument, self._scheduled(job, argument)))
            if len(waiting) > self._ahead:
                first, oldest, future = waiting.popleft()
                result = self._result(job, oldest, future)
                yield first, result
        for key, argument, future in waiting:
            result = self._result(job, argument, future)
            yield key, result

    def _scheduled(self, job: Callable[[T], R], argument: T) -> Future[R] | None:
        if self._pool is None:
            return None
        scheduled: Future[R] = self._pool.schedule(job, args=(argument,), timeout=self._timeout_s)
        return scheduled

    def _result(self, job: Callable[[T], R], argument: T, future: Future[R] | None) -> R | ArchiveError:
        failure: ArchiveError = WorkerDiedError("it was never tried")
        for _ in range(TRIES):
            try:
                return job(argument) if future is None else future.result()
            except ProcessExpired as error:
                failure = WorkerDiedError(f"the process that had it died ({error})")
            except TimeoutError:
                failure = ExtractionTimeoutError(f"it was not done in {self._timeout_s:.0f} s")
            except ArchiveError as error:
                return error
            future = self._scheduled(job, argument)
        return failure


@cache
def shared_pool(processes: int, timeout_s: float) -> ExtractionPool:
    """The pool of this process; a crawl of a hundred sources has as many workers as that of one."""
    return ExtractionPool(processes, timeout_s)


def _follow_parent() -> None:
    """Makes a worker live exactly as long as the crawl.

    Ctrl-C reaches the whole process group, and a crawl ends in order only if its workers live to the end. A crawl that
    is killed cannot tell them; they would wait for work for ever.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if parent := multiprocessing.parent_process():
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: multiprocessing.process.BaseProcess) -> None:
    parent.join()
    os._exit(1)
