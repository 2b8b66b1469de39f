"""References for reference managers: BibTeX, RIS and CSL-JSON, an entry an article (`archive.citation`)."""

import json
from collections.abc import Callable, Iterator
from typing import BinaryIO

from archive.citation import Work, bibtex, csl, ris, work
from archive.exporting.seam import NOTHING, About
from archive.record import ExportedArticle
from archive.store.selections import Order


class References:
    """Entries one after another."""

    is_text = True
    order = Order.STORED
    counts = NOTHING

    def __init__(self, suffix: str, entry: Callable[[Work], str], *, between: str = "") -> None:
        """`entry` makes an article's, `between` stands between two of them."""
        self.suffix, self._entry, self._between = suffix, entry, between

    def write(self, articles: Iterator[ExportedArticle], out: BinaryIO, _about: About) -> None:
        """An entry an article."""
        between = ""
        for article in articles:
            out.write(f"{between}{self._entry(work(article))}".encode())
            between = self._between


class CslJson(References):
    """One JSON array of items."""

    def __init__(self) -> None:
        super().__init__(".json", lambda cited: json.dumps(csl(cited), ensure_ascii=False), between=",\n")

    def write(self, articles: Iterator[ExportedArticle], out: BinaryIO, about: About) -> None:
        """The array."""
        out.write(b"[\n")
        super().write(articles, out, about)
        out.write(b"\n]\n")


def bibtex_file() -> References:
    """BibTeX, and BibLaTeX."""
    return References(".bib", bibtex, between="\n")


def ris_file() -> References:
    """RIS."""
    return References(".ris", ris, between="\r\n")
