"""What the manifests say of every row, the newest word on each: in a file of its own that is gone when it is closed.

Of a million articles these are hundreds of megabytes, so that memory is not the place for it.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from archive.manifest import Entry, Key, Prints

CACHE_KIB = 16 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the newest manifest that has a row says of it."""

    key: Key
    now: Prints | None
    """None where it says that the row was taken away."""
    manifest: int
    about: str
    """What it tells of the row in clear, for a person."""


class Ledger:
    """A scratch file of what manifests say; in the system's folder for temporary files (SQLITE_TMPDIR, TMPDIR)."""

    def __init__(self) -> None:
        self._file = sqlite3.connect("", isolation_level=None)
        self._file.executescript(
            f"""
            PRAGMA cache_size = -{CACHE_KIB};
            PRAGMA journal_mode = OFF;
            CREATE TABLE said (
                place TEXT, id INTEGER, number INTEGER, keys INTEGER,
                row BLOB, cells BLOB, manifest INTEGER, about TEXT,
                PRIMARY KEY (place, id, number)
            ) WITHOUT ROWID;
            """
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self._file.close()

    def put(self, entry: Entry, manifest: int) -> Said | None:
        """Takes an entry over, and gives what was said of the row before it."""
        before = self.get(entry.table, entry.key)
        self._file.execute(
            "INSERT OR REPLACE INTO said VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                entry.table,
                *_full(entry.key),
                len(entry.key),
                bytes.fromhex(entry.now.row) if entry.now else None,
                bytes.fromhex(entry.now.cells) if entry.now else None,
                manifest,
                str(entry.about.get("url") or entry.about.get("warc_file") or ""),
            ],
        )
        return before

    def clear(self) -> None:
        """Forgets everything."""
        self._file.execute("DELETE FROM said")

    def get(self, table: str, key: Key) -> Said | None:
        """What is said of a row."""
        sql = "SELECT id, number, keys, row, cells, manifest, about FROM said WHERE place = ? AND id = ? AND number = ?"
        found = self._file.execute(sql, [table, *_full(key)]).fetchone()
        return None if found is None else _said(found)

    def of(self, table: str) -> Iterator[Said]:
        """All that is said of a table, in the order of its keys."""
        sql = "SELECT id, number, keys, row, cells, manifest, about FROM said WHERE place = ? ORDER BY id, number"
        yield from map(_said, self._file.execute(sql, [table]))

    def count(self) -> int:
        """How many rows something is said of."""
        return int(self._file.execute("SELECT count(*) FROM said").fetchone()[0])


def _said(found: tuple[int, int, int, bytes | None, bytes, int, str]) -> Said:
    row_id, number, keys, row, cells, manifest, about = found
    return Said(
        key=(row_id, number)[:keys],
        now=None if row is None else Prints(row=row.hex(), cells=cells.hex()),
        manifest=manifest,
        about=about,
    )


def _full(key: Key) -> tuple[int, int]:
    return (key[0], key[1] if len(key) > 1 else 0)
