"""From the bytes of a response to a parsed page: what it is, in which charset it is written, and its tree."""

import re
from codecs import getincrementaldecoder
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from charset_normalizer import from_bytes
from lxml import etree
from lxml.html import HtmlElement
from w3lib.encoding import (
    html_body_declared_encoding,
    http_content_type_encoding,
    read_bom,
    resolve_encoding,
    to_unicode,
)
from w3lib.html import get_base_url

from archive import text
from archive.models import Capture, Reason, Rejection

_HTML_TYPES = re.compile(
    r"\s*(?:text/html|application/xhtml\+xml|application/xml|text/xml|text/plain)\b", re.IGNORECASE
)
_OPAQUE_TYPES = re.compile(r"\s*(?:application/octet-stream|unknown/unknown|\*/\*|)\s*(?:;.*)?$", re.IGNORECASE)
_MARKUP = re.compile(rb"<(?:!doctype\s+html|html|head|body|meta|title|article|div|p|h1)\b", re.IGNORECASE)
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_FOREIGN_MARKUP = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?<(?:rss|feed|urlset|sitemapindex|svg)\b")

_CHARSETS = frozenset(
    map(
        resolve_encoding,
        (
            *("utf-8", "ibm866", "koi8-r", "koi8-u", "macintosh", "mac-cyrillic", "windows-874"),
            *(f"iso-8859-{part}" for part in range(1, 17) if part not in (11, 12)),
            *(f"windows-{page}" for page in range(1250, 1259)),
            *("gbk", "gb18030", "big5", "euc-jp", "iso-2022-jp", "shift_jis", "euc-kr"),
        ),
    )
)
"""The charsets of the web (WHATWG Encoding, 4.2) as Python names them; its other codecs, hex or idna, decode no page.
Without UTF-16: a page whose declaration could be read as ASCII is not written in it, whatever it says."""
_SNIFFED = 4_096
"""Bytes in which markup must begin; twice what browsers look at (WHATWG MIME Sniffing, 1,445)."""
_DETECTED = 65_536
"""Bytes given to charset detection: its time grows with them, and its answer does not change."""
_MAX_DAMAGE = 0.005
"""Share of undecodable characters above which a declared charset is taken for wrong: a truncated or pasted-in
character is common in pages that declare the right one, and a wrong one damages every non-ASCII letter."""
_MAX_TAGS = 200_000
"""Tags that are read of a page; the richest of our corpus has 8,100. Each costs half a kilobyte of memory."""
_LONG_TAG = 40_000
_MANY_ATTRIBUTES = 5_000
"""Attributes of an element that no page needs: libxml2's time grows with the square of them."""
_ATTRIBUTE = re.compile(r"\s[^\s=/]+")
_ELEMENTS = etree.ElementDefaultClassLookup(element=HtmlElement)
"""One class for all: `lxml.html` looks in Python for that of each element, to have forms and their fields."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A parsed page. Its tree is shared by all that read it: nobody changes it, and who must takes a copy."""

    url: str
    """The address that answered."""
    base: str
    """What relative links resolve against: `<base href>` or the address."""
    fetched_at: datetime
    root: HtmlElement
    """The `html` element, without comments and processing instructions."""
    unread: tuple[str, ...] = ()
    """What of the page was left out because it is beyond the size of any article's, in words."""
    elements: tuple[HtmlElement, ...] = field(repr=False, default=())
    """All elements in document order. While they are held, lxml makes no new object for one whenever it is met again,
    which takes a thirtieth of extraction's time."""


def read(capture: Capture) -> Page | Rejection:
    """The parsed page of a capture; a `Rejection` where there is nothing to parse.

    The charset is the byte order mark's; else UTF-8 for what is valid UTF-8 beyond ASCII, which text in another charset
    hardly ever is, whatever is declared; else the one of the Content-Type header, else of the `meta` element (the order
    of the HTML standard, 13.2.3), unless decoding by it does visible damage; else a detected one.

    Raises: nothing that the bytes of a page can cause.
    """
    if not capture.body.strip(b" \t\r\n\0\xef\xbb\xbf"):
        return Rejection(reason=Reason.EMPTY, evidence=f"{len(capture.body)} bytes, nothing but white space")
    if evidence := _not_html(capture):
        return Rejection(reason=Reason.NOT_HTML, evidence=evidence)
    markup, unread = _bounded(decoded(capture.body, capture.content_type).replace("\0", ""))
    root, too_deep = _parsed(markup)
    unread += ["what follows an element inside of 2,048 others"] if too_deep else []
    if root is None:
        return Rejection(reason=Reason.EMPTY, evidence="no element")
    try:
        base = get_base_url(markup[:_SNIFFED], capture.final_url)
    except ValueError:
        base = capture.final_url
    return Page(
        url=capture.final_url,
        base=base,
        fetched_at=capture.fetched_at,
        root=root,
        unread=tuple(unread),
        elements=tuple(root.iter()),
    )


