import json
from dataclasses import fields
from pathlib import Path

from archive.record import ExportedArticle
from tests.archive.exporting.papers import HOSTILE, Paper


def rows(paper: Paper, tmp_path: Path, **wish: object) -> list[dict[str, object]]:
    return [json.loads(line) for line in paper.bytes("jsonl", tmp_path, **wish).split(b"\n")[:-1]]


def test_every_article_with_every_field(paper: Paper, tmp_path: Path) -> None:
    found = rows(paper, tmp_path)
    assert [row["id"] for row in found] == paper.values("SELECT id FROM articles ORDER BY id")
    assert set(found[0]) == {field.name for field in fields(ExportedArticle)} - {"history"}


def test_what_is_stored_is_given_to_the_letter(paper: Paper, tmp_path: Path) -> None:
    found = rows(paper, tmp_path)
    assert [row["title"] for row in found] == paper.values("SELECT title FROM articles ORDER BY id")
    assert [row["text"] for row in found] == paper.values("SELECT text FROM articles_full ORDER BY id")
    assert set(HOSTILE) <= {row["title"] for row in found}
    first = found[0]
    assert first["title"] == "Harbour closed until spring"
    assert first["first_title"] == "Harbour closed"
    assert first["authors"] == ["Ann Lee", "Bo Øst"]
    assert first["published_at"] == "2026-07-04T12:00:00Z"
    assert first["is_free"] is True
    assert first["source_title"] == "The Courier & Sons"
    assert first["addresses"] == [{"kind": "fetched", "url": "https://courier.example/harbour"}]
    assert found[1]["gone_status"] == 404


def test_histories_only_where_they_are_wished(paper: Paper, tmp_path: Path) -> None:
    first, second = rows(paper, tmp_path, history=True)[:2]
    assert [(s["number"], s["title"], s["change"]) for s in first["history"]] == [  # type: ignore[attr-defined]
        (1, "Harbour closed", None),
        (2, "Harbour closed until spring", "headline"),
    ]
    assert len(second["history"]) == 1  # type: ignore[arg-type]
