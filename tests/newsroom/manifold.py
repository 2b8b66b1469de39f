"""A newspaper each of whose stories has many addresses, one kind of them a story."""

import html
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from random import Random
from urllib.parse import quote

from archive.text import paragraphs
from crawler.demo.serving import Reply
from tests.archive.copying import LANGUAGES, Newsroom
from tests.newsroom.server import XML, SmallSite, as_html, page, sitemap, to

START = datetime(2026, 11, 9, 6, 0, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class View:
    """One address of a story, and what is different there."""

    address: str
    """Path and query."""
    canonical: str | None = None
    """What the page there says is its own address."""
    amp: str | None = None
    """Where the page says that its AMP version is."""
    bare: bool = False
    """Whether all around the text is left out."""
    line: str = ""
    """A line below the text."""
    leads_to: str | None = None
    """An address to which it redirects."""
    served_as: str | None = None
    """The path that a server sees; None for the address itself."""
    way: str = "sitemap"
    """Where it is announced: in the sitemap, in one of the feeds `rss` and `atom`, or nowhere (empty)."""


def kinds() -> dict[str, list[View]]:
    """Kinds of further addresses -> the views of a story that has them; the story's own address first."""
    return {kind: make(_own(kind, number)) for number, (kind, make) in enumerate(KINDS.items(), 51_000)}


def _own(kind: str, number: int) -> str:
    """Where a story of this kind is; there are papers that give no numbers."""
    slug = f"{kind.replace(' ', '-')}-of-the-lamps"
    return f"/news/2026/11/09/{slug}/" if kind.startswith("unnumbered") else f"/news/2026/11/09/{slug}-{number}/"


def _slug(at: str, word: str) -> str:
    """The address with another word in it, and the same number."""
    return at.replace("of-the-lamps", word)


KINDS: Mapping[str, Callable[[str], list[View]]] = {
    "print view": lambda at: [View(address=at, canonical=at), View(address=f"{at}?print=1", canonical=at, bare=True)],
    "print view that names no address": lambda at: [View(address=at), View(address=f"/print{at}", bare=True)],
    "unnumbered print view": lambda at: [
        View(address=at),
        View(address=f"/print{at}", bare=True, line="Printed from The Manifold, all rights reserved."),
    ],
    "unnumbered pages for telephones": lambda at: [
        View(address=at, line="Leave a comment below, or send a letter to our lamp room."),
        View(address=f"{at}mobile.html", bare=True),
    ],
    "amp": lambda at: [
        View(address=at, canonical=at, amp=f"{at}amp/"),
        View(address=f"{at}amp/", canonical=at, bare=True),
    ],
    "amp with a line of its own": lambda at: [
        View(address=at, amp=f"/amp{at}"),
        View(
            address=f"/amp{at}",
            bare=True,
            line="Read this story with all its pictures on our pages for larger screens.",
        ),
    ],
    "moved": lambda at: [View(address=at, canonical=at), View(address=_slug(at, "in-brief"), leads_to=at)],
    "moved and still there": lambda at: [
        View(address=at, canonical=at),
        View(address=_slug(at, "in-brief"), canonical=at),
    ],
    "moved and naming no address": lambda at: [View(address=at), View(address=_slug(at, "in-brief"), line="")],
    "moved and edited": lambda at: [
        View(address=at),
        View(address=_slug(at, "in-brief"), line="The lamps were lit again at nine."),
    ],
    "tracked": lambda at: [
        View(address=at),
        View(address=f"{at}?utm_source=rss&utm_medium=feed", served_as=at, way="rss"),
        View(address=f"{at}?at_medium=custom7&fbclid=IwAR0x&gclid=Cj0#comments", served_as=at, way="atom"),
    ],
    "tracked by a name of its own": lambda at: [
        View(address=at, canonical=at),
        View(address=f"{at}?from=newsletter", canonical=at, way="rss"),
        View(address=f"{at}?source=homepage", canonical=at, way="atom"),
    ],
    "tracked and naming no address": lambda at: [
        View(address=at),
        View(address=f"{at}?from=newsletter", way="rss"),
        View(address=f"{at}?source=homepage", way="atom"),
    ],
    "several feeds": lambda at: [
        View(address=at),
        View(address=at.rstrip("/"), leads_to=at, way="rss"),
        View(address=f"{at}index.html", served_as=at, way="atom"),
    ],
    "permanent link": lambda at: [View(address=at, canonical=at), View(address="/?p=51777", leads_to=at, way="rss")],
    "spelled otherwise": lambda at: [
        View(address=_slug(at, quote("der-lämpchen"))),
        View(address=_slug(at, "der-lämpchen"), served_as=_slug(at, quote("der-lämpchen")), way="rss"),
        View(address=_slug(at, quote("der-lämpchen").lower()), served_as=_slug(at, quote("der-lämpchen")), way="atom"),
    ],
    "on one page": lambda at: [View(address=at, canonical=at), View(address=f"{at}?page=all", canonical=at)],
    "mobile": lambda at: [View(address=at, canonical=at), View(address=f"/m{at}", canonical=at, bare=True)],
}


class ManifoldSite(SmallSite):
    """Announces all addresses of its stories, in an order of a seed."""

    def __init__(self, seed: int) -> None:
        """A story a kind."""
        super().__init__()
        self.good = {}
        writer = Newsroom(LANGUAGES["English"], seed=5)
        self.kinds = kinds()
        self.texts = {kind: writer.printed(writer.story()) for kind in self.kinds}
        self.views = [(kind, view) for kind, views in self.kinds.items() for view in views]
        Random(seed).shuffle(self.views)  # noqa: S311 - no secret

    def reply(self, path: str, query: str, headers: Mapping[str, str]) -> Reply:
        """The view at an address, or what every small site answers."""
        self.base = f"http://{headers.get('host', 'small.example')}"
        target = f"{quote(path, safe='/%')}?{query}" if query else quote(path, safe="/%")
        for kind, view in self.views:
            if target == (view.served_as or view.address):
                return to(self.base + view.leads_to, 301) if view.leads_to else as_html(self.shown(kind, view))
        return super().reply(path, query, headers)

    def answer(self, path: str) -> Reply:
        """The feeds, the sitemap and a front page that leads to them."""
        match path:
            case "/":
                feeds = "".join(
                    f'<link rel="alternate" type="application/rss+xml" href="/{way}.xml">' for way in ("rss", "atom")
                )
                return as_html(page("The Manifold", "<h1>The Manifold</h1><p>News of the lamps.</p>", head=feeds))
            case "/sitemap.xml":
                listed = sitemap(self.base + view.address for _, view in self.views if view.way == "sitemap")
                return Reply(headers={"Content-Type": XML}, body=listed)
            case "/rss.xml" | "/atom.xml":
                return Reply(headers={"Content-Type": "application/rss+xml"}, body=self.announced(path[1:-4]))
        return super().answer(path)

    def announced(self, way: str) -> bytes:
        """A feed of the addresses that are announced in it."""
        items = "".join(
            f"<item><title>{kind.capitalize()}</title><link>{html.escape(self.base + view.address)}</link>"
            f"<pubDate>{format_datetime(self.moment(kind), usegmt=True)}</pubDate></item>"
            for kind, view in self.views
            if view.way == way
        )
        return f'<?xml version="1.0"?><rss version="2.0"><channel><title>{way}</title>{items}</channel></rss>'.encode()

    def moment(self, kind: str) -> datetime:
        """When the story of this kind was published."""
        return START + timedelta(minutes=list(self.kinds).index(kind))

    def shown(self, kind: str, view: View) -> str:
        """The page at an address."""
        links = [("canonical", view.canonical), ("amphtml", view.amp)]
        head = "".join(f'<link rel="{relation}" href="{self.base}{path}">' for relation, path in links if path)
        body = "".join(f"<p>{paragraph}</p>" for paragraph in (*paragraphs(self.texts[kind]), view.line) if paragraph)
        article = f'<h1>{kind.capitalize()}</h1><time datetime="{self.moment(kind).isoformat()}"></time>{body}'
        around = (
            ""
            if view.bare
            else '<nav><a href="/">The Manifold</a></nav><aside><p>Lamps for sale, hardly used.</p></aside>'
        )
        return page(kind.capitalize(), f"{around}<article>{article}</article>", head=head)
