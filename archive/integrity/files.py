"""The WARC files: every byte is a record's, every record is what its digests say, every response's is at its place."""

import fcntl
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from archive.errors import CaptureError
from archive.integrity.finding import Finding, Scope
from archive.sealing import digest_of, known_end
from archive.store import captures, seals, tombstones
from archive.store.captures import CaptureRow
from archive.store.tombstones import Erasure
from archive.warc.checking import GZIP_HEADER, Checked, check
from archive.warc.reading import DamagedError, Member, TornError, members
from archive.warc.writing import SUFFIX

RESTORE = "restore the file from a backup; what was made of it is in the database still"
ROW = "restore the row from a backup, or make the database anew: newsarchive rebuild"
NEXT = "nothing: the next crawl puts it right"


def check_files(scope: Scope) -> Iterator[Finding]:
    """All that is wrong with the files. Raises StoreError."""
    names = sorted({path.name for path in scope.directory.glob(f"*{SUFFIX}")} | set(captures.files(scope.db)))
    sizes = {name: _size(scope.directory / name) for name in names}
    total, done = sum(size or 0 for size in sizes.values()), 0
    for name, size in sizes.items():
        if size is None:
            what = f"is missing, and with it the records of {captures.count_in(scope.db, name):,} responses"
            yield Finding(where=name, what=what, todo=RESTORE)
            continue
        yield from _File(scope, scope.directory / name, size, done, total).check()
        done += size


def _size(path: Path) -> int | None:
    return path.stat().st_size if path.is_file() else None


