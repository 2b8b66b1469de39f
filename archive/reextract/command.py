"""The command `reextract`: what would change, told; then written, or undone.

`archive.cli` adds it to the others.
"""

import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, nullcontext
from datetime import UTC, datetime
from typing import Any

import click

from archive import clustering
from archive.capturing import warc_directory
from archive.config import Config
from archive.errors import ConfigError, SourceError
from archive.lock import crawl_lock
from archive.pool import shared_pool
from archive.progress import shown_progress
from archive.reextract import shown
from archive.reextract.reading import Reader
from archive.reextract.report import LISTED, Report
from archive.reextract.running import TROUBLES, Reextracting
from archive.reextract.undoing import STAY, left, run_to_undo, undo
from archive.store import Database, open_archive, reextractions, sources
from archive.store.reextractions import Selection
from archive.terminal import has_colours
from archive.when import point_in_time

PAGE_S = 30.0
"""Seconds that the pages of one article may take."""

INCOMPLETE = 3
"""Exit code where something could not be read again."""

LAST = -1


@click.command("reextract")
@click.option("--source", metavar="NAME", help="Only articles of this source.")
@click.option("--since", metavar="TIME", help="Only what was published (or first seen) since: 2d, 3w or 2026-11-01.")
@click.option("--limit", type=click.IntRange(min=0), help="Look at most at so many.")
@click.option("--all", "of_any_version", is_flag=True, help="Also what today's version has extracted.")
@click.option("--apply", "applies", is_flag=True, help="Write what is told.")
@click.option(
    "--rollback",
    type=click.INT,
    is_flag=False,
    flag_value=LAST,
    metavar="[RUN]",
    help="Undo the last run that wrote, or the one of this number.",
)
@click.option("--list", "lists", is_flag=True, help="The runs that wrote, the last first.")
@click.option(
    "--examples", default=3, show_default=True, type=click.IntRange(min=0), help="Of each kind of difference."
)
@click.option(
    "--processes", default=os.cpu_count() or 1, type=click.IntRange(min=0), help="That extract; 0: this one alone."
)
@click.option("--json", "json_lines", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def reextract_command(
    config: Config,
    /,
    *,
    applies: bool,
    rollback: int | None,
    lists: bool,
    json_lines: bool,
    **wish: Any,
) -> None:
    """Extract articles anew from the responses on disk, and say what changes.

    Nothing is fetched, and nothing written without --apply. Looked at is what another version than today's has
    extracted, and what it rejected. A page that would be no article today leaves its article as it is.

    Exits with 3 when something could not be read again.
    """
    if applies + lists + (rollback is not None) > 1:
        raise ConfigError("--apply, --rollback and --list do not go together: one of them")
    if rollback is not None:
        _roll_back(config, None if rollback == LAST else rollback, json_lines=json_lines)
    elif lists:
        with _archive(config) as db:
            for run in reextractions.every(db):
                click.echo(_json(shown.run_row(run)) if json_lines else shown.run_line(run))
    else:
        raise SystemExit(_reextract(config, wish, applies=applies, json_lines=json_lines))


def _reextract(config: Config, wish: Mapping[str, Any], *, applies: bool, json_lines: bool) -> int:
    with _archive(config, locked=applies) as db:
        report = Report({source.id: source.name for source in sources.every(db)}, examples=wish["examples"])
        run = Reextracting(
            db,
            _selection(db, wish),
            reader=Reader(directory=warc_directory(config.db)),
            pool=shared_pool(wish["processes"], PAGE_S),
            limit=wish["limit"],
            writes=applies,
        )
        try:
            for finding in shown_progress(run.findings(), run.total(), "reextract"):
                report.add(finding)
                if json_lines and finding.kind in LISTED:
                    click.echo(_json(shown.finding_row(report.name(finding), finding)))
        except KeyboardInterrupt:
            _interrupted(run)
            raise
        _print(report, applies=applies, json_lines=json_lines)
    return INCOMPLETE if any(run.counts[kind] for kind in TROUBLES) else 0


def _selection(db: Database, wish: Mapping[str, Any]) -> Selection:
    source = sources.find(db, wish["source"]) if wish["source"] else None
    if wish["source"] and source is None:
        raise SourceError(f"no source {wish['source']!r} in the archive; `newsarchive sources list` shows the names")
    return Selection(
        source_id=source.id if source else None,
        since=point_in_time(wish["since"], datetime.now(UTC)) if wish["since"] else None,
        of_any_version=wish["of_any_version"],
    )


def _interrupted(run: Reextracting) -> None:
    told = "nothing was written"
    if run.run:
        told = (
            f"{run.counts.total():,} are done and stay; the same again goes on, `--rollback {run.run.id}` undoes them"
        )
    click.echo(f"stopped: {told}", err=True)


def _print(report: Report, *, applies: bool, json_lines: bool) -> None:
    if json_lines:
        for row in shown.rows(report):
            click.echo(_json(row))
        return
    for line in shown.lines(report, writes=applies, colour=has_colours()):
        click.echo(line)
    if not report.sources:
        click.echo("nothing to read again: all of it is of today's version (--all looks at it nevertheless)", err=True)
    elif not applies:
        click.echo("nothing was written; --apply writes it, and --rollback then undoes it", err=True)


def _roll_back(config: Config, number: int | None, *, json_lines: bool) -> None:
    with _archive(config, locked=True) as db:
        run = run_to_undo(db, number)
        counts: Counter[str] = Counter()
        for undone in shown_progress(undo(db, run), left(db, run), "rollback"):
            counts[undone.outcome] += 1
            if undone.outcome in STAY:
                click.echo(_json(shown.undone_row(undone)) if json_lines else shown.undone_line(undone))
        if json_lines:
            click.echo(_json({"run": run.id, "counts": dict(counts)}))
        else:
            click.echo(shown.rollback_line(run, counts))


@contextmanager
def _archive(config: Config, *, locked: bool = False) -> Iterator[Database]:
    """The archive, which must be there; migrated where need be. `locked` says that texts will be changed.

    Raises: StoreError where there is none, ArchiveLockedError where another process writes to it.
    """
    if not config.db.exists():
        # to be written it would be made
        open_archive(config.db, readonly=True).close()
    with crawl_lock(config.db) if locked else nullcontext(), closing(open_archive(config.db)) as db:
        yield db
        if locked:
            clustering.catch_up(db)


def _json(row: Mapping[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False)
