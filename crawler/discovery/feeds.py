"""Feeds: RSS 0.90 to 2.0, RDF and Atom by feedparser, JSON Feed by json."""

import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import feedparser
from w3lib.html import remove_tags, replace_entities

from archive import text as texts
from archive.models import Candidate, EndpointKind
from crawler.discovery.addresses import absolute
from crawler.discovery.dates import instant
from crawler.discovery.payload import in_utf8, is_html, unpacked

MAX_BYTES = 4 * 1024 * 1024
"""What is read of a feed. feedparser reads about a megabyte a second; 100 entries with full text are less than 2 MB."""
MAX_ENTRIES = 2_000
"""Entries read of a feed; the newest stand first."""

# feedparser takes up to 40 µs for a tag; this many, ampersands among them, are in 2 MB of HTML.
_MAX_MARKUP = 150_000
_PIECE = 65_536
# Only these elements go to feedparser. Without the texts it is several times as fast, and it takes quadratic time over
# others (each category is compared with all before it, each author searched for a mail address). What has a title or
# link of its own inside an entry or the head (image, source, textinput) has to stay around it.
_NEEDED = (
    rb"rss|rdf|feed|channel|items?|entry|title|link|guid|id|pubdate|published|updated|modified|issued|created|date|"
    rb"origlink|language|image|source|textinput"
)
_OTHER_TAG = re.compile(rb"</?(?!(?:[\w.-]{1,40}:)?(?:" + _NEEDED + rb")[\s/>])[a-z_][^<>]*>", re.IGNORECASE)
_ENTRY = re.compile(rb"<(?:[\w.-]{1,40}:)?(?:item|entry)[\s>]", re.IGNORECASE)
# feedparser looks for a DOCTYPE after each of a row of line breaks, as far as they go.
_BLANKS = re.compile(rb"\s{2,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What one feed says."""

    candidates: tuple[Candidate, ...] = ()
    title: str | None = None
    language: str | None = None
    """As the feed writes it: `en`, `pt-BR`."""
    error: str | None = None
    """What is wrong with the document; what could be read of it is there all the same."""


def parse_feed(body: bytes, url: str, content_type: str | None) -> Feed:
    """What the feed at `url` lists, in its order; gzipped or not. `content_type` is the HTTP header's value.

    Candidates have absolute http(s) addresses as announced: FeedBurner's original link first, then the link, then a
    guid that is a permalink. At most `MAX_BYTES` and `MAX_ENTRIES` are read.

    Raises: nothing.
    """
    data, error = unpacked(body, MAX_BYTES)
    data = in_utf8(data, content_type).strip()
    head = data[:4096].decode("utf-8", "replace")
    if not head:
        return Feed(error=error or "empty")
    if is_html(head):
        return Feed(error="an HTML page, no feed")
    if head.startswith("{"):
        return _json_feed(data, url, error)
    if (end := _affordable(data)) < len(data):
        data, error = data[:end], "too long: the rest was left"
    return _xml_feed(_BLANKS.sub(b" ", _OTHER_TAG.sub(b"", data)), url, error)


def _affordable(data: bytes) -> int:
    """Where to stop reading, at the beginning of an entry if there is any."""
    end, marks = len(data), 0
    for at in range(0, len(data), _PIECE):
        marks += data.count(b"<", at, at + _PIECE) + data.count(b"&", at, at + _PIECE)
        if marks > _MAX_MARKUP:
            end = at
            break
    starts = [match.start() for match in _ENTRY.finditer(data, 0, end)]
    if len(starts) > MAX_ENTRIES:
        return starts[MAX_ENTRIES]
    return starts[-1] if starts and end < len(data) else end


def _xml_feed(data: bytes, url: str, error: str | None) -> Feed:
    headers = {"content-location": url, "content-type": "application/xml; charset=utf-8"}
    try:
        # Relative links inside the texts, and dangerous markup there, are no matter: only links and titles are read.
        parsed: dict[str, Any] = feedparser.parse(
            io.BytesIO(data), response_headers=headers, resolve_relative_uris=False, sanitize_html=False
        )
    except Exception as fault:  # noqa: BLE001 — it promises no set of errors, and meets whatever the web has
        return Feed(error=error or f"unreadable: {type(fault).__name__}: {str(fault)[:200]}")
    version = parsed.get("version") or ""
    malformed = parsed.get("bozo_exception")
    if not version and not parsed["entries"]:
        return Feed(error=error or "no feed")
    if malformed:
        error = error or f"malformed: {str(malformed)[:200]}"
    candidates = (_candidate(entry, url, is_atom=version.startswith("atom")) for entry in parsed["entries"])
    feed = parsed["feed"]
    return Feed(
        candidates=_each_once(candidates), title=_title(feed), language=texts.line(feed.get("language")), error=error
    )


def _candidate(entry: dict[str, Any], base: str, *, is_atom: bool) -> Candidate | None:
    links = (entry.get("feedburner_origlink"), _link(entry))
    address = next((found for link in links if link and (found := absolute(link, base))), None)
    if address is None:
        return None
    # feedparser files Dublin Core's only date, which RDF feeds publish with, under `updated`; dict.get sees what is
    # really there, where FeedParserDict answers one date for the other.
    published, updated = (instant(dict.get(entry, name)) for name in ("published", "updated"))
    if published is None and not is_atom:
        published = updated
    return Candidate(
        url=address,
        found_in=base,
        kind=EndpointKind.FEED,
        title=_title(entry),
        published_at=published,
        modified_at=updated,
    )


def _link(entry: Mapping[str, Any]) -> str | None:
    """The entry's page: its alternate link of type HTML before others (RFC 4287 4.2.7), else a guid that is one."""
    pages = [
        link["href"]
        for link in entry.get("links", ())
        if link.get("rel") == "alternate" and "html" in link.get("type", "html") and link.get("href")
    ]
    return pages[0] if pages else entry.get("link")


def _title(record: Mapping[str, Any]) -> str | None:
    """The title as plain text; most feeds escape markup into it, whatever they declare."""
    title = record.get("title")
    if not isinstance(title, str):
        return None
    if record.get("title_detail", {}).get("type") != "text/plain":
        title = replace_entities(remove_tags(title))
    return texts.line(title)


def _json_feed(data: bytes, url: str, error: str | None) -> Feed:
    """JSON Feed 1.0 and 1.1 (jsonfeed.org); JSON that is cut off says nothing."""
    try:
        feed = json.loads(data)
    except (ValueError, RecursionError) as fault:
        return Feed(error=error or f"malformed JSON: {fault}")
    items = feed.get("items")
    if not isinstance(items, list):
        return Feed(error="JSON, but no feed")
    if len(items) > MAX_ENTRIES:
        error = "too long: the rest was left"
    candidates = (_json_candidate(item, url) for item in items[:MAX_ENTRIES] if isinstance(item, dict))
    return Feed(
        candidates=_each_once(candidates), title=_string(feed, "title"), language=_string(feed, "language"), error=error
    )


def _json_candidate(item: Mapping[str, object], base: str) -> Candidate | None:
    # The standard likes an id to be the address. `external_url` is what a link blog points to, on somebody else's site.
    url, identity = item.get("url"), item.get("id")
    address = absolute(url, base) if isinstance(url, str) else None
    if address is None and isinstance(identity, str):
        address = absolute(identity, "")
    if address is None:
        return None
    return Candidate(
        url=address,
        found_in=base,
        kind=EndpointKind.FEED,
        title=_string(item, "title"),
        published_at=instant(item.get("date_published")),
        modified_at=instant(item.get("date_modified")),
    )


def _string(record: Mapping[str, object], key: str) -> str | None:
    value = record.get(key)
    return texts.line(value) if isinstance(value, str) else None


def _each_once(candidates: Iterator[Candidate | None]) -> tuple[Candidate, ...]:
    found: dict[str, Candidate] = {}
    for candidate in candidates:
        if candidate is not None:
            found.setdefault(candidate.url, candidate)
    return tuple(found.values())
