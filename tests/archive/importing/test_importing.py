"""Foreign WARC files become articles: each record once, in its place, with what it was and whence it came."""

import asyncio
import io
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import importing
from archive.capturing import open_warc, warc_directory
from archive.errors import ConfigError
from archive.importing import Imported, Importer
from archive.importing.sorting import sort
from archive.models import CanonicalUrl, Prepared, Source, WarcPlace
from archive.pool import ExtractionPool
from archive.prepare import prepare
from archive.store import Database, sources
from archive.warc.foreign import Found, records
from archive.warc.reading import read
from tests.archive.importing.foreign_files import NOON, Foreign, address, coded, page

NOW = datetime(2026, 11, 25, 10, 30, tzinfo=UTC)


class Desk:
    """An archive into which files are imported."""

    def __init__(self, db: Database, path: Path) -> None:
        self.db, self.directory = db, warc_directory(path)

    def take(
        self,
        *paths: Path,
        only: Source | None = None,
        anew: bool = False,
        job: Callable[..., Prepared] = prepare,
        is_page: Callable[[CanonicalUrl], bool] = lambda _: True,
    ) -> list[Imported]:
        warc, _ = open_warc(self.db, self.directory)
        try:
            pool = ExtractionPool(0, 30, job)
            importer = Importer(self.db, warc, pool, is_page=is_page, now=lambda: NOW, only=only)
            done = [asyncio.run(importer.run(one, anew=anew)) for one in importing.inputs(map(str, paths))]
            importing.close(self.db, warc, NOW)
            return done
        finally:
            warc.close()

    def one(self, path: Path, only: Source | None = None, **wish: Any) -> Imported:
        (done,) = self.take(path, only=only, **wish)
        return done

    def urls(self) -> list[str]:
        return [row[0] for row in self.db.execute("SELECT url FROM articles ORDER BY url").fetchall()]

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        return list(self.db.execute(sql).fetchall())


@pytest.fixture
def desk(db: Database, archive_path: Path) -> Desk:
    return Desk(db, archive_path)


@pytest.mark.parametrize("version", ["1.0", "1.1"])
@pytest.mark.parametrize("compress", [True, False])
def test_a_page_becomes_an_article_of_its_site(desk: Desk, tmp_path: Path, version: str, compress: bool) -> None:
    file = Foreign(version, compress=compress)
    record_id = file.page("Norrvik")
    done = desk.one(file.write(tmp_path / "a.warc"))
    assert done.counts == {"records": 2, "new": 1, "no response": 1}
    assert done.errors == ()
    assert desk.urls() == [address("Norrvik")]
    assert desk.rows("SELECT name, url, enabled FROM sources") == [("example", "https://example.org/", 0)]
    assert desk.rows("SELECT title, first_seen_at, last_seen_at FROM articles") == [
        ("Ferry of Norrvik goes again", NOON, NOON)
    ]
    ((found, where, offset, length, at),) = desk.rows(
        "SELECT record_id, warc_file, warc_offset, warc_length, fetched_at FROM captures"
    )
    assert (found, at) == (record_id, NOON)
    copy = read(desk.directory, WarcPlace(file=str(where), offset=int(str(offset)), length=int(str(length))))
    assert (copy.payload, copy.sound) == (page("Norrvik"), True)
    assert copy.note["imported"]["file"] == "a.warc"


@pytest.mark.parametrize(
    ("note", "counts"),
    [
        ('{"page":true}', {"new": 1}),
        ('{"page":false}', {"address of no article": 1}),
        ("{", {"address of no article": 1}),
        (None, {"address of no article": 1}),
    ],
)
def test_what_a_crawl_of_ours_took_for_a_page_is_one_whatever_its_address(
    desk: Desk, tmp_path: Path, note: str | None, counts: dict[str, int]
) -> None:
    file = Foreign()
    more = {} if note is None else {"WARC-JSON-Metadata": note}
    file.add("response", "https://example.org/?p=7", page("Norrvik"), more=more)
    done = desk.one(file.write(tmp_path / "a.warc.gz"), is_page=lambda _: False)
    assert done.counts == {"records": 2, "no response": 1, **counts}


