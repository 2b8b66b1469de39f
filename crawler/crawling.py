"""Crawls run from Python: Scrapy's process started once, one crawl a target, a result of each."""

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from scrapy.settings import Settings

from archive.errors import ConfigError, SourceError
from archive.lock import crawl_lock
from archive.pool import get_ready
from archive.store import open_archive
from crawler.job import Job, Result, clear, result_of
from crawler.process import Agenda, Crawls
from crawler.target import resolve

SettingValue = str | int | float | bool
NO_SETTINGS: Mapping[str, SettingValue] = MappingProxyType({})


class Listed:
    """The jobs of a list, each once."""

    def __init__(self, jobs: Iterable[Job]) -> None:
        self._left = list(jobs)

    def take(self, busy: Collection[str]) -> Job | None:
        """The first that is left and whose host is not busy."""
        job = next((job for job in self._left if job.host not in busy), None)
        if job is not None:
            self._left.remove(job)
        return job

    def is_empty(self) -> bool:
        """Whether all were taken."""
        return not self._left

    def ended(self, job: Job) -> None:
        """Nothing is to be noted."""


def crawl(
    db: Path,
    targets: Sequence[str],
    *,
    since: str | None = None,
    limit: int | None = None,
    settings: Mapping[str, SettingValue] = NO_SETTINGS,
    discover: bool = True,
) -> list[Result]:
    """Crawl each target (a source's name or a URL) into the archive at `db`; gives a result for each, in order.

    Without `discover` only what waits in the frontier is fetched. Of targets that mean the same, the first counts.
    `settings` override `crawler.settings`. A process can do this once, because Twisted's reactor cannot be started
    again.

    Raises: StoreError where the archive cannot be opened or another process crawls into it, ConfigError for settings
    with which Scrapy does not start at all; other errors are in the results.
    """
    with crawl_lock(db):
        jobs = _jobs(db, targets, discover=discover)
        agenda = Listed(job for job in jobs if job.target is not None)
        try:
            run_crawls(db, agenda, settings=settings, since=since or "", limit="" if limit is None else str(limit))
        finally:
            clear(db, jobs)
    return [result_of(job) for job in jobs]


def run_crawls(
    db: Path, agenda: Agenda, *, settings: Mapping[str, SettingValue], lasts_s: float | None = None, **arguments: str
) -> None:
    """Run Scrapy over an agenda, until that is done; the jobs that were taken then have their crawlers.

    After `lasts_s` seconds no new page is asked for. Raises: ConfigError for settings with which Scrapy does not
    start at all, and what the agenda raises.
    """
    try:
        configured = Settings()
        configured.setmodule("crawler.settings", priority="project")
        configured.setdict({"NEWSARCHIVE_DB": str(db), **settings}, priority="cmdline")
        if configured.getint("EXTRACTION_PROCESSES"):
            get_ready()
        process = Crawls(configured, agenda, lasts_s=lasts_s, **arguments)
        # Scrapy lets its handler sort out what is below the level; a hundred records a page would be for nothing.
        logging.getLogger().setLevel(configured["LOG_LEVEL"])
        process.start()
    except Exception as error:  # Scrapy reads its settings where it needs them, and raises whatever comes of it
        raise ConfigError(f"Scrapy does not start: {error} (is a setting given with -s wrong?)") from error
    if process.error is not None:
        raise process.error


def _jobs(db: Path, words: Sequence[str], *, discover: bool) -> list[Job]:
    """A job for each target, the first of those that mean the same."""
    jobs: dict[object, Job] = {}
    with closing(open_archive(db)) as archive:
        for word in words:
            try:
                target = replace(resolve(archive, word), waits=not discover)
            except SourceError as error:
                jobs.setdefault(word, Job(word=word, error=error))
            else:
                jobs.setdefault((target.source.id, target.only), Job(word=word, target=target))
    return list(jobs.values())


def overrides(settings: Sequence[str]) -> dict[str, SettingValue]:
    """Scrapy settings as a command line gives them. Raises: ConfigError for one that is not written as NAME=VALUE."""
    pairs = [setting.partition("=") for setting in settings]
    if wrong := [name for name, equals, _ in pairs if not equals or not name.strip()]:
        raise ConfigError(f"-s {wrong[0]}: write it as NAME=VALUE, for instance -s DOWNLOAD_DELAY=5")
    return {name.strip(): value for name, _, value in pairs}
