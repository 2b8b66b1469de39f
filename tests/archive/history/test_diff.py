"""Two revisions of an article beside each other, by the command and as pages; and what `show` tells of its past."""

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import lxml.html
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import HtmlElement

from archive.absence import missed
from archive.cli import cli
from archive.errors import ArchiveError
from archive.history import showing
from archive.history.comparing import Comparison, compare
from archive.models import ArticleId, BlockKind, Reason
from archive.revisions import Change
from archive.store import absences
from archive.store.histories import Edition
from tests.archive.stories import NOON, Newspaper, article, later, prepared
from tests.archive.test_display import ARTICLE

ANYTHING = st.text(alphabet=st.characters(codec="utf-8"))
ELEMENTS = frozenset(
    {"html", "head", "meta", "title", "style", "body", "p", "a", "br", "ul", "li", "article", "h1", "em", "dl", "dt"}
) | {"dd", "del", "ins"}
PARAGRAPHS = st.lists(ANYTHING.filter(str.strip), min_size=1, max_size=3).map("\n\n".join)


def run(path: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["--db", str(path), *arguments])


@pytest.fixture
def edited(paper: Newspaper, archive_path: Path) -> Path:
    """An article with three revisions, that was missing once, and is so now."""
    first = article()
    second = replace(first, title="Harbour closed until <b>summer", subtitle="No ferries", modified_at=later(hours=1))
    third = replace(second, text=second.text.replace("three", "four"), authors=("Ann Lee", "Cy Ek"))
    number = ArticleId(1)
    for hours, state in enumerate((first, second, third)):
        assert paper.write(prepared(state), hours=hours).article_id == number
    absences.record(paper.db, number, missed(None, Reason.HTTP_GONE, 404, later(hours=3)))
    absences.back(paper.db, number, later(hours=4))
    episode = None
    for hours in (5, 7, 13):
        episode = missed(episode, Reason.WALL, 200, later(hours=hours))
    assert episode is not None
    absences.record(paper.db, number, episode)
    return archive_path


def test_the_last_two_revisions_are_compared(edited: Path) -> None:
    assert (
        run(edited, "diff", "1").output
        == """\
Harbour closed until <b>summer
https://courier.example/2026/harbour
article 1, revision 2 (2026-07-04T13:00:00Z) to revision 3 (2026-07-04T14:00:00Z)
   3  2026-07-04T14:00:00Z  text, silent

authors      Ann Lee, [-Bo Øst-]{+Cy Ek+}

… house. ¶ Owners of the [-three -]{+four +}ferries said that they would carry …
"""
    )


def test_any_two_are_compared_the_older_one_first(edited: Path) -> None:
    told = run(edited, "diff", "https://courier.example/2026/harbour", "3", "1").output
    assert "revision 1 (2026-07-04T12:00:00Z) to revision 3" in told
    assert "   2  2026-07-04T13:00:00Z  headline\n   3  " in told
    assert "title        Harbour closed until [-spring-]{+<b>summer+}" in told
    assert "subtitle     {+No ferries+}" in told
    assert "modified_at  {+2026-07-04T13:00:00Z+}" in told
    assert "revision 1 (2026-07-04T12:00:00Z) to revision 2" in run(edited, "diff", "1", "2").output


def test_as_json(edited: Path) -> None:
    row = json.loads(run(edited, "diff", "1", "1", "3", "--json").output)
    assert row == json.loads(run(edited, "diff", "1", "1", "3", "--format", "json").output)
    assert row["before"]["revision"], row["after"]["revision"] == (1, 3)
    assert [edit["change"] for edit in row["edits"]] == ["headline", "text"]
    assert row["fields"]["subtitle"] == [{"added": "No ferries"}]
    assert {"removed": "three ", "added": "four "} in row["text"]


