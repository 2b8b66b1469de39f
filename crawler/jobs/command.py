"""The commands `run` and `schedule`."""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from archive.cli import json_option, reading, writing
from archive.config import Config, load
from archive.errors import ArchiveLockedError, ConfigError
from archive.lock import crawl_lock, holder
from archive.store import sources
from archive.watching.ending import tell, watch_options
from archive.when import length_of_time
from crawler import logs
from crawler.crawling import SettingValue
from crawler.jobs import schedules
from crawler.jobs.rounds import Rounds
from crawler.jobs.running import run
from crawler.options import crawling_options
from crawler.showing import SOME_FAILED, show_result

ROUND = "1h"
"""How long one of the runs of --forever lasts, if nothing is said: then the others have their turn."""
USUAL = timedelta(days=1)
"""How long another run may hold the lock before even a quiet one says so, if neither has a --max-time."""


def register(group: click.Group) -> None:
    """Add the commands to `newsarchive`; called through the entry point group `newsarchive.commands`."""
    group.add_command(run_command)
    group.add_command(schedule_command)


@click.command("run")
@click.option("--config", "file", type=click.Path(path_type=Path), help="First follow what this newsarchive.toml says.")
@click.option("--max-time", metavar="TIME", help="End within 50m, 6h …; the next run goes on from there.")
@click.option("--forever", is_flag=True, help="Stay, and run whenever a source is due; for containers.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing unless sources fail; for cron.")
@click.option("--lenient", is_flag=True, hidden=True, help="Go on with the sources as they are if --config is wrong.")
@watch_options
@crawling_options
@json_option
@click.pass_obj
def run_command(  # noqa: PLR0913  # click gives an argument for each option
    config: Config,
    file: Path | None,
    max_time: str | None,
    *,
    metrics: Path | None,
    notify: str | None,
    forever: bool,
    quiet: bool,
    lenient: bool,
    json_lines: bool,
    settings: dict[str, SettingValue],
) -> None:
    """Crawl every source that is due; made for cron, timers and containers.

    A source is due after what its setting `every` says, else as often as it brings something (5 minutes to a day);
    what fails is tried later each time, up to a day. SIGTERM and SIGINT end a run in order within 30 seconds, a second
    one at once: nothing is lost either way.

    With --metrics or --notify the health of all sources is told of at the end, as by the command `health`.

    Exits with 0 when all went well, 3 when some sources failed (one line on stderr says which, and why), 4 while
    another process crawls into the archive, 1 when nothing could be done, 2 for a wrong configuration.
    """
    as_json = settings.get("LOG_LINES") == logs.Lines.JSON
    lasts = None if max_time is None else length_of_time(max_time)
    if lasts is not None and not lasts:
        raise ConfigError("--max-time 0: a run needs some time, such as 50m")
    if forever:
        rest = [argument for argument in sys.argv[1:] if argument != "--forever"]
        more = [] if lasts else ["--max-time", ROUND]
        raise SystemExit(Rounds(config.db, file, [*rest, *more], as_json=as_json).forever())
    try:
        with crawl_lock(config.db):
            _follow(config, file, is_lenient=lenient, is_quiet=quiet, as_json=as_json)
            done = run(
                config.db,
                lasts_s=lasts.total_seconds() if lasts else None,
                settings=settings,
                tell=lambda result: None if quiet else show_result(result, json_lines=json_lines),
            )
    except ArchiveLockedError:
        by = holder(config.db)
        if quiet and by is not None and datetime.now(UTC) - by.since < (lasts or USUAL) + timedelta(minutes=5):
            # an earlier run is still at it, as it may
            raise SystemExit(ArchiveLockedError.exit_code) from None
        raise
    if done.failed:
        logs.say("sources_failed", done.summary(), as_json=as_json)
    if metrics is not None or notify is not None:
        failed = {name: str(error) for name, error in done.failed.items()}
        for trouble in tell(config.db, metrics_file=metrics, notify=notify, failed=failed).troubles:
            logs.say("not_told", trouble, as_json=as_json)
    raise SystemExit(SOME_FAILED if done.failed else 0)


def _follow(config: Config, file: Path | None, *, is_lenient: bool, is_quiet: bool, as_json: bool) -> None:
    """Bring the sources in line with the file, and tell what has changed; see that there is a source at all."""
    if file is not None:
        try:
            wanted = load(file)
        except ConfigError as error:
            if not is_lenient:
                raise
            logs.say("config_wrong", f"{error}\nthe sources stay as they are until that is put right", as_json=as_json)
        else:
            with writing(config) as db:
                changes = sources.bring_in_line(db, wanted)
            for line in () if is_quiet else changes.lines():
                logs.say("source_changed", line, as_json=as_json)
    if not config.db.exists():
        raise ConfigError(
            f"run what? There is no archive at {config.db} yet: newsarchive sources add https://example.org/"
        )
    with reading(config) as db:
        if not any(source.enabled for source in sources.every(db)):
            raise ConfigError(
                f"run what? {config.db} has no enabled source: newsarchive sources add https://example.org/"
            )


@click.command("schedule")
@click.option("--print", "form", type=click.Choice(["cron", "systemd"]), required=True, help="For which of the two.")
@click.option("--every", default="15m", show_default=True, help="How often is looked for what is due.")
@click.option("--config", "file", type=click.Path(path_type=Path), help="The newsarchive.toml that has the sources.")
@click.option("--output", "-o", type=click.Path(path_type=Path), help="Write the units into this folder.")
@click.pass_obj
def schedule_command(config: Config, form: str, every: str, file: Path | None, output: Path | None) -> None:
    """Print what starts a run again and again: a line for crontab, or a service and a timer of systemd.

    Nothing is installed. Paths are absolute and as they are now: this archive, this newsarchive, and the contact of
    NEWSARCHIVE_CONTACT.
    """
    if config.contact is None:
        click.echo("newsarchive: NEWSARCHIVE_CONTACT is not set: publishers cannot ask anybody", err=True)
    schedule = schedules.schedule_of(
        config.db.absolute(), length_of_time(every), file and file.absolute(), config.contact
    )
    if form == "cron":
        click.echo(schedules.crontab(schedule), nl=False)
        return
    units = {"newsarchive.service": schedules.service(schedule), "newsarchive.timer": schedules.timer(schedule)}
    for name, unit in units.items():
        if output is None:
            click.echo(f"# --- /etc/systemd/system/{name}\n{unit}")
        else:
            try:
                (output / name).write_text(unit, encoding="utf-8")
            except OSError as error:
                raise ConfigError(f"--output {output}: {name} cannot be written there: {error.strerror}") from error
