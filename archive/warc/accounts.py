"""What a crawl or an import tells of itself in the files: at its beginning in a warcinfo record, and at its end.

With them, and the notes of the responses, a database is made of the files alone (`archive.rebuilding`).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from archive.models import Source
from archive.warc.records import Record
from archive.when import stamp

BEGINNING = "newsarchive-run"
"""The field of a warcinfo record that tells of a run, as JSON."""
ACCOUNT = "urn:newsarchive:account:"
"""How the WARC-Target-URI of an account begins."""
CONTENT_TYPE = "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One crawl, or one import of a file."""

    id: int
    """Of its row in `crawls` or `imports`."""
    started_at: datetime
    source: Mapping[str, Any] = field(default_factory=dict)
    """The row of the source that was crawled; empty for an import."""
    file: str | None = None
    """What was imported."""
    only: str = ""
    """The source that an import was restricted to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line that is taken out of a source's texts, or that is to be left there (`spared`)."""

    line: str
    rule: str
    spared: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """How a crawl ended; for an import, what it brought of one source."""

    crawl: int
    started_at: datetime
    finished_at: datetime
    outcome: str
    counts: Mapping[str, int]
    source: Mapping[str, Any]
    """The source's row at the end; empty where the crawl has taken it away again."""
    lines: Sequence[Line] = ()
    """All that is known of the source's boilerplate at the end."""
    file: str | None = None
    """Of an import: its file."""


def row_of(source: Source) -> dict[str, Any]:
    """A source as its row tells of it. Raises: nothing."""
    return asdict(source) | {"settings": dict(source.settings)}


def told(run: Run) -> str:
    """The run as the field `BEGINNING` has it. Raises: nothing."""
    return _json({**asdict(run), "started_at": stamp(run.started_at)})


def run_of(record: Record) -> Run | None:
    """The run that a warcinfo record tells of; None for one of another program, or of an older version of ours.

    Raises: nothing.
    """
    prefix = f"{BEGINNING}: ".encode()
    line = next((line for line in record.payload.split(b"\r\n") if line.startswith(prefix)), None)
    if line is None:
        return None
    try:
        row = json.loads(line[len(prefix) :])
        return Run(**{**row, "started_at": datetime.fromisoformat(row["started_at"])})
    except (ValueError, TypeError, KeyError):
        return None


def laid(account: Account) -> bytes:
    """The block of an account's record. Raises: nothing."""
    times = {name: stamp(getattr(account, name)) for name in ("started_at", "finished_at")}
    return _json({**asdict(account), **times}).encode()


def account_of(record: Record) -> Account | None:
    """The account in a record; None where it has none. Raises: nothing."""
    if record.kind != "resource" or not record.url.startswith(ACCOUNT):
        return None
    try:
        row = json.loads(record.payload)
        times = {name: datetime.fromisoformat(row[name]) for name in ("started_at", "finished_at")}
        return Account(**{**row, **times, "lines": tuple(Line(**line) for line in row["lines"])})
    except (ValueError, TypeError, KeyError):
        return None


def _json(row: Mapping[str, Any]) -> str:
    return json.dumps(row, separators=(",", ":"))
