"""From where a record is on disk to what its page holds; for the process pool, so that reading is spread as well."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from archive.errors import CaptureError
from archive.models import Capture, CaptureId, Prepared, WarcPlace
from archive.prepare import prepare
from archive.store.reextractions import Held
from archive.warc import notes
from archive.warc.reading import DamagedError, read
from archive.warc.records import Record

Prepare = Callable[[Capture], Prepared]


class NotKeptError(CaptureError):
    """The response was archived without its record, so that there is nothing to read again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Reads captures again; picklable, as long as `extract` is a module's function."""

    directory: Path
    """The archive's WARC directory."""
    extract: Prepare = prepare

    def __call__(self, held: tuple[Held | None, ...]) -> tuple[Prepared, ...]:
        """What each of the captures holds.

        Raises: NotKeptError where one has no record, other CaptureErrors where the record is not there or damaged,
        ExtractionError.
        """
        return tuple(self.extract(self._capture(one)) for one in held)

    def _capture(self, held: Held | None) -> Capture:
        if held is None or held.place is None:
            raise NotKeptError("the response was not kept")
        record = self._record(held.place)
        if held.record_id is not None and record.id != held.record_id:
            raise DamagedError(f"{self.directory / held.place.file}, byte {held.place.offset}: another record")
        capture = replace(notes.capture(record), id=CaptureId(held.id), timezone=held.timezone)
        if held.payload is None:
            return capture
        # what other programs write of a repeated response may have no head
        original = notes.capture(self._record(held.payload))
        return replace(
            capture,
            status=capture.status or original.status,
            content_type=capture.content_type or original.content_type,
            body=original.body,
        )

    def _record(self, place: WarcPlace) -> Record:
        record = read(self.directory, place)
        if record.sound is False:
            raise DamagedError(f"{self.directory / place.file}, byte {place.offset}: not what its digests say")
        return record
