"""Sources written as a `newsarchive.toml`, which has a place for everything that is set of them."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

import tomli_w

from archive.models import Source
from archive.settings import KEYS
from archive.when import written as length


def written(sources: Sequence[Source]) -> str:
    """A `newsarchive.toml` that brings an archive to these sources (`archive.config.load` reads it).

    Raises: nothing.
    """
    # the library would write short tables into one line
    tables = (tomli_w.dumps({"source": dict(_table(source))}) for source in sources)
    return "\n".join(table.replace("[source]", "[[source]]", 1) for table in tables)


def _table(source: Source) -> Iterator[tuple[str, object]]:
    yield "url", source.url
    yield "name", source.name
    for key in ("title", "country", "language"):
        if value := getattr(source, key):
            yield key, value
    if source.every_seconds:
        yield "every", length(timedelta(seconds=source.every_seconds))
    if not source.enabled:
        yield "enabled", False
    for key in KEYS:
        if key in source.settings:
            yield key, source.settings[key]
