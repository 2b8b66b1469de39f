"""A small newspaper that brings an issue a day and announces no other; what goes wrong with it can be switched on."""

from datetime import UTC, datetime, timedelta

from crawler.demo.serving import Reply
from tests.newsroom.living import Piece
from tests.newsroom.server import SmallSite, as_html, page
from tests.newsroom.wire import Wire


class Daily(SmallSite):
    """The issue of the day, in a sitemap, a feed and on the front page, with a dead link and a page of no article."""

    def __init__(self, first: int = 0, *, pause_s: float = 0.0) -> None:
        """`first` is the number before its first story: no two papers have the same."""
        super().__init__()
        self.good = {}
        self.number, self.pause_s = first, pause_s
        self.issue: list[str] = []
        self.pieces: dict[str, Piece] = {}
        self.forbids = self.is_busy = self.has_new_layout = False
        self.manifest: list[int] = []
        """How many addresses each issue has announced."""

    def publish(self, stories: int) -> None:
        """A new issue, in the place of the last."""
        moment = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=30)
        first, self.number = self.number + 1, self.number + stories
        made = [Piece(number=n, published=moment, modified=moment) for n in range(first, self.number + 1)]
        self.pieces |= {piece.path: piece for piece in made}
        dead, listing = f"/news/2026/11/09/the-dead-link-of-issue-{first}/", f"/tag/tram-{first}/"
        self.issue = [piece.path for piece in made] + [dead, listing]
        self.manifest.append(len(self.issue))

    def paths(self) -> list[str]:
        """The addresses of the issue."""
        return self.issue

    def headline(self, path: str) -> str:
        """What the front page and the feed call it."""
        return self.pieces[path].title if path in self.pieces else f"More from {path.strip('/')}"

    def answer(self, path: str) -> Reply:
        """As ever, in its time, unless something was switched on."""
        reply = self._answer(path)
        if not self.pause_s:
            return reply
        head = f"HTTP/1.1 {reply.status} As ever\r\nContent-Length: {len(reply.body)}\r\n"
        fields = "".join(f"{name}: {value}\r\n" for name, value in reply.headers.items())
        return Wire(pieces=(self.pause_s, f"{head}{fields}\r\n".encode(), reply.body))

    def _answer(self, path: str) -> Reply:
        if self.is_busy:
            return Reply(status=503, headers={"Content-Type": "text/plain", "Retry-After": "86400"}, body=b"busy")
        if self.forbids and path == "/robots.txt":
            return Reply(headers={"Content-Type": "text/plain"}, body=b"User-agent: *\nDisallow: /\n")
        if piece := self.pieces.get(path):
            if self.has_new_layout:
                return as_html(page(piece.title, '<div id="app"></div><script src="/app.js"></script>'))
            return as_html(piece.html(self.base + path, furniture=0))
        return super().answer(path)