@dataclass(slots=True)
class _File:
    """One file while it is looked at."""

    scope: Scope
    path: Path
    size: int
    done_before: int
    total: int
    begins: int = 0
    erasures: Mapping[int, Erasure] = field(default_factory=dict)

    def check(self) -> Iterator[Finding]:
        known = known_end(self.scope.db, self.path.name) or 0
        if self.size < known:
            what = f"ends at byte {self.size:,}, but has had records up to byte {known:,}"
            yield Finding(where=self.path.name, what=what, todo=RESTORE)
        if self.scope.quick:
            return
        if self.scope.since is not None:
            first = captures.first_since(self.scope.db, self.path.name, self.scope.since)
            if first is None:
                return
            self.begins = first
        self.erasures = tombstones.erased_in(self.scope.db, self.path.name)
        try:
            yield from self._check_segments()
            yield from self._check_records(known)
        except (CaptureError, OSError) as error:
            yield Finding(where=self.path.name, what=f"cannot be read: {error}", todo=RESTORE)

    def _check_segments(self) -> Iterator[Finding]:
        """Whether the bytes are those that were sealed."""
        for segment in seals.segments(self.scope.db, self.path.name):
            if segment.begins < self.begins or segment.ends > self.size:
                continue
            self._tell(segment.ends // 2)
            if digest_of(self.path, segment.begins, segment.ends) != segment.sha256:
                where = f"{self.path.name}, bytes {segment.begins} to {segment.ends}"
                yield Finding(where=where, what=f"are not those that were sealed (segments {segment.id})", todo=RESTORE)

    def _tell(self, done: int) -> None:
        self.scope.progress("WARC files", self.done_before + done, self.total)

    def _check_records(self, known: int) -> Iterator[Finding]:
        """Every record up to what the archive knew when this began; what follows, a crawl may be writing."""
        rows = captures.in_file(self.scope.db, self.path.name, self.begins)
        row, at = next(rows, None), self.begins
        with self.path.open("rb") as file:
            while at < known:
                try:
                    for member in members(self.path, at):
                        while row and row.place and row.place.offset < member.offset:
                            yield self._lost(row)
                            row = next(rows, None)
                        here = row if row and row.place and row.place.offset == member.offset else None
                        yield from self._check_record(member, os.pread(file.fileno(), 10, member.offset), here)
                        row = next(rows, None) if here else row
                        at = member.offset + member.length
                        self._tell(self.size // 2 + at // 2)
                        if at >= known:
                            break
                    break
                except (DamagedError, TornError) as error:
                    after = captures.next_place(self.scope.db, self.path.name, at)
                    where = f"{self.path.name}, byte {at}"
                    yield Finding(where=where, what=f"is damaged{self._of(row, at)}: {error}", todo=RESTORE)
                    row = next(rows, None) if row and row.place and row.place.offset == at else row
                    if after is None:
                        break
                    at = after
            while row:
                yield self._lost(row)
                row = next(rows, None)
        yield from self._check_tail(max(at, self.begins), known)

    def _of(self, row: CaptureRow | None, at: int) -> str:
        return f" (captures {row.id}, {row.url})" if row and row.place and row.place.offset == at else ""

    def _lost(self, row: CaptureRow) -> Finding:
        place = row.place
        where = f"captures {row.id} ({row.url})"
        return Finding(where=where, what=f"has no record at {self.path.name}, byte {place and place.offset}", todo=ROW)

    def _check_record(self, member: Member, header: bytes, row: CaptureRow | None) -> Iterator[Finding]:
        record = check(member)
        erasure = self.erasures.get(member.offset)
        if erasure is not None:
            yield from self._check_erased(member, record, erasure)
            return
        where = f"{self.path.name}, byte {member.offset}" + (f" (captures {row.id}, {row.url})" if row else "")
        if record.fault:
            yield Finding(where=where, what=record.fault, todo=RESTORE)
        if header != GZIP_HEADER:
            yield Finding(where=where, what="the gzip header is not one that newsarchive writes", todo=RESTORE)
        if row is None:
            if record.kind in ("response", "revisit"):
                yield Finding(where=where, what="holds a response that the database does not know", todo=ROW)
            return
        yield from self._compare(where, member, record, row)

    def _check_erased(self, member: Member, record: Checked, erasure: Erasure) -> Iterator[Finding]:
        """Whether a record that was taken down is gone, and what stands there is ours."""
        where = f"{self.path.name}, byte {member.offset} (captures {erasure.capture_id})"
        todo = f"finish it: newsarchive takedown {self._article_of(erasure)}"
        if record.kind != "metadata" or member.length != erasure.place.length:
            yield Finding(where=where, what="was taken down, but its record is still there", todo=todo)
        elif record.fault or record.refers_to != erasure.record_id:
            yield Finding(where=where, what=record.fault or "does not say what was taken down", todo=RESTORE)

    def _article_of(self, erasure: Erasure) -> int:
        tombstone = tombstones.get(self.scope.db, erasure.tombstone_id)
        return tombstone.article_id if tombstone else 0

    def _compare(self, where: str, member: Member, record: Checked, row: CaptureRow) -> Iterator[Finding]:
        """Whether the record is the one that the row means."""
        if record.kind not in ("response", "revisit"):
            yield Finding(where=where, what=f"is a record of the kind {record.kind!r}, not a response", todo=ROW)
            return
        if row.place is None or (record.id, member.length) != (row.record_id, row.place.length):
            yield Finding(where=where, what="is another record than the row says", todo=ROW)
        if record.payload_sha256 not in (None, row.payload_sha256):
            yield Finding(where=where, what="has another payload than the row's payload_sha256", todo=ROW)
        if record.kind == "revisit":
            original = captures.get(self.scope.db, row.revisit_of) if row.revisit_of else None
            if original is None or original.place is None:
                yield Finding(where=where, what="repeats a response whose record is not there", todo=ROW)
            elif record.refers_to != original.record_id:
                yield Finding(where=where, what=f"repeats another response than captures {original.id}", todo=ROW)

    def _check_tail(self, at: int, known: int) -> Iterator[Finding]:
        """What a killed crawl has left after the last record that is known; a running one holds the file's lock."""
        if at < known or known >= self.size or _is_being_written(self.path):
            return
        what = f"{self.size - known:,} bytes after the last record that the database knows"
        yield Finding(where=f"{self.path.name}, byte {known}", what=what, todo=NEXT, is_note=True)


def _is_being_written(path: Path) -> bool:
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
