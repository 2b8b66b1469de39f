import csv
import io
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.exporting.sheet import COLUMNS, harmless
from tests.archive.exporting.papers import HOSTILE, Paper

RUN_BY_SPREADSHEETS = tuple("=+-@\t\r\n＝＋－＠")


def rows(paper: Paper, tmp_path: Path, **wish: object) -> list[dict[str, str]]:
    said = paper.bytes("csv", tmp_path, **wish).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(said, newline=""), strict=True))


def test_a_row_an_article(paper: Paper, tmp_path: Path) -> None:
    found = rows(paper, tmp_path)
    assert tuple(found[0]) == COLUMNS
    assert [int(row["id"]) for row in found] == paper.values("SELECT id FROM articles ORDER BY id")
    first = found[0]
    assert first["authors"] == "Ann Lee; Bo Øst"
    assert first["addresses"] == "https://courier.example/harbour"
    assert (first["is_free"], first["gone_at"], first["revisions"]) == ("true", "", "2")
    assert first["text"].count("\n\n") == 3


def test_no_cell_is_a_formula(paper: Paper, tmp_path: Path) -> None:
    found = rows(paper, tmp_path)
    assert [cell for row in found for cell in row.values() if cell.startswith(RUN_BY_SPREADSHEETS)] == []
    titles = [row["title"] for row in found]
    assert f"'{HOSTILE[0]}" in titles
    assert not any("\x00" in cell or "\x1b" in cell or "\u202e" in cell for row in found for cell in row.values())


@given(st.text(alphabet=st.characters(codec=None, categories=None)))
def test_anything_is_made_harmless(anything: str) -> None:
    assert not harmless(anything).startswith(RUN_BY_SPREADSHEETS)
    harmless(anything).encode()


@pytest.mark.parametrize(("bom", "begins"), [(True, b'\xef\xbb\xbf"id"'), (False, b'"id"')])
def test_the_mark_for_excel(paper: Paper, tmp_path: Path, bom: bool, begins: bytes) -> None:
    assert paper.bytes("csv", tmp_path, bom=bom).startswith(begins)


def test_duckdb_reads_it(paper: Paper, tmp_path: Path) -> None:
    paper.export("csv", tmp_path / "all.csv")
    with duckdb.connect() as duck:
        sql = "SELECT count(*), count(DISTINCT url), max(published_at) FROM read_csv(?)"
        (row,) = duck.execute(sql, [str(tmp_path / "all.csv")]).fetchall()
    assert row[0] == row[1] == len(paper.values("SELECT id FROM articles"))
    assert str(row[2]).startswith("2026-07-04 12:00")


def test_nothing_found_is_a_head_alone(paper: Paper, tmp_path: Path) -> None:
    assert rows(paper, tmp_path, query="nowheretobefound") == []
    assert paper.bytes("csv", tmp_path, query="nowheretobefound").startswith(b'\xef\xbb\xbf"id"')
