"""The articles, their addresses, their revisions, and where each of their values came from."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from archive.errors import StoreError
from archive.models import (
    AddressKind,
    Article,
    ArticleId,
    BlockKind,
    CanonicalUrl,
    CaptureId,
    FieldValue,
    Method,
    Precision,
    SourceId,
)
from archive.revisions import Change
from archive.store import seals
from archive.store.columns import (
    from_flag,
    from_texts,
    from_time,
    from_time_or_none,
    to_flag,
    to_texts,
    to_time,
    to_time_or_none,
)
from archive.store.connection import inserted, reads, writes


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """How a state of an article came to us, and what was worked out about its text."""

    at: datetime
    capture_id: CaptureId
    extractor: str
    """Name and version of what read it out of the page."""
    content_hash: str
    word_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredArticle:
    """An article to be read: one of its revisions, and what is known of the whole."""

    id: ArticleId
    url: CanonicalUrl
    source: str
    """The source's name."""
    revision: int
    revisions: int
    """How many there are; the newest has this number."""
    title: str
    subtitle: str | None
    authors: tuple[str, ...]
    published_at: datetime | None
    published_precision: Precision | None
    published_offset: str | None
    modified_at: datetime | None
    text: str
    blocks: tuple[BlockKind, ...]
    """The kind of each paragraph of `text`."""
    section: str | None
    tags: tuple[str, ...]
    language: str | None
    description: str | None
    image_url: str | None
    site_name: str | None
    agency: str | None
    is_free: bool | None
    word_count: int
    """Of the newest revision."""
    content_hash: str
    seen_at: datetime
    """When this revision was first seen."""
    change: Change | None
    """What kind of edit led to this revision; None for the first."""
    silent: bool
    first_seen_at: datetime
    last_seen_at: datetime
    gone_at: datetime | None
    gone_status: int | None
    addresses: tuple[tuple[AddressKind, CanonicalUrl], ...]
    """All of them, `url` as well, in the order in which they were met."""


@reads
def find(db: Database, url: CanonicalUrl) -> ArticleId | None:
    """The article that is known under this address."""
    row = db.execute("SELECT article_id FROM article_urls WHERE url = ?", [url]).fetchone()
    return ArticleId(row[0]) if row else None


@reads
def source_of(db: Database, article_id: ArticleId) -> SourceId:
    """The source of an article. Raises StoreError for no article."""
    found = db.execute("SELECT source_id FROM articles WHERE id = ?", [article_id]).fetchone()
    if found is None:
        raise StoreError(f"There is no article {article_id} in the archive.")
    return SourceId(found[0])


@writes
def insert(db: Database, article: Article, origin: Origin, *, url: CanonicalUrl, source_id: SourceId) -> ArticleId:
    """A new article under `url` with its first revision; its addresses, also `url`, are for `add_addresses`."""
    row = columns_of(article) | {
        "url": url,
        "source_id": source_id,
        "content_hash": origin.content_hash,
        "word_count": origin.word_count,
        "revisions": 1,
        "first_seen_at": from_time(origin.at),
        "last_seen_at": from_time(origin.at),
    }
    columns, values = ", ".join(row), ", ".join(f":{column}" for column in row)
    # the number of an article that was taken down is not given to another
    free = "SELECT 1 + max(coalesce((SELECT max(id) FROM articles), 0), coalesce(max(article_id), 0)) FROM tombstones"
    sql = f"INSERT INTO articles (id, {columns}) VALUES (({free}), {values})"
    article_id = ArticleId(inserted(db, sql, row))
    seals.made(db, "articles", article_id)
    _insert_revision(db, article_id, 1, article, origin)
    return article_id


@writes
def add_revision(
    db: Database, article_id: ArticleId, article: Article, origin: Origin, *, change: Change, silent: bool
) -> int:
    """Makes `article` the newest revision and the article's row like it; the revision's number.

    What it has no value for stays in the article's row as it was. An article that was gone is no longer.
    """
    seals.changing(db, "articles", article_id, why="revised")
    row = columns_of(article) | {"content_hash": origin.content_hash, "word_count": origin.word_count}
    db.execute("UPDATE articles SET revisions = revisions + 1 WHERE id = ?", [article_id])
    _update(db, article_id, row, origin.at)
    (number,) = db.execute("SELECT revisions FROM articles WHERE id = ?", [article_id]).fetchone()
    _insert_revision(db, article_id, number, article, origin, change=change, silent=silent)
    return int(number)


