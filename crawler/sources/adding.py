"""The commands `sources add` and `sources probe`: a look at a site, and following it."""

import json
import sys
from collections.abc import Sequence

import click

from archive.cli import json_option, reading, writing
from archive.config import Config
from archive.errors import SourceError
from archive.settings import name_of
from archive.store import sources
from crawler.crawling import overrides
from crawler.sources import shown
from crawler.sources.probing import Probe, probe
from crawler.target import address

settings_option = click.option(
    "-s", "settings", multiple=True, metavar="NAME=VALUE", help="Override a Scrapy setting of the probe."
)


@click.command("probe")
@click.argument("url", metavar="URL|HOST")
@settings_option
@json_option
def probe_source(url: str, settings: Sequence[str], *, json_lines: bool) -> None:
    """Look at a news site and store nothing: robots.txt, feeds, sitemaps, name, language, and the first articles.

    Exits with 1 where a crawl would bring nothing.
    """
    found = probe(address(url), settings=overrides(settings))
    _print(found, json_lines=json_lines)
    raise SystemExit(1 if found.error else 0)


@click.command("add")
@click.argument("url", metavar="URL|HOST")
@click.option("--name", help="A short unique name; made of the host if not given.")
@click.option("--title", help="What the publication calls itself.")
@click.option("--no-probe", is_flag=True, help="Do not look at the site.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@settings_option
@click.pass_obj
def add_source(
    config: Config,
    url: str,
    name: str | None,
    title: str | None,
    settings: Sequence[str],
    *,
    no_probe: bool,
    yes: bool,
) -> None:
    """Follow a news site; the next `crawl` reads it. `example.org` means https://example.org/.

    The site is looked at first, and what there is and which articles would be fetched is shown. One that cannot be had
    at the moment is followed all the same.
    """
    wanted = address(url)
    if name is not None:
        name_of(name)
    _refuse_known(config, wanted, name)
    found = None if no_probe else probe(wanted, settings=overrides(settings))
    if found is not None:
        _print(found, json_lines=False)
        if not yes and sys.stdin.isatty():
            click.confirm("Follow it?", default=True, abort=True, err=True)
    with writing(config) as db:
        source = sources.add(
            db,
            url=wanted,
            name=name,
            title=title or (found.title if found else None),
            language=found.language if found else None,
        )
    click.echo(f"{source.name}  {source.url}")


def _refuse_known(config: Config, url: str, name: str | None) -> None:
    """Says before the site is asked what would be said after it. Raises: SourceError."""
    if not config.db.exists():
        return
    with reading(config) as db:
        for source in sources.every(db):
            if source.url == url:
                raise SourceError(f"{url} is a source already: {source.name}.")
            if source.name == name:
                raise SourceError(f"There is a source named {name} already: choose another name.")


def _print(found: Probe, *, json_lines: bool) -> None:
    click.echo(json.dumps(shown.probe_row(found), ensure_ascii=False) if json_lines else "\n".join(shown.probe(found)))
