"""The processes that extract: one pool for all crawls of this process, alive exactly as long as it."""

import asyncio
import multiprocessing
import multiprocessing.process
import os
import signal
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cache, partial

from archive.errors import ExtractionError
from archive.models import Capture, Prepared
from archive.prepare import prepare


class WorkerDiedError(ExtractionError):
    """A process of the pool ended while it had the page: the page may be the cause, or another one beside it."""


class ExtractionPool:
    """Runs `archive.prepare.prepare` elsewhere, so that the crawling process has its time for the network."""

    def __init__(self, processes: int) -> None:
        self._processes = processes
        self._executor: ProcessPoolExecutor | None = None

    async def prepare(self, capture: Capture, *, with_links: bool) -> Prepared:
        """What `archive.prepare.prepare` gives; without processes it is done here.

        Raises: ExtractionError as that does; WorkerDiedError, after which the next page finds a new pool.
        """
        if not self._processes:
            return prepare(capture, with_links=with_links)
        if self._executor is None:
            # Forking a process that runs a reactor and threads is unsafe; a fresh server process forks the workers.
            context = multiprocessing.get_context("forkserver")
            self._executor = ProcessPoolExecutor(self._processes, context, initializer=_follow_parent)
        job = partial(prepare, capture, with_links=with_links)
        try:
            return await asyncio.get_running_loop().run_in_executor(self._executor, job)
        except BrokenProcessPool as error:
            self._executor = None
            raise WorkerDiedError("the process that extracted the page has died", capture.url) from error


@cache
def shared_pool(processes: int) -> ExtractionPool:
    """The pool of this process; a crawl of a hundred sources has as many workers as that of one."""
    return ExtractionPool(processes)


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
