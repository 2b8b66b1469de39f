"""The page's text as a reader sees it: cut into paragraphs, each with its place and what speaks against it."""

import re
from collections.abc import Container
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from lxml.etree import _Element, iterwalk
from lxml.html import HtmlElement

from archive import text
from archive.extraction import tables

HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
PICTURES = frozenset(("img", "picture", "video", "iframe", "amp-img", "svg"))

_UNREAD = frozenset(
    re.findall(
        r"\w+",
        "script style noscript template svg math iframe nav footer button select textarea input label dialog menu "
        "video audio object embed canvas map picture head option datalist progress",
    )
)
"""Elements whose text is no text of the page, or never the article's."""
_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        "address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer form h1 "
        "h2 h3 h4 h5 h6 header hr html li main nav ol p pre section summary table tbody td tfoot th thead tr ul",
    )
)
"""Elements that begin a new paragraph and end the one before (HTML standard, 15.3)."""
_KINDS = HEADINGS | {"p", "li", "blockquote", "pre", "td", "th", "dd", "dt", "figcaption"}
_INHERITED = frozenset(("blockquote", "figcaption", "li", "td", "th"))
_UNDOUBTED = HEADINGS | frozenset(("html", "body", "a", "b", "i", "em", "strong", "br", "img"))
"""Elements whose own class tells nothing about what they say."""
_DOUBTFUL_TAGS = frozenset(("aside", "figure", "form"))
_FRAME_ROLES = frozenset(("complementary", "navigation", "banner", "contentinfo", "dialog"))

_NEVER = re.compile(
    r"(?-i:(?<![A-Za-z])|(?<=[a-z])(?=[A-Z]))(?<!has-)(?<!has_)(?<!no-)(?:"
    r"comments?(?:$|(?=[\s_-])|list|thread|box|s?section)|respond(?![a-z])|disqus|cookie|consent(?!ed)|bread-?crumb|"
    r"outbrain|taboola|sr-only|screen-reader|visually-hidden|nav(?:$|(?=[\s_-])|bar|igation)|pagination)"
    r"(?![a-z]*[_-](?:open|closed|on|off|enabled|disabled|accepted|allowed|given)(?![a-z]))",
    re.IGNORECASE,
)
"""Classes and ids of what is no article however much text it holds: words that name it, not words that tell in which
state the page is (`has-comments`, `comments-closed`, `cookies-accepted`)."""
_DOUBTFUL = re.compile(
    r"newsletter|advert|(?:^|[\s_-])ads?(?:[\s_-]|$)|side-?bar|share|sharing|social|related|recommend|trending|byline|"
    r"most-?(?:read|popular|viewed)|caption|copyright|(?:^|[\s_-])repl(?:y|ies)|subscri|sign-?up|promo|adslot|dfp|sponsor|"
    r"banner|menu|footer|widget|teaser|popular|credit|author|(?:^|[\s_-])tags?(?:$|[\s_-])|tag-?list|topics|metadata|"
    r"(?:^|[\s_-])meta(?:$|[\s_-])|toolbar|tooltip|popup|popover|modal|overlay|rating|no-?print|hidden|disclaimer|"
    r"(?:read|see|also)-?(?:more|also|read)|more-(?:on|stories|from)|up-?next|next-|timestamp|dateline|carousel|slider|"
    r"gallery|infobox|donat|support-us|login|register|poll|quiz|survey|feedback|correction|alert|toast|snackbar|app-|"
    r"download|jobs|weather|ticker|stock|embed|lightbox"
)
"""Classes and ids, in lower case, of what surrounds articles; believed unless most of the page's text stands there.

So many words are looked for in a quarter of the time if not each has to be tried in both cases at each letter."""
_NUMBER = re.compile(r"\d+")
_HIDDEN = re.compile(r"display:\s*none|visibility:\s*hidden", re.IGNORECASE)
_WIDE = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")
_MAX_MARKS = 300
"""Characters of class and id that are looked at."""
_MAX_DEPTH = 100
"""Block elements around a unit that are told apart; the deepest of our corpus has 40. More share the innermost."""
MAX_UNITS = 20_000
"""Paragraphs read of a page; the longest of our corpus has 2,900."""


@dataclass(slots=True, eq=False)
class Unit:
    """A run of text between two paragraph breaks."""

    position: int
    kind: str
    """The tag that says what it is: p, li, h2, blockquote, td, figcaption …; div where none does."""
    text: str
    """On one line; code keeps its line breaks."""
    linked: int
    """How many of its characters stand in links."""
    path: tuple[_Element, ...]
    """The block elements around it, outermost first."""
    doubts: tuple[str, ...]
    """What marks elements around it as something else than the article: classes (without numbers), tags or roles."""
    size: int = field(init=False)
    """Its length in letters of an alphabet: a character of Chinese, Japanese or Korean says as much as three."""

    def __post_init__(self) -> None:
        self.size = len(self.text) if self.text.isascii() else len(self.text) + 2 * len(_WIDE.findall(self.text))

    @property
    def density(self) -> float:
        """The share of its characters that stand in links."""
        return self.linked / len(self.text)


@dataclass(frozen=True, slots=True)
class Cut:
    """A page cut into units."""

    units: list[Unit]
    pictured: frozenset[_Element]
    """The block elements with a picture, video or frame in them."""
    whole: bool
    """Whether it was read to its end; else it has more paragraphs than any article."""


class _Frame(NamedTuple):
    """What an element hands on to its children while the tree is walked."""

    kind: str
    path: tuple[_Element, ...]
    doubts: tuple[str, ...]
    linked: bool


def cut(root: HtmlElement, *, hidden: bool = False) -> Cut:
    """The units of a page's body in document order, without what is never an article's text.

    What the markup hides is read only if `hidden` asks for it. Raises: nothing.
    """
    body = root.find("body")
    return _Cutter(hidden=hidden).run(body if body is not None else root)


