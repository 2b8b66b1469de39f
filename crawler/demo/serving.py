"""Serves a site that is a pure function over loopback: a thread, a socket, and both gone at the end."""

import gzip
import hashlib
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email.utils import parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Protocol
from urllib.parse import urlsplit

_COMPRESSIBLE = ("text/", "application/xml", "application/rss+xml", "application/atom+xml", "application/feed+json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a site answers to one request."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


class Site(Protocol):
    """Anything that answers requests."""

    def reply(self, path: str, query: str, headers: Mapping[str, str]) -> Reply:
        """The answer to GET `path?query`; header names are in lower case."""
        ...


def negotiated(reply: Reply, headers: Mapping[str, str]) -> Reply:
    """The reply as this client wants it: 304 if it has it already (RFC 9110 13.1), else gzipped if it takes that.

    Every 200 gets an ETag. Raises: nothing.
    """
    if reply.status != 200:
        return reply
    etag = reply.headers.get("ETag") or f'"{hashlib.sha256(reply.body).hexdigest()[:20]}"'
    answer = replace(reply, headers={**reply.headers, "ETag": etag, "Vary": "Accept-Encoding"})
    if _is_known(answer.headers, headers):
        kept = {k: v for k, v in answer.headers.items() if k in {"ETag", "Last-Modified", "Vary"}}
        return Reply(status=304, headers=kept)
    compressible = answer.headers.get("Content-Type", "").startswith(_COMPRESSIBLE)
    if compressible and "gzip" in headers.get("accept-encoding", ""):
        packed = gzip.compress(answer.body, 6, mtime=0)
        return replace(answer, headers={**answer.headers, "Content-Encoding": "gzip"}, body=packed)
    return answer


def _is_known(reply_headers: Mapping[str, str], request: Mapping[str, str]) -> bool:
    if tags := request.get("if-none-match"):
        return reply_headers["ETag"] in {tag.strip().removeprefix("W/") for tag in tags.split(",")}
    since, modified = (request.get("if-modified-since"), reply_headers.get("Last-Modified"))
    if not since or not modified:
        return False
    try:
        return parsedate_to_datetime(modified) <= parsedate_to_datetime(since)
    except (TypeError, ValueError):
        return False


class Handler(BaseHTTPRequestHandler):
    """Hands each request to the site of the server; subclass `deliver` to misbehave on the wire."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    site: Site

    def do_GET(self) -> None:
        """Answer a GET."""
        target = urlsplit(self.path)
        self.deliver(self.site.reply(target.path, target.query, {k.lower(): v for k, v in self.headers.items()}))

    do_HEAD = do_GET

    def deliver(self, reply: Reply) -> None:
        """Write the reply out."""
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.status != 304:
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as http.server calls it
        """Say nothing: the command that serves has its own output."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # a client that keeps its connection open must not hold up the end
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: clients may hang up whenever they like."""


@contextmanager
def serve(site: Site, host: str = "127.0.0.1", port: int = 0, handler: type[Handler] = Handler) -> Iterator[str]:
    """Serve `site` in a thread; gives the base URL without trailing slash. Port 0 takes any free one.

    Raises: OSError where the address cannot be had.
    """
    server = _Server((host, port), type("SiteHandler", (handler,), {"site": site}))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://{host}:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
