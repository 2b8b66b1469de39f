"""The command `sample`; `archive.cli` adds it to the others."""

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Unpack

import click

from archive.config import Config
from archive.dataset import Dataset, dataset
from archive.exporting.asking import Filtering, Keys, asked_for, selecting
from archive.exporting.folder import MANIFEST
from archive.exporting.selection import Asked, Selection, select
from archive.exporting.target import digest, whole_file, write_json
from archive.progress import shown_progress
from archive.sampling.drawing import Stratum, draw, strata
from archive.store import Database, open_archive, selections, snapshot
from archive.store.selections import Framed, Group, Key
from archive.when import stamp


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is drawn, and how."""

    n: int
    seed: int
    by: Sequence[Key] = ()
    equal: bool = False

    @property
    def told(self) -> dict[str, Any]:
        """As JSON's own types."""
        allocation = "equal" if self.equal else "proportional"
        return {"n": self.n, "seed": self.seed, "by": list(self.by), "allocation": allocation}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What was drawn."""

    plan: Plan
    asked: Asked
    selection: Selection
    state: Dataset
    strata: Sequence[Stratum]
    drawn: dict[Group, list[Framed]]

    def rows(self) -> Iterator[dict[str, Any]]:
        """A row an article: what `export --ids` reads, and what an estimate needs."""
        for stratum in self.strata:
            probability = float(stratum.probability)
            for place, article in enumerate(self.drawn[stratum.group], 1):
                yield {
                    "id": article.id,
                    "url": article.url,
                    "stratum": self._names(stratum),
                    "place": place,
                    "stratum_size": stratum.size,
                    "stratum_drawn": stratum.drawn,
                    "probability": probability,
                    "weight": 1 / probability,
                    "seed": self.plan.seed,
                    "dataset": self.state.id,
                }

    def manifest(self, now: datetime) -> dict[str, Any]:
        """The frame, the strata and the state of the archive, as JSON's own types."""
        return {
            "complete": True,
            "newsarchive": version("newsarchive"),
            "made_at": stamp(now),
            "sample": self.plan.told | self.asked.words,
            "understood": self.selection.told,
            "dataset": asdict(self.state),
            "frame": {"articles": len(self.selection.numbers), "left_out_without_date": self.selection.undated},
            "strata": [
                {
                    "stratum": self._names(stratum),
                    "size": stratum.size,
                    "drawn": stratum.drawn,
                    "probability": float(stratum.probability),
                }
                for stratum in self.strata
            ],
        }

    def _names(self, stratum: Stratum) -> dict[str, str | None]:
        return dict(zip(self.plan.by, stratum.group, strict=True))


def sample(db: Database, asked: Asked, plan: Plan, now: datetime) -> Sample:
    """Draws a sample of one state of the archive. Raises: ConfigError, SourceError, StoreError."""
    with snapshot(db):
        state = dataset(db)
        selection = select(db, asked, now)
        frame = selections.framed(db, selection.numbers, plan.by)
        sizes = Counter(article.group for article in shown_progress(frame, len(selection.numbers), "frame"))
        parts = strata(sizes, plan.n, equal=plan.equal)
        again = selections.framed(db, selection.numbers, plan.by)
        drawn = draw(shown_progress(again, len(selection.numbers), "draw"), parts, plan.seed)
    return Sample(plan=plan, asked=asked, selection=selection, state=state, strata=parts, drawn=drawn)


@click.command("sample")
@click.option("--n", type=click.IntRange(min=1), required=True, help="How many articles.")
@click.option("--by", type=Keys(), default=(), metavar="KEYS", help="The strata, such as source,month; else one.")
@click.option("--equal", is_flag=True, help="As many of each stratum; else in proportion to their sizes.")
@click.option("--seed", type=int, default=0, show_default=True, help="What the draw depends on.")
@selecting
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The file; else stdout.")
@click.pass_obj
def sample_command(
    config: Config,
    /,
    n: int,
    by: tuple[Key, ...],
    seed: int,
    output: Path | None,
    *,
    equal: bool,
    **filters: Unpack[Filtering],
) -> None:
    """Draw a stratified sample of articles, the same again for the same seed and state of the archive.

    Strata are made by source, year, month, day, language or section. Out come JSON lines, one an article: address,
    number, stratum, how many the stratum has and how many were drawn, probability and weight. `export --ids FILE` takes
    them. With -o the frame and all strata are told in FILE.manifest.json.
    """
    now = datetime.now(UTC)
    with closing(open_archive(config.db, readonly=True)) as db:
        found = sample(db, asked_for(filters), Plan(n=n, seed=seed, by=by, equal=equal), now)
    lines = (f"{json.dumps(row, ensure_ascii=False)}\n".encode() for row in found.rows())
    if output is None or output == Path("-"):
        sys.stdout.buffer.writelines(lines)
    else:
        with whole_file(output) as file:
            file.writelines(lines)
        if output.is_file():
            files = [{"path": output.name, "bytes": output.stat().st_size, "sha256": digest(output)}]
            write_json(output.with_name(f"{output.name}.{MANIFEST}"), found.manifest(now) | {"files": files})
    for line in _said(found):
        click.echo(line, err=True)


def _said(found: Sample) -> Iterator[str]:
    count = sum(stratum.drawn for stratum in found.strata)
    frame = len(found.selection.numbers)
    yield f"drew {count:,} of {frame:,} articles in {len(found.strata):,} strata of {found.state.id}"
    if empty := sum(not stratum.drawn for stratum in found.strata):
        yield f"  {empty:,} strata are too small for one of theirs to be drawn: take more, fewer strata, or --equal"
    if found.selection.undated:
        yield f"  {found.selection.undated:,} articles without a date were left out by --since or --until"
