"""The processes that extract: one pool for all that this process does, alive exactly as long as it."""

import asyncio
import multiprocessing
import multiprocessing.process
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, InvalidStateError
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from functools import cache, partial
from multiprocessing import forkserver
from typing import Any, TypeVar

from pebble import ProcessExpired, ProcessPool

from archive.errors import ArchiveError, ExtractionError
from archive.models import Capture, Prepared
from archive.prepare import BODY_MAX, prepare

K = TypeVar("K")
T = TypeVar("T")
R = TypeVar("R")

TRIES = 2
"""A worker may die of another page that it had before (memory); one that fails twice is the page's doing."""

AHEAD = 16
"""Tasks for each process that are under way or done before the oldest of them is asked for: enough that a slow page
holds nobody up, and few enough that memory stays flat."""


# Forking a process that runs a reactor and threads is unsafe; a fresh server process forks the workers. It has imported
# what they need, so that it is read once and in memory once.
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload([prepare.__module__])


def get_ready() -> None:
    """Starts the process that will fork the workers, so that it imports while this one has other things to do.

    Raises: OSError where no process can be started.
    """
    forkserver.ensure_running()


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
        self._processes = processes
        self._pool = self._made() if processes else None
        self._under_way: set[Future[Any]] = set()
        self._last: asyncio.Event | None = None

    def _made(self) -> ProcessPool:
        return ProcessPool(self._processes, initializer=_follow_parent, context=_CONTEXT)

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
            return await self._prepared(capture, with_links=with_links)
        finally:
            try:
                if before is not None:
                    await before.wait()
            finally:
                turn.set()

    async def _prepared(self, capture: Capture, *, with_links: bool) -> Prepared:
        failure: ExtractionError | None = None
        for _ in range(TRIES):
            future = self._scheduled(partial(self._job, with_links=with_links), capture)
            try:
                return await asyncio.wrap_future(future)
            except (ProcessExpired, BrokenProcessPool) as error:
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
            waiting.append((key, argument, self._scheduled(job, argument) if self._pool else None))
            if len(waiting) > self._ahead:
                first, oldest, future = waiting.popleft()
                result = self._result(job, oldest, future)
                yield first, result
        for key, argument, future in waiting:
            result = self._result(job, argument, future)
            yield key, result

    def _scheduled(self, job: Callable[[T], R], argument: T) -> Future[R]:
        """The result to come; of a new pool where the last is broken, as pebble's is when a worker dies that is idle.

        Of a broken pool some results never come: whoever waits for one is told.
        """
        if self._pool is None or not self._pool.active:
            self._pool = self._made()
            for lost in tuple(self._under_way):
                with suppress(InvalidStateError):  # it has come just now
                    lost.set_exception(BrokenProcessPool("all processes died"))
        result: Future[R] = Future()
        self._under_way.add(result)
        result.add_done_callback(self._under_way.discard)
        scheduled = self._pool.schedule(job, args=(argument,), timeout=self._timeout_s)
        scheduled.add_done_callback(partial(_hand_on, result))
        return result

    def _result(self, job: Callable[[T], R], argument: T, future: Future[R] | None) -> R | ArchiveError:
        failure: ArchiveError = WorkerDiedError("it was never tried")
        for _ in range(TRIES):
            try:
                return job(argument) if future is None else future.result()
            except (ProcessExpired, BrokenProcessPool) as error:
                failure = WorkerDiedError(f"the process that had it died ({error})")
            except TimeoutError:
                failure = ExtractionTimeoutError(f"it was not done in {self._timeout_s:.0f} s")
            except ArchiveError as error:
                return error
            future = self._scheduled(job, argument) if self._pool else None
        return failure


def _hand_on(result: Future[R], done: Future[R]) -> None:
    with suppress(InvalidStateError):  # its pool was given up
        if (error := done.exception()) is not None:
            result.set_exception(error)
        else:
            result.set_result(done.result())


@cache
def shared_pool(processes: int, timeout_s: float, body_max: int = BODY_MAX) -> ExtractionPool:
    """The pool of this process; a crawl of a hundred sources has as many workers as that of one.

    `body_max` is for `archive.prepare.prepare`.
    """
    return ExtractionPool(processes, timeout_s, job=partial(prepare, body_max=body_max))


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
