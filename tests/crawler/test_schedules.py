"""The line for cron and the units for systemd, read by the readers that they are made for, if those are here."""

import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import ConfigError
from crawler.jobs.schedules import Schedule, crontab, schedule_of, service, timer

ANALYZE = shutil.which("systemd-analyze")
needs_systemd = pytest.mark.skipif(ANALYZE is None, reason="needs systemd-analyze: apt-get install systemd")

NASTY = """a b%c'd"e$HOME\\f;g"""
MINUTES = timedelta(minutes=1)


CONTACT = "Ann & Co, 100% <a@b.example>"


def schedule(folder: Path, every: timedelta = 15 * MINUTES, contact: str | None = CONTACT) -> Schedule:
    return schedule_of(folder / "news.db", every, folder / "newsarchive.toml", contact)


def told(printed: str) -> tuple[list[str], dict[str, str], str]:
    """The command of a crontab as cron hands it to /bin/sh, run there with `echo` in its place."""
    fields = printed.splitlines()[-1].split(maxsplit=5)
    # crontab(5): an unescaped percent sign would be the end of the command
    assert "%" not in fields[5].replace(r"\%", "")
    script = fields[5].replace(r"\%", "%")
    done = subprocess.run(["/bin/sh", "-c", script], capture_output=True, text=True, check=True, env={})
    name, *words = done.stdout.removesuffix("\0").split("\0")
    return fields[:5], {"NEWSARCHIVE_CONTACT": name}, "\0".join(words)


@pytest.fixture
def recorder(tmp_path: Path) -> tuple[str, ...]:
    """A program that says what it is given."""
    script = tmp_path / "recorder"
    script.write_text('#!/bin/sh\nprintf "%s\\0" "$NEWSARCHIVE_CONTACT" "$@"\n')
    script.chmod(0o755)
    return (str(script),)


def with_program(made: Schedule, program: tuple[str, ...]) -> Schedule:
    fields = ("db", "every", "lasts", "config", "contact", "user", "reads", "processors")
    return Schedule(program=program, **{name: getattr(made, name) for name in fields})


def test_cron_starts_what_was_meant_whatever_the_paths_are_called(recorder: tuple[str, ...]) -> None:
    made = with_program(schedule(Path("/srv") / NASTY), recorder)
    when, environment, words = told(crontab(made))
    assert environment == {"NEWSARCHIVE_CONTACT": made.contact}
    assert words.split("\0") == list(made.command("--quiet")[1:])
    assert when[1:] == ["*", "*", "*", "*"]
    assert when[0].endswith("-59/15")


@pytest.mark.parametrize(("every", "hours"), [("1m", "*"), ("20m", "*"), ("1h", "*"), ("6h", "*/6"), ("12h", "*/12")])
def test_intervals_that_both_can_say(every: str, hours: str) -> None:
    length = timedelta(**{{"m": "minutes", "h": "hours"}[every[-1]]: int(every[:-1])})
    made = schedule(Path("/srv/news"), length)
    assert crontab(made).splitlines()[-1].split()[1] == hours
    assert "OnCalendar=*-*-* " in timer(made)


@given(st.integers(min_value=1, max_value=4_000))
def test_another_interval_is_refused_by_both(minutes: int) -> None:
    made = schedule(Path("/srv/news"), minutes * MINUTES)
    sayable = 60 % minutes == 0 or (minutes % 60 == 0 and 24 % (minutes // 60) == 0)
    for printed in (crontab, timer):
        if sayable:
            assert printed(made)
        else:
            with pytest.raises(ConfigError, match="minutes that divide an hour"):
                printed(made)
    assert made.lasts < max(timedelta(hours=1), made.every)


def test_a_path_that_no_line_can_hold_is_refused() -> None:
    for printed in (crontab, service):
        with pytest.raises(ConfigError, match="line breaks"):
            printed(schedule(Path("/srv/a\nb")))


@needs_systemd
@pytest.mark.parametrize("every", [MINUTES, 15 * MINUTES, 60 * MINUTES, 6 * 60 * MINUTES, 24 * 60 * MINUTES])
def test_systemd_takes_the_units(tmp_path: Path, every: timedelta) -> None:
    folder = tmp_path / "a b%c"
    folder.mkdir()
    made = schedule(folder, every)
    for name, unit in (("newsarchive.service", service(made)), ("newsarchive.timer", timer(made))):
        (folder / name).write_text(unit)
    verified = subprocess.run(
        [str(ANALYZE), "verify", folder / "newsarchive.service", folder / "newsarchive.timer"],
        capture_output=True,
        text=True,
        check=False,
    )
    about_ours = [line for line in verified.stderr.splitlines() if "newsarchive" in line]
    assert (verified.returncode, about_ours) == (0, [])


@needs_systemd
def test_the_service_may_do_next_to_nothing(tmp_path: Path) -> None:
    unit = tmp_path / "newsarchive.service"
    unit.write_text(service(schedule(Path("/srv/news"))))
    said = subprocess.run(
        [str(ANALYZE), "security", "--offline=true", "--no-pager", unit], capture_output=True, text=True, check=False
    )
    level = float(said.stdout.split("Overall exposure level for newsarchive.service: ")[1].split()[0])
    assert level < 2.5, said.stdout
    for line in ("NoNewPrivileges=yes", "ProtectSystem=strict", "ReadWritePaths=/srv/news", "KillMode=mixed"):
        assert line in unit.read_text().splitlines()


def test_what_lies_in_a_home_or_tmp_is_not_hidden_from_the_service(tmp_path: Path) -> None:
    at_home = service(schedule(Path("/home/ann/news")))
    assert "ProtectHome=read-only" in at_home
    assert "ReadWritePaths=/home/ann/news" in at_home
    assert "PrivateTmp=no" in service(schedule(tmp_path))
