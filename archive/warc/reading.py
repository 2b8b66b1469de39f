"""WARC files read: one record at its place, or the members of a file one after another."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from archive.errors import CaptureError
from archive.models import WarcPlace
from archive.warc.records import Record, parse

LIMIT = 64 * 1024 * 1024
"""Bytes of a payload, and of its body decoded, that are read at most: more than a crawl ever fetches."""

_BLOCK = 256 * 1024
_GZIP = 31  # zlib's code for a gzip member


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One gzip member of a file: a record, if the file is a WARC file."""

    offset: int
    length: int
    data: bytes = field(repr=False)
    """Uncompressed."""


class TornError(CaptureError):
    """A file ends in the middle of a record: its writer was killed."""

    def __init__(self, path: Path, *, offset: int, size: int) -> None:
        super().__init__(f"{path} ends in the middle of a record, at byte {offset}")
        self.offset = offset
        """Where the incomplete record begins."""
        self.size = size
        """How far the file goes."""


class DamagedError(CaptureError):
    """A file holds bytes that are no record, before its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A record, and the very bytes that hold it."""

    record: Record
    member: bytes = field(repr=False)
    """Its gzip member."""


def read(directory: Path, place: WarcPlace, *, limit: int = LIMIT) -> Record:
    """The record at a place.

    Raises: CaptureError where the file is missing, or has no whole record there; DamagedError where it has another one.
    """
    return copy(directory, place, limit=limit).record


def copy(directory: Path, place: WarcPlace, *, limit: int = LIMIT) -> Copy:
    """The record at a place, to be copied as it is. Raises: as `read`."""
    path = directory / place.file
    try:
        with path.open("rb") as file:
            file.seek(place.offset)
            data = file.read(place.length)
    except OSError as error:
        raise CaptureError(f"{path} cannot be read: {error.strerror}") from error
    where = f"{path}, byte {place.offset}"
    inflate = zlib.decompressobj(_GZIP)
    try:
        plain = inflate.decompress(data)
    except zlib.error as error:
        raise DamagedError(f"{where}: the record is damaged ({error})") from error
    if not inflate.eof or inflate.unused_data:
        raise DamagedError(f"{where}: not one record of {place.length} bytes")
    return Copy(record=parse(plain, limit=limit), member=data)


def members(path: Path, start: int = 0) -> Iterator[Member]:
    """The gzip members of a file from byte `start` on, each in memory while it is looked at.

    Raises: TornError after the last whole member, if the file ends within one more; DamagedError at bytes that are
    none; OSError.
    """
    with path.open("rb") as file:
        file.seek(start)
        offset, ahead = start, file.read(_BLOCK)
        while ahead:
            member, ahead = _member(file, ahead, path, offset)
            yield member
            offset += member.length
            ahead = ahead or file.read(_BLOCK)


def _member(file: BinaryIO, ahead: bytes, path: Path, offset: int) -> tuple[Member, bytes]:
    """The member that begins with `ahead`, and what was read of the next one."""
    inflate = zlib.decompressobj(_GZIP)
    parts, read_so_far = [], len(ahead)
    try:
        parts.append(inflate.decompress(ahead))
        while not inflate.eof:
            block = file.read(_BLOCK)
            if not block:
                raise TornError(path, offset=offset, size=offset + read_so_far)
            read_so_far += len(block)
            parts.append(inflate.decompress(block))
    except zlib.error as error:
        raise DamagedError(f"{path}, byte {offset}: no record begins here ({error})") from error
    rest = inflate.unused_data
    return Member(offset=offset, length=read_so_far - len(rest), data=b"".join(parts)), rest
