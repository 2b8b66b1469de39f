"""The command `sources`: what is followed, listed, shown, edited and removed."""

import json
import sys
from collections.abc import Sequence

import click

from archive.cli import json_option, reading, writing
from archive.config import Config, value_of
from archive.errors import ConfigError, SourceError
from archive.lock import crawl_lock
from archive.models import Source
from archive.reconciling import Change, differences, edited
from archive.store import sources, statistics
from archive.watching.judging import judge
from crawler.frontier import now
from crawler.sources import shown
from crawler.sources.adding import add_source, probe_source
from crawler.sources.exchanging import export_sources, import_sources
from crawler.target import known

CRAWLS_SHOWN = 10


@click.group("sources")
def sources_group() -> None:
    """The publications that this archive follows."""


sources_group.add_command(add_source)
sources_group.add_command(probe_source)
sources_group.add_command(import_sources)
sources_group.add_command(export_sources)


@sources_group.command("list")
@json_option
@click.pass_obj
def list_sources(config: Config, *, json_lines: bool) -> None:
    """One line a source: name, articles, last crawl, address; and whether it is disabled."""
    with reading(config) as db:
        rows = statistics.of_sources(db)
    if not rows:
        click.echo("no source yet: newsarchive sources add https://example.org/", err=True)
    for row in rows:
        if json_lines:
            click.echo(json.dumps(row, ensure_ascii=False))
        else:
            crawled = row["last_crawl_at"] or "never crawled"
            rest = "" if row["enabled"] else "  disabled"
            click.echo(f"{row['source']}  {row['articles']:,} articles  {crawled}  {row['url']}{rest}")


@sources_group.command("show")
@click.argument("source", metavar="NAME|URL")
@json_option
@click.pass_obj
def show_source(config: Config, source: str, *, json_lines: bool) -> None:
    """Everything about one source: its settings, how it is doing, its feeds, sitemaps and sections, its last crawls."""
    with reading(config) as db:
        found = known(db, source)
        row = sources.details(db, found.id, crawls=CRAWLS_SHOWN)
        (health,) = judge(db, now(), [found.name])
        row["alarms"] = health.as_row()["alarms"]
    click.echo(json.dumps(row, ensure_ascii=False) if json_lines else "\n".join(shown.source(row)))


@sources_group.command("edit")
@click.argument("source", metavar="NAME|URL")
@click.option("--name", help="Another short unique name.")
@click.option("--title", help="What the publication calls itself.")
@click.option("--url", help="Where it has moved.")
@click.option("--every", metavar="TIME", help="How often it is crawled: 30m, 6h, 2d.")
@click.option("--delay", metavar="SECONDS", help="Between two requests.")
@click.option(
    "--set", "pairs", multiple=True, metavar="KEY=VALUE", help="Any key of newsarchive.toml, as TOML or plain."
)
@click.option("--unset", multiple=True, metavar="KEY", help="Let a key go.")
@click.option("--enable/--disable", "enabled", default=None, help="Crawl it, or only keep what there is.")
@json_option
@click.pass_obj
def edit_source(
    config: Config,
    /,
    source: str,
    *,
    pairs: Sequence[str],
    unset: Sequence[str],
    enabled: bool | None,
    json_lines: bool,
    **given: str | None,
) -> None:
    """Change what is set of a source, all or nothing; each change is told.

    docs/sources.md has all keys. --set include=/news/ --set 'exclude=["/shop/", "/video/"]' --set timezone=Asia/Tokyo
    """
    said = [(key, value) for key, value in given.items() if value is not None]
    values = _values([*said, *map(_pair, pairs)])
    if enabled is not None:
        values["enabled"] = enabled
    if both := sorted(values.keys() & set(unset)):
        raise ConfigError(f"{both[0]} cannot be set and unset at once")
    if not values and not unset:
        raise ConfigError("change what? newsarchive sources edit NAME --every 6h, --set KEY=VALUE, --unset KEY …")
    with writing(config) as db:
        before = known(db, source)
        after = sources.edit(db, edited(before, values, unset))
    _print_change(Change(before=before, after=after, differences=differences(before, after)), json_lines=json_lines)


def _pair(setting: str) -> tuple[str, str]:
    key, equals, value = setting.partition("=")
    if not equals or not key.strip():
        raise ConfigError(f"--set {setting}: write it as KEY=VALUE, for instance --set delay=5")
    return key.strip(), value.strip()


def _values(said: Sequence[tuple[str, str]]) -> dict[str, object]:
    """The values of what was said. Raises ConfigError, with all that is wrong."""
    values: dict[str, object] = {}
    faults = []
    for key, written in said:
        try:
            values[key] = value_of(key, written)
        except ConfigError as error:
            faults.append(str(error))
    if faults:
        raise ConfigError("\n".join(faults))
    return values


def _print_change(change: Change, *, json_lines: bool) -> None:
    for difference in change.differences if json_lines else ():
        row = {"source": change.after.name, "key": difference.key}
        click.echo(json.dumps(row | {"before": difference.before, "after": difference.after}, ensure_ascii=False))
    if not change.differences:
        click.echo(f"{change.after.name} is so already", err=True)
    elif not json_lines:
        click.echo("\n".join(change.lines()))


@sources_group.command("remove")
@click.argument("source", metavar="NAME|URL")
@click.option("--with-articles", is_flag=True, help="Also remove its articles from the database.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def remove_source(config: Config, source: str, *, with_articles: bool, yes: bool) -> None:
    """Forget a source that has no articles; one that has some only with them.

    To stop crawling it and keep everything: `sources edit NAME --disable`. With --with-articles its articles and all
    their revisions go from the database. The responses stay in the WARC files, from which `rebuild` would make the
    articles again: what must be gone for good is for `takedown`.
    """
    with crawl_lock(config.db), writing(config) as db:
        found = known(db, source)
        if articles := sources.count_articles(db, found.id):
            _agree_to_loss(found, articles, with_articles=with_articles, yes=yes)
        sources.remove(db, found.id, with_articles=with_articles)
    click.echo(f"removed {found.name}{f' and its {articles:,} articles' if articles else ''}")


def _agree_to_loss(source: Source, articles: int, *, with_articles: bool, yes: bool) -> None:
    """Raises SourceError without the word for it, ConfigError where nobody can be asked, Abort for a no."""
    if not with_articles:
        raise SourceError(
            f"{source.name} has {articles:,} articles, and an archive keeps what it has. To stop crawling it: "
            f"newsarchive sources edit {source.name} --disable; to lose them too: sources remove --with-articles"
        )
    if yes:
        return
    if not sys.stdin.isatty():
        raise ConfigError(f"this removes {articles:,} articles, and there is no terminal to ask at: say --yes")
    click.confirm(f"Remove {source.name} and its {articles:,} articles from the database?", abort=True, err=True)
