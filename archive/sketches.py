"""When two texts tell the same story: small sketches of texts, and how alike those say that the texts are. Pure.

A sketch is the least hashes of a text's shingles (MinHash in its first form, the bottom-k sketch of Broder 1997). Of
the hashes of two texts together, the least `SIZE` are in both sketches as often as all shingles are in both texts; that
share is Jaccard's measure.
"""

import re
import struct
from collections.abc import Iterable, Sequence
from functools import lru_cache

from isal.isal_zlib import crc32

from archive import text
from archive.models import Sketch

WORDS_MIN = 50
"""Texts of fewer words have no sketch: a flash, a caption or a notice is written alike by people who never met."""

RUN = 4
"""Words of a shingle. In 19,110 pairs of articles those about different things have one in ten thousand in common; with
two words to a shingle it was one in a hundred, and hundreds of times as many pairs would have to be compared."""

RUN_OF_HAN = 6
"""Characters of a shingle that begins with a Chinese character or kana: some four words."""

RUN_OF_SYLLABLES = 9
"""The same for Hangul, Thai, Lao, Khmer and Burmese, whose characters say less each: of runs of six, Korean articles
about different things have one in a thousand in common."""

SIZE = 256
"""Hashes of a sketch: a likeness of 0.2 is known within 0.025 (one standard deviation); that of short texts exactly."""

MARKS = 20
"""The least hashes, by which texts are found. Two with a fifth of their words replaced share seven or eight of them."""

MARKS_SHARED = 2
"""How many marks texts must share to be compared: of the copies with a fifth replaced two in a thousand have fewer,
of texts with a phrase in common nearly all."""

SAME_STORY = 0.12
"""The least likeness of two versions of one story: a fifth of the longer text, word for word.

Measured on 212 real texts in 17 languages: copies with a fifth of the words replaced have 0.2 to 0.3, those that lost
a third 0.4 or more. Different stories have at most 0.006, two reports of one event up to 0.065."""

FIGURES_EXPECTED = 8
"""Shingles with figures that two texts should share by their likeness, for it to mean something when they do not."""

FIGURES_SHARED = 0.25
"""Of those the least share in one story. Below it are two reports in one form: weather, lottery, closing prices."""

_BYTES = 4
_FIGURE = re.compile(r"\d")


def sketch(words: Sequence[str]) -> Sketch | None:
    """The sketch of a text of these words (`archive.text.words`); None where they are too few to tell anything.

    0.3 ms for a text of 700 words. Raises: nothing.
    """
    if len(words) < WORDS_MIN:
        return None
    runs = _runs(words)
    known = dict(zip(map(crc32, runs), runs, strict=True))
    least = sorted(known)[:SIZE]
    said = b"\n".join(map(known.__getitem__, least)).decode().split("\n")
    values = sorted({value & ~1 | (_FIGURE.search(run) is not None) for value, run in zip(least, said, strict=False)})
    return Sketch(shingles=len(known), least=struct.pack(f">{len(values)}I", *values))


def marks(sketched: Sketch) -> list[bytes]:
    """The hashes by which a text is found. Raises: nothing."""
    most = sketched.least[: MARKS * _BYTES]
    return [most[at : at + _BYTES] for at in range(0, len(most), _BYTES)]


def likeness(one: Sketch, other: Sketch) -> float:
    """The share of all shingles of two texts that is in both, 0 to 1; 0 as well for two reports in the same form.

    Those share their words and hardly any of their figures. Raises: nothing.
    """
    first, second = _values(one), _values(other)
    least = set(sorted(first | second)[:SIZE])
    mine, others = first & least, second & least
    shared = mine & others
    of_fewer = min(len(mine), len(others))
    with_figures = min(_with_figures(mine), _with_figures(others))
    expected = with_figures * len(shared) / of_fewer if of_fewer else 0
    if expected >= FIGURES_EXPECTED and _with_figures(shared) < FIGURES_SHARED * expected:
        return 0.0
    return len(shared) / len(least) if least else 0.0


def rewritten(copy: Sketch, original: Sketch) -> float:
    """About which share of a copy's words is not in the original, 0 to 1; 0 for one that was only shortened.

    A shingle of four words is in the original if all of them are: its share is the fourth power of theirs, where the
    words that were replaced stand anywhere. Raises: nothing.
    """
    alike = likeness(copy, original)
    shared = alike * (copy.shingles + original.shingles) / (1 + alike)
    return 1.0 - float(min(1.0, shared / copy.shingles) ** (1 / RUN))


def _runs(words: Sequence[str]) -> list[bytes]:
    """The shingles: from each word on so many as its script asks for."""
    said = " ".join(words)
    encoded = said.encode("utf-8", "replace").split(b" ")
    if not text.has_unspaced(said):
        return list(map(b" ".join, zip(*(encoded[at:] for at in range(RUN)), strict=False)))
    ends = (at + _run_from(word[:1]) for at, word in enumerate(said.split(" ")))
    return [b" ".join(encoded[at:end]) for at, end in enumerate(ends) if end <= len(encoded)]


@lru_cache(maxsize=4_096)
def _run_from(char: str) -> int:
    """How many words make a shingle that begins with this character."""
    if not text.has_unspaced(char):
        return RUN
    return RUN_OF_HAN if text.has_han_or_kana(char) else RUN_OF_SYLLABLES


def _with_figures(values: Iterable[int]) -> int:
    """How many of these hashes are of shingles with figures: the odd ones."""
    return sum(value & 1 for value in values)


def _values(sketched: Sketch) -> set[int]:
    return set(struct.unpack(f">{len(sketched.least) // _BYTES}I", sketched.least))
