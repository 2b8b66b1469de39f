"""The `newsarchive` command: what an archivist asks of the file; the crawler's commands join by entry point."""

import json
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import entry_points
from io import TextIOWrapper
from pathlib import Path
from typing import Any

import click

from archive import citation, cleaning, display
from archive.config import Config
from archive.errors import ArchiveError, SourceError
from archive.exporting.command import export_command
from archive.finding import article_id
from archive.history import showing
from archive.history.command import diff_command
from archive.integrity.command import verify_command
from archive.rebuilding.command import rebuild_command
from archive.reextract.command import reextract_command
from archive.sampling.command import sample_command
from archive.search import search
from archive.store import (
    Database,
    absences,
    articles,
    boilerplate,
    histories,
    open_archive,
    selections,
    sources,
    statistics,
    stories,
)
from archive.stories import also_at, stories_command, telling_rows
from archive.takedown.command import takedown_command
from archive.terminal import has_colours
from archive.watching.auditing import audit_command
from archive.watching.command import health_command
from archive.when import point_in_time

COMMANDS = "newsarchive.commands"
"""The entry point group of further commands: each entry is a function that takes the group and adds to it."""

json_option = click.option("--json", "json_lines", is_flag=True, help="One JSON object a line.")


class Group(click.Group):
    """The command group, with what other packages add to it."""

    _joined = False

    def _join(self) -> None:
        if not self._joined:
            self._joined = True
            for entry_point in entry_points(group=COMMANDS):
                entry_point.load()(self)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands, by name."""
        self._join()
        return super().list_commands(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command; the crawler's rooms are loaded only when one of ours does not answer."""
        if cmd_name not in self.commands:
            self._join()
        return super().get_command(ctx, cmd_name)


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--db", type=click.Path(path_type=Path), help="The archive; else NEWSARCHIVE_DB, else news.db.")
@click.version_option(package_name="newsarchive")
@click.pass_context
def cli(ctx: click.Context, db: Path | None) -> None:
    """Archive news sites for good: crawl, search, read."""
    config = Config.from_environment(os.environ)
    ctx.obj = Config(db=db or config.db, db_is_given=db is not None, contact=config.contact)


cli.add_command(verify_command)
cli.add_command(rebuild_command)
cli.add_command(reextract_command)
cli.add_command(takedown_command)
cli.add_command(stories_command)
cli.add_command(diff_command)
cli.add_command(export_command)
cli.add_command(sample_command)
cli.add_command(health_command)
cli.add_command(audit_command)


@cli.command("search")
@click.argument("query")
@click.option("--source", metavar="NAME", help="Only articles of this source.")
@click.option("--since", metavar="TIME", help="Published at or after: 2d, 3w or 2026-11-01.")
@click.option("--until", metavar="TIME", help="Published before.")
@click.option("--language", metavar="CODE", help="Only articles in this language, as en or zh.")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="At most so many.")
@json_option
@click.pass_obj
def search_command(config: Config, /, query: str, *, json_lines: bool, **filters: Any) -> None:
    """Find articles by words.

    "Quoted phrases", AND, OR, NOT and prefix* work; the best match comes first. Diacritics, case and spelling (ß, ss)
    do not matter; other forms of a word, and words inside a compound, are other words (docs/search.md).
    """
    now = datetime.now(UTC)
    for key in ("since", "until"):
        filters[key] = point_in_time(filters[key], now) if filters[key] else None
    with reading(config) as db:
        found = search(db, query, marks=(display.MATCH_BEGINS, display.MATCH_ENDS), **filters)
    for hit in found:
        click.echo(_json(display.hit_row(hit)) if json_lines else display.hit(hit, colour=has_colours()))
    if not found:
        click.echo("nothing found", err=True)


