"""The command `health`; `archive.cli` adds it to the others."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from archive import display
from archive.config import Config
from archive.health.alarms import Alarm
from archive.watching.ending import tell, watch_options
from archive.watching.judging import Health
from archive.when import stamp

SOME_AILING = 3
"""The exit code where a source needs a look."""


@click.command("health")
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing where all is well, for cron's mails.")
@watch_options
@click.option("--json", "json_lines", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def health_command(
    config: Config,
    /,
    sources: tuple[str, ...],
    metrics: Path | None,
    notify: str | None,
    *,
    quiet: bool,
    json_lines: bool,
) -> None:
    """Say which sources are not crawled as well as they used to be, why, and what helps.

    Each is compared with its own past (docs/health.md): when it was reached last, its new articles, what became of its
    pages, what its articles lack, what has gone. Without a SOURCE all that are enabled are looked at.

    Exits with 3 when a source needs a look, with 1 when metrics or notification did not get through.
    """
    told = tell(config.db, metrics_file=metrics, notify=notify, names=sources)
    for health in told.ailing if quiet else told.found:
        click.echo(json.dumps(health.as_row(), ensure_ascii=False) if json_lines else "\n".join(lines(health)))
    if told.ailing or not quiet:
        click.echo(told.line, err=json_lines)
    for trouble in told.troubles:
        click.echo(f"newsarchive: {trouble}", err=True)
    sys.exit(SOME_AILING if told.ailing else int(bool(told.troubles)))


def lines(health: Health) -> Iterator[str]:
    """A source for a terminal: a line, and some more for each alarm."""
    numbers = health.numbers
    reached = f"reached {numbers['last_success_at']}" if numbers["last_success_at"] else "never reached"
    came = f"{numbers['new_articles']:,} new articles in 7 days, {numbers['usual_articles']:,g} in a week before"
    yield f"{health.source.name}  {'ALARM' if health.alarms else 'ok'}  {reached}, {came}"
    for alarm in health.alarms:
        yield from map(display.plain, _alarm(alarm))


def _alarm(alarm: Alarm) -> Iterator[str]:
    since = f" since {stamp(alarm.since)}" if alarm.since else ""
    yield f"  {alarm.ailment.words}{since}: {alarm.now}{f'; {alarm.then}' if alarm.then else ''}"
    yield f"    likely: {alarm.cause}"
    yield f"    try:    {alarm.help}"
    for url in alarm.examples:
        yield f"    e.g.    {url}"
