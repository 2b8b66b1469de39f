"""What came: what of it is asked for again and again, and the whole as the archive keeps it."""

from scrapy.http import Response

from archive.capturing import Kept
from archive.models import CanonicalUrl, Capture
from archive.urls import canonical


def header(response: Response, name: str) -> str | None:
    """A response header as text; None where it is absent."""
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None


def capture_of(response: Response, timezone: str | None = None) -> Capture:
    """The response as the archive keeps it; `timezone` is that of times without one, where it is known."""
    asked = response.meta.get("archive_url") or canonical(response.url)
    kept: Kept = response.meta["kept"]
    return Capture(
        id=kept.id,
        same_as=kept.same_as,
        url=asked or CanonicalUrl(response.url),
        final_url=response.url,
        redirects=tuple(response.meta.get("redirect_urls", ())),
        fetched_at=kept.fetched_at,
        status=response.status,
        content_type=header(response, "Content-Type"),
        etag=header(response, "ETag"),
        last_modified=header(response, "Last-Modified"),
        body=response.body,
        codings=_codings(response),
        candidate=response.meta.get("candidate"),
        timezone=timezone,
    )


def _codings(response: Response) -> str | None:
    """What Scrapy has left on the body: of an article's page all that there is (`crawler.middlewares.packed`)."""
    return b", ".join(response.headers.getlist("Content-Encoding")).decode("latin-1") or None


def asked(response: Response) -> str:
    """The address that answered, as it was asked for."""
    return response.request.url if response.request else response.url
