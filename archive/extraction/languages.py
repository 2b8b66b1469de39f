"""In which language an article is written: by declaration, checked against the script and the words of the text."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from itertools import chain

from justext import get_stoplist
from lxml.html import HtmlElement

from archive import text
from archive.extraction.readings import Reading, distinct
from archive.models import Method

_CODE = re.compile(r"\s*([A-Za-z]{2})(?:[-_][A-Za-z0-9]+)*\s*$")

_SCRIPTS = {
    "\u0370-\u03ff": ("el",),
    "\u0400-\u04ff": (
        "",
        "ru",
        "uk",
        "be",
        "bg",
        "mk",
        "sr",
        "kk",
        "ky",
        "mn",
        "tg",
        "tt",
        "ba",
        "uz",
        "az",
        "bs",
        "ce",
        "os",
    ),
    "\u0530-\u058f": ("hy",),
    "\u0590-\u05ff": ("", "he", "iw", "yi"),
    "\u0600-\u06ff": ("", "ar", "fa", "ur", "ps", "ug", "ku", "sd", "ckb", "az", "pa"),
    "\u0900-\u097f": ("", "hi", "mr", "ne", "sa"),
    "\u0980-\u09ff": ("", "bn", "as"),
    "\u0a00-\u0a7f": ("pa",),
    "\u0a80-\u0aff": ("gu",),
    "\u0b80-\u0bff": ("ta",),
    "\u0c00-\u0c7f": ("te",),
    "\u0c80-\u0cff": ("kn",),
    "\u0d00-\u0d7f": ("ml",),
    "\u0d80-\u0dff": ("si",),
    "\u0e00-\u0e7f": ("th",),
    "\u0e80-\u0eff": ("lo",),
    "\u1000-\u109f": ("my",),
    "\u10a0-\u10ff": ("ka",),
    "\u1200-\u137f": ("", "am", "ti"),
    "\u1780-\u17ff": ("km",),
    "\u3040-\u30ff": ("ja",),
    "\uac00-\ud7af": ("ko",),
    "\u4e00-\u9fff": ("zh", "ja"),
}
"""The languages written in each script that is not Latin; where only one is, or one first, it is the text's without
any declaration; an empty first says that the script alone decides nothing. Kana come before Han: Japanese has both."""
_IN_OTHER_SCRIPTS = frozenset(code for codes in _SCRIPTS.values() for code in codes)
_PATTERNS = [(re.compile(f"[{characters}]"), languages) for characters, languages in _SCRIPTS.items()]
_LATIN = re.compile("[\x00-\u036f]+")
"""What none of them is written in; few characters of most texts are anything else."""
_SHARE = {"ja": 0.1}
"""Share of a text's letters that a script must have: a third, but Japanese is mostly written in Han."""
_SAMPLE = 2_000
"""Characters of the text that are looked at."""


def tag(root: HtmlElement, found: Iterable[Reading[str]]) -> str:
    """The language that the page declares, with its region (RFC 5646, `en-GB`); empty where it declares none."""
    said = (root.get("lang") or root.get("xml:lang") or "", *(reading.value for reading in found))
    return next((value.strip().replace("_", "-") for value in said if _CODE.match(value)), "")


def readings(
    root: HtmlElement, found: Iterable[Reading[str]], body: str
) -> tuple[list[Reading[str]], Reading[str] | None]:
    """The declared languages as ISO 639-1 codes, the `html` element's first, the observed one, and which is believed.

    The first declared language that is written in the text's script and has its common words is believed; where none
    is, the observed one. None where nothing is declared that fits, and nothing seen that is sure.
    """
    declared = [Reading(root.get("lang") or root.get("xml:lang") or "", Method.HTML), *found]
    codes = distinct(Reading(m[1].lower(), r.method) for r in declared if (m := _CODE.match(r.value)))
    possible = _possible(body[:_SAMPLE])
    if possible is None:
        shares = _shares(body, lambda code: code not in _IN_OTHER_SCRIPTS)
        fitting = next((r for r in codes if r.value not in _ONLY_ELSEWHERE and _fits(r.value, shares)), None)
        seen = _observed(shares)
    else:
        shares = _shares(body, lambda code: code in possible)
        fitting = next((r for r in codes if r.value in possible and _fits(r.value, shares)), None)
        seen = _observed(shares) or possible[0] or None
    if seen is not None:
        observed = Reading(seen, Method.TEXT)
        codes.append(observed)
        fitting = fitting or observed
    return codes, fitting


