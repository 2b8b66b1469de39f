"""A small newspaper that goes on: its stories are edited, removed and joined by others, its furniture changes."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from crawler.demo.serving import Reply
from tests.newsroom.server import XML, SmallSite, as_html, page, to

_STREETS = ("Anchor", "Bell", "Chandler", "Drover", "Eastgate", "Ferry", "Granary", "Harbour", "Inkpot", "Juniper")
_TOPICS = ("council", "school", "market", "theatre", "orchard", "bridge", "tram", "library", "bakery", "lifeboat")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A story of the living newspaper."""

    number: int
    published: datetime
    modified: datetime
    edits: int = 0
    years_more: int = 0
    """How much older than its lists its page says that it is."""

    @property
    def path(self) -> str:
        """Its address on the site."""
        return f"/news/{self.published:%Y/%m/%d}/the-{_TOPICS[self.number % 10]}-of-number-{self.number}/"

    @property
    def title(self) -> str:
        """Its headline."""
        return (
            f"{_STREETS[self.number // 10 % 10]} Street {_TOPICS[self.number % 10]} opens for the {self.number}th time"
        )

    def html(self, url: str, furniture: int) -> str:
        """Its page."""
        town = _STREETS[self.number % 10]
        topic, number = _TOPICS[self.number % 10], self.number
        opened = f"The {topic} in {town} Street has opened for the {number}th time, and {number * 7 + 40} people came."
        lost = f"Number {number} of the town's list was thought to be lost, said Ms {town}, who has counted the days."
        storm = f"The roof came down in a storm {number + 3} years ago, and the rain has come in ever since that night."
        helping = (
            f"Whoever wants to help may come to {number} {town} Street after six with a lamp and a brush of {topic}."
        )
        added = [f"Paragraph {n} was added after we had asked the mayor of {town} again." for n in range(self.edits)]
        text = "".join(f"<p>{sentence}</p>" for sentence in (opened, lost, storm, helping, *added))
        head = f'<link rel="canonical" href="{url}"><meta name="author" content="Ruth Alder">'
        for name, moment in (("published", self.published), ("modified", self.modified)):
            dated = moment.replace(year=moment.year - self.years_more, day=min(moment.day, 28))
            head += f'<meta property="article:{name}_time" content="{dated.isoformat()}">'
        aside = f"<aside><h2>Most read</h2><ul><li>Read {furniture} times today</li></ul></aside>"
        body = f"<article><h1>{self.title}</h1>{text}</article>{aside}<footer>Visitor {furniture}</footer>"
        return page(self.title, body, head=head)


class Living(SmallSite):
    """Stories that a sitemap, a feed and the front page announce; what it answers can be changed between crawls."""

    has_feed = True

    def __init__(self, stories: int = 12, *, is_late: bool = False) -> None:
        """A paper with so many stories, all of this hour.

        A late one has stories of the last days by its lists, and of some years ago by their pages; and what it says of
        their edits is always before anybody has looked.
        """
        super().__init__()
        self.is_late = is_late
        self.good = {}
        self.pieces: dict[int, Piece] = {}
        self.instead: dict[str, Reply] = {}
        self.furniture = 0
        self.lies = False
        self.unlisted: set[int] = set()
        self.publish(stories)

    def publish(self, number: int) -> list[Piece]:
        """Bring so many new stories."""
        moment = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=30)
        first = max(self.pieces, default=0) + 1
        moments = [moment + timedelta(seconds=n) for n in range(number)]
        if self.is_late:
            moments = [moment - timedelta(days=6) + timedelta(hours=first + n) for n in range(number)]
        new = [
            Piece(number=first + n, published=at, modified=at, years_more=4 * self.is_late)
            for n, at in enumerate(moments)
        ]
        self.pieces |= {piece.number: piece for piece in new}
        return new

    def edit(self, number: int) -> None:
        """Add a paragraph to a story."""
        piece = self.pieces[number]
        modified = datetime.now(UTC).replace(microsecond=0)
        if self.is_late:
            modified = piece.modified + timedelta(hours=1)
        self.pieces[number] = replace(piece, edits=piece.edits + 1, modified=modified)

    def touch(self, number: int) -> None:
        """Say that a story was modified, which is as it was."""
        self.edit(number)
        self.pieces[number] = replace(self.pieces[number], edits=self.pieces[number].edits - 1)

    def published(self, path: str) -> datetime:
        """When the feed says that the story was published."""
        return next(piece.published for piece in self.pieces.values() if piece.path == path)

    def remove(self, number: int, reply: Reply | None = None) -> Piece:
        """Take a story down: another answer in its place, 410 by default; no list has it any more."""
        piece = self.pieces.pop(number)
        self.instead[piece.path] = reply or as_html(page("Gone", "<h1>This page is gone</h1>"), status=410)
        return piece

    def restore(self, piece: Piece) -> None:
        """Bring a removed story back."""
        self.pieces[piece.number] = piece
        del self.instead[piece.path]

    def paths(self) -> list[str]:
        """The addresses of all stories, the newest first."""
        return [piece.path for _, piece in sorted(self.pieces.items(), reverse=True)]

    def headline(self, path: str) -> str:
        """What the front page and the feed call the story."""
        return next(piece.title for piece in self.pieces.values() if piece.path == path)

    def answer(self, path: str) -> Reply:
        """The stories, or what is there instead of them; the rest as ever."""
        if instead := self.instead.get(path):
            return instead
        for piece in self.pieces.values():
            if piece.path == path:
                return as_html(piece.html(self.base + path, self.furniture))
        if path == "/sitemap.xml":
            return Reply(headers={"Content-Type": XML}, body=self.dated_sitemap())
        if path == "/feed.xml" and not self.has_feed:
            return to("/gone")
        return super().answer(path)

    def dated_sitemap(self) -> bytes:
        """The stories with their times of modification, true or not."""
        now = datetime.now(UTC)
        rows = "".join(
            f"<url><loc>{self.base}{piece.path}</loc>"
            f"<lastmod>{(now if self.lies else piece.modified).isoformat()}</lastmod></url>"
            for piece in self.pieces.values()
            if piece.number not in self.unlisted
        )
        return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'.encode()
