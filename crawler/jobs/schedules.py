"""Who starts a run, and when: a line for cron, or units for systemd."""

import hashlib
import os
import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from archive.errors import ConfigError
from archive.when import written

_DAY = timedelta(days=1)
_ENDING = timedelta(seconds=75)
"""How long a run that is told to end may take before systemd kills it: the grace, and closing its books."""
_HOMES = tuple(map(Path, ("/home", "/root", "/run/user")))
_TMP = tuple(map(Path, ("/tmp", "/var/tmp")))  # noqa: S108  # what is there is hidden by PrivateTmp=


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """A run to be started again and again."""

    program: tuple[str, ...]
    """What starts `newsarchive`, with absolute paths."""
    db: Path
    every: timedelta
    lasts: timedelta
    """A run's --max-time."""
    config: Path | None = None
    contact: str | None = None
    user: str = "newsarchive"
    reads: tuple[Path, ...] = ()
    """Folders that the program itself is in."""
    processors: int = 1

    def command(self, *more: str) -> tuple[str, ...]:
        """The words of the command."""
        config = ("--config", str(self.config)) if self.config else ()
        return (*self.program, "--db", str(self.db), "run", *config, "--max-time", written(self.lasts), *more)

    def variables(self) -> Mapping[str, str]:
        """The environment that the command needs."""
        return {"NEWSARCHIVE_CONTACT": self.contact} if self.contact else {}


def schedule_of(db: Path, every: timedelta, config: Path | None, contact: str | None) -> Schedule:
    """The schedule of the program that runs now, over an archive whose owner it shall be run by; paths are absolute.

    Raises: nothing.
    """
    script = Path(sys.executable).with_name("newsarchive")
    program = (str(script),) if script.exists() else (sys.executable, "-m", "archive")
    try:
        user = db.parent.owner()
    except (KeyError, OSError):
        user = "newsarchive"
    return Schedule(
        program=program,
        db=db,
        every=every,
        lasts=_lasts(every),
        config=config,
        contact=contact,
        user=user,
        reads=tuple(Path(place).resolve() for place in (sys.prefix, sys.base_prefix, __file__)),
        processors=os.cpu_count() or 1,
    )


