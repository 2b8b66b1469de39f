"""A page that hangs or kills its worker costs that page only."""

import asyncio
import os
import signal
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from archive.errors import ExtractionError
from archive.models import CanonicalUrl, Capture, Prepared, Reason, Rejection
from archive.pool import AHEAD, ExtractionPool, ExtractionTimeoutError, WorkerDiedError

AT = datetime(2026, 11, 24, tzinfo=UTC)


def capture(body: str) -> Capture:
    url = CanonicalUrl(f"https://lantern.example/{body}")
    return Capture(url=url, final_url=url, fetched_at=AT, status=200, content_type="text/html", body=body.encode())


def obey(page: Capture, *, with_links: bool) -> Prepared:
    """Does what the page says."""
    match page.body:
        case b"hang":
            time.sleep(600)
        case b"die":
            os._exit(3)
        case b"fail":
            raise ExtractionError("as the page said", page.url)
    evidence = {b"pid": str(os.getpid())}.get(page.body, "links" if with_links else "none")
    outcome = Rejection(reason=Reason.NO_TEXT, evidence=evidence)
    return Prepared(capture=page, outcome=outcome, content_hash=None)


def results(pages: Sequence[str], processes: int) -> list[Prepared | BaseException]:
    async def run() -> list[Prepared | BaseException]:
        pool = ExtractionPool(processes, 1.0, job=obey)
        return await asyncio.gather(
            *(pool.prepare(capture(page), with_links=True) for page in pages), return_exceptions=True
        )

    return asyncio.run(run())


def test_each_page_gets_its_own_result() -> None:
    pages = ["good", "die", "good", "hang", "fail", *["good"] * 20]
    found = results(pages, 2)
    assert isinstance(found[1], WorkerDiedError)
    assert isinstance(found[3], ExtractionTimeoutError)
    assert type(found[4]) is ExtractionError
    assert all(isinstance(found[n], Prepared) for n, page in enumerate(pages) if page == "good")


def test_without_processes_pages_are_done_here() -> None:
    (found,) = results(["good"], 0)
    assert isinstance(found, Prepared)
    assert isinstance(found.outcome, Rejection)
    assert found.outcome.evidence == "links"


def test_the_death_of_an_idle_worker_costs_nothing() -> None:
    async def run() -> list[Prepared]:
        pool = ExtractionPool(1, 10.0, job=obey)
        first = await pool.prepare(capture("pid"), with_links=False)
        assert isinstance(first.outcome, Rejection)
        os.kill(int(first.outcome.evidence), signal.SIGKILL)
        pages = [pool.prepare(capture("good"), with_links=False) for _ in range(50)]
        found = await asyncio.gather(*pages)
        await asyncio.sleep(1.0)  # by now the death is known, and was nobody's who had a page
        return [*found, await pool.prepare(capture("good"), with_links=False)]

    assert len(asyncio.run(run())) == 51


def heard(word: str) -> str:
    """What a task says, or what it does."""
    match word:
        case "hang":
            time.sleep(600)
        case "die":
            os._exit(3)
        case "fail":
            raise ExtractionError("as the task said")
    return word.upper()


def test_tasks_are_done_in_their_order_without_an_event_loop() -> None:
    words = ["one", "die", "two", "hang", "fail", *["more"] * 60]
    found = list(ExtractionPool(2, 1.0).each(heard, enumerate(words)))
    assert [number for number, _ in found] == list(range(len(words)))
    results = [result for _, result in found]
    assert isinstance(results[1], WorkerDiedError)
    assert isinstance(results[3], ExtractionTimeoutError)
    assert type(results[4]) is ExtractionError
    assert [results[0], results[2], *results[5:]] == ["ONE", "TWO", *["MORE"] * 60]


def test_tasks_are_taken_only_as_results_are_asked_for() -> None:
    taken: list[int] = []

    def tasks() -> Iterator[tuple[int, str]]:
        for number in range(1_000):
            taken.append(number)
            yield number, "word"

    results = ExtractionPool(1, 10.0).each(heard, tasks())
    for _ in range(3):
        next(results)
    assert len(taken) == AHEAD + 3


def test_without_processes_tasks_are_done_here() -> None:
    found = list(ExtractionPool(0, 1.0).each(heard, [(1, "one"), (2, "fail")]))
    assert found[0] == (1, "ONE")
    assert isinstance(found[1][1], ExtractionError)