@writes
def replace_newest(db: Database, article_id: ArticleId, article: Article, origin: Origin) -> None:
    """Makes `article` what the newest revision says, all but its text, which is for `boilerplate.rewrite`; and its row.

    When it was first seen, and which kind of edit led to it, stays. What it has no value for stays in the row.
    """
    _update(db, article_id, columns_of(article), origin.at)
    (number,) = db.execute("SELECT revisions FROM articles WHERE id = ?", [article_id]).fetchone()
    seals.changing(db, "revisions", article_id, number, why="better page")
    newest = "article_id = :id AND {} = (SELECT revisions FROM articles WHERE id = :id)"
    row = {
        "title": article.title,
        "subtitle": article.subtitle,
        "authors": from_texts(article.authors),
        "published_at": from_time_or_none(article.published_at),
        "modified_at": from_time_or_none(article.modified_at),
        "capture_id": origin.capture_id,
        "extractor": origin.extractor,
    }
    assignments = ", ".join(f"{column} = :{column}" for column in row)
    db.execute(f"UPDATE revisions SET {assignments} WHERE {newest.format('number')}", row | {"id": article_id})
    db.execute(f"DELETE FROM fields WHERE {newest.format('revision')}", {"id": article_id})
    _insert_fields(db, article_id, number, article)


@writes
def keep_current(db: Database, article_id: ArticleId, article: Article, at: datetime) -> None:
    """Records that the article was there `at`, and what its page says of what has no revisions.

    Those are section, tags, language, description, image, site, agency, whether it is free, and when it was modified;
    and when it was published, where that is known more exactly now. What it has no value for stays as it was.
    """
    edited = ("title", "subtitle", "authors")
    _update(db, article_id, {k: v for k, v in columns_of(article).items() if k not in edited}, at)
    published_at = from_time_or_none(article.published_at)
    newest = "article_id = ? AND number = (SELECT revisions FROM articles WHERE id = ?) AND published_at IS NOT ?"
    values = [article_id, article_id, published_at]
    found = db.execute(f"SELECT number FROM revisions WHERE {newest}", values).fetchone() if published_at else None
    if found:
        seals.changing(db, "revisions", article_id, found[0], why="seen again")
        db.execute(f"UPDATE revisions SET published_at = ? WHERE {newest}", [published_at, *values])


@reads
def any_of(db: Database, source_id: SourceId) -> bool:
    """Whether the source has an article."""
    return db.execute("SELECT 1 FROM articles WHERE source_id = ? LIMIT 1", [source_id]).fetchone() is not None


@reads
def last_seen(db: Database, article_id: ArticleId) -> datetime:
    """When the article was last there."""
    return to_time(db.execute("SELECT last_seen_at FROM articles WHERE id = ?", [article_id]).fetchone()[0])


@writes
def seen(db: Database, article_id: ArticleId, at: datetime) -> None:
    """Records that the article was there `at`. One that was gone is no longer."""
    _update(db, article_id, {}, at)


def _update(db: Database, article_id: ArticleId, row: dict[str, Any], at: datetime) -> None:
    """Writes what there is of a row's values into an article that was seen `at`."""
    known = {column: value for column, value in row.items() if value not in (None, "[]")}
    if known.get("published_at"):
        known |= {column: row[column] for column in ("published_precision", "published_offset")}
    values = known | {"id": article_id, "at": from_time(at)}
    differs = " OR ".join(["first_seen_at > :at", *(f"{column} IS NOT :{column}" for column in known)])
    if db.execute(f"SELECT 1 FROM articles WHERE id = :id AND ({differs})", values).fetchone():
        seals.changing(db, "articles", article_id, why="seen again")
    assignments = ["gone_at = CASE WHEN gone_at > :at THEN gone_at END"]
    assignments += ["gone_status = CASE WHEN gone_at > :at THEN gone_status END"]
    assignments += ["first_seen_at = min(first_seen_at, :at)", "last_seen_at = max(last_seen_at, :at)"]
    assignments += [f"{column} = :{column}" for column in known]
    db.execute(f"UPDATE articles SET {', '.join(assignments)} WHERE id = :id", values)