def _shares(body: str, among: Callable[[str], bool]) -> Mapping[str, float]:
    """Which share of a text's words is common in each of some languages; empty for too short a text."""
    words = _first_words(body)
    if len(words) < _FEWEST_WORDS:
        return {}
    in_common = _common_words()
    met = Counter(chain.from_iterable(in_common.get(word, ()) for word in words))
    return {code: met[code] / len(words) for code in _STOPLISTS if among(code)}


def _first_words(body: str) -> list[str]:
    """The words at the beginning of a text; half of `_WORDS_FROM` has enough of them in most languages."""
    words = text.comparable(body[: _WORDS_FROM // 2]).split()
    if len(words) <= _MOST_WORDS:
        words = text.comparable(body[:_WORDS_FROM]).split()
    return words[:_MOST_WORDS]


def _fits(code: str, shares: Mapping[str, float]) -> bool:
    """Whether a text can be in a declared language: it has its common words, and no other language's twice as often."""
    share = shares.get(_SAME.get(code, code))
    return share is None or share >= max(_LEAST_SHARE, *(other / 2 for other in shares.values()))


def _observed(shares: Mapping[str, float]) -> str | None:
    """The language whose common words a text has, and clearly more often than those of the next."""
    best, *others = sorted(shares, key=lambda code: shares[code], reverse=True) or ("",)
    if not best or shares[best] < _SURE_SHARE:
        return None
    return best if not others or shares[best] >= _CLEARLY * shares[others[0]] else None


@cache
def _common_words() -> Mapping[str, Sequence[str]]:
    """For each word that is common in some language, all such languages."""
    languages: dict[str, list[str]] = {}
    for code, name in _STOPLISTS.items():
        for word in get_stoplist(name):
            languages.setdefault(word, []).append(code)
    return languages


_STOPLISTS = {
    "af": "Afrikaans",
    "be": "Belarusian",
    "bg": "Bulgarian",
    "ca": "Catalan",
    "cs": "Czech",
    "cy": "Welsh",
    "da": "Danish",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "et": "Estonian",
    "eu": "Basque",
    "fi": "Finnish",
    "fr": "French",
    "ga": "Irish",
    "gl": "Galician",
    "hr": "Croatian",
    "hu": "Hungarian",
    "id": "Indonesian",
    "is": "Icelandic",
    "it": "Italian",
    "lb": "Luxembourgish",
    "lt": "Lithuanian",
    "lv": "Latvian",
    "mk": "Macedonian",
    "nl": "Dutch",
    "nn": "Norwegian_Nynorsk",
    "no": "Norwegian_Bokmal",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sk": "Slovak",
    "sl": "Slovenian",
    "sq": "Albanian",
    "sr": "Serbian",
    "sv": "Swedish",
    "sw": "Swahili",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "vi": "Vietnamese",
    "ar": "Arabic",
    "fa": "Persian",
    "ur": "Urdu",
    "hi": "Hindi",
    "mr": "Marathi",
    "ne": "Nepali",
}
"""jusText's lists of common words, made from Wikipedias, that trafilatura already brings."""
_SAME = {"nb": "no", "bs": "hr", "ms": "id", "iw": "he", "in": "id"}
"""Languages whose common words are those of another."""
_WORDS_FROM = 4_000
"""Characters of the text in which words are counted."""
_MOST_WORDS = 300
_FEWEST_WORDS = 25
"""Words below which a text tells nothing."""
_LEAST_SHARE = 0.08
"""Share of common words that any text in a language has; running text has 0.3 to 0.6, a table of results 0.1."""
_SURE_SHARE = 0.25
_CLEARLY = 1.15
"""How much more often than the next language's: Portuguese and Galician differ by 1.2, Norwegian and Danish by 1.1."""


_ONLY_ELSEWHERE = frozenset(
    ("el", "ru", "uk", "bg", "he", "ar", "fa", "ur", "hi", "th", "ja", "ko", "zh", "ta", "ka", "hy")
)
"""Languages that are never printed in Latin letters by a newspaper."""


def _possible(sample: str) -> tuple[str, ...] | None:
    """The languages of the script in which a text is written; None for Latin and for too little text."""
    letters = sum(map(str.isalpha, sample))
    if not letters or sample.isascii():
        return None
    others = _LATIN.sub("", sample)
    for pattern, languages in _PATTERNS:
        if len(pattern.findall(others)) > _SHARE.get(languages[0], 0.3) * letters:
            return languages
    return None
