"""A source's feeds, sitemaps and pages of links in one crawl: which are to be asked, with what, and what they said."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from scrapy.http import Response

from archive.models import PASSING, EndpointKind, Reason, Source
from archive.pacing import Trouble
from archive.revisiting import tells
from archive.settings import settings_of
from archive.store import Database, endpoints
from archive.store.endpoints import Endpoint, Visit
from crawler.conditional import conditions
from crawler.discovery import wellknown
from crawler.discovery.sitemaps import SitemapRef
from crawler.frontier import Frontier, now
from crawler.responses import asked, header

NOT_MODIFIED = 304
FEW_PARTS = 5
"""Parts of an index that are asked by every crawl, as other lists are, where nothing tells which have changed."""
_TEMPORARY = frozenset({408, 425, 429})


class Part(NamedTuple):
    """A sitemap that an index lists, and that is to be read."""

    url: str
    modified_at: datetime | None
    parent: str
    depth: int


class Place(NamedTuple):
    """Where a feed or sitemap is, or may be."""

    url: str
    announced: bool
    """Whether somebody says so; else it is only tried."""


class Listings:
    """What earlier crawls know of a source's endpoints, and what this one adds.

    The validators of a page that names further ones to be read count only when those were read: what an interrupted
    crawl has left out must not be hidden behind a 304 for ever.
    """

    def __init__(self, db: Database, source: Source, frontier: Frontier) -> None:
        self._db = db
        self._source = source
        self._settings = settings_of(source.settings)
        self._started = now()
        self._counts = frontier.counts
        self._known: dict[str, Endpoint] = {}
        for endpoint in endpoints.of(db, source.id):
            before = self._known.get(endpoint.url)
            if before is None or not (before.etag or before.last_modified):
                self._known[endpoint.url] = endpoint
        self._unfinished: dict[str, tuple[EndpointKind, str | None, str | None]] = {}

    def feeds(self, announced: Iterable[str] = (), *, guess: bool = True) -> list[Place]:
        """The feeds to be asked: those that the operator names, else those `announced` or known, else likely places.

        A likely place is asked as seldom as a page that brings nothing is due: what was not there seldom comes.
        """
        places = self._places(self._settings.feeds, announced, EndpointKind.FEED)
        return places if places is not None else self._likely(wellknown.feeds(self._source.url), guess=guess)

    def sitemaps(self, announced: Iterable[str] = ()) -> list[Place]:
        """The sitemaps to be asked, likewise."""
        kinds = EndpointKind.SITEMAP, EndpointKind.NEWS_SITEMAP
        places = self._places(self._settings.sitemaps, announced, *kinds)
        return places if places is not None else self._likely(wellknown.sitemaps(self._source.url))

    def _places(
        self, named: Sequence[str] | None, announced: Iterable[str], *kinds: EndpointKind
    ) -> list[Place] | None:
        """None where nothing is said."""
        found = named if named is not None else tuple(dict.fromkeys((*announced, *self.of(*kinds))))
        return [Place(url, announced=True) for url in found] if found or named is not None else None

    def _likely(self, guesses: Iterable[str], *, guess: bool = True) -> list[Place]:
        may = guess and self.is_due(self._source.url)
        return [Place(url, announced=False) for url in guesses] if may else []

    def of(self, *kinds: EndpointKind) -> list[str]:
        """The addresses of such endpoints that earlier crawls have found, without the parts of indexes."""
        return [url for url, known in self._known.items() if known.kind in kinds and known.parent is None]

    def sections(self) -> dict[str, int]:
        """The pages of links that earlier crawls have read, each with its distance from the home page."""
        return {
            url: known.depth for url, known in self._known.items() if known.kind is EndpointKind.SECTION and known.depth
        }

    def conditions(self, url: str) -> dict[str, bytes]:
        """The header fields that ask for an endpoint only if it has changed."""
        known = self._known.get(url)
        return conditions(known.etag, known.last_modified) if known else {}

    def is_due(self, url: str) -> bool:
        """Whether an endpoint is worth asking by now."""
        known = self._known.get(url)
        return known is None or known.next_check_at is None or known.next_check_at <= now()

    def unmodified(self, response: Response) -> Endpoint | None:
        """The endpoint of which the server says that it is as it was, after noting it; None for other responses."""
        known = self._known.get(asked(response))
        if response.status != NOT_MODIFIED or known is None or not (known.etag or known.last_modified):
            return None
        endpoints.checked(self._db, self._source.id, known.kind, known.url, at=now())
        self._counts["unmodified lists"] += 1
        self._counts["listed"] += known.listed
        return known

    def parts(self, index: str, named: Sequence[SitemapRef] | None, *, depth: int) -> Iterator[Part]:
        """The parts of an index that are to be read: new ones, those that it says were modified, and those due.

        `named` is what it lists now; None where it is as it was, so that what it said of its parts still holds.
        """
        if named is None:
            refs = [SitemapRef(url=url) for url, known in self._known.items() if known.parent == index]
        else:
            refs = list(named)
        tells_apart = tells([ref.modified_at for ref in refs if ref.modified_at], now())
        for ref in refs:
            known = self._known.get(ref.url)
            if known is None or self._is_wanted(
                known, ref.modified_at if tells_apart else None, same=named is None, few=len(refs) <= FEW_PARTS
            ):
                yield Part(url=ref.url, modified_at=ref.modified_at, parent=index, depth=depth)
            else:
                self._counts["listed"] += known.listed
                yield from self.parts(ref.url, None, depth=depth + 1)

    def _is_wanted(self, known: Endpoint, modified_at: datetime | None, *, same: bool, few: bool) -> bool:
        if known.error is None and known.modified_at is not None and (same or modified_at is not None):
            return modified_at is not None and modified_at > known.modified_at
        return (few and known.error is None) or self.is_due(known.url)

    def heard(self, url: str, kind: EndpointKind, visit: Visit, *, names_others: bool = False) -> None:
        """Records what an endpoint has said; with `names_others`, its validators only when the crawl is complete."""
        if names_others and visit.error is None:
            self._unfinished[url] = (kind, visit.etag, visit.last_modified)
        if names_others or visit.error is not None:
            visit = Visit(
                new=visit.new,
                listed=visit.listed,
                error=visit.error,
                trouble=visit.trouble,
                parent=visit.parent,
                modified_at=None if visit.error else visit.modified_at,
                depth=visit.depth,
            )
        endpoints.checked(self._db, self._source.id, kind, url, visit, at=now())

    def left_out(self, url: str) -> None:
        """Notes that not everything was read that an endpoint names: the next crawl reads it in full."""
        self._unfinished.pop(url, None)

    def failed(self, url: str, kind: EndpointKind, reason: Reason, *, depth: int = 0) -> None:
        """Records that an endpoint could not be had."""
        trouble = Trouble.TEMPORARY if reason in PASSING else Trouble.HARD
        self.heard(url, kind, Visit(error=reason.value, trouble=trouble, depth=depth))

    def finish(self) -> None:
        """Called when the crawl is complete. Raises StoreError."""
        for url, (kind, etag, last_modified) in self._unfinished.items():
            endpoints.state(self._db, self._source.id, kind, url, etag=etag, last_modified=last_modified)
        self._forget(self._settings.feeds, EndpointKind.FEED)
        self._forget(self._settings.sitemaps, EndpointKind.SITEMAP, EndpointKind.NEWS_SITEMAP)

    def _forget(self, named: Sequence[str] | None, *kinds: EndpointKind) -> None:
        """Forget the lists in whose place the operator has named others: what is not asked would be due for ever."""
        known = (one.last_checked_at for one in endpoints.of(self._db, self._source.id) if one.kind in kinds)
        if named is not None and (not named or any(at and at >= self._started for at in known)):
            endpoints.forget_unasked(self._db, self._source.id, kinds, self._started)


def visit_of(response: Response, *, new: int = 0, listed: int = 0, error: str | None = None) -> Visit:
    """What a response says of its endpoint, with what was made of it. Raises: nothing."""
    part: Part | None = response.meta.get("part")
    return Visit(
        new=new,
        listed=listed,
        etag=header(response, "ETag"),
        last_modified=header(response, "Last-Modified"),
        error=error,
        trouble=_trouble_of(response.status),
        parent=part.parent if part else None,
        modified_at=part.modified_at if part else None,
        depth=response.meta.get("section_depth") or (part.depth if part else 0),
    )


def _trouble_of(status: int) -> Trouble:
    if status == 200:
        return Trouble.SOFT
    return Trouble.TEMPORARY if status >= 500 or status in _TEMPORARY else Trouble.HARD
