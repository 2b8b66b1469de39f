"""In which language an article is written: by declaration, checked against the script of the text."""

import re
from collections.abc import Iterable

from lxml.html import HtmlElement

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
_PATTERNS = [(re.compile(f"[{characters}]"), languages) for characters, languages in _SCRIPTS.items()]
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
    """The declared languages as ISO 639-1 codes, the `html` element's first, and the one that the text can be in."""
    declared = [Reading(root.get("lang") or root.get("xml:lang") or "", Method.HTML), *found]
    codes = distinct(Reading(m[1].lower(), r.method) for r in declared if (m := _CODE.match(r.value)))
    possible = _possible(body[:_SAMPLE])
    if possible is None:
        latin = (r for r in codes if r.value not in _ONLY_ELSEWHERE)
        return codes, next(latin, None)
    fitting = next((reading for reading in codes if reading.value in possible), None)
    if fitting is None and possible[0]:
        fitting = Reading(possible[0], Method.HTML)
        codes.append(fitting)
    return codes, fitting


_ONLY_ELSEWHERE = frozenset(
    ("el", "ru", "uk", "bg", "he", "ar", "fa", "ur", "hi", "th", "ja", "ko", "zh", "ta", "ka", "hy")
)
"""Languages that are never printed in Latin letters by a newspaper."""


def _possible(sample: str) -> tuple[str, ...] | None:
    """The languages of the script in which a text is written; None for Latin and for too little text."""
    letters = sum(character.isalpha() for character in sample)
    if not letters or sample.isascii():
        return None
    for pattern, languages in _PATTERNS:
        if len(pattern.findall(sample)) > _SHARE.get(languages[0], 0.3) * letters:
            return languages
    return None
