import json
from pathlib import Path

import rispy
from bibtexparser.entrypoint import parse_string

from tests.archive.exporting.papers import Paper


def test_bibtex_of_everything(paper: Paper, tmp_path: Path) -> None:
    said = paper.bytes("bibtex", tmp_path).decode()
    library = parse_string(said)
    assert library.failed_blocks == []
    assert len(library.entries) == len(paper.values("SELECT id FROM articles"))
    assert not any(char in said for char in "\x00\x1b\u202e")
    entries = {entry.key: {key: field.value for key, field in entry.fields_dict.items()} for entry in library.entries}
    blocks = entries["courier-2"]
    assert blocks["author"] == "von der Lemme, Ursula and {dpa} and Márquez, Jr., Gabriel"
    assert blocks["date"] == "2026-07-01", "00:30 at +02:00"
    assert blocks["journal"] == "Courier Online"
    assert entries["courier-1"]["journal"] == r"The Courier \& Sons"
    harmful = next(entry for entry in entries.values() if "input" in entry["title"])
    assert "\\input" not in harmful["title"]


def test_ris_of_everything(paper: Paper, tmp_path: Path) -> None:
    path = tmp_path / "all.ris"
    paper.export("ris", path)
    found = rispy.loads(path.read_bytes().decode())
    assert [entry["id"].split("-")[1] for entry in found] == [
        str(number) for number in paper.values("SELECT id FROM articles ORDER BY id")
    ]
    assert {entry["type_of_reference"] for entry in found} == {"NEWS", "ELEC"}


def test_csl_json_of_everything_and_of_nothing(paper: Paper, tmp_path: Path) -> None:
    items = json.loads(paper.bytes("csl-json", tmp_path))
    assert [item["id"].split("-")[1] for item in items] == [
        str(number) for number in paper.values("SELECT id FROM articles ORDER BY id")
    ]
    assert items[1]["author"][2] == {"family": "Márquez", "given": "Gabriel", "suffix": "Jr."}
    assert json.loads(paper.bytes("csl-json", tmp_path, language="xx")) == []
