"""Which stored article an address or a text belongs to, and who keeps an address that two of them want."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from archive.decision import NOT_STATED, Known, Match
from archive.models import AddressKind, ArticleId, BlockKind, CanonicalUrl, Precision, Reason, SourceId
from archive.store import seals
from archive.store.columns import from_texts, from_time, to_texts, to_time_or_none
from archive.store.connection import reads, writes

# An address is lost to an article when what was found there last is no page of it: nothing, a wall, another address.
_LOST = f"(urls.state = 'refused' OR urls.reason = '{Reason.REDIRECT_KNOWN}')"
_KNOWN = f"""
    articles.id, articles.source_id, articles.url, articles.title, articles.subtitle, articles.authors,
    articles.published_at, articles.published_precision, articles.published_offset, articles.modified_at,
    articles.content_hash, revisions.text, revisions.blocks,
    EXISTS (SELECT 1 FROM urls WHERE urls.url = articles.url AND {_LOST}) AS is_lost,
    NOT EXISTS (
        SELECT 1 FROM article_urls AS own WHERE own.url = articles.url AND own.kind IN ('fetched', 'redirect')
    ) AS is_stand_in,
    (
        SELECT json_group_array(url) FROM (
            SELECT own.url FROM article_urls AS own LEFT JOIN urls ON urls.url = own.url
            WHERE own.article_id = articles.id AND own.kind = 'fetched' AND {_LOST} IS NOT TRUE ORDER BY own.rowid
        )
    ) AS answering,
    (
        SELECT json_group_array(DISTINCT field) FROM fields
        WHERE fields.article_id = articles.id AND fields.revision = articles.revisions AND fields.chosen
            AND fields.method IN ({", ".join(f"'{method}'" for method in sorted(NOT_STATED))})
    ) AS not_stated
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
    return _of_source(db, source_id, "articles.content_hash = ?", content_hash)


@reads
def find_by_name(db: Database, source_id: SourceId, name: str, published_at: datetime) -> list[Known]:
    """The source's articles with this number or slug in their address, published at this time, the oldest first.

    None that is dated by the day only: many a site numbers what it publishes in a day from one.
    """
    condition = "articles.published_at = ? AND articles.published_precision <> 'day' AND instr(articles.url, ?)"
    return _of_source(db, source_id, condition, from_time(published_at), name)


def _of_source(db: Database, source_id: SourceId, condition: str, *values: str) -> list[Known]:
    rows = db.query(
        f"""
        SELECT {_KNOWN}
        FROM articles
        JOIN revisions ON revisions.article_id = articles.id AND revisions.number = articles.revisions
        WHERE articles.source_id = ? AND {condition} ORDER BY articles.id
        """,
        [source_id, *values],
    )
    return [_known(row) for row in rows]


@writes
def give_up_address(db: Database, article_id: ArticleId, address: CanonicalUrl) -> None:
    """Takes from an article an address that it only claimed, because another page answers there.

    If it was the article's own, the first one that did answer takes its place.
    """
    seals.changing(db, "articles", article_id, why="address given up")
    db.execute("DELETE FROM article_urls WHERE url = ? AND article_id = ?", [address, article_id])
    _rename(db, [address])


@writes
def doubt(db: Database, addresses: Iterable[CanonicalUrl]) -> None:
    """Takes from articles these addresses as their own, if they only claimed them, and one that did answer is there.

    The claim is remembered: whoever else claims such an address finds it taken.
    """
    _rename(db, addresses)


@writes
def move(db: Database, article_id: ArticleId, address: CanonicalUrl) -> None:
    """Gives an article another own address, where its publisher has it now; the old one stays one of its addresses."""
    seals.changing(db, "articles", article_id, why="moved")
    db.execute("UPDATE articles SET url = ? WHERE id = ?", [address, article_id])


def _rename(db: Database, addresses: Iterable[CanonicalUrl]) -> None:
    """Names articles whose own addresses are only claimed by the first of theirs that answered."""
    seen = """
        SELECT url FROM article_urls WHERE article_id = articles.id AND kind IN ('fetched', 'redirect')
        ORDER BY kind <> 'fetched', rowid LIMIT 1
        """
    claimed = f"""
        url IN (SELECT value FROM json_each(?)) AND EXISTS ({seen}) AND NOT EXISTS (
            SELECT 1 FROM article_urls
            WHERE url = articles.url AND article_id = articles.id AND kind IN ('fetched', 'redirect')
        )
        """
    names = [from_texts(addresses)]
    for (article_id,) in db.execute(f"SELECT id FROM articles WHERE {claimed}", names).fetchall():
        seals.changing(db, "articles", article_id, why="address doubted")
    db.execute(f"UPDATE articles SET url = ({seen}) WHERE {claimed}", names)


def _known(row: Mapping[str, Any]) -> Known:
    return Known(
        id=row["id"],
        source_id=row["source_id"],
        url=row["url"],
        answering=tuple(map(CanonicalUrl, to_texts(row["answering"]))),
        is_stand_in=bool(row["is_stand_in"]),
        is_lost=bool(row["is_lost"]),
        title=row["title"],
        subtitle=row["subtitle"],
        authors=to_texts(row["authors"]),
        published_at=to_time_or_none(row["published_at"]),
        published_precision=Precision(row["published_precision"]) if row["published_precision"] else None,
        published_offset=row["published_offset"],
        modified_at=to_time_or_none(row["modified_at"]),
        text=row["text"],
        blocks=tuple(map(BlockKind, to_texts(row["blocks"]))),
        content_hash=row["content_hash"],
        not_stated=frozenset(to_texts(row["not_stated"])),
    )