def test_every_coding_of_http_is_undone(desk: Desk, tmp_path: Path) -> None:
    file = Foreign()
    coded(file)
    desk.one(file.write(tmp_path / "a.warc.gz"))
    assert desk.urls() == sorted(map(address, ("Gzipby", "Brotby", "Chunkby", "Bothby")))


def test_each_site_is_a_source_or_the_known_one(desk: Desk, tmp_path: Path) -> None:
    known = sources.add(desk.db, url="https://www.example.org/news/", name="the-courier")
    file = Foreign()
    file.page("Norrvik")
    file.page("Sundby", host="example.net")
    desk.one(file.write(tmp_path / "a.warc.gz"))
    assert desk.rows("SELECT sources.name FROM articles JOIN sources ON sources.id = source_id ORDER BY 1") == [
        ("example",),
        ("the-courier",),
    ]
    assert sources.find(desk.db, "the-courier") == known


def test_one_source_alone_if_wished(desk: Desk, tmp_path: Path) -> None:
    only = sources.add(desk.db, url="https://example.net/")
    file = Foreign()
    file.page("Norrvik")
    file.page("Sundby", host="www.example.net")
    done = desk.one(file.write(tmp_path / "a.warc.gz"), only)
    assert desk.urls() == [address("Sundby", "www.example.net")]
    assert done.counts["another site"] == 1


def test_what_is_no_page_is_counted_by_its_reason(desk: Desk, tmp_path: Path) -> None:
    file = Foreign()
    file.page("Norrvik")
    file.add("response", "https://example.org/robots.txt", b"User-agent: *", headers=[("Content-Type", "text/plain")])
    file.add("response", "https://example.org/a.png", b"\x89PNG", headers=[("Content-Type", "image/png")])
    file.add("response", "https://example.org/gone", page("Goneby"), status="410 Gone")
    file.add("response", "https://example.org/broken", page("Brokby"), status="503 Service Unavailable")
    file.add("response", "https://example.org/", b"<html><title>Courier</title><p>Welcome</p></html>")
    file.add("response", "dns:example.org", b"127.0.0.1", with_head=False)
    file.add("response", "https://example.org/cut", page("Cutby"), more={"WARC-Truncated": "length"})
    file.add("resource", address("Resby"), page("Resby"), with_head=False)
    done = desk.one(file.write(tmp_path / "a.warc.gz"))
    assert done.counts == {
        "records": 10,
        "new": 1,
        "no response": 2,
        "robots.txt": 1,
        "not HTML": 1,
        "not found": 1,
        "server error": 1,
        "section or listing": 1,
        "no http or https address": 1,
        "response cut off": 1,
    }
    assert len(desk.rows("SELECT * FROM captures")) == 2


def test_no_source_is_made_of_a_site_without_an_article(desk: Desk, tmp_path: Path) -> None:
    file = Foreign()
    file.add("response", "https://example.edu/welcome", b"<html><title>Welcome</title><p>We are few.</p></html>")
    desk.one(file.write(tmp_path / "a.warc.gz"))
    assert desk.rows("SELECT * FROM sources") == []
    assert desk.rows("SELECT error, crawl_id FROM captures") == [("no article text", None)]


def test_a_redirect_is_an_address_of_what_it_leads_to_whichever_comes_first(desk: Desk, tmp_path: Path) -> None:
    moved = {"status": "301 Moved Permanently"}
    file = Foreign()
    file.add("response", "https://example.org/r/1", headers=[("Location", "/r/2")], **moved)  # type: ignore[arg-type]
    file.add("response", "https://example.org/r/2", headers=[("Location", address("Norrvik"))], **moved)  # type: ignore[arg-type]
    file.add("response", "https://example.com/r/3", headers=[("Location", address("Norrvik"))], **moved)  # type: ignore[arg-type]
    file.page("Norrvik")
    late = Foreign()
    late.add("response", "https://example.org/r/4", headers=[("Location", address("Norrvik"))], **moved)  # type: ignore[arg-type]
    desk.take(file.write(tmp_path / "a.warc.gz"), late.write(tmp_path / "b.warc.gz"))
    assert desk.rows("SELECT url, kind FROM article_urls ORDER BY url") == [
        (address("Norrvik"), "fetched"),
        ("https://example.org/r/1", "redirect"),
        ("https://example.org/r/2", "redirect"),
        ("https://example.org/r/4", "redirect"),
    ]


