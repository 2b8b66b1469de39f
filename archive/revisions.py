"""What an edit is: how one state of an article's content differs from the next. Pure."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from archive import text


class Change(StrEnum):
    """What kind of edit it is; the first that applies, in this order."""

    CORRECTION = "correction"
    """The editors say themselves that something was wrong."""
    HEADLINE = "headline"
    """The title reads otherwise; the text may as well."""
    FIGURES = "figures"
    """Numbers alone differ."""
    QUOTES = "quotes"
    """What stands in quotation marks alone differs."""
    TEXT = "text"
    COSMETIC = "cosmetic"
    """Nothing reads otherwise: quotation marks, dashes, case, spacing, the borders of paragraphs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What is compared."""

    title: str
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


def change_of(old: Content, new: Content) -> Change:
    """What kind of edit leads from the one to the other.

    Raises: nothing.
    """
    same_text = text.comparable(old.text) == text.comparable(new.text)
    if not same_text and _added_corrections(old.text, new.text):
        return Change.CORRECTION
    if text.comparable(old.title) != text.comparable(new.title):
        return Change.HEADLINE
    if same_text:
        return Change.COSMETIC
    for pattern, change in ((_NUMBER, Change.FIGURES), (_QUOTED, Change.QUOTES)):
        if text.comparable(pattern.sub(" 0 ", old.text)) == text.comparable(pattern.sub(" 0 ", new.text)):
            return change
    return Change.TEXT


def is_silent(old: Content, new: Content) -> bool:
    """Whether readers are not told: it reads otherwise, without a note of correction or a later time of modification.

    Raises: nothing.
    """
    if change_of(old, new) in (Change.CORRECTION, Change.COSMETIC):
        return False
    return new.modified_at is None or (old.modified_at is not None and new.modified_at <= old.modified_at)


def _added_corrections(old: str, new: str) -> bool:
    notes = [Counter(p for p in text.paragraphs(body) if _CORRECTION.match(p)) for body in (old, new)]
    return bool(notes[1] - notes[0])
