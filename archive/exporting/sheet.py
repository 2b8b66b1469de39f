"""CSV for spreadsheets: RFC 4180, and no cell that a spreadsheet would take for a formula."""

import csv
import io
from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime
from typing import BinaryIO

from archive import text
from archive.exporting.seam import NOTHING, About
from archive.record import ExportedArticle
from archive.store.selections import Order
from archive.when import stamp

COLUMNS = tuple(field.name for field in fields(ExportedArticle) if field.name != "history")

_FORMULA = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
"""What begins a formula (OWASP, "CSV Injection"); the full-width forms do where an editor makes narrow ones of them."""
_BOM = "\ufeff"


class Sheet:
    """Articles as rows, lists joined by semicolons."""

    suffix = ".csv"
    is_text = True
    order = Order.STORED
    counts = NOTHING

    def __init__(self, *, bom: bool = True) -> None:
        """`bom`: begin with the mark without which Excel takes UTF-8 for the encoding of its country."""
        self._bom = bom

    def write(self, articles: Iterator[ExportedArticle], out: BinaryIO, _about: About) -> None:
        """A head, and a row an article; every cell in quotation marks."""
        line = io.StringIO(_BOM if self._bom else "", newline="")
        line.seek(0, io.SEEK_END)
        writer = csv.writer(line, quoting=csv.QUOTE_ALL)
        writer.writerow(COLUMNS)
        for article in articles:
            writer.writerow([cell(getattr(article, name)) for name in COLUMNS])
            out.write(line.getvalue().encode())
            line.seek(0)
            line.truncate()
        out.write(line.getvalue().encode())


def cell(value: object) -> str:
    """A value as a cell has it: harmless, without control characters. Raises: nothing."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case datetime():
            return stamp(value)
        case tuple():
            return harmless("; ".join(map(_item, value)))
        case _:
            return harmless(str(value))


def _item(value: object) -> str:
    """One of several values: of an address and its kind the address."""
    return str(value[1]) if isinstance(value, tuple) else str(value)


def harmless(value: str) -> str:
    """The text with an apostrophe before what a spreadsheet would run as a formula. Raises: nothing."""
    said = text.clean(value)
    return f"'{said}" if said[:1] in _FORMULA and said else said
