"""An archive for each test that asks for one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.store import Database, open_archive
from tests.archive.stories import Newspaper


@pytest.fixture
def archive_path(tmp_path: Path) -> Path:
    return tmp_path / "news.db"


@pytest.fixture
def db(archive_path: Path) -> Iterator[Database]:
    opened = open_archive(archive_path)
    yield opened
    opened.close()


@pytest.fixture
def paper(db: Database) -> Newspaper:
    return Newspaper(db)
