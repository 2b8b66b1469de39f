"""The article that a page's scripts carry: pages made in the browser (Next.js, Nuxt …) have it nowhere else."""

import json
import re
from collections.abc import Iterable, Iterator

from lxml.html import HtmlElement

from archive import text
from archive.extraction import units
from archive.extraction.body import Block, blocks, find
from archive.extraction.furniture import without_furniture
from archive.extraction.page import tree
from archive.extraction.structured import plain
from archive.models import BlockKind

_SHORT = 400
"""Characters below which a string is no article."""
_PARAGRAPH = 40
"""Characters from which a string in a list is a paragraph, if it ends like one."""
_MAX_SCRIPT = 3_000_000
"""Characters of scripts that are searched."""
_MAX_DEPTH = 4
"""Lists and objects inside of one another in which a paragraph's text stands."""
_PARAGRAPHS = re.compile(r"(?:<|\\u003c)p(?=[\s>\\])", re.IGNORECASE)
_LITERAL = re.compile(r'\\.|"([^"\\]*(?:\\.[^"\\]*)*)"|"', re.DOTALL)
"""A string of JavaScript or JSON; escapes and quotes outside of any are passed, so that one look at each is enough."""


def carried(root: HtmlElement) -> list[Block]:
    """The longest text that a script carries: a string of HTML, a list of paragraphs, or a string of several; or none.

    Raises: nothing.
    """
    best: list[Block] = []
    left = _MAX_SCRIPT
    for script in root.iter("script"):
        source = script.text or ""
        kind = (script.get("type") or "").lower()
        left -= len(source)
        if left < 0:
            break
        found = [_shown_by(markup) for markup in _markup_in(source)]
        if "json" in kind and "ld+json" not in kind:
            found += _listed(source)
        best = max((best, *found), key=length)
    return best


def length(parts: Iterable[Block]) -> int:
    """The characters of a text."""
    return sum(len(block.text) for block in parts)


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


def _listed(source: str) -> Iterator[list[Block]]:
    """The lists of paragraphs, and the strings of several, in a piece of JSON."""
    try:
        waiting = [json.loads(source, strict=False)]
    except (ValueError, RecursionError):
        return
    while waiting:
        value = waiting.pop()
        if isinstance(value, str) and len(value) >= _SHORT and "\n" in value and "</" not in value:
            yield _blocks(value.split("\n"))
        elif isinstance(value, list):
            yield _blocks(map(_longest, value))
            waiting += value
        elif isinstance(value, dict):
            waiting += value.values()


def _longest(value: object, *, depth: int = _MAX_DEPTH) -> str:
    """The longest string in a value."""
    if isinstance(value, str):
        return value
    members = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return max((_longest(member, depth=depth - 1) for member in members), key=len, default="") if depth else ""


def _blocks(said: Iterable[str]) -> list[Block]:
    """Those strings that read like paragraphs."""
    lines = (line for string in said if len(string) >= _PARAGRAPH and (line := plain(string)) is not None)
    return [Block(BlockKind.PARAGRAPH, line) for line in lines if " " in line and text.ends_a_sentence(line)]
