"""The command `diff`; `archive.cli` adds it to the others."""

import json
import shutil
import sys
from contextlib import closing

import click

from archive.config import Config
from archive.display import WIDTH
from archive.errors import StoreError
from archive.finding import article_id
from archive.history import showing
from archive.history.comparing import Comparison, compare
from archive.store import Database, articles, histories, open_archive
from archive.terminal import has_colours


@click.command("diff")
@click.argument("article", metavar="ARTICLE|URL")
@click.argument("first", metavar="[A", type=click.IntRange(min=1), required=False)
@click.argument("second", metavar="B]", type=click.IntRange(min=1), required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "html", "json")),
    default="text",
    show_default=True,
    help="How: what differs, the whole article as a page, or all pieces.",
)
@click.option("--json", "json_lines", is_flag=True, help="One JSON object on one line.")
@click.pass_obj
def diff_command(
    config: Config, /, article: str, first: int | None, second: int | None, form: str, *, json_lines: bool
) -> None:
    """Show how two revisions of an article differ, word by word: A and B, or A and the one before it, or the last two.

    With it stands what kind of edit it is, and whether it was a silent one: it reads otherwise, and neither a note of
    correction nor a later time of modification says so. What was taken out is marked [-so-], what came {+so+}; red and
    green on a terminal. In scripts without spaces each character counts as a word.
    """
    with closing(open_archive(config.db, readonly=True)) as db:
        found = _compared(db, article, first, second)
    if json_lines or form == "json":
        click.echo(json.dumps(showing.as_row(found), ensure_ascii=False, indent=None if json_lines else 2))
    elif form == "html":
        click.echo(showing.as_html(found))
    else:
        columns = shutil.get_terminal_size().columns if sys.stdout.isatty() else WIDTH
        click.echo(showing.as_text(found, colour=has_colours(), width=min(WIDTH, columns)))


def _compared(db: Database, word: str, first: int | None, second: int | None) -> Comparison:
    """The comparison that is meant. Raises StoreError for what there is not, UsageError for what has no sense."""
    newest = articles.get(db, article_id(db, word))
    if newest.revisions == 1:
        raise StoreError(
            f"article {newest.id} has one revision: it reads as when it was first seen, {newest.first_seen_at:%F}"
        )
    later = newest.revisions if first is None else first if second is None else max(first, second)
    earlier = later - 1 if first is None or second is None else min(first, second)
    if earlier == later:
        raise click.UsageError(f"revision {later} is compared with itself; name two, or none for the last two")
    if earlier < 1:
        raise click.UsageError("before revision 1 there is none; name two, or none for the last two")
    after, before = (articles.get(db, newest.id, revision=number) for number in (later, earlier))
    return compare(before, after, histories.editions(db, newest.id))
