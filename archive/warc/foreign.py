"""WARC and ARC files of any program, read from end to end: however compressed, and past what is damaged."""

import base64
import binascii
import hashlib
import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import BinaryIO

from archive.errors import CaptureError
from archive.warc.inflating import BEGINNING, CUT_OFF, BrokenError, CutOffError, Inflated, Place
from archive.warc.reading import LIMIT
from archive.warc.records import NOTE

_HEAD_MAX = 256 * 1024
"""Bytes of a record's own head, notes of other programs in it."""
_LINE_MAX = 64 * 1024
_SEGMENTS = frozenset({"warc-segment-number", "warc-segment-origin-id"})

_VERSION = re.compile(rb"WARC/\d\.\d{1,2}\s*")
_ARC = re.compile(rb"(?P<url>\S+) (?P<ip>[0-9a-fA-F.:]*) (?P<date>\d{14}) (?P<type>.*) (?P<size>\d+)\s*")
"""A record of an ARC file, version 1 (archive.org, 1996): the Web's archives before 2009."""
_ARC_HEADER = b"filedesc://"
_LENGTH = re.compile(rb"^content-length:[ \t]*(\d{1,15})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_NOTE_LINE = re.compile(rb"^" + NOTE.encode() + rb":.*\r?\n", re.IGNORECASE | re.MULTILINE)


class NotWarcError(CaptureError):
    """The file holds no record at all."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """A record, with the very bytes that it consists of."""

    place: Place
    ends: Place
    """Where reading goes on after it."""
    position: int
    """How far into the file reading has come."""
    head: bytes
    """From its version to the end of its last field."""
    block: bytes = field(repr=False)
    """Empty where it is `too_large`."""
    too_large: bool = False

    @cached_property
    def fields(self) -> dict[str, str]:
        """Its named fields, in lower case; of two of a name the first."""
        found: dict[str, str] = {}
        for line in self.head.decode("utf-8", "replace").split("\n")[1:]:
            name, colon, value = line.partition(":")
            if colon and not line.startswith((" ", "\t")):
                found.setdefault(name.strip().lower(), value.strip())
        return found

    @property
    def kind(self) -> str:
        """Its WARC-Type."""
        return self.fields.get("warc-type", "").lower()

    @cached_property
    def id(self) -> str:
        """Its WARC-Record-ID without the angle brackets; one made of the record itself where it has none."""
        given = self.fields.get("warc-record-id", "").strip("<>")
        return given or uuid.uuid5(uuid.NAMESPACE_URL, hashlib.sha256(self.head + self.block).hexdigest()).urn

    @property
    def url(self) -> str:
        """Its WARC-Target-URI; some versions of wget put it in angle brackets."""
        return self.fields.get("warc-target-uri", "").strip("<>")

    @property
    def segmented(self) -> bool:
        """Whether the rest of it is in another record (ISO 28500, 7)."""
        return self.kind == "continuation" or not _SEGMENTS.isdisjoint(self.fields)

    def damaged(self) -> bool:
        """Whether its WARC-Block-Digest says that the block is not what was written; not where it says nothing."""
        algorithm, _, value = self.fields.get("warc-block-digest", "").partition(":")
        if algorithm.lower() not in ("sha1", "sha256", "sha512", "md5"):
            return False
        digest = hashlib.new(algorithm.lower(), self.block, usedforsecurity=False).digest()
        return value.lower() != digest.hex() and _base32(value) != digest

    @property
    def whole(self) -> bytes:
        """The record as it was."""
        return self.head + b"\r\n" + self.block + b"\r\n\r\n"

    def noted(self, note: bytes, *more: bytes) -> bytes:
        """The record with our note (`records.NOTE`) in place of any other, and more lines for its head."""
        lines = [NOTE.encode() + b": " + note, *more]
        if not self.fields.get("warc-record-id"):
            lines.append(f"WARC-Record-ID: <{self.id}>".encode())
        head = _NOTE_LINE.sub(b"", self.head) + b"".join(line + b"\r\n" for line in lines)
        return head + b"\r\n" + self.block + b"\r\n\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """A part of a file that is lost."""

    offset: int
    """Of the record or member in which it was noticed."""
    what: str
    """In words, for a person."""
    position: int


def records(file: BinaryIO, start: Place = BEGINNING) -> Iterator[Found | Damage]:
    """The records of a file from a place on, and what of it cannot be read, in their order.

    At most `LIMIT` bytes of a record are held in memory; a larger one comes without its block.

    Raises: NotWarcError where there is none in the whole file; OSError.
    """
    try:
        stream = Inflated(file, start)
    except BrokenError as error:
        raise NotWarcError(f"no WARC file: {error}") from error
    first: Damage | None = None
    any_found = start != BEGINNING
    for found in _walk(stream):
        if any_found:
            yield found
        elif isinstance(found, Damage):
            first = first or found
        else:
            any_found = True
            if first is not None:
                yield first
            yield found
    if not any_found:
        raise NotWarcError(f"no WARC file: {first.what if first else 'it is empty'}")


def _walk(stream: Inflated) -> Iterator[Found | Damage]:
    lost = False
    while True:
        place = stream.place()
        try:
            place, line = _next(stream, _is_version if lost else bytes.strip)
            if not line:
                return
            found = _record(stream, line, place)
        except CutOffError as error:
            yield Damage(offset=place.member, what=str(error), position=stream.position)
            return
        except BrokenError as error:
            yield Damage(offset=place.member, what=f"damaged ({error})", position=stream.position)
            lost = False
            if not stream.resume():
                return
            continue
        if isinstance(found, Found):
            yield found
        elif not lost:
            yield Damage(offset=place.member, what=found, position=stream.position)
        lost = isinstance(found, str)


def _next(stream: Inflated, wanted: Callable[[bytes], object]) -> tuple[Place, bytes]:
    """The next line of that kind, and where it is; an empty one at the end."""
    while True:
        if stream.ended():
            return stream.place(), b""
        place = stream.place()
        line = stream.line(_LINE_MAX)
        if wanted(line):
            return place, line


def _is_version(line: bytes) -> bool:
    return _VERSION.fullmatch(line) is not None


def _record(stream: Inflated, line: bytes, place: Place) -> Found | str:
    """The record that begins with a line; in words why that is none."""
    if _is_version(line):
        head = _head(stream, line)
        size = _size(head)
    elif arc := _ARC.fullmatch(line):
        head, size = _arc_head(arc), int(arc["size"])
    else:
        return f"no record begins here but {line[:30]!r}"
    if size is None:
        return "a record without its length"
    too_large = size > LIMIT
    block = b"" if too_large else stream.read(size)
    if (stream.skip(size) if too_large else len(block)) < size:
        if stream.ended():
            raise CutOffError(CUT_OFF)
        return "a record shorter than it says"
    stream.finish()
    return Found(
        place=place, ends=stream.place(), position=stream.position, head=head, block=block, too_large=too_large
    )


def _head(stream: Inflated, version: bytes) -> bytes:
    lines, size = [version], 0
    while (line := stream.line(_LINE_MAX)).strip():
        lines.append(line)
        size += len(line)
        if size > _HEAD_MAX:
            break
    if not line:
        raise CutOffError(CUT_OFF)
    return b"".join(lines)


def _size(head: bytes) -> int | None:
    """The Content-Length; None where there is none, or not one alone."""
    found = set(_LENGTH.findall(head))
    return int(found.pop()) if len(found) == 1 else None


def _arc_head(arc: re.Match[bytes]) -> bytes:
    """The head of a WARC record that says what the line of an ARC file does."""
    kind = b"warcinfo" if arc["url"].startswith(_ARC_HEADER) else b"response"
    date = re.sub(rb"(....)(..)(..)(..)(..)(..)", rb"\1-\2-\3T\4:\5:\6Z", arc["date"])
    lines = {
        b"WARC-Type": kind,
        b"WARC-Target-URI": arc["url"],
        b"WARC-Date": date,
        b"WARC-IP-Address": arc["ip"],
        b"Content-Type": b"application/http; msgtype=response" if kind == b"response" else arc["type"],
        b"Content-Length": arc["size"],
    }
    return b"WARC/1.0\r\n" + b"".join(name + b": " + value + b"\r\n" for name, value in lines.items() if value)


def _base32(value: str) -> bytes | None:
    try:
        return base64.b32decode(value.upper())
    except (binascii.Error, ValueError):
        return None
