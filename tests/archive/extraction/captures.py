"""Captures for tests of extraction."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from archive.models import CanonicalUrl, Capture

FETCHED = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
ADDRESS = "https://www.courier.example/harbour/ferry-winter-timetable"


def capture(body: bytes | str, *, url: str = ADDRESS, content_type: str | None = "text/html", **more: Any) -> Capture:
    """A response with this body; `more` are further fields of `Capture`."""
    plain = Capture(
        url=CanonicalUrl(url),
        final_url=url,
        fetched_at=FETCHED,
        status=200,
        content_type=content_type,
        body=body.encode() if isinstance(body, str) else body,
    )
    return replace(plain, **more)
