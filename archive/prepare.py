"""From a capture to everything that can be known about it without the store; pure, for the process pool."""

from dataclasses import replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from archive import codings, sketches, text
from archive.errors import ExtractionError
from archive.extraction import extract, links, read
from archive.models import Article, Capture, Link, Prepared, Reason, Rejection

BODY_MAX = 10 * 1024 * 1024
"""Bytes of a page without its codings: as many as a crawl takes of any response."""


def prepare(capture: Capture, *, with_links: bool = False, body_max: int = BODY_MAX) -> Prepared:
    """What the page of a capture holds: the article or why it is none, its hashes and, if asked for, its links.

    The bytes are decoded and parsed once; a page of more than `body_max` of them, unpacked, is no article. The capture
    comes back without its body, which need not cross a process boundary a second time.

    Raises: `ExtractionError`, with the address, where a library fails on a page; nothing else.
    """
    try:
        outcome, anchors = _read(capture, with_links=with_links, body_max=body_max)
    except Exception as error:
        message = f"extraction failed: {type(error).__name__}: {text.line(str(error)) or 'no message'}"
        raise ExtractionError(message, capture.final_url) from error
    capture = replace(capture, body=b"")
    if isinstance(outcome, Rejection):
        return Prepared(capture=capture, outcome=outcome, content_hash=None, links=anchors)
    comparable = text.comparable(outcome.text)
    words = text.words_in(comparable)
    return Prepared(
        capture=capture,
        outcome=outcome,
        content_hash=text.digest(comparable),
        word_count=len(words),
        sketch=sketches.sketch(words),
        links=anchors,
    )


@cache
def extractor() -> str:
    """Name and version of what reads articles out of pages here, as `revisions.extractor` keeps it."""
    return ", ".join(f"{name} {_version(name)}" for name in ("newsarchive", "trafilatura"))


def _version(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:  # run from a checkout, as Scrapy's users do
        return "unknown"


def _read(capture: Capture, *, with_links: bool, body_max: int) -> tuple[Article | Rejection, tuple[Link, ...]]:
    """The outcome and the links of a capture's page."""
    if not 200 <= capture.status < 300:
        return refusal(capture.status), ()
    if capture.codings:
        body = codings.taken_off(capture.body, capture.codings, body_max + 1)
        if len(body) > body_max:
            return Rejection(reason=Reason.TOO_LARGE, evidence=f"more than {body_max:,} bytes unpacked"), ()
        capture = replace(capture, body=body)
    page = read(capture)
    if isinstance(page, Rejection):
        return page, ()
    return extract(page, capture=capture), links(page) if with_links else ()


def refusal(status: int) -> Rejection:
    """What an HTTP status other than success says of the page (RFC 9110, 15). Raises: nothing."""
    if status in (404, 410, 451):
        reason = Reason.HTTP_GONE
    elif status >= 500 or status in (408, 425, 429):
        reason = Reason.HTTP_ERROR
    else:
        reason = Reason.HTTP_REFUSED
    return Rejection(reason=reason, evidence=f"HTTP status {status}")
