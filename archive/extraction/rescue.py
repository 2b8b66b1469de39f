"""Where a page does not show its article's text: what it carries for others to show, else what trafilatura finds."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence

from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.settings import Document

from archive import text
from archive.extraction import units
from archive.extraction.body import KINDS, Block, blocks, find
from archive.extraction.furniture import without_furniture
from archive.extraction.page import tree
from archive.extraction.structured import Item, plain
from archive.models import BlockKind

_SHORT = 400
"""Characters below which a declared article is looked for a second time."""
_LONGER = 2.0
"""How much longer another text must be to be taken for the whole of which the page shows a part. Texts that pages carry
in structured data are up to 1.5 times as long for captions and related links that stand in them."""
_MAX_SCRIPT = 3_000_000
"""Characters of scripts that are searched."""

_BREAK = re.compile(r"</(?:p|div|h\d|li|blockquote)>|<br\s*/?>\s*<br\s*/?>|\n", re.IGNORECASE)
_PARAGRAPHS = re.compile(r"(?:<|\\u003c)p(?=[\s>\\])", re.IGNORECASE)
_LITERAL = re.compile(r'\\.|"((?:[^"\\]|\\.)*+)"|"', re.DOTALL)
"""A string of JavaScript or JSON; escapes and quotes outside of any are passed, so that one look at each is enough."""


def rescued(
    shown: Sequence[Block], root: HtmlElement, url: str, articles: Sequence[Item], *, declared: bool
) -> list[Block]:
    """The blocks to believe: those that the page shows, unless another source has the whole they are a part of."""
    wanted = max(_SHORT, _LONGER * _length(shown))
    for candidate in _others(root, url, articles, wanted, searched=declared and _length(shown) < _SHORT):
        if _length(candidate) >= wanted:
            return candidate
    return list(shown)


def _others(
    root: HtmlElement, url: str, articles: Sequence[Item], wanted: float, *, searched: bool
) -> Iterator[list[Block]]:
    """What other sources have, the quickest first; the slow ones only if the page is to be searched."""
    yield list(_carried(articles, wanted))
    if searched:
        yield _scripted(root)
        yield list(_found(root, url))


def _length(parts: Iterable[Block]) -> int:
    return sum(len(block.text) for block in parts)


def _carried(articles: Sequence[Item], wanted: float) -> Iterator[Block]:
    """The paragraphs of schema.org/articleBody of the page's article, which may be HTML; none if it is too short."""
    body = articles[0].properties.get("articleBody") if articles else None
    for part in _BREAK.split(body) if isinstance(body, str) and len(body) >= wanted else ():
        if (line := plain(part)) is not None:
            yield Block(BlockKind.PARAGRAPH, line)


def _scripted(root: HtmlElement) -> list[Block]:
    """The longest text with paragraphs that stands as a string in a script: what the browser would show of it.

    Pages that are made in the browser (Next.js, Nuxt and their like) carry their article so, as escaped HTML.
    """
    best: list[Block] = []
    left = _MAX_SCRIPT
    for script in root.iter("script"):
        source = script.text or ""
        left -= len(source)
        if left < 0:
            break
        for markup in _markup_in(source):
            if _length(found := _shown_by(markup)) > _length(best):
                best = found
    return best


def _markup_in(source: str, *, depth: int = 2) -> Iterator[str]:
    """The string literals of a script that hold paragraphs, also those inside of other strings."""
    if depth == 0 or len(_PARAGRAPHS.findall(source)) < 2:
        return
    for literal in _LITERAL.findall(source):
        if len(literal) >= _SHORT and _PARAGRAPHS.search(literal):
            try:
                value = str(json.loads(f'"{literal}"', strict=False))
            except ValueError:
                continue
            inner = list(_markup_in(value, depth=depth - 1))
            yield from inner or (value,)


def _shown_by(markup: str) -> list[Block]:
    """The article in a piece of HTML."""
    root = tree(f"<html><body>{text.clean(markup)}</body></html>")
    if root is None:
        return []
    pieces = units.cut(root)
    return blocks(without_furniture(find(pieces, (), ()).units, pieces.pictured, ()))


def _found(root: HtmlElement, url: str) -> Iterator[Block]:
    """The paragraphs that trafilatura finds; it works on a copy of the tree."""
    document = bare_extraction(root, url=url, include_comments=False)
    if not isinstance(document, Document):
        return
    kinds = {"list": "li", "quote": "blockquote", "code": "pre"}
    for element in document.body:
        kind = str(element.get("rend", "h3")) if element.tag == "head" else kinds.get(str(element.tag), "p")
        for part in element.iter("item") if element.tag == "list" else (element,):
            if (line := text.line(" ".join(map(str, part.itertext())))) is not None:
                yield Block(KINDS.get(kind, BlockKind.PARAGRAPH), line)
