"""One WARC record: an exchange laid down in bytes, and read back from them (ISO 28500:2017, WARC 1.1)."""

import hashlib
import io
import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property, partial
from typing import Any, Self

from isal import isal_zlib
from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import BufferedReader, ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.timeutils import iso_date_to_datetime

from archive import codings
from archive.errors import CaptureError
from archive.models import Exchange

VERSION = b"WARC/1.1"
IDENTICAL_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"

NOTE = "WARC-JSON-Metadata"
"""An extension field that other tools (pywb, browsertrix) know as well: what is known of a capture beside the wire."""

SECRET = frozenset({b"authorization", b"cookie", b"proxy-authorization"})
"""Request headers that give access to an account; an archive is read by many, and for long."""

_LEVEL = 2  # of ISA-L: a fifteenth of zlib's time, and for a payload that came compressed the same size
_GZIP = 31  # zlib's code for a gzip member


# ISA-L takes half of zlib's time to unpack a record's gzip member.
BufferedReader.DECOMPRESSORS.update(gzip=partial(isal_zlib.decompressobj, _GZIP))

Headers = Iterable[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """The record that a revisit record refers to."""

    record_id: str
    url: str
    fetched_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """A record ready to be appended to a file."""

    record_id: str
    """A URN in angle brackets, as the standard writes it."""
    member: bytes = field(repr=False)
    """One gzip member, whole."""


def new_id() -> str:
    """A fresh WARC-Record-ID."""
    return uuid.uuid4().urn


def sha256(data: bytes) -> str:
    """The SHA-256 of bytes, in hexadecimal: how the archive names a payload."""
    return hashlib.sha256(data).hexdigest()


def response(
    exchange: Exchange,
    *,
    warcinfo_id: str,
    note: Mapping[str, Any] | None = None,
    original: Original | None = None,
) -> Laid:
    """The record of what answered: `response`, or `revisit` where the same payload is in `original` already.

    A 304 is a revisit of what the server says has not changed. Raises: nothing.
    """
    status_line = f"{exchange.protocol} {exchange.status} {exchange.reason}".rstrip()
    block = _http(status_line, exchange.headers)
    fields = _about(exchange, warcinfo_id)
    fields["WARC-Payload-Digest"] = f"sha256:{sha256(exchange.payload)}"
    if original is None:
        return _laid("response", "application/http; msgtype=response", fields | _noted(note), block + exchange.payload)
    if exchange.status == 304:
        del fields["WARC-Payload-Digest"]
    fields |= {
        "WARC-Profile": NOT_MODIFIED if exchange.status == 304 else IDENTICAL_PAYLOAD,
        "WARC-Refers-To": f"<{original.record_id}>",
        "WARC-Refers-To-Target-URI": original.url,
        "WARC-Refers-To-Date": _date(original.fetched_at),
    }
    return _laid("revisit", "application/http; msgtype=response", fields | _noted(note), block)


def request(exchange: Exchange, *, warcinfo_id: str, response_id: str) -> Laid:
    """The record of what was asked, without what would let its reader in. Raises: nothing."""
    parts = exchange.url.split("/", 3)
    target = "/" + parts[3] if len(parts) > 3 else "/"
    headers = [(name, value) for name, value in exchange.request_headers if name.lower() not in SECRET]
    block = _http(f"{exchange.method} {target} HTTP/1.1", [(b"Host", parts[2].encode()), *headers])
    fields = _about(exchange, warcinfo_id) | {"WARC-Concurrent-To": f"<{response_id}>"}
    return _laid("request", "application/http; msgtype=request", fields, block)


def warcinfo(lines: Mapping[str, str], *, at: datetime, filename: str) -> Laid:
    """The record that says who wrote what follows, and with what: `lines` as application/warc-fields."""
    fields = {"WARC-Date": _date(at), "WARC-Filename": filename}
    return _laid("warcinfo", "application/warc-fields", fields, _fields(lines))


def resource(uri: str, block: bytes, *, at: datetime, content_type: str, warcinfo_id: str) -> Laid:
    """The record of something that we made ourselves, such as a crawl's manifest."""
    fields = {"WARC-Target-URI": uri, "WARC-Date": _date(at), "WARC-Warcinfo-ID": f"<{warcinfo_id}>"}
    fields["WARC-Payload-Digest"] = f"sha256:{sha256(block)}"
    return _laid("resource", content_type, fields, block)


def metadata(uri: str, lines: Mapping[str, str], *, at: datetime, refers_to: str) -> Laid:
    """The record of what is to be known about another record, as application/warc-fields; `uri` may be empty."""
    fields = {"WARC-Date": _date(at)} | ({"WARC-Target-URI": uri} if uri else {})
    if refers_to:
        fields["WARC-Refers-To"] = f"<{refers_to}>"
    return _laid("metadata", "application/warc-fields", fields, _fields(lines))


def _fields(lines: Mapping[str, str]) -> bytes:
    return "".join(f"{name}: {' '.join(value.split())}\r\n" for name, value in lines.items()).encode()


def _about(exchange: Exchange, warcinfo_id: str) -> dict[str, str]:
    fields = {
        "WARC-Target-URI": exchange.url,
        "WARC-Date": _date(exchange.fetched_at),
        "WARC-Warcinfo-ID": f"<{warcinfo_id}>",
    }
    return fields | ({"WARC-IP-Address": exchange.ip} if exchange.ip else {})


def _noted(note: Mapping[str, Any] | None) -> dict[str, str]:
    return {NOTE: json.dumps(note, separators=(",", ":"))} if note else {}


def _date(at: datetime) -> str:
    """WARC 1.1's date: UTC, with as many digits as are known."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _http(first_line: str, headers: Headers) -> bytes:
    """The head of an HTTP message; header values are a server's bytes, and stay what they are."""
    lines = [first_line.encode("latin-1", "replace"), *(name + b": " + value for name, value in headers)]
    return b"\r\n".join(lines) + b"\r\n\r\n"


def _laid(kind: str, content_type: str, fields: Mapping[str, str], block: bytes) -> Laid:
    # warcio could write it as well, but has only zlib's slowest level, and percent-encodes header bytes beyond ASCII
    record_id = new_id()
    fields = {
        "WARC-Type": kind,
        "WARC-Record-ID": f"<{record_id}>",
        **fields,
        "WARC-Block-Digest": f"sha256:{sha256(block)}",
        "Content-Type": content_type,
        "Content-Length": str(len(block)),
    }
    head = b"".join(f"{name}: {value}\r\n".encode() for name, value in fields.items())
    return Laid(record_id=record_id, member=compressed(VERSION + b"\r\n" + head + b"\r\n" + block + b"\r\n\r\n"))


def compressed(data: bytes) -> bytes:
    """One gzip member (RFC 1952) that holds the data."""
    deflate = isal_zlib.compressobj(_LEVEL, isal_zlib.DEFLATED, _GZIP)
    return bytes(deflate.compress(data) + deflate.flush())


@dataclass(frozen=True, kw_only=True)
class Record:
    """A record as it was read: ours, or any other program's."""

    kind: str
    """Its WARC-Type: response, revisit, request, warcinfo, resource, metadata …"""
    id: str
    """Its WARC-Record-ID, without the angle brackets; empty for an ARC record."""
    url: str
    date: datetime
    fields: Mapping[str, str]
    """All its named fields, in lower case."""
    status: int | None = None
    """Of an HTTP response."""
    status_line: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    """Of an HTTP message."""
    payload: bytes = field(repr=False)
    """The body as it was recorded: content codings on, and transfer codings if the writer left them on."""
    body: bytes = field(repr=False)
    """The body without codings; cut off where it was larger than the reader wished."""
    whole: bool
    """False where `payload` or `body` was cut off."""
    sound: bool | None
    """Whether its digests are right; None where it has none, or they are of an unknown kind."""

    @cached_property
    def note(self) -> Mapping[str, Any]:
        """What we noted beside the wire; empty for a record of another program."""
        try:
            note = json.loads(self.fields.get(NOTE.lower(), "{}"))
        except ValueError:
            return {}
        return note if isinstance(note, dict) else {}

    def header(self, name: str) -> str | None:
        """An HTTP header, by any case of its name; None where it is absent."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    def refers_to(self) -> str | None:
        """Of a revisit: the id of the record that has the payload."""
        return self.fields.get("warc-refers-to", "").strip("<>") or None

    @classmethod
    def parse(cls, record: ArcWarcRecord, *, limit: int) -> Self:
        """From warcio's record; of payload and body at most `limit` bytes each are kept.

        Raises: CaptureError for one that is not to be understood.
        """
        fields = {name.lower(): value for name, value in record.rec_headers.headers}
        http = record.http_headers
        payload = record.raw_stream.read(limit + 1)
        try:
            body = _body(http, payload, limit + 1)
            date = iso_date_to_datetime(fields.get("warc-date") or fields.get("archive-date", ""), tz_aware=True)
            status = int(http.get_statuscode()) if http and record.rec_type != "request" else None
        except (ValueError, TypeError, AttributeError) as error:
            raise CaptureError(f"a record is not to be understood: {error}", fields.get("warc-target-uri")) from error
        checker = record.digest_checker
        return cls(
            kind=record.rec_type,
            id=fields.get("warc-record-id", "").strip("<>"),
            url=fields.get("warc-target-uri", fields.get("uri", "")),
            date=date,
            fields=fields,
            status=status,
            status_line=f"{http.protocol} {http.statusline}" if http else "",
            headers=tuple(http.headers) if http else (),
            payload=payload[:limit],
            body=body[:limit],
            whole=max(len(payload), len(body)) <= limit,
            sound=checker.passed if checker else None,
        )


def _body(http: StatusAndHeaders | None, payload: bytes, most: int) -> bytes:
    """At most so many bytes of a payload without its codings; chunks are only in what other programs wrote."""
    if http is None:
        return payload[:most]
    if http.get_header("transfer-encoding") == "chunked":
        payload = ChunkedDataReader(io.BytesIO(payload)).read(most)
    return codings.taken_off(payload, http.get_header("content-encoding"), most)


def parse(data: bytes, *, limit: int) -> Record:
    """The record in the bytes of one, compressed or not.

    Raises: CaptureError where they are none.
    """
    try:
        record = next(iter(ArchiveIterator(io.BytesIO(data), check_digests=True)))
    except (ArchiveLoadFailed, StopIteration, ValueError, TypeError, AttributeError, EOFError) as error:
        raise CaptureError(f"not a WARC record: {error}") from error
    return Record.parse(record, limit=limit)
