"""What is to be crawled: the jobs of a list, or whatever is due; and what is noted of a crawl that has ended."""

from collections.abc import Callable, Collection, Iterable
from datetime import timedelta

from archive.models import SourceId
from archive.store import Database, timetable
from crawler.frontier import now
from crawler.job import Job, Result, guest_of, result_of
from crawler.middlewares.politeness import RetryAfterMiddleware
from crawler.target import Target

LONGEST_REST_S = 7 * 86_400.0
"""What a Retry-After may put a source off: some servers ask for years by mistake."""


class Listed:
    """The jobs of a list, each once."""

    def __init__(self, db: Database, jobs: Iterable[Job], *, is_whole: bool) -> None:
        """`is_whole`: whether all of a source is asked for, so that it need not be crawled again so soon."""
        self._db = db
        self._left = list(jobs)
        self._is_whole = is_whole

    def take(self, busy: Collection[str]) -> Job | None:
        """The first that is left and whose host is not busy."""
        job = next((job for job in self._left if job.host not in busy), None)
        if job is not None:
            self._left.remove(job)
        return job

    def is_empty(self) -> bool:
        """Whether all were taken."""
        return not self._left

    def ended(self, job: Job) -> None:
        """Note when the source is due again. Raises: StoreError where that cannot be written."""
        if self._is_whole and job.target is not None and job.target.only is None and not job.target.waits:
            _note(self._db, job, result_of(job))


class Due:
    """The enabled sources whose time has come, also those whose time comes meanwhile."""

    def __init__(self, db: Database, tell: Callable[[Result], None]) -> None:
        """`tell` is called with the result of each crawl."""
        self._db = db
        self._tell = tell
        self.under_way: list[Job] = []
        """Crawls that have not ended yet."""
        self.results: dict[SourceId, Result] = {}
        """The last result of each source that was crawled."""

    def take(self, busy: Collection[str]) -> Job | None:
        """The source that has been due for the longest, of those whose host is not busy."""
        for source in timetable.due(self._db, now()):
            if guest_of(source.url) not in busy:
                job = Job(word=source.name, target=Target(source=source))
                self.under_way.append(job)
                return job
        return None

    def is_empty(self) -> bool:
        """Whether no source is due."""
        return not timetable.due(self._db, now())

    def ended(self, job: Job) -> None:
        """Note when the source is due again, and tell of the result; the crawl's memory is let go of.

        Raises: StoreError where that cannot be written.
        """
        result = result_of(job)
        self.under_way.remove(job)
        if job.target is not None:
            _note(self._db, job, result)
            self.results[job.target.source.id] = result
        self._tell(result)


def _note(db: Database, job: Job, result: Result) -> None:
    target = job.target
    if target is None:
        return
    source, at = target.source, now()
    timetable.ended(
        db,
        source.id,
        started_at=job.started_at,
        at=at,
        error=str(result.error) if result.error and not result.is_cut_short else None,
        is_cut_short=result.is_cut_short,
    )
    if rest_s := _rest_s(job):
        timetable.put_off(db, source.domain, at + timedelta(seconds=min(rest_s, LONGEST_REST_S)))


def _rest_s(job: Job) -> float:
    """For how many seconds the site has asked to be left alone (Retry-After)."""
    if job.crawler is None or job.error is not None:
        return 0.0
    retry_after = job.crawler.get_downloader_middleware(RetryAfterMiddleware)
    return retry_after.rest_s() if retry_after else 0.0
