"""What an edit is: how one state of an article's content differs from the next. Pure."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from archive import corrections, text
from archive.models import Precision


class Change(StrEnum):
    """What kind of edit it is; the first that applies, in this order."""

    CORRECTION = "correction"
    """The editors say themselves that something was wrong."""
    HEADLINE = "headline"
    """The title or the subtitle reads otherwise; the text may as well."""
    FIGURES = "figures"
    """Of the text numbers alone differ."""
    QUOTES = "quotes"
    """Of the text what stands in quotation marks alone differs."""
    TEXT = "text"
    """Anything else: the text, or the names of the authors or the time of publication, which have no kind of their
    own."""
    COSMETIC = "cosmetic"
    """Nothing reads otherwise: quotation marks, dashes, case, spacing, paragraphs, the order of the authors. Such an
    edit makes no revision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """When something was published, as exactly as it is known."""

    at: datetime
    precision: Precision | None = None
    offset: str | None = None
    """None where no zone was given, and the clock was taken for UTC's."""

    @property
    def exactness(self) -> tuple[int, bool]:
        """The greater, the more is said."""
        rank = (None, Precision.DAY, Precision.MINUTE, Precision.SECOND)
        return rank.index(self.precision), self.offset is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What is compared."""

    title: str
    subtitle: str | None = None
    authors: tuple[str, ...] = ()
    published: Dated | None = None
    text: str
    modified_at: datetime | None = None


_SIGNS = "%‰±°$£¥¢\u058f\u060b\u0e3f\u17db\u20a0-\u20cf"
"""What changes the meaning of a number beside it, and is no letter: currencies, shares, degrees."""
_SIGN = re.compile(rf"[{_SIGNS}]|(?<!\S)[-\u2212\u2013](?=\d)")
_NUMBER = re.compile(
    rf"(?:(?<!\S)[-\u2212\u2013]|[{_SIGNS}]\s?)?"
    rf"(?:\d+(?:[.,:’'\u066b\u066c\u00a0\u2009\u202f]\d+)*|[〇零一二三四五六七八九十百千万億兆萬亿两兩]+)(?:\s?[{_SIGNS}])?"
)
_QUOTED = re.compile(
    "“[^“”]*”|„[^„“”]*[“”]|«[^«»]*»|»[^«»]*«|‹[^‹›]*›|›[^‹›]*‹|「[^「」]*」|『[^『』]*』|﹁[^﹁﹂]*﹂"
    r"|״[^״\n]*״|\"[^\"\n]*\"|‘(?:[^‘’\n]|’(?=\w))*’(?!\w)|‚[^‚‘’\n]*[‘’](?!\w)|(?<!\w)'[^'\n]+'(?!\w)"
    # Swedish and Finnish open with what they close with
    r"|(?<![\w.,!?…])”[^”\n]*”|(?<![\w.,!?…])»[^«»\n]*»"
)


_DAY = timedelta(hours=36)
"""How far the midnight (UTC) of a day may be from a time of that day, in any zone of the world."""
_MINUTE = timedelta(seconds=59)
_ZONES = timedelta(hours=14)


def change_of(old: Content, new: Content) -> Change:
    """What kind of edit leads from the one to the other.

    Raises: nothing.
    """
    same_text = reads_alike(old.text, new.text)
    if not same_text and corrections.notes(new.text) - corrections.notes(old.text):
        return Change.CORRECTION
    if not (reads_alike(old.title, new.title) and reads_alike(old.subtitle or "", new.subtitle or "")):
        return Change.HEADLINE
    if same_text:
        same_head = _names(old) == _names(new) and is_same_time(old.published, new.published)
        return Change.COSMETIC if same_head else Change.TEXT
    for pattern, change in ((_NUMBER, Change.FIGURES), (_QUOTED, Change.QUOTES)):
        if reads_alike(pattern.sub(" 0 ", old.text), pattern.sub(" 0 ", new.text)):
            return change
    return Change.TEXT


def is_same_time(one: Dated | None, other: Dated | None) -> bool:
    """Whether both can be the same moment, one of them perhaps said less exactly: only the day, or without its zone.

    Raises: nothing.
    """
    if one is None or other is None:
        return one is other
    apart = abs(one.at - other.at)
    exactness = {one.precision, other.precision}
    if len(exactness) > 1 and Precision.DAY in exactness:
        return apart <= _DAY
    least = _MINUTE if len(exactness) > 1 else timedelta()
    return apart <= (least if (one.offset is None) is (other.offset is None) else least + _ZONES)


def is_announced(old: Content, new: Content) -> bool:
    """Whether the page gives a later time of modification than before. Raises: nothing."""
    return new.modified_at is not None and (old.modified_at is None or new.modified_at > old.modified_at)


def is_silent(old: Content, new: Content) -> bool:
    """Whether readers are not told: it reads otherwise, without a note of correction or a later time of modification.

    Raises: nothing.
    """
    return change_of(old, new) not in (Change.CORRECTION, Change.COSMETIC) and not is_announced(old, new)


def reads_alike(one: str, other: str) -> bool:
    """Whether two texts have the same words, numbers and signs beside them, however they are set. Raises: nothing."""
    return one == other or (text.comparable(one) == text.comparable(other) and signs(one) == signs(other))


def signs(body: str) -> list[str]:
    """The signs that change the meaning of numbers, in their order: `text.comparable` has none. Raises: nothing."""
    found = _SIGN.findall(unicodedata.normalize("NFKC", body))
    return ["-" if sign in "\u2212\u2013" else sign for sign in found]


def _names(content: Content) -> list[str]:
    return sorted(map(text.comparable, content.authors))
