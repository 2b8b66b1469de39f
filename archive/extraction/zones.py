"""How far from UTC a clock is that a page names by letters: CET, EDT, МСК, ET, Europe/Berlin."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from archive.extraction.calendars import language_of

_HOURS = {
    -10: "HST",
    -9: "AKST",
    -8: "PST AKDT",
    -7: "PDT MST",
    -6: "MDT CST",
    -5: "CDT EST",
    -4: "EDT",
    -3: "BRT ART",
    0: "UTC GMT WET",
    1: "CET MEZ WEST BST WAT",
    2: "CEST MESZ EET SAST CAT",
    3: "EEST MSK МСК TRT EAT",
    5: "PKT",
    7: "WIB ICT",
    8: "WITA HKT SGT PHT AWST",
    9: "JST KST WIT",
    10: "AEST",
    11: "AEDT",
    12: "NZST",
    13: "NZDT",
}
_OFFSETS = {name: timedelta(hours=hours) for hours, names in _HOURS.items() for name in names.split()}
_OF_LANGUAGES = {
    ("CST", "zh"): timedelta(hours=8),
    ("IST", "hi"): timedelta(hours=5, minutes=30),
    ("IST", "en-in"): timedelta(hours=5, minutes=30),
    ("IST", "he"): timedelta(hours=2),
    ("IST", "en-ie"): timedelta(hours=1),
    ("BST", "bn"): timedelta(hours=6),
}
"""Letters that mean another clock elsewhere."""
_GENERAL = {
    "ET": "America/New_York",
    "CT": "America/Chicago",
    "MT": "America/Denver",
    "PT": "America/Los_Angeles",
}
"""Names for winter and summer alike: the date decides."""
_REGION = re.compile(r"[A-Z][A-Za-z]+/[A-Z][A-Za-z_/]+")
NAME = rf"(?:{_REGION.pattern}|(?:{'|'.join(sorted((*_OFFSETS, *_GENERAL, 'IST'), key=len, reverse=True))})(?![^\W_]))"
"""A pattern for all names that `offset` may know."""


def offset(name: str, clock: datetime, language: str) -> timedelta | None:
    """How far from UTC a named zone is when its clock shows `clock`; None where the name is unknown or means several.

    `language` is the page's, as declared: CST is China's in Chinese. Raises: nothing.
    """
    tag = language.strip().lower().replace("_", "-")
    for key in (tag, language_of(tag)):
        if (name, key) in _OF_LANGUAGES:
            return _OF_LANGUAGES[name, key]
    if name in _OFFSETS:
        return _OFFSETS[name]
    region = _GENERAL.get(name, name)
    return offset_in(region, clock) if _REGION.fullmatch(region) else None


def offset_in(region: str, clock: datetime) -> timedelta | None:
    """How far from UTC a zone of the IANA's is when its clock shows `clock`; None for no such zone. Raises: nothing."""
    try:
        return clock.replace(tzinfo=ZoneInfo(region)).utcoffset()
    except (
        KeyError,
        ValueError,
        OSError,
        OverflowError,
    ):  # no such zone, or a name that is a directory of the system's
        return None
