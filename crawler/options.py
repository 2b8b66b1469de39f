"""The options that every crawling command has, as the Scrapy settings that they stand for."""

import functools
from collections.abc import Callable

import click

from crawler.crawling import SettingValue, overrides
from crawler.logs import Lines

_LEVELS = ("debug", "info", "warning", "error", "critical")


def crawling_options(command: Callable[..., None]) -> Callable[..., None]:
    """Gives a command -s, --log-format, --log-level and -v; it gets them as one argument, `settings`.

    A command that is `quiet` logs errors only, if nothing is said.
    """

    @click.option("-s", "pairs", multiple=True, metavar="NAME=VALUE", help="Override a Scrapy setting, as scrapy does.")
    @click.option(
        "--log-format",
        type=click.Choice([lines.value for lines in Lines]),
        help="Lines of text (default), or of JSON.",
    )
    @click.option("--log-level", type=click.Choice(_LEVELS, case_sensitive=False), help="From here on; else warning.")
    @click.option("-v", "--verbose", is_flag=True, help="Log every step to stderr: --log-level info.")
    @functools.wraps(command)
    def wrapped(
        *args: object,
        pairs: tuple[str, ...],
        log_format: str | None,
        log_level: str | None,
        verbose: bool,
        **kwargs: object,
    ) -> None:
        usual = "ERROR" if kwargs.get("quiet") else "WARNING"
        settings: dict[str, SettingValue] = {"LOG_LEVEL": "INFO" if verbose else usual}
        if log_level is not None:
            settings["LOG_LEVEL"] = log_level.upper()
        if log_format is not None:
            settings["LOG_LINES"] = log_format
        command(*args, settings=settings | overrides(pairs), **kwargs)

    return wrapped
