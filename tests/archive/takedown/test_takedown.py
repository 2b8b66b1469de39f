"""After a takedown no word of the article is left in any file of the archive, and nothing brings it back."""

import gzip
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from warcio.checker import Checker

from archive import erasing
from archive.cli import cli
from archive.errors import CaptureError
from archive.ingest import Outcome
from archive.integrity import Finding
from archive.models import Reason
from archive.store import soundness
from archive.takedown import running
from archive.warc.erasing import erased
from archive.warc.reading import members
from tests.archive.integrity.shelves import STORIES, Shelf
from tests.archive.stories import NOON

STORY = (
    "Quibbleforth the magistrate was seen in the Zanzabel tavern, Mirrowick the innkeeper says.\n\n"
    "He had ordered seven plates of smoked haddock, and paid for none of them, the kitchen remembers very well.\n\n"
    "Nobody in the harbour wanted to say more about the matter, which the Snurgle family calls a private one."
)
TITLE = "Quibbleforth accused by innkeeper Mirrowick"
WORDS = ("quibbleforth", "zanzabel", "mirrowick", "snurgle", "haddock")
PAGE = {"2026/secret": (TITLE, STORY)}


def left(shelf: Shelf) -> set[tuple[str, str]]:
    """The words that stand in any file, as they are or in records, with the file; and those that the index has."""
    found = set()
    for path in shelf.path.parent.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            if path.suffix == ".gz":
                data += b"".join(_texts(path))
            found |= {(word, path.name) for word in WORDS if word.encode() in data.lower()}
    with closing(sqlite3.connect(shelf.path)) as plain:
        plain.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab (main, articles_fts, row)")
        found |= {(word, "index") for (word,) in plain.execute("SELECT term FROM words") if word in WORDS}
    return found


def _texts(path: Path) -> Iterator[bytes]:
    for member in members(path):
        yield member.data


def run(shelf: Shelf, *arguments: str, code: int = 0) -> Result:
    result = CliRunner().invoke(cli, ["--db", str(shelf.path), *arguments], catch_exceptions=True)
    if code == 0:
        assert result.exit_code == 0, (result.output, result.exception)
    else:
        assert result.exit_code != 0 or result.exception
    return result


def take_down(shelf: Shelf, word: str = "1", *more: str) -> Result:
    return run(shelf, "takedown", word, "--reason", "court order 7/26", "--by", "desk", "--yes", *more)


def check_with_warcio(shelf: Shelf) -> None:
    class Command:
        verbose = False
        inputs = (str(path) for path in shelf.directory.iterdir())

    checker = Checker(Command())
    checker.process_all()
    assert checker.exit_value == 0


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """The secret with two revisions, a copy elsewhere, and others before and after it; in two sealed crawls."""
    made = Shelf(tmp_path / "news.db")
    made.crawl({**PAGE, **STORIES})
    later = (TITLE + ", again", STORY + "\n\nMirrowick has withdrawn what she had said of him.")
    made.crawl({"2026/secret": later})
    made.crawl({"2026/copy": later, "2026/new": ("New quay", "A quay of stone is built.")})
    assert {word for word, _ in left(made)} == set(WORDS)
    return made


def test_no_word_of_it_is_left_anywhere(shelf: Shelf) -> None:
    names = {path.name: path.stat().st_size for path in shelf.directory.iterdir()}
    before = [(member.offset, member.length) for member in members(shelf.warc)]
    take_down(shelf)
    assert left(shelf) == set()
    assert shelf.verify() == []
    check_with_warcio(shelf)
    assert {path.name for path in shelf.directory.iterdir()} == set(names)
    assert [(member.offset, member.length) for member in members(shelf.warc)][: len(before)] == before
    kinds = [member.data.split(b"\r\n")[1] for member in members(shelf.warc)]
    assert kinds.count(b"WARC-Type: metadata") == 3
    assert b"court order 7/26" in b"".join(_texts(shelf.warc))


def test_what_earlier_rewrites_left_in_free_space_goes_too(shelf: Shelf) -> None:
    with closing(sqlite3.connect(shelf.path)) as plain:
        # many a SQLite is built to overwrite what it deletes, and would hide what this is about
        plain.execute("PRAGMA secure_delete = OFF")
        plain.execute("CREATE TABLE scratch (text TEXT)")
        plain.executemany("INSERT INTO scratch VALUES (?)", [(STORY,)] * 100)
        plain.execute("DROP TABLE scratch")
        plain.commit()
    take_down(shelf)
    assert left(shelf) == set()


def test_a_tombstone_tells_of_it(shelf: Shelf) -> None:
    take_down(shelf)
    with closing(sqlite3.connect(shelf.path)) as plain:
        row = plain.execute("SELECT article_id, reason, taken_by, addresses, finished_at FROM tombstones").fetchone()
        assert row[:3] == (1, "court order 7/26", "desk")
        assert "https://courier.example/2026/secret" in row[3]
        assert "https://courier.example/2026/copy" in row[3]
        assert row[4]
        states = plain.execute("SELECT state, reason, title FROM urls WHERE url LIKE '%secret'").fetchall()
        assert states == [("refused", "taken down", None)]
    for word in ("1", "https://courier.example/2026/secret"):
        shown = run(shelf, "show", word, code=1)
        assert "was taken down on" in str(shown.exception)
        assert "court order 7/26" in str(shown.exception)


