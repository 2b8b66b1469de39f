"""A database made anew of the WARC files alone is the one that was lost."""

from collections.abc import Callable
from pathlib import Path

import pytest

from crawler.demo.stories import Story
from tests.archive.importing.foreign_files import Foreign, address
from tests.crawls.conftest import Archive
from tests.crawls.test_boilerplate import FurnishedSite
from tests.newsroom.wire import watched

TABLES = {
    "sources": "SELECT id, name, title, url, domain, country, language, enabled, settings FROM sources ORDER BY id",
    "crawls": "SELECT id, source_id, started_at, finished_at, outcome, counts, import_id FROM crawls ORDER BY id",
    "captures": """
        SELECT id, url, crawl_id, fetched_at, status, content_type, etag, last_modified, payload_sha256, warc_file,
            warc_offset, warc_length, record_id, revisit_of, location, error FROM captures ORDER BY id
        """,
    "articles": "SELECT * FROM articles ORDER BY id",
    "revisions": "SELECT * FROM revisions ORDER BY article_id, number",
    "fields": "SELECT * FROM fields ORDER BY article_id, revision, field, method, value",
    "article_urls": "SELECT * FROM article_urls ORDER BY url",
    "boilerplate": "SELECT source_id, line_hash, line, rule, articles, removed, spared FROM boilerplate ORDER BY 1, 2",
    "removals": "SELECT * FROM removals ORDER BY article_id, revision, position",
}
POOL = {"EXTRACTION_PROCESSES": "2"}


class EditedSite(FurnishedSite):
    """It thinks better of what it has written."""

    edits = 0

    def good_page(self, story: Story, url: str) -> str:
        """With a sentence for each edit."""
        more = "".join(
            f"<p>Update {number}: the mayor of Port Elsin denies it all.</p>" for number in range(self.edits)
        )
        return super().good_page(story, url).replace("<h3>Leave", f"{more}<h3>Leave")


@pytest.fixture(scope="module")
def archives(archive_in: Callable[[str], Archive]) -> tuple[Archive, Archive]:
    """An archive of crawls, edits and imports; and what is made of its files."""
    site, lost = EditedSite(), archive_in("lost")
    file = Foreign()
    file.page("Norrvik")
    file.page("Norrvik", date="2026-11-19T12:00:00Z", more="And the cows were content.")
    path = file.write(lost.path.with_name("foreign.warc.gz"))
    with watched(site) as (base, _):
        pages = [base + page for page in site.good]
        lost.run("crawl", f"{base}/", "--limit", "4", "-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=0")
        lost.crawl(f"{base}/", settings=POOL)
        lost.run("import", "warc", str(path))
        for _ in range(2):
            site.edits += 1
            for page in pages[:2]:
                lost.crawl(page)
        lost.crawl(pages[0])
    made = Archive(lost.path.with_name("made.db"))
    lost.run("rebuild", "--to", str(made.path))
    return lost, made


@pytest.mark.parametrize("table", TABLES)
def test_all_is_as_it_was(archives: tuple[Archive, Archive], table: str) -> None:
    lost, made = archives
    rows = lost.sql(TABLES[table])
    assert rows
    assert made.sql(TABLES[table]) == rows


def test_there_was_something_to_be_made(archives: tuple[Archive, Archive]) -> None:
    lost, _ = archives
    assert lost.sql("SELECT max(revisions), count(*) FROM articles") == [(3, 21)]
    assert lost.sql("SELECT count(*) FROM articles WHERE url = ?", address("Norrvik")) == [(1,)]


def test_what_is_lost_is_made_in_its_place_and_goes_on(archives: tuple[Archive, Archive], tmp_path: Path) -> None:
    lost, _ = archives
    (tmp_path / "news.warc").mkdir()
    for file in lost.path.with_suffix(".warc").iterdir():
        (tmp_path / "news.warc" / file.name).write_bytes(file.read_bytes())
    again = Archive(tmp_path / "news.db")
    assert "21 articles" in again.run("rebuild", "--to", str(again.path)).out
    assert "nothing is wrong" in again.run("verify").out
    again.run("search", "mayor", "--json")
    assert "imported before" not in again.run("import", "warc", str(lost.path.with_name("foreign.warc.gz"))).out
    assert again.sql(TABLES["articles"]) == lost.sql(TABLES["articles"])


def test_nothing_is_written_over(archives: tuple[Archive, Archive], tmp_path: Path) -> None:
    lost, made = archives
    before = made.path.read_bytes()
    assert "nothing is written over" in lost.run("rebuild", "--to", str(made.path), code=2).err
    assert made.path.read_bytes() == before
    assert "no WARC file" in lost.run("rebuild", "--to", str(tmp_path / "x.db"), "--from", str(tmp_path), code=2).err
    assert not (tmp_path / "x.db").exists()


def test_damage_costs_what_is_in_it(archives: tuple[Archive, Archive], tmp_path: Path) -> None:
    lost, _ = archives
    (path,) = lost.path.with_suffix(".warc").iterdir()
    ((offset,),) = lost.sql(
        "SELECT warc_offset FROM captures JOIN revisions ON capture_id = captures.id WHERE article_id = 5"
    )
    data = bytearray(path.read_bytes())
    data[offset + 100] ^= 0x55
    (tmp_path / "news.warc").mkdir()
    (tmp_path / "news.warc" / path.name).write_bytes(data)
    made = Archive(tmp_path / "news.db")
    run = made.run("rebuild", "--to", str(made.path), code=3)
    assert f"{path.name}, byte {offset}: damaged" in run.err
    assert "20 articles" in run.out


def test_what_was_taken_down_does_not_come_back(archive: Archive) -> None:
    site = FurnishedSite()
    with watched(site) as (base, _):
        archive.crawl(f"{base}/")
        page = base + next(iter(site.good))
        archive.run("takedown", page, "--reason", "a court", "--yes")
        archive.path.rename(archive.path.with_name("old.db"))
        run = archive.run("rebuild", "--to", str(archive.path))
        assert "19 articles" in run.out
        stones = "SELECT article_id, url, reason, taken_by, taken_at, sketches FROM tombstones"
        assert archive.sql(stones) == Archive(archive.path.with_name("old.db")).sql(stones)
        archive.crawl(page, code=None)
        assert archive.sql("SELECT count(*) FROM articles") == [(19,)]
        assert "nothing is wrong" in archive.run("verify").out
