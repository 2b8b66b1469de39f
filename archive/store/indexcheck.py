"""Whether the full text index has what the articles say.

FTS5's own check compares an index with the text as it stands, while ours has its words in their one spelling. So the
articles are indexed once more, in a scratch file, and the words of both are compared.
"""

import re
import sqlite3
from collections.abc import Iterator
from itertools import islice
from typing import Self

from sqlite_utils import Database

from archive import spelling
from archive.models import ArticleId
from archive.store.connection import reads, streams
from archive.store.indexing import TOKENIZER

NAMED = 1_000
"""Words whose articles are looked up at most; where more differ, the whole index is to be made anew."""

SAMPLE = 24

_WORD = re.compile(r"\w+")
_COLUMNS = ("title", "subtitle", "authors", "text")
Texts = tuple[str | None, ...]


@reads
def missing_and_extra(db: Database) -> tuple[list[ArticleId], list[ArticleId]]:
    """Articles that the index lacks, and those it has that are gone."""
    sql = "SELECT id FROM {} EXCEPT SELECT id FROM {} ORDER BY id"
    tables = ("articles", "articles_fts_docsize")
    missing = [ArticleId(row_id) for (row_id,) in db.conn.execute(sql.format(*tables))]
    extra = [ArticleId(row_id) for (row_id,) in db.conn.execute(sql.format(*reversed(tables)))]
    return missing, extra


@streams
def texts(db: Database) -> Iterator[tuple[ArticleId, Texts]]:
    """What each article's newest revision has for the index."""
    for article_id, *columns in db.conn.execute("SELECT rowid, title, subtitle, authors, text FROM articles_text"):
        yield ArticleId(article_id), tuple(columns)


@reads
def texts_of(db: Database, article_id: ArticleId) -> Texts:
    """What an article's newest revision has for the index."""
    sql = "SELECT title, subtitle, authors, text FROM articles_text WHERE rowid = ?"
    return tuple(db.conn.execute(sql, [article_id]).fetchone() or ())


class Again:
    """The articles indexed once more, in a scratch file that is gone when it is closed."""

    def __init__(self) -> None:
        self._file = sqlite3.connect("", isolation_level=None)
        self._file.executescript(
            f"""
            PRAGMA journal_mode = OFF;
            CREATE VIRTUAL TABLE again USING fts5 (
                {", ".join(_COLUMNS)}, content = '', detail = column, tokenize = "{TOKENIZER}"
            );
            CREATE VIRTUAL TABLE words USING fts5vocab (again, col);
            BEGIN;
            """
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self._file.close()

    def add(self, article_id: ArticleId, columns: Texts) -> None:
        """Indexes an article."""
        values = [text and spelling.indexed(text).encode("utf-8", "replace").decode() for text in columns]
        sql = "INSERT INTO again (rowid, title, subtitle, authors, text) VALUES (?, ?, ?, ?, ?)"
        self._file.execute(sql, [article_id, *values])

    def size(self, article_id: ArticleId) -> tuple[bytes] | None:
        """How many words an article has in each column, as FTS5 notes it."""
        found: tuple[bytes] | None = self._file.execute(
            "SELECT sz FROM again_docsize WHERE id = ?", [article_id]
        ).fetchone()
        return found

    def with_word(self, match: str) -> set[ArticleId]:
        """The articles that an FTS5 expression matches."""
        return {row_id for (row_id,) in self._file.execute("SELECT rowid FROM again WHERE again MATCH ?", [match])}

    def words(self) -> Iterator[tuple[str, str, int]]:
        """Every word with its column and in how many articles it stands there."""
        yield from self._file.execute(_WORDS)


_WORDS = "SELECT term, col, doc FROM words ORDER BY term, col"


@streams
def differing(db: Database, again: Again) -> Iterator[ArticleId]:
    """The articles of which the archive's index has other words than they say; each once, of `NAMED` words."""
    db.conn.execute("CREATE VIRTUAL TABLE IF NOT EXISTS temp.words USING fts5vocab (main, articles_fts, col)")
    named: set[ArticleId] = set()
    for word in islice(_differing_words(db.conn.execute(_WORDS), again.words()), NAMED):
        match = '"' + word.replace('"', '""') + '"'
        rows = db.conn.execute("SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?", [match])
        for article_id in sorted(({row_id for (row_id,) in rows} ^ again.with_word(match)) - named):
            named.add(article_id)
            yield article_id


def _differing_words(ours: Iterator[tuple[str, str, int]], theirs: Iterator[tuple[str, str, int]]) -> Iterator[str]:
    """Words that two indexes have in different numbers of articles; both are in the order of word and column."""
    mine, other = next(ours, None), next(theirs, None)
    while mine or other:
        first = min(row[:2] for row in (mine, other) if row)
        if mine != other:
            yield first[0]
        mine = next(ours, None) if mine and mine[:2] == first else mine
        other = next(theirs, None) if other and other[:2] == first else other


@reads
def seems_right(db: Database, again: Again, article_id: ArticleId, columns: Texts) -> bool:
    """Whether the index has an article with as many words as it has, its longest `SAMPLE` among them.

    To look for all of them takes a tenth of a millisecond each. The article must be in `again`.
    """
    sizes = db.conn.execute("SELECT sz FROM articles_fts_docsize WHERE id = ?", [article_id]).fetchone()
    words = {word for text in columns if text for word in _WORD.findall(spelling.indexed(text))}
    longest = sorted(words, key=lambda word: (-len(word), word))[:SAMPLE]
    match = " AND ".join(f'"{word}"' for word in longest)
    sql = "SELECT 1 FROM articles_fts WHERE articles_fts MATCH ? AND rowid = ?"
    has_words = not match or db.conn.execute(sql, [match, article_id]).fetchone()
    return bool(has_words) and sizes == again.size(article_id)
