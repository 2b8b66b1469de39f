"""A body's paragraphs in CommonMark and in XHTML; what is in them means itself there, and does nothing."""

import re
from collections.abc import Iterator, Sequence
from html import escape
from itertools import chain, groupby, repeat

from archive import text
from archive.models import BlockKind

MARKDOWN_PREFIX = {
    BlockKind.HEADING2: "## ",
    BlockKind.HEADING3: "### ",
    BlockKind.ITEM: "- ",
    BlockKind.QUOTE: "> ",
}

# Beside what CommonMark knows: formulas, highlights, comments and block names, which Obsidian makes of $, ==, %% and ^.
_MEANS_MORE = re.compile(r"([\\`*_\[\]<>#|~$^]|&(?=#?\w+;)|=(?==)|%(?=%))")
_BEGINS_A_BLOCK = re.compile(r"^(?:([-+=])|(\d+)([.)]))")


def blocks(body: str, kinds: Sequence[BlockKind]) -> Iterator[tuple[BlockKind, str]]:
    """The paragraphs of a body, each with its kind; plain ones where there are more than kinds. Raises: nothing."""
    return zip(chain(kinds, repeat(BlockKind.PARAGRAPH)), text.paragraphs(body), strict=False)


def markdown_text(line: str) -> str:
    """A text whose characters mean themselves in CommonMark, and in Obsidian. Raises: nothing."""
    return _MEANS_MORE.sub(r"\\\1", text.clean(line))


def markdown(body: str, kinds: Sequence[BlockKind]) -> str:
    """CommonMark with tables (GFM). Raises: nothing."""
    return "\n\n".join(_markdown_block(kind, paragraph) for kind, paragraph in blocks(body, kinds))


def _markdown_block(kind: BlockKind, paragraph: str) -> str:
    if kind is BlockKind.TABLE:
        rows = [[markdown_text(cell) for cell in _cells(row)] for row in paragraph.split("\n")]
        width = max(len(row) for row in rows)
        lines = ["| " + " | ".join([*row, *[""] * (width - len(row))]) + " |" for row in rows]
        return "\n".join([lines[0], "|" + " --- |" * width, *lines[1:]])
    if kind is BlockKind.CODE:
        fence = "`" * max(3, 1 + max(map(len, re.findall(r"`+", paragraph)), default=0))
        return f"{fence}\n{text.clean(paragraph)}\n{fence}"
    if kind is BlockKind.CAPTION:
        return f"*{markdown_text(paragraph)}*"
    prefix = MARKDOWN_PREFIX.get(kind, "")
    return "\n".join(prefix + _markdown_line(line) for line in paragraph.split("\n"))


def _markdown_line(line: str) -> str:
    """A line that does not begin a list or code, or underline a heading, by accident."""
    return _BEGINS_A_BLOCK.sub(r"\2\\\1\3", markdown_text(line).lstrip(" \t"))


def xhtml_text(line: str) -> str:
    """A text for XML and HTML, between tags and inside of attributes: escaped, and of characters that XML has.

    Raises: nothing.
    """
    return escape(text.clean(line))


def xhtml(body: str, kinds: Sequence[BlockKind]) -> str:
    """Elements for an HTML page, well-formed XML as well, a line each. Raises: nothing."""
    return "\n".join(_xhtml_elements(body, kinds))


def _xhtml_elements(body: str, kinds: Sequence[BlockKind]) -> Iterator[str]:
    for kind, run in groupby(blocks(body, kinds), key=lambda block: block[0]):
        paragraphs = [xhtml_text(paragraph) for _, paragraph in run]
        match kind:
            case BlockKind.ITEM:
                yield "<ul>" + "".join(f"<li>{paragraph}</li>" for paragraph in paragraphs) + "</ul>"
            case BlockKind.QUOTE:
                yield "<blockquote>" + "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs) + "</blockquote>"
            case BlockKind.CODE:
                yield from (f"<pre>{paragraph}</pre>" for paragraph in paragraphs)
            case BlockKind.TABLE:
                yield from map(_xhtml_table, paragraphs)
            case BlockKind.CAPTION:
                yield from (f"<figure><figcaption>{paragraph}</figcaption></figure>" for paragraph in paragraphs)
            case _:
                yield from (f"<{kind}>{paragraph.replace(chr(10), '<br/>')}</{kind}>" for paragraph in paragraphs)


def _xhtml_table(paragraph: str) -> str:
    rows = ("<tr>" + "".join(f"<td>{cell}</td>" for cell in _cells(row)) + "</tr>" for row in paragraph.split("\n"))
    return "<table>" + "".join(rows) + "</table>"


def _cells(row: str) -> list[str]:
    """The cells of a table's row, also the empty ones, whose bars have no white space left at an end of the text."""
    return [cell.strip() for cell in re.split(r"(?<!\S)\|(?!\S)", row)]
