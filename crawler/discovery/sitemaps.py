"""Sitemaps (sitemaps.org 0.9), their indexes, and Google News sitemaps: what they list, with titles and dates."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from lxml import etree

from archive import text as texts
from archive.models import Candidate, EndpointKind
from crawler.discovery.addresses import absolute
from crawler.discovery.dates import instant
from crawler.discovery.feeds import parse_feed
from crawler.discovery.payload import decoded, in_utf8, is_html, unpacked

MAX_BYTES = 50 * 1024 * 1024
"""The protocol's limit of one sitemap, unpacked."""
MAX_URLS = 50_000
"""The protocol's limit of one sitemap or index."""

_PIECE = 65_536
# Only character references go to the parser. Every ampersand that is no reference is text: the commonest fault of
# sitemaps is an address with a bare one, which a parser that recovers would cut out together with the word after it.
# No entity that a document defines is ever expanded; and libxml2 drops even XML's own five after the first fault. In
# CDATA an ampersand is text already.
_AMPERSAND = re.compile(
    rb"(<!\[CDATA\[.*?(?:\]\]>|\Z))|&(?:(amp|lt|gt|quot|apos);|(?!#(?:\d{1,7}|[xX][0-9a-fA-F]{1,6});))", re.DOTALL
)
_NUMBERS = {b"amp": b"&#38;", b"lt": b"&#60;", b"gt": b"&#62;", b"quot": b"&#34;", b"apos": b"&#39;"}
_ROOT = re.compile(r"<(?:[\w.-]+:)?(\w+)")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_FEED_ROOTS = frozenset({"rss", "rdf", "feed"})
_SITEMAP_ROOTS = frozenset({"urlset", "sitemapindex"})

