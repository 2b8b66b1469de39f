"""What months and halves of the day are called (names from the Unicode CLDR), and the years of other calendars."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache

from babel import Locale
from babel.core import UnknownLocaleError

_LOCALES = {
    "ar": ("ar", "ar_LB", "ar_DZ"),
    "iw": ("he",),
    "in": ("id",),
    "sr": ("sr", "sr_Latn", "sr_Cyrl_BA", "sr_Latn_BA"),
    "bs": ("bs", "bs_Cyrl"),
    "uz": ("uz", "uz_Cyrl"),
}
"""Languages whose months have several names or alphabets, and old codes."""
_WORLD = {
    "[a-z]": (
        *("en", "de", "fr", "es", "pt", "it", "nl", "sv", "nb", "da", "fi", "pl", "cs", "sk", "hu", "ro", "hr", "sl"),
        *("sq", "tr", "vi", "id", "lt", "lv", "et", "ca"),
    ),
    "[\u0400-\u04ff]": ("ru", "uk", "be", "bg", "sr", "mk", "kk"),
    "[\u0590-\u06ff]": ("ar", "fa", "he", "ur"),
    "[\u0370-\u03ff\u0530-\u058f\u10a0-\u10ff]": ("el", "hy", "ka"),
    "[\u0900-\u0eff]": ("hi", "bn", "ta", "te", "mr", "th"),
}
"""By the letters of a text the languages that are tried where its page names none, or another than its dates are in."""
_PERSIAN = "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند"
_PERSIAN_LANGUAGES = frozenset(("fa", "ps", "prs", "ckb"))
_PERSIAN_YEARS = range(1300, 1500)
_PERSIAN_EPOCH = date(1921, 3, 21)
"""1 Farvardin 1300."""
_BUDDHIST_YEARS = range(2443, 2700)
_BUDDHIST_ERA = 543
_SPACES_AND_DOTS = re.compile(r"[.\s\u200c]+")


def language_of(tag: str) -> str:
    """The language of a tag such as `en-GB` or `pt_BR`, lower case."""
    return re.split(r"[-_]", tag.strip().lower(), maxsplit=1)[0]


def month(text: str, language: str) -> tuple[int, int, int] | None:
    """The month named in a text (comparable by `folded`): its number, where the name begins and where it ends.

    By the page's own language first, then in English, then in any language whose names no other contradicts. None where
    no month is named. Raises: nothing.
    """
    for names, pattern in (_month_names(language_of(language)), _month_names("en")):
        if pattern is not None and (match := pattern.search(text)) is not None:
            return names[match[0]], match.start(), match.end()
    for letters in _WORLD:
        if re.search(letters, text):
            names, pattern = _month_names_of_the_world(letters)
            if pattern is not None and (match := pattern.search(text)) is not None:
                return names[match[0]], match.start(), match.end()
    return None


@cache
def halves(language: str) -> tuple[str, str]:
    """Patterns for the words of the first and the second half of the day, in a language and in English."""
    first, second = {"a.m."}, {"p.m."}
    for locale in _locales(language):
        # The narrow forms are single letters, which are words elsewhere in a date.
        for width in ("abbreviated", "wide"):
            names = locale.day_periods["format"][width]
            first.update(name for key, name in names.items() if re.match(r"am$|morning", key))
            second.update(name for key, name in names.items() if re.match(r"pm$|afternoon|evening", key))
    return _pattern(first - second), _pattern(second - first)


def gregorian(year: int, number: int, day: int, language: str) -> date | None:
    """The day of a date that is written by the Gregorian, the Thai (Buddhist) or the Persian (solar Hijri) calendar.

    None where there is no such day, and for years of the lunar Hijri calendar, whose months begin by observation.
    """
    if year in _BUDDHIST_YEARS:
        year -= _BUDDHIST_ERA
    if year in _PERSIAN_YEARS:
        return _from_persian(year, number, day) if language_of(language) in _PERSIAN_LANGUAGES else None
    try:
        return date(year, number, day) if year >= 1900 else None
    except ValueError:
        return None


def folded(text: str) -> str:
    """A text in which dates of all scripts look alike: digits in ASCII, full width and dashes plain, case as it is."""
    plain = unicodedata.normalize("NFKC", text).replace("\u2212", "-").replace("\u200f", "").replace("\u200e", "")
    if plain.isascii():
        return plain
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in plain)


def _from_persian(year: int, number: int, day: int) -> date | None:
    """The Gregorian day of a day of the Persian calendar, whose leap years follow a cycle of 33 from 1178 to 1633."""
    lengths = (*(31,) * 6, *(30,) * 5, 30 if _is_leap(year) else 29)
    if not 1 <= number <= 12 or not 1 <= day <= lengths[number - 1]:
        return None
    days = sum(366 if _is_leap(past) else 365 for past in range(_PERSIAN_YEARS.start, year))
    return _PERSIAN_EPOCH + timedelta(days + sum(lengths[: number - 1]) + day - 1)


def _is_leap(year: int) -> bool:
    return year % 33 in (1, 5, 9, 13, 17, 22, 26, 30)


def _locales(language: str) -> Iterator[Locale]:
    for code in _LOCALES.get(language, (language,)):
        try:
            yield Locale.parse(code)
        except (UnknownLocaleError, ValueError):
            continue


@cache
def _month_names(language: str) -> tuple[Mapping[str, int], re.Pattern[str] | None]:
    """The names of the months in a language, folded, and the pattern that finds them."""
    names: dict[str, int] = {}
    for locale in _locales(language):
        for form in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                # Of what a locale does not say, Babel gives the numbers of its root locale: they are no names.
                names |= {_name(said): number for number, said in locale.months[form][width].items()}
    if language in _PERSIAN_LANGUAGES:
        names |= {name: number for number, name in enumerate(_PERSIAN.split(), start=1)}
    return _findable({name: number for name, number in names.items() if re.search(r"[^\W\d_]", name)})


@cache
def _month_names_of_the_world(letters: str) -> tuple[Mapping[str, int], re.Pattern[str] | None]:
    """The names of the months in all languages of an alphabet, without those that mean two (listopad)."""
    meant: dict[str, set[int]] = {}
    for language in _WORLD[letters]:
        for name, number in _month_names(language)[0].items():
            meant.setdefault(name, set()).add(number)
    return _findable({name: numbers.pop() for name, numbers in meant.items() if len(numbers) == 1 and len(name) > 2})


def _findable(names: Mapping[str, int]) -> tuple[Mapping[str, int], re.Pattern[str] | None]:
    longest = sorted(names, key=len, reverse=True)
    # Hebrew writes "in" as a letter before the name.
    pattern = "|".join(map(re.escape, longest))
    return names, re.compile(rf"(?:(?<![^\W\d_])|(?<=\bב))(?:{pattern})(?![^\W_])") if names else None


def _name(said: str) -> str:
    return folded(said).casefold().rstrip(".").strip()


def _pattern(names: set[str]) -> str:
    """A pattern for any of the names, with or without its dots and spaces."""
    letters = {_SPACES_AND_DOTS.sub("", folded(name)) for name in names} - {""}
    spaced = (r"[.\s\u200c]{0,2}".join(map(re.escape, name)) for name in sorted(letters, key=len, reverse=True))
    return "|".join(rf"{name}\.?" for name in spaced)