@pytest.mark.parametrize("by_id", [True, False])
@pytest.mark.parametrize("with_head", [True, False])
@pytest.mark.parametrize("in_another_file", [True, False])
def test_a_revisit_is_the_page_that_it_refers_to(
    desk: Desk, tmp_path: Path, by_id: bool, with_head: bool, in_another_file: bool
) -> None:
    file = Foreign()
    record_id = file.page("Norrvik")
    again = Foreign() if in_another_file else file
    refers = {"WARC-Refers-To-Target-URI": address("Norrvik"), "WARC-Refers-To-Date": NOON}
    if by_id:
        refers = {"WARC-Refers-To": f"<{record_id}>"}
    refers["WARC-Profile"] = "http://netpreserve.org/warc/1.0/revisit/identical-payload-digest"
    day_after = "2026-11-21T12:00:00Z"
    again.add("revisit", address("Norrvik"), date=day_after, more=refers, with_head=with_head)
    paths = [file.write(tmp_path / "a.warc.gz")]
    paths += [again.write(tmp_path / "b.warc.gz")] if in_another_file else []
    done = desk.take(*paths)
    assert done[-1].counts["unchanged"] == 1
    assert desk.rows("SELECT first_seen_at, last_seen_at, revisions FROM articles") == [(NOON, day_after, 1)]
    assert desk.rows("SELECT count(*) FROM captures WHERE revisit_of IS NOT NULL") == [(1,)]


def test_a_revisit_of_what_is_not_here_is_counted(desk: Desk, tmp_path: Path) -> None:
    file = Foreign()
    file.add("revisit", address("Norrvik"), more={"WARC-Refers-To": "<urn:uuid:0>"})
    assert desk.one(file.write(tmp_path / "a.warc.gz")).counts["repeats a response that is not here"] == 1


def test_an_older_state_does_not_pass_for_the_newest(desk: Desk, tmp_path: Path) -> None:
    newer, older = Foreign(), Foreign()
    newer.page("Norrvik", more="And the cows were content.")
    older.page("Norrvik", date="2026-11-19T12:00:00Z")
    done = desk.take(newer.write(tmp_path / "a.warc.gz"), older.write(tmp_path / "b.warc.gz"))
    assert done[-1].counts["earlier"] == 1
    assert desk.rows("SELECT first_seen_at, last_seen_at, revisions FROM articles") == [
        ("2026-11-19T12:00:00Z", NOON, 1)
    ]
    assert "cows were content" in str(desk.rows("SELECT text FROM articles_full"))


def test_a_second_import_does_nothing(desk: Desk, tmp_path: Path) -> None:
    file = Foreign()
    file.page("Norrvik")
    path = file.write(tmp_path / "a.warc.gz")
    desk.one(path)
    before = desk.rows("SELECT count(*), max(id) FROM captures")
    assert desk.one(path).done_before
    (done,) = desk.take(path, anew=True)
    assert done.counts == {"records": 2, "known already": 1, "no response": 1}
    moved = path.rename(tmp_path / "b.warc.gz")
    assert desk.one(moved).counts == {"records": 2, "known already": 1, "no response": 1}
    assert desk.rows("SELECT count(*), max(id) FROM captures") == before


def test_a_file_that_grew_is_read_again(desk: Desk, tmp_path: Path) -> None:
    file = Foreign()
    file.page("Norrvik")
    path = file.write(tmp_path / "a.warc.gz")
    desk.one(path)
    file.page("Sundby")
    file.write(path)
    os.utime(path, ns=(1, 1))
    assert desk.one(path).counts == {"records": 3, "known already": 1, "no response": 1, "new": 1}


class PlugPulledError(Exception):
    """Someone pulls the plug."""


