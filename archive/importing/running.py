"""An import: records sorted, their pages prepared in the pool, each kept in the order of its file."""

import asyncio
import logging
import zipfile
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from archive import accounting, cleaning, clustering
from archive.errors import ExtractionError
from archive.importing.inputs import Input
from archive.importing.keeping import SEALER, Keeper
from archive.importing.sorting import Skip, Sorted, sort
from archive.models import CanonicalUrl, Capture, Prepared, Reason, Source
from archive.pool import ExtractionPool, ExtractionTimeoutError, WorkerDiedError
from archive.sealing import seal
from archive.store import Database, crawls, imports, transaction
from archive.warc.foreign import Damage, Found, NotWarcError, records
from archive.warc.inflating import Place
from archive.warc.writing import WarcWriter

logger = logging.getLogger(__name__)

AHEAD_PAGES = 64
"""Pages that are being prepared, or wait for those before them, at most."""
AHEAD_BYTES = 64 * 1024 * 1024
"""Bytes of their records and bodies, at most: what an import holds in memory, whatever the size of its files."""

_REASONS: dict[type[ExtractionError], Reason] = {
    WorkerDiedError: Reason.WORKER_DIED,
    ExtractionTimeoutError: Reason.EXTRACTION_TIMEOUT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What became of one file."""

    file: str
    done_before: bool = False
    """Whether it had been imported already; then nothing was done."""
    counts: Counter[str] = field(default_factory=Counter)
    """How many of its records became what: an `Outcome`, a `Reason`, a `Skip`; `records` is the sum."""
    errors: tuple[str, ...] = ()
    """What of the file could not be read, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """A record that may be an article, and the capture with its body."""

    sorted: Sorted
    capture: Capture


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ahead:
    """A page on its way through the pool."""

    sorted: Sorted
    task: "asyncio.Task[Prepared]"
    passed: Counter[str]
    """What was passed over before it."""
    size: int


class Importer:
    """Imports files into an archive, one at a time."""

    def __init__(
        self,
        db: Database,
        warc: WarcWriter,
        pool: ExtractionPool,
        *,
        is_page: Callable[[CanonicalUrl], bool],
        now: Callable[[], datetime],
        only: Source | None = None,
        advanced: Callable[[Input, int], None] = lambda _input, _position: None,
    ) -> None:
        """`is_page` says of an address whether it may be an article's, `advanced` hears how far a file is read."""
        self._db, self._warc, self._pool = db, warc, pool
        self._is_page, self._now, self._only, self._advanced = is_page, now, only, advanced
        self._ahead: deque[_Ahead] = deque()
        self._bytes = 0

    async def run(self, one: Input, *, anew: bool = False) -> Imported:
        """Imports a file; goes on where an earlier import of it was interrupted, unless `anew`.

        Raises: StoreError, CaptureError where the archive cannot be written.
        """
        row = imports.open_or_resume(
            self._db,
            one.name,
            only_source=self._only.name if self._only else "",
            size=one.size,
            changed_at=one.changed_at,
            at=self._now(),
            anew=anew or one.size is None,
        )
        counts = Counter(row.counts)
        if row.finished_at is not None:
            return Imported(file=one.name, done_before=True, counts=counts)
        keeper = Keeper(self._db, self._warc, row, only=self._only, now=self._now)
        errors: list[str] = []
        try:
            passed = await self._read(one, row.place, keeper, counts, errors)
            while self._ahead:
                await self._finish(keeper, counts)
            counts.update(passed)
            imports.advance(self._db, row.id, row.place, counts, finished_at=self._now())
        except (OSError, zipfile.BadZipFile, NotWarcError) as error:
            errors.append(f"{one.name}: {error.strerror or error if isinstance(error, OSError) else error}")
        finally:
            for ahead in self._ahead:
                ahead.task.cancel()
            self._ahead.clear()
            self._bytes = 0
        return Imported(file=one.name, counts=counts, errors=tuple(errors))

    async def _read(
        self, one: Input, start: Place, keeper: Keeper, counts: Counter[str], errors: list[str]
    ) -> Counter[str]:
        """Takes every record of a file; what was passed over since the last page.

        Raises: OSError, zipfile.BadZipFile, NotWarcError where the file cannot be read.
        """
        passed: Counter[str] = Counter()
        with one.open() as file:
            for found in records(file, start):
                self._advanced(one, found.position)
                if isinstance(found, Damage):
                    errors.append(f"{one.name}, byte {found.offset}: {found.what}")
                    passed[Skip.DAMAGED] += 1
                    continue
                passed["records"] += 1
                page = await self._page(found, keeper, counts)
                if isinstance(page, _Page):
                    await self._begin(page, passed, keeper, counts)
                    passed = Counter()
                    continue
                passed[page] += 1
                if page is Skip.DAMAGED:
                    errors.append(f"{one.name}, byte {found.place.member}: the digest of {found.url} is wrong")
        return passed

    async def _page(self, found: Found, keeper: Keeper, counts: Counter[str]) -> _Page | Skip | Reason:
        """What a record is. A redirect is kept at once, and awaits the page that it leads to."""
        if found.kind == "warcinfo":
            keeper.introduce(found)
        one = sort(found, site=self._only.domain if self._only else None, is_page=self._is_page)
        if not isinstance(one, Sorted):
            return one
        if keeper.knows(one) or any(ahead.sorted.found.id == found.id for ahead in self._ahead):
            return Skip.KNOWN
        if one.location is not None:
            keeper.redirect(one)
            return Skip.REDIRECT
        if one.repeats and any(one.repeats_record(ahead.sorted.found) for ahead in self._ahead):
            while self._ahead:
                await self._finish(keeper, counts)
        capture = keeper.whole(one)
        if capture is not None:
            capture = replace(capture, timezone=keeper.timezone(one))
        return _Page(sorted=one, capture=capture) if capture is not None else Skip.NO_ORIGINAL

    async def _begin(self, page: _Page, passed: Counter[str], keeper: Keeper, counts: Counter[str]) -> None:
        """Sends a page into the pool, and waits while that has enough to do."""
        task = asyncio.ensure_future(self._pool.prepare(page.capture, with_links=False))
        size = len(page.sorted.found.block) + len(page.capture.body)
        self._ahead.append(_Ahead(sorted=page.sorted, task=task, passed=passed, size=size))
        self._bytes += size
        await asyncio.sleep(0)
        while len(self._ahead) > AHEAD_PAGES or self._bytes > AHEAD_BYTES:
            await self._finish(keeper, counts)

    async def _finish(self, keeper: Keeper, counts: Counter[str]) -> None:
        """Keeps the page that is first, when the pool has done it."""
        prepared: Prepared | Reason
        ahead = self._ahead[0]
        try:
            prepared = await ahead.task
        except ExtractionError as error:
            logger.error("event=extraction_failed url=%s error=%s", ahead.sorted.capture.url, error, exc_info=error)
            prepared = _REASONS.get(type(error), Reason.EXTRACTION_FAILED)
        self._ahead.popleft()
        self._bytes -= ahead.size
        with transaction(self._db):
            counts.update(ahead.passed)
            counts[keeper.page(ahead.sorted, prepared)] += 1
            keeper.advance(ahead.sorted.found.ends, counts)


def close(db: Database, warc: WarcWriter, at: datetime) -> None:
    """Ends what imports have brought of each source: learns what its articles share, closes the account; seals it all.

    Raises: StoreError, CaptureError.
    """
    for crawl_id, source_id in crawls.unfinished_of_imports(db):
        counts = crawls.brought(db, crawl_id)
        if counts["new"] or counts["revised"]:
            cleaning.learn(db, source_id, at)
        crawls.finish(db, crawl_id, at=at, outcome="imported", counts=counts)
        accounting.close(db, warc, SEALER, crawl_id, at=at)
    clustering.catch_up(db)
    seal(db, warc, SEALER, at=at)
