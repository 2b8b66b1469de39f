"""A record held against its own digests, without a look at what it says."""

import io
import re
from dataclasses import dataclass

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from archive.warc.reading import Member
from archive.warc.records import compressed

GZIP_HEADER = compressed(b"")[:10]
"""How each member of ours begins (RFC 1952, 2.3): no name, no time. Of these bytes decompression checks but a few."""

_SHA256 = re.compile(r"sha256:([0-9a-f]{64})", re.IGNORECASE)
_BLOCK = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a record is, and what is wrong with it."""

    kind: str
    """Its WARC-Type; empty for what is no record."""
    id: str
    refers_to: str
    payload_sha256: str | None
    """That of its WARC-Payload-Digest."""
    fault: str | None


def check(member: Member) -> Checked:
    """A member as a record. Raises: nothing, for any bytes."""
    try:
        record = next(iter(ArchiveIterator(io.BytesIO(member.data), check_digests=True)))
        while record.raw_stream.read(_BLOCK):
            pass
    except (ArchiveLoadFailed, StopIteration, ValueError, AttributeError, KeyError, OSError) as error:
        return Checked(kind="", id="", refers_to="", payload_sha256=None, fault=f"no WARC record ({error})")
    headers = record.rec_headers
    digest = _SHA256.fullmatch(headers.get_header("WARC-Payload-Digest") or "")
    checker = record.digest_checker
    fault = None
    if checker is not None and checker.passed is False:
        fault = "its digest is wrong: " + "; ".join(map(str, checker.problems))
    return Checked(
        kind=record.rec_type or "",
        id=(headers.get_header("WARC-Record-ID") or "").strip("<>"),
        refers_to=(headers.get_header("WARC-Refers-To") or "").strip("<>"),
        payload_sha256=digest[1].lower() if digest else None,
        fault=fault,
    )
