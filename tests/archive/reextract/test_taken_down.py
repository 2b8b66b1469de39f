"""What was taken down is not brought back by a re-extraction, and neither is what one had replaced in it."""

from pathlib import Path

from click.testing import CliRunner

from archive.cli import cli
from archive.reextract.running import Kind
from archive.store import articles
from tests.archive.reextract import presses
from tests.archive.reextract.conftest import EDITED, SECRET, TRAMS
from tests.archive.reextract.presses import Press


def take_down(press: Press, archive_path: Path, path: str) -> None:
    press.warc.close()
    arguments = ["--db", str(archive_path), "takedown", press.address(path), "--reason", "court order", "--yes"]
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == 0, (result.output, result.exception)


def test_replaced_values_go_with_their_article(press: Press, archive_path: Path) -> None:
    press.apply(presses.shouting)
    words = "SELECT count(*) FROM replaced_values WHERE before LIKE ? OR before LIKE ?"
    said = (f"%{TRAMS[0]}%", f"%{EDITED[0]}%")
    assert press.db.execute(words, said).fetchone()[0] > 0
    take_down(press, archive_path, "trams")
    assert press.db.execute(words, said).fetchone()[0] == 0
    assert press.db.execute("SELECT count(*) FROM replaced_values").fetchone()[0] > 0


def test_a_rejected_copy_of_it_gains_no_article(press: Press, archive_path: Path) -> None:
    """The page behind the wall is read by a newer extractor: it is the article that has been taken down."""
    title = SECRET[0].removeprefix(presses.WALL).strip()
    press.publish("talks", title, *SECRET[1:])
    take_down(press, archive_path, "talks")
    assert Kind.GAINED not in {finding.kind for finding in press.apply(presses.over_the_wall)}
    assert articles.find(press.db, press.address("mayor")) is None
