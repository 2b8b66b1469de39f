"""The body: the article's text as blocks in reading order, from trafilatura's structured output."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml.etree import _Element
from lxml.html import HtmlElement
from trafilatura import bare_extraction

from archive import text
from archive.models import BlockKind

_HEADINGS = {"h1": BlockKind.HEADING2, "h2": BlockKind.HEADING2}
_BREAKS = re.compile(r"\n\s*\n\s*")


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph of a body: its kind, and its text on one line (code and tables keep their line breaks)."""

    kind: BlockKind
    text: str


def blocks(root: HtmlElement, url: str) -> list[Block]:
    """The blocks of a page's article; empty where no text was found."""
    document = bare_extraction(root, url=url, fast=True, include_comments=False)
    body = getattr(document, "body", None)
    return list(_converted(body)) if body is not None else []


def _converted(body: _Element) -> Iterator[Block]:
    """The blocks of trafilatura's body element."""
    for element in body:
        match element.tag:
            case "head":
                yield from _flowing(element, _HEADINGS.get(element.get("rend", "h3"), BlockKind.HEADING3))
            case "list":
                for item in element.iter("item"):
                    yield from _flowing(item, BlockKind.ITEM)
            case "quote":
                yield from _flowing(element, BlockKind.QUOTE)
            case "code":
                yield Block(BlockKind.CODE, "".join(map(str, element.itertext())).strip("\n"))
            case "table":
                rows = (" | ".join(_cells(row)) for row in element.iter("row"))
                if table := "\n".join(row for row in rows if row.strip(" |")):
                    yield Block(BlockKind.TABLE, table)
            case "graphic":
                continue
            case _:
                yield from _flowing(element, BlockKind.PARAGRAPH)


def _cells(row: _Element) -> Iterator[str]:
    """The texts of a table row's cells."""
    for cell in row.iter("cell"):
        yield text.line(" ".join(map(str, cell.itertext()))) or ""


def _flowing(element: _Element, kind: BlockKind) -> Iterator[Block]:
    """The blocks of an element of running text: more than one where two line breaks follow each other in it."""
    flow = "".join(_flow(element))
    for part in _BREAKS.split(flow):
        if (line := text.line(part)) is not None:
            yield Block(kind, line)


def _flow(element: _Element) -> Iterator[str]:
    """An element's text, line breaks and inner paragraphs as newlines."""
    yield (element.text or "").replace("\n", " ")
    for child in element:
        if child.tag == "lb":
            yield "\n"
        elif child.tag in ("p", "list", "item", "quote"):
            yield "\n\n"
            yield from _flow(child)
            yield "\n\n"
        else:
            yield from _flow(child)
        yield (child.tail or "").replace("\n", " ")
