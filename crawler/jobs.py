"""One crawl at a time over one archive: the lock that a killed run does not leave behind."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from archive.errors import ArchiveLockedError, ArchiveReadOnlyError, NotAnArchiveError


@contextmanager
def crawl_lock(db: Path) -> Iterator[None]:
    """Hold the archive's crawl lock (`news.db.lock`, by flock(2): the kernel lets go of it when the process dies).

    Raises ArchiveLockedError while another process holds it, ArchiveReadOnlyError where the file cannot be made.
    """
    if db.is_dir():
        raise NotAnArchiveError(f"{db} is a folder, not an archive: name a file in it, such as {db / 'news.db'}")
    path = db.with_name(f"{db.name}.lock")
    try:
        handle = path.open("a")
    except OSError as error:
        raise ArchiveReadOnlyError(
            f"{path} cannot be written: {error.strerror}; is the directory there, and yours?"
        ) from error
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ArchiveLockedError(f"another crawl is running over {db}; wait for it, or use another --db") from error
        yield
