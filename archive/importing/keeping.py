"""One page of a foreign file into the archive: its record copied, its row, its article, all or nothing."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from importlib.metadata import version
from pathlib import PurePath

from archive.capturing import original_of
from archive.erasing import erase_capture
from archive.errors import CaptureError
from archive.importing.shelving import Shelf, Shelves
from archive.importing.sorting import Sorted
from archive.ingest import ingest
from archive.models import (
    AddressKind,
    Article,
    Capture,
    CaptureId,
    Prepared,
    Reason,
    Rejection,
    Source,
)
from archive.prepare import extractor
from archive.settings import timezone_of
from archive.store import Database, articles, captures, imports, sources, transaction
from archive.store.imports import Import
from archive.urls import canonical, same_site
from archive.warc import accounts, notes
from archive.warc.accounts import Run
from archive.warc.foreign import Found
from archive.warc.inflating import Place
from archive.warc.reading import read
from archive.warc.records import Laid, compressed, sha256
from archive.warc.writing import Author, WarcWriter

HOPS = 5
"""Redirects that are followed backwards, at most, to the addresses that led to a page."""


class Keeper:
    """Writes what comes of one file."""

    def __init__(
        self, db: Database, warc: WarcWriter, row: Import, *, only: Source | None, now: Callable[[], datetime]
    ) -> None:
        """`only` is the source that the import is restricted to."""
        self._db, self._warc, self._row, self._only, self._now = db, warc, row, only, now
        self._author = author(row)
        self._info: Found | None = None
        self._shelves = Shelves(db, row.id, row.started_at, only=only)

    def introduce(self, found: Found) -> None:
        """A record that tells of the file: copied as soon as there is anything to be kept."""
        self._info = found

    def knows(self, one: Sorted) -> bool:
        """Whether a record is in the archive and nothing is left to do with it. Raises StoreError."""
        row = captures.by_record(self._db, one.found.id)
        return row is not None and not _unfinished(row)

    def whole(self, one: Sorted) -> Capture | None:
        """The capture with its body, which for one that repeats another is with that; None where that is not here.

        Raises: StoreError.
        """
        if not one.repeats:
            return one.capture
        row = original_of(self._db, one.record)
        if row is None or row.place is None:
            return None
        try:
            original = read(self._warc.directory, row.place)
        except CaptureError:
            return None
        declared = one.capture if one.capture.status else replace(one.capture, status=row.status)
        return replace(declared, content_type=declared.content_type or row.content_type, body=original.body)

    def timezone(self, one: Sorted) -> str | None:
        """The zone of a page's times without one, where its source has it. Raises StoreError."""
        source = self._only or sources.find(self._db, one.capture.url)
        return timezone_of(source.settings) if source else None

    def advance(self, ends: Place, counts: Mapping[str, int]) -> None:
        """Records that all before a place is done, and what became of it. Raises: StoreError."""
        imports.advance(self._db, self._row.id, ends, counts)

    def redirect(self, one: Sorted) -> None:
        """Keeps a redirect; an article that it leads to gets its address, now or when it comes.

        Raises: StoreError, CaptureError.
        """
        with transaction(self._db):
            self._kept(one, None, redirects=())
            location = one.location
            article_id = articles.find(self._db, location) if location else None
            if location and article_id is not None and same_site(location, one.capture.url):
                at = one.capture.fetched_at
                articles.add_addresses(self._db, article_id, [(AddressKind.REDIRECT, one.capture.url)], at)

    def page(self, one: Sorted, prepared: Prepared | Reason) -> str:
        """Keeps a page, and what it holds; what it was to the archive, or why it is no article.

        To be called in a transaction. Raises: StoreError, CaptureError.
        """
        capture = one.capture if isinstance(prepared, Reason) else prepared.capture
        answered = canonical(capture.final_url) or capture.url
        is_article = isinstance(prepared, Prepared) and isinstance(prepared.outcome, Article)
        shelf = self._shelves.of(answered, make=is_article)
        led = [url for url, _ in captures.leading_to(self._db, answered, hops=HOPS) if same_site(url, answered)]
        redirects = tuple(dict.fromkeys((*capture.redirects, *led)))
        capture_id = self._kept(one, shelf, redirects=redirects)
        if isinstance(prepared, Reason) or shelf is None:
            reason = prepared if isinstance(prepared, Reason) else _reason(prepared)
            captures.reject(self._db, capture_id, reason, extractor=extractor())
            return reason
        result = ingest(
            self._db,
            replace(prepared, capture=replace(capture, id=capture_id, redirects=redirects)),
            source_id=shelf.source.id,
            crawl_id=shelf.crawl_id,
            at=capture.fetched_at,
            lines=shelf.lines,
        )
        if result.tombstone is not None:
            erase_capture(self._db, self._warc.directory, capture_id, result.tombstone, self._now())
        return result.reason or result.outcome

    def _kept(self, one: Sorted, shelf: Shelf | None, *, redirects: tuple[str, ...]) -> CaptureId:
        crawl_id = shelf.crawl_id if shelf else None
        row = captures.by_record(self._db, one.found.id)
        if row is not None:
            if crawl_id is not None:
                captures.assign(self._db, row.id, crawl_id)
            return row.id
        if self._info is not None and captures.by_record(self._db, self._info.id) is None:
            info, self._info = self._info, None
            self._warc.copy(self._author, lambda _: _laid(info, info.whole))
        written = self._warc.copy(self._author, lambda info_id: self._copy(one, info_id, redirects, shelf))
        original = original_of(self._db, one.record)
        return captures.add(
            self._db,
            replace(one.capture, payload_sha256=original.payload_sha256 if original else sha256(one.record.payload)),
            crawl_id=crawl_id,
            written=written,
            revisit_of=original.id if original else None,
            location=one.location,
        )

    def _copy(self, one: Sorted, info_id: str, redirects: tuple[str, ...], shelf: Shelf | None) -> Laid:
        asked = notes.Asked(
            url=one.capture.url, redirects=redirects, candidate=one.capture.candidate, is_page=one.location is None
        )
        note = notes.imported(
            one.record,
            asked,
            file=PurePath(self._row.file).name,
            offset=one.found.place.member,
            at=self._now(),
            warcinfo=info_id,
            shelf=shelf.note if shelf else {},
        )
        named = () if "warc-warcinfo-id" in one.found.fields else (f"WARC-Warcinfo-ID: <{info_id}>".encode(),)
        return _laid(one.found, one.found.noted(json.dumps(note, separators=(",", ":")).encode(), *named))


_SIGNED = {
    "software": f"newsarchive/{version('newsarchive')}",
    "format": "WARC File Format 1.1",
    "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
}
SEALER = Author(key="imports", lines=_SIGNED)
"""How that is signed which comes of several imports."""


def author(row: Import) -> Author:
    """How an import signs what it writes (ISO 28500, 6.2: fields of a warcinfo record). Raises: nothing."""
    run = Run(id=row.id, started_at=row.started_at, file=row.file, only=row.only_source)
    more = {
        "description": f"import {row.id} of {PurePath(row.file).name}",
        accounts.BEGINNING: accounts.told(run),
    }
    return Author(key=f"import/{row.id}", lines=_SIGNED | more)


def _laid(found: Found, data: bytes) -> Laid:
    return Laid(record_id=found.id, member=compressed(data))


def _reason(prepared: Prepared) -> Reason:
    outcome = prepared.outcome
    return outcome.reason if isinstance(outcome, Rejection) else Reason.NO_TEXT


def _unfinished(row: captures.CaptureRow) -> bool:
    """Whether a killed run has kept a page and not come to read it."""
    return row.crawl_id is None and row.error is None and 200 <= row.status < 300
