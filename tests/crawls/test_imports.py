"""What others have captured becomes the articles that a crawl would have stored."""

import contextlib
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from archive.errors import StoreError
from crawler.demo.newspaper import Newspaper
from tests.archive.importing.foreign_files import Foreign, address
from tests.crawls.conftest import FAST, Archive
from tests.newsroom.wire import watched

NEWSPAPER = Newspaper()
ARTICLES = """
    SELECT url, title, subtitle, text, authors, published_at, published_offset, section, tags, language, agency
    FROM articles_full ORDER BY url
    """
PLACES = [f"Place{number}by" for number in range(60)]


@pytest.fixture
def other(tmp_path: Path) -> Archive:
    (tmp_path / "other").mkdir()
    return Archive(tmp_path / "other" / "news.db")


def many(path: Path) -> Path:
    file = Foreign()
    for place in PLACES:
        file.page(place)
    return file.write(path)


def assert_complete(archive: Archive) -> None:
    assert archive.sql("SELECT url FROM articles ORDER BY url") == [(url,) for url in sorted(map(address, PLACES))]
    assert archive.sql("SELECT count(*) FROM captures") == [(len(PLACES),)]
    assert archive.sql("SELECT count(*) FROM articles WHERE revisions > 1") == [(0,)]
    assert "nothing is wrong" in archive.run("verify").out


@pytest.mark.skipif(shutil.which("wget") is None, reason="wget is not installed (.ci/run installs it)")
def test_what_wget_has_captured_is_what_a_crawl_stores(archive: Archive, other: Archive, tmp_path: Path) -> None:
    with watched(NEWSPAPER) as (base, _):
        archive.crawl(f"{base}/")
        command = ["wget", "-q", "-r", "-l", "6", "--delete-after", f"--warc-file={tmp_path / 'site'}", f"{base}/"]
        # a site that has dead links makes wget exit with 8
        subprocess.run([*command, f"{base}/sitemap.xml"], cwd=tmp_path, check=False, timeout=120)
    run = other.run("import", "warc", str(tmp_path / "site.warc.gz"), "--processes", "2")
    assert other.sql(ARTICLES) == archive.sql(ARTICLES)
    assert "42 new" in run.out
    assert "nothing is wrong" in other.run("verify").out


def test_our_own_files_give_the_same_articles(archive: Archive, other: Archive) -> None:
    with watched(NEWSPAPER) as (base, _):
        archive.crawl(f"{base}/")
    directory = archive.path.with_suffix(".warc")
    rows = other.run("import", "warc", str(directory), "--processes", "0", "--json").rows()
    assert [row["errors"] for row in rows] == [[]]
    assert other.sql(ARTICLES) == archive.sql(ARTICLES)
    assert other.sql("SELECT url, kind FROM article_urls ORDER BY url") == archive.sql(
        "SELECT url, kind FROM article_urls ORDER BY url"
    )


@pytest.mark.parametrize("number", [1, 20])
def test_a_killed_import_is_gone_on_with(archive: Archive, tmp_path: Path, number: int) -> None:
    path = many(tmp_path / "many.warc.gz")
    command = [sys.executable, "-m", "archive", "--db", str(archive.path), "import", "warc", str(path)]
    # coverage of a process that is killed is half a file
    environment = {key: value for key, value in archive.environment().items() if not key.startswith("COVERAGE")}
    with subprocess.Popen([*command, "--processes", "1"], env=environment) as process:
        while process.poll() is None:
            with contextlib.suppress(StoreError):  # there is no archive yet
                if archive.sql("SELECT count(*) FROM articles")[0][0] >= number:
                    break
            time.sleep(0.002)
        process.kill()
    archive.run("import", "warc", str(path), "--processes", "0")
    assert_complete(archive)


def test_what_cannot_be_read_is_told_and_the_rest_imported(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz").write_bytes(b"no WARC at all")
    many(tmp_path / "b.warc.gz")
    run = archive.run("import", "warc", str(tmp_path), "--processes", "0", code=3)
    assert f"{tmp_path / 'a.warc.gz'}: no WARC file" in run.err
    assert_complete(archive)
    assert "no such file" in archive.run("import", "warc", "nothing.warc.gz", code=2).err
    assert "no source" in archive.run("import", "warc", str(tmp_path), "--source", "nobody", code=1).err


def test_a_list_of_addresses_is_fetched_and_nothing_else(archive: Archive, tmp_path: Path) -> None:
    paths = [record.path for record in NEWSPAPER.articles()][:3]
    options = [word for name, value in FAST.items() for word in ("-s", f"{name}={value}")]
    with watched(NEWSPAPER) as (base, diary):
        path = tmp_path / "list.txt"
        path.write_text("\n".join(["# three", *(base + p for p in paths), "nonsense"]), encoding="utf-8")
        refused = archive.run("import", "urls", str(path), *options, code=2)
        assert "line 5: 'nonsense'" in refused.err
        assert diary.visits == []
        path.write_text("\n".join(base + p for p in paths), encoding="utf-8")
        assert "3 new" in archive.run("import", "urls", str(path), *options).out
        assert {visit.path for visit in diary.visits} == {"/robots.txt", *paths}
        assert "3 of them known already" in archive.run("import", "urls", str(path), *options).err
    assert archive.sql("SELECT count(*) FROM articles") == [(3,)]
