"""What a person types into a search box, made into an expression of FTS5; and the search itself."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from archive import spelling, text
from archive.errors import SourceError
from archive.store import Database, fulltext, sources
from archive.store.filters import Filters
from archive.store.fulltext import Hit

__all__ = ["Filters", "Hit", "filters_for", "search", "to_fts5"]

MAX_TERMS = 64
"""More words than these do not make a search better, but an expression that FTS5 refuses."""
MAX_DEPTH = 8
"""Brackets inside brackets; deeper ones are passed over."""

_COLUMNS = {"title": "title", "subtitle": "subtitle", "author": "authors", "authors": "authors", "text": "text"}
_TOKEN = re.compile(
    r"(?P<minus>-)?(?:(?P<bracket>[()])|(?:(?P<column>\w+):(?=[^\s()]))?"
    r'(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s()"*]+))(?P<star>\*)?)'
)
_OPERATORS = ("AND", "OR", "NOT")
# Hebrew abbreviations have a gershayim before their last letter, and keyboards a quotation mark in its place.
_GERSHAYIM = re.compile('(?<=[\u05d0-\u05ea])"(?=[\u05d0-\u05ea])')
_QUOTATION_MARKS = str.maketrans(dict.fromkeys("“”„«»「」『』\uff02", '"'))


def search(
    db: Database,
    query: str,
    *,
    source: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    language: str | None = None,
    limit: int = 20,
    marks: tuple[str, str] = ("", ""),
) -> list[Hit]:
    """The articles that a query finds, the best first; none for a query without a word to look for.

    `source` is a name or an address; `since` and `until` (exclusive) are about publication; `marks` are put around
    what matched in a snippet.

    Raises: SourceError for a source that is not there; StoreError.
    """
    filters = filters_for(db, source=source, since=since, until=until, language=language)
    expression = to_fts5(query)
    return fulltext.search(db, expression, filters, limit=limit, marks=marks) if expression else []


def filters_for(
    db: Database,
    *,
    source: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    language: str | None = None,
) -> Filters:
    """The filters that a reader means; `source` is a name or an address.

    Raises: SourceError for a source that is not there; StoreError.
    """
    found = sources.find(db, source) if source else None
    if source and found is None:
        raise SourceError(f"There is no source {source!r}: `newsarchive sources list` shows which there are.")
    return Filters(source=found.name if found else None, since=since, until=until, language=language)


def to_fts5(query: str) -> str:
    """The query as an FTS5 expression; empty where it has nothing to look for.

    All words must occur; `"…"` is a phrase, `wor*` a beginning, `a OR b` either, `NOT a` or `-a` neither, brackets
    group, and `title:`, `subtitle:`, `author:` and `text:` look in one place. What makes no sense as an operator is
    a word, or is passed over: a query cannot be wrong. Words of unspaced scripts are looked for as phrases.

    Raises: nothing.
    """
    tokens = _tokens(query)
    expression, rest = "", 0
    while rest < len(tokens):
        # A closing bracket too many ends a group early: what comes after it has to occur as well.
        more, rest = _either(tokens, rest)
        expression = _all([expression, more])
        rest += 1
    return expression


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    """`term`, `AND`, `OR`, `NOT`, `(` or `)`."""
    value: str = ""


def _tokens(query: str) -> list[_Token]:
    tokens: list[_Token] = []
    typed = _GERSHAYIM.sub("\u05f4", text.clean(query).translate(_QUOTATION_MARKS))
    for match in _TOKEN.finditer(typed):
        if match["minus"]:
            tokens.append(_Token("NOT"))
        if match["bracket"]:
            tokens.append(_Token(match["bracket"]))
        elif match["word"] in _OPERATORS and not match["column"]:
            tokens.append(_Token(match["word"]))
        elif term := _term(match):
            tokens.append(_Token("term", term))
        elif match["minus"]:
            tokens.pop()
    return list(_bounded(tokens))


def _bounded(tokens: Iterable[_Token]) -> Iterator[_Token]:
    """The tokens without brackets that are nested too deep, and without terms that are too many."""
    depth = terms = 0
    for token in tokens:
        deep = depth - (token.kind == ")") >= MAX_DEPTH
        depth = max(0, depth + {"(": 1, ")": -1}.get(token.kind, 0))
        terms += token.kind == "term"
        if terms > MAX_TERMS:
            return
        if not (deep and token.kind in "()"):
            yield token


def _term(match: re.Match[str]) -> str:
    """A word or phrase in FTS5's notation; empty for one without letters or digits, which FTS5 could not find."""
    column = _COLUMNS.get((match["column"] or "").lower())
    words = match["word"] if match["phrase"] is None else match["phrase"]
    if match["column"] and not column:
        words = f"{match['column']} {words}"
    indexed = spelling.indexed(words)
    if not text.comparable(indexed):
        return ""
    phrase = '"{}"'.format(" ".join(indexed.split()))
    prefix = " *" if match["star"] else ""
    return f"{column} : {phrase}{prefix}" if column else f"{phrase}{prefix}"


def _either(tokens: Sequence[_Token], at: int) -> tuple[str, int]:
    """The expression from `at` up to the closing bracket or the end, and where that is."""
    alternatives: list[str] = []
    wanted: list[str] = []
    unwanted: list[str] = []
    negated = False
    while at < len(tokens) and tokens[at].kind != ")":
        kind = tokens[at].kind
        if kind == "NOT":
            negated = True
        elif kind == "OR":
            alternatives.append(_without(_all(wanted), unwanted))
            wanted, unwanted, negated = [], [], False
        elif kind in ("term", "("):
            part = tokens[at].value
            if kind == "(":
                part, at = _either(tokens, at + 1)
            (unwanted if negated else wanted).append(part)
            negated = False
        at += 1
    alternatives.append(_without(_all(wanted), unwanted))
    return _joined(alternatives, " OR "), at


def _all(parts: Sequence[str]) -> str:
    return _joined(parts, " AND ")


def _without(wanted: str, unwanted: Sequence[str]) -> str:
    """FTS5's NOT takes two sides: with nothing wanted there is nothing to take away from."""
    taken_off = _joined(unwanted, " OR ")
    return f"({wanted} NOT {taken_off})" if wanted and taken_off else wanted


def _joined(parts: Sequence[str], operator: str) -> str:
    kept = [part for part in parts if part]
    return f"({operator.join(kept)})" if len(kept) > 1 else "".join(kept)
