"""One spelling for what readers take for the same word; under it the full text index has every text and query."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from archive import text as texts

# What decomposition leaves alone: letters with a stroke, hook or tail; letters that several languages write each in
# their own way on Arabic keyboards (heh, yeh, kaf; teh marbuta and alef maqsura as they are pronounced); the Hindi
# nasal, a dot or a moon; signs that stand for an apostrophe, and those that nobody types.
_LETTERS = str.maketrans(
    {
        **dict(zip("đðøłħŧıɓɗƙƴ", "ddolhtibdky", strict=True)),
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        **dict(zip("ٱىیکةەہھ", "اييكهههه", strict=True)),
        "\u0901": "\u0902",
        **dict.fromkeys("\u02bb\u02bc", "'"),
        **dict.fromkeys("\u02be\u02bf\u0640\u093c\u200d", ""),
    }
)
# Hindi writes a nasal before a consonant of its own row as a letter or as a dot: हिन्दी, हिंदी.
_NASAL = r"ङ्(?=[क-घ])|ञ्(?=[च-झ])|ण्(?=[ट-ढ])|न्(?=[त-ध])|म्(?=[प-भ])"
_NASALS = re.compile(_NASAL)
_PIECES = re.compile(f"{_NASAL}|.", re.DOTALL)
_MARKED_AS_ACCENTED = "ёѐѝ"
"""The Cyrillic letters that readers take for those without the sign above; й, ї or ў are letters of their own."""
_FIRST_WITH_MARKS = "\u0700"
"""Below are Latin, Greek, Cyrillic, Hebrew and Arabic, whose marks are left out by most who write; in Indic scripts and
those of South East Asia they are vowels."""


def unified(text: str) -> str:
    """The text in its one spelling: case folded, without accents, points and harakat, compatibility forms unified.

    Digits of all scripts become ASCII's. ASCII itself is left alone: FTS5 does not mind its case. Lines stay lines.

    Raises: nothing.
    """
    return text if text.isascii() else _NASALS.sub("\u0902", text).translate(_SPELLINGS)


def indexed(text: str, mark: str = " ") -> str:
    """The words of a text as the full text index has them.

    They are in their one spelling, and parted by `mark` where no spaces are written. Raises: nothing.
    """
    return texts.segmented(unified(text), mark)


def original_positions(text: str, positions: Sequence[int]) -> list[int]:
    """Where in the text that stands which has these positions (rising, 0 to its length) in `unified(text)`.

    What has no part in the result belongs to the character before it. Raises: nothing.
    """
    if text.isascii() or not positions:
        return list(positions)
    whole, lines = unified(text), text.split("\n")
    # Only the lines concerned are gone through character by character: a snippet is a small part of an article.
    first, last = whole.count("\n", 0, positions[0]), whole.count("\n", 0, positions[-1])
    skipped_here = sum(len(line) + 1 for line in lines[:first])
    skipped_there = whole.rfind("\n", 0, positions[0]) + 1
    pieces = _PIECES.findall("\n".join(lines[first : last + 1]))
    here = list(accumulate(map(len, pieces), initial=skipped_here))
    there = list(accumulate((len(unified(p)) if len(p) == 1 else 1 for p in pieces), initial=skipped_there))
    return [here[bisect_right(there, position) - 1] for position in positions]


class _Spellings(dict[int, str]):
    """For `str.translate`: what becomes of a character, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        self[code] = found = _spelling(chr(code))
        return found


def _spelling(char: str) -> str:
    category = unicodedata.category(char)
    if category[0] not in "LMN":
        # ™ is no TM, and № no No: to FTS5 they are the end of a word.
        return char.translate(_LETTERS)
    if category == "Nd":
        return str(unicodedata.decimal(char))
    cased = char.casefold()
    if "\u0400" <= char <= "\u04ff" and category[0] == "L" and cased not in _MARKED_AS_ACCENTED:
        return cased
    parts = unicodedata.normalize("NFKD", char).casefold()
    if "\u2044" in parts:
        # 3½ would become 31/2.
        return char
    kept = "".join(part for part in parts if part >= _FIRST_WITH_MARKS or unicodedata.category(part) != "Mn")
    # Kana stay taken apart, because in their half-width forms the voiced mark is a character of its own.
    whole = kept if {"\u3099", "\u309a"} & set(kept) else unicodedata.normalize("NFC", kept)
    return whole.translate(_LETTERS)


_SPELLINGS = _Spellings()
