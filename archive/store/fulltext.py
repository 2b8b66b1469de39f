"""The full text index: what it finds, ranked and with snippets, and how it is made anew."""

import re
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate

from sqlite_utils import Database

from archive import spelling
from archive.errors import StoreError
from archive.models import ArticleId, CanonicalUrl
from archive.store import indexing
from archive.store.columns import from_time_or_none, to_texts, to_time_or_none
from archive.store.connection import reads, writes

SNIPPET_WORDS = 32
"""How long a snippet is at most; in scripts without spaces a character counts as a word."""

RANKED = 20_000
"""How many matching articles are compared at most: each takes a microsecond, and a word that most of a million articles
have took a second. Such a word does not tell which of them is best; the newest are as good."""

# While a snippet is cut: what stands between the words of an unspaced script, and where a match and the snippet begin
# and end. FTS5 takes them for spaces, and `archive.text.clean` lets none into a text, so that they are told from it.
_SEPARATOR = "\x1f"
_BEGINS, _ENDS, _CUT = "\x02", "\x03", "\x04"
_SIGNS = re.compile(f"([{_BEGINS}{_ENDS}{_CUT}])")


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
    """BM25 with a word in the title weighed tenfold; the smaller (they are negative) the better."""
    snippet: str
    """The part of the text that matches best, on one line, with what matched between the marks; else its beginning."""


@reads
def search(
    db: Database,
    match: str,
    *,
    source: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    language: str | None = None,
    limit: int = 20,
    marks: tuple[str, str] = ("", ""),
) -> list[Hit]:
    """The articles that an FTS5 expression matches, the best first; terms of it are segmented as the index is.

    `since` and `until` (exclusive) are about publication; articles without a date are then left out. Of more than
    `RANKED` articles, those stored last are compared.
    """
    rows = list(
        db.query(
            """
            WITH matching AS (
                SELECT rowid AS id, rank FROM articles_fts
                WHERE articles_fts MATCH :match AND (:any OR EXISTS (
                    SELECT 1 FROM articles JOIN sources ON sources.id = articles.source_id
                    WHERE articles.id = articles_fts.rowid
                        AND (:source IS NULL OR sources.name = :source)
                        AND (:since IS NULL OR articles.published_at >= :since)
                        AND (:until IS NULL OR articles.published_at < :until)
                        AND (:language IS NULL OR articles.language = :language)
                ))
                ORDER BY rowid DESC LIMIT max(:limit, :ranked)
            ), best AS (SELECT id, rank FROM matching ORDER BY rank, id LIMIT :limit)
            SELECT articles.id, articles.url, sources.name AS source, articles.title, articles.published_at,
                articles.language, best.rank, newest.subtitle, newest.authors, newest.text
            FROM best
            JOIN articles ON articles.id = best.id
            JOIN sources ON sources.id = articles.source_id
            JOIN revisions AS newest ON newest.article_id = articles.id AND newest.number = articles.revisions
            ORDER BY best.rank, best.id
            """,
            {
                "match": match,
                "any": source is None and since is None and until is None and language is None,
                "source": source,
                "since": from_time_or_none(since),
                "until": from_time_or_none(until),
                "language": language,
                "limit": limit,
                "ranked": RANKED,
            },
        )
    )
    contents = [(row["title"], row["subtitle"] or "", "; ".join(to_texts(row["authors"])), row["text"]) for row in rows]
    snippets = _snippets(match, contents, marks)
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
        for row, snippet in zip(rows, snippets, strict=True)
    ]


def _snippets(match: str, contents: Sequence[tuple[str, ...]], marks: tuple[str, str]) -> list[str]:
    """A snippet of the last column of each row of `contents`, cut by FTS5 itself in a small index of these rows alone.

    The archive's own index cannot do it: it holds the words in their one spelling, while snippet() counts words in the
    text as it stands.
    """
    with closing(sqlite3.connect(":memory:")) as memory:
        memory.execute(
            f'CREATE VIRTUAL TABLE found USING fts5 (title, subtitle, authors, text, tokenize = "{indexing.TOKENIZER}")'
        )
        memory.executemany(
            "INSERT INTO found (rowid, title, subtitle, authors, text) VALUES (?, ?, ?, ?, ?)",
            [
                (number, *(spelling.indexed(column, _SEPARATOR) for column in row))
                for number, row in enumerate(contents)
            ],
        )
        cursor = memory.execute(
            "SELECT rowid, snippet(found, 3, ?, ?, ?, ?) FROM found WHERE found MATCH ?",
            [_BEGINS, _ENDS, _CUT, SNIPPET_WORDS, match],
        )
        snippets = dict(cursor.fetchall())
    return [_as_written(row[3], snippets.get(number, ""), marks) for number, row in enumerate(contents)]


def _as_written(text: str, snippet: str, marks: tuple[str, str]) -> str:
    """The part of a text that a snippet was cut from, on one line and with the marks."""
    parts = _SIGNS.split(snippet.replace(_SEPARATOR, ""))
    plain = "".join(parts[::2])
    # Where it stands more than once, one place is as good as the other: they differ in spelling alone.
    start = spelling.unified(text).find(plain)
    places = spelling.original_positions(text, list(accumulate(map(len, parts[::2]), initial=start)))
    shown = dict(zip((_BEGINS, _ENDS, _CUT, ""), (*marks, "…", ""), strict=True))
    pieces = zip(places, places[1:], [*parts[1::2], ""], strict=False)
    return " ".join("".join(text[begin:end] + shown[sign] for begin, end, sign in pieces).split())


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
