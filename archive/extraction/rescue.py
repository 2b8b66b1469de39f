"""Where a page does not show its article's text: what it carries for others to show, else what trafilatura finds."""

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.settings import Document

from archive import text
from archive.extraction import scripts, units
from archive.extraction.body import KINDS, Block, blocks, find
from archive.extraction.furniture import without_furniture
from archive.extraction.scripts import length
from archive.extraction.structured import Item, plain
from archive.models import BlockKind

_BRIEF = 80
"""Characters of the shortest text that structured data carries; a page may show nothing of a report in two lines."""
_SHORT = 400
"""Characters below which a declared article is looked for a second time, and of the shortest that is found so."""
_PART = 0.7
"""Share of the words that the page tells of, below which a text is a part: of 22 pages of our corpus that tell it, the
21 that count words have at least 0.86 of them."""
_FULLER = 1.2
"""How much longer another text must be than such a part, and how many times the words it may have that are told of."""
_ALL = (0.8, 1.25)
"""How close the characters of a text are to a number that counts them."""
_DIGITS = 9
_LONGER = 2.0
"""How much longer another text must be to be taken for the whole of which the page shows a part. Texts that pages carry
in structured data are up to 1.5 times as long for captions and related links that stand in them."""
_MAX_ELEMENTS = 10_000
"""Elements of the largest page that trafilatura is given: its time grows with their square (20,000 boxes of three took
it 30 s), and the largest page of our corpus has 4,100."""

_BREAK = re.compile(r"</(?:p|div|h\d|li|blockquote)>|<br\s*/?>\s*<br\s*/?>|\n", re.IGNORECASE)


def rescued(
    shown: Sequence[Block], root: HtmlElement, url: str, articles: Sequence[Item], *, declared: bool
) -> list[Block]:
    """The blocks to believe: those that the page shows, unless another source has the whole they are a part of."""
    told = _told(articles)
    is_part = _is_part(shown, told)
    longer = _FULLER if is_part else _LONGER
    searched = is_part or (declared and length(shown) < _SHORT)
    for least, candidate in _others(root, url, articles, longer * length(shown), searched=searched):
        fits = not is_part or _words(candidate) <= _FULLER * told
        if length(candidate) >= least and fits:
            return candidate
    return list(shown)


def missing(kept: Sequence[Block], articles: Sequence[Item]) -> str | None:
    """What the page says of its article's length if the text is much shorter: it was cut off, or is behind a wall."""
    told = _told(articles)
    if _is_part(kept, told):
        return f"{_words(kept):,} words, and the page tells of {told:,}"
    return None


def _others(
    root: HtmlElement, url: str, articles: Sequence[Item], longer: float, *, searched: bool
) -> Iterator[tuple[float, list[Block]]]:
    """What other sources have and how long it must be, the quickest first; the slow ones only in a search."""
    least = max(_BRIEF, longer)
    yield least, list(_carried(articles, least))
    if searched:
        least = max(_SHORT, longer)
        yield least, _hidden(root)
        yield least, scripts.carried(root)
        yield least, list(_found(root, url))


def _told(articles: Sequence[Item]) -> int:
    """How many words the page's article has by schema.org/wordCount; 0 where it does not say."""
    said = str(articles[0].properties.get("wordCount")) if articles else ""
    return int(said) if said.isdecimal() and len(said) < _DIGITS else 0


def _is_part(kept: Sequence[Block], told: int) -> bool:
    """Whether a text has far fewer words than is told; some tell the characters of all of it."""
    if not told or _ALL[0] * told < length(kept) < _ALL[1] * told:
        return False
    return _words(kept) < _PART * told


def _words(parts: Iterable[Block]) -> int:
    return sum(text.word_count(block.text) for block in parts)


def _carried(articles: Sequence[Item], wanted: float) -> Iterator[Block]:
    """The paragraphs of schema.org/articleBody of the page's article, which may be HTML; none if it is too short."""
    body = articles[0].properties.get("articleBody") if articles else None
    for part in _BREAK.split(html.unescape(body)) if isinstance(body, str) and len(body) >= wanted else ():
        if (line := plain(part)) is not None:
            yield Block(BlockKind.PARAGRAPH, line)


def _hidden(root: HtmlElement) -> list[Block]:
    """The article among what the markup hides too, until the reader asks for it or has logged in."""
    pieces = units.cut(root, hidden=True)
    return blocks(without_furniture(find(pieces, (), ()).units, pieces.pictured, ()))


def _found(root: HtmlElement, url: str) -> Iterator[Block]:
    """The paragraphs that trafilatura finds, none in a huge page; it works on a copy of the tree."""
    if sum(1 for _ in islice(root.iter(), _MAX_ELEMENTS + 1)) > _MAX_ELEMENTS:
        return
    document = bare_extraction(root, url=url, include_comments=False)
    if not isinstance(document, Document):
        return
    kinds = {"list": "li", "quote": "blockquote", "code": "pre"}
    for element in document.body:
        kind = str(element.get("rend", "h3")) if element.tag == "head" else kinds.get(str(element.tag), "p")
        for part in element.iter("item") if element.tag == "list" else (element,):
            if (line := text.line(" ".join(map(str, part.itertext())))) is not None:
                yield Block(KINDS.get(kind, BlockKind.PARAGRAPH), line)