def test_other_articles_stay_what_they_were(shelf: Shelf) -> None:
    with closing(sqlite3.connect(shelf.path)) as plain:
        sql = "SELECT id, title, text FROM articles_full WHERE id > 1 ORDER BY id"
        before = plain.execute(sql).fetchall()
        take_down(shelf)
        assert plain.execute(sql).fetchall() == before
        assert plain.execute("SELECT rowid FROM articles_fts('divers')").fetchall() == [(2,)]


def test_its_number_is_given_to_no_other(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "news.db")
    shelf.crawl(PAGE)
    take_down(shelf)
    (new,) = shelf.crawl({"2026/new": ("New quay", "A quay of stone is built.")})
    assert new.article_id == 2


CHANGED = STORY.replace("seven plates", "eight plates").replace("very well", "rather well")


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("2026/secret", (TITLE, STORY)),
        ("2026/secret", ("Quite another", "A text that has nothing in common with what was there.")),
        ("2026/elsewhere", (TITLE, STORY)),
        ("2026/elsewhere", ("Another headline", STORY.replace("“", '"').upper())),
        ("2026/elsewhere", ("Another headline", CHANGED)),
    ],
)
def test_it_does_not_come_back(shelf: Shelf, path: str, page: tuple[str, str]) -> None:
    take_down(shelf)
    (result,) = shelf.crawl({path: page}, erases=True)
    assert (result.outcome, result.reason) == (Outcome.REJECTED, Reason.TAKEN_DOWN)
    assert left(shelf) == set()
    assert shelf.verify() == []
    check_with_warcio(shelf)


def test_what_only_resembles_it_is_stored(shelf: Shelf) -> None:
    take_down(shelf)
    body = "The magistrate was seen in a tavern, and had ordered seven plates of fish. " * 3 + STORIES["2026/budget"][1]
    (result,) = shelf.crawl({"2026/other": ("A magistrate goes out", body)})
    assert result.outcome is Outcome.NEW


@pytest.mark.parametrize("step", ["erase", "_seal", "wipe", "forget_traces", "overwrite"])
def test_an_interrupted_takedown_is_told_and_finished(shelf: Shelf, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    def die(*_: object) -> None:
        raise CaptureError("the power went off")

    place = {"erase": running, "_seal": running, "overwrite": erasing}.get(step, soundness)
    with monkeypatch.context() as broken:
        broken.setattr(place, step, die)
        run(shelf, "takedown", "1", "--reason", "x", "--yes", code=1)
    told: list[Finding] = shelf.verify()
    assert any(finding.todo == "finish it: newsarchive takedown 1" for finding in told)
    run(shelf, "takedown", "1")
    assert left(shelf) == set()
    assert shelf.verify() == []
    assert "was taken down on" in str(run(shelf, "takedown", "1", "--reason", "x", code=1).exception)


def test_what_quotes_it_is_told_and_erased_when_asked_for(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "news.db")
    teaser = "Today in the harbour: " + STORY.split("\n\n", maxsplit=1)[0] + " Read more in the paper."
    shelf.crawl({**PAGE, "2026/home": ("What the day brings to the coast", teaser + STORIES["2026/budget"][1])})
    told = run(shelf, "takedown", "1", "--reason", "x", "--yes").output
    assert "1 further responses quote it and stay; --also-captures erases them too" in told
    assert "text in https://courier.example/2026/home" in told
    assert "article 2)" in told
    assert {name for _, name in left(shelf)} == {"news.db", "index", shelf.warc.name}
    assert shelf.verify() == []


def test_also_captures_erases_what_quotes_it(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "news.db")
    shelf.crawl({**PAGE, "2026/list": ("Links", "None")})
    shelf.edit("DELETE FROM articles WHERE id = 2", "DELETE FROM unsealed")
    teaser = f"<html><a href='/2026/secret'>{TITLE}</a></html>".encode()
    shelf.capture("2026/home", teaser)
    take_down(shelf, "1", "--also-captures")
    assert left(shelf) == set()
    check_with_warcio(shelf)


def test_without_a_reason_or_an_article_nothing_happens(shelf: Shelf) -> None:
    assert "--reason" in str(run(shelf, "takedown", "1", "--yes", code=1).exception)
    assert "no article" in str(run(shelf, "takedown", "https://x.example/", "--reason", "x", code=1).exception)
    CliRunner().invoke(cli, ["--db", str(shelf.path), "takedown", "1", "--reason", "x"], input="n\n")
    assert left(shelf)
    assert shelf.verify() == []


@pytest.mark.parametrize("gap", [0, 1, 2, 300, 70_000])
def test_a_member_of_any_length_is_a_gzip_member(gap: int) -> None:
    wish = {"record_id": "urn:uuid:1", "url": "https://courier.example/a", "at": NOON, "about": {"reason": "x" * 9}}
    # every record has an id of its own, which is compressed to a byte more or less
    shortest = next(length for length in range(100, 1000) if _within(length, wish))
    member = next(filter(None, (_within(shortest + gap, wish) for _ in range(1_000))))
    assert len(member) == shortest + gap
    assert gzip.decompress(member) == zlib.decompress(member, 31)
    assert zlib.decompress(member, 31).startswith(b"WARC/1.1\r\nWARC-Type: metadata")


def _within(length: int, wish: dict[str, object]) -> bytes | None:
    try:
        return erased(length, **wish)  # type: ignore[arg-type]
    except CaptureError:
        return None
