"""A record taken out of a file in its place: another one of exactly the same length says that it was, and why."""

import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from archive.errors import CaptureError
from archive.models import WarcPlace
from archive.warc.records import Laid, metadata

_COMMENT = 0x10  # the flag FCOMMENT of a gzip header (RFC 1952, 2.3.1): text that every decompressor skips
_HEADER = 10


def erased(length: int, *, record_id: str, url: str, at: datetime, about: Mapping[str, str]) -> bytes:
    """A gzip member of `length` bytes: a metadata record that refers to the one that was there.

    What it tells besides is left out where there is no room for it; what is left over is spaces in the gzip header.
    Raises: CaptureError where not even its name has room, in which case nothing of ours was there.
    """
    for told in (about, {}):
        for target in (url, ""):
            laid = metadata(target, told, at=at, refers_to=record_id)
            if len(laid.member) <= length:
                return _padded(laid, length)
    raise CaptureError(f"{length} bytes are too few for a record", url)


def _padded(laid: Laid, length: int) -> bytes:
    gap = length - len(laid.member)
    if gap == 0:
        return laid.member
    header = bytearray(laid.member[:_HEADER])
    header[3] |= _COMMENT
    return bytes(header) + b" " * (gap - 1) + b"\0" + laid.member[_HEADER:]


def overwrite(directory: Path, place: WarcPlace, member: bytes) -> None:
    """Writes a member over the one at a place, of the same length; on the disk when it returns.

    Raises: CaptureError where the file cannot be written, or the lengths differ.
    """
    path = directory / place.file
    if len(member) != place.length:
        raise CaptureError(f"{len(member)} bytes do not fit at {path}, byte {place.offset}: there are {place.length}")
    try:
        file = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        try:
            if os.fstat(file).st_size < place.offset + place.length:
                raise CaptureError(f"{path} is shorter than the archive knows: restore it from a backup first")
            written = 0
            while written < len(member):
                written += os.pwrite(file, member[written:], place.offset + written)
            os.fdatasync(file)
        finally:
            os.close(file)
    except OSError as error:
        raise CaptureError(f"{path} cannot be written: {error.strerror}") from error
