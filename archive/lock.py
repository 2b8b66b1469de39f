"""One process at a time that crawls, imports or re-extracts: the lock of an archive, which a killed run gives up."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from archive.errors import ArchiveLockedError, ArchiveReadOnlyError, NotAnArchiveError
from archive.when import stamp

_held: dict[Path, tuple[TextIO, int]] = {}
"""The locks of this process, each with how often it is taken: by a command, and by each of the command's crawls."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """The process that holds an archive's lock."""

    pid: int
    since: datetime


@contextmanager
def crawl_lock(db: Path) -> Iterator[None]:
    """Hold the archive's crawl lock (`news.db.lock`, by flock(2): the kernel lets go of it when the process dies).

    A process that holds it may take it again. Raises ArchiveLockedError while another process holds it,
    ArchiveReadOnlyError where the file cannot be made, NotAnArchiveError for a folder.
    """
    if db.is_dir():
        raise NotAnArchiveError(f"{db} is a folder, not an archive: name a file in it, such as {db / 'news.db'}")
    path = _path(db)
    handle, holders = _held.get(path) or (_locked(path, db), 0)
    _held[path] = (handle, holders + 1)
    try:
        yield
    finally:
        handle, holders = _held.pop(path)
        if holders > 1:
            _held[path] = (handle, holders - 1)
        else:
            handle.close()


def holder(db: Path) -> Holder | None:
    """Who holds the archive's lock, or held it last; None where nobody is known. Raises: nothing."""
    try:
        pid, since = _path(db).read_text(encoding="utf-8").split()
        return Holder(pid=int(pid), since=datetime.fromisoformat(since))
    except (OSError, ValueError):
        return None


def _path(db: Path) -> Path:
    return db.with_name(f"{db.name}.lock").absolute()


def _locked(path: Path, db: Path) -> TextIO:
    try:
        handle = path.open("a", encoding="utf-8")
    except OSError as error:
        raise ArchiveReadOnlyError(
            f"{path} cannot be written: {error.strerror}; is the directory there, and yours?"
        ) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        handle.close()
        by = holder(db)
        known = f" (process {by.pid}, since {stamp(by.since)})" if by else ""
        raise ArchiveLockedError(
            f"another crawl is running over {db}, or an import or re-extraction{known}; "
            "wait for it, or use another --db"
        ) from error
    _sign(handle)
    return handle


def _sign(handle: TextIO) -> None:
    """Write down who holds the lock, for those who find it taken; on a full disk they learn only that it is."""
    with suppress(OSError):
        os.ftruncate(handle.fileno(), 0)
        os.write(handle.fileno(), f"{os.getpid()} {stamp(datetime.now(UTC))}\n".encode())
