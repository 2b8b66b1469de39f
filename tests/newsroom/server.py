"""Small sites at which one thing is wrong, one class a misbehaviour; `watched` in `wire` serves them.

Each has three good articles, which a crawl must store whatever happens to the rest, and says in `bad` which
addresses are the bad ones and how a good crawl accounts for them.
"""

import email.utils
import gzip
import html
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import ClassVar

from archive.models import Reason
from crawler.demo.pages import body_html
from crawler.demo.serving import Reply, negotiated
from crawler.demo.stories import Story, stories
from tests.newsroom.wire import Wire

HTML = "text/html; charset=utf-8"
XML = "application/xml"
BAD = "/news/2026/11/09/the-bad-page-of-this-site/"
PARAGRAPH = (
    "The tide came in at six and went out at noon, and the pilots of the harbour wrote down both in the long book."
)


def page(title: str, body: str, *, head: str = "", language: str = "en") -> str:
    """A whole HTML page that declares UTF-8."""
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
        f"<body><main>{body}</main></body></html>"
    )


def article(title: str, published: str = "2026-11-09T10:30:00+01:00", text: str = PARAGRAPH, *, head: str = "") -> str:
    """A page with enough text to be an article."""
    paragraphs = "".join(f"<p>{text} It was page {number}.</p>" for number in range(1, 7))
    body = f'<article><h1>{title}</h1><time datetime="{published}">{published}</time>{paragraphs}</article>'
    return page(title, body, head=head)


def as_html(text: str | bytes, status: int = 200, content_type: str = HTML) -> Reply:
    """An HTML reply."""
    body = text if isinstance(text, bytes) else text.encode()
    return Reply(status=status, headers={"Content-Type": content_type}, body=body)


def to(location: str, status: int = 302) -> Reply:
    """A redirect."""
    return Reply(status=status, headers={"Location": location})


class SmallSite:
    """Three good articles, found by sitemap, feed and links; subclasses put something wrong beside them."""

    bad: ClassVar[Mapping[str, frozenset[Reason]]] = {}
    """The paths that are wrong, and the reasons of which a good crawl records one; none: it is an article."""

    def __init__(self) -> None:
        """Take three English stories of the demo newspaper."""
        english = [story for story in stories() if story.language == "en"][:3]
        self.good = {f"/news/2026/11/0{number}/{story.slug}/": story for number, story in enumerate(english, 1)}
        self.asked: Counter[str] = Counter()
        self.base = "http://small.example"

    def reply(self, path: str, query: str, headers: Mapping[str, str]) -> Reply:  # noqa: ARG002 - a Site
        """The answer, conditional and compressed as usual."""
        self.asked[path] += 1
        self.base = f"http://{headers.get('host', 'small.example')}"
        answer = self.answer(path)
        return answer if isinstance(answer, Wire) else negotiated(answer, headers)

    def answer(self, path: str) -> Reply:
        """The answer of a good site; subclasses answer some paths otherwise."""
        if story := self.good.get(path):
            return as_html(self.good_page(story, self.base + path))
        match path:
            case "/":
                return as_html(self.home())
            case "/robots.txt":
                text = f"User-agent: *\nDisallow:\nSitemap: {self.base}/sitemap.xml\n"
                return Reply(headers={"Content-Type": "text/plain"}, body=text.encode())
            case "/sitemap.xml":
                return Reply(headers={"Content-Type": XML}, body=sitemap(self.base + path for path in self.paths()))
            case "/feed.xml":
                return Reply(headers={"Content-Type": "application/rss+xml"}, body=self.feed())
        return as_html(page("Not found", "<h1>Not found</h1>"), status=404)

    def paths(self) -> list[str]:
        """The addresses that the site announces, the bad ones first."""
        return [*self.bad, *self.good]

    def home(self) -> str:
        """The front page."""
        links = "".join(f'<article><h2><a href="{p}">{self.headline(p)}</a></h2></article>' for p in self.paths())
        feed = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'
        return page("The Small Site", f"<h1>The Small Site</h1>{links}", head=feed)

    def headline(self, path: str) -> str:
        """What the front page and the feed call the page at this address."""
        story = self.good.get(path)
        return html.escape(story.title) if story else "The bad page of this site"

    def published(self, path: str) -> datetime:  # noqa: ARG002  # other papers tell them apart
        """When the feed says that the story was published."""
        return datetime(2026, 11, 9, 9, 30, tzinfo=UTC)

    def feed(self) -> bytes:
        """RSS of all announced addresses."""
        items = "".join(
            f"<item><title>{self.headline(p)}</title><link>{html.escape(self.base + p)}</link>"
            f"<pubDate>{email.utils.format_datetime(self.published(p))}</pubDate></item>"
            for p in self.paths()
        )
        return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Small</title>{items}</channel></rss>'.encode()

    def good_page(self, story: Story, url: str) -> str:
        """A plain article page."""
        head = f'<link rel="canonical" href="{url}"><meta name="author" content="{html.escape(story.authors[0])}">'
        body = f"<h1>{html.escape(story.title)}</h1>" + body_html(story.blocks)
        published = f'<time datetime="{story.published.isoformat()}"></time>'
        return page(html.escape(story.title), f"<article>{body}{published}</article>", head=head)


