"""Which formats there are, and what can be chosen of each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from archive.errors import ConfigError
from archive.exporting.atom import Atom
from archive.exporting.epub import Epub
from archive.exporting.jsonlines import JsonLines
from archive.exporting.markdown import Notes
from archive.exporting.references import CslJson, bibtex_file, ris_file
from archive.exporting.seam import Format
from archive.exporting.sheet import Sheet
from archive.exporting.warcs import Selection
from archive.store import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a user has chosen, and what a format may need of the archive."""

    db: Database
    warc: Path
    """The folder of its WARC files."""
    history: bool = False
    bom: bool = True


def _parquet(choice: Choice) -> Format:
    try:
        # takes a third of a second, and is only there where the extra is
        from archive.exporting.parquet import Parquet  # noqa: PLC0415
    except ImportError as error:
        raise ConfigError(f"parquet needs pyarrow: pip install 'newsarchive[parquet]' ({error})") from error
    return Parquet(history=choice.history)


FORMATS: Mapping[str, Callable[[Choice], Format]] = {
    "jsonl": lambda choice: JsonLines(history=choice.history),
    "csv": lambda choice: Sheet(bom=choice.bom),
    "parquet": _parquet,
    "markdown": lambda _: Notes(),
    "epub": lambda _: Epub(),
    "warc": lambda choice: Selection(choice.db, choice.warc),
    "bibtex": lambda _: bibtex_file(),
    "ris": lambda _: ris_file(),
    "csl-json": lambda _: CslJson(),
    "atom": lambda _: Atom(),
}


def make(name: str, choice: Choice) -> Format:
    """The format of a name in `FORMATS`.

    Raises: ConfigError for what it cannot do, or lacks.
    """
    if choice.history and name not in _WITH_HISTORY:
        raise ConfigError(f"{name} has no place for revisions: --revisions goes with {', '.join(_WITH_HISTORY)}")
    return FORMATS[name](choice)


_WITH_HISTORY = ("jsonl", "parquet")
