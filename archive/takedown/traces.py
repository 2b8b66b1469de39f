"""What a page or a feed has of an article: its title, or a run of its words. Pure."""

import re
from collections.abc import Iterable
from html import unescape

from archive import text
from archive.extraction.page import decoded

RUN = 8
"""Words in a row that two who write about the same thing do not both write, and a teaser does repeat."""

TITLE_MIN = 3
"""Words of a title that says more than "Letters to the editor" does; a shorter one is looked for as part of no text."""

_TAG = re.compile(r"<[^<>]{0,2000}>")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")


class Traces:
    """What tells an article: the runs of its texts' words, and its titles."""

    def __init__(self, titles: Iterable[str], texts: Iterable[str]) -> None:
        self._titles = [words for title in titles if len(words := text.words(title)) >= TITLE_MIN]
        self._runs = frozenset(
            run for body in texts for part in text.paragraphs(body) for run in _runs(text.words(part))
        )

    def in_body(self, body: bytes, content_type: str | None) -> str | None:
        """`text` or `title`, if a response's body (without its content coding) has that of the article.

        Raises: nothing.
        """
        markup = _ESCAPE.sub(_character, unescape(unescape(decoded(body, content_type))))
        plain = text.words(_TAG.sub(" ", markup))
        if any(run in self._runs for words in (plain, text.words(markup)) for run in _runs(words)):
            return "text"
        said = f" {' '.join(text.words(markup))} "
        return "title" if any(f" {' '.join(title)} " in said for title in self._titles) else None


def _runs(words: list[str]) -> Iterable[tuple[str, ...]]:
    """All runs of `RUN` words; of fewer words none, for they may stand anywhere."""
    return (tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1))


def _character(escape: re.Match[str]) -> str:
    char = chr(int(escape[1], 16))
    return char if char.isprintable() else " "
