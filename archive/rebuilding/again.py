"""What was done with each record when it was written, done again: rows, articles, ends of crawls, manifests."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from archive import cleaning, manifest
from archive.boilerplate import NO_LINES, Lines, Rule
from archive.boilerplate import Line as KnownLine
from archive.capturing import adopt, open_warc, original_of
from archive.errors import ArchiveError, CaptureError
from archive.importing.shelving import Shelves
from archive.ingest import ingest, known_article, unchanged, unmodified_article
from archive.manifest import Entry
from archive.models import (
    AddressKind,
    Article,
    ArticleId,
    CanonicalUrl,
    Capture,
    CaptureId,
    CrawlId,
    Prepared,
    Reason,
    Rejection,
    SourceId,
)
from archive.prepare import extractor
from archive.rebuilding.sequence import Kept
from archive.revisiting import Plan
from archive.sealing import address as manifest_address
from archive.sealing import seal
from archive.settings import timezone_of
from archive.store import Database, articles, boilerplate, captures, crawls, imports, seals, sources, tombstones
from archive.store.columns import to_texts
from archive.urls import canonical, same_site
from archive.warc import accounts, notes
from archive.warc.accounts import Account, Run
from archive.warc.reading import read
from archive.warc.records import Record
from archive.warc.writing import Author, Written

Step = Callable[[Prepared | ArchiveError | None], None]
"""What is to be done when all before it is: with what the page holds, or with None where there is no page."""

_MANIFESTS = manifest_address(0).removesuffix("0")


@dataclass(slots=True, kw_only=True)
class _Running:
    """A crawl, or an import with the sources that it reaches."""

    source_id: SourceId | None = None
    crawl_id: CrawlId | None = None
    lines: Lines = field(default=NO_LINES)
    shelves: Shelves | None = None
    timezone: str | None = None
    """That of times without one, as the source's settings had it."""