@cli.command("show")
@click.argument("article", metavar="ARTICLE|URL")
@click.option("--revision", type=click.IntRange(min=1), help="Not the newest but this one.")
@click.option(
    "--format",
    "form",
    type=click.Choice((*display.FORMATS, *citation.FORMATS)),
    default="text",
    show_default=True,
    help="How; the last four cite it.",
)
@json_option
@click.pass_obj
def show_command(config: Config, article: str, revision: int | None, form: str, *, json_lines: bool) -> None:
    """Print an article, by its number or any of its addresses.

    Below its text stand its revisions, the times in which it was missing, and where else the same story is told, with
    about how much of it each has rewritten.
    """
    with reading(config) as db:
        stored = articles.get(db, article_id(db, article), revision=revision)
        story = stories.of(db, stored.id)
        past = showing.Past(editions=histories.editions(db, stored.id), absences=absences.of(db, stored.id))
        (cited,) = map(citation.work, selections.articles(db, [stored.id]))
    if json_lines or form == "json":
        told = list(telling_rows(story)) if story else []
        row = display.as_row(stored) | showing.past_row(past) | {"story": told}
        click.echo(json.dumps(row, ensure_ascii=False, indent=None if json_lines else 2))
    elif form in citation.FORMATS:
        click.echo(citation.FORMATS[form](cited).rstrip("\r\n"))
    elif form == "text":
        columns = shutil.get_terminal_size().columns if sys.stdout.isatty() else display.WIDTH
        click.echo(display.as_text(stored, min(display.WIDTH, columns)))
        for below in (showing.past(past), also_at(story, stored.id) if story else ""):
            if below:
                click.echo(f"\n{below}")
    else:
        click.echo(display.FORMATS[form](stored))


@cli.command("explain")
@click.argument("article", metavar="ARTICLE|URL")
@json_option
@click.pass_obj
def explain_command(config: Config, article: str, *, json_lines: bool) -> None:
    """Say where each field of an article came from: all that the page offered, and what was chosen (*).

    What stood in the text and was taken out, because the source's articles share it, comes last.
    """
    with reading(config) as db:
        stored = articles.get(db, article_id(db, article))
        values = articles.fields(db, stored.id)
        taken = boilerplate.taken_out(db, stored.id)
    if json_lines:
        rows = [*map(asdict, values), *map(asdict, taken)]
        click.echo("\n".join(map(_json, rows)))
    else:
        click.echo(display.explanation(stored, values, taken))


@cli.command("boilerplate")
@click.argument("source", metavar="NAME|URL")
@click.option("--restore", metavar="HASH", help="Put this line back into every text, and never take it again.")
@json_option
@click.pass_obj
def boilerplate_command(config: Config, source: str, restore: str | None, *, json_lines: bool) -> None:
    """List what was taken out of a source's texts because its articles share it, or put a line back."""
    with writing(config) if restore else reading(config) as db:
        found = sources.find(db, source)
        if found is None:
            raise SourceError(f"no source {source!r} in the archive; `newsarchive sources list` shows which there are")
        if restore:
            count = cleaning.undo(db, found.id, restore)
            click.echo(f"put back into {count:,} articles", err=True)
        lines = boilerplate.every(db, found.id)
    for line in lines:
        click.echo(_json(asdict(line)) if json_lines else display.learned_line(line))
    if not lines:
        click.echo("nothing was taken out: a line has to recur in many articles of the source", err=True)


@cli.command("stats")
@json_option
@click.pass_obj
def stats_command(config: Config, *, json_lines: bool) -> None:
    """What the archive holds."""
    with reading(config) as db:
        numbers = statistics.of(db)
    click.echo(_json(numbers) if json_lines else display.statistics(numbers))


@contextmanager
def reading(config: Config) -> Iterator[Database]:
    """The archive, opened for reading; a crawl may be writing to it meanwhile.

    Raises: StoreError where there is none, or it cannot be read.
    """
    db = open_archive(config.db, readonly=True)
    try:
        yield db
    finally:
        db.close()


@contextmanager
def writing(config: Config) -> Iterator[Database]:
    """The archive, opened for writing; made or migrated where need be.

    Raises: StoreError where it cannot be.
    """
    db = open_archive(config.db)
    try:
        yield db
    finally:
        db.close()


def _json(row: Mapping[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False)


def main() -> None:
    """The entry point: an error of ours is one line on stderr and its exit code, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # a terminal of another encoding than UTF-8 shows what it can
            stream.reconfigure(errors="backslashreplace")
    try:
        cli(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except ArchiveError as error:
        click.echo(f"newsarchive: {error}", err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # whoever read our output has seen enough; Python must not complain when it flushes the rest
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        if error.filename is not None:
            raise
        # of all that we open, only the output has no name
        click.echo(f"newsarchive: the output cannot be written: {error.strerror}", err=True)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
