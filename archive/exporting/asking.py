"""The options by which a user says which articles he means; the same for `export` and `sample`."""

from collections.abc import Callable
from typing import Any, BinaryIO, TypedDict, TypeVar

import click

from archive.errors import ConfigError
from archive.exporting.selection import Asked
from archive.store.selections import Key


class Filtering(TypedDict, total=False):
    """What the options of `selecting` give."""

    query: str | None
    source: str | None
    since: str | None
    until: str | None
    language: str | None


F = TypeVar("F", bound=Callable[..., Any])

_OPTIONS = (
    click.option("--query", metavar="QUERY", help="Only articles that these words find, as `search` takes them."),
    click.option("--source", metavar="NAME", help="Only articles of this source."),
    click.option("--since", metavar="TIME", help="Published at or after: 2d, 3w or 2026-11-01."),
    click.option("--until", metavar="TIME", help="Published before."),
    click.option("--language", metavar="CODE", help="Only articles in this language, as en or zh."),
)


class Keys(click.ParamType[tuple[Key, ...]]):
    """A list of keys with commas between, as `source,month`."""

    name = "keys"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[Key, ...]:
        """The keys, each once."""
        if isinstance(value, tuple):
            return value
        words = [word.strip().lower() for word in str(value).split(",") if word.strip()]
        for word in words:
            if word not in list(Key):
                self.fail(f"{word!r} is none of {', '.join(Key)}", param, ctx)
        return tuple(map(Key, dict.fromkeys(words)))


def selecting(command: F) -> F:
    """Adds the options to a command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def asked_for(filters: Filtering, listed: BinaryIO | None = None) -> Asked:
    """What the options of `selecting` say, or a list in their place. Raises: ConfigError for both at once."""
    if listed is None:
        return Asked(**filters)
    if given := [name for name, value in filters.items() if value is not None]:
        raise ConfigError(f"--ids says already which articles: leave --{given[0]} out")
    return Asked(listed=listed.read())