def tree(markup: str) -> HtmlElement | None:
    """The tree of an HTML document, without comments and processing instructions; None where it has no element.

    Raises: nothing.
    """
    return _parsed(markup)[0]


def _parsed(markup: str) -> tuple[HtmlElement | None, bool]:
    """The tree, and whether libxml2 stopped before the end.

    Without `huge_tree` it stops at 256 elements inside of one another, which pages that never close one reach. At 2,048
    it stops in any case, and drops what follows.
    """
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False, huge_tree=True
    )
    parser.set_element_class_lookup(_ELEMENTS)
    try:
        root = etree.fromstring(markup.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return None, False
    last = parser.error_log.last_error
    return root, last is not None and last.level == etree.ErrorLevels.FATAL


def _bounded(markup: str) -> tuple[str, list[str]]:
    """The markup without what would cost more time or memory than any article is worth, and what that was."""
    if markup.count("<") <= _MAX_TAGS and not _may_have_long_tag(markup):
        return markup, []
    unread = []
    parts = markup.split("<")
    for number, part in enumerate(parts):
        if len(part) > _LONG_TAG and part[0].isalpha() and not _in_script(parts[:number]):
            tag, end, after = part.partition(">")
            if (count := len(_ATTRIBUTE.findall(tag))) > _MANY_ATTRIBUTES:
                parts[number] = tag.split(maxsplit=1)[0] + end + after
                unread.append(f"{count:,} attributes of one element")
    if len(parts) > _MAX_TAGS + 1:
        unread.append(f"what follows {_MAX_TAGS:,} of {len(parts) - 1:,} tags")
        del parts[_MAX_TAGS + 1 :]
    return "<".join(parts) if unread else markup, unread


def _may_have_long_tag(markup: str) -> bool:
    """Whether a tag may have too many attributes. A sixth of the time that looking at each tag takes.

    A part as long as `_LONG_TAG` has in it one of these stretches of half that length, without any `<`.
    """
    half = _LONG_TAG // 2
    gaps = (start for start in range(0, len(markup) - half, half) if markup.find("<", start, start + half) < 0)
    tags = (max(0, markup.rfind("<", 0, gap)) for gap in gaps)
    return any(markup.find(">", tag, tag + 2 * _MANY_ATTRIBUTES) < 0 for tag in tags)


def _in_script(before: Sequence[str]) -> bool:
    """Whether what follows these parts of the markup, each behind a `<`, is a script's source."""
    beginnings = (part[:7].lower() for part in reversed(before))
    return next((b for b in beginnings if b.startswith(("script", "/script"))), "/").startswith("script")


def may_be_html(content_type: str) -> bool:
    """Whether a response so declared may be a page: not if it is plainly something else. Raises: nothing."""
    return bool(_HTML_TYPES.match(content_type) or _OPAQUE_TYPES.match(content_type))


def _not_html(capture: Capture) -> str | None:
    """Why the response is no HTML, by its declared type and, where that says nothing, by its first bytes."""
    start = capture.body[:_SNIFFED]
    declared = capture.content_type or ""
    # Comments go first: a pattern that skips them backtracks without end, and what would keep it from that (possessive
    # quantifiers) is broken in Python before 3.11.5, https://github.com/python/cpython/issues/106052.
    if _FOREIGN_MARKUP.match(_COMMENT.sub(b"", start.removeprefix(b"\xef\xbb\xbf"))):
        return "a feed, sitemap or image in XML"
    if _HTML_TYPES.match(declared):
        return None
    if not may_be_html(declared):
        return f"declared as {text.line(declared[:100])}"
    encoding, _ = read_bom(start)
    if encoding is not None:
        start = start.decode(encoding, "replace").encode("utf-8", "replace")
    return None if _MARKUP.search(start) else "no type declared, and no HTML markup at its beginning"


def _valid_utf_8(body: bytes) -> str | None:
    """The text of what is UTF-8 to its end, or to a last character that was cut off."""
    decoder = getincrementaldecoder("utf-8")("strict")
    try:
        return decoder.decode(body)
    except UnicodeDecodeError:
        return None


def decoded(body: bytes, content_type: str | None) -> str:
    """The text of an HTML document.

    Raises: nothing.
    """
    bom_encoding, bom = read_bom(body)
    if bom_encoding is not None and bom is not None:
        return to_unicode(body[len(bom) :], bom_encoding)
    if not body.isascii() and (markup := _valid_utf_8(body)) is not None:
        return markup
    declared = (http_content_type_encoding(content_type), html_body_declared_encoding(body[:_SNIFFED]))
    for encoding in dict.fromkeys((*declared, "utf-8")):
        if encoding is not None and encoding in _CHARSETS:
            markup = to_unicode(body, encoding)
            if markup.count("\ufffd") <= _MAX_DAMAGE * len(markup):
                return markup
    guess = from_bytes(body[:_DETECTED]).best()
    encoding = resolve_encoding(guess.encoding) if guess is not None else None
    return to_unicode(body, encoding or "cp1252")
