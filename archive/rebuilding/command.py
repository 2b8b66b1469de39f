"""The command `rebuild`; `archive.cli` adds it to the others."""

import os
from pathlib import Path

import click

from archive.capturing import warc_directory
from archive.config import Config
from archive.metering import metered
from archive.pool import shared_pool
from archive.rebuilding.running import rebuild

SOME_FAILED = 3
ERRORS_SHOWN = 20
PAGE_TIMEOUT_S = 30.0


@click.command("rebuild")
@click.option(
    "--to", "target", type=click.Path(path_type=Path), required=True, help="The new database; never an old one."
)
@click.option(
    "--from", "directory", type=click.Path(path_type=Path), help="The WARC files; those of --db if not given."
)
@click.option("--processes", type=click.IntRange(min=0), default=os.cpu_count() or 1, help="Processes that extract.")
@click.pass_obj
def rebuild_command(config: Config, target: Path, directory: Path | None, processes: int) -> None:
    """Make a new database of the WARC files alone, with the same articles.

    Lost news.db? `newsarchive rebuild --to news.db` makes it of news.warc/.

    Exits with 3 when some of the files could not be read.
    """
    found = directory or warc_directory(config.db)
    total = sum(path.stat().st_size for path in found.glob("*.warc.gz"))
    with metered("rebuilding", total or None) as tell:
        rebuilt = rebuild(
            found, target, shared_pool(processes, PAGE_TIMEOUT_S), advanced=lambda position: tell(position, "")
        )
    numbers = ("articles", "revisions", "captures", "crawls")
    click.echo(f"{target}: " + ", ".join(f"{rebuilt.counts.get(name, 0):,} {name}" for name in numbers))
    if found.resolve() != warc_directory(target).resolve():
        click.echo(f"its WARC files are looked for in {warc_directory(target)}: move or copy {found} there", err=True)
    for error in rebuilt.errors[:ERRORS_SHOWN]:
        click.echo(f"newsarchive: {error}", err=True)
    raise SystemExit(SOME_FAILED if rebuilt.errors else 0)
