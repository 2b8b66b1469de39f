"""Crawls run from Python: Scrapy's process started once, one crawl a target, a result of each."""

import logging
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from scrapy.settings import Settings

from archive.errors import ConfigError, SourceError
from archive.lock import crawl_lock
from archive.pool import get_ready
from archive.store import open_archive
from crawler import logs
from crawler.agenda import Listed
from crawler.job import Job, Result, clear, result_of
from crawler.process import Agenda, Crawls
from crawler.target import resolve

SettingValue = str | int | float | bool
NO_SETTINGS: Mapping[str, SettingValue] = MappingProxyType({})
NO_ARGUMENTS: Mapping[str, str] = MappingProxyType({})


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
        arguments = {"since": since or "", "limit": "" if limit is None else str(limit)}
        try:
            with closing(open_archive(db)) as archive:
                meant = (job for job in jobs if job.target is not None)
                run_crawls(db, Listed(archive, meant, is_whole=not any(arguments.values())), settings, arguments)
        finally:
            clear(db, jobs)
    return [result_of(job) for job in jobs]


def run_crawls(
    db: Path,
    agenda: Agenda,
    settings: Mapping[str, SettingValue],
    arguments: Mapping[str, str] = NO_ARGUMENTS,
    *,
    lasts_s: float | None = None,
) -> None:
    """Run Scrapy over an agenda, until that is done; the jobs that were taken then have their crawlers.

    `arguments` are the spider's. After `lasts_s` seconds no new page is asked for. Raises: ConfigError for settings
    with which Scrapy does not start at all, and what the agenda raises.
    """
    try:
        configured = Settings()
        configured.setmodule("crawler.settings", priority="project")
        ours = {"NEWSARCHIVE_DB": str(db), "LOG_INSTALL_ROOT_HANDLER": False}
        configured.setdict({**ours, **settings}, priority="cmdline")
        logs.install(configured)
        if configured.getint("EXTRACTION_PROCESSES"):
            get_ready()
        process = Crawls(configured, agenda, arguments, lasts_s=lasts_s)
        # it lets Scrapy's loggers make records of every level, two a page, for the handler to sort out
        logging.getLogger("scrapy").setLevel(logging.NOTSET)
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
