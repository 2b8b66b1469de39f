"""The commands that need the network: crawl, demo and import; they join `newsarchive` by its entry point."""

import json
import shutil
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TextIO

import click

from archive.cli import json_option, reading, writing
from archive.config import Config
from archive.errors import ConfigError
from archive.lock import crawl_lock
from archive.revisiting import Why
from archive.store import sources
from archive.when import stamp
from crawler.crawling import SettingValue, crawl
from crawler.demo.newspaper import Newspaper, serve
from crawler.forecast import Forecast, forecast
from crawler.frontier import now
from crawler.imports import import_group
from crawler.lists import addresses, take_in
from crawler.options import crawling_options
from crawler.showing import exit_code, show_errors, show_results
from crawler.sources.commands import sources_group
from crawler.target import address

DEMO_PORT = 8765
DEMO_NAME = "harbour-lantern"
# our own newspaper, on loopback, may be asked as fast as it answers
DEMO_SETTINGS: dict[str, SettingValue] = {
    "DOWNLOAD_DELAY": 0,
    "AUTOTHROTTLE_ENABLED": False,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
    "LOG_LEVEL": "ERROR",
}


def register(group: click.Group) -> None:
    """Add the commands to `newsarchive`; called through the entry point group `newsarchive.commands`."""
    group.add_command(crawl_command)
    group.add_command(sources_group)
    group.add_command(demo_command)
    import_group.add_command(import_urls)
    group.add_command(import_group)


@click.command("crawl")
@click.argument("targets", nargs=-1, metavar="[URL|SOURCE]...")
@click.option("--since", metavar="TIME", help="Only what is known to be newer: 2d, 12h, 3w or 2026-11-01.")
@click.option("--limit", type=click.IntRange(min=0), help="Fetch at most so many articles of each source.")
@click.option("--dry-run", is_flag=True, help="Say what would be fetched, and why; write nothing.")
@click.option("--no-warc", is_flag=True, help="Keep no responses, only what is read from them.")
@crawling_options
@json_option
@click.pass_obj
def crawl_command(
    config: Config,
    targets: tuple[str, ...],
    since: str | None,
    limit: int | None,
    *,
    dry_run: bool,
    no_warc: bool,
    json_lines: bool,
    settings: dict[str, SettingValue],
) -> None:
    """Archive news sites now.

    Each target is a site's address, the name of a source, or the address of a single article. An address that is not
    known yet becomes a source. Without a target, every enabled source is crawled.

    Exits with 0 when all went well, 1 when every target failed, 3 when some did.
    """
    settings = {"WARC_ENABLED": not no_warc} | settings
    if not config.db.exists():
        # a new archive has no names yet, and a typing error makes no archive
        targets = tuple(map(address, targets))
    wanted = tuple(dict.fromkeys(targets)) or _enabled(config)
    if dry_run:
        results, forecasts = forecast(config.db, wanted, since=since, limit=limit, settings=settings)
        _print_forecasts(forecasts, json_lines=json_lines)
        show_errors(results)
    else:
        results = crawl(config.db, wanted, since=since, limit=limit, settings=settings)
        show_results(results, json_lines=json_lines)
    raise SystemExit(exit_code(results))


def _enabled(config: Config) -> tuple[str, ...]:
    if not config.db.exists():
        raise ConfigError(f"crawl what? There is no archive at {config.db} yet: newsarchive crawl https://example.org/")
    with reading(config) as db:
        names = tuple(source.name for source in sources.every(db) if source.enabled)
    if not names:
        raise ConfigError(f"crawl what? {config.db} has no enabled source: newsarchive crawl https://example.org/")
    return names


def _print_forecasts(forecasts: Sequence[Forecast], *, json_lines: bool) -> None:
    for told in forecasts:
        click.echo(json.dumps(_forecast_row(told), ensure_ascii=False) if json_lines else _forecast_line(told))
    would = sum(not told.refused for told in forecasts)
    click.echo(f"would fetch {would:,}, would not fetch {len(forecasts) - would:,}; nothing was written", err=True)


def _forecast_row(told: Forecast) -> dict[str, str | None]:
    candidate = told.candidate
    date = candidate.published_at or candidate.modified_at
    return {
        "url": told.url,
        "fetch": "no" if told.refused else "yes",
        "reason": told.refused or _how_found(told),
        "title": candidate.title,
        "date": stamp(date) if date else None,
    }


def _how_found(told: Forecast) -> str:
    candidate = told.candidate
    if told.again is Why.MODIFIED and candidate.modified_at:
        return f"{told.again}: {stamp(candidate.modified_at)}"
    if told.again:
        return told.again
    if candidate.found_in == candidate.url:
        return "asked for"
    return f"announced by the {candidate.kind.replace('_', ' ')} {candidate.found_in}"


def _forecast_line(told: Forecast) -> str:
    row = _forecast_row(told)
    more = " ".join(str(row[key]) for key in ("date", "title") if row[key])
    return f"{'skip ' if told.refused else 'fetch'} {row['url']}  {row['reason']}{': ' if more else ''}{more}"


@click.command("urls")
@click.argument("file", type=click.File(encoding="utf-8", errors="replace"))
@crawling_options
@json_option
@click.pass_obj
def import_urls(config: Config, file: TextIO, *, json_lines: bool, settings: dict[str, SettingValue]) -> None:
    """Fetch the addresses of a list, and nothing else: one a line, CSV or TSV (first column), or JSON lines ("url").

    FILE is - for stdin. Each site is its source. If a line is no address nothing is done, and its number is told.
    """
    found = addresses(file, file.name)
    with crawl_lock(config.db), writing(config) as db:
        new, asked = take_in(db, found, found_in=file.name, at=now())
    click.echo(f"{asked:,} addresses, {asked - sum(new.values()):,} of them known already", err=True)
    wanted = [name for name, number in new.items() if number]
    results = crawl(config.db, wanted, settings=settings, discover=False) if wanted else []
    show_results(results, json_lines=json_lines)
    raise SystemExit(exit_code(results))


@click.command("demo")
@click.option("--port", default=DEMO_PORT, show_default=True, help="Where the sample newspaper is served.")
@click.pass_obj
def demo_command(config: Config, port: int) -> None:
    """Crawl a sample newspaper, served on loopback, into demo.db; and say how to look at it."""
    # an archive that the environment names is a real one
    db = config.db if config.db_is_given else Path("demo.db")
    newspaper = Newspaper()
    with ExitStack() as stack:
        try:
            base = stack.enter_context(serve(newspaper, port=port))
        except OSError as error:
            raise ConfigError(f"port {port} of 127.0.0.1 cannot be had ({error.strerror}); try --port 0") from error
        stack.enter_context(crawl_lock(db))
        click.echo(f"a newspaper of {len(newspaper.articles())} articles is at {base}/ while this runs")
        with writing(Config(db=db)) as archive:
            source = sources.find(archive, base) or sources.add(archive, url=base, name=DEMO_NAME)
        results = crawl(db, [source.name], settings=DEMO_SETTINGS)
    show_results(results, json_lines=False)
    command = f"{'newsarchive' if shutil.which('newsarchive') else sys.argv[0]} --db {db}"
    click.echo(
        f"""
The archive is {db}. Now try:
  {command} search ferry
  {command} show 1
  {command} explain 1
  {command} stats
  {command.partition("newsarchive")[0]}datasette {db} --open
and your own: newsarchive crawl https://…"""
    )
    raise SystemExit(exit_code(results))
