"""What a failed request means: from an exception or a status to the reason that the frontier keeps."""

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from twisted.python.failure import Failure

from archive.models import PASSING, Reason, UrlState


class RobotsForbidden(IgnoreRequest):
    """robots.txt does not let us fetch the address."""


class RobotsUnavailable(IgnoreRequest):
    """robots.txt answered with a server error: until it can be had, nothing may be fetched (RFC 9309, 2.3.1.4)."""


class HostBusy(IgnoreRequest):
    """The host asked to be left alone for longer than we wait."""


class CrawlEnds(IgnoreRequest):
    """The crawl ends before the request was sent: its address stays as it was."""


class Rehearsed(IgnoreRequest):
    """A dry run would now fetch the address."""


class PrivateAddress(IgnoreRequest):
    """The address was reached by a link and does not lead to a public host."""


class NotKept(IgnoreRequest):
    """The archive could not take the response: it is not used, and the crawl ends."""


_REASONS: tuple[tuple[type[Exception], Reason], ...] = (
    (RobotsForbidden, Reason.ROBOTS),
    (RobotsUnavailable, Reason.ROBOTS_UNAVAILABLE),
    (HostBusy, Reason.BUSY),
    (PrivateAddress, Reason.PRIVATE_ADDRESS),
    (Rehearsed, Reason.REHEARSED),
    (CannotResolveHostError, Reason.DNS),
    (DownloadTimeoutError, Reason.TIMEOUT),
    (DownloadCancelledError, Reason.TOO_LARGE),
    (ResponseDataLossError, Reason.TRUNCATED),
)


def reason_of(failed: Failure | Exception) -> Reason:
    """Why a request brought no response, from Twisted's failure or the exception itself.

    Scrapy says "too large after decompression" and "redirected too often" with the same bare IgnoreRequest; the first
    has a cause. What is not known better is a failed connection.
    """
    error = failed.value if isinstance(failed, Failure) else failed
    for kind, reason in _REASONS:
        if isinstance(error, kind):
            return reason
    if isinstance(error, IgnoreRequest):
        return Reason.TOO_LARGE if error.__cause__ else Reason.REDIRECT_LOOP
    return Reason.CONNECTION


def state_of(reason: Reason) -> UrlState:
    """Whether a URL that failed for this reason is asked for again by a later crawl (failed) or not (refused)."""
    return UrlState.FAILED if reason in PASSING else UrlState.REFUSED
