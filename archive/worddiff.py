"""How two texts differ, word by word: for a person to look over. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

from archive import text

WORDS_MAX = 2_000
"""Words of a text that are compared: the time grows with the square, to a third of a second at worst for so many."""

CONTEXT = 6
"""Words that are shown before and after a difference."""

_SEPARATOR = "\x1f"
_TOKEN = re.compile(r"\S+[^\S\n]*|\s+")
"""A word with the space after it: were that a token of its own, it would be found everywhere in the other text. The end
of a paragraph is one."""

_LIKENESS = 0.3
"""The share of words that two runs of paragraphs must have in common, for their differences to be worth telling apart:
below it what they share are the words that all texts have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A run of words: in both texts the same, or taken out of the one, put into the other."""

    removed: str = ""
    added: str = ""
    kept: str = ""

    @property
    def is_space(self) -> bool:
        """Whether no more than the spaces between two words differ."""
        return not (self.kept or (self.removed + self.added).strip(" "))


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


def whole(old: str, new: str) -> list[Piece]:
    """All of both texts: what is kept and removed is the old one, what is kept and added the new one.

    Paragraphs are compared first, then the words of those that differ; runs of them that have little in common, or more
    than `WORDS_MAX` words, are told apart as wholes. Raises: nothing.
    """
    before, after = text.paragraphs(old), text.paragraphs(new)
    found: list[Piece] = []
    for tag, start, end, start_new, end_new in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        run, run_new = before[start:end], after[start_new:end_new]
        breaks, breaks_new = end < len(before), end_new < len(after)
        if tag == "equal":
            found.append(Piece(kept=text.PARAGRAPH_BREAK.join(run)))
            found.extend(_compared(text.PARAGRAPH_BREAK * breaks, text.PARAGRAPH_BREAK * breaks_new))
        else:
            found.extend(_compared(_lines(run, breaks=breaks), _lines(run_new, breaks=breaks_new)))
    return list(_merged(found))


def _lines(run: list[str], *, breaks: bool) -> str:
    return text.PARAGRAPH_BREAK.join([*run, ""] if breaks and run else run)


def _compared(old: str, new: str) -> list[Piece]:
    before, after = _tokens(old), _tokens(new)
    if old == new:
        return [Piece(kept=old)]
    if max(len(before), len(after)) > WORDS_MAX:
        return [Piece(removed=old, added=new)]
    # by the words themselves: the same word may end a paragraph, or have a space after it
    matcher = SequenceMatcher(None, list(map(_bare, before)), list(map(_bare, after)), autojunk=False)
    if matcher.ratio() < _LIKENESS:
        return [Piece(removed=old, added=new)]
    return [
        piece
        for tag, start, end, start_new, end_new in matcher.get_opcodes()
        for piece in _told_apart(before[start:end], after[start_new:end_new], is_same=tag == "equal")
    ]


def _bare(token: str) -> str:
    return token.rstrip(" ") or token


def _told_apart(run: list[str], run_new: list[str], *, is_same: bool) -> Iterator[Piece]:
    if not is_same:
        yield Piece(removed="".join(run), added="".join(run_new))
        return
    for old, new in zip(run, run_new, strict=True):
        word = old if old == new else _bare(old)
        yield Piece(kept=word)
        yield Piece(removed=old[len(word) :], added=new[len(word) :])


def _merged(found: Iterable[Piece]) -> Iterator[Piece]:
    """The pieces without empty ones, neighbours of a kind in one."""
    for is_kept, run in groupby(found, key=lambda piece: not (piece.removed or piece.added)):
        pieces_of = list(run)
        piece = Piece(
            kept="".join(piece.kept for piece in pieces_of),
            removed="".join(piece.removed for piece in pieces_of),
            added="".join(piece.added for piece in pieces_of),
        )
        if piece != Piece() or not is_kept:
            yield piece


def passages(found: Sequence[Piece]) -> list[list[Piece]]:
    """The places where texts differ, of `whole`: each with a few words around it; an ellipsis stands for the others."""
    places: list[list[Piece]] = [[]]
    for number, piece in enumerate(found):
        words = _tokens(piece.kept)
        sides = (number > 0) + (number < len(found) - 1)
        if len(words) <= sides * CONTEXT or piece.removed or piece.added:
            places[-1].append(piece)
            continue
        if number > 0:
            places[-1].append(Piece(kept="".join(words[:CONTEXT]).rstrip() + " …"))
        places.append([Piece(kept="… " + "".join(words[-CONTEXT:]))] if number < len(found) - 1 else [])
    return [place for place in places if not all(piece.kept or piece.is_space for piece in place)]


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
        if piece.is_space:
            yield piece.added
            continue
        if piece.removed:
            yield removed.format(_shown(piece.removed))
        if piece.added:
            yield added.format(_shown(piece.added))


def _shown(run: str) -> str:
    """A run on one line, safe for a terminal: the end of a paragraph is a pilcrow."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f]+", " ", run.replace(text.PARAGRAPH_BREAK, " ¶ "))


def _tokens(side: str) -> list[str]:
    """The words, each with the space after it; and what stands before and after them, quotation marks and stops."""
    parts = text.segmented(side, _SEPARATOR).split(_SEPARATOR)
    return [token for part in parts for run in _TOKEN.findall(part) for token in _peeled(run) if token]


def _peeled(run: str) -> tuple[str, str, str]:
    """What stands before a word, the word, and what stands after it: not a vowel sign, which belongs to it."""
    bare = run.rstrip()
    begins = next((n for n, char in enumerate(bare) if not _is_sign(char)), len(bare))
    ends = next((n for n in range(len(bare), begins, -1) if not _is_sign(bare[n - 1])), begins)
    return (bare[:begins], run[begins:], "") if ends == len(bare) else (bare[:begins], bare[begins:ends], run[ends:])


def _is_sign(char: str) -> bool:
    return unicodedata.category(char)[0] in "PS"


def _context(run: list[str], *, is_first: bool, is_last: bool) -> str:
    """The beginning and the end of a run that both texts have, as far as it is beside a difference."""
    begins = [] if is_first else run[:CONTEXT]
    ends = [] if is_last else run[-CONTEXT:]
    if len(run) <= len(begins) + len(ends):
        return "".join(run)
    return " ".join(filter(None, ("".join(begins).rstrip(), "…", "".join(ends))))
