"""However many articles there are, only a few are in memory: what came is written before more is asked for."""

import io
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from archive.exporting.formats import FORMATS, Choice, make
from archive.exporting.seam import About
from archive.models import ArticleId
from archive.record import ExportedArticle
from archive.store import selections
from tests.archive.exporting.papers import Paper
from tests.archive.stories import NOON

ROWS = 5
"""Of a row group of Parquet, which is written as one."""
REFERENCES = {"bibtex", "ris", "csl-json"}


def stream(article: ExportedArticle, out: io.BytesIO, per_article: int) -> Iterator[ExportedArticle]:
    chance = random.Random(7)  # noqa: S311 - no secret
    for number in range(60):
        assert out.tell() >= per_article * (number - ROWS), "what came before is written"
        # of what is no language, compression takes a half
        yield replace(article, id=ArticleId(number), text=chance.randbytes(2_000).hex())


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "warc"])
def test_a_format_writes_as_articles_come(paper: Paper, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.exporting.parquet.ROWS", ROWS)
    (article,) = selections.articles(paper.db, [1])
    form = make(name, Choice(db=paper.db, warc=Path()))
    out = io.BytesIO()
    form.write(stream(article, out, 200 if name in REFERENCES else 1_500), out, About(title="x", at=NOON, dataset="x"))
    assert out.tell() >= 60 * (200 if name in REFERENCES else 1_500)


def test_of_the_archive_a_batch_is_read(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selections, "BATCH", 3)
    articles = selections.articles(paper.db, selections.ids(paper.db))
    asked: list[str] = []
    paper.db.conn.set_trace_callback(asked.append)
    next(articles)
    paper.db.conn.set_trace_callback(None)
    assert len([sql for sql in asked if "FROM article_urls" in sql and "'[1, 2, 3]'" in sql]) == 1
    assert not any("[4" in sql for sql in asked)
