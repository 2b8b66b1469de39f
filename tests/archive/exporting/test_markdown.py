import re
from pathlib import Path
from typing import Any

import lxml.html
import yaml
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from archive.exporting.markdown import file_title, front_matter, note
from archive.store import selections
from tests.archive.exporting.papers import HOSTILE, Paper

ANYTHING = st.text(alphabet=st.characters(codec=None, categories=None))


def taken_apart(said: str) -> tuple[dict[str, Any], str]:
    _, matter, body = said.split("---\n", 2)
    return yaml.safe_load(matter), body


def test_a_note_an_article(paper: Paper, tmp_path: Path) -> None:
    done = paper.export("markdown", tmp_path / "vault")
    files = {path.relative_to(tmp_path / "vault").as_posix(): path for path in (tmp_path / "vault").rglob("*.md")}
    assert done.tally is not None
    assert len(files) == done.articles == done.tally.written
    assert "courier/2026-07/2026-07-04 Harbour closed 1.md" in files, "by its first title"
    assert "courier/undated/Undated 3.md" in files
    assert any("渡船回到港口" in name for name in files)
    assert max(len(path.name.encode()) for path in files.values()) < 200
    for path in files.values():
        matter, body = taken_apart(path.read_text(encoding="utf-8"))
        assert matter["url"].startswith("https://")
        assert body.startswith("\n# ")


def test_front_matter(paper: Paper) -> None:
    harbour, blocks, undated = selections.articles(paper.db, [1, 2, 3])
    matter, body = taken_apart(note(blocks))
    assert matter["title"] == "All kinds of blocks"
    assert matter["authors"] == ["Ursula von der Lemme", "dpa", "Gabriel Márquez Jr."]
    assert matter["published"].isoformat() == "2026-06-30T22:30:00+00:00"
    assert matter["gone"].isoformat() == "2026-07-05T00:00:00+00:00"
    assert matter["source"] == "The Courier & Sons"
    assert "published" not in taken_apart(note(undated))[0]
    assert taken_apart(note(harbour))[0]["revisions"] == 2
    assert "\n## A heading & more\n" in body
    assert "| Town | Votes |\n| --- | --- |\n| Tarsany | 12 |" in body
    assert "````\nif a < b && c > d: ``` print('x')\n````" in body
    assert r"The end \<b\>of\</b\> it." in body


def test_what_means_harm_means_nothing(paper: Paper, tmp_path: Path) -> None:
    paper.export("markdown", tmp_path / "vault", source="herald")
    for path in (tmp_path / "vault").rglob("*.md"):
        said = path.read_text(encoding="utf-8")
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", said)
        matter, body = taken_apart(said)
        assert isinstance(matter["title"], str)
        assert "[[wiki]]" not in body
        made = lxml.html.fromstring(MarkdownIt("gfm-like", {"linkify": False}).render(body))
        assert not {"script", "a", "img", "pre", "ul", "ol"} & {element.tag for element in made.iter()}
        assert matter["archive_id"] == int(path.stem.split()[-1])
    tags = [
        tag
        for article in selections.articles(paper.db, range(1, 40))
        for tag in yaml.safe_load(front_matter(article).strip("-")).get("tags", [])
    ]
    assert [tag for tag in tags if not re.fullmatch(r"[\w/-]+", tag) or tag.isdecimal()] == []


@given(ANYTHING)
@example("a/../../b")
@example("..")
@example("日" * 100)
@example("e\u0301" * 100)
def test_any_title_is_a_part_of_a_name(title: str) -> None:
    found = file_title(title)
    assert not set(found) & set('/\\:*?"<>|#^[]\x00\n.')
    assert len(found.encode()) <= 120
    assert found == found.strip()


def test_it_is_brought_up_to_date(paper: Paper, tmp_path: Path) -> None:
    vault = tmp_path / "vault"
    paper.export("markdown", vault, language="de")
    (note_path,) = vault.rglob("*.md")
    before = note_path.stat().st_ino
    again = paper.export("markdown", vault, language="de")
    assert again.tally is not None
    assert (again.tally.kept, note_path.stat().st_ino) == (1, before), "what is as it is to be is not touched"
    note_path.write_text("edited by hand")
    paper.export("markdown", vault, language="de")
    assert "Fähre" in note_path.read_text()
    assert HOSTILE
