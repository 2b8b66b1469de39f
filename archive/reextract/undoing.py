"""A run undone: every value that it replaced put back, every article that it gained taken out."""

from collections.abc import Generator
from dataclasses import dataclass
from datetime import UTC, datetime

from archive.errors import ConfigError
from archive.models import ArticleId, CaptureId
from archive.store import Database, boilerplate, reextractions, replaced, reread, transaction
from archive.store.reextractions import Reextraction
from archive.store.replaced import Restored

BATCH = 50
"""Articles in a transaction."""

AS_BEFORE, GONE, MET = "rejected as before", "removed", "met since"
"""What becomes of a rejected capture, and of an article that came of one: it stays where a crawl has met it since."""

STAY = frozenset({Restored.EDITED, Restored.CLEANED, MET})
"""Outcomes in which something is not as it was before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """What became of an article, or of a rejected capture."""

    article_id: ArticleId | None = None
    """None for a capture that was rejected, and is again."""
    outcome: str
    """A value of `Restored`, or what became of what was gained."""


def run_to_undo(db: Database, number: int | None) -> Reextraction:
    """The run of this number, or the last that has changed anything and is not undone.

    Raises: ConfigError where there is none, or where a later one has changed the same.
    """
    runs = [run for run in reextractions.every(db) if not run.rolled_back_at]
    runs = [run for run in runs if (left(db, run) if number is None else run.id == number)]
    if not runs:
        what = "no re-extraction" if number is None else f"no re-extraction {number}"
        raise ConfigError(f"there is {what} to roll back; `newsarchive reextract --list` shows the runs")
    later = replaced.later(db, runs[0].id)
    if later is not None:
        raise ConfigError(f"re-extraction {later} has changed the same after {runs[0].id}: roll that back first")
    return runs[0]


def undo(db: Database, run: Reextraction) -> Generator[Undone, None, None]:
    """Puts back what a run has changed, the last first, in transactions of a few articles; the same again goes on.

    What a crawl has written since stays: an article that was revised keeps its row and its newest revision, one that
    was gained and met again keeps all. Raises: StoreError.
    """
    # what is half undone must not be gone on with
    reextractions.finish(db, run.id, _now())
    while captures := reread.touched(db, run.id, limit=BATCH):
        with transaction(db):
            done = [undone for capture in captures if (undone := _capture(db, run, *capture))]
        yield from done
    while articles := replaced.touched(db, run.id, limit=BATCH):
        with transaction(db):
            done = [_article(db, run, article_id) for article_id in articles]
        yield from done
    reextractions.rolled_back(db, run.id, _now())


def left(db: Database, run: Reextraction) -> int:
    """How many articles and captures `undo` has before it."""
    return replaced.count(db, run.id) + reread.count(db, run.id)


def _capture(db: Database, run: Reextraction, capture_id: CaptureId, article_id: ArticleId | None) -> Undone | None:
    """A capture that was rejected; None where it went with its article already."""
    if article_id is None:
        reread.take_back(db, run.id, capture_id)
        return Undone(outcome=AS_BEFORE)
    if not reread.has_gained(db, run.id, article_id):
        return None
    is_gone = reread.take_article_back(db, run.id, article_id)
    return Undone(article_id=article_id, outcome=GONE if is_gone else MET)


def _article(db: Database, run: Reextraction, article_id: ArticleId) -> Undone:
    lines = boilerplate.known_for(db, article_id)
    return Undone(article_id=article_id, outcome=replaced.put_back(db, run.id, article_id, lines))


def _now() -> datetime:
    return datetime.now(UTC)
