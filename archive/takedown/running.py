"""A takedown in steps, of which each can be repeated: what was planned is in the database before anything is erased."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from archive import clustering, dedupe, text
from archive.capturing import open_warc
from archive.erasing import erase
from archive.errors import CaptureError, StoreError
from archive.models import ArticleId, CanonicalUrl, CaptureId
from archive.sealing import seal
from archive.store import Database, articles, captures, replaced, soundness, tombstones, transaction
from archive.store.articles import StoredArticle
from archive.store.captures import CaptureRow
from archive.store.tombstones import Tombstone
from archive.takedown.traces import TITLE_MIN, Traces
from archive.warc import reading
from archive.warc.writing import Author

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A response that is kept and has something of the article, though it is none of its pages."""

    capture: CaptureRow
    what: str
    """`text` or `title`."""
    article_id: ArticleId | None
    """The other article that was made of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to go."""

    article: StoredArticle
    """Its newest state."""
    states: tuple[StoredArticle, ...]
    """All of them."""
    addresses: tuple[CanonicalUrl, ...]
    titles: tuple[str, ...]
    """Of all states, and those under which it was announced."""
    pages: tuple[CaptureRow, ...]
    """Its own responses, and copies of their payloads wherever they are."""
    shared: tuple[CaptureRow, ...]
    """Responses at its addresses that have nothing of it, and to which others refer: they stay."""
    mentions: tuple[Mention, ...]
    """Others of the same source that have its title or a run of its words."""
    named_in: tuple[ArticleId, ...]
    """Other articles in whose texts, or in what was taken out of them, its title stands."""


def plan(db: Database, directory: Path, article_id: ArticleId, progress: Progress) -> Plan:
    """Looks for all that is there of an article; every response of its source is read for it.

    Raises: StoreError for no article, CaptureError where the WARC files cannot be written.
    """
    newest = articles.get(db, article_id)
    if directory.is_dir():
        # a record that a killed crawl has left gets its row first, so that it is found
        warc, _ = open_warc(db, directory)
        warc.close()
    states = tuple(articles.get(db, article_id, revision=number) for number in range(1, newest.revisions + 1))
    addresses = tombstones.addresses_of(db, article_id)
    titles = {state.title for state in states} | tombstones.announced_titles(db, addresses)
    traces = Traces(titles, [state.text for state in states])
    pages, shared = _pages(db, directory, article_id, addresses, traces)
    return Plan(
        article=newest,
        states=states,
        addresses=addresses,
        titles=tuple(sorted(titles)),
        pages=tuple(pages.values()),
        shared=tuple(shared),
        mentions=tuple(_mentions(db, directory, article_id, traces, pages, progress)),
        named_in=tuple(sorted({found for title in titles for found in _naming(db, article_id, title)})),
    )


def _pages(
    db: Database, directory: Path, article_id: ArticleId, addresses: Sequence[CanonicalUrl], traces: Traces
) -> tuple[dict[CaptureId, CaptureRow], list[CaptureRow]]:
    """The article's responses with all copies of their payloads; and those that only share its addresses."""
    pages: dict[CaptureId, CaptureRow] = {}
    shared = []
    for capture_id in tombstones.captures_of(db, article_id, addresses):
        capture = _known(db, capture_id)
        digest = capture.payload_sha256
        copies = [_known(db, copy) for copy in tombstones.copies(db, digest)] if digest else []
        elsewhere = [copy for copy in copies if copy.url not in addresses]
        if not elsewhere:
            pages[capture_id] = capture
        elif _has(directory, _original(db, capture), traces):
            pages[capture_id] = capture
            pages |= {copy.id: copy for copy in elsewhere}
        elif any(copy.revisit_of == capture_id for copy in elsewhere):
            shared.append(capture)
        else:
            pages[capture_id] = capture
    return pages, shared


