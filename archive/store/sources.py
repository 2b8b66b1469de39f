"""The publications that we follow."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, TypedDict, Unpack

from sqlite_utils import Database

from archive import urls
from archive.config import ConfiguredSource
from archive.errors import SourceError
from archive.models import Source, SourceId
from archive.reconciling import Changes, reconcile
from archive.settings import NAME
from archive.store import seals
from archive.store.connection import inserted, reads, writes

_KEPT = ("title", "country", "language", "every_seconds", "enabled", "settings")
"""What a rebuilt archive takes over of a source as it was."""


_CRAWLED_BY = ("url", "every_seconds", "enabled", "settings")
"""What a crawl goes by: where an operator has changed that, the source is due at once."""


class SourceColumns(TypedDict, total=False):
    """What may be changed of a source."""

    name: str
    title: str | None
    url: str
    country: str | None
    language: str | None
    every_seconds: int | None
    enabled: bool
    settings: Mapping[str, object]


@writes
def add(
    db: Database,
    *,
    url: str,
    name: str | None = None,
    title: str | None = None,
    language: str | None = None,
    country: str | None = None,
    settings: Mapping[str, object] | None = None,
) -> Source:
    """A new source that is crawled from `url`; without a `name` it gets one made of its host: `example-courier`.

    Raises: SourceError for no http(s) address, an address or a name that another source has, or a name that is not
    lower case letters, digits and single hyphens.
    """
    address = _address(url)
    _refuse_known(db, address)
    row_id = inserted(
        db,
        "INSERT INTO sources (name, title, url, domain, country, language, settings) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            _free_name(db, name) if name else _derived_name(db, address),
            title,
            address,
            urls.site_of(address),
            country,
            language,
            _json(settings or {}),
        ],
    )
    return _every(db, "id = ?", row_id)[0]


@reads
def find(db: Database, name_or_url: str) -> Source | None:
    """The source of that name or address; for another address of its site, the source that fits it best.

    The best is the one with the longest address that the URL begins with, then one on the same host, then the oldest.
    """
    if found := _every(db, "name = ?", name_or_url):
        return found[0]
    address = urls.canonical(name_or_url)
    if address is None:
        return None
    found = _every(db, "domain = ?", urls.site_of(address))

    def fit(source: Source) -> tuple[bool, int, bool]:
        prefix = len(source.url) if address.startswith(source.url) else 0
        return source.url == address, prefix, urls.bare_host(source.url) == urls.bare_host(address)

    return max(found, key=fit, default=None)


@reads
def get(db: Database, source_id: SourceId) -> Source | None:
    """One source."""
    return next(iter(_every(db, "id = ?", source_id)), None)


@writes
def restore(db: Database, row: Mapping[str, Any]) -> Source:
    """A source in an archive that is made anew, as it was: under its number and name, if those are free.

    One of its address that is there already is that source. Raises: SourceError for a row without an address.
    """
    address = _address(str(row.get("url", "")))
    for known in _every(db, "url = ?", address):
        return known
    name = str(row.get("name", ""))
    row_id = row.get("id") if get(db, SourceId(int(row.get("id") or 0))) is None else None
    sql = "INSERT INTO sources (id, name, url, domain) VALUES (?, ?, ?, ?)"
    free = NAME.fullmatch(name) and not _taken(db, name)
    values = [row_id, name if free else _derived_name(db, address), address, urls.site_of(address)]
    return restored(db, SourceId(inserted(db, sql, values)), row)


@writes
def restored(db: Database, source_id: SourceId, row: Mapping[str, Any]) -> Source:
    """Gives a source what a row of it says of all that may change."""
    columns = {key: row[key] for key in _KEPT if key in row}
    return update(db, source_id, **columns)


@reads
def every(db: Database) -> list[Source]:
    """All sources, by name."""
    return sorted(_every(db, "true"), key=lambda source: source.name)


@reads
def overview(db: Database) -> list[dict[str, Any]]:
    """A row for each source, by name, ready for JSON: its columns, how many articles it has, and its last crawl."""
    rows = db.query(
        """
        SELECT sources.*, source_health.articles, last_article_at, last_crawl_at, last_outcome, waiting, failed
        FROM sources JOIN source_health ON source_health.source_id = sources.id
        ORDER BY sources.name
        """
    )
    return [{**row, "enabled": bool(row["enabled"]), "settings": json.loads(row["settings"])} for row in rows]


@reads
def details(db: Database, source_id: SourceId, *, crawls: int = 10) -> dict[str, Any]:
    """Everything about one source, ready for JSON: its row of `overview`, its endpoints, and its last `crawls`.

    Raises: SourceError for a source that is not there.
    """
    source = _one(db, source_id)
    (row,) = (row for row in overview(db) if row["name"] == source.name)
    found = db.query("SELECT * FROM crawls WHERE source_id = ? ORDER BY id DESC LIMIT ?", [source_id, crawls])
    return row | {
        "endpoints": list(db.query("SELECT * FROM endpoints WHERE source_id = ? ORDER BY id", [source_id])),
        "crawls": [{**crawl, "counts": json.loads(crawl["counts"])} for crawl in found],
    }


@reads
def count_articles(db: Database, source_id: SourceId) -> int:
    """How many articles a source has."""
    return int(db.execute("SELECT count(*) FROM articles WHERE source_id = ?", [source_id]).fetchone()[0])


@writes
def update(db: Database, source_id: SourceId, **columns: Unpack[SourceColumns]) -> Source:
    """Changes the columns that are given.

    Raises: SourceError as `add` does, and for a source that is not there.
    """
    source = _one(db, source_id)
    changed: dict[str, object] = {**columns}
    if (name := columns.get("name", source.name)) != source.name:
        changed["name"] = _free_name(db, name)
    if (address := _address(columns.get("url", source.url))) != source.url:
        _refuse_known(db, address)
        changed |= {"url": address, "domain": urls.site_of(address)}
    if "settings" in columns:
        changed["settings"] = _json(columns["settings"])
    if any(columns.get(key, getattr(source, key)) != getattr(source, key) for key in _CRAWLED_BY):
        changed |= {"next_crawl_at": None, "failures": 0, "error": None}
    db.table("sources").update(source_id, changed)
    return _one(db, source_id)


@writes
def edit(db: Database, after: Source) -> Source:
    """Makes a source what this one is, all that may change of it. Raises: SourceError as `update` does."""
    return update(
        db,
        after.id,
        url=after.url,
        name=after.name,
        title=after.title,
        country=after.country,
        language=after.language,
        every_seconds=after.every_seconds,
        enabled=after.enabled,
        settings=after.settings,
    )


@writes
def bring_in_line(db: Database, wanted: Sequence[ConfiguredSource], *, only: bool = True) -> Changes:
    """Makes the table follow the sources that a file names, all or nothing, and gives what had to change.

    With `only`, what the file does not name is disabled; nothing is removed (`archive.reconciling`). What has changed
    is due at once.

    Raises: ConfigError where a name is another source's, SourceError as `add` does.
    """
    changes = reconcile(_every(db, "true"), wanted, only=only)
    for change in changes.changed:
        if change.after.name != change.before.name:
            # two sources may have exchanged their names: each is let go before any is taken
            db.table("sources").update(change.before.id, {"name": f" {change.before.id}"})
    for change in changes.changed:
        edit(db, change.after)
    # a name that a source is given comes before one that is made of its host
    for new in sorted(changes.added, key=lambda new: new.name is None):
        source = add(
            db,
            url=new.url,
            name=new.name,
            title=new.title,
            language=new.language,
            country=new.country,
            settings=new.settings,
        )
        every = int(new.every.total_seconds()) if new.every else None
        update(db, source.id, every_seconds=every, enabled=new.enabled)
    for source in changes.disabled:
        update(db, source.id, enabled=False)
    return changes


@writes
def remove(db: Database, source_id: SourceId, *, with_articles: bool = False) -> None:
    """Forgets a source, its endpoints, crawls and frontier; its articles only when told to, with their revisions.

    What was captured stays, as the WARC files do. To stop crawling and keep everything, `update(db, source_id,
    enabled=False)`.

    Raises: SourceError for a source that has articles, without `with_articles`, and for one that is not there.
    """
    source = _one(db, source_id)
    articles = count_articles(db, source_id)
    if articles and not with_articles:
        raise SourceError(
            f"{source.name} has {articles} articles, and an archive keeps what it has: a source with articles stays."
        )
    if db.execute("SELECT 1 FROM tombstones WHERE source_id = ?", [source_id]).fetchone():
        raise SourceError(f"{source.name} has articles that were taken down, and crawls are to know: it stays.")
    rows = db.execute("SELECT id, revisions FROM articles WHERE source_id = ?", [source_id]).fetchall()
    for article_id, revisions in rows:
        seals.changing(db, "articles", article_id, why="source removed")
        for number in range(1, revisions + 1):
            seals.changing(db, "revisions", article_id, number, why="source removed")
    db.execute("DELETE FROM articles WHERE source_id = ?", [source_id])
    db.execute("DELETE FROM sources WHERE id = ?", [source_id])


def _every(db: Database, where: str, *values: object) -> list[Source]:
    return [of_row(row) for row in db.table("sources").rows_where(where, values, order_by="id")]


def _one(db: Database, source_id: SourceId) -> Source:
    found = _every(db, "id = ?", source_id)
    if not found:
        raise SourceError("There is no such source: `newsarchive sources list` shows which there are.")
    return found[0]


def of_row(row: Mapping[str, Any]) -> Source:
    """The source of a row of the table."""
    return Source(
        id=SourceId(row["id"]),
        name=row["name"],
        title=row["title"],
        url=row["url"],
        domain=row["domain"],
        country=row["country"],
        language=row["language"],
        every_seconds=row["every_seconds"],
        enabled=bool(row["enabled"]),
        settings=json.loads(row["settings"]),
    )


def _address(url: str) -> str:
    address = urls.canonical(url)
    if address is None:
        raise SourceError(f"{url!r} is no address of a site: it has to begin with http:// or https://.")
    return address


def _refuse_known(db: Database, address: str) -> None:
    for source in _every(db, "url = ?", address):
        raise SourceError(f"{address} is a source already: {source.name}.")


def _json(settings: Mapping[str, object]) -> str:
    return json.dumps(dict(settings), ensure_ascii=False)


def _taken(db: Database, name: str) -> bool:
    return db.execute("SELECT 1 FROM sources WHERE name = ?", [name]).fetchone() is not None


def _free_name(db: Database, name: str) -> str:
    if not NAME.fullmatch(name):
        raise SourceError(f"{name!r} cannot be a source's name: use lower case letters, digits and single hyphens.")
    if _taken(db, name):
        raise SourceError(f"There is a source named {name} already: choose another name.")
    return name


def _derived_name(db: Database, url: str) -> str:
    """`news-example` for news.example.co.uk, with the port where that tells two apart, and a number if taken."""
    host, site = urls.bare_host(url), urls.site_of(url).removeprefix("www.")
    labels = host.removesuffix(site) + site.partition(".")[0] if host.endswith(site) else site
    base = re.sub(r"[^a-z0-9]+", "-", labels.lower()).strip("-") or "source"
    name, number = base, 1
    while _taken(db, name):
        number += 1
        name = f"{base}-{number}"
    return name
