"""The full text index: what it finds, ranked or the newest first, and how it is made anew."""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from archive.errors import StoreError
from archive.models import ArticleId, CanonicalUrl
from archive.store import indexing
from archive.store.columns import to_texts, to_time_or_none
from archive.store.connection import reads, writes
from archive.store.filters import EVERY, Filters
from archive.store.snippets import snippets

RANKED = 5_000
"""How many matching articles are compared at most: each takes a microsecond. Of more, the newest are as good: such
words do not tell which of them is best."""

VISITED = 1_000_000
"""How many articles FTS5 may go through to rank, at some 35 ns each. For it counts how many have each word, however few
have all of them; a phrase takes four times as long, because positions are compared. A search that would take longer
gives the newest first."""

PASSING = 0.05
"""The share of the newest articles, or of those between the first and the last that pass, which a filter must let
through for each to be looked at as it matches, at 2 µs each; otherwise a list is made first, at 0.3 µs each."""

_SAMPLE = 2_000
"""The newest articles, from which it is reckoned how many have a word or pass a filter."""
_PHRASES = re.compile(r'"([^"]*)"( \*)?')


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An article that a search found."""

    article_id: ArticleId
    url: CanonicalUrl
    source: str
    """The source's name."""
    title: str
    published_at: datetime | None
    language: str | None
    rank: float
    """BM25 with a word in the title weighed tenfold; the smaller (they are negative) the better. 0: not ranked."""
    snippet: str
    """The part of the text that matches best, on one line, with what matched between the marks; else its beginning."""


@reads
def search(
    db: Database,
    match: str,
    filters: Filters = EVERY,
    *,
    limit: int = 20,
    marks: tuple[str, str] = ("", ""),
) -> list[Hit]:
    """The articles that an FTS5 expression matches, the best first; terms of it are spelled as the index is.

    Of more than `RANKED` articles, those stored last are compared; where ranking would take too long (`VISITED`), those
    stored last come first.
    """
    within, compared = _within(db, filters)
    ranked = _visits(db, match) * (1 if within == _ANYWHERE else 2) <= VISITED
    rows = list(
        db.query(
            f"""
            WITH matching AS (
                SELECT rowid AS id, {"rank" if ranked else "0.0"} AS rank FROM articles_fts
                WHERE articles_fts MATCH :match AND {within} ORDER BY rowid DESC LIMIT :compared
            ), best AS (SELECT id, rank FROM matching ORDER BY rank, id DESC LIMIT :limit)
            SELECT articles.id, articles.url, sources.name AS source, articles.title, articles.published_at,
                articles.language, best.rank, newest.subtitle, newest.authors, newest.text
            FROM best
            JOIN articles ON articles.id = best.id
            JOIN sources ON sources.id = articles.source_id
            JOIN revisions AS newest ON newest.article_id = articles.id AND newest.number = articles.revisions
            ORDER BY best.rank, best.id DESC
            """,
            filters.values | {"match": match, "limit": limit, "compared": max(limit, compared) if ranked else limit},
        )
    )
    contents = [(row["title"], row["subtitle"] or "", "; ".join(to_texts(row["authors"])), row["text"]) for row in rows]
    return [
        Hit(
            article_id=row["id"],
            url=row["url"],
            source=row["source"],
            title=row["title"],
            published_at=to_time_or_none(row["published_at"]),
            language=row["language"],
            rank=row["rank"],
            snippet=snippet,
        )
        for row, snippet in zip(rows, snippets(match, contents, marks), strict=True)
    ]


_ANYWHERE = "1"


def _within(db: Database, filters: Filters) -> tuple[str, int]:
    """The condition on a row of the index that these filters make, and how many rows that fulfil it to compare.

    SQLite cannot know which way is the shorter, because to its planner the index is a black box: two seconds against
    a tenth, for a common word in a language that few of a million articles have.
    """
    if filters == EVERY:
        return _ANYWHERE, RANKED
    values, passes = filters.values, filters.condition
    newest = f"SELECT * FROM articles ORDER BY id DESC LIMIT {_SAMPLE}"
    passing, all_of_them = db.execute(f"SELECT sum({passes}), count(*) FROM ({newest})", values).fetchone()
    looked_at = f"EXISTS (SELECT 1 FROM articles WHERE id = articles_fts.rowid AND {passes})"
    if (passing or 0) > PASSING * all_of_them:
        return looked_at, RANKED * passing // all_of_them
    sql = f"SELECT coalesce(min(id), 0), coalesce(max(id), 0), count(*) FROM articles WHERE {passes}"
    first, last, passing = db.execute(sql, values).fetchone()
    between, all_of_them = f"rowid BETWEEN {first} AND {last}", last - first + 1
    if passing > PASSING * all_of_them:
        return f"{between} AND {looked_at}", RANKED * passing // all_of_them
    # the + keeps SQLite from asking the index for each of the list: that takes a hundred times as long
    return f"{between} AND +rowid IN (SELECT id FROM articles WHERE {passes})", RANKED


def _visits(db: Database, match: str) -> int:
    """About how many articles FTS5 goes through to rank what an expression matches."""
    (stored,) = db.execute("SELECT coalesce(max(id), 0) FROM articles").fetchone()
    phrases = [(words.split(), bool(star)) for words, star in _PHRASES.findall(match)]
    if stored * sum(4 if len(words) > 1 or beginning else 1 for words, beginning in phrases) <= VISITED:
        return 0
    sql = "SELECT count(*) FROM articles_fts WHERE articles_fts MATCH ? AND rowid > ?"
    visits = 0.0
    for words, beginning in phrases:
        if beginning:
            # FTS5 gathers all words that begin so before it gives the first article; it is not to do that again
            return VISITED + 1
        somewhere = " ".join(f'"{word}"' for word in words)
        (sampled,) = db.execute(sql, [somewhere, stored - _SAMPLE]).fetchone()
        visits += sampled / min(_SAMPLE, stored) * stored * (4 if len(words) > 1 else 1)
    return int(visits)


@writes
def rebuild(db: Database) -> None:
    """Makes the index anew from the newest revisions, as the triggers would have (`archive.store.indexing.rebuild`)."""
    indexing.rebuild(db)


@writes
def check(db: Database) -> None:
    """Looks whether the index is sound in itself and has every article.

    Raises: StoreError where it is not; `rebuild` then puts it right.
    """
    db.execute("INSERT INTO articles_fts (articles_fts) VALUES ('integrity-check')")
    missing, extra = db.execute(
        """
        SELECT (SELECT count(*) FROM (SELECT id FROM articles EXCEPT SELECT id FROM articles_fts_docsize)),
            (SELECT count(*) FROM (SELECT id FROM articles_fts_docsize EXCEPT SELECT id FROM articles))
        """
    ).fetchone()
    if missing or extra:
        raise StoreError(f"The full text index lacks {missing} articles and has {extra} that are gone: rebuild it.")
