"""A manifest: what was stored, as lines of JSON that are chained by their hashes; written and read back. Pure.

docs/fixity.md states the construction, so that a program of somebody else can check it.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

FORMAT = 1
GENESIS = "0" * 64
"""What the first manifest names as its predecessor."""

CELL = 8
"""Hexadecimal digits of a column's own digest: enough to name the column that differs; the row's digest is whole."""

_HASH = b',"hash":"'
_END = len(_HASH) + 64 + len(b'"}')

Key = tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prints:
    """The digests of a row."""

    row: str
    """SHA-256 in hexadecimal, over the digests of all columns."""
    cells: str
    """The first `CELL` digits of each column's digest, joined."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line: a row as it was when the manifest was made."""

    table: str
    key: Key
    why: str
    """`made`, or what made one of our own commands change a row that was sealed before."""
    now: Prints | None
    """None for a row that was taken away."""
    was: str | None = None
    """The digest of the row as it was before the change; None for a new one."""
    about: Mapping[str, Any] = field(default_factory=dict)
    """Values of the row that say in clear what it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The first line."""

    number: int
    previous: str
    """The digest of the manifest before, or `GENESIS`."""
    made_at: str
    crawl: int | None
    lines: int
    """How many follow."""
    anew: bool
    """Whether what earlier manifests say of rows no longer counts: the database was made anew."""
    columns: Mapping[str, Sequence[str]]
    """The columns of each table in the order in which their digests stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A manifest as it was read."""

    header: Header | None
    """None where the first line is none."""
    entries: tuple[Entry, ...]
    digest: str
    """The hash of its last line; that of the whole, because each line's hash depends on the one before."""
    faults: tuple[str, ...]
    """What is wrong with it, each with the number of its line."""


def prints(values: Iterable[object]) -> Prints:
    """The digests of a row's values (text, whole numbers or None), in the order of its columns. Raises: nothing."""
    cells = [hashlib.sha256(_bytes(value)) for value in values]
    row = hashlib.sha256(b"".join(cell.digest() for cell in cells))
    return Prints(row=row.hexdigest(), cells="".join(cell.hexdigest()[:CELL] for cell in cells))


def _bytes(value: object) -> bytes:
    if value is None:
        return b"n"
    if isinstance(value, str):
        return b"t" + value.encode("utf-8", "surrogateescape")
    return b"i" + str(value).encode("utf-8", "surrogateescape")


def differing(columns: Sequence[str], one: str, other: str) -> list[str]:
    """The columns whose digests differ in the `cells` of two states of a row. Raises: nothing."""
    pairs = [(one[at : at + CELL], other[at : at + CELL]) for at in range(0, CELL * len(columns), CELL)]
    return [column for column, (left, right) in zip(columns, pairs, strict=True) if left != right]


def lay(header: Header, entries: Sequence[Entry]) -> tuple[bytes, str]:
    """The manifest's bytes, and its digest. Raises: nothing."""
    rows = [_header_row(header), *map(_entry_row, entries)]
    lines, digest = [], header.previous
    for row in rows:
        said = json.dumps(row, separators=(",", ":")).encode()[:-1]
        digest = _chained(digest, said)
        lines.append(said + _HASH + digest.encode() + b'"}\n')
    return b"".join(lines), digest


def _chained(before: str, said: bytes) -> str:
    return hashlib.sha256(before.encode() + said).hexdigest()


def _header_row(header: Header) -> dict[str, Any]:
    return {
        "manifest": header.number,
        "format": FORMAT,
        "previous": header.previous,
        "made_at": header.made_at,
        "crawl": header.crawl,
        "lines": header.lines,
        "anew": header.anew,
        "columns": {table: list(columns) for table, columns in header.columns.items()},
    }


def _entry_row(entry: Entry) -> dict[str, Any]:
    row: dict[str, Any] = {"table": entry.table, "key": list(entry.key), "why": entry.why}
    if entry.was:
        row["was"] = entry.was
    if entry.now:
        row |= {"row": entry.now.row, "cells": entry.now.cells}
    if entry.about:
        row["about"] = dict(entry.about)
    return row


def read(block: bytes) -> Manifest:
    """The manifest that bytes hold, with all that is wrong with it. Raises: nothing, for any bytes."""
    faults: list[str] = []
    lines = block.split(b"\n")
    if lines.pop() != b"":
        faults.append(f"line {len(lines) + 1}: does not end")
    header = _header(lines[0]) if lines else None
    if header is None:
        return Manifest(header=None, entries=(), digest=GENESIS, faults=(*faults, "line 1: no header"))
    entries, digest = [], header.previous
    for number, line in enumerate(lines, 1):
        said, told = line[:-_END], line[-_END:]
        digest = _chained(digest, said)
        if told != _HASH + digest.encode() + b'"}':
            faults.append(f"line {number}: its hash is wrong")
            digest = told[len(_HASH) : -2].decode("ascii", "replace")
        if number > 1:
            entry = _entry(line)
            if entry is None:
                faults.append(f"line {number}: not to be understood")
            else:
                entries.append(entry)
    if len(lines) - 1 != header.lines:
        faults.append(f"{len(lines) - 1} lines, not {header.lines} as line 1 says")
    return Manifest(header=header, entries=tuple(entries), digest=digest, faults=tuple(faults))


def _row(line: bytes) -> dict[str, Any] | None:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return row if isinstance(row, dict) else None


def _header(line: bytes) -> Header | None:
    row = _row(line)
    try:
        if row is None or row["format"] != FORMAT:
            return None
        return Header(
            number=int(row["manifest"]),
            previous=str(row["previous"]).encode("utf-8", "replace").decode(),
            made_at=str(row["made_at"]),
            crawl=None if row["crawl"] is None else int(row["crawl"]),
            lines=int(row["lines"]),
            anew=bool(row["anew"]),
            columns={str(table): tuple(map(str, columns)) for table, columns in row["columns"].items()},
        )
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        return None


def _entry(line: bytes) -> Entry | None:
    row = _row(line)
    try:
        if row is None:
            return None
        key = tuple(map(int, row["key"]))
        return Entry(
            table=str(row["table"]),
            key=key,
            why=str(row["why"]),
            now=Prints(row=str(row["row"]), cells=str(row["cells"])) if "row" in row else None,
            was=str(row["was"]) if "was" in row else None,
            about=dict(row.get("about", {})),
        )
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
