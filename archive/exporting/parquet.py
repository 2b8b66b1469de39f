"""Parquet for analysis: typed columns, lists as lists, times in UTC, Zstandard; needs the extra `parquet`."""

from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO

import pyarrow as pa
from pyarrow.parquet import ParquetWriter

from archive.exporting.seam import NOTHING, About
from archive.record import ExportedArticle, ExportedRevision
from archive.store.selections import Order

ROWS = 1_000
"""Articles of a row group, some 4 MB of text: what is in memory while it is written."""

_TEXTS = pa.list_(pa.string())
# the finest unit of ours is the second, the coarsest of Parquet's the millisecond
_TIME = pa.timestamp("ms", tz="UTC")

REVISION = pa.struct(
    [
        ("number", pa.int32()),
        ("seen_at", _TIME),
        ("title", pa.string()),
        ("subtitle", pa.string()),
        ("authors", _TEXTS),
        ("published_at", _TIME),
        ("modified_at", _TIME),
        ("text", pa.string()),
        ("blocks", _TEXTS),
        ("content_hash", pa.string()),
        ("change", pa.string()),
        ("silent", pa.bool_()),
        ("extractor", pa.string()),
        ("capture_id", pa.int64()),
    ]
)
ARTICLE = pa.schema(
    [
        ("id", pa.int64()),
        ("url", pa.string()),
        ("source", pa.string()),
        ("source_title", pa.string()),
        ("source_url", pa.string()),
        ("title", pa.string()),
        ("first_title", pa.string()),
        ("subtitle", pa.string()),
        ("authors", _TEXTS),
        ("published_at", _TIME),
        ("published_precision", pa.string()),
        ("published_offset", pa.string()),
        ("modified_at", _TIME),
        ("section", pa.string()),
        ("tags", _TEXTS),
        ("language", pa.string()),
        ("description", pa.string()),
        ("image_url", pa.string()),
        ("site_name", pa.string()),
        ("agency", pa.string()),
        ("is_free", pa.bool_()),
        ("word_count", pa.int32()),
        ("text", pa.string()),
        ("blocks", _TEXTS),
        ("content_hash", pa.string()),
        ("revisions", pa.int32()),
        ("story", pa.int64()),
        ("rewritten", pa.float64()),
        ("first_seen_at", _TIME),
        ("last_seen_at", _TIME),
        ("gone_at", _TIME),
        ("gone_status", pa.int16()),
        ("addresses", pa.list_(pa.struct([("kind", pa.string()), ("url", pa.string())]))),
        ("extractor", pa.string()),
        ("seen_at", _TIME),
        ("captured_at", _TIME),
        ("warc_record_id", pa.string()),
        ("payload_sha256", pa.string()),
        ("history", pa.list_(REVISION)),
    ]
)
"""The columns; `history` only where it is wished."""


class Parquet:
    """Articles as rows; with their histories where those are wanted."""

    suffix = ".parquet"
    is_text = False
    order = Order.STORED
    counts = NOTHING

    def __init__(self, *, history: bool = False) -> None:
        """`history` adds the column of that name."""
        self._history = history

    def write(self, articles: Iterator[ExportedArticle], out: BinaryIO, about: About) -> None:
        """Row groups of `ROWS` articles; the file's own metadata says what it holds, and of which archive."""
        schema = ARTICLE if self._history else ARTICLE.remove(ARTICLE.get_field_index("history"))
        schema = schema.with_metadata({"newsarchive.title": about.title, "newsarchive.dataset": about.dataset})
        with ParquetWriter(out, schema, compression="zstd") as writer:
            while some := list(islice(articles, ROWS)):
                values = [[_value(article, name) for article in some] for name in schema.names]
                columns = [pa.array(column, kind) for column, kind in zip(values, schema.types, strict=True)]
                writer.write_table(pa.Table.from_arrays(columns, schema=schema))


def _value(article: ExportedArticle, name: str) -> object:
    match name:
        case "addresses":
            return [{"kind": kind, "url": url} for kind, url in article.addresses]
        case "history":
            return [_state(state) for state in article.history]
        case _:
            return getattr(article, name)


def _state(state: ExportedRevision) -> dict[str, object]:
    return {field.name: getattr(state, field.name) for field in REVISION}
