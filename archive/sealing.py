"""Sealing: all that was stored since the last manifest goes into the next, which is kept as a WARC record."""

import hashlib
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from archive.errors import CaptureError
from archive.manifest import Entry, Header, lay, prints
from archive.models import CrawlId
from archive.store import Database, captures, seals, transaction
from archive.warc.writing import SUFFIX, Author, WarcWriter
from archive.when import stamp

LINES_MAX = 20_000
"""Lines of a manifest (some 8 MB); where more is to be sealed, several are made."""

CONTENT_TYPE = "application/x-ndjson"
_BLOCK = 1024 * 1024


def seal(
    db: Database,
    warc: WarcWriter | None,
    author: Author,
    *,
    at: datetime,
    crawl_id: CrawlId | None = None,
    anew: bool = False,
) -> int:
    """Makes manifests of every row that has none, whoever stored it; how many rows that were.

    So what a killed run has left is sealed by the next one. Without `warc` a manifest is kept in its row. `anew` says
    that the database was made anew, and that what earlier manifests say of its rows no longer counts.

    Raises: CaptureError, StoreError; what was not sealed then waits for the next time.
    """
    if warc is not None:
        _seal_files(db, warc.directory)
    sealed = 0
    while lines := _seal_rows(db, warc, author, at=at, crawl_id=crawl_id, anew=anew and not sealed):
        sealed += lines
    return sealed


def _seal_rows(
    db: Database, warc: WarcWriter | None, author: Author, *, at: datetime, crawl_id: CrawlId | None, anew: bool
) -> int:
    with transaction(db):
        waiting = seals.pending(db, LINES_MAX)
        if not waiting:
            return 0
        number, previous = seals.head(db)
        header = Header(
            number=number + 1,
            previous=previous,
            made_at=stamp(at),
            crawl=crawl_id,
            lines=len(waiting),
            anew=anew,
            columns={table: tuple(covered.columns) for table, covered in seals.COVERED.items()},
        )
        block, digest = lay(header, [_entry(db, row) for row in waiting])
        written = warc.resource(author, address(number + 1), block, at=at, content_type=CONTENT_TYPE) if warc else None
        seals.add(db, header, digest, written=written, block=block, sealed=waiting)
        return len(waiting)


def address(number: int) -> str:
    """The WARC-Target-URI of a manifest. Raises: nothing."""
    return f"urn:newsarchive:manifest:{number}"


def _entry(db: Database, waiting: seals.Unsealed) -> Entry:
    found = seals.row(db, waiting.table, waiting.key)
    about = {} if found is None else {name: found[name] for name in seals.COVERED[waiting.table].about}
    return Entry(
        table=waiting.table,
        key=waiting.key,
        why=waiting.why,
        was=waiting.was,
        now=None if found is None else prints(found.values()),
        about={name: value for name, value in about.items() if value is not None},
    )


def _seal_files(db: Database, directory: Path) -> None:
    """Makes segments of what was written since: read once more, from the system's cache as a rule."""
    for path in sorted(directory.glob(f"*{SUFFIX}")):
        with transaction(db):
            begins, ends = seals.sealed_to(db, path.name), known_end(db, path.name) or 0
            # a file that a power cut has shortened is not sealed as it is: what it lacks is for `verify` to name
            if begins < ends <= path.stat().st_size:
                seals.add_segment(db, path.name, begins, ends, digest_of(path, begins, ends))


def known_end(db: Database, file: str) -> int | None:
    """The byte after the last record of a file that the archive knows; None where it knows none. Raises StoreError."""
    return max(filter(None, (captures.end_of(db, file), seals.end_of(db, file))), default=None)


def digest_of(path: Path, begins: int, ends: int) -> str:
    """The SHA-256 of a part of a file, in hexadecimal; of what there is, should the file be shorter.

    Raises: CaptureError where it cannot be read.
    """
    try:
        with path.open("rb") as file:
            file.seek(begins)
            return _digest(file, ends - begins)
    except OSError as error:
        raise CaptureError(f"{path} cannot be read: {error.strerror}") from error


def _digest(file: BinaryIO, left: int) -> str:
    digest = hashlib.sha256()
    while left > 0 and (data := file.read(min(left, _BLOCK))):
        digest.update(data)
        left -= len(data)
    return digest.hexdigest()
