"""The demo newspaper: what it answers to each request, and what a complete crawl of it must store."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import quote, unquote

from archive.models import BlockKind
from crawler.demo import announcements, pages
from crawler.demo import traps as trap_pages
from crawler.demo.edition import TITLE, WAYS, Edition, slugged
from crawler.demo.serving import Reply, negotiated, serve
from crawler.demo.stories import SECTIONS, Section, Story, stories
from crawler.demo.traps import Trap

__all__ = ["WAYS", "Newspaper", "Record", "Reply", "Trap", "serve"]

STORIES_A_PAGE = 5
ON_THE_FRONT_PAGE = 12
_HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What must be stored of one article."""

    path: str
    """Percent-encoded, without host."""
    also_at: tuple[str, ...]
    """Further paths (with query) that lead to the same article; only of a copy may one of them be the article's URL."""
    title: str
    subtitle: str | None
    authors: tuple[str, ...]
    agency: str | None
    published: str
    """ISO 8601 with the page's own offset."""
    section: str
    language: str
    paragraphs: tuple[str, ...]
    """The body as a reader sees it; of a table the rows, one a line, with " | " between the cells."""
    blocks: tuple[BlockKind, ...]
    """The kind of each paragraph."""


class Newspaper:
    """A newspaper that is a pure function of the request: the same request always gets the same answer."""

    def __init__(self, ways: frozenset[str] = WAYS) -> None:
        """Offer these ways of discovery only, any of `feeds`, `sitemaps` and `links`.

        Raises: ValueError for another way.
        """
        if unknown := ways - WAYS:
            raise ValueError(f"no way of discovery: {', '.join(sorted(unknown))}; there are {', '.join(sorted(WAYS))}")
        self._ways = ways
        self._stories = {story.path: story for story in stories()}
        self._slugs = {story.slug: story for story in stories()}

    def articles(self) -> tuple[Record, ...]:
        """What a complete crawl must store, newest first: every story that the offered ways of discovery lead to."""
        edition = self._edition("http://lantern.example")
        found: set[str] = set()
        if "links" in self._ways:
            found.update(self._stories)
        if "sitemaps" in self._ways:
            found.update(story.path for story in edition.announced())
        if "feeds" in self._ways:
            found.update(story.path for story in edition.announced()[: announcements.JSON_FEED_LENGTH])
        return tuple(_record(story, edition) for story in edition.stories if story.path in found)

    def traps(self, base: str) -> tuple[Trap, ...]:
        """What is laid in the way of a crawl of the newspaper at `base`, by the offered ways of discovery."""
        return tuple(trap for trap in trap_pages.traps(self._edition(base)) if trap.ways & self._ways)

    def reply(self, path: str, query: str = "", headers: Mapping[str, str] | None = None) -> Reply:
        """The answer to GET `path?query`; header names in lower case, of which `host` decides the addresses in pages.

        Raises: nothing.
        """
        headers = headers or {}
        edition = self._edition(f"http://{headers.get('host', 'lantern.example')}")
        path = quote(unquote(path))
        answer = (
            self._story_reply(path, query, edition)
            or self._machine_reply(path, edition)
            or self._trap_reply(path, edition)
            or self._listing_reply(path, edition)
            or _page(trap_pages.not_found(edition), status=404)
        )
        return negotiated(answer, headers)

    def _edition(self, base: str) -> Edition:
        return Edition(base=base.rstrip("/"), ways=self._ways, stories=stories())

    def _story_reply(self, path: str, query: str, edition: Edition) -> Reply | None:
        if story := self._stories.get(path):
            if "print=1" in query.split("&"):
                return _page(pages.print_view(story, edition), modified=story.modified)
            text = pages.article_page(story, edition)
            return _page(text, modified=story.modified, encoding=story.encoding)
        if (story := self._stories.get(path.removesuffix("amp/"))) and story.section.template == "full":
            return _page(pages.amp_page(story, edition), modified=story.modified)
        if path == f"/weekend/{trap_pages.LAMP_ROOM}/":
            story = self._slugs[trap_pages.LAMP_ROOM]
            return _page(pages.article_page(story, edition, canonical=edition.url(path)), modified=story.modified)
        return None

    def _machine_reply(self, path: str, edition: Edition) -> Reply | None:
        made: dict[str, tuple[str, str, Callable[[Edition], str]]] = {
            "/robots.txt": ("any", "text/plain; charset=utf-8", announcements.robots),
            "/feed.xml": ("feeds", "application/rss+xml; charset=utf-8", announcements.rss),
            "/atom.xml": ("feeds", "application/atom+xml; charset=utf-8", announcements.atom),
            "/feed.json": ("feeds", "application/feed+json; charset=utf-8", announcements.json_feed),
            "/sitemap.xml": ("sitemaps", "application/xml", announcements.sitemap_index),
            "/sitemap-pages.xml": ("sitemaps", "application/xml", _page_sitemap),
            "/news-sitemap.xml": ("sitemaps", "application/xml", announcements.news_sitemap),
        }
        if path == "/sitemap-articles.xml.gz" and "sitemaps" in self._ways:
            return Reply(headers={"Content-Type": "application/gzip"}, body=announcements.article_sitemap(edition))
        way, kind, make = made.get(path, ("none", "", announcements.robots))
        if way != "any" and way not in self._ways:
            return None
        return Reply(headers={"Content-Type": kind}, body=make(edition).encode())

    def _trap_reply(self, path: str, edition: Edition) -> Reply | None:
        if make := trap_pages.TRAP_PAGES.get(path):
            return _page(make(edition))
        match path:
            case "/city/2026/10/29/tram-line-three-delayed/":
                return Reply(status=301, headers={"Location": edition.url(self._slugs[trap_pages.TRAM].path)})
            case "/out/tide-tables":
                return Reply(status=302, headers={"Location": "https://www.meridian-wire.example/tides/"})
            case "/world/withdrawn-report-51877.html":
                return _page(trap_pages.gone(edition), status=410)
            case "/documents/harbour-budget-2027.pdf":
                return Reply(headers={"Content-Type": "application/pdf"}, body=trap_pages.PDF)
        if found := re.fullmatch(r"/calendar/(\d{4})/(0[1-9]|1[0-2])/(?:(\d\d)/)?", path):
            year, month, day = int(found[1]), int(found[2]), found[3]
            if year >= 1:
                make_day = trap_pages.day_page(edition, year, month, int(day)) if day else None
                return _page(make_day or trap_pages.calendar_page(edition, year, month))
        if path.startswith("/images/") and path.endswith(".svg"):
            return Reply(headers={"Content-Type": "image/svg+xml"}, body=pages.image(path).encode())
        return None

    def _listing_reply(self, path: str, edition: Edition) -> Reply | None:
        if path == "/":
            return _page(self._front_page(edition))
        for section in SECTIONS:
            if found := re.fullmatch(rf"/{section.slug}/(?:page/([1-9]\d{{0,3}})/)?", path):
                return self._section_page(section, int(found[1] or 1), edition)
        if found := re.fullmatch(r"/(tag|author)/([^/]+)/", path):
            kind, slug = found[1], unquote(found[2])
            named = [s for s in edition.stories if slug in map(slugged, s.tags if kind == "tag" else s.authors)]
            if named:
                title = f"Topic: {slug}" if kind == "tag" else f"Stories by {slug.replace('-', ' ').title()}"
                return _page(pages.listing(edition, title, named, intro="All that we have printed."))
        return None

    def _front_page(self, edition: Edition) -> str:
        shown = [story for story in edition.stories if story.only_linked]
        shown += edition.announced()[: ON_THE_FRONT_PAGE - len(shown)]
        extra = trap_pages.links_html(edition, self._slugs[trap_pages.FERRY])
        return pages.listing(edition, TITLE, shown, intro="The news of Saltmere and of all that sails.", extra=extra)

    def _section_page(self, section: Section, number: int, edition: Edition) -> Reply | None:
        of_section = edition.of_section(section)
        first = (number - 1) * STORIES_A_PAGE
        shown = of_section[first : first + STORIES_A_PAGE]
        if not shown:
            return None
        newer = f"/{section.slug}/page/{number - 1}/" if number > 2 else f"/{section.slug}/"
        links = [f'<a rel="prev" href="{newer}">Newer stories</a>'] if number > 1 else []
        if len(of_section) > first + STORIES_A_PAGE:
            links.append(f'<a rel="next" href="/{section.slug}/page/{number + 1}/">Older stories</a>')
        intro = f"All from our {section.title} desk."
        return _page(pages.listing(edition, section.title, shown, intro=intro, paging=" ".join(links)))


