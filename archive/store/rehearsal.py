"""What a crawl goes by, copied into an archive of its own: for a dry run, which must not write to the real one."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from archive.models import CanonicalUrl
from archive.revisiting import Why
from archive.store.connection import reads, writes

_SOURCE = "id, name, title, url, domain, country, language, every_seconds, next_crawl_at, enabled, settings"
_FRONTIER = (
    "url, source_id, discovered_at, found_in, kind, title, published_at, modified_at, state, reason, tries,"
    " next_fetch_at, article_id, capture_id, listed_in"
)
_CAPTURE = "id, url, fetched_at, status, etag, last_modified"
_ARTICLE = "id, url, source_id, title, published_at, word_count, content_hash, revisions, first_seen_at, last_seen_at"


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
    wanted = "source_id IN (SELECT id FROM sources WHERE domain = ?)"
    again = f"SELECT capture_id FROM known.urls WHERE {wanted}"
    statements = (
        # of an article what says when it is looked at again, and not what it says
        f"INSERT INTO captures ({_CAPTURE}) SELECT {_CAPTURE} FROM known.captures WHERE id IN ({again})",
        f"INSERT INTO articles ({_ARTICLE}) SELECT {_ARTICLE} FROM known.articles WHERE {wanted}",
        f"""
        INSERT INTO revisions (article_id, number, seen_at, title, text, blocks, content_hash, extractor)
        SELECT article_id, number, seen_at, '', '', '[]', '', ''
        FROM known.revisions JOIN known.articles ON article_id = id AND number = revisions WHERE {wanted}
        """,
        # what earlier crawls have settled is not this one's
        f"INSERT INTO urls ({_FRONTIER}) SELECT {_FRONTIER} FROM known.urls WHERE {wanted} ORDER BY known.urls.rowid",
    )
    for domain in set(domains):
        for statement in statements:
            _copy(db, path, statement, values=[domain])


@reads
def looks(db: Database, path: Path) -> dict[CanonicalUrl, Why]:
    """Why each article would be asked for again that the dry run in `db` over the archive at `path` has asked for."""
    with _attached(db, path):
        rows = db.execute(
            """
            SELECT urls.url, CASE
                WHEN EXISTS (SELECT 1 FROM known.absences WHERE article_id = was.article_id AND back_at IS NULL)
                    THEN :missing
                WHEN was.next_fetch_at <= (SELECT min(started_at) FROM crawls) THEN :due
                WHEN urls.modified_at IS NOT was.modified_at THEN :modified
                WHEN urls.listed_in IS NOT was.listed_in THEN :unlisted
                ELSE :due
            END
            FROM urls JOIN known.urls AS was ON was.url = urls.url
            WHERE urls.crawl_id IS NOT NULL AND was.article_id IS NOT NULL AND was.state IN ('fetched', 'refused')
            """,
            {"missing": Why.MISSING, "due": Why.DUE, "modified": Why.MODIFIED, "unlisted": Why.UNLISTED},
        ).fetchall()
    return {CanonicalUrl(url): Why(why) for url, why in rows}


def _copy(db: Database, path: Path, *statements: str, values: Iterable[str] = ()) -> None:
    with _attached(db, path):
        _insert(db, statements, values)


@contextmanager
def _attached(db: Database, path: Path) -> Iterator[None]:
    # SQLite attaches nothing inside of a transaction
    db.execute("ATTACH ? AS known", [f"{path.absolute().as_uri()}?mode=ro"])
    try:
        yield
    finally:
        db.execute("DETACH known")


@writes
def _insert(db: Database, statements: Iterable[str], values: Iterable[str]) -> None:
    for statement in statements:
        db.execute(statement, list(values))
