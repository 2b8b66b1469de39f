"""What a verification finds, and how far it looks."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from archive.store import Database

Progress = Callable[[str, int, int], None]
"""Called with what is looked at, how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong, or worth a word."""

    where: str
    """A row (table, key, column) or a place (file, byte)."""
    what: str
    todo: str
    """What to do about it."""
    is_note: bool = False
    """True for what is not wrong: it comes of a run that was killed, and is put right by the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What is looked at, and how closely."""

    db: Database
    directory: Path
    """Of the WARC files."""
    since: datetime | None = None
    """Only what came since; the links of the chain are looked at in any case."""
    quick: bool = False
    """Neither read the WARC files, nor compare the words of the full text."""
    progress: Progress = lambda _what, _done, _all: None
