"""Records of responses taken out of the WARC files, each in its place, and the bytes around them sealed anew."""

from datetime import datetime
from pathlib import Path

from archive.models import CaptureId
from archive.sealing import digest_of
from archive.store import Database, captures, seals, tombstones, transaction
from archive.store.tombstones import Erasure, Tombstone
from archive.warc.erasing import erased, overwrite
from archive.when import stamp


def erase_capture(db: Database, directory: Path, capture_id: CaptureId, tombstone_id: int, at: datetime) -> None:
    """Erases a response that turned out to be what was taken down, right after it was kept.

    Raises: CaptureError where its file cannot be written: then it is still to be erased, by `takedown` once more.
    """
    tombstone, capture = tombstones.get(db, tombstone_id), captures.get(db, capture_id)
    if tombstone is None or capture is None:
        return
    tombstones.plan_erasure(db, tombstone_id, capture, has_text=True)
    erase(db, directory, tombstone, at)


def erase(db: Database, directory: Path, tombstone: Tombstone, at: datetime) -> None:
    """Writes over the records that are to be erased for a tombstone, and seals anew what was sealed of their files.

    It is noted when all of it is on the disk; to do it twice does no harm. Raises: CaptureError, StoreError.
    """
    erasures = tombstones.erasures(db, tombstone.id, pending=True)
    for erasure in erasures:
        overwrite(directory, erasure.place, _instead(db, tombstone, erasure))
    with transaction(db):
        for file in {erasure.place.file for erasure in erasures}:
            offsets = [erasure.place.offset for erasure in erasures if erasure.place.file == file]
            for segment in seals.segments(db, file):
                if any(segment.begins <= offset < segment.ends for offset in offsets):
                    seals.reseal(db, segment.id, digest_of(directory / file, segment.begins, segment.ends))
        for erasure in erasures:
            tombstones.erased(db, erasure.capture_id, at)


def _instead(db: Database, tombstone: Tombstone, erasure: Erasure) -> bytes:
    """What stands in the place of a record."""
    capture = captures.get(db, erasure.capture_id)
    return erased(
        erasure.place.length,
        record_id=erasure.record_id,
        url=capture.url if capture else "",
        at=tombstone.taken_at,
        about={
            "takedown": f"{tombstone.id}, {stamp(tombstone.taken_at)}",
            "payload-digest": f"sha256:{erasure.payload_sha256}",
            "reason": tombstone.reason,
        },
    )
