"""The commands `sources import` and `sources export`: lists of sources from and for other programs, and for git."""

import json
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

import click

from archive.cli import json_option, reading, writing
from archive.config import Config, ConfiguredSource, parsed
from archive.models import CanonicalUrl, EndpointKind, Source, SourceId
from archive.reconciling import Changes, reconcile
from archive.store import Database, endpoints, sources
from archive.urls import place
from crawler.sources.formats import addresses, configuration, opml, sitelist
from crawler.sources.formats.brought import Gathering, Skipped
from crawler.target import known

FORMATS = ("toml", "opml", "urls", "sitelist")
_READERS: Mapping[str, Callable[[bytes, str], Gathering]] = MappingProxyType(
    {"opml": opml.read, "urls": addresses.read, "sitelist": sitelist.read}
)
_BY_SUFFIX = MappingProxyType(
    {".toml": "toml", ".opml": "opml", ".xml": "opml", ".hjson": "sitelist", ".json": "sitelist", ".txt": "urls"}
)


def format_of(data: bytes, name: str) -> str:
    """In which of `FORMATS` a list is: by the end of its name, else by what it looks like. Raises: nothing."""
    told = _BY_SUFFIX.get(Path(name).suffix.lower())
    if told is not None:
        return told
    head = data[:65_536].decode("utf-8-sig", "replace").lstrip()
    if head.startswith("<"):
        return "opml"
    if "base_urls" in head:
        return "sitelist"
    try:
        tomllib.loads(data.decode("utf-8-sig"))
    except ValueError:
        return "toml" if "[[source]]" in head else "urls"
    return "toml" if head else "urls"


@click.command("import")
@click.argument("file", type=click.File("rb"))
@click.option("--format", "form", type=click.Choice(FORMATS), help="If neither its name nor a look at it tells.")
@click.option("--dry-run", is_flag=True, help="Say what would be done; write nothing.")
@json_option
@click.pass_obj
def import_sources(config: Config, file: BinaryIO, form: str | None, *, dry_run: bool, json_lines: bool) -> None:
    """Follow the sources of a list: newsarchive.toml, OPML, addresses line by line, or news-please's sitelist.hjson.

    FILE is - for stdin. What is passed over is told with its line and the reason. Sources that are followed already
    stay as they are, but for a newsarchive.toml, which says how they shall be; none is disabled or removed.
    """
    data = file.read()
    form = form or format_of(data, file.name)
    if form == "toml":
        wanted, skipped = parsed(data, file.name), list[Skipped]()
    else:
        found = _READERS[form](data, file.name)
        wanted, skipped = found.sources, found.skipped
    changes = _apply(config, wanted, skipped, keeps=form != "toml", dry_run=dry_run)
    _print(changes, skipped, json_lines=json_lines)


def _apply(
    config: Config, wanted: Sequence[ConfiguredSource], skipped: list[Skipped], *, keeps: bool, dry_run: bool
) -> Changes:
    """Brings in what is wanted; with `keeps`, what is followed already is passed over."""
    if dry_run and not config.db.exists():
        return reconcile((), wanted, only=False)
    with reading(config) if dry_run else writing(config) as db:
        if keeps:
            wanted = list(_new(db, wanted, skipped))
        return (
            reconcile(sources.every(db), wanted, only=False)
            if dry_run
            else sources.bring_in_line(db, wanted, only=False)
        )


def _new(db: Database, wanted: Sequence[ConfiguredSource], skipped: list[Skipped]) -> Sequence[ConfiguredSource]:
    followed = {place(CanonicalUrl(source.url)): source.name for source in sources.every(db)}
    for source in wanted:
        if name := followed.get(place(source.url)):
            line = int(source.where.rpartition(":")[2])
            skipped.append(Skipped(line=line, what=source.url, why=f"followed already: {name}"))
    return [source for source in wanted if place(source.url) not in followed]


def _print(changes: Changes, skipped: Sequence[Skipped], *, json_lines: bool) -> None:
    if json_lines:
        for new in changes.added:
            click.echo(json.dumps({"added": new.url, "name": new.name, "where": new.where}, ensure_ascii=False))
        for change in changes.changed:
            click.echo(json.dumps({"changed": change.after.url, "name": change.after.name}, ensure_ascii=False))
        for one in skipped:
            row = {"skipped": one.what, "line": one.line, "reason": one.why}
            click.echo(json.dumps(row, ensure_ascii=False))
    else:
        for line in changes.lines():
            click.echo(line)
        for one in sorted(skipped, key=lambda one: one.line):
            click.echo(f"line {one.line}: {one.what}: {one.why}", err=True)
    click.echo(f"{len(changes.added):,} added, {len(changes.changed):,} changed, {len(skipped):,} remarks", err=True)


@click.command("export")
@click.argument("names", nargs=-1, metavar="[NAME|URL]...")
@click.option("--format", "form", type=click.Choice(FORMATS), default="toml", show_default=True, help="How.")
@click.pass_obj
def export_sources(config: Config, names: Sequence[str], form: str) -> None:
    """Print the sources as a list; without names all of them.

    toml has everything that is set, and `sources import` reads it back to the letter. opml, for feed readers, has
    addresses, titles and feeds (also those that crawls have found); urls addresses; sitelist addresses and how often.
    """
    with reading(config) as db:
        chosen = [known(db, name) for name in names] if names else sources.every(db)
        feeds = {source.id: _feeds(db, source) for source in chosen}
    click.echo(_written(form, chosen, feeds), nl=False)


def _feeds(db: Database, source: Source) -> list[str]:
    found = endpoints.of(db, source.id)
    return [one.url for one in found if one.kind is EndpointKind.FEED and one.error is None and one.last_checked_at]


def _written(form: str, chosen: Sequence[Source], feeds: Mapping[SourceId, Sequence[str]]) -> str:
    if form == "opml":
        return opml.written(chosen, feeds)
    writers = {"toml": configuration.written, "urls": addresses.written, "sitelist": sitelist.written}
    return writers[form](chosen)
