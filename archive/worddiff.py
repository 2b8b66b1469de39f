"""How two texts differ, word by word: for a person to look over. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from archive import text

WORDS_MAX = 2_000
"""Words of a text that are compared: the time grows with the square, to a third of a second at worst for so many."""

CONTEXT = 6
"""Words that are shown before and after a difference."""

_SEPARATOR = "\x1f"
_TOKEN = re.compile(r"(?:\w+|[^\w\s]+)\s*|\s+")
"""A word with the space after it: were that a token of its own, it would be found everywhere in the other text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A run of words: in both texts the same, or taken out of the one, put into the other."""

    removed: str = ""
    added: str = ""
    kept: str = ""


def pieces(old: str, new: str) -> list[Piece]:
    """The differing runs, each with a few words around it; an ellipsis stands for what is left out.

    A character counts as a word in scripts without spaces. Between the first and the last difference at most
    `WORDS_MAX` words are looked at. Raises: nothing.
    """
    before, after = _tokens(old), _tokens(new)
    first = _shared(before, after)
    last = _shared(before[first:][::-1], after[first:][::-1])
    gone, come = before[first : len(before) - last], after[first : len(after) - last]
    is_cut = max(len(gone), len(come)) > WORDS_MAX
    # without autojunk: it would take the frequent words of a long text for noise
    matcher = SequenceMatcher(None, gone[:WORDS_MAX], come[:WORDS_MAX], autojunk=False)
    found = [
        _piece(gone[start:end], come[start_new:end_new], is_same=tag == "equal")
        for tag, start, end, start_new, end_new in matcher.get_opcodes()
    ]
    if is_cut and not found[-1].kept:
        found.pop()  # the sides were cut off at different places
    head = _context(before[:first], is_first=True, is_last=not found)
    tail = "…" if is_cut else _context(before[len(before) - last :], is_first=False, is_last=True)
    return [piece for piece in (Piece(kept=head), *found, Piece(kept=tail)) if piece != Piece()]


def _shared(one: list[str], other: list[str]) -> int:
    """How many words both begin with."""
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _piece(removed: list[str], added: list[str], *, is_same: bool) -> Piece:
    if is_same:
        return Piece(kept=_context(removed, is_first=False, is_last=False))
    return Piece(removed="".join(removed), added="".join(added))


def marked(found: list[Piece], *, colour: bool) -> str:
    """The pieces on one line as `[-old-]{+new+}` (the form of wdiff), or in red and green for a terminal."""
    return re.sub(" +", " ", "".join(_marks(found, colour=colour)))


def _marks(found: list[Piece], *, colour: bool) -> Iterator[str]:
    removed, added = ("\x1b[31m{}\x1b[0m", "\x1b[32m{}\x1b[0m") if colour else ("[-{}-]", "{{+{}+}}")
    for piece in found:
        yield _shown(piece.kept)
        if piece.removed:
            yield removed.format(_shown(piece.removed))
        if piece.added:
            yield added.format(_shown(piece.added))


def _shown(run: str) -> str:
    """A run on one line, safe for a terminal: the end of a paragraph is a pilcrow."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f]+", " ", run.replace(text.PARAGRAPH_BREAK, " ¶ "))


def _tokens(side: str) -> list[str]:
    parts = text.segmented(side, _SEPARATOR).split(_SEPARATOR)
    return [token for part in parts for token in _TOKEN.findall(part)]


def _context(run: list[str], *, is_first: bool, is_last: bool) -> str:
    """The beginning and the end of a run that both texts have, as far as it is beside a difference."""
    begins = [] if is_first else run[:CONTEXT]
    ends = [] if is_last else run[-CONTEXT:]
    if len(run) <= len(begins) + len(ends):
        return "".join(run)
    return " ".join(filter(None, ("".join(begins).rstrip(), "…", "".join(ends))))
