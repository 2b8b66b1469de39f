"""WARC: of each article the responses from which it was read, byte for byte, in a file that stands alone.

They are those of all its states, and the first of each of its addresses. With each goes the request that it answers,
and with a revisit the record that has its body (ISO 28500, 6.7).
"""

import json
import logging
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO

from archive.errors import CaptureError
from archive.exporting.seam import About
from archive.models import WarcPlace
from archive.record import ExportedArticle
from archive.store import Database, captures
from archive.store.captures import CaptureRow
from archive.store.selections import Order
from archive.warc import records
from archive.warc.reading import Copy, copy, members
from archive.warc.records import parse

logger = logging.getLogger(__name__)

DAMAGED = "responses_damaged"
"""Under which name a format counts what it could not read."""

SELECTION = "newsarchive-selection"
"""The field of the warcinfo record that says, as JSON, of which state of which archive this is."""

_HEAD = 64 * 1024
"""Bytes of a request that are looked at to know which response it belongs to."""


class Selection:
    """WARC 1.1, a gzip member a record."""

    suffix = ".warc.gz"
    is_text = False
    order = Order.STORED

    def __init__(self, db: Database, directory: Path) -> None:
        """`directory` has the archive's WARC files."""
        self._db, self._directory = db, directory
        self.counts = {"responses": 0, "responses_not_kept": 0, DAMAGED: 0}

    def write(self, articles: Iterator[ExportedArticle], out: BinaryIO, about: About) -> None:
        """A warcinfo record, then the records of each article, the oldest first; each record once.

        What is damaged or missing is told in the log and counted, and the rest written.
        """
        told = {
            "software": f"newsarchive/{version('newsarchive')}",
            "format": "WARC File Format 1.1",
            "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
            "description": about.title,
            SELECTION: json.dumps({"dataset": about.dataset, "title": about.title}),
        }
        out.write(records.warcinfo(told, at=about.at.replace(microsecond=0), filename="selection.warc.gz").member)
        written = _Numbers()
        for article in articles:
            for row in captures.of_states(self._db, article.id):
                self._write(row, out, written)

    def _write(self, row: CaptureRow, out: BinaryIO, written: "_Numbers") -> None:
        if row.id in written:
            return
        written.add(row.id)
        if row.revisit_of is not None and (original := captures.get(self._db, row.revisit_of)) is not None:
            self._write(original, out, written)
        if row.place is None:
            self.counts["responses_not_kept"] += 1
            return
        try:
            answer = self._answer(row.place, row.record_id)
            request = self._request(row.place, answer.record.id)
        except CaptureError as error:
            logger.error("event=record_unreadable error=%s", error)
            self.counts[DAMAGED] += 1
            return
        out.write(request)
        out.write(answer.member)
        self.counts["responses"] += 1

    def _answer(self, place: WarcPlace, record_id: str | None) -> Copy:
        """A response's record. Raises: CaptureError where it is not there, or another one."""
        answer = copy(self._directory, place)
        if answer.record.id != record_id:
            raise CaptureError(f"{self._directory / place.file}, byte {place.offset}: another record than {record_id}")
        return answer

    def _request(self, answer: WarcPlace, record_id: str) -> bytes:
        """The member of the request that a response answers, which stands before it; nothing where there is none.

        Raises: CaptureError where what stands there is damaged.
        """
        start = captures.end_before(self._db, answer.file, answer.offset)
        if start == answer.offset:
            return b""
        for member in members(self._directory / answer.file, start):
            place = WarcPlace(file=answer.file, offset=member.offset, length=member.length)
            record = parse(member.data, limit=_HEAD)
            if record.kind == "request" and record.fields.get("warc-concurrent-to", "").strip("<>") == record_id:
                return copy(self._directory, place).member
            if member.offset + member.length >= answer.offset:
                break
        return b""


class _Numbers:
    """A set of numbers, a bit each: a million in 128 KB."""

    def __init__(self) -> None:
        self._bits = bytearray()

    def add(self, number: int) -> None:
        place = number >> 3
        if place >= len(self._bits):
            self._bits.extend(bytes(place + 1 - len(self._bits)))
        self._bits[place] |= 1 << (number & 7)

    def __contains__(self, number: int) -> bool:
        place = number >> 3
        return place < len(self._bits) and bool(self._bits[place] >> (number & 7) & 1)