class _Cutter:
    """One walk over the tree, gathering text until a paragraph ends."""

    def __init__(self, *, hidden: bool = False) -> None:
        self.hidden = hidden
        self.units: list[Unit] = []
        self.pictured: set[_Element] = set()
        self.gathered: list[str] = []
        self.linked = 0

    def run(self, body: _Element) -> Cut:
        frame = _Frame("div", (), (), linked=False)
        frames = [frame]
        walk = iterwalk(body, events=("start", "end"))
        for event, element in walk:
            if event == "start":
                inside = self.entered(element, frame)
                if inside is None:
                    walk.skip_subtree()
                    self.gathered.append(" ")
                else:
                    frame = inside
                frames.append(frame)
            else:
                if element.tag in _BLOCKS:
                    self.ended(frame)
                frames.pop()
                frame = frames[-1]
                if (said := element.tail) and element is not body:
                    self.add(said, frame)
            if len(self.units) >= MAX_UNITS:
                return Cut(self.units, frozenset(self.pictured), whole=False)
        return Cut(self.units, frozenset(self.pictured), whole=True)

    def entered(self, element: _Element, around: _Frame) -> _Frame | None:
        """The frame of an element's children; None where they are not read."""
        tag = element.tag
        if tag in PICTURES:
            self.pictured.update(around.path)
        # To list an element's attributes, mostly one, takes as long as to ask for three by name.
        if tag in _UNREAD or ((named := element.keys()) and not self.hidden and _is_hidden(element, named)):
            return None
        if tag == "table" and (data := tables.read(element, _say)) is not None:
            self.ended(around)
            self.units.append(
                Unit(len(self.units), "table", data.text, data.linked, (*around.path, element), around.doubts)
            )
            return None
        if tag in _BLOCKS:
            self.ended(around)
        frame = _framed(element, named, around)
        if tag == "br":
            self.broken(element, around)
        if frame is not None and (said := element.text):
            self.add(said, frame)
        return frame

    def broken(self, element: _Element, frame: _Frame) -> None:
        """A line break; two in a row end the paragraph."""
        before = element.getprevious()
        if before is not None and before.tag == "br" and not (before.tail or "").strip():
            self.ended(frame)
        self.gathered.append("\n")

    def add(self, said: str, frame: _Frame) -> None:
        """Text of an element."""
        self.gathered.append(said)
        if frame.linked:
            self.linked += len(said.strip())

    def ended(self, frame: _Frame) -> None:
        """The end of a paragraph: what was gathered becomes a unit."""
        if not self.gathered:
            return
        said, linked = "".join(self.gathered), self.linked
        self.gathered.clear()
        self.linked = 0
        if not said or said.isspace():
            return
        folded = text.clean(said).strip("\n") if frame.kind == "pre" else text.line(said)
        if folded:
            unit = Unit(len(self.units), frame.kind, folded, linked, frame.path, frame.doubts)
            self.units.append(unit)


def _say(cell: _Element) -> tables.Said:
    """What a cell says, its paragraphs on one line."""
    said = _Cutter().run(cell).units
    return tables.Said(" ".join(unit.text for unit in said), sum(unit.linked for unit in said))


def _kind(tag: str, around: str) -> str:
    """What text in an element is: what the element says, unless it only fills a quotation, an item, a cell."""
    if tag == "figure":
        return "figcaption"
    if tag in _KINDS:
        return around if tag == "p" and around in ("blockquote", "figcaption") else tag
    return around if around in _INHERITED else "div"


def _is_hidden(element: _Element, named: Container[str | bytes]) -> bool:
    """Whether the markup itself hides an element with the attributes `named` (style sheets are not read)."""
    if "hidden" in named or ("aria-hidden" in named and element.get("aria-hidden") == "true"):
        return True
    return "style" in named and _HIDDEN.search(element.get("style", "")[:_MAX_MARKS]) is not None


def _framed(element: _Element, named: Container[str | bytes], around: _Frame) -> _Frame | None:
    """The frame of an element's children; None where they are never an article's."""
    tag = element.tag
    kind, path, doubts, linked = around
    if tag in _BLOCKS:
        path = (*path, element) if len(path) < _MAX_DEPTH else path
        kind = _kind(tag, kind)
    elif tag == "a":
        linked = True
    if tag not in _UNDOUBTED:
        if (doubt := _doubt(element, tag, named)) is None:
            return None
        doubts = (*doubts, doubt) if doubt else doubts
    return _Frame(kind, path, doubts, linked)


def _doubt(element: _Element, tag: str, named: Container[str | bytes]) -> str | None:
    """What marks an element as something else than the article; empty if nothing does, None if beyond doubt."""
    name = element.get("class", "") if "class" in named else ""
    marks = f"{name} {element.get('id', '')}" if "id" in named else name
    verdict = _verdict(marks[:_MAX_MARKS])
    if verdict is None and element.find(".//h1") is None:
        return None
    if verdict:
        return _NUMBER.sub("", name) or verdict
    if tag == "figure" and any(element.find(f".//{held}") is not None for held in ("table", "pre")):
        return ""
    role = element.get("role") if "role" in named else None
    return tag if tag in _DOUBTFUL_TAGS else role if role in _FRAME_ROLES else ""


@lru_cache(maxsize=32_768)
def _verdict(marks: str) -> str | None:
    """The word that makes a class and id doubtful; empty if none does, None if they are never an article's.

    The pages of a hundred newspapers have 17,000 of them, and those of one the same few hundred again and again.
    """
    if _NEVER.search(marks):
        return None
    match = _DOUBTFUL.search(marks.lower())
    return match[0] if match else ""
