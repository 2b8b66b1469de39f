import sys
from dataclasses import fields
from pathlib import Path

import duckdb
import pyarrow.dataset
import pyarrow.parquet as pq
import pytest

from archive.errors import ConfigError
from archive.exporting import parquet
from archive.record import ExportedArticle, ExportedRevision
from tests.archive.exporting.papers import HOSTILE, Paper


def test_the_columns_are_the_fields_of_the_record() -> None:
    assert parquet.ARTICLE.names == [field.name for field in fields(ExportedArticle)]
    assert [field.name for field in parquet.REVISION] == [field.name for field in fields(ExportedRevision)]


def test_pyarrow_reads_it(paper: Paper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "ROWS", 7)
    done = paper.export("parquet", tmp_path / "all.parquet")
    file = pq.ParquetFile(tmp_path / "all.parquet")
    assert file.metadata.num_row_groups == -(-done.articles // 7)
    assert file.metadata.row_group(0).column(0).compression == "ZSTD"
    assert file.schema_arrow.metadata[b"newsarchive.dataset"].decode() == done.dataset.id
    rows = file.read().to_pylist()
    assert [row["title"] for row in rows] == paper.values("SELECT title FROM articles ORDER BY id")
    assert [row["text"] for row in rows] == paper.values("SELECT text FROM articles_full ORDER BY id")
    assert set(HOSTILE) <= {row["title"] for row in rows}
    assert rows[0]["published_at"].isoformat() == "2026-07-04T12:00:00+00:00"
    assert rows[0]["authors"] == ["Ann Lee", "Bo Øst"]
    assert rows[0]["addresses"] == [{"kind": "fetched", "url": "https://courier.example/harbour"}]


def test_duckdb_reads_a_folder_with_its_groups_as_columns(paper: Paper, tmp_path: Path) -> None:
    done = paper.export("parquet", tmp_path / "out", partition=["source", "month"])
    with duckdb.connect() as duck:
        sql = """
            SELECT source, month, count(*), min(published_at), any_value(len(tags))
            FROM read_parquet(?, hive_partitioning = true) GROUP BY ALL ORDER BY ALL
            """
        rows = duck.execute(sql, [f"{tmp_path}/out/**/*.parquet"]).fetchall()
    assert sum(row[2] for row in rows) == done.articles
    assert {row[0] for row in rows} == {"courier", "herald"}
    assert ("herald", "2026-03") in {(row[0], str(row[1])[:7]) for row in rows}
    arrow = pyarrow.dataset.dataset(tmp_path / "out", partitioning="hive", exclude_invalid_files=True)
    table = arrow.to_table(columns=["source", "month", "title"])
    assert table.num_rows == done.articles
    assert set(table["source"].to_pylist()) == {"courier", "herald"}


def test_histories(paper: Paper, tmp_path: Path) -> None:
    paper.export("parquet", tmp_path / "all.parquet", history=True, source="courier")
    rows = pq.read_table(tmp_path / "all.parquet").to_pylist()
    assert [state["change"] for state in rows[0]["history"]] == [None, "headline"]


def test_without_pyarrow_it_says_what_to_install(paper: Paper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "archive.exporting.parquet")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ConfigError, match=r"pip install 'newsarchive\[parquet\]'"):
        paper.export("parquet", tmp_path / "x.parquet")


def test_nothing_found_is_a_file_with_its_columns(paper: Paper, tmp_path: Path) -> None:
    paper.export("parquet", tmp_path / "none.parquet", language="xx")
    table = pq.read_table(tmp_path / "none.parquet")
    assert (table.num_rows, table.schema.field("published_at").type) == (0, parquet.ARTICLE.field("published_at").type)
