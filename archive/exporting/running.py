"""An export: articles selected in one state of the archive, written in a format, and told of in a manifest."""

import gzip
import io
import sys
from array import array
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, BinaryIO, cast
from urllib.parse import quote

from archive.dataset import Dataset, dataset
from archive.errors import ConfigError
from archive.exporting.folder import MANIFEST, SUMS, Folder, Tally, folder
from archive.exporting.seam import About, Format, Leaflets
from archive.exporting.selection import Asked, Selection, select
from archive.exporting.target import digest, whole_file, write_json
from archive.progress import shown_progress
from archive.record import ExportedArticle
from archive.store import Database, selections, snapshot
from archive.store.selections import Group, Key
from archive.when import stamp

NO_VALUE = "__HIVE_DEFAULT_PARTITION__"
"""How Hive, and all that reads its folders, calls a group without a value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be exported, and how."""

    format: str
    """Its name, as a user gives it."""
    asked: Asked
    form: Format
    history: bool = False
    partition: Sequence[Key] = ()
    """What divides the articles into files."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """What else was chosen for the format."""

    @property
    def told(self) -> dict[str, Any]:
        """What tells this export from others, as JSON's own types."""
        chosen = {"format": self.format, "partition": list(self.partition), "revisions": self.history}
        return chosen | dict(self.options) | self.asked.words


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What became of an export."""

    articles: int
    undated: int
    missing: int
    dataset: Dataset
    tally: Tally | None = None
    """Of a folder."""


def export(db: Database, wish: Wish, out: Path | None, now: datetime) -> Exported:
    """Exports into a file, a folder, or to stdout for None; all of it out of one state of the archive.

    Raises: ConfigError, SourceError, ExportError, CaptureError, StoreError.
    """
    is_folder = isinstance(wish.form, Leaflets) or bool(wish.partition)
    if isinstance(wish.form, Leaflets) and wish.partition:
        raise ConfigError(f"{wish.format} is a file an article already: leave --partition out")
    if out is None and (is_folder or not wish.form.is_text):
        what = "folder" if is_folder else "file"
        raise ConfigError(f"{wish.format} needs a {what} to write to: give it with -o")
    with snapshot(db):
        state = dataset(db)
        selection = select(db, wish.asked, now, wish.form.order)
        run = _Run(db=db, wish=wish, selection=selection, state=state, now=now)
        if is_folder and out is not None:
            tally = run.into_folder(out)
        else:
            tally = None
            run.into_file(out)
    return Exported(
        articles=len(selection.numbers),
        undated=selection.undated,
        missing=selection.missing,
        dataset=state,
        tally=tally,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """An export while it is made."""

    db: Database
    wish: Wish
    selection: Selection
    state: Dataset
    now: datetime

    def into_file(self, out: Path | None) -> None:
        about = self._about(self.wish.asked.title)
        articles = self._articles(self.selection.numbers)
        if out is None:
            # a bar in the midst of what is printed would be in the way
            articles = articles if sys.stdout.isatty() else self._shown(articles)
            self.wish.form.write(articles, sys.stdout.buffer, about)
            sys.stdout.flush()
            return
        with whole_file(out) as file, _packed(file, out, self.wish.form) as packed:
            self.wish.form.write(self._shown(articles), packed, about)
        if out.is_file():
            files = [{"path": out.name, "bytes": out.stat().st_size, "sha256": digest(out)}]
            write_json(out.with_name(f"{out.name}.{MANIFEST}"), self._manifest() | {"files": files})

    def into_folder(self, out: Path) -> Tally:
        leaflets = self.wish.form if isinstance(self.wish.form, Leaflets) else None
        with folder(out, self.wish.told, self._state(), by_name=leaflets is None) as target:
            if leaflets is not None:
                self._leaflets(target, leaflets)
            else:
                self._parts(target)
            target.finish()
            tally = target.tally
            sums = {"path": SUMS, "sha256": digest(out / SUMS), "files": tally.written + tally.kept}
            write_json(out / MANIFEST, self._manifest() | {"sums": sums | {"bytes": tally.bytes}})
        return tally

    def _leaflets(self, target: Folder, form: Leaflets) -> None:
        """A file for each article."""
        for article in self._shown(self._articles(self.selection.numbers)):
            content = io.BytesIO()
            form.write(iter([article]), content, self._about(article.title))
            target.put_small(form.path(article), content.getvalue())

    def _parts(self, target: Folder) -> None:
        """A file for each group of articles: `source=courier/month=2026-07/part.parquet`, as Hive has it."""
        groups: dict[Group, array[int]] = {}
        for framed in selections.framed(self.db, self.selection.numbers, self.wish.partition):
            groups.setdefault(framed.group, array("q")).append(framed.id)
        for group in shown_progress(sorted(groups, key=str), len(groups), "export"):
            values = [f"{key}={_quoted(value)}" for key, value in zip(self.wish.partition, group, strict=True)]
            title = f"{self.wish.asked.title} ({', '.join(value or '-' for value in group)})"
            articles = self._articles(groups[group])
            write = partial(self._write_part, articles, title)
            target.put("/".join([*values, f"part{self.wish.form.suffix}"]), write)

    def _write_part(self, articles: Iterator[ExportedArticle], title: str, out: BinaryIO) -> None:
        self.wish.form.write(articles, out, self._about(title))

    def _articles(self, numbers: Sequence[int]) -> Iterator[ExportedArticle]:
        return selections.articles(self.db, numbers, history=self.wish.history)

    def _shown(self, articles: Iterator[ExportedArticle]) -> Iterator[ExportedArticle]:
        return shown_progress(articles, len(self.selection.numbers), "export")

    def _about(self, title: str) -> About:
        return About(title=title, at=self.now, dataset=self.state.id)

    def _state(self) -> dict[str, Any]:
        """What the same export gives the same files of."""
        return {
            "newsarchive": version("newsarchive"),
            "understood": self.selection.told,
            "dataset": asdict(self.state),
        }

    def _manifest(self) -> dict[str, Any]:
        return {
            "complete": True,
            "made_at": stamp(self.now),
            "export": self.wish.told,
            **self._state(),
            "counts": {
                "articles": len(self.selection.numbers),
                "left_out_without_date": self.selection.undated,
                "listed_but_not_here": self.selection.missing,
                **self.wish.form.counts,
            },
        }


@contextmanager
def _packed(file: BinaryIO, path: Path, form: Format) -> Iterator[BinaryIO]:
    """The file, as one gzip member where its name says so: text becomes a quarter as long."""
    if path.suffix != ".gz" or not form.is_text:
        yield file
        return
    # without name and time: the same content is the same file
    with gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed:
        yield cast("BinaryIO", packed)


def _quoted(value: str | None) -> str:
    return NO_VALUE if value is None else quote(value, safe="")
