from collections.abc import Iterator

import pytest

from archive.store import open_archive
from tests.archive.exporting.papers import Paper, fill


@pytest.fixture(scope="package")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paper]:
    """An archive that nobody writes to while it is exported."""
    path = tmp_path_factory.mktemp("exporting") / "news.db"
    db = open_archive(path)
    fill(db)
    db.close()
    db = open_archive(path, readonly=True)
    yield Paper(db, path)
    db.close()