@pytest.mark.parametrize("after", range(6))
def test_an_interrupted_import_goes_on_where_it_was(desk: Desk, tmp_path: Path, after: int) -> None:
    places = ["Anby", "Byby", "Cyby", "Dyby", "Enby"]
    file = Foreign()
    for place in places:
        file.page(place)
    path = file.write(tmp_path / "a.warc.gz")
    left = iter(range(after))

    def job(*arguments: object, **named: object) -> Prepared:
        if next(left, None) is None:
            raise PlugPulledError
        return prepare(*arguments, **named)  # type: ignore[arg-type]  # as it was called

    if after < len(places):
        with pytest.raises(PlugPulledError):
            desk.take(path, job=job)
    assert len(desk.urls()) <= after
    asked: list[object] = []

    def counted(*arguments: object, **named: object) -> Prepared:
        asked.append(arguments)
        return prepare(*arguments, **named)  # type: ignore[arg-type]  # as it was called

    (done,) = desk.take(path, job=counted)
    assert desk.urls() == sorted(map(address, places))
    assert done.counts["new"] == len(places)
    assert len(desk.rows("SELECT * FROM captures")) == len(places)
    assert desk.rows("SELECT DISTINCT outcome FROM crawls") == [("imported",)]


def test_what_a_killed_import_had_kept_and_not_read_is_read(desk: Desk, tmp_path: Path) -> None:
    file = Foreign()
    file.page("Norrvik")
    path = file.write(tmp_path / "a.warc.gz")
    desk.one(path)
    for table in ("article_urls", "urls", "articles", "captures", "imports", "unsealed", "manifests", "crawls"):
        desk.db.execute(f"DELETE FROM {table}")  # names of ours
    (done,) = desk.take(path)
    assert done.counts["new"] == 1
    assert desk.rows("SELECT count(*) FROM captures") == [(1,)]
    assert len(list(desk.directory.iterdir())) == 1


def test_damage_costs_what_it_must_and_is_told(desk: Desk, tmp_path: Path) -> None:
    file = Foreign()
    sizes = []
    for place in ("Anby", "Byby", "Cyby"):
        sizes.append(len(file.data.getvalue()))
        file.page(place)
    data = bytearray(file.data.getvalue())
    data[sizes[1] + 200] ^= 0x55
    path = tmp_path / "a.warc.gz"
    path.write_bytes(data[:-20])
    done = desk.one(path)
    assert desk.urls() == [address("Anby")]
    assert len(done.errors) == 2
    assert f"{path}, byte {sizes[1]}: damaged" in done.errors[0]
    assert "ends in the middle of a record" in done.errors[1]


def test_what_is_no_warc_file_is_told_and_the_rest_imported(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "a.warc").write_bytes(b"<html>no WARC at all</html>" * 1000)
    file = Foreign()
    file.page("Norrvik")
    wrong, right = desk.take(tmp_path / "a.warc", file.write(tmp_path / "b.warc.gz"))
    assert wrong.errors == (
        f"{tmp_path / 'a.warc'}: no WARC file: no record begins here but b'<html>no WARC at all</html><ht'",
    )
    assert right.counts["new"] == 1


def test_files_folders_and_patterns_are_found_once(tmp_path: Path) -> None:
    for name in ("b.warc.gz", "a.warc", "deep/c.warc.zst", "deep/d.arc.gz", "notes.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    found = importing.inputs([str(tmp_path / "b.warc.gz"), str(tmp_path), str(tmp_path / "*.warc")])
    assert [Path(one.name).name for one in found] == ["b.warc.gz", "a.warc", "c.warc.zst", "d.arc.gz"]
    with pytest.raises(ConfigError, match="no such file"):
        importing.inputs([str(tmp_path / "nothing.warc")])


@given(st.binary(max_size=300), st.sampled_from(["response", "revisit", "request"]))
def test_no_block_breaks_the_sorting(block: bytes, kind: str) -> None:
    head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: https://example.org/a\r\nWARC-Date: {NOON}\r\n"
    for beginning in (b"", b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: br\r\n\r\n"):
        whole = head + f"Content-Length: {len(beginning + block)}\r\n\r\n"
        (found,) = records(io.BytesIO(whole.encode() + beginning + block + b"\r\n\r\n"))
        assert isinstance(found, Found)
        assert sort(found, site=None, is_page=lambda _: True) is not None
