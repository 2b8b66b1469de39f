"""What answered is kept before anything is made of it: its WARC record first, then the row that points to it."""

from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from pathlib import Path

from archive.errors import CaptureError
from archive.models import CanonicalUrl, Capture, CaptureId, CrawlId, Exchange, WarcPlace
from archive.store import Database, captures, tombstones
from archive.urls import canonical
from archive.warc import notes
from archive.warc.notes import Asked
from archive.warc.reading import LIMIT, members
from archive.warc.records import Original, Record, parse, sha256
from archive.warc.writing import MAX_BYTES, Author, Tail, WarcWriter, Written

SMALL = 512
"""Bytes of a payload below which a revisit record would save nothing."""

UNKNOWN_MAX = MAX_BYTES
"""Bytes unknown to the database that are taken in without a word: what a crash may leave is far less."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A response in the archive."""

    id: CaptureId
    fetched_at: datetime
    same_as: CaptureId | None
    """An earlier response with the very same body."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """What was found at the end of a file that a killed process had written to."""

    file: str
    adopted: int
    """Responses that got their row only now."""
    cut: int
    """Bytes of a torn record that were cut off."""


def warc_directory(db: Path) -> Path:
    """Where the WARC files of the archive at `db` are: `news.warc/` beside `news.db`. Raises: nothing."""
    return db.with_suffix(".warc")


def open_warc(db: Database, directory: Path) -> tuple[WarcWriter, list[Recovery]]:
    """The writer of an archive's WARC files, and what had to be put right in them after a crash.

    Raises: CaptureError where they cannot be written, or where they are not this database's; StoreError.
    """
    warc = WarcWriter(directory, end_of=lambda file: captures.end_of(db, file))
    unknown = sum(tail.path.stat().st_size - tail.start for tail in warc.tails)
    if unknown > UNKNOWN_MAX:
        warc.close()
        raise CaptureError(
            f"{directory} holds {unknown / 1e9:.1f} GB of which this database knows nothing: "
            "is it the right one? `newsarchive rebuild` makes one from the files"
        )
    found = [_adopt(db, tail) for tail in warc.tails]
    # what ends with a manifest ends well
    return warc, [recovery for recovery in found if recovery.adopted or recovery.cut]


def keep(
    db: Database,
    warc: WarcWriter | None,
    exchange: Exchange,
    *,
    author: Author,
    crawl_id: CrawlId | None,
    asked: Asked,
) -> Kept:
    """Keeps what answered: a record in the WARC files (none without `warc`), then a row.

    A payload that is kept already is not written again: its record then is a revisit of the first. Nothing is lost if
    the process dies between the two: the next one finds the record.

    Raises: CaptureError where the disk does not take the record, StoreError where the database does not take the row.
    """
    digest = sha256(exchange.payload)
    before = _original(db, exchange, digest)
    if tombstones.with_payload(db, digest) is not None:
        warc = None  # what was taken down, come again: that it came is kept, and no more
    written = _written(warc, author, exchange, asked, before) if warc is not None else None
    capture_id = captures.add(
        db,
        _answer(exchange, digest),
        crawl_id=crawl_id,
        written=written,
        revisit_of=before.id if before and written else None,
        location=_location(exchange),
    )
    return Kept(id=capture_id, fetched_at=exchange.fetched_at, same_as=before.id if before else None)


def _written(
    warc: WarcWriter, author: Author, exchange: Exchange, asked: Asked, before: captures.CaptureRow | None
) -> Written:
    original = None
    if before is not None and before.record_id is not None:
        original = Original(record_id=before.record_id, url=before.url, fetched_at=before.fetched_at)
    return warc.exchange(author, exchange, note=notes.note(asked), original=original)


def _original(db: Database, exchange: Exchange, digest: str) -> captures.CaptureRow | None:
    """The kept response that this one repeats."""
    if exchange.status == 304:
        return captures.latest(db, _address(exchange.url))
    return captures.with_payload(db, digest) if len(exchange.payload) >= SMALL else None


def _location(exchange: Exchange) -> CanonicalUrl | None:
    found = [value for name, value in exchange.headers if name.lower() == b"location"]
    return notes.redirects_to(exchange.url, exchange.status, found[-1].decode("latin-1")) if found else None


def _answer(exchange: Exchange, digest: str) -> Capture:
    headers = {name.lower(): value.decode("latin-1") for name, value in reversed(exchange.headers)}
    return Capture(
        url=_address(exchange.url),
        final_url=exchange.url,
        fetched_at=exchange.fetched_at,
        status=exchange.status,
        content_type=headers.get(b"content-type"),
        etag=headers.get(b"etag"),
        last_modified=headers.get(b"last-modified"),
        payload_sha256=digest,
        body=b"",
    )


def _address(url: str) -> CanonicalUrl:
    return canonical(url) or CanonicalUrl(url)


def _adopt(db: Database, tail: Tail) -> Recovery:
    """Gives every response in a tail its row."""
    adopted = 0
    for member in members(tail.path, tail.start):
        record = parse(member.data, limit=LIMIT)
        if record.kind in ("response", "revisit"):
            place = WarcPlace(file=tail.path.name, offset=member.offset, length=member.length)
            adopt(db, record, place, crawl_id=None)
            adopted += 1
    return Recovery(file=tail.path.name, adopted=adopted, cut=tail.cut)


def adopt(db: Database, record: Record, place: WarcPlace, *, crawl_id: CrawlId | None) -> CaptureId:
    """Makes the row of a response whose record is in the archive's files already. Raises StoreError."""
    original = original_of(db, record)
    # of a body that was not sent again because it is what it was (304) a crawl has recorded the digest of nothing
    is_sent = record.status != HTTPStatus.NOT_MODIFIED
    digest = original.payload_sha256 if original and is_sent else sha256(record.payload)
    return captures.add(
        db,
        replace(notes.capture(record), url=_address(record.url), payload_sha256=digest),
        crawl_id=crawl_id,
        written=Written(record_id=record.id, place=place),
        revisit_of=original.id if original else None,
        location=notes.redirects_to(record.url, record.status or 0, record.header("Location")),
    )


def original_of(db: Database, record: Record) -> captures.CaptureRow | None:
    """The kept response whose body a revisit record's is; None for any other record, or where it is not here.

    Programs name it by its record, or by its address and time (ISO 28500, 6.7). Raises StoreError.
    """
    if record.kind != "revisit":
        return None
    found = captures.by_record(db, record.refers_to() or "")
    url = canonical(record.fields.get("warc-refers-to-target-uri", "").strip("<>"))
    at = notes.moment(record.fields.get("warc-refers-to-date", ""))
    return found or (captures.at(db, url, at) if url and at else None)
