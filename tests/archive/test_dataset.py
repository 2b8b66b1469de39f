import shutil
from contextlib import closing
from pathlib import Path

from archive.dataset import dataset
from archive.store import open_archive
from tests.archive.integrity.shelves import Shelf


def state(path: Path) -> str:
    with closing(open_archive(path, readonly=True)) as db:
        return dataset(db).id


def test_the_name_of_a_state_follows_what_is_stored(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "news.db")
    shelf.crawl({"2026/a": ("A", "The first.")})
    first = state(shelf.path)
    with closing(open_archive(shelf.path)) as db:
        db.execute("VACUUM INTO ?", [str(tmp_path / "copy.db")])
    assert state(tmp_path / "copy.db") == first, "a copy is the same state"
    shelf.crawl({"2026/b": ("B", "The second.")}, sealed=False)
    unsealed = state(shelf.path)
    assert unsealed != first
    shelf.edit("UPDATE articles SET title = 'B!' WHERE id = 2")
    assert state(shelf.path) != unsealed, "what no manifest has yet counts as it is"
    shutil.rmtree(shelf.directory)
    assert state(tmp_path / "copy.db") == first


def test_an_empty_archive_has_a_name(tmp_path: Path) -> None:
    with closing(open_archive(tmp_path / "a.db")) as db:
        found = dataset(db)
    assert (found.manifest, found.articles, found.unsealed) == (0, 0, None)
    assert found.id.startswith("newsarchive-")
