"""A page that hangs or kills its worker costs that page only."""

import asyncio
import os
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from archive.errors import ExtractionError
from archive.models import CanonicalUrl, Capture, Prepared, Reason, Rejection
from archive.pool import ExtractionPool, ExtractionTimeoutError, WorkerDiedError

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
    outcome = Rejection(reason=Reason.NO_TEXT, evidence="links" if with_links else "none")
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
