"""How values stand in columns: times as ISO 8601 text, lists as JSON arrays, flags as 0 and 1."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime


def from_time(at: datetime) -> str:
    """`2026-07-04T12:00:00Z`: always UTC and whole seconds, so that text sorts as time does.

    Raises: ValueError for a naive time, whose zone we would have to guess.
    """
    if at.tzinfo is None:
        raise ValueError(f"a time without its zone: {at.isoformat()}")
    return at.astimezone(UTC).isoformat(timespec="seconds").removesuffix("+00:00") + "Z"


def from_time_or_none(at: datetime | None) -> str | None:
    """As `from_time`, and None for None."""
    return None if at is None else from_time(at)


def to_time(column: str) -> datetime:
    """The aware time of a column written by `from_time`."""
    return datetime.fromisoformat(column)


def to_time_or_none(column: str | None) -> datetime | None:
    """As `to_time`, and None for NULL."""
    return None if column is None else to_time(column)


def from_texts(texts: Iterable[str]) -> str:
    """A JSON array of strings; readable as it stands in any script."""
    return json.dumps(list(texts), ensure_ascii=False)


def to_texts(column: str) -> tuple[str, ...]:
    """The strings of a column written by `from_texts`."""
    return tuple(json.loads(column))


def from_flag(*, flag: bool | None) -> int | None:
    """1, 0, or None where it is not known."""
    return None if flag is None else int(flag)


def to_flag(column: int | None) -> bool | None:
    """The flag of a column written by `from_flag`."""
    return None if column is None else bool(column)
