"""A crawled archive is verified, damaged, and taken down from, as an operator does it."""

import re
import sqlite3
from contextlib import closing
from urllib.parse import urlsplit

from tests.crawls.conftest import Archive
from tests.newsroom import server
from tests.newsroom.wire import watched


def test_a_crawl_is_sealed_and_an_edit_and_a_flipped_bit_are_named(archive: Archive) -> None:
    with watched(server.SmallSite()) as (base, _):
        archive.crawl(f"{base}/")
        archive.crawl(f"{base}/")
    said = archive.run("verify").out
    assert re.fullmatch(r"nothing is wrong; the chain ends with manifest 2, [0-9a-f]{64}\n", said)
    (row,) = archive.run("verify", "--since", "1d", "--json").rows()
    assert archive.run("verify", "--quick", "--anchor", row["digest"]).code == 0
    with closing(sqlite3.connect(archive.path)) as plain:
        plain.execute("UPDATE articles SET title = 'Forged' WHERE id = 1")
        plain.commit()
    (path,) = archive.path.with_suffix(".warc").iterdir()
    (offset, length) = archive.sql("SELECT warc_offset, warc_length FROM captures WHERE id = 2")[0]
    data = bytearray(path.read_bytes())
    data[offset + length // 2] ^= 4
    path.write_bytes(data)
    found = archive.run("verify", code=1).out
    assert "articles 1, title: is not what manifest 1 has" in found
    assert f"{path.name}, byte {offset}: is damaged (captures 2" in found


def test_what_was_taken_down_is_not_crawled_again(archive: Archive) -> None:
    with watched(server.SmallSite()) as (base, diary):
        archive.crawl(f"{base}/")
        ((title, url),) = archive.sql("SELECT title, url FROM articles WHERE id = 1")
        archive.run("takedown", url, "--reason", "court order", "--yes", "--also-captures")
        asked = len([visit for visit in diary.visits if visit.path == urlsplit(url).path])
        archive.crawl(f"{base}/")
        archive.crawl(url, code=None)
        assert len([visit for visit in diary.visits if visit.path == urlsplit(url).path]) == asked
    assert archive.sql("SELECT count(*) FROM articles WHERE title = ?", title) == [(0,)]
    assert "court order" in archive.run("show", url, code=1).err
    assert "nothing is wrong" in archive.run("verify").out
