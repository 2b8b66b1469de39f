"""Where a page does not show its article's text: what its structured data carries, else what trafilatura finds."""

import re
from collections.abc import Iterable, Iterator, Sequence

from lxml.etree import _Element
from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.settings import Document

from archive import text
from archive.extraction.body import KINDS, Block
from archive.extraction.structured import Item, plain
from archive.models import BlockKind

_SHORT = 400
"""Characters below which a declared article is looked for a second time."""
_LONGER = 2.0
"""How much longer another text must be to be taken for the whole of which the page shows a part. Texts that pages carry
in structured data are up to 1.5 times as long for captions and related links that stand in them."""
_BREAK = re.compile(r"</(?:p|div|h\d|li|blockquote)>|<br\s*/?>\s*<br\s*/?>|\n\s*\n|\n", re.IGNORECASE)


def rescued(shown: Sequence[Block], root: HtmlElement, url: str, articles: Sequence[Item]) -> list[Block]:
    """The blocks to believe: those that the page shows, unless another source has the whole they are a part of."""
    length = _length(shown)
    carried = list(_carried(articles))
    if _length(carried) >= max(_SHORT, _LONGER * length):
        return carried
    if length < _SHORT and any(item.is_article for item in articles):
        found = list(_found(root, url))
        if _length(found) >= max(_SHORT, _LONGER * length):
            return found
    return list(shown)


def _length(blocks: Iterable[Block]) -> int:
    return sum(len(block.text) for block in blocks)


def _carried(articles: Sequence[Item]) -> Iterator[Block]:
    """The paragraphs of schema.org/articleBody of the page's article, which may be HTML."""
    body = articles[0].properties.get("articleBody") if articles else None
    for part in _BREAK.split(body) if isinstance(body, str) else ():
        if (line := plain(part)) is not None:
            yield Block(BlockKind.PARAGRAPH, line)


def _found(root: HtmlElement, url: str) -> Iterator[Block]:
    """The paragraphs that trafilatura finds; it works on a copy of the tree."""
    document = bare_extraction(root, url=url, include_comments=False)
    if not isinstance(document, Document):
        return
    for element in document.body:
        kind = {"head": element.get("rend", "h3"), "list": "li", "quote": "blockquote", "code": "pre"}.get(
            element.tag, "p"
        )
        for part in element.iter("item") if element.tag == "list" else (element,):
            if (line := text.line(" ".join(_texts(part)))) is not None:
                yield Block(KINDS.get(kind, BlockKind.PARAGRAPH), line)


def _texts(element: _Element) -> Iterator[str]:
    return (str(part) for part in element.itertext())
