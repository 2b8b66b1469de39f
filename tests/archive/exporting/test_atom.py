import re
from pathlib import Path

import feedparser
from lxml import etree

from archive.exporting.atom import tag_uri
from archive.store import selections
from tests.archive.exporting.papers import BLOCKS, HOSTILE, Paper

ATOM = "{http://www.w3.org/2005/Atom}"


def test_feedparser_reads_it(paper: Paper, tmp_path: Path) -> None:
    content = paper.bytes("atom", tmp_path)
    feed = feedparser.parse(content)
    assert (feed.version, feed.bozo) == ("atom10", False)
    assert len(feed.entries) == len(paper.values("SELECT id FROM articles"))
    assert "Harbour closed until spring" in [entry.title for entry in feed.entries[:5]]
    assert feed.entries[0].published == "2026-07-04T12:00:00Z"
    blocks = next(entry for entry in feed.entries if entry.title == "All kinds of blocks")
    assert [author.name for author in blocks.authors] == ["Ursula von der Lemme", "dpa", "Gabriel Márquez Jr."]
    assert blocks.updated == "2026-07-02T00:00:00Z"
    assert [tag.term for tag in blocks.tags] == ["harbour", "ferries"]


def test_it_is_xml_and_has_what_the_standard_asks_for(paper: Paper, tmp_path: Path) -> None:
    root = etree.fromstring(paper.bytes("atom", tmp_path))
    for element in (root, *root.iter(f"{ATOM}entry")):
        names = [child.tag for child in element]
        assert [names.count(f"{ATOM}{name}") for name in ("title", "id", "updated")] == [1, 1, 1]
    ids = [found.text or "" for found in root.iter(f"{ATOM}id")]
    assert len(set(ids)) == len(ids)
    # RFC 4151: an authority, a day, and only characters that a URI may have
    assert [
        one for one in ids[1:] if not re.fullmatch(r"tag:[\w.-]+,\d{4}-\d\d-\d\d:[\w/?:@!$&()*+,;=.~%-]+", one)
    ] == []
    contents = [found.text or "" for found in root.iter(f"{ATOM}content")]
    assert any("<h2>A heading &amp; more</h2>" in content for content in contents)
    assert not any("<script" in content for content in contents)
    titles = {found.text for found in root.iter(f"{ATOM}title")}
    assert HOSTILE[0] in titles
    assert BLOCKS


def test_an_id_stays_when_the_article_moves(paper: Paper) -> None:
    (article,) = selections.articles(paper.db, [1])
    assert tag_uri(article) == "tag:courier.example,2026-07-04:/harbour"
