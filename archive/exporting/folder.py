"""A folder that an export fills, file by file, and goes on filling where it was interrupted.

Each file gets its name when it is whole. What was written is in SHA256SUMS, which `sha256sum --check` reads. A file
that another run of the same export has left, and that is none of this one's, is taken away if nobody has changed it.
"""

import fcntl
import hashlib
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, TextIO

from archive.errors import ExportError
from archive.exporting.target import digest, read_json, told, whole_file, write_json

MANIFEST = "manifest.json"
SUMS = "SHA256SUMS"
_UNFINISHED = f"{SUMS}.part"


@dataclass(slots=True, kw_only=True)
class Tally:
    """What became of the files."""

    written: int = 0
    kept: int = 0
    """Those that were there already, as they are to be."""
    removed: int = 0
    left: int = 0
    """Those of an earlier run that somebody has changed since, and that are none of this one's."""
    bytes: int = 0


class Folder:
    """The folder of one export, while it is written to."""

    def __init__(self, path: Path, sums: TextIO, before: Mapping[str, str]) -> None:
        """`before` are the sums of files that an interrupted run of the very same export has written."""
        self.path, self.tally = path, Tally()
        self._sums, self._before = sums, before
        self._names = array("Q")

    def put(self, name: str, write: Callable[[BinaryIO], None]) -> None:
        """Has a file written, unless it is there as it is to be. Raises: ExportError, and what `write` raises."""
        path = self.path / name
        sum_ = self._before.get(name)
        if sum_ is not None and path.is_file() and digest(path) == sum_:
            self.tally.kept += 1
        else:
            with told(path):
                path.parent.mkdir(parents=True, exist_ok=True)
            with whole_file(path, durable=False) as file:
                write(file)
            sum_ = digest(path)
            self.tally.written += 1
        self._note(name, sum_, path.stat().st_size)

    def put_small(self, name: str, content: bytes) -> None:
        """Writes a file of a few bytes, unless it has them already. Raises: ExportError."""
        path = self.path / name
        with told(path):
            is_there = path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content
            path.parent.mkdir(parents=True, exist_ok=True)
        if not is_there:
            with whole_file(path, durable=False) as file:
                file.write(content)
        self.tally.kept += is_there
        self.tally.written += not is_there
        self._note(name, hashlib.sha256(content).hexdigest(), len(content))

    def _note(self, name: str, sum_: str, size: int) -> None:
        self.tally.bytes += size
        self._names.append(_short(name))
        self._sums.write(f"{sum_}  {name}\n")

    def finish(self) -> None:
        """Takes away what earlier runs have left, and gives the sums their name. Raises: ExportError."""
        names = array("Q", sorted(self._names))
        for name, sum_ in _noted(self.path / SUMS):
            at = bisect_left(names, _short(name))
            if at < len(names) and names[at] == _short(name):
                continue
            self._take_away(self.path / name, sum_)
        with told(self.path / SUMS):
            self._sums.flush()
            (self.path / _UNFINISHED).replace(self.path / SUMS)

    def _take_away(self, path: Path, sum_: str) -> None:
        if not path.is_file():
            return
        if digest(path) != sum_:
            self.tally.left += 1
            return
        with told(path):
            path.unlink()
        self.tally.removed += 1


@contextmanager
def folder(path: Path, export: Mapping[str, Any], state: Mapping[str, Any], *, by_name: bool) -> Iterator[Folder]:
    """The folder of an export, made where it is not there; `export` tells it from others, `state` what was exported.

    `by_name`: of the same state, what an interrupted run has written is told by its name and sum, and not made again to
    be compared.

    Raises: ExportError where the folder has something else, or another process writes to it.
    """
    with told(path):
        path.mkdir(parents=True, exist_ok=True)
        is_empty = next(path.iterdir(), None) is None
    earlier = None if is_empty else read_json(path / MANIFEST)
    if not is_empty and earlier is None:
        raise ExportError(f"{path} has other things in it: name a new or an empty folder")
    if earlier is not None and earlier.get("export") != export:
        raise ExportError(f"{path} has another export ({MANIFEST} says which): name a new or an empty folder")
    same_state = earlier is not None and all(earlier.get(name) == value for name, value in state.items())
    # a line at a time: what a killed process has written is to be known
    with told(path), (path / _UNFINISHED).open("a+", encoding="utf-8", buffering=1) as sums:
        _lock(sums, path)
        with (path / SUMS).open("a", encoding="utf-8") as earlier_sums:
            earlier_sums.writelines(f"{sum_}  {name}\n" for name, sum_ in _noted(path / _UNFINISHED))
        sums.truncate(0)
        before = dict(_noted(path / SUMS)) if by_name and same_state else {}
        write_json(path / MANIFEST, {"complete": False, "export": export, **state})
        yield Folder(path, sums, before)


def _lock(sums: TextIO, path: Path) -> None:
    try:
        fcntl.flock(sums, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise ExportError(f"another process is exporting into {path}: wait for it, or name another folder") from error


def _noted(sums: Path) -> Iterator[tuple[str, str]]:
    """The files of a list of sums, each with its own; a line that a killed process has torn is passed over."""
    if not sums.exists():
        return
    with told(sums), sums.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            sum_, gap, name = line.removesuffix("\n").partition("  ")
            inside = ".." not in PurePosixPath(name).parts and not name.startswith("/")
            if gap and line.endswith("\n") and len(sum_) == 64 and inside:
                yield name, sum_


def _short(name: str) -> int:
    """64 bits of a name's hash: a million names in eight megabytes."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest())
