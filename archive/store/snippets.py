"""Snippets: the part of an article's text that matches a query best, as it was published."""

import re
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from itertools import accumulate

from archive import spelling
from archive.store import indexing

SNIPPET_WORDS = 32
"""How long a snippet is at most; in scripts without spaces a character counts as a word."""

# While a snippet is cut: what stands between the words of an unspaced script, and where a match and the snippet begin
# and end. FTS5 takes them for spaces, and `archive.text.clean` lets none into a text, so that they are told from it.
_SEPARATOR = "\x1f"
_BEGINS, _ENDS, _CUT = "\x02", "\x03", "\x04"
_SIGNS = re.compile(f"([{_BEGINS}{_ENDS}{_CUT}])")


def snippets(match: str, contents: Sequence[tuple[str, ...]], marks: tuple[str, str]) -> list[str]:
    """A snippet of the last column of each row of `contents`, cut by FTS5 itself in a small index of these rows alone.

    The columns are title, subtitle, authors and text; a row whose text does not match gives its beginning.

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
        cut = dict(cursor.fetchall())
    return [_as_written(row[3], cut.get(number, ""), marks) for number, row in enumerate(contents)]


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
