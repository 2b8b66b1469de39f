"""What a record of a foreign file is to the archive: a page, a redirect, or of no use, and why. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from urllib.parse import urlsplit

from archive.errors import CaptureError
from archive.extraction import may_be_html
from archive.models import CanonicalUrl, Capture, Reason
from archive.prepare import refusal
from archive.urls import canonical, site_of
from archive.warc import notes
from archive.warc.foreign import Found
from archive.warc.reading import LIMIT
from archive.warc.records import Record, parse


class Skip(StrEnum):
    """Why a record is passed over, where `Reason` has no word for it."""

    NO_RESPONSE = "no response"
    """A request, warcinfo, metadata, resource or conversion record."""
    NO_WEB_ADDRESS = "no http or https address"
    SEGMENTED = "one of several segments"
    UNREADABLE = "not to be understood"
    DAMAGED = "damaged"
    ROBOTS = "robots.txt"
    REDIRECT = "redirect"
    """Kept, and remembered for the page that it leads to."""
    KNOWN = "known already"
    NO_ORIGINAL = "repeats a response that is not here"
    NOT_MODIFIED = "not modified since an earlier response"
    PART = "part of a page"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorted:
    """A record that is of use."""

    found: Found
    record: Record
    capture: Capture
    location: CanonicalUrl | None
    """Where it leads, if it is a redirect; it is a page otherwise."""

    @property
    def repeats(self) -> bool:
        """Whether its body is in another record."""
        return self.record.kind == "revisit"

    def repeats_record(self, other: Found) -> bool:
        """Whether its body may be in that very record."""
        fields = self.record.fields
        target = fields.get("warc-refers-to-target-uri", "").strip("<>")
        return other.id == self.record.refers_to() or other.url == target


def sort(found: Found, *, site: str | None, is_page: Callable[[CanonicalUrl], bool]) -> Sorted | Skip | Reason:
    """What a record is; `site` is the only one that is wanted, if it is not None. Raises: nothing."""
    if reason := _unwanted(found, site, is_page):
        return reason
    if found.damaged():
        return Skip.DAMAGED
    try:
        record = parse(found.whole, limit=LIMIT)
    except CaptureError:
        return Skip.UNREADABLE
    if record.status is None and record.kind != "revisit":
        return Skip.UNREADABLE
    record = replace(record, id=found.id, url=found.url)
    capture = notes.capture(record)
    if record.kind == "revisit" and record.status is None:
        return Sorted(found=found, record=record, capture=capture, location=None)
    location = notes.redirects_to(record.url, record.status or 0, record.header("Location"))
    return _reason(record, location) or Sorted(found=found, record=record, capture=capture, location=location)


def _unwanted(found: Found, site: str | None, is_page: Callable[[CanonicalUrl], bool]) -> Skip | Reason | None:
    """What its own head says against a record; its block is not looked at."""
    if found.kind not in ("response", "revisit"):
        return Skip.NO_RESPONSE
    url = canonical(found.url)
    if url is None:
        return Skip.NO_WEB_ADDRESS
    if site is not None and site_of(url) != site:
        return Reason.OFF_SITE
    if urlsplit(url).path == "/robots.txt":
        return Skip.ROBOTS
    if not is_page(url) and not notes.was_page(found.fields):
        return Reason.NOT_ARTICLE_URL
    if found.segmented:
        return Skip.SEGMENTED
    if found.too_large:
        return Reason.TOO_LARGE
    return Reason.TRUNCATED if "warc-truncated" in found.fields else None


def _reason(record: Record, location: CanonicalUrl | None) -> Skip | Reason | None:
    """What a response says against itself."""
    status = record.status or 0
    if location is not None:
        return None
    if status == 206:
        return Skip.PART
    if status == 304:
        return Skip.NOT_MODIFIED
    if not 200 <= status < 300:
        return refusal(status).reason
    if not record.whole:
        return Reason.TOO_LARGE
    declared = record.header("Content-Type")
    return Reason.NOT_HTML if declared is not None and not may_be_html(declared) else None
