"""The bytes of a WARC file before they were compressed: by gzip, by Zstandard or not at all, one member or many."""

import struct
import sys
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO, NamedTuple, Protocol

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

BLOCK = 256 * 1024
"""Bytes read, and decompressed, at a time: a small file may hold gigabytes of zeros."""

_GZIP = 31  # zlib's code for a gzip member
_GZIP_MAGIC = b"\x1f\x8b\x08"
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_DICTIONARY_MAGIC = b"\x5d\x2a\x4d\x18"
_DICTIONARY_MAX = 128 * 1024 * 1024
"""Bytes of a dictionary; trained ones have some hundred kilobytes."""

_BEGINS = (b"WARC/", b"\r\nWARC/", b"\nWARC/")
"""How a member begins that holds a record."""


class Place(NamedTuple):
    """A byte of the decompressed data, so named that it is found again without reading all before it."""

    member: int
    """Where in the file its gzip member or Zstandard frame begins; without compression, the byte itself."""
    within: int
    """How many decompressed bytes of the member come before it."""


BEGINNING = Place(0, 0)
CUT_OFF = "the file ends in the middle of a record"


class BrokenError(Exception):
    """The compressed data is damaged; `Inflated.resume` goes on behind it."""


class CutOffError(BrokenError):
    """The file ends in the middle of a member."""


class _Codec(Protocol):
    """Decompresses one member."""

    eof: bool
    hungry: bool
    """Whether it can do no more without further data."""

    def feed(self, data: bytes) -> tuple[bytes, bytes]:
        """At most `BLOCK` plain bytes, and what of the data was not taken. Raises BrokenError."""


class _Gzip:
    def __init__(self) -> None:
        self._inflate = zlib.decompressobj(_GZIP)
        self.eof, self.hungry = False, True

    def feed(self, data: bytes) -> tuple[bytes, bytes]:
        try:
            plain = self._inflate.decompress(data, BLOCK)
        except zlib.error as error:
            raise BrokenError(str(error)) from error
        self.eof = self._inflate.eof
        return plain, self._inflate.unused_data if self.eof else self._inflate.unconsumed_tail


class _Zstandard:
    def __init__(self, dictionary: "zstd.ZstdDict | None") -> None:
        self._inflate = zstd.ZstdDecompressor(dictionary)
        self.eof, self.hungry = False, True

    def feed(self, data: bytes) -> tuple[bytes, bytes]:
        try:
            plain = self._inflate.decompress(data, BLOCK)
        except (zstd.ZstdError, MemoryError) as error:
            raise BrokenError(str(error)) from error
        self.eof, self.hungry = self._inflate.eof, self._inflate.needs_input
        return plain, self._inflate.unused_data if self.eof else b""


class _Plain:
    def __init__(self) -> None:
        self.eof, self.hungry = False, True

    def feed(self, data: bytes) -> tuple[bytes, bytes]:
        return data, b""


