"""On which line of a TOML document each key stands: tomllib reads values and forgets where they were. Pure."""

import tomllib
from collections.abc import Iterator
from typing import Any

Path = tuple[str | int, ...]
"""The way to a value: `("source", 2, "feeds")`."""


def lines_of(text: str) -> dict[Path, int]:
    """The line, counted from 1, of each key and table header of a document that tomllib can read.

    Elements of an array have the line on which they stand, where they are strings that are written as they read.

    A statement of TOML ends with its line, unless an array or a string goes on: its lines are taken together until
    tomllib can read them. So the grammar stays tomllib's. Raises: nothing for a document that can be read.
    """
    found: dict[Path, int] = {}
    table: Path = ()
    lengths: dict[Path, int] = {}
    for number, lines in _statements(text):
        said = tomllib.loads("\n".join(lines))
        if lines[0].lstrip().startswith("["):
            table = _table(said, lengths)
            found.setdefault(table, number)
        else:
            for path, value in _leaves(said):
                found.setdefault((*table, *path), number)
                for index, element in enumerate(value if isinstance(value, list) else ()):
                    below = next((at for at, line in enumerate(lines) if str(element) in line), 0)
                    found.setdefault((*table, *path, index), number + below)
    return found


def _statements(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each statement with the number of its first line; comments and empty lines are left out."""
    begun: list[str] = []
    start = 1
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        if not begun:
            start = number
        begun.append(line)
        try:
            said = tomllib.loads("\n".join(begun))
        except tomllib.TOMLDecodeError:
            continue
        if said:
            yield start, begun
        begun = []


def _table(header: dict[str, Any], lengths: dict[Path, int]) -> Path:
    """The way to the table that a header opens; `lengths` are those of the arrays of tables so far."""
    path: Path = ()
    said: Any = header
    while said:
        ((key, said),) = said.items()
        path = (*path, key)
        if isinstance(said, list):
            # [[source]] opens a further table
            lengths[path] = lengths.get(path, 0) + 1
            said = said[0]
        if path in lengths:
            path = (*path, lengths[path] - 1)
    return path


def _leaves(said: dict[str, Any], above: Path = ()) -> Iterator[tuple[Path, Any]]:
    """What a statement gives a value to, each with the tables above it: `headers.Accept = …`, inline tables too."""
    for key, value in said.items():
        yield (*above, key), value
        if isinstance(value, dict):
            yield from _leaves(value, (*above, key))
