import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from archive.capturing import keep, open_warc, warc_directory
from archive.exporting.warcs import DAMAGED
from archive.ingest import ingest
from archive.models import CrawlId, Exchange, SourceId
from archive.store import Database, open_archive
from archive.warc.foreign import Found, records
from archive.warc.notes import Asked
from tests.archive import stories
from tests.archive.exporting.papers import Paper
from tests.archive.importing.foreign_files import Foreign, address
from tests.archive.importing.test_importing import Desk
from tests.archive.integrity.shelves import AUTHOR, html
from tests.archive.stories import BUDGET, HARBOUR, later, url

LONG = f"{HARBOUR}\n\n{BUDGET}"
"""So long that it is not kept twice."""


def fetch(db: Database, directory: Path, path: str, body: str, *, hours: float = 0, title: str | None = None) -> None:
    """A response, kept as a crawl does; and the article in it, if it has a title."""
    exchange = Exchange(
        url=url(path),
        fetched_at=later(hours=hours),
        status=200,
        reason="OK",
        headers=((b"Content-Type", b"text/html; charset=utf-8"),),
        request_headers=((b"User-Agent", b"newsarchive"),),
        payload=html("Harbour", body),
    )
    warc, _ = open_warc(db, directory)
    asked = Asked(url=url(path), is_page=True)
    kept = keep(db, warc, exchange, author=AUTHOR, crawl_id=CrawlId(1), asked=asked)
    warc.close()
    if title is not None:
        page = stories.prepared(stories.article(url(path), title=title, body=body))
        page = replace(page, capture=replace(page.capture, id=kept.id))
        ingest(db, page, source_id=SourceId(1), crawl_id=CrawlId(1), at=later(hours=hours))


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Paper]:
    """Three articles: one was read from a response that repeats another one's body, one has been edited."""
    path = tmp_path / "news.db"
    with closing(open_archive(path)) as db:
        stories.source_and_crawl(db)
        directory = warc_directory(path)
        fetch(db, directory, "section", LONG)
        fetch(db, directory, "harbour", LONG, hours=1, title="Harbour closed")
        fetch(db, directory, "budget", BUDGET, hours=2, title="Budget passed")
        fetch(db, directory, "feed", "nothing of ours")
        fetch(db, directory, "budget", f"{BUDGET}\n\nTrams win.", hours=3, title="Budget passed after all")
        yield Paper(db, path)


def exported(kept: Paper, tmp_path: Path, **wish: Any) -> list[Found]:
    kept.export("warc", tmp_path / "some.warc.gz", **wish)
    with (tmp_path / "some.warc.gz").open("rb") as file:
        found = list(records(file))
    assert all(isinstance(one, Found) for one in found)
    return [one for one in found if isinstance(one, Found)]


def stored(kept: Paper) -> dict[str, bytes]:
    """All records of the archive, by their ids."""
    (path,) = kept.path.with_suffix(".warc").iterdir()
    with path.open("rb") as file:
        return {one.id: one.whole for one in records(file) if isinstance(one, Found)}


def test_the_records_of_a_selection_stand_alone(kept: Paper, tmp_path: Path) -> None:
    found = exported(kept, tmp_path)
    assert [(one.kind, one.url.rpartition("/")[2]) for one in found] == [
        ("warcinfo", ""),
        ("request", "section"),
        ("response", "section"),
        ("request", "harbour"),
        ("revisit", "harbour"),
        ("request", "budget"),
        ("response", "budget"),
        ("request", "budget"),
        ("response", "budget"),
    ]
    ours = stored(kept)
    assert [one.id for one in found[1:] if one.whole != ours[one.id]] == [], "byte for byte"
    assert b"dataset" in found[0].block
    command = [sys.executable, "-m", "warcio.cli", "check", "-v", str(tmp_path / "some.warc.gz")]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout
    assert "digest pass" in checked.stdout


def test_a_part_of_it(kept: Paper, tmp_path: Path) -> None:
    found = exported(kept, tmp_path, query="title:budget")
    assert [one.kind for one in found] == ["warcinfo", "request", "response", "request", "response"]
    assert [one.kind for one in exported(kept, tmp_path, query="nothingatall")] == ["warcinfo"]


def test_what_is_damaged_or_was_not_kept_is_counted_and_the_rest_written(kept: Paper, tmp_path: Path) -> None:
    (path,) = kept.path.with_suffix(".warc").iterdir()
    ((offset,),) = kept.db.execute("SELECT warc_offset FROM captures WHERE url LIKE '%budget' LIMIT 1").fetchall()
    content = bytearray(path.read_bytes())
    content[offset + 40 : offset + 60] = bytes(20)
    path.write_bytes(content)
    kept.db.execute("UPDATE captures SET warc_file = NULL, warc_offset = NULL WHERE url LIKE '%harbour'")
    kept.db.conn.commit()
    found = exported(kept, tmp_path)
    assert [one.kind for one in found] == ["warcinfo", "request", "response", "request", "response"]
    told = (tmp_path / "some.warc.gz.manifest.json").read_text()
    assert f'"{DAMAGED}": 1' in told
    assert '"responses_not_kept": 1' in told


def test_it_is_imported_as_the_same_states_with_the_same_addresses(tmp_path: Path) -> None:
    file = Foreign("1.1")
    file.page("Norrvik", date="2026-11-20T12:00:00Z")
    to = [("Location", address("Norrvik")), ("Content-Type", "text/html")]
    file.add("response", f"{address('Norrvik')}/old", status="301 Moved", headers=to, date="2026-11-20T13:00:00Z")
    file.page("Norrvik", date="2026-11-21T12:00:00Z", more="It rained all the way.")
    file.page("Sundby")
    states = """
        SELECT articles.url, number, revisions.title, text, seen_at, change, (
            SELECT group_concat(url || kind) FROM (SELECT * FROM article_urls WHERE article_id = id ORDER BY url)
        ) FROM revisions JOIN articles ON id = article_id ORDER BY 1, 2
        """
    found = []
    source = file.write(tmp_path / "foreign.warc.gz")
    for name in ("first", "second"):
        with closing(open_archive(tmp_path / f"{name}.db")) as db:
            desk = Desk(db, tmp_path / f"{name}.db")
            assert desk.one(source).errors == ()
            found.append(desk.rows(states))
            source = tmp_path / f"{name}.warc.gz"
            done = Paper(db, tmp_path / f"{name}.db").export("warc", source)
            assert done.articles == 2
    assert len(found[0]) == 3
    assert found[1] == found[0]


def test_an_archive_without_warc_files(paper: Paper, tmp_path: Path) -> None:
    assert [one.kind for one in exported(paper, tmp_path)] == ["warcinfo"]
