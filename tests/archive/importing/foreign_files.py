"""WARC files as other programs write them, with pages that are articles, by warcio."""

import gzip
import io
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path

import brotli
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

NOON = "2026-11-20T12:00:00Z"
TALE = (
    "The ferry of {place} goes again, after three weeks in which nobody crossed the sound but gulls and one priest.",
    "Its captain, who had waited for a part from {place} the whole time, thanked all who had brought him soup.",
    "Nineteen passengers and two cows made the first crossing, which took an hour and was called uneventful.",
    "The mayor of {place} said that a second ferry would be bought when the first had been paid for, in nine years.",
)


def page(place: str, *, more: str = "") -> bytes:
    body = "".join(f"<p>{line.format(place=place)} {more}</p>" for line in TALE)
    hour, minute = divmod(zlib.crc32(place.encode()) % 1_000, 60)
    head = (
        f"<title>Ferry of {place} goes again</title><meta property='og:type' content='article'>"
        f"<meta property='article:published_time' content='2026-11-18T{hour:02}:{minute:02}:00+01:00'>"
    )
    text = f"<html lang='en'><head>{head}</head><body><h1>Ferry of {place} goes again</h1>{body}</body></html>"
    return text.encode()


def address(place: str, host: str = "example.org") -> str:
    return f"https://{host}/news/2026/11/19/ferry-of-{place.lower()}-goes-again"


def chunked(body: bytes, size: int = 300) -> bytes:
    pieces = (body[at : at + size] for at in range(0, len(body), size))
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


class Foreign:
    """A WARC file in the making."""

    def __init__(self, version: str = "1.0", *, compress: bool = True) -> None:
        self.data = io.BytesIO()
        self._writer = WARCWriter(self.data, gzip=compress, warc_version=version)
        self.add("warcinfo", "", b"software: another\r\n")

    def add(
        self,
        kind: str,
        url: str,
        body: bytes = b"",
        *,
        status: str = "200 OK",
        headers: Iterable[tuple[str, str]] = (("Content-Type", "text/html; charset=utf-8"),),
        date: str = NOON,
        more: Mapping[str, str] | None = None,
        with_head: bool = True,
    ) -> str:
        """Add a record; its id."""
        http = (
            StatusAndHeaders(status, list(headers), protocol="HTTP/1.1") if with_head and kind != "warcinfo" else None
        )
        fields = {"WARC-Date": date, **(more or {})}
        record = self._writer.create_warc_record(
            url,
            kind,
            io.BytesIO(body),
            length=len(body),
            http_headers=http,
            warc_headers_dict=fields,
            warc_content_type="",
        )
        self._writer.write_record(record)
        return str(record.rec_headers.get_header("WARC-Record-ID")).strip("<>")

    def page(self, place: str, *, host: str = "example.org", date: str = NOON, more: str = "") -> str:
        return self.add("response", address(place, host), page(place, more=more), date=date)

    def write(self, path: Path) -> Path:
        path.write_bytes(self.data.getvalue())
        return path


def coded(file: Foreign) -> None:
    """Add pages in every coding of HTTP."""
    ways = {
        "Gzipby": (gzip.compress, [("Content-Encoding", "gzip")]),
        "Brotby": (brotli.compress, [("Content-Encoding", "br")]),
        "Chunkby": (chunked, [("Transfer-Encoding", "chunked")]),
        "Bothby": (
            lambda b: chunked(gzip.compress(b)),
            [("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked")],
        ),
    }
    for place, (code, headers) in ways.items():
        file.add("response", address(place), code(page(place)), headers=[("Content-Type", "text/html"), *headers])