class Inflated:
    """A file's bytes, decompressed as they are asked for; it need not be seekable to be read from its beginning."""

    def __init__(self, file: BinaryIO, start: Place = BEGINNING) -> None:
        """Raises: BrokenError where the place cannot be reached, OSError."""
        self._file = file
        self._ahead = file.read(BLOCK)
        self._read = len(self._ahead)
        self._magic, self._codec_of = self._recognised()
        if start.member:
            file.seek(start.member)
            self._ahead, self._read = b"", start.member
        self._begin()
        left = start.within
        while left and not self.ended():
            left -= len(self._take(min(left, len(self._plain) - self._at)))

    def _recognised(self) -> tuple[bytes, Callable[[], _Codec]]:
        """How members begin in this file, and what decompresses them (RFC 1952; IIPC's WARC-Zstandard 1.0)."""
        if self._ahead.startswith(_GZIP_MAGIC):
            return _GZIP_MAGIC, _Gzip
        if self._ahead.startswith((_ZSTD_MAGIC, _DICTIONARY_MAGIC)):
            dictionary = self._dictionary()
            return _ZSTD_MAGIC, lambda: _Zstandard(dictionary)
        return b"", _Plain

    def _dictionary(self) -> "zstd.ZstdDict | None":
        """What a leading dictionary frame holds: a dictionary, itself compressed or not."""
        if not self._ahead.startswith(_DICTIONARY_MAGIC) or len(self._ahead) < 8:
            return None
        (size,) = struct.unpack_from("<I", self._ahead, 4)
        if size > _DICTIONARY_MAX:
            raise BrokenError(f"a dictionary of {size} bytes")
        while len(self._ahead) < 8 + size and (more := self._file.read(BLOCK)):
            self._ahead += more
            self._read += len(more)
        data, self._ahead = self._ahead[8 : 8 + size], self._ahead[8 + size :]
        try:
            return zstd.ZstdDict(zstd.decompress(data) if data.startswith(_ZSTD_MAGIC) else data)
        except (zstd.ZstdError, ValueError) as error:
            raise BrokenError(f"its dictionary is damaged ({error})") from error

    @property
    def position(self) -> int:
        """How far into the file decompression has come: for a progress bar."""
        return self._read - len(self._ahead)

    def place(self) -> Place:
        """Where the next byte is; where a member has just ended, the beginning of the next."""
        begins, within = self._begins, self._within + self._at
        if self._at == len(self._plain) and self._codec.eof:
            begins, within = self.position, 0
        return Place(begins, within) if self._magic else Place(begins + within, 0)

    def ended(self) -> bool:
        """Whether there is nothing more. Raises: BrokenError, CutOffError, OSError."""
        return self._at == len(self._plain) and not self._pull()

    def line(self, limit: int) -> bytes:
        """The next line with its end, cut at `limit` or by its member; empty at the file's end. Raises as `ended`."""
        parts: list[bytes] = []
        size = 0
        while size < limit and not self.ended() and not (parts and self._at_a_record()):
            end = self._plain.find(b"\n", self._at, self._at + limit - size) + 1
            part = self._take(end - self._at if end else min(limit - size, len(self._plain) - self._at))
            parts.append(part)
            size += len(part)
            if end:
                break
        return b"".join(parts)

    def read(self, size: int) -> bytes:
        """So many bytes; fewer where the file ends before, or a member that begins with a record. Raises as `ended`."""
        return b"".join(self._parts(size))

    def skip(self, size: int) -> int:
        """Passes over so many bytes; how many there were, as for `read`. Raises as `ended`."""
        return sum(map(len, self._parts(size)))

    def _parts(self, size: int) -> Iterator[bytes]:
        while size and not self.ended():
            if self._at_a_record():
                # whoever said that there are more bytes was wrong: to believe it would cost the next record, too
                return
            part = self._take(min(size, len(self._plain) - self._at))
            size -= len(part)
            yield part

    def _at_a_record(self) -> bool:
        """Whether a member begins here, and with a record."""
        return bool(self._magic) and not self._at and not self._within and self._plain.startswith(_BEGINS)

    def finish(self) -> None:
        """Passes over the line ends behind a record, to the end of its member if it comes: its checksum is there.

        Raises as `ended`.
        """
        while self._at < len(self._plain) or self._continued():
            if self._plain[self._at] not in b"\r\n":
                return
            self._take(1)

    def resume(self) -> bool:
        """Goes on, after a BrokenError, with the next member that begins with a record; False where there is none.

        Raises: OSError.
        """
        if not self._magic:
            return False
        start = max(self._begins + 1, self.position)
        if self._file.seekable():
            # damage may be noticed late, when further members have been taken for parts of the broken one
            start = self._begins + 1
            self._file.seek(start)
            self._ahead, self._read = b"", start
        else:
            self._ahead = self._ahead[start - self.position :]
        while self._sought():
            if self._holds_a_record(self._ahead):
                self._begin()
                return True
            self._ahead = self._ahead[1:]
        return False

    def _sought(self) -> bool:
        """Moves on to the next bytes that may begin a member."""
        while (at := self._ahead.find(self._magic)) < 0:
            more = self._file.read(BLOCK)
            if not more:
                return False
            self._ahead = self._ahead[1 - len(self._magic) :] + more
            self._read += len(more)
        self._ahead = self._ahead[at:]
        if len(self._ahead) < BLOCK:
            more = self._file.read(BLOCK)
            self._ahead += more
            self._read += len(more)
        return True

    def _holds_a_record(self, data: bytes) -> bool:
        try:
            plain, _ = self._codec_of().feed(data)
        except BrokenError:
            return False
        return plain.startswith(_BEGINS)

    def _take(self, size: int) -> bytes:
        part = self._plain[self._at : self._at + size]
        self._at += size
        return part

    def _begin(self) -> None:
        self._begins, self._within, self._codec = self.position, 0, self._codec_of()
        self._plain, self._at = b"", 0

    def _pull(self) -> bool:
        """Fills the empty buffer, from the next member if need be; False at the end of the file."""
        while not self._continued():
            if not self._ahead and not self._more():
                return False
            self._begin()
        return True

    def _continued(self) -> bool:
        """Fills the empty buffer from this member; False where it has ended."""
        while not self._codec.eof:
            if not self._ahead and self._codec.hungry and not self._more():
                if self._magic and self.position > self._begins:
                    raise CutOffError(CUT_OFF)
                self._codec.eof = True
                return False
            plain, self._ahead = self._codec.feed(self._ahead)
            if plain:
                self._within += len(self._plain)
                self._plain, self._at = plain, 0
                return True
        return False

    def _more(self) -> bool:
        self._ahead = self._file.read(BLOCK)
        self._read += len(self._ahead)
        return bool(self._ahead)
