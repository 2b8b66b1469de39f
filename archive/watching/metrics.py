"""Numbers for Prometheus: a file for the textfile collector of its node_exporter.

Names and units by prometheus.io/docs/practices/naming, the format by its text-based exposition format, version 0.0.4.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, NamedTuple

from archive.errors import NotificationError
from archive.health.causes import Ailment
from archive.store.columns import to_time_or_none
from archive.watching.judging import Health

_ESCAPES = str.maketrans({"\\": r"\\", "\n": r"\n", '"': r"\""})


class _Metric(NamedTuple):
    name: str
    kind: str
    help: str
    column: str
    """Of the view `source_health`."""


_METRICS = (
    _Metric("source_last_crawl_timestamp_seconds", "gauge", "When the last crawl began.", "last_crawl_at"),
    _Metric(
        "source_last_success_timestamp_seconds",
        "gauge",
        "When the last crawl ended that heard what is new.",
        "last_success_at",
    ),
    _Metric(
        "source_last_article_timestamp_seconds",
        "gauge",
        "When a crawl last brought a new article, in the last 91 days.",
        "last_article_at",
    ),
    _Metric("source_articles", "gauge", "Articles in the archive.", "articles"),
    _Metric("source_new_articles", "gauge", "Articles that crawls have brought in the last 7 days.", "new_articles"),
    _Metric("source_waiting_addresses", "gauge", "Addresses that are to be fetched.", "waiting"),
    _Metric("source_failed_addresses", "gauge", "Addresses that failed, and are tried again or given up.", "failed"),
    _Metric("source_failing_lists", "gauge", "Feeds, sitemaps and sections that fail.", "failing_lists"),
    _Metric("source_missing_articles", "gauge", "Articles that are not at their addresses.", "missing"),
    _Metric("source_crawls_total", "counter", "Crawls so far.", "crawls"),
)


def exposition(found: Sequence[Health], at: datetime) -> str:
    """The health of sources at a moment, in Prometheus' text format. Raises: nothing.

    Times that are not known are left out. Every alarm that there could be has a sample, 0 or 1, so that one that has
    ended does not go stale.
    """
    return "".join(f"{line}\n" for line in _lines(found, at))


def _lines(found: Sequence[Health], at: datetime) -> Iterator[str]:
    for metric in _METRICS:
        samples = [(health.source.name, _value(metric, health.numbers)) for health in found]
        yield from _head(metric.name, metric.kind, metric.help)
        yield from (_sample(metric.name, {"source": name}, value) for name, value in samples if value is not None)
    yield from _head("source_alarm", "gauge", "1 where the source is not as it was, 0 where it is.")
    for health in found:
        rings = {alarm.ailment for alarm in health.alarms}
        for ailment in Ailment:
            yield _sample("source_alarm", {"source": health.source.name, "alarm": ailment}, int(ailment in rings))
    yield from _head("health_timestamp_seconds", "gauge", "When this was looked at.")
    yield _sample("health_timestamp_seconds", {}, int(at.timestamp()))


def _value(metric: _Metric, numbers: Mapping[str, Any]) -> int | None:
    value = numbers[metric.column]
    if metric.name.endswith("_timestamp_seconds"):
        moment = to_time_or_none(value)
        return int(moment.timestamp()) if moment else None
    return int(value)


def _head(name: str, kind: str, help_: str) -> Iterator[str]:
    yield f"# HELP newsarchive_{name} {help_}"
    yield f"# TYPE newsarchive_{name} {kind}"


def _sample(name: str, labels: Mapping[str, str], value: int) -> str:
    said = ",".join(f'{key}="{label.translate(_ESCAPES)}"' for key, label in labels.items())
    return f"newsarchive_{name}{f'{{{said}}}' if said else ''} {value}"


def write(path: Path, text: str) -> None:
    """Puts a text into a file, whole or not at all: a reader never meets half of it.

    The file may be read by all, as node_exporter has a user of its own. Raises: NotificationError where it cannot be.
    """
    try:
        # another name than *.prom, for which the collector looks
        with NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            part = Path(file.name)
            try:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
                part.chmod(0o644)
                part.replace(path)
            except BaseException:
                with suppress(FileNotFoundError):
                    part.unlink()
                raise
    except OSError as error:
        raise NotificationError(f"the metrics cannot be written to {path}: {error.strerror}") from error
