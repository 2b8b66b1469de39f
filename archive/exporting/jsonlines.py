"""JSON Lines: every field of every article as it is stored, an object a line (jsonlines.org)."""

import json
from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime
from typing import Any, BinaryIO

from archive.exporting.seam import NOTHING, About
from archive.record import ExportedArticle, ExportedRevision
from archive.store.selections import Order
from archive.when import stamp

_ARTICLE = tuple(field.name for field in fields(ExportedArticle) if field.name not in ("addresses", "history"))
_REVISION = tuple(field.name for field in fields(ExportedRevision))


class JsonLines:
    """Articles as JSON lines; with their histories where those are wanted."""

    suffix = ".jsonl"
    is_text = True
    order = Order.STORED
    counts = NOTHING

    def __init__(self, *, history: bool = False) -> None:
        """`history` adds the field of that name."""
        self._history = history

    def write(self, articles: Iterator[ExportedArticle], out: BinaryIO, _about: About) -> None:
        """A line an article."""
        for article in articles:
            row = as_row(article)
            if self._history:
                row["history"] = [
                    {name: _plain(getattr(state, name)) for name in _REVISION} for state in article.history
                ]
            out.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")


def as_row(article: ExportedArticle) -> dict[str, Any]:
    """An article with JSON's types, without its history. Raises: nothing."""
    row = {name: _plain(getattr(article, name)) for name in _ARTICLE}
    return row | {"addresses": [{"kind": kind, "url": url} for kind, url in article.addresses]}


def _plain(value: object) -> object:
    return stamp(value) if isinstance(value, datetime) else value