def test_as_a_page(edited: Path) -> None:
    tree = as_tree(run(edited, "diff", "1", "1", "3", "--format", "html").output)
    assert texts(tree.iter("del")) == ["spring", "Bo Øst", "three "]
    assert texts(tree.iter("ins"))[:2] == ["<b>summer", "No ferries"]
    assert len(tree.cssselect("article > p[dir=auto]")) == 4
    assert [element.get("lang") for element in tree.iter("article")] == ["en"]
    assert not list(tree.iter("script", "link", "img"))


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("2",), 1, "no article 2"),
        (("1", "9"), 1, "no revision 9 of article 1"),
        (("1", "1"), 2, "before revision 1 there is none"),
        (("1", "2", "2"), 2, "compared with itself"),
        (("1", "0"), 2, "0 is not in the range"),
        (("https://courier.example/none",), 1, "no article"),
    ],
)
def test_what_cannot_be_compared_is_told(edited: Path, arguments: tuple[str, ...], code: int, said: str) -> None:
    result = run(edited, "diff", *arguments)
    assert said in result.output + str(result.exception)
    # an error of ours becomes its exit code in `archive.cli.main`
    assert (result.exception.exit_code if isinstance(result.exception, ArchiveError) else result.exit_code) == code


def test_an_article_that_was_never_edited_says_so(paper: Newspaper, archive_path: Path) -> None:
    paper.write(prepared(article()))
    assert "article 1 has one revision" in str(run(archive_path, "diff", "1").exception)


def test_show_tells_what_became_of_an_article(edited: Path) -> None:
    told = run(edited, "show", "1").output
    assert told.endswith("""
Revisions:
       1  2026-07-04T12:00:00Z  as first seen
       2  2026-07-04T13:00:00Z  headline
       3  2026-07-04T14:00:00Z  text, silent
Missing:
    since 2026-07-04T15:00:00Z: not found (HTTP 404), 1 look; back at 2026-07-04T16:00:00Z
    since 2026-07-04T17:00:00Z: login, consent or pay wall (HTTP 200), gone, by 3 looks; until now; last looked for at \
2026-07-05T01:00:00Z
""")
    row = json.loads(run(edited, "show", "1", "--json").output)
    assert [edition["change"] for edition in row["history"]] == [None, "headline", "text"]
    assert [absence["back_at"] for absence in row["absences"]] == ["2026-07-04T16:00:00Z", None]


def test_show_tells_nothing_of_a_past_that_is_none(paper: Newspaper, archive_path: Path) -> None:
    paper.write(prepared(article()))
    told = run(archive_path, "show", "1").output
    assert "Revisions:" not in told
    assert "Missing:" not in told


def as_tree(page: str) -> HtmlElement:
    tree = lxml.html.document_fromstring(page)
    assert isinstance(tree, HtmlElement)
    return tree


def texts(elements: Iterable[object]) -> list[str]:
    return ["".join(element.itertext()) for element in elements if isinstance(element, HtmlElement)]


def compared(old: str, new: str, title: str = "t", language: str | None = "en") -> Comparison:
    before, after = (
        replace(ARTICLE, text=body, title=title, language=language, revision=n, blocks=(BlockKind.PARAGRAPH,))
        for n, body in ((1, old), (2, new))
    )
    edition = Edition(number=2, seen_at=NOON, title=title, change=Change.TEXT, silent=True)
    return compare(before, after, [edition])


@given(PARAGRAPHS, PARAGRAPHS, ANYTHING, st.none() | ANYTHING)
def test_nothing_of_a_text_moves_a_terminal_or_gets_into_a_page(
    old: str, new: str, title: str, language: str | None
) -> None:
    found = compared(old, new, title, language)
    shown = showing.as_text(found, colour=False)
    assert not {char for char in shown if ord(char) < 32 or 127 <= ord(char) < 160} - {"\n"}
    json.dumps(showing.as_row(found))
    elements = {str(element.tag) for element in lxml.html.document_fromstring(showing.as_html(found)).iter("*")}
    assert elements <= ELEMENTS


def test_right_to_left_and_what_spans_paragraphs() -> None:
    found = compared("אחת שתיים\n\nשלוש ארבע חמש", "אחת שתיים שש\n\nשבע\n\nשלוש ארבע חמש", language="he")
    tree = as_tree(showing.as_html(found))
    assert [element.get("lang") for element in tree.iter("article")] == ["he"]
    assert texts(tree.cssselect("dl ~ p")) == [
        "אחת שתיים שש",
        "שבע¶",
        "שלוש ארבע חמש",
    ]


def test_colours_stand_for_the_marks() -> None:
    shown = showing.as_text(compared("one two three", "one four three"), colour=True)
    assert "one \x1b[31mtwo \x1b[0m\x1b[32mfour \x1b[0mthree" in shown
    assert "[-" not in shown


def test_an_edit_that_only_sets_paragraphs_anew_is_told_as_that() -> None:
    assert "Nothing differs" in showing.as_text(compared("one two", "one two"), colour=False)
