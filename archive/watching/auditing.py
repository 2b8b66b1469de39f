"""The command `audit`; `archive.cli` adds it to the others."""

import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime

import click

from archive import display
from archive.config import Config
from archive.health import gaps
from archive.health.gaps import Day
from archive.models import Source
from archive.store import adverts, open_archive
from archive.store.adverts import By
from archive.watching.judging import wanted
from archive.when import point_in_time

GAPS_SHOWN = 4
"""Reasons on the line of a day; the last lines have all."""


@click.command("audit")
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option("--since", metavar="TIME", default="7d", show_default=True, help="From when on: 7d, 3w or 2026-11-01.")
@click.option(
    "--by",
    type=click.Choice([str(by) for by in By]),
    default=str(By.ADVERTISED),
    show_default=True,
    help="The day on which an address was first advertised, or that of its publication.",
)
@click.option("--list", "reason", metavar="REASON", help="Print the addresses that are not stored for this reason.")
@click.option("--json", "json_lines", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def audit_command(
    config: Config, /, sources: tuple[str, ...], since: str, by: str, reason: str | None, *, json_lines: bool
) -> None:
    """Compare what feeds and sitemaps advertised with what is archived, day by day.

    Every address is counted once: advertised are those that wait, were not asked for, or brought no page, and those
    fetched; of these some are no articles, the others extracted; of these some are the same article once more, the
    others stored. Each gap has its reason and what closes it. Days begin at midnight, UTC. Without a SOURCE all that
    are enabled are looked at.
    """
    now = datetime.now(UTC)
    start = point_in_time(since, now).replace(hour=0, minute=0, second=0, microsecond=0)
    with closing(open_archive(config.db, readonly=True)) as db:
        for source in wanted(db, sources):
            if reason is not None:
                for url in adverts.addresses(db, source.id, reason, since=start, by=By(by)):
                    click.echo(url)
                continue
            counts = adverts.counts(db, source.id, since=start, by=By(by))
            found = gaps.days(counts, source=source.name, since=since)
            for line in _rows(source, found) if json_lines else lines(source, found, since=since):
                click.echo(line)


def _rows(source: Source, found: Sequence[Day]) -> Iterator[str]:
    for day in found:
        yield json.dumps({"source": source.name, **day.as_row()}, ensure_ascii=False)


def lines(source: Source, found: Sequence[Day], *, since: str) -> Iterator[str]:
    """A source for a terminal: a line a day, their sum, and what closes each gap."""
    if not found:
        yield f"{source.name}: nothing was advertised since {since}"
        return
    whole = gaps.total(found, source=source.name, since=since)
    yield source.name
    yield f"  {'day':<10} {'advertised':>10} {'fetched':>9} {'extracted':>9} {'stored':>9}  not stored"
    for day in (*found, whole):
        told = [f"{gap.number:,} {gap.reason}" for gap in day.gaps]
        more = [f"{len(told) - GAPS_SHOWN} more reasons"] if len(told) > GAPS_SHOWN else []
        numbers = f"{day.advertised:>10,} {day.fetched:>9,} {day.extracted:>9,} {day.stored:>9,}"
        yield display.plain(f"  {day.day:<10} {numbers}  {', '.join([*told[:GAPS_SHOWN], *more])}".rstrip())
    for gap in whole.gaps:
        yield display.plain(f"  {gap.number:>7,} {gap.fate}, {gap.reason}: {gap.help}")
