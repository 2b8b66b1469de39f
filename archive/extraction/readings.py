"""What one place in a page says about one field, and the ledger in which all of it is kept."""

from collections.abc import Callable, Iterable, Sequence
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


class Ledger:
    """Everything that was read of a page, field by field, with the chosen reading marked."""

    def __init__(self) -> None:
        self.entries: list[FieldValue] = []

    def choose(
        self,
        field: str,
        readings: Sequence[Reading[T]],
        chosen: Reading[T] | None,
        written: Callable[[T], str] = str,
    ) -> T | None:
        """The value of the chosen reading; all are entered as `written`, the first that equals it as chosen."""
        marked = False
        for reading in readings:
            is_chosen = reading == chosen and not marked
            marked = marked or is_chosen
            entry = FieldValue(field=field, value=written(reading.value), method=reading.method, chosen=is_chosen)
            self.entries.append(entry)
        return chosen.value if chosen is not None else None

    def first(self, field: str, readings: Sequence[Reading[T]], written: Callable[[T], str] = str) -> T | None:
        """The value of the first reading, the most trusted one."""
        return self.choose(field, readings, next(iter(readings), None), written)
