"""A rebuild: each response of the files prepared in the pool, and all that was done with them done again in order."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from archive.capturing import warc_directory
from archive.errors import ArchiveError, ConfigError
from archive.lock import crawl_lock
from archive.models import Capture, Prepared
from archive.pool import ExtractionPool
from archive.prepare import prepare
from archive.rebuilding.again import Again, Step
from archive.rebuilding.sequence import sequence
from archive.store import Database, open_archive, statistics, transaction

BATCH = 500
"""Steps that are written in one transaction: a database that is only whole at the end need not be so after each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """What was made."""

    counts: dict[str, int]
    errors: tuple[str, ...]
    """What of the files could not be read, in words."""


def rebuild(
    directory: Path, target: Path, pool: ExtractionPool, *, advanced: Callable[[int], None] = lambda _: None
) -> Rebuilt:
    """Makes the database `target` of the WARC files in a directory; it is there when it is whole, not before.

    Raises: ConfigError where the target is there already, or the directory has no WARC file; StoreError, CaptureError.
    """
    if target.exists():
        raise ConfigError(f"{target} is there already, and nothing is written over: move it away, or name another file")
    if not any(directory.glob("*.warc.gz")):
        raise ConfigError(f"there is no WARC file in {directory}: name the folder with --from")
    errors: list[str] = []
    with crawl_lock(target), _made(target) as db:
        again = Again(db, directory)
        results = pool.each(_prepared, again.steps(sequence(directory, advanced, errors.append)))
        while _done(db, results):
            pass
        again.close(warc=directory.resolve() == warc_directory(target).resolve())
        counts = {name: number for name, number in statistics.of(db).items() if isinstance(number, int)}
    return Rebuilt(counts=counts, errors=tuple(errors))


def _prepared(capture: Capture | None) -> Prepared | None:
    """What a step needs to know of its page; for the pool."""
    return prepare(capture) if capture is not None else None


def _done(db: Database, results: Iterator[tuple[Step, Prepared | ArchiveError | None]]) -> int:
    """Takes at most `BATCH` steps; how many there were."""
    taken = 0
    with transaction(db):
        for step, result in islice(results, BATCH):
            step(result)
            taken += 1
    return taken


@contextmanager
def _made(target: Path) -> Iterator[Database]:
    """A new database, which gets its name when all is well."""
    path = target.with_name(f"{target.name}.rebuilding")
    _removed(path)
    db = open_archive(path)
    try:
        yield db
        db.close()
        path.rename(target)
    finally:
        db.close()
        _removed(path)


def _removed(path: Path) -> None:
    """Takes away what an interrupted rebuild has left."""
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