# What a document of MAX_BYTES without a sense could cost: tags and ampersands in all (100 for each of MAX_URLS), and in
# a row without an entry, after which what was built of them is freed.
_MAX_MARKUP = 5_000_000
_MAX_UNUSED = 200_000
# Children of an entry that are looked at: the three that count stand before its images and translations.
_MAX_CHILDREN = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class SitemapRef:
    """A sitemap that an index lists."""

    url: str
    modified_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitemap:
    """What one sitemap or sitemap index says."""

    children: tuple[SitemapRef, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    kind: EndpointKind = EndpointKind.SITEMAP
    """SITEMAP, NEWS_SITEMAP where an entry has news data, FEED where the address turned out to be a feed."""
    error: str | None = None
    """What is wrong with the document; what could be read of it is there all the same."""


@dataclass(slots=True)
class _Entry:
    """An `url` or `sitemap` element, as written."""

    is_child: bool
    url: str
    modified: str | None
    is_news: bool = False
    title: str | None = None
    published: str | None = None


def parse_sitemap(body: bytes, url: str) -> Sitemap:
    """What the sitemap at `url` lists: XML, plain text or, as the protocol allows, a feed; gzipped or not.

    Elements are matched by their local names, because namespaces are wrong or missing as often as not. Candidates
    have absolute http(s) addresses as announced. At most `MAX_BYTES` and `MAX_URLS` are read.

    Raises: nothing.
    """
    data, error = unpacked(body, MAX_BYTES)
    head = decoded(data[:4096]).lstrip("\ufeff \t\r\n")
    if not head:
        return Sitemap(error=error or "empty")
    if is_html(head):
        return Sitemap(error="an HTML page, no sitemap")
    if not head.startswith("<"):
        return _text_sitemap(data, url, error)
    root = _ROOT.search(_COMMENT.sub("", head))
    if root and root[1].lower() in _FEED_ROOTS:
        feed = parse_feed(body, url, None)
        return Sitemap(candidates=feed.candidates, kind=EndpointKind.FEED, error=feed.error)
    reader = _Reader(in_utf8(data).lstrip())
    entries = list(reader.entries())
    if not entries and (root is None or root[1].lower() not in _SITEMAP_ROOTS):
        return Sitemap(error=error or f"XML, but no sitemap: its root is {root[1] if root else 'missing'}")
    return _sitemap(entries, url, error or reader.error)


def _sitemap(entries: list[_Entry], base: str, error: str | None) -> Sitemap:
    kind = EndpointKind.NEWS_SITEMAP if any(entry.is_news for entry in entries) else EndpointKind.SITEMAP
    children: dict[str, SitemapRef] = {}
    candidates: dict[str, Candidate] = {}
    for entry in entries:
        address = absolute(entry.url, base)
        if address is None:
            continue
        modified_at = instant(entry.modified)
        if entry.is_child:
            children.setdefault(address, SitemapRef(url=address, modified_at=modified_at))
            continue
        candidate = Candidate(
            url=address,
            found_in=base,
            kind=kind,
            title=texts.line(html.unescape(entry.title)) if entry.title else None,
            published_at=instant(entry.published),
            modified_at=modified_at,
        )
        candidates.setdefault(address, candidate)
    return Sitemap(children=tuple(children.values()), candidates=tuple(candidates.values()), kind=kind, error=error)


def _text_sitemap(data: bytes, base: str, error: str | None) -> Sitemap:
    """A sitemap of one absolute address a line; anything else has no line that is one."""
    entries: list[_Entry] = []
    for line in decoded(data).splitlines():
        if line.lstrip()[:4].lower() == "http":
            if len(entries) == MAX_URLS:
                error = f"more than {MAX_URLS:,} addresses; the rest was left"
                break
            entries.append(_Entry(is_child=False, url=line.strip(), modified=None))
    return _sitemap(entries, base, error) if entries else Sitemap(error=error or "neither XML nor a list of addresses")


class _Reader:
    """Reads the entries of an XML sitemap one after the other, and remembers what was wrong."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        # The bytes are UTF-8 whatever they declare. Depth and sizes stay within libxml2's own limits.
        self._parser = etree.XMLPullParser(
            events=("end",),
            tag=("{*}url", "{*}sitemap"),
            encoding="utf-8",
            recover=True,
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        self.error: str | None = None

    def entries(self) -> Iterator[_Entry]:
        """The entries that the document closes itself: one that it is cut off in may have half an address."""
        count = markup = unused = 0
        try:
            for piece in _pieces(self._data):
                self._parser.feed(piece)
                found = tuple(self._read())
                yield from found[: MAX_URLS - count]
                count += len(found)
                marks = piece.count(b"<") + piece.count(b"&")
                markup, unused = markup + marks, 0 if found else unused + marks
                if count > MAX_URLS or markup > _MAX_MARKUP or unused > _MAX_UNUSED:
                    self.error = f"too long: the rest was left after {min(count, MAX_URLS):,} entries"
                    return
            self._parser.close()
        except etree.XMLSyntaxError as error:
            self.error = _said(error.msg)
        # a prefix that was never declared is no damage: names are matched without it
        faults = (f for f in self._parser.feed_error_log if f.type_name != "NS_ERR_UNDEFINED_NAMESPACE")
        if self.error is None and (fault := next(faults, None)):
            self.error = _said(fault.message)

    def _read(self) -> Iterator[_Entry]:
        for _, element in self._parser.read_events():
            if element is None or isinstance(element, tuple):
                continue  # namespaces, which were not asked for
            if entry := _entry(element):
                yield entry
            _forget(element)


def _pieces(data: bytes) -> Iterator[bytes]:
    """The document in pieces, each of which ends before a closing tag, with every ampersand made harmless."""
    at = 0
    while at < len(data):
        end = at + _PIECE
        if end < len(data) and (tag := data.rfind(b"</", at + 1, end)) > at:
            end = tag
        yield _AMPERSAND.sub(lambda match: match[1] or _NUMBERS[match[2] or b"amp"], data[at:end])
        at = end


def _said(fault: str | None) -> str:
    """What the parser says of the document, without the part of the document that it quotes."""
    return f"malformed XML: {(fault or 'no reason given').splitlines()[0][:100]}"


def _entry(element: etree._Element) -> _Entry | None:
    parts = _children(element)
    loc = parts.get("loc")
    if loc is None or not loc.text:
        return None
    entry = _Entry(is_child=_local_name(element) == "sitemap", url=loc.text, modified=_text(parts.get("lastmod")))
    news = parts.get("news")
    if news is not None:
        inner = _children(news)
        entry.is_news = True
        entry.title, entry.published = _text(inner.get("title")), _text(inner.get("publication_date"))
    return entry


def _children(element: etree._Element) -> dict[str, etree._Element]:
    """The first child of each local name."""
    parts: dict[str, etree._Element] = {}
    for child in islice(element, _MAX_CHILDREN):
        parts.setdefault(_local_name(child), child)
    return parts


def _text(element: etree._Element | None) -> str | None:
    return element.text if element is not None else None


def _local_name(element: etree._Element) -> str:
    """`loc` for `loc`, `{namespace}loc` and `undeclared:loc`."""
    return re.split("[}:]", str(element.tag))[-1].lower()


def _forget(element: etree._Element) -> None:
    """Free an element that was read, and all before it, so that memory does not grow with the document."""
    element.clear()
    parent = element.getparent()
    if parent is not None:
        del parent[: parent.index(element)]
