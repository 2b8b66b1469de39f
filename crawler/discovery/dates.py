"""Times as feeds and sitemaps write them: aware UTC, and never more exact than what was written."""

import re
from datetime import UTC, datetime, time
from email.utils import parsedate_to_datetime

# No newspaper is older (the Relation of Strasbourg is of 1605); the year 1 is what .NET writes for no date.
_EARLIEST = datetime(1605, 1, 1, tzinfo=UTC)
# What Unix and spreadsheets write for no date.
_EMPTY_VALUES = (datetime(1970, 1, 1, tzinfo=UTC), datetime(1899, 12, 30, tzinfo=UTC))

# Longer than any date in words; a whole article in the wrong element need not be searched for one.
_MAX_LENGTH = 80
# A year, a month or a week alone is no date: no library shall make its first day of it.
_COMPLETE = re.compile(r"\d{8}|\w+\W+\w+\W+\w+")
_SPACE_BEFORE_OFFSET = re.compile(r"\s+(?=(?:[+-]\d\d:?\d\d|Z)$)")
_TIME_OF_DAY = re.compile(r"\d:\d\d|T\d{4}")


def instant(text: object) -> datetime | None:
    """The moment that `text` names in ISO 8601 or RFC 822, with the liberties that are usually taken with them.

    A date without a time, and a time without a zone that is known, counts as that day alone: midnight UTC of the day
    as it is written. Which zone a publication means is not guessed. None for what is no date, and for what software
    writes where it has none.

    Raises: nothing.
    """
    text = " ".join(text.split()) if isinstance(text, str) and len(text) <= _MAX_LENGTH else ""
    moment = _parsed(text) if _COMPLETE.search(text) else None
    if moment is None:
        return None
    if moment.tzinfo is None or not _TIME_OF_DAY.search(text):
        moment = datetime.combine(moment.date(), time(), UTC)
    try:
        moment = moment.astimezone(UTC).replace(microsecond=0)
    except OverflowError:
        return None
    return moment if moment >= _EARLIEST and moment not in _EMPTY_VALUES else None


def _parsed(text: str) -> datetime | None:
    """The date and time in `text`; naive where the zone is not written or not known."""
    try:
        return datetime.fromisoformat(_SPACE_BEFORE_OFFSET.sub("", text))
    except ValueError:
        pass
    # the second for a date without a time, "Wed, 06 May 2026"
    for form in (text, f"{text} 00:00"):
        try:
            return parsedate_to_datetime(form)
        except (ValueError, OverflowError):
            continue
    return None
