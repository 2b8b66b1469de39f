"""Where exports go: whole files, folders that are gone on with, and what is told when they cannot be written."""

import gzip
import hashlib
import json
import subprocess
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from archive.dataset import dataset
from archive.errors import ConfigError, ExportError
from archive.exporting.folder import folder
from archive.exporting.target import whole_file
from archive.store import open_archive, selections, snapshot, transaction
from tests.archive.exporting.papers import Paper, fill
from tests.archive.stories import NOON


def manifest(path: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads(path.read_bytes())
    return found


def sums(path: Path) -> dict[str, str]:
    pairs = (line.split("  ") for line in (path / "SHA256SUMS").read_text().splitlines())
    return {name: digest for digest, name in pairs}


def test_a_manifest_says_what_a_file_is(paper: Paper, tmp_path: Path) -> None:
    done = paper.export("jsonl", tmp_path / "x.jsonl", query="harbour", since="2026-07-01")
    told = manifest(tmp_path / "x.jsonl.manifest.json")
    content = (tmp_path / "x.jsonl").read_bytes()
    assert told["complete"] is True
    assert told["files"] == [{"path": "x.jsonl", "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}]
    assert told["export"]["query"] == "harbour"  # type: ignore[index]
    assert told["understood"]["since"] == "2026-07-01T00:00:00Z"  # type: ignore[index]
    assert told["counts"]["articles"] == done.articles == len(content.splitlines())  # type: ignore[index]
    assert told["dataset"]["id"] == done.dataset.id  # type: ignore[index]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.jsonl", "x.jsonl.manifest.json"]


def test_a_name_that_ends_with_gz_is_packed(paper: Paper, tmp_path: Path) -> None:
    paper.export("csv", tmp_path / "x.csv.gz")
    assert gzip.decompress((tmp_path / "x.csv.gz").read_bytes()) == paper.bytes("csv", tmp_path)
    first = (tmp_path / "x.csv.gz").read_bytes()
    paper.export("csv", tmp_path / "x.csv.gz")
    assert (tmp_path / "x.csv.gz").read_bytes() == first


def test_a_file_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("before")

    def fail() -> None:
        with whole_file(path) as file:
            file.write(b"half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_what_cannot_be_written_is_told(paper: Paper, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for wish in ({"form": "jsonl", "out": tmp_path / "file" / "x"}, {"form": "jsonl", "out": tmp_path}):
        with pytest.raises(ExportError, match=str(tmp_path)):
            paper.export(**wish)  # type: ignore[arg-type]
    with pytest.raises(ExportError, match="/dev/full cannot be written: No space left"):
        paper.export("csv", Path("/dev/full"))
    with pytest.raises(ConfigError, match="needs a folder"):
        paper.export("csv", None, partition=["source"])


def test_a_folder_divided_by_source_and_month(paper: Paper, tmp_path: Path) -> None:
    done = paper.export("jsonl", tmp_path / "out", partition=["source", "month"])
    out = tmp_path / "out"
    files = sorted(str(path.relative_to(out)) for path in out.rglob("part.jsonl"))
    assert "source=courier/month=2026-07/part.jsonl" in files
    assert "source=courier/month=__HIVE_DEFAULT_PARTITION__/part.jsonl" in files
    assert sum(len((out / name).read_bytes().splitlines()) for name in files) == done.articles
    checked = subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=out, check=False)  # noqa: S607
    assert checked.returncode == 0
    assert list(sums(out)) == files
    assert manifest(out / "manifest.json")["sums"]["files"] == len(files)  # type: ignore[index]
    again = paper.export("jsonl", out, partition=["source", "month"])
    assert again.tally is not None
    assert (again.tally.written, again.tally.kept) == (0, len(files))


def test_an_interrupted_folder_is_gone_on_with(paper: Paper, tmp_path: Path) -> None:
    out = tmp_path / "out"
    paper.export("csv", out, partition=["month"])
    whole = {name: (out / name).read_bytes() for name in sums(out)}
    first, second, *_ = whole
    # what a kill leaves: a list without its end, a file that is not in it, one that is damaged, one half written
    (out / "SHA256SUMS").rename(out / "SHA256SUMS.part")
    lines = (out / "SHA256SUMS.part").read_text().splitlines(keepends=True)
    (out / "SHA256SUMS.part").write_text("".join(lines[:-1]) + lines[-1][:30])
    (out / first).write_bytes(b"damaged")
    (out / second).unlink()
    (out / second).with_name(".part.csv.part").write_bytes(b"half")
    done = paper.export("csv", out, partition=["month"])
    assert done.tally is not None
    assert (done.tally.written, done.tally.kept) == (3, len(whole) - 3)
    assert {name: (out / name).read_bytes() for name in sums(out)} == whole
    assert {str(path.relative_to(out)) for path in out.rglob("*") if path.is_file()} == {
        *whole,
        "SHA256SUMS",
        "manifest.json",
    }


def test_another_state_is_made_anew(paper: Paper, tmp_path: Path) -> None:
    out = tmp_path / "out"
    paper.export("csv", out, partition=["month"], since="200d")
    # what the archive has did not change, but what 200 days ago means did
    later = paper.export("csv", out, partition=["month"], since="200d", now=NOON + timedelta(days=300))
    assert later.tally is not None
    assert (later.tally.kept, later.articles) == (0, 0)
    assert later.tally.removed > 1
    assert not list(out.rglob("*.csv"))


def test_a_folder_is_of_one_export(paper: Paper, tmp_path: Path) -> None:
    out = tmp_path / "out"
    paper.export("csv", out, partition=["month"])
    with pytest.raises(ExportError, match="another export"):
        paper.export("csv", out, partition=["source"])
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "diary.txt").write_text("mine")
    with pytest.raises(ExportError, match="other things"):
        paper.export("csv", tmp_path / "full", partition=["month"])


def test_a_crawl_that_writes_meanwhile_does_not_tear_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selections, "BATCH", 3)
    path = tmp_path / "news.db"
    with closing(open_archive(path)) as writer:
        fill(writer)
        with closing(open_archive(path, readonly=True)) as reader, snapshot(reader):
            before, numbers = dataset(reader).id, selections.ids(reader)
            articles = selections.articles(reader, numbers)
            next(articles)
            with transaction(writer):
                writer.execute("UPDATE revisions SET title = 'edited', text = 'edited'")
                writer.execute("UPDATE articles SET title = 'edited'")
            assert "edited" not in {article.title for article in articles}
            assert (dataset(reader).id, list(selections.ids(reader))) == (before, list(numbers))
        with closing(open_archive(path, readonly=True)) as reader:
            assert {article.title for article in selections.articles(reader, numbers)} == {"edited"}


def test_two_at_once_do_not_mix(tmp_path: Path) -> None:
    with folder(tmp_path / "out", {"a": 1}, {"b": 2}, by_name=True) as one:
        one.put_small("x", b"x")
        with (
            pytest.raises(ExportError, match="another process"),
            folder(tmp_path / "out", {"a": 1}, {"b": 2}, by_name=True),
        ):
            pass


def test_what_an_earlier_run_has_left_is_taken_away_unless_somebody_changed_it(tmp_path: Path) -> None:
    def run(files: dict[str, bytes]) -> tuple[int, int]:
        with folder(tmp_path, {"a": 1}, {"b": 2}, by_name=False) as target:
            for name, content in files.items():
                target.put_small(name, content)
            target.finish()
            return target.tally.removed, target.tally.left

    (tmp_path / "sub").mkdir()
    (tmp_path / "sub").rmdir()
    assert run({"sub/a": b"a", "b": b"b", "c": b"c"}) == (0, 0)
    (tmp_path / "c").write_bytes(b"a note of mine")
    outside = tmp_path.parent / f"{tmp_path.name}-outside"
    outside.write_bytes(b"x")
    with (tmp_path / "SHA256SUMS").open("a") as lines:
        lines.write(f"{hashlib.sha256(b'x').hexdigest()}  ../{outside.name}\n")
        lines.write(f"{hashlib.sha256(b'x').hexdigest()}  {outside}\n")
    assert run({"b": b"new"}) == (1, 1)
    assert not (tmp_path / "sub" / "a").exists()
    assert (tmp_path / "c").read_bytes() == b"a note of mine"
    assert outside.exists()
    assert sums(tmp_path) == {"b": hashlib.sha256(b"new").hexdigest()}
