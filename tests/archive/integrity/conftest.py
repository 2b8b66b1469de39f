import pytest

from tests.archive.integrity.shelves import Shelf


@pytest.fixture
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """Three articles, crawled and sealed."""
    made = Shelf(tmp_path_factory.mktemp("shelf") / "news.db")
    made.crawl()
    return made
