"""An archive for each test that asks for one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.store import Database, open_archive


@pytest.fixture
def archive_path(tmp_path: Path) -> Path:
    return tmp_path / "news.db"


@pytest.fixture
def db(archive_path: Path) -> Iterator[Database]:
    opened = open_archive(archive_path)
    yield opened
    opened.close()
