"""The log of the commands, on stderr or in a file: each line says of which run, source and crawl it tells."""

import json
import logging
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import Any

import click
from scrapy.settings import BaseSettings

from archive.errors import ConfigError
from archive.models import CrawlId

TEXT = "%(asctime)s %(levelname)s %(name)s run=%(run)s source=%(source)s crawl=%(crawl)s %(message)s"
_SPECIFIER = re.compile(r"(?:(?P<key>[a-z_]+)=)?%(?:%|[-#0 +]*\d*(?:\.\d+)?[a-zA-Z])")
"""Where a template of ours (`event=name key=%s`) takes an argument, and what it calls that."""

_crawl: ContextVar[tuple[str, Callable[[], CrawlId | None]] | None] = ContextVar("crawl", default=None)
"""The source whose crawl the code at hand is doing, and its number once it has one."""


class Lines(StrEnum):
    """How a log is written (the setting LOG_LINES)."""

    TEXT = "text"
    JSON = "json"


@cache
def run_id() -> str:
    """What this process calls itself in its log: when it began, and its number."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{os.getpid()}"


def of_crawl(source: str, crawl_id: Callable[[], CrawlId | None]) -> None:
    """Say that from here on, in this task and those that it starts, it is about a crawl of this source."""
    _crawl.set((source, crawl_id))


def install(settings: BaseSettings) -> None:
    """Send the log where the settings LOG_FILE, LOG_LEVEL and LOG_LINES say.

    Raises: ConfigError for a LOG_LINES that is none, ValueError for an unknown level, OSError for a bad file.
    """
    formatter = _formatter(settings["LOG_LINES"])
    root = logging.getLogger()
    for old in [handler for handler in root.handlers if isinstance(handler.formatter, _Formatter)]:
        root.removeHandler(old)
        old.close()
    handler: logging.Handler = logging.NullHandler()
    if settings.get("LOG_FILE"):
        mode = "a" if settings.getbool("LOG_FILE_APPEND") else "w"
        handler = logging.FileHandler(settings["LOG_FILE"], mode, encoding=settings.get("LOG_ENCODING"))
    elif settings.getbool("LOG_ENABLED"):
        handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    handler.setLevel(settings["LOG_LEVEL"])
    handler.addFilter(_with_place)
    root.addHandler(handler)
    # without this Scrapy would make a hundred records a page for the handler to sort out
    root.setLevel(settings["LOG_LEVEL"])


def say(event: str, message: str, *, as_json: bool) -> None:
    """Tell the operator something on stderr that is not a matter of level, in the form of the log. Raises: nothing."""
    if as_json:
        told = {"name": __name__, "levelname": "WARNING", "levelno": logging.WARNING, "msg": message}
        row = fields(logging.makeLogRecord(told)) | {"event": event}
        click.echo(json.dumps(row, ensure_ascii=False), err=True)
    else:
        click.echo(f"newsarchive: {message}", err=True)


def fields(record: logging.LogRecord) -> dict[str, Any]:
    """What a record says, ready for JSON: time (UTC), level, logger, run, source, crawl, event and message.

    Of a record of ours also what its template names (`event=robots host=%s`), as it was given. Raises: nothing.
    """
    source, crawl_id = getattr(record, "source", None), getattr(record, "crawl", None)
    row: dict[str, Any] = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "event": None,
        "run": run_id(),
        "source": source,
        "crawl": crawl_id,
        "message": record.getMessage(),
    }
    template = str(record.msg)
    if event := re.match(r"event=(\S+)", template):
        row["event"] = event[1]
        row |= {key: value for key, value in _named(template, record.args) if row.get(key) is None}
    if record.exc_info:
        row["exception"] = logging.Formatter().formatException(record.exc_info)
    return row


def _named(template: str, arguments: object) -> Iterator[tuple[str, object]]:
    values = iter(arguments if isinstance(arguments, tuple) else ())
    for found in _SPECIFIER.finditer(template):
        if found[0].endswith("%%"):
            continue
        value = next(values, None)
        if found["key"]:
            yield found["key"], value if isinstance(value, str | int | float) or value is None else str(value)


def _with_place(record: logging.LogRecord) -> bool:
    found = _crawl.get()
    record.run = run_id()
    record.source, record.crawl = (found[0], found[1]()) if found else (None, None)
    return True


class _Formatter(logging.Formatter):
    """Ours, so that it can be told from what others have installed."""


class _Text(_Formatter):
    """One line a record, for people; what is not known is a hyphen."""

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: ARG002, N802  # logging's
        """UTC, as everything in the archive."""
        return datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  # logging's
        """The line, without an exception."""
        known = {"source": getattr(record, "source", None) or "-", "crawl": getattr(record, "crawl", None) or "-"}
        return TEXT % (record.__dict__ | known | {"run": run_id()})


class _Json(_Formatter):
    """One JSON object a line, for programs."""

    def format(self, record: logging.LogRecord) -> str:
        """The object. A number that JSON does not have is null."""
        row = {key: None if value != value else value for key, value in fields(record).items()}  # noqa: PLR0124  # NaN
        return json.dumps(row, ensure_ascii=False, default=str)


def _formatter(lines: object) -> logging.Formatter:
    match lines:
        case Lines.TEXT:
            return _Text(TEXT)
        case Lines.JSON:
            return _Json()
    raise ConfigError(f"LOG_LINES={lines}: write {' or '.join(Lines)}")
