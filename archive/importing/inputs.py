"""What a user names to be imported: files, folders, patterns, WACZ archives and stdin."""

import glob
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO, cast

from archive.errors import ConfigError

STDIN = "-"
_SUFFIXES = (".warc", ".warc.gz", ".warc.zst", ".arc", ".arc.gz", ".wacz")
_WACZ = ".wacz"


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One WARC file."""

    name: str
    """Its absolute path; of one in a WACZ archive that path, an exclamation mark and its name there."""
    open: Callable[[], BinaryIO]
    """Raises: OSError, zipfile.BadZipFile."""
    size: int | None
    """None for what is no file."""
    changed_at: int | None
    """In nanoseconds since 1970."""


def inputs(words: Iterable[str]) -> list[Input]:
    """What the words name, in their order, each file once; those of a folder or pattern by name.

    Raises: ConfigError for what is not there, or a folder without a WARC file.
    """
    found: dict[str, Input] = {}
    for word in words:
        for one in _named(word):
            found.setdefault(one.name, one)
    return list(found.values())


def _named(word: str) -> Iterator[Input]:
    if word == STDIN:
        yield Input(name=STDIN, open=lambda: sys.stdin.buffer, size=None, changed_at=None)
        return
    path = Path(word)
    if path.is_dir():
        paths = sorted(file for file in path.rglob("*") if file.name.endswith(_SUFFIXES) and file.is_file())
    elif path.exists():
        paths = [path]
    else:
        paths = sorted(Path(file) for file in glob.glob(word, recursive=True))  # noqa: PTH207  # a pattern may be absolute
    if not paths:
        raise ConfigError(f"{word}: no such file, and no folder or pattern with a WARC file")
    for file in paths:
        yield from _of_wacz(file) if file.name.endswith(_WACZ) else [_of(file)]


def _of(path: Path) -> Input:
    status = path.stat()
    regular = path.is_file()
    return Input(
        name=str(path.absolute()),
        open=lambda: path.open("rb"),
        size=status.st_size if regular else None,
        changed_at=status.st_mtime_ns if regular else None,
    )


def _of_wacz(path: Path) -> Iterator[Input]:
    """The WARC files in a WACZ archive (specs.webrecorder.net/wacz), where they are stored uncompressed."""
    changed_at = path.stat().st_mtime_ns
    try:
        with zipfile.ZipFile(path) as archive:
            members = [entry for entry in archive.infolist() if entry.filename.endswith(_SUFFIXES)]
    except (OSError, zipfile.BadZipFile) as error:
        raise ConfigError(f"{path} is no WACZ archive: {error}") from error
    for member in members:
        yield Input(
            name=f"{path.absolute()}!{member.filename}",
            open=partial(_in_wacz, path, member.filename),
            size=member.file_size,
            changed_at=changed_at,
        )


def _in_wacz(path: Path, name: str) -> BinaryIO:
    with zipfile.ZipFile(path) as archive:
        # the member keeps the archive's file open for itself
        return cast(BinaryIO, archive.open(name))
