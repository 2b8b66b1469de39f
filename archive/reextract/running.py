"""A run: every selected article and rejected capture read again, and what comes of it told; written, if so wished."""

from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from itertools import islice

from archive.boilerplate import Lines
from archive.decision import page_of
from archive.errors import ArchiveError, CaptureError, ExtractionError, StoreError
from archive.ingest import ingest, is_new
from archive.models import ArticleId, CanonicalUrl, CaptureId, Prepared, Rejection, SourceId
from archive.pool import ExtractionPool
from archive.prepare import extractor as extractor_of_today
from archive.reextract.merging import Rewriting, rewriting
from archive.reextract.reading import NotKeptError, Reader
from archive.store import Database, articles, boilerplate, reextractions, replaced, reread, states, transaction
from archive.store.reextractions import Held, Reextraction, Rejected, Selection
from archive.store.states import State

BATCH = 50
"""Articles in a transaction: what an interruption may cost; and a transaction for each would take a third longer."""

PAGE = 500
"""Rows that are looked up at once."""


class Kind(StrEnum):
    """What came of reading something again. Each value is counted by its name."""

    SAME = "same"
    CHANGED = "changed"
    GAINED = "gained"
    """A capture of which no article had come is one now."""
    REJECTED = "rejected"
    """An article's page would be none today; the article stays as it is."""
    NO_ARTICLE = "no article"
    """A rejected capture, rejected again."""
    KNOWN = "known"
    """A rejected capture is an article now, but one that the archive has already, or claims addresses of one."""
    NOT_KEPT = "not kept"
    UNREADABLE = "unreadable"
    FAILED = "failed"


TROUBLES = frozenset({Kind.NOT_KEPT, Kind.UNREADABLE, Kind.FAILED})
"""What could not be looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What came of one article or capture."""

    kind: Kind
    source_id: SourceId
    article_id: ArticleId | None = None
    """None for a rejected capture."""
    capture_id: CaptureId | None = None
    """Of a rejected capture."""
    url: str
    title: str = ""
    evidence: str = ""
    """Why it is no article, or what hindered."""
    change: Rewriting | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    """What is read again in one go: the captures of all revisions of an article, or one that was rejected."""

    source_id: SourceId
    article_id: ArticleId | None = None
    rejected: Rejected | None = None
    revisions: int = 1


