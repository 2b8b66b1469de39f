"""Boilerplate over a whole source: learned from its articles, taken out of those that are stored, and put back."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from archive import boilerplate
from archive.boilerplate import Example, Line
from archive.models import ArticleId, SourceId
from archive.store import Database, transaction
from archive.store import boilerplate as shelf

logger = logging.getLogger(__name__)

NEWEST = 2_000
"""Articles that are looked at: a week of a large newspaper, some 0.3 ms each."""

TEXT_MAX = 50_000_000
"""Characters of text that are looked at, should articles be monstrous; they are held in memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What a look at a source's articles brought."""

    lines: tuple[str, ...]
    """Lines that were not known before."""
    cleaned: int
    """Articles whose text changed."""


def learn(db: Database, source_id: SourceId, at: datetime) -> Learned:
    """Learns what the source's articles share, and takes it out of them, without a new revision.

    At most the `NEWEST` articles are looked at and cleaned, so that the cost does not grow with the archive. A known
    line that turns out to be a headline or a quotation is put back for good.

    Raises: StoreError; then nothing was changed.
    """
    found = boilerplate.learn(_examples(db, source_id))
    with transaction(db):
        for line_hash in shelf.hashes(db, source_id) & found.protected:
            undo(db, source_id, line_hash)
        new = shelf.add(db, source_id, found.lines, at)
        cleaned = _clean(db, source_id, shelf.newest(db, source_id, NEWEST)) if new else 0
    for line in new:
        logger.info("event=boilerplate_learned line=%r", line.text)
    logger.info("event=boilerplate lines=%d cleaned=%d", len(new), cleaned)
    return Learned(lines=tuple(line.text for line in new), cleaned=cleaned)


def adopt(db: Database, source_id: SourceId, lines: Iterable[Line], spared: Iterable[Line], at: datetime) -> None:
    """Takes lines for known that were learned elsewhere, of this very source, and leaves alone what is `spared`.

    Raises: StoreError; then nothing was changed.
    """
    with transaction(db):
        spared = list(spared)
        new = shelf.add(db, source_id, [*spared, *lines], at)
        known = shelf.hashes(db, source_id)
        for line in spared:
            if line.hash in known:
                undo(db, source_id, line.hash)
        if new:
            _clean(db, source_id, shelf.newest(db, source_id, NEWEST))


def undo(db: Database, source_id: SourceId, line_hash: str) -> int:
    """Puts a line back wherever it was taken out, and never takes it again; into how many articles it was put.

    With it come the headings that went only because it did.

    Raises: StoreError where the source has no such line.
    """
    with transaction(db):
        shelf.spare(db, source_id, line_hash)
        return _clean(db, source_id, shelf.without(db, source_id, line_hash))


def _examples(db: Database, source_id: SourceId) -> Iterator[Example]:
    """The newest articles as their pages had them."""
    length = 0
    for article_id in shelf.newest(db, source_id, NEWEST):
        stored = shelf.bodies(db, article_id)[0]
        length += len(stored.body.text)
        if length > TEXT_MAX:
            return
        yield Example(
            title=stored.title,
            subtitle=stored.subtitle,
            body=boilerplate.restore(stored.body, stored.taken),
        )


def _clean(db: Database, source_id: SourceId, articles: Iterable[ArticleId]) -> int:
    """Takes the known lines, and nothing else, out of these articles; how many that changed.

    Out of their older revisions as well: what differs between two of them is to be the publisher's doing.
    """
    lines = shelf.known(db, source_id)
    cleaned = 0
    for article_id in articles:
        changed = False
        for stored in shelf.bodies(db, article_id):
            body, taken = boilerplate.strip(boilerplate.restore(stored.body, stored.taken), lines)
            if taken != stored.taken:
                shelf.rewrite(db, source_id, stored, body=body, taken=taken)
                changed = True
        cleaned += changed
    return cleaned