def _mentions(
    db: Database,
    directory: Path,
    article_id: ArticleId,
    traces: Traces,
    pages: dict[CaptureId, CaptureRow],
    progress: Progress,
) -> Iterator[Mention]:
    others = tombstones.originals_of_source(db, articles.source_of(db, article_id))
    for done, capture_id in enumerate(others):
        progress("captures", done, len(others))
        if capture_id not in pages:
            capture = _known(db, capture_id)
            if what := _has(directory, capture, traces):
                yield Mention(capture=capture, what=what, article_id=tombstones.article_of(db, capture_id))


def _naming(db: Database, article_id: ArticleId, title: str) -> Iterator[ArticleId]:
    if len(text.words(title)) >= TITLE_MIN:
        yield from (found for found in tombstones.naming(db, title) if found != article_id)


def _known(db: Database, capture_id: CaptureId) -> CaptureRow:
    capture = captures.get(db, capture_id)
    if capture is None:
        raise StoreError(f"There is no capture {capture_id} in the archive.")
    return capture


def _original(db: Database, capture: CaptureRow) -> CaptureRow:
    return capture if capture.revisit_of is None else _known(db, capture.revisit_of)


def _has(directory: Path, capture: CaptureRow, traces: Traces) -> str | None:
    """What of the article a response has; one that cannot be read counts as having its text: better gone than kept."""
    if capture.place is None:
        return None
    try:
        record = reading.read(directory, capture.place)
    except CaptureError:
        return "text"
    return traces.in_body(record.body, capture.content_type)


def bury(db: Database, planned: Plan, *, reason: str, taken_by: str, also_mentions: bool, at: datetime) -> Tombstone:
    """The first step, in one transaction: the article's rows are gone, and it is written what is to be erased.

    From here on a repeat of the command finishes what was begun. Raises: StoreError.
    """
    texts = [state.text for state in planned.states]
    row = {
        "article_id": planned.article.id,
        "source_id": articles.source_of(db, planned.article.id),
        "url": planned.article.url,
        "reason": reason,
        "taken_by": taken_by,
        "addresses": planned.addresses,
        "content_hashes": sorted({text.content_hash(body) for body in texts}),
        "title_hashes": sorted({text.content_hash(title) for title in planned.titles}),
        "sketches": sorted({shingle for body in texts for shingle in dedupe.sketch(body)}),
    }
    with transaction(db):
        tombstone_id = tombstones.add(db, row, at)
        mentions = [mention.capture for mention in planned.mentions] if also_mentions else []
        for capture in planned.pages:
            tombstones.plan_erasure(db, tombstone_id, capture, has_text=True)
        for capture in mentions:
            for copy in tombstones.copies(db, capture.payload_sha256 or "") or [capture.id]:
                tombstones.plan_erasure(db, tombstone_id, _known(db, copy), has_text=False)
        replaced.forget(db, planned.article.id)
        tombstones.bury(db, planned.article.id, planned.addresses, planned.titles)
    clustering.catch_up(db)
    found = tombstones.get(db, tombstone_id)
    if found is None:
        raise StoreError(f"The tombstone {tombstone_id} is not there.")
    return found


def finish(db: Database, directory: Path, tombstone: Tombstone, author: Author, at: datetime) -> bool:
    """The other steps: records erased, the chain sealed, every trace in the database wiped out.

    False where another process reads the database and so holds its log: then it is to be done again.

    Raises: CaptureError, StoreError.
    """
    erase(db, directory, tombstone, at)
    _seal(db, directory, author, at)
    soundness.forget_traces(db)
    if not soundness.wipe(db):
        return False
    tombstones.finish(db, tombstone.id, at)
    return True


def _seal(db: Database, directory: Path, author: Author, at: datetime) -> None:
    if not directory.is_dir():
        seal(db, None, author, at=at)
        return
    warc, _ = open_warc(db, directory)
    try:
        seal(db, warc, author, at=at)
    finally:
        warc.close()
