"""Which stored article an address or a text belongs to, and who keeps an address that two of them want."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from archive.models import AddressKind, ArticleId, BlockKind, CanonicalUrl, SourceId
from archive.store.columns import from_texts, to_texts, to_time_or_none
from archive.store.connection import reads, writes


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What identity has to know of a stored article: its newest state."""

    id: ArticleId
    source_id: SourceId
    url: CanonicalUrl
    has_answered: bool
    """Whether its own `url` ever answered, or is only what its pages claim."""
    revision: int
    title: str
    text: str
    blocks: tuple[BlockKind, ...]
    content_hash: str
    modified_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """An address under which a stored article is known."""

    address: CanonicalUrl
    kind: AddressKind
    article: Known


_KNOWN = """
    articles.id, articles.source_id, articles.url, articles.revisions, articles.title, articles.content_hash,
    articles.modified_at, revisions.text, revisions.blocks,
    EXISTS (SELECT 1 FROM article_urls AS own WHERE own.url = articles.url AND own.kind = 'fetched') AS has_answered
"""


@reads
def find_by_address(db: Database, urls: Iterable[CanonicalUrl]) -> dict[CanonicalUrl, Match]:
    """The articles that are known under these addresses, of whatever source."""
    rows = db.query(
        f"""
        SELECT article_urls.url AS address, article_urls.kind, {_KNOWN}
        FROM article_urls
        JOIN articles ON articles.id = article_urls.article_id
        JOIN revisions ON revisions.article_id = articles.id AND revisions.number = articles.revisions
        WHERE article_urls.url IN (SELECT value FROM json_each(?))
        """,
        [from_texts(urls)],
    )
    return {
        row["address"]: Match(address=row["address"], kind=AddressKind(row["kind"]), article=_known(row))
        for row in rows
    }


@reads
def find_by_hash(db: Database, source_id: SourceId, content_hash: str) -> list[Known]:
    """The source's articles whose newest text has this `archive.text.content_hash`, the oldest first."""
    rows = db.query(
        f"""
        SELECT {_KNOWN}
        FROM articles
        JOIN revisions ON revisions.article_id = articles.id AND revisions.number = articles.revisions
        WHERE articles.source_id = ? AND articles.content_hash = ? ORDER BY articles.id
        """,
        [source_id, content_hash],
    )
    return [_known(row) for row in rows]


@writes
def give_up_address(db: Database, article_id: ArticleId, address: CanonicalUrl) -> None:
    """Takes from an article an address that it only claimed, because another page answers there.

    If it was the article's own, the first one that did answer takes its place.
    """
    db.execute("DELETE FROM article_urls WHERE url = ? AND article_id = ?", [address, article_id])
    db.execute(
        """
        UPDATE articles SET url = (
            SELECT url FROM article_urls WHERE article_id = articles.id
            ORDER BY kind <> 'fetched', first_seen_at, rowid LIMIT 1
        ) WHERE id = ? AND url = ?
        """,
        [article_id, address],
    )


def _known(row: Mapping[str, Any]) -> Known:
    return Known(
        id=row["id"],
        source_id=row["source_id"],
        url=row["url"],
        has_answered=bool(row["has_answered"]),
        revision=row["revisions"],
        title=row["title"],
        text=row["text"],
        blocks=tuple(map(BlockKind, to_texts(row["blocks"]))),
        content_hash=row["content_hash"],
        modified_at=to_time_or_none(row["modified_at"]),
    )
