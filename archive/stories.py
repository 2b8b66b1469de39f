"""The command `stories`, and how a story that several outlets tell looks; `archive.cli` adds it to the others."""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import click

from archive import clustering, display
from archive.config import Config
from archive.errors import SourceError
from archive.models import ArticleId
from archive.store import open_archive, sources, stories
from archive.store.stories import Story, Telling
from archive.when import point_in_time, stamp


@click.command("stories")
@click.option("--since", metavar="TIME", help="First published at or after: 2d, 3w or 2026-11-01.")
@click.option("--source", metavar="NAME|URL", help="Only stories that this source tells as well.")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="At most so many.")
@click.option("--complete", is_flag=True, help="First look at all articles that were not compared yet.")
@click.option("--json", "json_lines", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def stories_command(
    config: Config, /, since: str | None, source: str | None, limit: int, *, complete: bool, json_lines: bool
) -> None:
    """List stories that several sources tell.

    Each with who told it first, who else, and about how much of it they have rewritten; the newest come first. An
    agency is named where one of the articles names it. After an upgrade from a version without stories, each crawl
    compares some of the older articles; --complete compares all that are left.
    """
    after = point_in_time(since, datetime.now(UTC)) if since else None
    if complete:
        with closing(open_archive(config.db)) as db:
            click.echo(f"compared {clustering.catch_up(db, limit=None):,} articles", err=True)
    with closing(open_archive(config.db, readonly=True)) as db:
        found = sources.find(db, source) if source else None
        if source and found is None:
            raise SourceError(f"no source {source!r} in the archive; `newsarchive sources list` shows which there are")
        told = stories.find(db, since=after, source_id=found.id if found else None, limit=limit)
    for story in told:
        click.echo(json.dumps(as_row(story), ensure_ascii=False) if json_lines else as_text(story))
    if not told:
        click.echo("nothing found: a story has to be told by two sources", err=True)


def as_text(story: Story) -> str:
    """A story with its articles, a line each, for a terminal."""
    first = story.tellings[0]
    facts = [f"{len(story.outlets)} outlets", *([story.agency] if story.agency else [])]
    head = f"{_date(first)}  {display.plain(first.title)} ({', '.join(map(display.plain, facts))})"
    return "\n".join([head, *(f"    {line}" for line in map(_line, story.tellings))])


def also_at(story: Story, article_id: ArticleId) -> str:
    """The other articles of an article's story, a line each, for a terminal."""
    others = [telling for telling in story.tellings if telling.article_id != article_id]
    return "\n".join(["Also at:", *(f"    {line}" for line in map(_line, others))])


def as_row(story: Story) -> dict[str, Any]:
    """A story with JSON's types; the shares of rewritten words with two places."""
    first = story.tellings[0]
    return {
        "cluster_id": story.id,
        "title": first.title,
        "published_at": stamp(first.published_at) if first.published_at else None,
        "source": first.source,
        "outlets": list(story.outlets),
        "agency": story.agency,
        "rewritten": round(story.rewritten, 2),
        "articles": list(telling_rows(story)),
    }


def telling_rows(story: Story) -> Iterator[dict[str, Any]]:
    """The articles of a story with JSON's types, the first one published first."""
    for telling in story.tellings:
        row = asdict(telling)
        row["published_at"] = stamp(telling.published_at) if telling.published_at else None
        row["rewritten"] = None if telling.rewritten is None else round(telling.rewritten, 2)
        yield row


def _line(telling: Telling) -> str:
    share = "first" if telling.rewritten is None else f"{telling.rewritten:.0%} rewritten"
    when = display.published(telling.published_at, telling.published_precision)
    return f"{telling.article_id:>6}  {display.plain(telling.source)}, {when}, {share}"


def _date(telling: Telling) -> str:
    return stamp(telling.published_at)[:10] if telling.published_at else "no date   "