def _lasts(every: timedelta) -> timedelta:
    """How long a run may last that is started so often: 50 minutes, or until shortly before the next."""
    return max(timedelta(minutes=50), timedelta(minutes=every * 5 // 6 // timedelta(minutes=1)))


def crontab(schedule: Schedule) -> str:
    """The line for cron, with comments, as its manual has it (Debian's, crontab of section 5).

    Raises: ConfigError for an interval that cron cannot express, or a path that no line can hold.
    """
    minutes, hours = _steps(schedule)
    assignments = [f"{name}={shlex.quote(value)}" for name, value in schedule.variables().items()]
    command = " ".join([*assignments, shlex.join(_one_line(schedule.command("--quiet")))])
    return "\n".join(
        [
            f"# newsarchive every {written(schedule.every)}, for `crontab -e`.",
            "# A run that is still at it keeps others away.",
            "# cron mails what is printed, and nothing is unless sources fail. A line before this one says to whom:",
            "# MAILTO=you@example.org",
            f"{minutes} {hours} * * * {_escaped(command)}",
            "",
        ]
    )


def service(schedule: Schedule) -> str:
    """The systemd service: one run, which may write to the archive's folder and hardly do anything else.

    Raises: ConfigError for a path that no unit can hold.
    """
    needed = [path for path in (schedule.db.parent, schedule.config, *schedule.reads) if path is not None]
    in_home, in_tmp = (any(path.is_relative_to(at) for path in needed for at in places) for places in (_HOMES, _TMP))
    environment = [f"Environment={_quoted(f'{name}={value}')}" for name, value in schedule.variables().items()]
    program, *words = schedule.command()
    command = " ".join([_quoted(program), *(_quoted(word.replace("$", "$$")) for word in words)])
    return _unit(
        "# newsarchive.service: one run over all that is due",
        "[Unit]",
        "Description=Crawl the news sites of newsarchive that are due",
        "Wants=network-online.target",
        "After=network-online.target",
        f"RequiresMountsFor={_quoted(str(schedule.db.parent))}",
        "",
        "[Service]",
        "Type=oneshot",
        f"User={schedule.user}",
        *environment,
        f"ExecStart={command}",
        "# 4: somebody crawls by hand. 3, some sources failed, is for `systemctl --failed`, or an OnFailure= of yours",
        "SuccessExitStatus=4",
        "# the first signal for the crawl alone: it needs its workers to end in order",
        "KillMode=mixed",
        f"TimeoutStopSec={int(_ENDING.total_seconds())}",
        f"TimeoutStartSec={int((schedule.lasts + 4 * _ENDING).total_seconds())}",
        "Nice=10",
        "IOSchedulingClass=idle",
        f"MemoryMax={1024 + 384 * schedule.processors}M",
        "TasksMax=256",
        "",
        "ProtectSystem=strict",
        f"ReadWritePaths={_quoted(str(schedule.db.parent))}",
        *(["# something of what is needed lies in a home"] if in_home else []),
        f"ProtectHome={'read-only' if in_home else 'yes'}",
        f"PrivateTmp={'no' if in_tmp else 'yes'}",
        *_HARDENING,
        "UMask=0027",
    )


def timer(schedule: Schedule) -> str:
    """The systemd timer of the service. Raises: ConfigError for an interval that a calendar cannot express."""
    minutes, hours = _steps(schedule)
    calendar = f"*-*-* {hours.replace('*/', '0/')}:{minutes.replace('-59/', '/').replace('*', '0/1')}:00"
    spread = min(timedelta(minutes=10), schedule.every / 10)
    return _unit(
        "# newsarchive.timer",
        "[Unit]",
        f"Description=Run newsarchive every {written(schedule.every)}",
        "",
        "[Timer]",
        f"OnCalendar={calendar}",
        f"RandomizedDelaySec={int(spread.total_seconds())}",
        "Persistent=true",
        "",
        "[Install]",
        "WantedBy=timers.target",
    )


_HARDENING = (
    "NoNewPrivileges=yes",
    "PrivateDevices=yes",
    "ProtectKernelTunables=yes",
    "ProtectKernelModules=yes",
    "ProtectKernelLogs=yes",
    "ProtectControlGroups=yes",
    "ProtectClock=yes",
    "ProtectHostname=yes",
    "ProtectProc=invisible",
    "ProcSubset=pid",
    "PrivateUsers=yes",
    "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX",
    "RestrictNamespaces=yes",
    "RestrictRealtime=yes",
    "RestrictSUIDSGID=yes",
    "LockPersonality=yes",
    "RemoveIPC=yes",
    "MemoryDenyWriteExecute=yes",
    "CapabilityBoundingSet=",
    "AmbientCapabilities=",
    "SystemCallArchitectures=native",
    "SystemCallFilter=@system-service",
    "SystemCallFilter=~@privileged @resources",
    "SystemCallErrorNumber=EPERM",
)


def _steps(schedule: Schedule) -> tuple[str, str]:
    """The minutes and hours of cron for an interval; at which minute says the archive's path, so that not all rush."""
    minutes, rest = divmod(schedule.every, timedelta(minutes=1))
    offset = int.from_bytes(hashlib.sha256(os.fsencode(schedule.db)).digest()[:2])
    if not rest and 1 < minutes < 60 and 60 % minutes == 0:
        return f"{offset % minutes}-59/{minutes}", "*"
    if not rest and minutes == 1:
        return "*", "*"
    hours, rest = divmod(schedule.every, timedelta(hours=1))
    if not rest and hours and 24 % hours == 0:
        at = str(offset % 60)
        return at, "*" if hours == 1 else f"*/{hours}" if schedule.every < _DAY else str(offset // 60 % 24)
    raise ConfigError(
        f"--every {written(schedule.every)}: neither cron nor a calendar can say that; write minutes that divide an "
        "hour (5m, 10m, 15m, 20m, 30m) or hours that divide a day (1h, 2h, 3h, 4h, 6h, 8h, 12h, 1d)"
    )


def _one_line(words: Sequence[str]) -> Sequence[str]:
    if any(not word.isprintable() for word in words):
        raise ConfigError("a path with line breaks or control characters cannot be scheduled")
    return words


def _escaped(command: str) -> str:
    r"""A command in a crontab: there a percent sign ends it, unless a backslash stands before."""
    return command.replace("%", r"\%")


def _quoted(word: str) -> str:
    """A word in a unit (systemd.syntax(7)): quoted where it must be, and without specifiers."""
    if not word.isprintable():
        raise ConfigError("a path with line breaks or control characters cannot be scheduled")
    plain = word.replace("%", "%%")
    if plain and not set(plain) & set(" \t\"'\\;"):
        return plain
    escaped = plain.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _unit(*lines: str) -> str:
    return "\n".join(lines) + "\n"
