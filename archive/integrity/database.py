"""The database in itself: SQLite's check, references, views, the rows of each article, and the full text."""

from collections.abc import Iterator

from archive.errors import StoreError
from archive.integrity.finding import Finding, Scope
from archive.models import ArticleId
from archive.store import indexcheck, seals, soundness, tombstones

RESTORE = "restore the database from a backup, or make it anew from the WARC files: newsarchive rebuild"
REINDEX = "make the full text index anew: newsarchive verify --reindex"


def check_file(scope: Scope) -> Iterator[Finding]:
    """What SQLite itself finds. Raises StoreError where it cannot even look."""
    for fault in soundness.faults(scope.db, quick=scope.quick):
        yield Finding(where="database", what=fault, todo=RESTORE)
    for table, rowid, parent in soundness.broken_references(scope.db):
        yield Finding(where=f"{table} row {rowid}", what=f"refers to a row of {parent} that is not there", todo=RESTORE)
    for name in soundness.views(scope.db):
        try:
            soundness.try_view(scope.db, name)
        except StoreError as error:
            yield Finding(where=f"view {name}", what=str(error), todo=RESTORE)


def check_articles(scope: Scope) -> Iterator[Finding]:
    """Articles whose rows contradict each other. Raises StoreError."""
    for article_id, what in soundness.inconsistent(scope.db, scope.since):
        yield Finding(where=f"articles {article_id}", what=what, todo=RESTORE)
    for tombstone in tombstones.unfinished(scope.db) if soundness.has_manifests(scope.db) else ():
        where, todo = f"tombstones {tombstone.id}", f"finish it: newsarchive takedown {tombstone.article_id}"
        yield Finding(where=where, what="the takedown was interrupted, and traces of it may be left", todo=todo)


def check_fulltext(scope: Scope) -> Iterator[Finding]:
    """Articles that a search would not find by their words, or by words that they do not have. Raises StoreError."""
    missing, extra = indexcheck.missing_and_extra(scope.db)
    for article_id in missing:
        yield Finding(where=f"articles {article_id}", what="is not in the full text index", todo=REINDEX)
    for article_id in extra:
        yield Finding(where=f"articles_fts {article_id}", what="is of an article that is not there", todo=REINDEX)
    if not scope.quick:
        for article_id in _otherwise(scope):
            if article_id not in missing and article_id not in extra:
                yield Finding(
                    where=f"articles {article_id}", what="has other words in the full text index", todo=REINDEX
                )


def _otherwise(scope: Scope) -> Iterator[ArticleId]:
    db = scope.db
    with indexcheck.Again() as again:
        if scope.since is not None:
            for key in seals.keys(db, "articles", scope.since):
                article_id = ArticleId(key[0])
                if columns := indexcheck.texts_of(db, article_id):
                    again.add(article_id, columns)
                    if not indexcheck.seems_right(db, again, article_id, columns):
                        yield article_id
            return
        articles = seals.count(db, "articles")
        for done, (article_id, columns) in enumerate(indexcheck.texts(db)):
            scope.progress("full text", done, articles)
            again.add(article_id, columns)
        yield from indexcheck.differing(db, again)