class Reextracting:
    """A run over an archive, that writes or only looks."""

    def __init__(
        self,
        db: Database,
        selection: Selection,
        *,
        reader: Reader,
        pool: ExtractionPool,
        limit: int | None = None,
        writes: bool = False,
        extractor: str | None = None,
    ) -> None:
        """At most `limit` articles and captures are looked at. With `writes`, the caller holds the archive's lock.

        A run that writes is recorded; one that was interrupted goes on. `extractor` names what `reader` extracts with.
        """
        self._db, self._reader, self._pool, self._limit = db, reader, pool, limit
        self._selection = selection
        self._extractor = extractor or extractor_of_today()
        self._lines: dict[SourceId, Lines] = {}
        self._told_gained: set[CanonicalUrl] = set()
        """Where articles would be gained, if the run only looks."""
        self.counts: Counter[str] = Counter()
        """What came of it so far, by kind."""
        self.run: Reextraction | None = None
        """Its record, if it writes."""
        if writes:
            self.run = reextractions.begin(db, selection, extractor=self._extractor, at=_now())
            self.counts.update(self.run.counts)
        self._article_id = self.run.article_id if self.run else ArticleId(0)
        self._capture_id = self.run.capture_id if self.run else CaptureId(0)

    def total(self) -> int:
        """How many articles and captures are left to be looked at."""
        left = sum(
            reextractions.count(
                self._db,
                self._selection,
                self._extractor,
                article_id=self._article_id,
                capture_id=self._capture_id,
            )
        )
        return left if self._limit is None else min(left, self._limit)

    def findings(self) -> Generator[Finding, None, None]:
        """What comes of each, in order; what is told is written, if the run writes. Raises: StoreError."""
        results = self._pool.each(self._reader, islice(self._tasks(), self._limit))
        while batch := list(islice(results, BATCH)):
            with transaction(self._db) if self.run else nullcontext():
                found = [self._finding(task, result) for task, result in batch]
                counts = self.counts + Counter(finding.kind.value for finding in found)
                self._proceed(batch[-1][0], counts)
            self.counts = counts
            yield from found
        if self.run and self.counts:
            reextractions.finish(self._db, self.run.id, _now())
        elif self.run:
            reextractions.discard(self._db, self.run.id)

    def _tasks(self) -> Iterator[tuple[_Task, tuple[Held | None, ...]]]:
        article_id, capture_id = self._article_id, self._capture_id
        while found := reextractions.articles(self._db, self._selection, self._extractor, after=article_id, limit=PAGE):
            for article_id, source_id in found:
                held = tuple(reextractions.captures_of(self._db, article_id))
                yield _Task(source_id=source_id, article_id=article_id, revisions=len(held)), held
        while rejected := reextractions.rejected(
            self._db, self._selection, self._extractor, after=capture_id, limit=PAGE
        ):
            for row in rejected:
                yield _Task(source_id=row.source_id, rejected=row), (row.held,)
            capture_id = rejected[-1].held.id

    def _proceed(self, last: _Task, counts: Counter[str]) -> None:
        """Notes how far the run has come."""
        if last.article_id is not None:
            self._article_id = last.article_id
        elif last.rejected is not None:
            self._capture_id = last.rejected.held.id
        if self.run:
            reextractions.proceed(
                self._db, self.run.id, counts, article_id=self._article_id, capture_id=self._capture_id
            )

    def _finding(self, task: _Task, result: tuple[Prepared, ...] | ArchiveError) -> Finding:
        if task.rejected is not None:
            finding = Finding(
                kind=Kind.NO_ARTICLE, source_id=task.source_id, capture_id=task.rejected.held.id, url=task.rejected.url
            )
            if isinstance(result, ArchiveError):
                return _hindered(finding, result)
            return self._again(finding, task.rejected, result[0])
        state = states.get(self._db, ArticleId(task.article_id or 0))
        if state is None or len(state.revisions) != task.revisions:
            raise StoreError(f"Article {task.article_id} was written by somebody else: run the same again.")
        finding = Finding(
            kind=Kind.SAME,
            source_id=task.source_id,
            article_id=state.id,
            url=state.url,
            title=str(state.row["title"]),
        )
        return _hindered(finding, result) if isinstance(result, ArchiveError) else self._article(finding, state, result)

    def _article(self, finding: Finding, state: State, pages: tuple[Prepared, ...]) -> Finding:
        """An article: all of its revisions are replaced or none; what differs between them is not to be our doing."""
        for page in pages:
            if isinstance(page.outcome, Rejection):
                return replace(finding, kind=Kind.REJECTED, evidence=_told(page.outcome))
        change = rewriting(state, pages, self._known(state.source_id), extractor=self._extractor)
        if self.run and (change or change.values):
            replaced.write(self._db, self.run.id, state, change.values, taken=change.bodies, readings=change.readings)
        return replace(finding, kind=Kind.CHANGED if change else Kind.SAME, change=change)

    def _again(self, finding: Finding, rejected: Rejected, page: Prepared) -> Finding:
        """A capture that was rejected."""
        if isinstance(page.outcome, Rejection):
            self._mark(rejected, error=page.outcome.reason)
            return replace(finding, evidence=_told(page.outcome))
        lines = self._known(rejected.source_id)
        found = page_of(page.outcome, page, lines)
        finding = replace(finding, title=page.outcome.title)
        before = None if self.run else self._told_gained & found.addresses.keys()
        if before or not is_new(self._db, page, source_id=rejected.source_id, lines=lines):
            finding = replace(finding, kind=Kind.KNOWN)
            known = articles.find(self._db, found.answered)
            if not (self.run and known and reread.has_gained(self._db, self.run.id, known)):
                self._mark(rejected, error=rejected.error)
                return finding
        else:
            finding = replace(finding, kind=Kind.GAINED)
            self._told_gained.update(found.addresses if not self.run else ())
        if self.run:
            self._gain(rejected, page, {found.asked, *found.passed, *found.addresses}, lines)
        return finding

    def _gain(self, rejected: Rejected, page: Prepared, addresses: set[CanonicalUrl], lines: Lines) -> None:
        """Makes an article of a rejected capture, as if it had been one when it came; or a further state of one."""
        before = reread.addresses(self._db, addresses)
        known = {url: before.get(url) for url in addresses}
        ingested = ingest(
            self._db,
            page,
            source_id=rejected.source_id,
            crawl_id=rejected.crawl_id,
            at=page.capture.fetched_at,
            lines=lines,
        )
        self._mark(rejected, error=None, article_id=ingested.article_id, before=known)

    def _mark(
        self,
        rejected: Rejected,
        *,
        error: str | None,
        article_id: ArticleId | None = None,
        before: reread.Rows | None = None,
    ) -> None:
        if self.run:
            extractor = self._extractor if error else None
            reread.mark(
                self._db,
                self.run.id,
                rejected.held.id,
                error=error,
                extractor=extractor,
                article_id=article_id,
                before=before,
            )

    def _known(self, source_id: SourceId) -> Lines:
        """The source's known boilerplate."""
        if source_id not in self._lines:
            self._lines[source_id] = boilerplate.known(self._db, source_id)
        return self._lines[source_id]


def _hindered(finding: Finding, error: ArchiveError) -> Finding:
    """What could not be looked at. Raises the error if that is nothing to do with the capture."""
    match error:
        case NotKeptError():
            kind = Kind.NOT_KEPT
        case CaptureError():
            kind = Kind.UNREADABLE
        case ExtractionError():
            kind = Kind.FAILED
        case _:
            raise error
    return replace(finding, kind=kind, evidence=str(error))


def _told(rejection: Rejection) -> str:
    return f"{rejection.reason}: {rejection.evidence}"


def _now() -> datetime:
    return datetime.now(UTC)