def sitemap(urls: Iterable[str]) -> bytes:
    """A sitemap of these addresses."""
    rows = "".join(f"<url><loc>{html.escape(url)}</loc></url>" for url in urls)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'.encode()


class OneBadPage(SmallSite):
    """Beside the good articles one address, `BAD`, of which `answer_bad` says what it answers."""

    bad: ClassVar[Mapping[str, frozenset[Reason]]] = {BAD: frozenset()}

    def answer(self, path: str) -> Reply:
        """The bad page at its address, good ones elsewhere."""
        return self.answer_bad() if path == BAD else super().answer(path)

    def answer_bad(self) -> Reply:
        """A good page, until a subclass says otherwise."""
        return as_html(article("Not bad at all"))


# --- robots.txt, and sites where there is nothing to be had ---


class RobotsForbidsAll(SmallSite):
    """Its robots.txt wants no robots."""

    def answer(self, path: str) -> Reply:
        """Forbids everything."""
        if path == "/robots.txt":
            return Reply(headers={"Content-Type": "text/plain"}, body=b"User-agent: *\nDisallow: /\n")
        return super().answer(path)


class RobotsBroken(SmallSite):
    """Its robots.txt answers 500: RFC 9309 2.3.1.4 has the crawler take that for a complete ban."""

    def answer(self, path: str) -> Reply:
        """An error in place of robots.txt."""
        return as_html("oops", status=500) if path == "/robots.txt" else super().answer(path)


class NoArticles(SmallSite):
    """A home page, and nothing behind it."""

    def __init__(self) -> None:
        """Take the good articles away."""
        super().__init__()
        self.good = {}


class NothingIsHtml(SmallSite):
    """Whatever is asked for, bytes come."""

    def answer(self, path: str) -> Reply:  # noqa: ARG002 - of a SmallSite
        """An image that is none."""
        return Reply(
            headers={"Content-Type": "application/octet-stream"}, body=b"\x89PNG\r\n\x1a\n" + bytes(range(256))
        )


# --- pages that are not what they should be ---


class EmptyPages(SmallSite):
    """Pages without a byte, with blanks only, and with an empty body."""

    bad: ClassVar[Mapping[str, frozenset[Reason]]] = {
        "/news/2026/11/09/page-without-a-single-byte/": frozenset({Reason.EMPTY}),
        "/news/2026/11/09/page-of-nothing-but-blanks/": frozenset({Reason.EMPTY, Reason.NO_TEXT}),
        "/news/2026/11/09/page-with-an-empty-body/": frozenset({Reason.EMPTY, Reason.NO_TEXT}),
    }

    def answer(self, path: str) -> Reply:
        """Less and less of nothing."""
        bodies = dict(
            zip(self.bad, ("", " \n\t \n", "<html><head><title>x</title></head><body></body></html>"), strict=True)
        )
        return as_html(bodies[path]) if path in bodies else super().answer(path)


class ErrorPageWith200(OneBadPage):
    """Says that there is no such page, with status 200."""

    bad: ClassVar[Mapping[str, frozenset[Reason]]] = {BAD: frozenset({Reason.ERROR_PAGE, Reason.NO_TEXT})}

    def answer_bad(self) -> Reply:
        """A soft 404."""
        return as_html(
            page("404 - Page not found", "<h1>Page not found</h1><p>The page that you asked for is not here.</p>")
        )