class Again:
    """One history, repeated over an empty database."""

    def __init__(self, db: Database, directory: Path) -> None:
        """`directory` has the WARC files."""
        self._db, self._directory = db, directory
        self._runs: dict[tuple[str, int, datetime], _Running] = {}
        self._signed: dict[str, _Running] = {}
        """By the id of the warcinfo record."""
        self._gone: dict[tuple[str, int], CaptureId] = {}
        """The rows of responses that were erased, by the places of what is there instead."""
        self._tombstones: dict[int, int] = {}
        """By the numbers that they had."""
        self._numbers: dict[tuple[int, datetime], CrawlId] = {}
        """The crawls by the number and time that they had."""

    def steps(self, sequence: Iterable[Kept]) -> Iterator[tuple[Step, Capture | None]]:
        """What is to be done, in order; each with the capture that has to be read for it, if there is one.

        Rows of responses are made as this is read, because later records refer to them. Raises: StoreError.
        """
        for kept in sequence:
            record = kept.record
            if record.kind == "warcinfo" and (run := accounts.run_of(record)):
                yield from self._begin(run, record.id)
            elif record.kind in ("response", "revisit"):
                yield from self._response(kept)
            elif record.kind == "metadata" and b"takedown: " in record.payload:
                self._gone[kept.file, kept.offset] = self._taken(kept)
            elif account := accounts.account_of(record):
                yield partial(self._end, account), None
            elif record.kind == "resource" and record.url.startswith(_MANIFESTS):
                yield partial(self._manifest, kept), None

    def close(self, *, warc: bool) -> None:
        """Ends what is done again, and seals it as new: into the WARC files where the database is theirs.

        Raises: StoreError, CaptureError.
        """
        for source in sources.every(self._db):
            crawled = crawls.of(self._db, source.id)
            if all(crawl.finished_at is None for crawl in crawled) and not articles.any_of(self._db, source.id):
                # a site at which its first crawl found nothing was no source for longer than that
                sources.remove(self._db, source.id)
        author = Author(key="rebuild", lines={"software": f"newsarchive/{version('newsarchive')}"})
        now = datetime.now(UTC).replace(microsecond=0)
        if not warc:
            seal(self._db, None, author, at=now, anew=True)
            return
        writer, _ = open_warc(self._db, self._directory)
        try:
            seal(self._db, writer, author, at=now, anew=True)
        finally:
            writer.close()

    def _begin(self, run: Run, info_id: str) -> Iterator[tuple[Step, None]]:
        """A run whose records follow; one that went on in another file is met again there."""
        key = (run.file or "", run.id, run.started_at)
        if key not in self._runs:
            self._runs[key] = running = self._import(run) if run.file is not None else self._crawl(run)
            if running.source_id is not None:
                yield partial(self._learned, running), None
        self._signed[info_id] = self._runs[key]

    def _crawl(self, run: Run) -> _Running:
        source = sources.restore(self._db, run.source)
        crawl_id = crawls.restore(self._db, source.id, run.id, run.started_at)
        self._numbers[run.id, run.started_at] = crawl_id
        timezone = timezone_of(source.settings)
        return _Running(source_id=source.id, crawl_id=crawl_id, timezone=timezone)

    def _import(self, run: Run) -> _Running:
        import_id = imports.restore(self._db, run.id, run.file or "", run.only, run.started_at)
        only = sources.find(self._db, run.only) if run.only else None
        return _Running(shelves=Shelves(self._db, import_id, run.started_at, only=only))

    def _learned(self, running: _Running, _: object) -> None:
        if running.source_id is not None:
            running.lines = boilerplate.known(self._db, running.source_id)

    def _response(self, kept: Kept) -> Iterator[tuple[Step, Capture | None]]:
        record = kept.record
        running = self._running(kept)
        capture_id = adopt(self._db, record, kept.place, crawl_id=running.crawl_id)
        if not notes.asked(record).is_page:
            return
        capture = replace(notes.capture(record), id=capture_id)
        location = notes.redirects_to(record.url, record.status or 0, record.header("Location"))
        if location is not None:
            yield partial(self._redirect, capture, location), None
        elif whole := self._whole(record, capture):
            yield partial(self._page, running, _shelf(record)), replace(whole, timezone=running.timezone)

    def _running(self, kept: Kept) -> _Running:
        """The run that a response belongs to; one of our making where the file does not tell."""
        fields, imported = kept.record.fields, kept.record.note.get(notes.IMPORTED)
        info_id = imported.get("warcinfo") if isinstance(imported, dict) else None
        signed = str(info_id or fields.get("warc-warcinfo-id", "").strip("<>"))
        if signed not in self._signed:
            file = str(self._directory / kept.file)
            self._signed[signed] = self._import(Run(id=0, started_at=kept.at, file=file))
        return self._signed[signed]

    def _whole(self, record: Record, capture: Capture) -> Capture | None:
        """The capture with its body; None where that is in a record that is gone."""
        original = original_of(self._db, record)
        if original is None or record.status == 304:
            return capture if record.kind == "response" or record.status == 304 else None
        if original.place is None:
            return None
        try:
            body = read(self._directory, original.place).body
        except CaptureError:
            return None
        return replace(capture, body=body, same_as=original.id, status=capture.status or original.status)

    def _redirect(self, capture: Capture, location: CanonicalUrl, _: object) -> None:
        """A redirect to what is an article already is a further address of it."""
        article_id = articles.find(self._db, location)
        if article_id is not None and same_site(location, capture.url):
            address = [(AddressKind.REDIRECT, capture.url)]
            at = captures.redirected_at(self._db, capture.url) or capture.fetched_at
            articles.add_addresses(self._db, article_id, address, at)

    def _page(self, running: _Running, before: Mapping[str, Any], result: Prepared | ArchiveError | None) -> None:
        if not isinstance(result, Prepared):
            return
        if running.shelves is not None:
            self._imported(running.shelves, before, result)
        elif running.source_id is not None and running.crawl_id is not None:
            self._crawled(result, running.source_id, running.crawl_id, running.lines)

    def _crawled(self, prepared: Prepared, source_id: SourceId, crawl_id: CrawlId, lines: Lines) -> None:
        capture = prepared.capture
        if capture.candidate is None and isinstance(prepared.outcome, Rejection):
            return  # a section, as was expected
        article_id = None
        if capture.candidate is not None:
            article_id = unmodified_article(self._db, capture) or known_article(self._db, capture)
        if article_id is not None:
            unchanged(self._db, capture, article_id, crawl_id=crawl_id, plan=Plan())
            return
        result = ingest(
            self._db,
            prepared,
            source_id=source_id,
            crawl_id=crawl_id,
            at=capture.fetched_at,
            lines=lines,
            plan=Plan(),
        )
        if result.article_id is not None:
            self._redirected_here(capture, result.article_id)

    def _redirected_here(self, capture: Capture, article_id: ArticleId) -> None:
        """What was seen to redirect to a page while that was under way."""
        answered = canonical(capture.final_url) or capture.url
        for url, at in captures.leading_to(self._db, answered, hops=1):
            if same_site(url, answered) and articles.find(self._db, url) is None:
                articles.add_addresses(self._db, article_id, [(AddressKind.REDIRECT, url)], at)

    def _imported(self, shelves: Shelves, before: Mapping[str, Any], prepared: Prepared) -> None:
        capture, outcome = prepared.capture, prepared.outcome
        answered = canonical(capture.final_url) or capture.url
        shelf = shelves.of(answered, make=isinstance(outcome, Article), before=before)
        if capture.id is None:
            return
        if shelf is not None:
            captures.assign(self._db, capture.id, shelf.crawl_id)
            ingest(
                self._db,
                prepared,
                source_id=shelf.source.id,
                crawl_id=shelf.crawl_id,
                at=capture.fetched_at,
                lines=shelf.lines,
            )
        elif isinstance(outcome, Rejection):
            captures.reject(self._db, capture.id, outcome.reason, extractor=extractor())

    def _end(self, account: Account, _: object) -> None:
        """The end of a crawl, and what was learned there."""
        crawl_id = self._numbers.get((account.crawl, account.started_at), CrawlId(account.crawl))
        crawl = crawls.get(self._db, crawl_id)
        if crawl is None:
            return
        crawls.finish(self._db, crawl_id, at=account.finished_at, outcome=account.outcome, counts=account.counts)
        sources.restored(self._db, crawl.source_id, account.source)
        lines = {True: list[KnownLine](), False: list[KnownLine]()}
        for line in account.lines:
            if line.rule in set(Rule):
                lines[line.spared].append(KnownLine(rule=Rule(line.rule), text=line.line))
        cleaning.adopt(self._db, crawl.source_id, lines[False], lines[True], account.finished_at)

    def _manifest(self, kept: Kept, _: object) -> None:
        """A manifest of before, which the next one names as its predecessor; and the tombstones that it tells of."""
        found = manifest.read(kept.record.payload)
        number, _digest = seals.head(self._db)
        if found.header is not None and found.header.number > number:
            written = Written(record_id=kept.record.id, place=kept.place)
            seals.add(self._db, found.header, found.digest, written=written, block=b"", sealed=())
        for entry in found.entries:
            if entry.now is not None and entry.table == "tombstones":
                self._tombstone(entry)
            elif entry.now is not None and entry.table == "erasures":
                self._erased(entry)

    def _tombstone(self, entry: Entry) -> None:
        """What was taken down stays so, should it come again."""
        about = entry.about
        article_id, source = ArticleId(about["article_id"]), sources.find(self._db, about["url"])
        if source is None or tombstones.of_article(self._db, article_id) is not None:
            return
        row = {**about, "source_id": source.id, **{name: to_texts(about[name]) for name in tombstones.LISTS}}
        at = datetime.fromisoformat(about["taken_at"])
        tombstone_id = tombstones.add(self._db, row, at)
        tombstones.finish(self._db, tombstone_id, at)
        self._tombstones[entry.key[0]] = tombstone_id

    def _taken(self, kept: Kept) -> CaptureId:
        """The row of a response that was erased: that it was, and where."""
        url = canonical(kept.record.url) or CanonicalUrl(kept.record.url)
        capture = Capture(url=url, final_url=url, fetched_at=kept.at, status=0, content_type=None, body=b"")
        capture_id = captures.add(self._db, capture, crawl_id=None)
        captures.reject(self._db, capture_id, Reason.TAKEN_DOWN, extractor=extractor())
        return capture_id

    def _erased(self, entry: Entry) -> None:
        """An erasure that is known is no damage, and its payload is not kept again."""
        about = entry.about
        tombstone_id = self._tombstones.get(about["tombstone_id"])
        capture_id = self._gone.pop((about["warc_file"], about["warc_offset"]), None)
        if tombstone_id is not None and capture_id is not None:
            tombstones.restore_erasure(self._db, capture_id, tombstone_id, about)


def _shelf(record: Record) -> Mapping[str, Any]:
    """Which source and crawl an imported page belonged to."""
    imported = record.note.get(notes.IMPORTED)
    found = imported.get("shelf") if isinstance(imported, dict) else None
    return found if isinstance(found, dict) else {}
