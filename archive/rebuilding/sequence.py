"""The records of an archive's WARC files, each in its place, in the order in which they were written."""

import heapq
import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from archive.errors import CaptureError
from archive.models import WarcPlace
from archive.warc.foreign import Damage, NotWarcError, records
from archive.warc.notes import IMPORTED
from archive.warc.reading import LIMIT
from archive.warc.records import Record, parse
from archive.warc.writing import SUFFIX

_STAMP = re.compile(r"newsarchive-(\d{14})-")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Kept:
    """A record, and when it was written; they sort by that."""

    at: datetime
    file: str
    offset: int
    length: int = field(compare=False)
    record: Record = field(compare=False)

    @property
    def place(self) -> WarcPlace:
        """Where it is."""
        return WarcPlace(file=self.file, offset=self.offset, length=self.length)


def sequence(directory: Path, advanced: Callable[[int], None], damaged: Callable[[str], None]) -> Iterator[Kept]:
    """All records of the directory's files.

    A file is a sequence already; two that were written to at the same time are merged. `advanced` hears how many bytes
    are read, `damaged` in words what cannot be. Raises: CaptureError where a file cannot be opened.
    """
    waiting = deque(sorted(directory.glob(f"*{SUFFIX}"), key=lambda path: (_begun(path), path.name)))
    read: dict[str, int] = {}
    heads: list[tuple[Kept, Iterator[Kept]]] = []
    while waiting or heads:
        while waiting and (not heads or _begun(waiting[0]) <= heads[0][0].at):
            _push(heads, _kept(waiting.popleft(), damaged))
        if not heads:
            continue
        kept, more = heapq.heappop(heads)
        read[kept.file] = kept.offset + kept.length
        advanced(sum(read.values()))
        yield kept
        _push(heads, more)


def _push(heads: list[tuple[Kept, Iterator[Kept]]], more: Iterator[Kept]) -> None:
    if kept := next(more, None):
        heapq.heappush(heads, (kept, more))


def _begun(path: Path) -> datetime:
    """When a file was begun, as its name says; long ago for one that has another name."""
    named = _STAMP.match(path.name)
    try:
        return datetime.strptime(named[1], "%Y%m%d%H%M%S").replace(tzinfo=UTC) if named else _LONG_AGO
    except ValueError:
        return _LONG_AGO


_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


def _kept(path: Path, damaged: Callable[[str], None]) -> Iterator[Kept]:
    """The records of one file. Their times never go back: what was written later is later."""
    at = _begun(path)
    try:
        with path.open("rb") as file:
            for found in records(file):
                if isinstance(found, Damage):
                    damaged(f"{path}, byte {found.offset}: {found.what}")
                    continue
                offset = found.place.member
                try:
                    record = parse(found.whole, limit=LIMIT)
                    # what stands in the place of an erased record is younger than its neighbours
                    at = at if record.kind == "metadata" else max(at, _written(record))
                except CaptureError as error:
                    damaged(f"{path}, byte {offset}: {error}")
                    continue
                if found.damaged():
                    damaged(f"{path}, byte {offset}: the record's digest is wrong")
                    continue
                yield Kept(at=at, file=path.name, offset=offset, length=found.ends.member - offset, record=record)
    except NotWarcError as error:
        if path.stat().st_size:
            damaged(f"{path}: {error}")
    except OSError as error:
        raise CaptureError(f"{path} cannot be read: {error.strerror}") from error


def _written(record: Record) -> datetime:
    """When a record was written: one that was imported bears the date of its first writing."""
    imported = record.note.get(IMPORTED)
    try:
        return datetime.fromisoformat(imported["at"]) if imported else record.date
    except (KeyError, TypeError, ValueError):
        return record.date
