"""Text made comparable: cleaned of what deceives, folded to what matters, hashed."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache

PARAGRAPH_BREAK = "\n\n"

# C0 and C1 controls without tab and newline, lone surrogates, and the bidirectional overrides and isolates that let a
# text read otherwise than it is stored (Unicode TR 36, "Trojan Source"). Marks that Hebrew and Arabic need in
# ordinary writing (LRM, RLM, ALM) stay; so does ZWNJ, which Persian spells with. Soft hyphens, zero width spaces and
# word joiners only tell a browser where to break a line, and hide a word from all that look for it.
_DECEIVING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b\u2060\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
)
# Neither Latin nor a letter, more than 30 times: a class that is quick to try and has all combining marks in it.
_MARKS = re.compile(r"[^\x00-\u02ff\w][^\x00-\u02ff\w]{30,}")
_MAX_MARKS = 30
"""Combining marks on a letter (UAX 15, Stream-Safe Text); no language needs half of it, and the time of normalization
grows with the square of it."""
_SPACES = re.compile(r"[^\S\n]+")
_BREAKS = re.compile(r"\s*\n\s*\n\s*")

# Scripts written without spaces between words; each of their characters is a word of its own to the full text index
# (Han, Kana and their marks, Thai, Lao, Myanmar, Khmer), and so is each Hangul syllable, because Korean hangs its
# particles on the noun.
_KANA = "\u3041-\u3096\u30a1-\u30fa\u30fc-\u30fe"
_HAN = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_UNSPACED = (
    "\u0e01-\u0e30\u0e32-\u0e33\u0e40-\u0e46\u0e81-\u0eb0\u0eb2-\u0eb3\u0ebd-\u0ec6\u1000-\u102a\u1780-\u17b3"
    f"\uac00-\ud7af{_KANA}{_HAN}"
)
_UNSPACED_MARKS = (
    "\u0300-\u036f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u102b-\u103e\u17b4-\u17d3"
    "\u3099\u309a"
)
_ANY_UNSPACED = re.compile(f"[{_UNSPACED}]")
_HAN_OR_KANA = re.compile(f"[{_HAN}{_KANA}]")
_WORD_AFTER_UNSPACED = re.compile(f"(?<=[{_UNSPACED}{_UNSPACED_MARKS}])(?=[^\\W_])")

FULL_STOPS = (
    "."  # Latin, Greek, Cyrillic, Hebrew, Tamil and most others
    "\u3002\uff0e\uff61"  # Chinese and Japanese
    "\u0964\u0965\u0df4\u1c7e\u1c7f\uabeb"  # Devanagari and most scripts of India, Sinhala, Santali, Manipuri
    "\u06d4\u0700\u0701\u0702\u07f9"  # Urdu, Syriac, N'Ko
    "\u0589\u1362\u1368\u166e\ua60e"  # Armenian, Ethiopic, Canadian Aboriginal, Vai
    "\u104a\u104b\u17d4\u17d5\u17da\u1aa8\u1aa9\ua9c9\u1b5e\u1b5f"  # Burmese, Khmer, Tai Tham, Javanese, Balinese
    "\u0f0d\u0f0e\u0f0f\u0f10\u0f11\u0f12\u1803\u1809\ua4ff"  # Tibetan, Mongolian, Lisu
)
"""What ends a statement, in the scripts that newspapers are written in (Unicode, Sentence_Terminal).

Thai and Lao have none: their sentences end with a space, and nothing tells a sentence from a label but its length.
"""
_STOPS = frozenset(FULL_STOPS + "!?\uff01\uff1f\u061f\u055c\u055e\u1367\u1944\u1945\u203c\u203d\u2047\u2048\u2049")
_CLOSING = frozenset("\"')]\u201d\u201c\u2019\u2018\u00bb\u00ab\u203a\u2039\uff02\u300d\u300f\uff63\uff09\u201e\u201f")
"""Quotation marks, of which some languages close with what others open with, and brackets."""
_CLOSERS = "".join(_CLOSING)
_GOING_ON = frozenset(":;,\u2026\u22ef\uff1a\uff1b\uff0c\u3001\u060c\u061b\u1361\u1363\u1364\u1365\u1366\u055d\u17d6")
"""What stands between the parts of a sentence, and before what it announces."""
_SPEECH_ENDS = _STOPS | _CLOSING | _GOING_ON
_WITHOUT_STOPS = re.compile("[\u0e01-\u0e4e\u0e81-\u0ece]$")

# Whatever is between two words but one space, which may stay: a third less time, as most are that.
_BETWEEN_WORDS = re.compile(r"[\W_](?:[\W_]+|(?<! ))")
# The blocks in which all combining marks are; of the alphabets of Europe only their combining marks.
_PERHAPS_MARKED = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0590-\u1dff\u20d0-\u20ff\u2cef-\u2cf1\u2d7f\u2de0-\u2dff\u302a-\u302f\u3099\u309a"
    "\ua66f-\uabff\ufb1e\ufe00-\ufe2f\U00010000-\U0010ffff]"
)


def clean(text: str) -> str:
    """The text in NFC, without control characters, lone surrogates and bidirectional overrides; newlines kept.

    Invisible hints where a line may break are off too, and so are combining marks beyond `_MAX_MARKS` on one letter.
    Raises: nothing.
    """
    if text.isascii() and text.isprintable():
        # Two of three strings of a page, in a third of the time.
        return text
    said = _DECEIVING.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if said.isascii():
        return said
    short = _MARKS.sub(_shortened, said)
    normal = unicodedata.normalize("NFC", short)
    # A second time, because some marks become two in NFC.
    return normal if normal == short else _MARKS.sub(_shortened, normal)


def _shortened(run: re.Match[str]) -> str:
    """The run without the combining marks beyond `_MAX_MARKS` in a row."""
    kept, marks = [], 0
    for char in run[0]:
        marks = marks + 1 if unicodedata.combining(char) else 0
        if marks <= _MAX_MARKS:
            kept.append(char)
    return "".join(kept)


def line(text: str | None) -> str | None:
    """The text on one line, cleaned and with white space folded; None where nothing is left.

    Raises: nothing.
    """
    return " ".join(clean(text).split()) or None if text else None


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a body text; an empty list for an empty text."""
    return text.split(PARAGRAPH_BREAK) if text else []


