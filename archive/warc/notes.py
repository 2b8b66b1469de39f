"""What a record notes beside the wire, so that an archive can be rebuilt from its files alone."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from warcio.timeutils import iso_date_to_datetime

from archive.models import Candidate, CanonicalUrl, Capture, EndpointKind
from archive.urls import canonical
from archive.warc.records import NOTE, Record
from archive.when import stamp

IMPORTED = "imported"
"""The part of a note that says whence a record was copied."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Why an address was asked for."""

    url: CanonicalUrl
    """What was asked for first, before any redirect."""
    redirects: tuple[str, ...] = ()
    candidate: Candidate | None = None
    """What announced it."""
    is_page: bool = False
    """Whether it may be an article: also of a section page, which has no candidate; not of feeds or robots.txt."""


def note(asked: Asked) -> dict[str, Any]:
    """The note of a record, as JSON's own types; nothing in it that says nothing. Raises: nothing."""
    candidate = asked.candidate
    told = {
        "asked": asked.url,
        "redirects": list(asked.redirects),
        "page": asked.is_page,
        "candidate": candidate
        and _told(
            {
                "url": candidate.url,
                "found_in": candidate.found_in,
                "kind": candidate.kind.value,
                "title": candidate.title,
                "published_at": candidate.published_at and stamp(candidate.published_at),
                "modified_at": candidate.modified_at and stamp(candidate.modified_at),
            }
        ),
    }
    return _told(told)


def imported(
    record: Record,
    asked: Asked,
    *,
    file: str,
    offset: int,
    at: datetime,
    warcinfo: str,
    shelf: Mapping[str, Any],
) -> dict[str, Any]:
    """The note of a record that was copied from another file, with all that it had noted before. Raises: nothing.

    `warcinfo` is the id of the record that tells of the import: the record itself still names that of its first file.
    `shelf` says which source and crawl its article belongs to.
    """
    whence = {"file": file, "offset": offset, "at": stamp(at), "warcinfo": warcinfo, "shelf": dict(shelf)}
    return {**record.note, **note(asked), IMPORTED: _told({**whence, "before": record.note.get(IMPORTED)})}


def redirects_to(url: str, status: int, location: str | None) -> CanonicalUrl | None:
    """Where a response leads (RFC 9110, 15.4); None for one that leads nowhere. Raises: nothing."""
    return canonical(location, base=url) if location and 300 <= status < 400 and status != 304 else None


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if value}


def asked(record: Record) -> Asked:
    """Why the address of a record was asked for; of a record of another program, that it was is all that is known.

    Raises: nothing: a note that is not to be understood counts as none.
    """
    told = record.note
    url = canonical(str(told.get("asked") or record.url))
    try:
        candidate = _candidate(told["candidate"]) if "candidate" in told else None
        redirects = tuple(str(address) for address in told.get("redirects", ()))
    except (KeyError, TypeError, ValueError):
        candidate, redirects = None, ()
    return Asked(
        url=url or CanonicalUrl(record.url),
        redirects=redirects,
        candidate=candidate,
        is_page=bool(told.get("page", not told)),
    )


def was_page(fields: Mapping[str, str]) -> bool:
    """Whether a crawl of ours took an address for one that may be an article's, by the named fields of its record.

    Raises: nothing.
    """
    try:
        told = json.loads(fields.get(NOTE.lower(), "{}"))
    except (ValueError, RecursionError):
        return False
    return isinstance(told, dict) and told.get("page") is True


def _candidate(told: Mapping[str, Any]) -> Candidate:
    return Candidate(
        url=told["url"],
        found_in=told["found_in"],
        kind=EndpointKind(told["kind"]),
        title=told.get("title"),
        published_at=_time(told.get("published_at")),
        modified_at=_time(told.get("modified_at")),
    )


def moment(value: str) -> datetime | None:
    """The time of a WARC-Date, in whole seconds; None for what is none. Raises: nothing."""
    try:
        at: datetime = iso_date_to_datetime(value, tz_aware=True)
        return at.replace(microsecond=0)
    except (ValueError, TypeError):
        return None


def _time(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None


def capture(record: Record) -> Capture:
    """The capture that a response record holds, as the crawl saw it. Raises: nothing."""
    why = asked(record)
    return Capture(
        url=why.url,
        final_url=record.url,
        redirects=why.redirects,
        fetched_at=record.date.replace(microsecond=0),
        status=record.status or 0,
        content_type=record.header("Content-Type"),
        etag=record.header("ETag"),
        last_modified=record.header("Last-Modified"),
        body=record.body,
        candidate=why.candidate,
    )
