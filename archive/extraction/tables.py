"""Tables of data, told from tables that only arrange a page: their rows as lines, a bar between two cells."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lxml.etree import _Element

_BAR = " | "
_LONG = 120
"""Characters of a cell from which a text is arranged in a table, unless that has headers."""
_LONGEST = 1_000
"""Characters of a cell from which it is so in any case."""
_MAX_SPAN = 100
"""Columns and rows that one cell may span; the HTML standard allows 1,000, and a page for each of them."""
_ARRANGED = ("table", "form", "h1", "h2")
"""What no cell of data holds."""


@dataclass(frozen=True, slots=True)
class Said:
    """What an element says on one line, and how many of its characters stand in links."""

    text: str
    linked: int


def read(table: _Element, say: Callable[[_Element], Said]) -> Said | None:
    """The rows of a table of data; None for a table that arranges a page. `say` reads a cell.

    A cell stands in the first of the columns and rows that it spans; the others are left empty. Raises: nothing.
    """
    if table.get("role") in ("presentation", "none") or any(table.find(f".//{tag}") is not None for tag in _ARRANGED):
        return None
    rows = [row for row in _grid(table, say) if any(cell.text for cell in row)]
    longest = max((len(cell.text) for row in rows for cell in row), default=0)
    if longest > (_LONGEST if table.find(".//th") is not None else _LONG):
        return None
    if len(rows) < 2 or max(map(len, rows)) < 2:
        return None
    lines = (_BAR.join(cell.text.replace(_BAR, " / ") for cell in row) for row in rows)
    return Said("\n".join(lines), sum(cell.linked for row in rows for cell in row))


def _grid(table: _Element, say: Callable[[_Element], Said]) -> Iterator[list[Said]]:
    """The rows, each cell in its column."""
    nothing = Said("", 0)
    taken: dict[int, int] = {}  # how many more rows a column belongs to a cell above
    for element in table.iter("tr"):
        row: list[Said] = []
        spanned: dict[int, int] = {}
        for cell in element.iterchildren("td", "th"):
            while len(row) in taken:
                row.append(nothing)
            width, height = _span(cell, "colspan"), _span(cell, "rowspan")
            spanned |= dict.fromkeys(range(len(row), len(row) + width), height) if height > 1 else {}
            row += [say(cell), *[nothing] * (width - 1)]
        yield row
        taken = {column: left - 1 for column, left in (taken | spanned).items() if left > 1}


def _span(cell: _Element, name: str) -> int:
    """How many columns or rows a cell spans."""
    said = (cell.get(name) or "1").strip()
    return min(max(int(said), 1), _MAX_SPAN) if said.isdecimal() and len(said) < 9 else 1