def joined(parts: Iterable[str]) -> str:
    """A body text of paragraphs; white space inside each is folded, and line breaks are kept single."""
    folded = (_folded(clean(part)) for part in parts)
    return PARAGRAPH_BREAK.join(part for part in folded if part)


def _folded(said: str) -> str:
    """A text with its white space folded, line breaks kept."""
    if "\n" not in said:
        return " ".join(said.split())
    return _BREAKS.sub("\n", _SPACES.sub(" ", said)).strip()


def comparable(text: str) -> str:
    """Letters, their marks and digits, case folded, compatibility forms unified: equal for texts that read the same."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _BETWEEN_WORDS.sub(_gap if _PERHAPS_MARKED.search(folded) else " ", folded).strip()


def _gap(between: re.Match[str]) -> str:
    """One space; but marks, no letters to `re`, stay: a vowel sign of Hindi or Tamil is part of its word."""
    run = between[0]
    if run.isascii():
        return " "
    marked = "".join(char if unicodedata.category(char)[0] == "M" else " " for char in run)
    return re.sub(" +", " ", marked)


def ends_with_a_mark(said: str) -> bool:
    """Whether a text ends as running text does and labels do not: with a stop, a comma, a quotation or bracket closed.

    Raises: nothing.
    """
    return said[-1:] in _SPEECH_ENDS


def ends_a_sentence(said: str) -> bool:
    """Whether a sentence may end so: with a mark or, in Thai and Lao, with any letter. Raises: nothing."""
    return ends_with_a_mark(said) or _WITHOUT_STOPS.search(said) is not None


def ends_with_a_stop(said: str) -> bool:
    """Whether a text ends with one full stop, an exclamation or a question mark, also inside of quotes and brackets.

    Raises: nothing.
    """
    statement = said.rstrip(_CLOSERS)
    return statement[-1:] in _STOPS and not statement.endswith("..")


def content_hash(text: str) -> str:
    """SHA-256 (hex) of the comparable text: equal for copies that differ in quotes, dashes, case or spacing alone."""
    return digest(comparable(text))


def digest(comparable: str) -> str:
    """The `content_hash` of a text of which the comparable form is known."""
    return hashlib.sha256(comparable.encode("utf-8", "replace")).hexdigest()


def words(text: str) -> list[str]:
    """The words of a text, case folded; in scripts without spaces every character is one."""
    return words_in(comparable(text))


def words_in(comparable: str) -> list[str]:
    """The `words` of a text of which the comparable form is known."""
    return segmented(comparable).split()


def word_count(text: str) -> int:
    """How many words the text has; a character counts as one in scripts without spaces."""
    return len(words(text))


def has_unspaced(said: str) -> bool:
    """Whether a text has characters of scripts without spaces, each of which is one of its `words`. Raises: nothing."""
    return _ANY_UNSPACED.search(said) is not None


def has_han_or_kana(said: str) -> bool:
    """Whether a text has characters that Chinese or Japanese are written in. Raises: nothing."""
    return _HAN_OR_KANA.search(said) is not None


def segmented(text: str, mark: str = " ") -> str:
    """The text with a `mark` before each character of a script without spaces, and before a word that follows it.

    This is what the full text index is fed with: FTS5's own tokenizer takes a Chinese sentence for one word, and its
    trigram tokenizer cannot find the many words of two characters.
    """
    if not _ANY_UNSPACED.search(text):
        return text
    # A tenth of the time that a regular expression takes with every character of a Chinese text.
    return _WORD_AFTER_UNSPACED.sub(mark, text.translate(_parting(mark)))


class _Parting(dict[int, str]):
    """For `str.translate`: unspaced characters with the mark before them, all others as they are."""

    def __init__(self, mark: str) -> None:
        super().__init__()
        self.mark = mark

    def __missing__(self, code: int) -> str:
        char = chr(code)
        self[code] = parted = self.mark + char if _ANY_UNSPACED.match(char) else char
        return parted


@cache
def _parting(mark: str) -> _Parting:
    return _Parting(mark)


def shingles(tokens: Sequence[str], size: int = 4) -> frozenset[tuple[str, ...]]:
    """The set of runs of `size` words (all words as one run where there are fewer; empty for no words)."""
    if not tokens:
        return frozenset()
    return frozenset(tuple(tokens[i : i + size]) for i in range(max(1, len(tokens) - size + 1)))
