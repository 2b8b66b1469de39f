"""What one place in a page says about one field: the unit that is gathered, weighed and kept as provenance."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from archive.models import FieldValue, Method

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Reading(Generic[T_co]):
    """A value, already cleaned, and where it stood."""

    value: T_co
    method: Method


def distinct(readings: Iterable[Reading[T]]) -> list[Reading[T]]:
    """The readings in order, without those that repeat an earlier one's value and method."""
    return list(dict.fromkeys(readings))


def told(field: str, readings: Sequence[Reading[str]], chosen: Reading[str] | None) -> list[FieldValue]:
    """The readings of a field as the archive keeps them, the chosen one marked (the first of equals)."""
    mark = next((i for i, reading in enumerate(readings) if reading == chosen), -1)
    return [
        FieldValue(field=field, value=reading.value, method=reading.method, chosen=i == mark)
        for i, reading in enumerate(readings)
    ]
