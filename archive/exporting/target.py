"""Where an export goes: stdout, or a file that is there whole or not at all."""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from archive.errors import ExportError


@contextmanager
def whole_file(path: Path, *, durable: bool = True) -> Iterator[BinaryIO]:
    """A file to be written, which gets its name when all of it is on the disk; on an error nothing of it stays.

    Where a pipe or a device has that name already, it is written to as it is.

    Raises: ExportError where it cannot be written, and what the body raises.
    """
    if path.exists() and not path.is_file() and not path.is_dir():
        with told(path), path.open("wb") as device:
            yield device
        return
    if path.is_dir():
        raise ExportError(f"{path} is a folder: name a file")
    unfinished = path.with_name(f".{path.name}.part")
    try:
        with told(path):
            with unfinished.open("w+b") as file:
                yield file
                file.flush()
                if durable:
                    os.fsync(file.fileno())
            unfinished.replace(path)
    except BaseException:
        # the error itself is told; that its remains cannot be removed either is not the news
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turns an error of the file system in the body into one line that names the file. Raises: ExportError."""
    try:
        yield
    except OSError as error:
        raise ExportError(f"{path} cannot be written: {error.strerror or error}") from error


def digest(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal. Raises: ExportError where it cannot be read."""
    with told(path), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_json(path: Path, row: Mapping[str, Any]) -> None:
    """Writes an object for people to read. Raises: ExportError."""
    with whole_file(path) as file:
        file.write(json.dumps(row, ensure_ascii=False, indent=2).encode() + b"\n")


def read_json(path: Path) -> dict[str, Any] | None:
    """The object in a file; None where there is no such file, or no object in it. Raises: ExportError."""
    if not path.exists():
        return None
    try:
        with told(path):
            row = json.loads(path.read_bytes())
    except ValueError:
        return None
    return row if isinstance(row, dict) else None