class HugePage(OneBadPage):
    """An article of several megabytes."""

    bad: ClassVar[Mapping[str, frozenset[Reason]]] = {BAD: frozenset({Reason.TOO_LARGE})}

    def __init__(self, megabytes: int = 6) -> None:
        """Make the page this large."""
        super().__init__()
        self.size = megabytes * 1_000_000

    def answer_bad(self) -> Reply:
        """The same paragraph again and again."""
        paragraphs = "".join(f"<p>{n}. {PARAGRAPH}</p>" for n in range(self.size // (len(PARAGRAPH) + 12) + 1))
        return as_html(page("A very long read", f"<article><h1>A very long read</h1>{paragraphs}</article>"))


class GzipBomb(OneBadPage):
    """A few kilobytes on the wire that unpack to many megabytes."""

    bad: ClassVar[Mapping[str, frozenset[Reason]]] = {BAD: frozenset({Reason.TOO_LARGE})}

    def answer_bad(self) -> Reply:
        """64 MB of blanks, packed."""
        packed = gzip.compress(b"<html><body>" + b" " * 64_000_000, 9, mtime=0)
        return Wire(
            pieces=(
                b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n",
                f"Content-Length: {len(packed)}\r\n\r\n".encode(),
                packed,
            )
        )


# --- broken connections ---


class Truncated(OneBadPage):
    """Promises more bytes than it sends."""

    bad: ClassVar[Mapping[str, frozenset[Reason]]] = {BAD: frozenset({Reason.TRUNCATED, Reason.CONNECTION})}

    def answer_bad(self) -> Reply:
        """Half an article."""
        body = article("Half an article").encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {HTML}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        return Wire(pieces=(head, body[: len(body) // 2]))


class ConnectionReset(OneBadPage):
    """Hangs up before it has said a word."""

    bad: ClassVar[Mapping[str, frozenset[Reason]]] = {BAD: frozenset({Reason.CONNECTION})}

    def answer_bad(self) -> Reply:
        """A reset."""
        return Wire(pieces=(), reset=True)


class BrokenChunks(OneBadPage):
    """Chunked transfer whose second chunk has no readable length (RFC 9112 7.1)."""

    bad: ClassVar[Mapping[str, frozenset[Reason]]] = {BAD: frozenset({Reason.TRUNCATED, Reason.CONNECTION})}

    def answer_bad(self) -> Reply:
        """One chunk and rubbish."""
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {HTML}\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
        return Wire(pieces=(head, b"1a\r\n<html><body><p>one chunk..\r\n", b"zz\r\nand no more"))


class NoHttp(OneBadPage):
    """Answers in another language than HTTP."""

    bad: ClassVar[Mapping[str, frozenset[Reason]]] = {BAD: frozenset({Reason.CONNECTION})}

    def answer_bad(self) -> Reply:
        """A greeting."""
        return Wire(pieces=(b"220 harbour.example ESMTP lamp\r\n",))


class SlowDrip(OneBadPage):
    """Sends a byte now and then, and never comes to an end on its own in good time."""

    bad: ClassVar[Mapping[str, frozenset[Reason]]] = {BAD: frozenset({Reason.TIMEOUT})}

    def __init__(self, pause_s: float = 0.2, drops: int = 300) -> None:
        """Send `drops` bytes with a pause before each."""
        super().__init__()
        self.pause_s, self.drops = pause_s, drops

    def answer_bad(self) -> Reply:
        """Drop after drop."""
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {HTML}\r\nContent-Length: {self.drops}\r\n\r\n".encode()
        return Wire(pieces=(head, *(piece for _ in range(self.drops) for piece in (self.pause_s, b" "))))


# --- servers that ask for patience, and redirects ---


class Busy(OneBadPage):
    """Answers 503 (or 429) with Retry-After the first times, and then well."""

    def __init__(self, status: int = 503, retry_after: str = "1", times: int = 1) -> None:
        """Be busy `times` times."""
        super().__init__()
        self.status, self.retry_after, self.times = status, retry_after, times
        self.answered_at: list[float] = []

    def answer_bad(self) -> Reply:
        """Busy, then a good article."""
        self.answered_at.append(time.monotonic())
        if len(self.answered_at) > self.times:
            return as_html(article("Worth the wait"))
        headers = {"Content-Type": "text/plain", "Retry-After": self.retry_after}
        return Reply(status=self.status, headers=headers, body=b"busy")


class RedirectLoop(SmallSite):
    """Two addresses that send the crawler to and fro."""

    bad: ClassVar[Mapping[str, frozenset[Reason]]] = {
        "/news/2026/11/09/this-way-to-the-other-page/": frozenset({Reason.REDIRECT_LOOP}),
        "/news/2026/11/09/that-way-to-the-first-page/": frozenset({Reason.REDIRECT_LOOP}),
    }

    def answer(self, path: str) -> Reply:
        """The other one of the two."""
        first, second = self.bad
        other = {first: second, second: first}.get(path)
        return to(other) if other else super().answer(path)


class RedirectAway(OneBadPage):
    """Sends the crawler to another site."""

    bad: ClassVar[Mapping[str, frozenset[Reason]]] = {BAD: frozenset({Reason.REDIRECTED_AWAY, Reason.PRIVATE_ADDRESS})}

    def __init__(self, target: str = "https://www.meridian-wire.example/") -> None:
        """Redirect to `target`."""
        super().__init__()
        self.target = target

    def answer_bad(self) -> Reply:
        """A redirect."""
        return to(self.target)


class RedirectToPrivate(RedirectAway):
    """Sends the crawler where only the operator's own machines are: the cloud's metadata service."""

    bad: ClassVar[Mapping[str, frozenset[Reason]]] = {BAD: frozenset({Reason.PRIVATE_ADDRESS, Reason.REDIRECTED_AWAY})}

    def __init__(self, target: str = "http://169.254.169.254/latest/meta-data/") -> None:
        """Redirect to `target`."""
        super().__init__(target)


class EndlessCalendar(SmallSite):
    """Every month links to the next one, and every month looks like a place where articles might be."""

    def answer(self, path: str) -> Reply:
        """A home page with the first month, and each month with the next."""
        if path == "/":
            link = '<p><a href="/calendar/2026/11/">What is on this month in Saltmere</a></p></main>'
            return as_html(self.home().replace("</main>", link))
        if path.startswith("/calendar/"):
            year, month = (int(part) for part in path.strip("/").split("/")[1:3])
            following = f"/calendar/{year + month // 12}/{month % 12 + 1:02}/"
            return as_html(
                page("Calendar", f'<h1>{month}/{year}</h1><a href="{following}">The month after this one</a>')
            )
        return super().answer(path)
