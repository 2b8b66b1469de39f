"""Content codings taken off a body (RFC 9110, 8.4.1): as much as can be had of it, and no more than is wanted."""

import sys
import zlib
from collections.abc import Callable
from typing import Protocol

import brotli
from isal import igzip_lib, isal_zlib

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_PIECE = 1_024
"""Bytes tried at a time once the whole has turned out to be damaged: a damage costs no more than what is after it."""

_CHECKSUM = 8
"""Bytes of the checksum and length that a gzip member ends with (RFC 1952, 2.3.1)."""


class _Codec(Protocol):
    """Takes a coding off one stream, as the standard library's decompressors do."""

    @property
    def eof(self) -> bool:
        """Whether the stream has ended."""

    @property
    def unused_data(self) -> bytes:
        """What came after it."""

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        """At most so many bytes. Raises one of `_DAMAGED`."""


class _Brotli:
    """A Brotli stream (RFC 7932) behind the interface of the others."""

    unused_data = b""

    def __init__(self) -> None:
        self._stream = brotli.Decompressor()
        self.eof = False

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """At most so many bytes, and those of one more block of the decompressor."""
        parts = [self._stream.process(data, output_buffer_limit=max_length)]
        size = len(parts[0])
        while size < max_length and (more := self._stream.process(b"", output_buffer_limit=max_length - size)):
            parts.append(more)
            size += len(more)
        self.eof = self._stream.is_finished()
        return b"".join(parts)


def _gzip() -> _Codec:
    return isal_zlib.decompressobj(31)


def _deflate() -> _Codec:
    return isal_zlib.decompressobj(zlib.MAX_WBITS)


def _raw_deflate() -> _Codec:
    return isal_zlib.decompressobj(-zlib.MAX_WBITS)


# ISA-L takes half of zlib's time, and most pages come in gzip. "deflate" is a zlib stream (RFC 9110, 8.4.1.2), and what
# some servers send under that name a bare one.
_CODINGS: dict[str, tuple[Callable[[], _Codec], ...]] = {
    "gzip": (_gzip,),
    "x-gzip": (_gzip,),
    "deflate": (_deflate, _raw_deflate),
    "br": (_Brotli,),
    "zstd": (zstd.ZstdDecompressor,),
}
_DAMAGED: tuple[type[Exception], ...] = (
    igzip_lib.IsalError,  # type: ignore[assignment]  # a class, which the stubs take for one such error
    brotli.error,
    zstd.ZstdError,
    EOFError,
    MemoryError,  # a damaged head may ask for a window beyond all memory
)


def taken_off(body: bytes, codings: str | None, most: int) -> bytes:
    """The first `most` bytes of a body without the codings that its Content-Encoding field names.

    Of what is cut off or damaged, it is all before the damage. What is not coded as it is said to be stays as it is,
    and so does what has a coding that we do not know: whoever reads it will see what it is.

    Raises: nothing.
    """
    for coding in reversed([word.strip().lower() for word in codings.split(",")] if codings else ()):
        if coding not in _CODINGS:
            break
        plain = (_decoded(make, body, most) for make in _CODINGS[coding])
        body = next((found for found in plain if found is not None), body)
    return body[:most]


def _decoded(make: Callable[[], _Codec], body: bytes, most: int) -> bytes | None:
    """All streams in the body, one after the other; None where it does not begin with one."""
    parts: list[bytes] = []
    room = most
    while body and room > 0:
        codec = make()
        try:
            part = codec.decompress(body, room)
        except _DAMAGED:
            parts.append(_before_damage(make(), body, room))
            return b"".join(parts) or None
        parts.append(part)
        room -= len(part)
        if not codec.eof:
            break
        body = codec.unused_data
    return b"".join(parts)


def _before_damage(codec: _Codec, body: bytes, room: int) -> bytes:
    parts: list[bytes] = []
    # the checksum by itself: where nothing else is wrong, nothing is lost
    checksum = max(0, len(body) - _CHECKSUM)
    for piece in (*(body[at : min(at + _PIECE, checksum)] for at in range(0, checksum, _PIECE)), body[checksum:]):
        try:
            part = codec.decompress(piece, room)
        except _DAMAGED:
            break
        parts.append(part)
        room -= len(part)
        if codec.eof or room <= 0:
            break
    return b"".join(parts)
