"""The command, and the export of what it has drawn."""

import json
import shutil
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from archive.cli import cli
from archive.errors import ConfigError
from archive.store import open_archive
from tests.archive.exporting.papers import fill


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sampling") / "news.db"
    with closing(open_archive(path)) as db:
        fill(db)
    return path


def run(path: Path, *arguments: str) -> Result:
    result = CliRunner().invoke(cli, ["--db", str(path), *arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result


def rows(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_a_sample_says_what_an_estimate_needs(path: Path, tmp_path: Path) -> None:
    out = tmp_path / "sample.jsonl"
    run(path, "sample", "--by", "source,month", "--n", "12", "--seed", "7", "-o", str(out))
    found = [json.loads(line) for line in out.read_text().splitlines()]
    told = json.loads((tmp_path / "sample.jsonl.manifest.json").read_text())
    assert len(found) == 12
    assert told["sample"] == {"n": 12, "seed": 7, "by": ["source", "month"], "allocation": "proportional"}
    assert sum(stratum["size"] for stratum in told["strata"]) == told["frame"]["articles"]
    assert sum(row["weight"] for row in found) == pytest.approx(
        sum(stratum["size"] for stratum in told["strata"] if stratum["drawn"])
    )
    assert {row["dataset"] for row in found} == {told["dataset"]["id"]}
    assert {stratum["stratum"]["month"] for stratum in told["strata"]} >= {"2026-07", "2026-03", None}


def test_a_copy_on_another_machine_gives_the_same(path: Path, tmp_path: Path) -> None:
    shutil.copy(path, tmp_path / "copy.db")
    wish = ("sample", "--by", "language", "--n", "9", "--seed", "3", "--equal")
    assert run(path, *wish).stdout == run(tmp_path / "copy.db", *wish).stdout
    assert run(path, *wish).stdout != run(path, *wish[:-2], "4", "--equal").stdout


def test_what_was_drawn_is_exported_by_the_list(path: Path, tmp_path: Path) -> None:
    out = tmp_path / "sample.jsonl"
    run(path, "sample", "--n", "5", "--source", "courier", "-o", str(out))
    drawn = {json.loads(line)["id"] for line in out.read_text().splitlines()}
    result = run(path, "export", "--format", "jsonl", "--ids", str(out))
    assert {row["id"] for row in rows(result)} == drawn
    with pytest.raises(ConfigError, match="leave --source out"):
        run(path, "export", "--format", "jsonl", "--ids", str(out), "--source", "courier")


def test_what_could_not_be_drawn_is_told(path: Path) -> None:
    result = run(path, "sample", "--by", "source,day", "--n", "2", "--since", "2026-01-01")
    assert "strata are too small" in result.stderr
    assert "1 articles without a date" in result.stderr
    assert rows(run(path, "sample", "--n", "3", "--language", "xx")) == []
