"""Whole crawls, and the WARC files that they leave."""

import hashlib
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from archive.capturing import warc_directory
from archive.extraction import read as read_page
from archive.models import Rejection, WarcPlace
from archive.store import open_archive, transaction
from archive.warc import notes
from archive.warc.reading import read
from crawler.demo.newspaper import Newspaper
from tests.crawls.conftest import Archive
from tests.newsroom.wire import watched

NEWSPAPER = Newspaper()


def places(archive: Archive) -> list[tuple[str, int, str, WarcPlace]]:
    """URL, status, payload digest and place of every capture."""
    rows = archive.sql(
        "SELECT url, status, payload_sha256, warc_file, warc_offset, warc_length FROM captures ORDER BY id"
    )
    return [(url, status, digest, WarcPlace(file=f, offset=o, length=n)) for url, status, digest, f, o, n in rows]


def files(archive: Archive) -> list[Path]:
    return sorted(warc_directory(archive.path).iterdir())


def alter(archive: Archive, *statements: str) -> None:
    """Change rows by hand."""
    db = open_archive(archive.path)
    with transaction(db):
        for statement in statements:
            db.execute(statement)
    db.close()


def test_every_response_is_kept_as_it_came(archive: Archive) -> None:
    with watched(NEWSPAPER) as (base, diary):
        archive.crawl(f"{base}/")
        kept = places(archive)
        assert len(kept) == len(diary.visits)
        assert {visit.path for visit in diary.visits} <= {url.removeprefix(base) for url, *_ in kept}
    for url, status, digest, place in kept:
        record = read(warc_directory(archive.path), place)
        assert (record.kind, record.status, record.sound) == ("response", status, True)
        assert hashlib.sha256(record.payload).hexdigest() == digest
        assert record.url.startswith(url.rstrip("/"))
    assert {status for _, status, *_ in kept} > {200, 404}


def test_each_article_leads_to_the_page_that_it_was_read_from(archive: Archive) -> None:
    with watched(NEWSPAPER) as (base, _):
        archive.crawl(f"{base}/")
    rows = archive.sql(
        """
        SELECT articles.title, warc_file, warc_offset, warc_length
        FROM articles JOIN revisions ON article_id = articles.id JOIN captures ON captures.id = capture_id
        """
    )
    assert len(rows) == len(NEWSPAPER.articles())
    for title, file, offset, length in rows:
        record = read(warc_directory(archive.path), WarcPlace(file=file, offset=offset, length=length))
        assert record.note["page"]
        page = read_page(notes.capture(record))
        assert not isinstance(page, Rejection)
        assert title.split()[0] in "".join(page.root.itertext())


def test_what_has_not_changed_is_a_revisit(archive: Archive) -> None:
    with watched(NEWSPAPER) as (base, _):
        archive.crawl(f"{base}/")
        once = files(archive)[0].stat().st_size
        archive.crawl(f"{base}/")
    (path,) = files(archive)
    with path.open("rb") as file:
        kinds = [record.rec_type for record in ArchiveIterator(file)]
    assert kinds.count("warcinfo") == 2
    assert kinds.count("revisit") >= 3
    assert path.stat().st_size < 1.5 * once
    unresolved = "SELECT count(*) FROM captures WHERE revisit_of NOT IN (SELECT id FROM captures WHERE status = 200)"
    assert archive.sql(unresolved) == [(0,)]


def test_without_warc_only_the_rows_are_kept(archive: Archive) -> None:
    with watched(NEWSPAPER) as (base, _):
        archive.crawl(f"{base}/", "--no-warc")
    assert not warc_directory(archive.path).exists()
    assert archive.sql("SELECT count(*) FROM captures WHERE warc_file IS NOT NULL") == [(0,)]
    assert archive.sql("SELECT count(*) FROM articles") == [(len(NEWSPAPER.articles()),)]


def test_a_response_that_cannot_be_kept_ends_the_crawl(archive: Archive) -> None:
    warc_directory(archive.path).write_text("not a folder")
    with watched(NEWSPAPER) as (base, diary):
        run = archive.crawl(f"{base}/", code=1)
        assert not diary.visits
    assert "news.warc cannot be written" in run.err
    assert len(run.err.splitlines()) == 1


@pytest.mark.parametrize("lost", [1, 40, 900])
def test_what_a_killed_crawl_has_torn_is_cut_and_told(archive: Archive, lost: int) -> None:
    with watched(NEWSPAPER) as (base, _):
        archive.crawl(f"{base}/", "--limit", "3")
        (path,) = files(archive)
        whole = path.stat().st_size
        # the last record is written, and half of it once more; its row is not
        url, _, _, place = places(archive)[-1]
        data = path.read_bytes()
        path.write_bytes(data + data[place.offset : place.offset + min(lost, place.length - 1)])
        run = archive.crawl(f"{base}/")
    assert "event=warc_recovered" in run.err
    assert f"cut={min(lost, place.length - 1)}" in run.err
    assert read(warc_directory(archive.path), place).url.startswith(url.rstrip("/"))
    assert path.stat().st_size > whole
    assert archive.sql("SELECT count(*) FROM articles") == [(len(NEWSPAPER.articles()),)]


def test_a_record_without_a_row_gets_one(archive: Archive) -> None:
    with watched(NEWSPAPER) as (base, _):
        archive.crawl(f"{base}/", "--limit", "3")
        before = places(archive)
        alter(archive, "DELETE FROM captures WHERE id = (SELECT max(id) FROM captures)")
        assert before[-1] not in places(archive)
        archive.crawl(f"{base}/", "--limit", "0")
    assert before[-1] in places(archive)


def test_the_same_bytes_are_not_extracted_again(archive: Archive) -> None:
    """Seen by what the row says: a text that was altered by hand stays what it is, because nobody looks."""
    with watched(NEWSPAPER) as (base, _):
        archive.crawl(f"{base}/")
        url = archive.sql("SELECT url FROM articles LIMIT 1")[0][0]
        alter(
            archive,
            "UPDATE articles SET last_seen_at = '2026-01-01T00:00:00Z', content_hash = 'altered'",
            "UPDATE revisions SET text = 'Another text.', blocks = '[\"p\"]'",
        )
        run = archive.crawl(url)
        assert "(0 new, 0 revised, 1 unchanged, 0 duplicate)" in run.out
        assert archive.sql("SELECT last_seen_at > '2026-01-01T00:00:00Z' FROM articles WHERE url = ?", url) == [(1,)]
        alter(archive, "UPDATE revisions SET extractor = 'newsarchive 0.0.1'")
        assert "1 revised" in archive.crawl(url).out, "a newer extractor may read it better"