def _insert_revision(
    db: Database,
    article_id: ArticleId,
    number: int,
    article: Article,
    origin: Origin,
    *,
    change: Change | None = None,
    silent: bool = False,
) -> None:
    db.execute(
        """
        INSERT INTO revisions (article_id, number, seen_at, capture_id, title, subtitle, authors, published_at,
            modified_at, text, blocks, content_hash, change, silent, extractor)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        [
            article_id,
            number,
            from_time(origin.at),
            origin.capture_id,
            article.title,
            article.subtitle,
            from_texts(article.authors),
            from_time_or_none(article.published_at),
            from_time_or_none(article.modified_at),
            article.text,
            from_texts(article.blocks),
            origin.content_hash,
            change,
            from_flag(flag=silent),
            origin.extractor,
        ],
    )
    seals.made(db, "revisions", article_id, number)
    _insert_fields(db, article_id, number, article)


def _insert_fields(db: Database, article_id: ArticleId, number: int, article: Article) -> None:
    db.conn.executemany(
        "INSERT INTO fields (article_id, revision, field, value, method, chosen) VALUES (?, ?, ?, ?, ?, ?)",
        [
            (article_id, number, value.field, value.value, value.method, from_flag(flag=value.chosen))
            for value in article.fields
        ],
    )


@writes
def add_addresses(
    db: Database, article_id: ArticleId, addresses: Iterable[tuple[AddressKind, CanonicalUrl]], at: datetime
) -> None:
    """Records addresses of the article; one that another article has stays with that.

    One that was only claimed and is seen to lead there becomes `redirect`, one that answers becomes `fetched`.
    """
    addresses = list(addresses)
    known = {url: kind for kind, url in _addresses(db, article_id)}
    if any(known.get(url) not in (kind, AddressKind.FETCHED) for kind, url in addresses):
        seals.changing(db, "articles", article_id, why="further address")
    db.conn.executemany(
        """
        INSERT INTO article_urls (url, article_id, kind, first_seen_at) VALUES (:url, :id, :kind, :at)
        ON CONFLICT (url) DO UPDATE SET kind = :kind
            WHERE article_id = :id AND (:kind = 'fetched' OR (:kind = 'redirect' AND kind <> 'fetched'))
        """,
        [{"url": url, "id": article_id, "kind": kind, "at": from_time(at)} for kind, url in addresses],
    )


@reads
def get(db: Database, article_id: ArticleId, *, revision: int | None = None) -> StoredArticle:
    """The article with its newest revision, or the one of that number.

    Raises: StoreError where there is no such article or revision.
    """
    rows = db.query(
        """
        SELECT articles.*, sources.name AS source, revisions.number, revisions.seen_at, revisions.text,
            revisions.blocks, revisions.change, revisions.silent, revisions.title AS title_then,
            revisions.subtitle AS subtitle_then, revisions.authors AS authors_then,
            revisions.published_at AS published_then, revisions.modified_at AS modified_then,
            revisions.content_hash AS hash_then
        FROM articles
        JOIN sources ON sources.id = articles.source_id
        JOIN revisions ON revisions.article_id = articles.id
        WHERE articles.id = ? AND revisions.number = coalesce(?, articles.revisions)
        """,
        [article_id, revision],
    )
    for row in rows:
        return _stored(row, _addresses(db, article_id))
    what = f"article {article_id}" if revision is None else f"revision {revision} of article {article_id}"
    raise StoreError(f"There is no {what} in the archive: `newsarchive search` shows which articles there are.")


@reads
def fields(db: Database, article_id: ArticleId, *, revision: int | None = None) -> list[FieldValue]:
    """All readings of all fields of the newest (or that) revision, as extraction gave them; none for no article."""
    rows = db.query(
        """
        SELECT * FROM fields WHERE article_id = :id
            AND revision = coalesce(:revision, (SELECT revisions FROM articles WHERE id = :id)) ORDER BY rowid
        """,
        {"id": article_id, "revision": revision},
    )
    return [
        FieldValue(field=row["field"], value=row["value"], method=Method(row["method"]), chosen=bool(row["chosen"]))
        for row in rows
    ]


def columns_of(article: Article) -> dict[str, Any]:
    """The columns of an article's row that a page determines, as they are stored. Raises: nothing."""
    return {
        "title": article.title,
        "subtitle": article.subtitle,
        "authors": from_texts(article.authors),
        "published_at": from_time_or_none(article.published_at),
        "published_precision": article.published_precision,
        "published_offset": article.published_offset,
        "modified_at": from_time_or_none(article.modified_at),
        "section": article.section,
        "tags": from_texts(article.tags),
        "language": article.language,
        "description": article.description,
        "image_url": article.image_url,
        "site_name": article.site_name,
        "agency": article.agency,
        "is_free": from_flag(flag=article.is_free),
    }


def _addresses(db: Database, article_id: ArticleId) -> tuple[tuple[AddressKind, CanonicalUrl], ...]:
    rows = db.query("SELECT kind, url FROM article_urls WHERE article_id = ? ORDER BY rowid", [article_id])
    return tuple((AddressKind(row["kind"]), row["url"]) for row in rows)


def _stored(row: Mapping[str, Any], addresses: tuple[tuple[AddressKind, CanonicalUrl], ...]) -> StoredArticle:
    return StoredArticle(
        id=row["id"],
        url=row["url"],
        source=row["source"],
        revision=row["number"],
        revisions=row["revisions"],
        title=row["title_then"],
        subtitle=row["subtitle_then"],
        authors=to_texts(row["authors_then"]),
        published_at=to_time_or_none(row["published_then"]),
        published_precision=Precision(row["published_precision"]) if row["published_precision"] else None,
        published_offset=row["published_offset"],
        modified_at=to_time_or_none(row["modified_then"]),
        text=row["text"],
        blocks=tuple(BlockKind(kind) for kind in json.loads(row["blocks"])),
        section=row["section"],
        tags=to_texts(row["tags"]),
        language=row["language"],
        description=row["description"],
        image_url=row["image_url"],
        site_name=row["site_name"],
        agency=row["agency"],
        is_free=to_flag(row["is_free"]),
        word_count=row["word_count"],
        content_hash=row["hash_then"],
        seen_at=to_time(row["seen_at"]),
        change=Change(row["change"]) if row["change"] else None,
        silent=bool(row["silent"]),
        first_seen_at=to_time(row["first_seen_at"]),
        last_seen_at=to_time(row["last_seen_at"]),
        gone_at=to_time_or_none(row["gone_at"]),
        gone_status=row["gone_status"],
        addresses=addresses,
    )
