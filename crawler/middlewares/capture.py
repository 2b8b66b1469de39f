"""Every response is kept before anything is made of it: pages, feeds, robots.txt, redirects and refusals alike."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import responses
from importlib.metadata import version
from pathlib import Path
from typing import Protocol, cast

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Headers, Response
from scrapy.settings import BaseSettings

from archive import accounting
from archive.capturing import keep, open_warc, warc_directory
from archive.erasing import erase_capture
from archive.errors import ArchiveError
from archive.models import CanonicalUrl, CaptureId, CrawlId, Exchange, Source
from archive.sealing import seal
from archive.store import Database
from archive.urls import canonical
from archive.warc.notes import Asked
from archive.warc.writing import Author, WarcWriter
from crawler.failures import NotKept
from crawler.frontier import now

logger = logging.getLogger(__name__)


class Warcs:
    """The WARC writers of this process: one for each archive, however many crawls write to it."""

    def __init__(self) -> None:
        self._open: dict[Path, tuple[WarcWriter, int]] = {}

    def acquire(self, db: Database, directory: Path) -> WarcWriter:
        """The archive's writer, opened by the first crawl. Raises CaptureError, StoreError."""
        warc, users = self._open.get(directory, (None, 0))
        if warc is None:
            warc, recoveries = open_warc(db, directory)
            for recovery in recoveries:
                logger.warning(
                    "event=warc_recovered file=%s adopted=%d cut=%d", recovery.file, recovery.adopted, recovery.cut
                )
        self._open[directory] = (warc, users + 1)
        return warc

    def release(self, directory: Path) -> None:
        """Closes the writer with the last crawl."""
        warc, users = self._open.pop(directory)
        if users > 1:
            self._open[directory] = (warc, users - 1)
        else:
            warc.close()


warcs = Warcs()


def seal_crawl(db: Database, source: Source, crawl_id: CrawlId, settings: BaseSettings) -> None:
    """Writes a crawl's account, and puts all that was stored into the chain of manifests.

    Raises: CaptureError, StoreError.
    """
    with writing(db, settings) as warc:
        signed = author(db, source, crawl_id, settings)
        if warc is not None:
            accounting.close(db, warc, signed, crawl_id, at=now())
        rows = seal(db, warc, signed, at=now(), crawl_id=crawl_id)
    logger.info("event=sealed rows=%d", rows)


def erase_again(db: Database, capture_id: CaptureId, tombstone_id: int, settings: BaseSettings) -> None:
    """Erases a response that is what was taken down. Raises CaptureError, StoreError."""
    directory = directory_of(settings)
    if directory is not None:
        erase_capture(db, directory, capture_id, tombstone_id, now())


@contextmanager
def writing(db: Database, settings: BaseSettings) -> Iterator[WarcWriter | None]:
    """The archive's writer, for something of our own making; None where no WARC files are written.

    Raises: CaptureError, StoreError.
    """
    directory = directory_of(settings)
    if directory is None:
        yield None
        return
    warc = warcs.acquire(db, directory)
    try:
        yield warc
    finally:
        warcs.release(directory)


def directory_of(settings: BaseSettings) -> Path | None:
    """Where a crawl with these settings keeps its WARC files; None where it keeps none."""
    return warc_directory(Path(settings["NEWSARCHIVE_DB"])) if settings.getbool("WARC_ENABLED") else None


_SECRET = frozenset({b"cookie", b"authorization", b"proxy-authorization"})


class Crawl(Protocol):
    """What of the spider is needed here."""

    db: Database
    source: Source
    crawl_id: CrawlId

    def stop(self, error: ArchiveError) -> None:
        """End the crawl because the archive cannot be written."""


class CaptureMiddleware:
    """Keeps each response as the network gave it; sits next to the downloader, where nothing has been decoded yet.

    `request.meta["kept"]` then says where (`archive.capturing.Kept`).
    """

    def __init__(self, crawler: Crawler) -> None:
        spider = cast(Crawl, crawler.spider)
        settings = crawler.settings
        self._spider = spider
        self._directory = directory_of(settings)
        self._warc = warcs.acquire(spider.db, self._directory) if self._directory else None
        self._author = author(spider.db, spider.source, spider.crawl_id, settings)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "CaptureMiddleware":
        """Called by Scrapy."""
        middleware = cls(crawler)
        crawler.signals.connect(middleware.spider_closed, signals.spider_closed)
        return middleware

    def process_response(self, request: Request, response: Response) -> Response:
        """The response, kept; its bytes and head alone, without a guess at what they are.

        Raises NotKept where the archive does not take it; the crawl then ends.
        """
        try:
            request.meta["kept"] = keep(
                self._spider.db,
                self._warc,
                exchange_of(request, response),
                author=self._author,
                crawl_id=self._spider.crawl_id,
                asked=asked_of(request),
            )
        except ArchiveError as error:
            self._spider.stop(error)
            raise NotKept(str(error)) from error
        return bare(response)

    def spider_closed(self) -> None:
        """Called by Scrapy: the last crawl closes the files."""
        if self._directory:
            warcs.release(self._directory)


def bare(response: Response) -> Response:
    """The response as the plain base class.

    Of a TextResponse Scrapy wants to know the charset whenever it makes a copy, and that is sought for in the still
    compressed bytes: a fifth of the crawling process's time.
    """
    return Response(
        response.url,
        status=response.status,
        headers=response.headers,
        body=response.body,
        flags=response.flags,
        certificate=response.certificate,
        ip_address=response.ip_address,
        protocol=response.protocol,
    )


def exchange_of(request: Request, response: Response) -> Exchange:
    """What went over the wire, as far as Scrapy tells: it writes the names of header fields in its own way.

    What lets the operator in is left out: an archive is shown to others.
    """
    return Exchange(
        url=request.url,
        fetched_at=now(),
        status=response.status,
        reason=responses.get(response.status, ""),
        protocol=response.protocol or "HTTP/1.1",
        method=request.method,
        request_headers=tuple(field for field in _fields(request.headers) if field[0].lower() not in _SECRET),
        headers=_fields(response.headers),
        payload=response.body,
        ip=str(response.ip_address) if response.ip_address else None,
    )


def _fields(headers: Headers) -> tuple[tuple[bytes, bytes], ...]:
    return tuple((name, value) for name, values in headers.items() for value in values)


def asked_of(request: Request) -> Asked:
    """Why the request was sent; that an article may be there is known by its place in the frontier, or as a section."""
    meta = request.meta
    return Asked(
        url=meta.get("archive_url") or canonical(request.url) or CanonicalUrl(request.url),
        redirects=tuple(meta.get("redirect_urls", ())),
        candidate=meta.get("candidate"),
        is_page="archive_url" in meta or "section_depth" in meta,
    )


def author(db: Database, source: Source, crawl_id: CrawlId, settings: BaseSettings) -> Author:
    """How a crawl signs what it writes (ISO 28500, 6.2: fields of a warcinfo record)."""
    return Author(
        key=f"{source.name}/{crawl_id}",
        lines={
            "software": f"newsarchive/{version('newsarchive')} (Scrapy {version('scrapy')})",
            "format": "WARC File Format 1.1",
            "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
            "isPartOf": source.name,
            "description": f"crawl {crawl_id} of {source.url}",
            "robots": "obey" if settings.getbool("ROBOTSTXT_OBEY") else "ignore",
            "http-header-user-agent": settings["USER_AGENT"],
            **accounting.beginning(db, source.id, crawl_id),
        },
    )
