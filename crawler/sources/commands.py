"""The command `sources`."""

import json

import click

from archive.cli import json_option, reading, writing
from archive.config import Config
from archive.store import sources, statistics
from crawler.target import address, known

CRAWLS_SHOWN = 10


@click.group("sources")
def sources_group() -> None:
    """The publications that this archive follows."""


@sources_group.command("add")
@click.argument("url", metavar="URL|HOST")
@click.option("--name", help="A short unique name; made of the host if not given.")
@click.option("--title", help="What the publication calls itself.")
@click.pass_obj
def add_source(config: Config, url: str, name: str | None, title: str | None) -> None:
    """Follow a news site; the next `crawl` reads it. `example.org` means https://example.org/."""
    with writing(config) as db:
        source = sources.add(db, url=address(url), name=name, title=title)
    click.echo(f"{source.name}  {source.url}")


@sources_group.command("list")
@json_option
@click.pass_obj
def list_sources(config: Config, *, json_lines: bool) -> None:
    """One line a source: name, articles, last crawl, address."""
    with reading(config) as db:
        rows = statistics.of_sources(db)
    if not rows:
        click.echo("no source yet: newsarchive sources add https://example.org/", err=True)
    for row in rows:
        if json_lines:
            click.echo(json.dumps(row, ensure_ascii=False))
        else:
            crawled = row["last_crawl_at"] or "never crawled"
            click.echo(f"{row['source']}  {row['articles']:,} articles  {crawled}  {row['url']}")


@sources_group.command("show")
@click.argument("source", metavar="NAME|URL")
@json_option
@click.pass_obj
def show_source(config: Config, source: str, *, json_lines: bool) -> None:
    """Everything about one source, as JSON: its settings, endpoints and last crawls."""
    with reading(config) as db:
        row = sources.details(db, known(db, source).id, crawls=CRAWLS_SHOWN)
    click.echo(json.dumps(row, ensure_ascii=False, indent=None if json_lines else 2))


@sources_group.command("remove")
@click.argument("source", metavar="NAME|URL")
@click.pass_obj
def remove_source(config: Config, source: str) -> None:
    """Stop following a source. Refused where it has articles: an archive keeps what it has."""
    with writing(config) as db:
        found = known(db, source)
        sources.remove(db, found.id)
    click.echo(f"removed {found.name}")
