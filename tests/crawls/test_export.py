"""What was crawled, exported, and what others read of it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crawler.demo.newspaper import Newspaper
from tests.crawls.conftest import Archive
from tests.newsroom.wire import watched

NEWSPAPER = Newspaper()
OF_THE_ARCHIVE = {"id", "source", "source_title", "source_url", "story"}
"""Fields that another archive has of its own."""


@pytest.fixture(scope="module")
def crawled(archive_in: Callable[[str], Archive]) -> Archive:
    archive = archive_in("exported")
    with watched(NEWSPAPER) as (base, _):
        archive.crawl(f"{base}/")
    return archive


def rows(archive: Archive, *options: str) -> dict[str, dict[str, Any]]:
    """The exported articles by their addresses, without what is of the archive alone."""
    found = archive.run("export", "--format", "jsonl", *options).rows()
    for row in found:
        # a redirect that a crawl met before its page comes after it in the file
        row["addresses"].sort(key=lambda address: address["url"])
        for state in row.get("history", ()):
            del state["capture_id"]
    return {row["url"]: {key: row[key] for key in row.keys() - OF_THE_ARCHIVE} for row in found}


def test_a_selection_imported_elsewhere_is_the_same_articles(crawled: Archive, tmp_path: Path) -> None:
    path = tmp_path / "all.warc.gz"
    told = crawled.run("export", "--format", "warc", "-o", str(path)).err
    assert "46 responses" in told, "also those that gave its other addresses"
    other = Archive(tmp_path / "other.db")
    other.run("import", "warc", str(path), "--processes", "0")
    assert rows(other, "--revisions") == rows(crawled, "--revisions")
    assert "nothing is wrong" in other.run("verify").out
