"""WARC files written: one open file a process, appended to record by record, safe against being killed at any byte."""

import fcntl
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from archive.errors import CaptureError
from archive.models import Exchange, WarcPlace
from archive.warc import records
from archive.warc.reading import DamagedError, TornError, members
from archive.warc.records import Laid, Original

MAX_BYTES = 1_000_000_000
"""A file that has reached it is full: a gigabyte, as the standard advises (ISO 28500, annex C)."""

SYNC_BYTES = 16 * 1024 * 1024
"""How much is written between two calls of fdatasync(2): what a power cut may take, at most. A killed process loses
nothing."""

SUFFIX = ".warc.gz"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tail:
    """What a killed process, or a lost database, left at the end of a file: more than the archive knows."""

    path: Path
    start: int
    """Where it begins; from here on `archive.warc.reading.members` gives its records."""
    cut: int
    """Bytes of a torn record that were cut off its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who writes records: one crawl, import or other run. Each file in which it writes says so in a warcinfo record."""

    key: str
    """Tells one author from another."""
    lines: Mapping[str, str]
    """The warcinfo record's fields."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A record that is on disk."""

    record_id: str
    place: WarcPlace


class WarcWriter:
    """Appends to the WARC files of a directory.

    A file is locked (flock(2)) by the process that writes to it. The next process goes on with the newest file that is
    neither full nor locked, after it has cut off what a killed one has torn; `tails` tells what was found.
    """

    def __init__(self, directory: Path, *, end_of: Callable[[str], int | None], max_bytes: int = MAX_BYTES) -> None:
        """`end_of` a file is the byte after the last record of it that the archive knows; None if it knows none.

        Raises: CaptureError where the directory cannot be written.
        """
        self.directory = directory
        self._max_bytes = max_bytes
        self._infos: dict[str, str] = {}
        self._unsynced = 0
        try:
            directory.mkdir(exist_ok=True)
            self.tails = tuple(_mended(directory, end_of))
            self._file, self._name = self._newest(end_of) or self._created()
        except OSError as error:
            raise CaptureError(f"{directory} cannot be written: {error.strerror}") from error
        self._end = os.fstat(self._file).st_size

    def exchange(
        self,
        author: Author,
        exchange: Exchange,
        *,
        note: Mapping[str, Any] | None = None,
        original: Original | None = None,
    ) -> Written:
        """Writes a request and its response; where the response's record is.

        Raises: CaptureError where the disk does not take it; the file then ends as it did before.
        """
        info = self._info(author)
        answer = records.response(exchange, warcinfo_id=info, note=note, original=original)
        asked = records.request(exchange, warcinfo_id=info, response_id=answer.record_id)
        # the request first: so the file ends with the record that the archive's row points to
        return self._append(asked, answer)

    def copy(self, author: Author, lay: Callable[[str], Laid]) -> Written:
        """Writes a record of another file, laid down for the id of the author's warcinfo record.

        Raises: CaptureError as `exchange`.
        """
        return self._append(lay(self._info(author)))

    def resource(self, author: Author, uri: str, block: bytes, *, at: datetime, content_type: str) -> Written:
        """Writes something of our own making. Raises: CaptureError as `exchange`."""
        info = self._info(author)
        return self._append(records.resource(uri, block, at=at, content_type=content_type, warcinfo_id=info))

    def close(self) -> None:
        """Has everything on the disk, and lets go of the file."""
        os.fdatasync(self._file)
        os.close(self._file)

    def _info(self, author: Author) -> str:
        """The id of the author's warcinfo record in the file that is written to."""
        if self._end >= self._max_bytes:
            self.close()
            self._infos.clear()
            self._file, self._name = self._created()
            self._end = 0
        if author.key not in self._infos:
            laid = records.warcinfo(author.lines, at=datetime.now(UTC).replace(microsecond=0), filename=self._name)
            self._infos[author.key] = self._append(laid).record_id
        return self._infos[author.key]

    def _append(self, *laid: Laid) -> Written:
        data = b"".join(record.member for record in laid)
        try:
            written = 0
            while written < len(data):
                written += os.pwrite(self._file, data[written:], self._end + written)
            self._synced(len(data))
        except OSError as error:
            os.ftruncate(self._file, self._end)
            path = self.directory / self._name
            raise CaptureError(
                f"{path} cannot be written: {error.strerror}; make room, and run the same again"
            ) from error
        last = laid[-1]
        self._end += len(data)
        place = WarcPlace(file=self._name, offset=self._end - len(last.member), length=len(last.member))
        return Written(record_id=last.record_id, place=place)

    def _synced(self, added: int) -> None:
        self._unsynced += added
        if self._unsynced >= SYNC_BYTES:
            os.fdatasync(self._file)
            self._unsynced = 0

    def _newest(self, end_of: Callable[[str], int | None]) -> tuple[int, str] | None:
        """A file to go on with, locked."""
        for path in sorted(self.directory.glob(f"*{SUFFIX}"), reverse=True):
            size, known = path.stat().st_size, end_of(path.name) or 0
            # after a power cut a file may be shorter than the archive knows: what is lost must not be written over
            if size >= self._max_bytes or size < known or not _ends_well(path, known):
                continue
            if (file := _locked(path)) is not None:
                return file, path.name
        return None

    def _created(self) -> tuple[int, str]:
        stamp = datetime.now(UTC).strftime("%Y%m%d%H%M%S")
        for serial in range(100_000):
            path = self.directory / f"newsarchive-{stamp}-{serial:05}{SUFFIX}"
            try:
                file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
            except FileExistsError:
                continue
            fcntl.flock(file, fcntl.LOCK_EX)
            return file, path.name
        raise FileExistsError(f"a hundred thousand files of the second {stamp}")


def _locked(path: Path) -> int | None:
    file = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(file)
        return None
    return file


def _mended(directory: Path, end_of: Callable[[str], int | None]) -> Iterator[Tail]:
    """Cuts torn ends off the files that nobody writes to; what each has beyond what the archive knows."""
    for path in sorted(directory.glob(f"*{SUFFIX}")):
        start = end_of(path.name) or 0
        if path.stat().st_size <= start or (file := _locked(path)) is None:
            continue
        try:
            torn = _torn(path, start)
            if torn is not None:
                os.ftruncate(file, torn.offset)
        finally:
            os.close(file)
        yield Tail(path=path, start=start, cut=torn.size - torn.offset if torn else 0)


def _torn(path: Path, start: int) -> TornError | None:
    """Where a file ends in the middle of a record; None where it ends well.

    Damage is no torn end: nothing is cut off that somebody may still want to read.
    """
    try:
        for _ in members(path, start):
            pass
    except TornError as torn:
        return torn
    except DamagedError:
        return None
    return None


def _ends_well(path: Path, start: int) -> bool:
    try:
        for _ in members(path, start):
            pass
    except (TornError, DamagedError):
        return False
    return True
