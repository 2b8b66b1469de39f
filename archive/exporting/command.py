"""The command `export`; `archive.cli` adds it to the others."""

import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Unpack

import click

from archive.capturing import warc_directory
from archive.config import Config
from archive.exporting.asking import Filtering, Keys, asked_for, selecting
from archive.exporting.formats import FORMATS, Choice, make
from archive.exporting.running import Exported, Wish, export
from archive.exporting.warcs import DAMAGED
from archive.store import open_archive
from archive.store.selections import Key

INCOMPLETE = 3


@click.command("export")
@click.option("--format", "form", type=click.Choice(tuple(FORMATS)), required=True, help="How (docs/export.md).")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The file or folder; else stdout, for text.")
@selecting
@click.option(
    "--ids", "listed", type=click.File("rb"), help="Only the articles of a list, as `sample` makes; - is stdin."
)
@click.option("--partition", type=Keys(), default=(), metavar="KEYS", help="A folder of files, such as source,month.")
@click.option("--revisions", is_flag=True, help="With all states of each article (jsonl, parquet).")
@click.option("--bom/--no-bom", default=True, show_default=True, help="A byte order mark for Excel (csv).")
@click.pass_obj
def export_command(
    config: Config,
    /,
    form: str,
    output: Path | None,
    listed: BinaryIO | None,
    partition: tuple[Key, ...],
    *,
    revisions: bool,
    bom: bool,
    **filters: Unpack[Filtering],
) -> None:
    """Take articles away, all or some, in the format of those who work with them.

    A file is there whole or not at all, and beside it FILE.manifest.json: what was asked for, of which state of the
    archive, how many articles, and the file's SHA-256. A folder has manifest.json and SHA256SUMS in it; an export into
    a folder that was interrupted goes on when it is run again.

    Exits with 3 where WARC records are damaged or missing, and the rest was written.

    --partition divides by source, year, month, day, language or section: source=courier/month=2026-07/part.parquet.
    """
    asked = asked_for(filters, listed)
    with closing(open_archive(config.db, readonly=True)) as db:
        choice = Choice(db=db, warc=warc_directory(config.db), history=revisions, bom=bom)
        options = {"bom": bom} if form == "csv" else {}
        wish = Wish(
            format=form, asked=asked, form=make(form, choice), history=revisions, partition=partition, options=options
        )
        done = export(db, wish, None if output == Path("-") else output, datetime.now(UTC))
    for line in _lines(done, wish):
        click.echo(line, err=True)
    sys.exit(INCOMPLETE if wish.form.counts.get(DAMAGED) else 0)


def _lines(done: Exported, wish: Wish) -> list[str]:
    lines = [f"exported {done.articles:,} articles of {done.dataset.id}"]
    lines += [f"  {count:,} {what.replace('_', ' ')}" for what, count in wish.form.counts.items() if count]
    if done.tally is not None:
        tally = done.tally
        lines.append(f"  {tally.written:,} files written, {tally.kept:,} there already, {tally.removed:,} removed")
        if tally.left:
            lines.append(f"  {tally.left:,} files of an earlier run were changed by somebody, and left as they are")
    if done.undated:
        lines.append(f"  {done.undated:,} articles without a date were left out by --since or --until")
    if done.missing:
        lines.append(f"  {done.missing:,} of the list are not in this archive")
    return lines
