"""What a server sent, made readable: unpacked within a bound, decoded, and told from an HTML page."""

import re
import zlib
from codecs import BOM_UTF8, getincrementaldecoder

from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom

_GZIP_MAGIC = b"\x1f\x8b"
_AS_GZIP = 16 + zlib.MAX_WBITS
# Bytes taken at a time, so that a damage costs no more than what is after it.
_PIECE = 16_384
# A .gz file sent with Content-Encoding: gzip by a server that packs it once more; nobody packs thrice in good faith.
_MAX_LAYERS = 2
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--(?:(?!-->).){0,2000}-->\s*)?<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)


def unpacked(body: bytes, limit: int) -> tuple[bytes, str | None]:
    """The body, with gzip taken off where its first bytes say so, and what went wrong on the way.

    At most `limit` bytes come out. Of what is cut off or damaged, all before the damage is given.

    Raises: nothing.
    """
    for _ in range(_MAX_LAYERS):
        if not body.startswith(_GZIP_MAGIC):
            break
        body, error = _gunzipped(body, limit)
        if error:
            return body, error
    return (body[:limit], f"longer than {limit:,} bytes; the rest was left") if len(body) > limit else (body, None)


def _gunzipped(body: bytes, limit: int) -> tuple[bytes, str | None]:
    """All members of a gzip file (RFC 1952 2.2), one after the other."""
    parts: list[bytes] = []
    room, at = limit, 0
    stream = zlib.decompressobj(_AS_GZIP)
    while at < len(body):
        piece = body[at : at + _PIECE]
        try:
            parts.append(stream.decompress(piece, room + 1))
        except zlib.error as error:
            return b"".join(parts), f"damaged gzip: {error}"
        room -= len(parts[-1])
        if room < 0:
            return b"".join(parts)[:limit], f"longer than {limit:,} bytes unpacked; the rest was left"
        at += len(piece) - len(stream.unused_data)
        if stream.eof:
            if not body.startswith(_GZIP_MAGIC, at):
                return b"".join(parts), None
            stream = zlib.decompressobj(_AS_GZIP)
    return b"".join(parts), None if stream.eof else "gzip cut off"


def decoded(body: bytes, content_type: str | None = None) -> str:
    """The text of an XML, HTML, JSON or plain document, whatever its labels say.

    A byte order mark counts first; then UTF-8 if the bytes are UTF-8, because a wrong label is common and bytes that
    are UTF-8 by chance are not; then the encoding that the HTTP header names, or the document itself; Windows-1252
    where none of them can be right.

    Raises: nothing.
    """
    bom_encoding, bom = read_bom(body)
    if bom_encoding and bom:
        return body[len(bom) :].decode(bom_encoding, "replace")
    if _is_utf8(body):
        return body.decode("utf-8")
    for label in (http_content_type_encoding(content_type), html_body_declared_encoding(body)):
        # both are names of Python codecs already, or None
        if label and label not in ("utf-8", "ascii"):
            return body.decode(label, "replace")
    return body.decode("cp1252", "replace")


def in_utf8(body: bytes, content_type: str | None = None) -> bytes:
    """The document as UTF-8 without a byte order mark: itself, in most cases, and then not copied."""
    if _is_utf8(body):
        return body.removeprefix(BOM_UTF8)
    return decoded(body, content_type).encode("utf-8", "replace")


def _is_utf8(body: bytes) -> bool:
    """Whether the bytes are UTF-8; in pieces, because the text of 50 MB may take 200."""
    decoder = getincrementaldecoder("utf-8")()
    try:
        for at in range(0, len(body), _PIECE):
            decoder.decode(body[at : at + _PIECE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def is_html(text: str) -> bool:
    """Whether the document begins as an HTML page does: what many sites answer to any address."""
    return _HTML.match(text) is not None
