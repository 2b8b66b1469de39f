"""A server that keeps a diary of its requests and can break HTTP itself: bytes as given, pauses, resets."""

import socket
import struct
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from crawler.demo.serving import Handler, Reply, Site, serve


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request as it arrived."""

    path: str
    query: str
    at: float
    """Seconds on the monotonic clock."""
    headers: Mapping[str, str]
    """Names in lower case."""

    @property
    def target(self) -> str:
        """Path and query."""
        return f"{self.path}?{self.query}" if self.query else self.path


class Diary:
    """A site that answers as another does, and writes down who came when and for what."""

    def __init__(self, site: Site) -> None:
        """Watch `site`."""
        self.site = site
        self.visits: list[Visit] = []

    def reply(self, path: str, query: str, headers: Mapping[str, str]) -> Reply:
        """What the watched site answers."""
        self.visits.append(Visit(path=path, query=query, at=time.monotonic(), headers=dict(headers)))
        return self.site.reply(path, query, headers)

    def count(self, target: str) -> int:
        """How often the path (with its query) was asked for."""
        return sum(visit.target == target for visit in self.visits)

    def repeated(self) -> list[str]:
        """The targets that were asked for more than once; a polite crawl leaves it empty."""
        targets = [visit.target for visit in self.visits]
        return sorted({target for target in targets if targets.count(target) > 1})

    def gaps(self) -> list[float]:
        """The seconds between one request and the next."""
        return [later.at - earlier.at for earlier, later in zip(self.visits, self.visits[1:], strict=False)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire(Reply):
    """An answer that is written to the socket as it stands, after which the connection ends."""

    pieces: tuple[bytes | float, ...]
    """Bytes to send; a number is a pause in seconds."""
    reset: bool = False
    """End with a reset (RST) in place of an orderly close."""


class WireHandler(Handler):
    """Writes a `Wire` out piece by piece, any other reply as usual."""

    def deliver(self, reply: Reply) -> None:
        """Write the reply out."""
        if not isinstance(reply, Wire):
            super().deliver(reply)
            return
        self.close_connection = True
        for piece in reply.pieces:
            if isinstance(piece, bytes):
                self.connection.sendall(piece)
            else:
                time.sleep(piece)
        if reply.reset:
            linger_not = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger_not)
            self.connection.close()


@contextmanager
def watched(site: Site, host: str = "127.0.0.1", port: int = 0) -> Iterator[tuple[str, Diary]]:
    """Serve `site`; gives the base URL and the diary of its requests."""
    diary = Diary(site)
    with serve(diary, host, port, handler=WireHandler) as base:
        yield base, diary
