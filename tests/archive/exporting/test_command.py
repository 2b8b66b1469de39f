"""The command as a user types it, in this process."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive.cli import cli
from archive.errors import ConfigError
from tests.archive.exporting.papers import Paper


def run(paper: Paper, *arguments: str) -> Result:
    result = CliRunner().invoke(cli, ["--db", str(paper.path), *arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result


def test_text_goes_to_stdout_and_the_account_to_stderr(paper: Paper) -> None:
    result = run(paper, "export", "--format", "jsonl", "--query", "ferries", "--since", "2026-07-01")
    assert {"id", "title"} <= json.loads(result.stdout.splitlines()[0]).keys()
    assert "exported 1 articles of newsarchive-" in result.stderr
    assert "1 articles without a date were left out" not in result.stderr
    undated = run(paper, "export", "--format", "bibtex", "-o", "-", "--since", "2026-07-01")
    assert undated.stdout.startswith("@article{")
    assert "1 articles without a date were left out" in undated.stderr


def test_what_makes_no_sense_is_told(paper: Paper, tmp_path: Path) -> None:
    for arguments, told in (
        (["--format", "parquet"], "needs a file"),
        (["--format", "markdown"], "needs a folder"),
        (["--format", "markdown", "--partition", "day", "-o", str(tmp_path / "x")], "a file an article already"),
        (["--format", "csv", "--revisions"], "no place for revisions"),
    ):
        with pytest.raises(ConfigError, match=told):
            run(paper, "export", *arguments)
    result = CliRunner().invoke(cli, ["--db", str(paper.path), "export", "--format", "csv", "--partition", "colour"])
    assert result.exit_code == 2
    assert "'colour' is none of source, year, month, day, language, section" in result.stderr


def test_show_cites_an_article(paper: Paper) -> None:
    cited = run(paper, "show", "1", "--format", "citation").stdout
    assert cited.startswith("Ann Lee; Bo Øst: Harbour closed until spring. The Courier & Sons, 2026-07-04. https://")
    assert run(paper, "show", "1", "--format", "bibtex").stdout.startswith("@article{courier-1,")
    assert run(paper, "show", "1", "--format", "ris").stdout.startswith("TY  - NEWS")
    assert json.loads(run(paper, "show", "1", "--format", "csl-json").stdout)[0]["type"] == "article-newspaper"
