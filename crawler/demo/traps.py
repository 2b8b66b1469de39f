"""What is laid in a crawl's way at the demo newspaper, and what becomes of each trap in a good crawl."""

import calendar
import html
from collections.abc import Callable
from dataclasses import dataclass

from archive.models import Reason
from crawler.demo.announcements import tracked
from crawler.demo.edition import Edition, slugged
from crawler.demo.metadata import script
from crawler.demo.pages import shell
from crawler.demo.stories import Story

FERRY = "ferry-winter-timetable"
LAMP_ROOM = "lamp-room-reopens"
TRAM = "tram-line-three-opens"
ONLY_LINKED = "a-word-about-our-masthead"
FOREIGN_CLAIM = "strait-of-orm-pilots-agree"
UNDECLARED = "bibliobus-na-berezi"

_LISTING = frozenset({Reason.NOT_ARTICLE_URL, Reason.SECTION_PAGE, Reason.NO_TEXT})
_MEDIA = frozenset({Reason.MEDIA_PAGE, Reason.NOT_ARTICLE_URL, Reason.SECTION_PAGE, Reason.NO_TEXT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Trap:
    """One address at which a careless crawl goes wrong."""

    url: str
    """Absolute."""
    name: str
    """What it is, for the summary."""
    ways: frozenset[str]
    """The ways of discovery that lead to it."""
    story: str | None = None
    """The slug of the story of which this is an address; None where nothing may be stored."""
    reasons: frozenset[Reason] = frozenset()
    """How a good crawl accounts for the address where it stores nothing new; each of them is right."""


def traps(edition: Edition) -> tuple[Trap, ...]:
    """All traps of the edition, also those that its ways of discovery do not lead to."""
    by_slug = {story.slug: story for story in edition.stories}
    return (*_announced(edition, by_slug), *_addresses(edition, by_slug), *_linked(edition))


def _announced(edition: Edition, by_slug: dict[str, Story]) -> list[Trap]:
    """What stands in the sitemap and is no article."""
    author = slugged(by_slug[FERRY].authors[0])
    rows = [
        ("/tag/ferries/", "a tag page in the sitemap", _LISTING),
        ("/tag/harbour/", "another tag page in the sitemap", _LISTING),
        (f"/author/{author}/", "an author page in the sitemap", _LISTING),
        ("/video/", "a video hub without text", _MEDIA),
        ("/video/ferry-time-lapse/", "a video with one line of text", _MEDIA),
        ("/business/2026-08-02-tram-depot-sale", "an error page with status 200", {Reason.ERROR_PAGE, Reason.NO_TEXT}),
        ("/city/2026/11/17/evening-in-the-lighthouse/", "a page behind a login", {Reason.WALL}),
        ("/city/2026/07/09/regatta-cancelled/", "an article that is not there", {Reason.HTTP_GONE}),
        ("/world/withdrawn-report-51877.html", "an article that was taken back (410)", {Reason.HTTP_GONE}),
        ("/documents/harbour-budget-2027.pdf", "a PDF in the sitemap", {Reason.NOT_HTML, Reason.NOT_ARTICLE_URL}),
        ("/private/draft-harbour-budget/", "an address that robots.txt forbids", {Reason.ROBOTS}),
    ]
    return [
        Trap(url=edition.url(path), name=name, ways=frozenset({"sitemaps"}), reasons=frozenset(reasons))
        for path, name, reasons in rows
    ]


def _addresses(edition: Edition, by_slug: dict[str, Story]) -> list[Trap]:
    """Further addresses of stories, and stories that are hard to read rightly."""
    ferry, copied = edition.url(by_slug[FERRY].path), f"/weekend/{LAMP_ROOM}/"
    newest = edition.announced()[0]
    rows = [
        ("/city/2026/10/29/tram-line-three-delayed/", "an old address that redirects", {"sitemaps"}, TRAM),
        (f"{by_slug[FERRY].path}amp/", "an AMP copy with a canonical link", {"sitemaps"}, FERRY),
        (f"{ferry}?print=1", "a print view of an article", {"links"}, FERRY),
        (tracked(edition.url(newest.path)), "an article under tracking parameters", {"feeds"}, newest.slug),
        (copied, "an exact copy at another address", {"sitemaps"}, LAMP_ROOM),
        (by_slug[ONLY_LINKED].path, "an article that is only linked", {"links"}, ONLY_LINKED),
        (by_slug[FOREIGN_CLAIM].path, "an article that claims another publisher's address", {"all"}, FOREIGN_CLAIM),
        (by_slug[UNDECLARED].path, "an article in windows-1251 that does not say so", {"all"}, UNDECLARED),
    ]
    every = frozenset({"feeds", "sitemaps", "links"})
    known = frozenset({Reason.REDIRECT_KNOWN})
    return [
        Trap(
            url=edition.url(path),
            name=name,
            ways=every if ways == {"all"} else frozenset(ways),
            story=slug,
            reasons=known if "redirects" in name else frozenset(),
        )
        for path, name, ways, slug in rows
    ]


def _linked(edition: Edition) -> list[Trap]:
    """What the home page links to."""
    rows = [
        ("https://www.meridian-wire.example/tides/", "a link to another site", {Reason.OFF_SITE}),
        ("/out/tide-tables", "a link that redirects to another site", {Reason.REDIRECTED_AWAY, *_LISTING}),
        ("/calendar/2026/11/", "a calendar without end", _LISTING),
        ("/about/", "a page about the paper itself", _LISTING),
    ]
    return [
        Trap(url=edition.url(path), name=name, ways=frozenset({"links"}), reasons=frozenset(reasons))
        for path, name, reasons in rows
    ]


def sitemap_paths(edition: Edition) -> list[str]:
    """The paths of the traps that stand in the sitemap beside the articles."""
    return [trap.url.removeprefix(edition.base) for trap in traps(edition) if trap.ways == {"sitemaps"}]


def links_html(edition: Edition, ferry: Story) -> str:
    """The corner of the home page that leads into the traps."""
    if "links" not in edition.ways:
        return ""
    return (
        '<section class="services"><h2>Around the harbour</h2><ul>'
        f'<li><a href="{ferry.path}?print=1">Print our lead story</a></li>'
        '<li><a href="/calendar/2026/11/">What is on in November</a></li>'
        '<li><a href="/video/">Videos</a></li>'
        '<li><a href="/out/tide-tables">Tide tables for the strait</a></li>'
        '<li><a href="https://www.meridian-wire.example/tides/">Tides elsewhere, by Meridian Wire</a></li>'
        "</ul></section>"
    )


def not_found(edition: Edition) -> str:
    """The error page, which is served with 404 where it is due and with 200 where it is a trap."""
    main = (
        "<h1>Page not found</h1><p>Sorry, the page you are looking for has drifted away or never was here.</p>"
        '<p>Error 404. Try the search, or begin again at the <a href="/">front page</a>.</p>'
    )
    return shell(edition, "Page not found", main, body_class="error404")


def gone(edition: Edition) -> str:
    """The page that stands where an article was taken back."""
    return shell(edition, "Gone", "<h1>Gone</h1><p>This report was withdrawn.</p>", body_class="error410")


def login_wall(edition: Edition) -> str:
    """A page that shows two sentences and asks for a password."""
    title = "An evening in the lighthouse, for members"
    metadata = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": title,
        "isAccessibleForFree": False,
    }
    main = (
        f"<article><h1>{title}</h1><p>Once a year the keeper leaves the door of the old light open.</p>"
        '<div class="paywall login-required"><h2>Log in to read on</h2><p>This article is for members only. '
        "Already a member? Log in. Not yet? Subscribe from 4 crowns a month.</p>"
        '<form action="/login" method="post"><input name="user"><input name="password" type="password">'
        "<button>Log in</button></form></div></article>"
    )
    return shell(edition, title, main, head=script(dict(metadata)), body_class="single paywalled")


def video_hub(edition: Edition) -> str:
    """Nothing but players."""
    titles = ("Ferry time-lapse", "Fog, from above", "The swing bridge swings", "Crab race, full length")
    players = "".join(
        f'<div class="clip"><a href="/video/ferry-time-lapse/"><img src="/images/clip{n}.svg" alt=""></a>'
        f"<span>{title}</span> <span>0{n}:1{n}</span></div>"
        for n, title in enumerate(titles, 1)
    )
    return shell(edition, "Videos", f'<h1>Videos</h1><div class="clips">{players}</div>', body_class="video-hub")


def video_page(edition: Edition) -> str:
    """One player with one line below."""
    head = '<meta property="og:type" content="video.other">' + script(
        {"@context": "https://schema.org", "@type": "VideoObject", "name": "Ferry time-lapse", "duration": "PT1M11S"}
    )
    main = (
        '<h1>Ferry time-lapse</h1><video controls src="/media/ferry.mp4" poster="/images/clip1.svg"></video>'
        "<p>A day at the landing stage in a minute. Video: Ines Calloway</p>"
    )
    return shell(edition, "Ferry time-lapse", main, head=head, body_class="video")


def forbidden(edition: Edition) -> str:
    """What a crawler that does not heed robots.txt would find, and must not."""
    text = "This draft is not for the public. Whoever reads it in an archive knows that robots.txt was not obeyed. " * 6
    return shell(edition, "Draft", f"<article><h1>Draft of the harbour budget</h1><p>{text}</p></article>")


def calendar_page(edition: Edition, year: int, month: int) -> str:
    """One month of a calendar that always has a next month, and a page for each of its days."""
    following = f"/calendar/{year + month // 12:04}/{month % 12 + 1:02}/"
    before = f"/calendar/{year - (month == 1):04}/{(month - 2) % 12 + 1:02}/"
    days = f'<td><a href="/calendar/{year:04}/{month:02}/{{0:02}}/">{{0}}</a></td>'
    weeks = "".join(
        f"<tr>{''.join(days.format(day) if day else '<td></td>' for day in week)}</tr>"
        for week in calendar.monthcalendar(year, month)
    )
    title = f"{calendar.month_name[month]} {year}"
    main = (
        f'<h1>{title}</h1><table class="calendar">{weeks}</table>'
        f'<p><a rel="prev" href="{before}">Previous month</a> <a rel="next" href="{following}">Next month</a></p>'
    )
    return shell(edition, f"What is on: {title}", main, body_class="calendar")


def day_page(edition: Edition, year: int, month: int, day: int) -> str:
    """A day on which nothing is on."""
    return shell(edition, "What is on", f"<h1>{day}.{month}.{year}</h1><p>Nothing is on.</p>", body_class="calendar")


def about(edition: Edition, title: str) -> str:
    """A page about the paper: prose, but no article."""
    main = (
        f"<h1>{html.escape(title)}</h1><p>The Harbour Lantern has come out in Saltmere since 1887, at first on the "
        "back of tide tables. It belongs to its readers and to the Fund for the Widows of Pilots.</p>"
        "<p>Editor: Ruth Amberley. Desk: Quay Street 4, Saltmere. Letters are welcome, telegrams more so.</p>"
    )
    return shell(edition, title, main, body_class="static")


TRAP_PAGES: dict[str, Callable[[Edition], str]] = {
    "/video/": video_hub,
    "/video/ferry-time-lapse/": video_page,
    "/business/2026-08-02-tram-depot-sale": not_found,
    "/city/2026/11/17/evening-in-the-lighthouse/": login_wall,
    "/private/draft-harbour-budget/": forbidden,
    "/about/": lambda edition: about(edition, "About us"),
    "/contact/": lambda edition: about(edition, "Contact"),
    "/privacy/": lambda edition: about(edition, "Privacy"),
    "/subscribe/": lambda edition: about(edition, "Subscribe"),
}
"""The HTML pages among the traps, which are served with status 200."""

PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]>>endobj
trailer<</Root 1 0 R>>
%%EOF
"""
