"""What is told at the end of a run that nobody watches: metrics, and a notification where a source needs a look."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import click

from archive.errors import ArchiveError
from archive.store import open_archive
from archive.watching import metrics, notifying
from archive.watching.judging import Health, judge, summary
from archive.when import stamp

C = TypeVar("C", bound=Callable[..., Any])
ALL_WELL: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How the sources were at the end of a run."""

    found: Sequence[Health]
    line: str
    """All of it in one line."""
    troubles: tuple[str, ...]
    """Why metrics or notification did not get through; nothing of the run is lost by it."""

    @property
    def ailing(self) -> list[Health]:
        """The sources that need a look."""
        return [health for health in self.found if health.alarms]


def watch_options(command: C) -> C:
    """The options `--metrics FILE` and `--notify CMD|URL`, for a command of click."""
    for option in (
        click.option(
            "--notify",
            metavar="CMD|URL",
            help="Where a source needs a look or has failed, give a JSON summary to a command's stdin, or POST it.",
        ),
        click.option(
            "--metrics",
            type=click.Path(path_type=Path, dir_okay=False),
            metavar="FILE",
            help="Write the numbers for Prometheus' textfile collector, as DIR/newsarchive.prom.",
        ),
    ):
        command = option(command)
    return command


def tell(
    db: Path,
    *,
    metrics_file: Path | None = None,
    notify: str | None = None,
    names: Sequence[str] = (),
    failed: Mapping[str, str] = ALL_WELL,
) -> Told:
    """Judges the sources of an archive (those of these names, else all that are enabled), and tells who wants to know.

    `failed` says why crawls of the run that has ended have failed, by the source's name. A notification is sent where
    one has, or where a source needs a look. What does not get through is in `troubles`, and raises nothing.

    Raises: StoreError where the archive cannot be read, SourceError for a name that is not there.
    """
    at = datetime.now(UTC)
    with closing(open_archive(db, readonly=True)) as archive:
        found = judge(archive, at, names)
    line = summary(found)
    ailing = [health for health in found if health.alarms]
    troubles: list[str] = []
    if metrics_file is not None:
        _try(troubles, lambda: metrics.write(metrics_file, metrics.exposition(found, at)))
    if notify is not None and (ailing or failed):
        said = {
            "at": stamp(at),
            "archive": str(db),
            "summary": line,
            "sources": [health.as_row() for health in ailing],
            "failed": dict(failed),
        }
        _try(troubles, lambda: notifying.notify(notify, said))
    return Told(found=found, line=line, troubles=tuple(troubles))


def _try(troubles: list[str], step: Callable[[], None]) -> None:
    try:
        step()
    except ArchiveError as error:
        troubles.append(str(error))
