"""What an edit is: how one state of an article's content differs from the next. Pure."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from archive import text
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
    """Nothing reads otherwise: quotation marks, dashes, case, spacing, paragraphs, the order of the authors."""


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


# How a note of correction begins, in languages of the sources that we tested; at the start of a paragraph only,
# because articles also report corrections of others.
_CORRECTION = re.compile(
    r"\W*(?:(?:editor[’']?s? note|note|update)\W+)?(?:"
    r"corrections?\b(?! (?:facility|facilities|officer|center|centre|department))|corrected (?:on|to)|clarification|"
    r"an? (?:earlier|previous) version of this (?:article|story|post|report)|this (?:article|story) (?:was|has been) "
    r"(?:corrected|amended)|erratum|korrektur|berichtigung|richtigstellung|in einer früheren (?:version|fassung)|"
    r"rectificatif|une (?:première|précédente) version de cet article|fe de errat|corrección|correção|errata|"
    r"rettifica|correctie|rättelse|rettelse|oikaisu|sprostowanie|исправление|訂正|更正)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+(?:[.,:’\u00a0\u202f]\d+)*")
_QUOTED = re.compile(r"“[^“”]*”|„[^„“”]*[“”]|«[^«»]*»|»[^«»]*«|「[^「」]*」|『[^『』]*』|\"[^\"\n]*\"")


_DAY = timedelta(hours=36)
"""How far the midnight (UTC) of a day may be from a time of that day, in any zone of the world."""
_MINUTE = timedelta(seconds=59)
_ZONES = timedelta(hours=14)


def change_of(old: Content, new: Content) -> Change:
    """What kind of edit leads from the one to the other.

    Raises: nothing.
    """
    same_text = _reads_alike(old.text, new.text)
    if not same_text and _added_corrections(old.text, new.text):
        return Change.CORRECTION
    if not (_reads_alike(old.title, new.title) and _reads_alike(old.subtitle or "", new.subtitle or "")):
        return Change.HEADLINE
    if same_text:
        same_head = _names(old) == _names(new) and is_same_time(old.published, new.published)
        return Change.COSMETIC if same_head else Change.TEXT
    for pattern, change in ((_NUMBER, Change.FIGURES), (_QUOTED, Change.QUOTES)):
        if _reads_alike(pattern.sub(" 0 ", old.text), pattern.sub(" 0 ", new.text)):
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


def _reads_alike(one: str, other: str) -> bool:
    return one == other or text.comparable(one) == text.comparable(other)


def _names(content: Content) -> list[str]:
    return sorted(map(text.comparable, content.authors))


def _added_corrections(old: str, new: str) -> bool:
    notes = [Counter(p for p in text.paragraphs(body) if _CORRECTION.match(p)) for body in (old, new)]
    return bool(notes[1] - notes[0])
