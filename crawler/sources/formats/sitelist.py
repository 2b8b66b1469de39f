"""The sitelist.hjson of news-please: `base_urls`, each an address with the crawler that is to be used."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

import hjson

from archive.errors import ConfigError
from archive.models import Source
from archive.settings import address_of, interval_of
from crawler.sources.formats.brought import Gathering, is_single_page

_OF_PAGES = "Download"
"""The crawler that fetches addresses and looks no further."""
_UNDERSTOOD = frozenset({"url", "crawler", "daemonize", "additional_rss_daemon"})


def read(data: bytes, file: str) -> Gathering:
    """The sources of a sitelist; `daemonize` and `additional_rss_daemon` (seconds) say how often they are crawled.

    Which way of discovery it names does not matter: all are tried. Raises: ConfigError for what is no sitelist at all.
    """
    try:
        said: Any = hjson.loads(data.decode("utf-8-sig", "replace"))
    # hjson stumbles over an unclosed comment with an IndexError
    except (ValueError, IndexError, RecursionError) as error:
        raise ConfigError(f"{file} is no HJSON: {error}") from error
    sites = said.get("base_urls") if isinstance(said, Mapping) else None
    if not isinstance(sites, list):
        raise ConfigError(f'{file} is no sitelist: it has no list "base_urls"')
    found = Gathering(file=file)
    lines = _Lines(data.decode("utf-8-sig", "replace"))
    for site in sites:
        _take(site, found, lines)
    return found


class _Lines:
    """On which line an address stands: the parser forgets where it was."""

    def __init__(self, document: str) -> None:
        self._lines = document.splitlines()

    def of(self, address: object) -> int:
        """The first line that has it, counted from 1; 1 where none has."""
        return next((at for at, line in enumerate(self._lines, 1) if isinstance(address, str) and address in line), 1)


def _take(site: object, found: Gathering, lines: _Lines) -> None:
    if not isinstance(site, Mapping):
        found.skip(lines.of(site), str(site), "no entry with a url")
        return
    urls = site.get("url")
    for address in urls if isinstance(urls, list) else [urls]:
        line = lines.of(address)
        try:
            url = address_of(address)
            every = _every(site)
        except ConfigError as error:
            found.skip(line, str(address), str(error))
            continue
        if site.get("crawler") == _OF_PAGES or is_single_page(url):
            found.skip(line, url, "a single page: newsarchive import urls fetches such")
            continue
        found.add(line, url, every=every)
        if rest := sorted(str(key) for key in site.keys() - _UNDERSTOOD):
            found.skip(line, url, f"followed, but without {', '.join(rest)}")


def _every(site: Mapping[str, object]) -> timedelta | None:
    """Raises: ConfigError for what is no number of seconds."""
    for key in ("daemonize", "additional_rss_daemon"):
        seconds = site.get(key)
        if seconds is None:
            continue
        if isinstance(seconds, bool) or not isinstance(seconds, int):
            raise ConfigError(f"{key}: {seconds!r} is no number of seconds")
        return interval_of(f"{max(seconds, 60)}s")
    return None


def written(sources: Sequence[Source]) -> str:
    """A sitelist of sources, as JSON, which is HJSON as well. Names and other settings have no place in it.

    Raises: nothing.
    """
    return json.dumps({"base_urls": [dict(_site(source)) for source in sources]}, ensure_ascii=False, indent=2) + "\n"


def _site(source: Source) -> Iterator[tuple[str, object]]:
    yield "url", source.url
    if source.every_seconds:
        yield "crawler", "RssCrawler"
        yield "daemonize", source.every_seconds
