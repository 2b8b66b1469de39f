"""What a crawl goes by, copied into an archive of its own: for a dry run, which must not write to the real one."""

from collections.abc import Iterable
from pathlib import Path

from sqlite_utils import Database

from archive.store.connection import writes

_SOURCE = "id, name, title, url, domain, country, language, every_seconds, next_crawl_at, enabled, settings"
_FRONTIER = "url, source_id, discovered_at, found_in, kind, title, published_at, modified_at, state, reason, tries"


def copy_sources(db: Database, path: Path) -> None:
    """Copies the sources and their endpoints from the archive at `path`.

    Raises: StoreError where it cannot be read.
    """
    _copy(
        db,
        path,
        f"INSERT INTO sources ({_SOURCE}) SELECT {_SOURCE} FROM known.sources",
        "INSERT INTO endpoints SELECT * FROM known.endpoints",
    )


def copy_frontier(db: Database, path: Path, domains: Iterable[str]) -> None:
    """Copies what the archive at `path` knows of the addresses of some domains; `copy_sources` comes first.

    Raises: StoreError where it cannot be read.
    """
    # without the articles and crawls, which are not there
    statement = f"""
        INSERT INTO urls ({_FRONTIER}, next_fetch_at)
        SELECT {_FRONTIER}, next_fetch_at FROM known.urls
        WHERE source_id IN (SELECT id FROM sources WHERE domain = ?) ORDER BY known.urls.rowid
        """
    for domain in set(domains):
        _copy(db, path, statement, values=[domain])


def _copy(db: Database, path: Path, *statements: str, values: Iterable[str] = ()) -> None:
    # SQLite attaches nothing inside of a transaction
    db.execute("ATTACH ? AS known", [f"{path.absolute().as_uri()}?mode=ro"])
    try:
        _insert(db, statements, values)
    finally:
        db.execute("DETACH known")


@writes
def _insert(db: Database, statements: Iterable[str], values: Iterable[str]) -> None:
    for statement in statements:
        db.execute(statement, list(values))
