"""How many articles are drawn of each stratum, and which: pure, and the same on any machine.

An article's place in its stratum is the SHA-256 of the seed and its address; those with the least are drawn. Over all
seeds that is a draw without replacement in which all of a stratum have the same chance; and a sample stays for the most
part what it was when the archive grows.
"""

import hashlib
import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from archive.store.selections import Framed, Group

Sizes: TypeAlias = Mapping[Group, int]
"""How many articles each stratum has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum:
    """A part of the frame that is drawn from by itself."""

    group: Group
    size: int
    drawn: int

    @property
    def probability(self) -> Fraction:
        """With which each of its articles is in the sample."""
        return Fraction(self.drawn, self.size)


def strata(sizes: Sizes, n: int, *, equal: bool = False) -> list[Stratum]:
    """The strata in the order of their names, and how many of each are drawn: `n` in all, or all there are.

    In proportion to their sizes, the largest remainders rounded up (Hare-Niemeyer); or the same of each, where a
    stratum that has fewer gives the rest to the others. Raises: nothing.
    """
    drawn = _equal(sizes, n) if equal else _proportional(sizes, n)
    return [Stratum(group=group, size=sizes[group], drawn=drawn[group]) for group in sorted(sizes, key=named)]


def named(group: Group) -> tuple[tuple[bool, str], ...]:
    """By what strata are put in order: their names, those without one last. Raises: nothing."""
    return tuple((value is None, value or "") for value in group)


def _proportional(sizes: Sizes, n: int) -> dict[Group, int]:
    total = sum(sizes.values())
    if n >= total:
        return dict(sizes)
    drawn = {group: n * size // total for group, size in sizes.items()}
    by_remainder = sorted(sizes, key=lambda group: (-(n * sizes[group] % total), named(group)))
    for group in by_remainder[: n - sum(drawn.values())]:
        drawn[group] += 1
    return drawn


def _equal(sizes: Sizes, n: int) -> dict[Group, int]:
    left, drawn = n, {}
    smallest_first = sorted(sizes, key=lambda group: (sizes[group], named(group)))
    for place, group in enumerate(smallest_first):
        drawn[group] = min(sizes[group], left // (len(smallest_first) - place))
        left -= drawn[group]
    return drawn


def place(seed: int, url: str) -> int:
    """Where an article stands in the draw: the SHA-256 of `seed`, a line feed and `url`. Raises: nothing."""
    return int.from_bytes(hashlib.sha256(f"{seed}\n{url}".encode("utf-8", "surrogatepass")).digest())


def draw(frame: Iterable[Framed], parts: Iterable[Stratum], seed: int) -> dict[Group, list[Framed]]:
    """The articles drawn of each stratum, in the order of the draw: the first of them are a sample as well.

    Only those that may still be drawn are in memory. Raises: KeyError for an article of no stratum.
    """
    wanted = {part.group: part.drawn for part in parts}
    heaps: dict[Group, list[tuple[int, int, Framed]]] = {group: [] for group in wanted}
    for article in frame:
        heap, count = heaps[article.group], wanted[article.group]
        # the last of them, to be thrown out first, is on top; no two places are the same but by the same address
        entry = (-place(seed, article.url), article.id, article)
        if len(heap) < count:
            heapq.heappush(heap, entry)
        elif count:
            heapq.heappushpop(heap, entry)
    return {group: [article for _, _, article in sorted(heap, reverse=True)] for group, heap in heaps.items()}
