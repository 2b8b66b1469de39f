"""What a site has for us, found out by a dry run of its crawl whose responses are looked at once more."""

import tempfile
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

from archive import text
from archive.capturing import warc_directory
from archive.errors import CaptureError
from archive.extraction import Page, read
from archive.extraction.languages import tag
from archive.extraction.metatags import metas
from archive.models import EndpointKind, Source
from archive.store import Database, captures, endpoints, open_archive, sources
from archive.store.endpoints import Endpoint
from archive.urls import canonical, spellings
from archive.warc import notes
from archive.warc import reading as warc
from archive.warc.records import Record
from crawler.crawling import NO_SETTINGS, SettingValue, crawl
from crawler.discovery.robots import Robots
from crawler.forecast import Forecast, foretold
from crawler.job import Result

FIRST = 10
"""Articles that are named."""
BOUNDS: Mapping[str, SettingValue] = {
    # enough to see what there is, and soon
    "SITEMAPS_MAX": 5,
    "SECTIONS_MAX": 3,
    "RETRY_TIMES": 1,
    "CLOSESPIDER_TIMEOUT": 90,
    "EXTRACTION_PROCESSES": 0,
    "LOG_LEVEL": "ERROR",
}
_LISTS = (EndpointKind.FEED, EndpointKind.SITEMAP, EndpointKind.NEWS_SITEMAP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What was found at a site."""

    url: str
    name: str
    """What its source would be called if no other had that name."""
    title: str | None
    language: str | None
    """ISO 639."""
    has_robots: bool
    """Whether there is a robots.txt."""
    crawl_delay_s: float | None
    """What that asks for."""
    lists: tuple[Endpoint, ...]
    """Its feeds and sitemaps that were read; not all, where there are many."""
    articles: tuple[Forecast, ...]
    """What a crawl would do with the addresses found: what it would fetch comes first."""
    error: str | None
    """Why a crawl would bring nothing."""

    @property
    def fetched(self) -> tuple[Forecast, ...]:
        """The articles that a crawl would fetch."""
        return tuple(told for told in self.articles if told.refused is None)


def probe(
    url: str, *, kept: Mapping[str, object] = NO_SETTINGS, settings: Mapping[str, SettingValue] = NO_SETTINGS
) -> Probe:
    """What a source at `url` with the settings `kept` would have. Nothing is stored.

    As `crawl`, a process can do this once. Raises: SourceError for what is no address, ConfigError for wrong settings.
    """
    with tempfile.TemporaryDirectory(prefix="newsarchive-probe-") as directory:
        scratch = Path(directory) / "scratch.db"
        with closing(open_archive(scratch)) as db:
            source = sources.add(db, url=url, settings=kept)
        bounded = {**BOUNDS, **settings, "DRY_RUN": True, "WARC_ENABLED": True}
        (result,) = crawl(scratch, [source.name], limit=FIRST, settings=bounded)
        with closing(open_archive(scratch, readonly=True)) as db:
            return _told(db, warc_directory(scratch), sources.get(db, source.id) or source, result)


def _told(db: Database, directory: Path, source: Source, result: Result) -> Probe:
    robots = _answer(db, directory, urljoin(source.url, "/robots.txt"))
    home = _answer(db, directory, source.url)
    page = read(notes.capture(home)) if home else None
    shown = page if isinstance(page, Page) else None
    rules = Robots.parse(robots.body, source.url) if robots else None
    return Probe(
        url=source.url,
        name=source.name,
        title=_site_name(shown) or source.title,
        language=_language(shown),
        has_robots=rules is not None,
        crawl_delay_s=rules.crawl_delay("newsarchive") if rules else None,
        lists=tuple(one for one in endpoints.of(db, source.id) if one.kind in _LISTS),
        articles=tuple(foretold(db, {source.id})),
        error=str(result.error) if result.error else None,
    )


def _answer(db: Database, directory: Path, address: str) -> Record | None:
    """What was answered at an address, or where nearly every site has the same; None for nothing good."""
    url = canonical(address)
    for asked in (url, *spellings(url)) if url else ():
        row = captures.latest(db, asked)
        if row is not None and row.place is not None:
            try:
                return warc.read(directory, row.place)
            except CaptureError:
                return None
    return None


def _site_name(page: Page | None) -> str | None:
    names: Sequence[str] = metas(page.root).get("og:site_name", ()) if page else ()
    return next(filter(None, map(text.line, names)), None)


def _language(page: Page | None) -> str | None:
    code = tag(page.root, ()).partition("-")[0].lower() if page else ""
    return code if code.isascii() and code.isalpha() and len(code) in (2, 3) else None