def _page_sitemap(edition: Edition) -> str:
    sections = [f"/{section.slug}/" for section in SECTIONS]
    return announcements.page_sitemap(edition, ["/", *sections, *trap_pages.sitemap_paths(edition)])


def _page(text: str, *, status: int = 200, modified: datetime | None = None, encoding: str = "utf-8") -> Reply:
    """An HTML reply; one in another encoding than UTF-8 does not declare it, which is a trap."""
    headers = {"Content-Type": _HTML if encoding == "utf-8" else "text/html"}
    if modified:
        headers["Last-Modified"] = format_datetime(modified.astimezone(UTC), usegmt=True)
    return Reply(status=status, headers=headers, body=text.encode(encoding, "xmlcharrefreplace"))


def _record(story: Story, edition: Edition) -> Record:
    of_story = [trap.url.removeprefix(edition.base) for trap in trap_pages.traps(edition) if trap.story == story.slug]
    return Record(
        path=story.path,
        also_at=tuple(path for path in of_story if path != story.path),
        title=story.title,
        subtitle=story.subtitle,
        authors=story.authors,
        agency=story.agency,
        published=story.published.isoformat(),
        section=story.section.title,
        language=story.language,
        paragraphs=tuple(block.text for block in story.blocks),
        blocks=tuple(block.kind for block in story.blocks),
    )
