"""The files that were imported: how far that has come, and what became of their records."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from archive.models import ImportId
from archive.store.columns import from_time, from_time_or_none, to_time, to_time_or_none
from archive.store.connection import reads, writes
from archive.warc.inflating import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """A file, and how far its import has come."""

    id: ImportId
    file: str
    only_source: str
    """The source that it was restricted to; empty for none."""
    size: int | None
    changed_at: int | None
    """The file's time of modification in nanoseconds since 1970, as the system gives it."""
    place: Place
    """Where reading goes on."""
    started_at: datetime
    finished_at: datetime | None
    counts: Mapping[str, int]


@writes
def open_or_resume(
    db: Database, file: str, *, only_source: str, size: int | None, changed_at: int | None, at: datetime, anew: bool
) -> Import:
    """The import of a file: where it was interrupted, or from the beginning of a file that is new or has changed."""
    known = {"file": file, "only_source": only_source, "size": size, "changed_at": changed_at, "at": from_time(at)}
    db.execute(
        """
        INSERT INTO imports (file, only_source, size, changed_at, started_at)
        VALUES (:file, :only_source, :size, :changed_at, :at)
        ON CONFLICT (file, only_source) DO UPDATE SET size = :size, changed_at = :changed_at,
            member = 0, within = 0, started_at = :at, finished_at = NULL, counts = '{}'
            WHERE :anew OR size IS NOT :size OR changed_at IS NOT :changed_at
        """,
        known | {"anew": int(anew)},
    )
    (row,) = db.query("SELECT * FROM imports WHERE file = ? AND only_source = ?", [file, only_source])
    return Import(
        id=row["id"],
        file=row["file"],
        only_source=row["only_source"],
        size=row["size"],
        changed_at=row["changed_at"],
        place=Place(row["member"], row["within"]),
        started_at=to_time(row["started_at"]),
        finished_at=to_time_or_none(row["finished_at"]),
        counts=json.loads(row["counts"]),
    )


@writes
def advance(
    db: Database, import_id: ImportId, place: Place, counts: Mapping[str, int], *, finished_at: datetime | None = None
) -> None:
    """Records that all before a place is done, and what became of it."""
    db.execute(
        "UPDATE imports SET member = ?, within = ?, counts = ?, finished_at = ? WHERE id = ?",
        [place.member, place.within, json.dumps(dict(counts)), from_time_or_none(finished_at), import_id],
    )


@reads
def every(db: Database) -> list[tuple[str, Mapping[str, int]]]:
    """All files that were imported, each with what became of its records."""
    return [(row[0], json.loads(row[1])) for row in db.execute("SELECT file, counts FROM imports ORDER BY id")]


@writes
def restore(db: Database, import_id: int, file: str, only_source: str, started_at: datetime) -> ImportId:
    """An import in an archive that is made anew: that it was, not how far it came."""
    db.execute(
        "INSERT OR IGNORE INTO imports (id, file, only_source, started_at) VALUES (?, ?, ?, ?)",
        [import_id, file, only_source, from_time(started_at)],
    )
    (row,) = db.query("SELECT id FROM imports WHERE file = ? AND only_source = ?", [file, only_source])
    return ImportId(row["id"])
