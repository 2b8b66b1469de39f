"""An article in each of its forms; whatever is in it does nothing there."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import lxml.html

from archive import display
from archive.boilerplate import Rule
from archive.models import ArticleId, BlockKind, CanonicalUrl, FieldValue, Method, Precision
from archive.store.articles import StoredArticle
from archive.store.boilerplate import StoredLine, Taken

AT = datetime(2026, 11, 9, 10, 30, tzinfo=UTC)
ARTICLE = StoredArticle(
    id=ArticleId(7),
    url=CanonicalUrl("https://lantern.example/ferry"),
    source="lantern",
    revision=1,
    revisions=1,
    title="Ferry <b>late</b> & wet",
    subtitle="A *long* wait",
    authors=("Ines Calloway", "Tom Reed"),
    published_at=AT,
    published_precision=Precision.SECOND,
    published_offset="+01:00",
    modified_at=None,
    text="First paragraph.\n\nWhy\n\n- no list\n\none\n\ntwo\n\nSaid she.\n\nPort | Time\nOrm | 10:00\n\na <script>",
    blocks=(
        BlockKind.PARAGRAPH,
        BlockKind.HEADING2,
        BlockKind.PARAGRAPH,
        BlockKind.ITEM,
        BlockKind.ITEM,
        BlockKind.QUOTE,
        BlockKind.TABLE,
        BlockKind.CAPTION,
    ),
    section="City",
    tags=("ferry",),
    language="en",
    description=None,
    image_url=None,
    site_name="The Lantern",
    agency=None,
    is_free=True,
    word_count=20,
    content_hash="0" * 64,
    seen_at=AT,
    change=None,
    silent=False,
    first_seen_at=AT,
    last_seen_at=AT,
    gone_at=None,
    gone_status=None,
    addresses=(),
)


def test_text_has_all_paragraphs_and_facts() -> None:
    shown = display.as_text(ARTICLE)
    assert shown.startswith("Ferry <b>late</b> & wet\nA *long* wait\nInes Calloway, Tom Reed · 2026-11-09T10:30:00Z")
    assert "## Why" in shown
    assert "> Said she." in shown


def test_a_day_is_shown_as_a_day() -> None:
    shown = display.as_text(replace(ARTICLE, published_precision=Precision.DAY))
    assert "2026-11-09 ·" in shown


def test_markdown_keeps_structure_and_escapes_what_is_none() -> None:
    shown = display.as_markdown(ARTICLE)
    assert "# Ferry \\<b\\>late\\</b\\> & wet" in shown
    assert "\n\n\\- no list\n\n- one\n\n- two\n\n> Said she." in shown
    assert "| Port | Time |\n| --- | --- |\n| Orm | 10:00 |" in shown


def test_empty_cells_keep_their_columns() -> None:
    article = replace(ARTICLE, text="| day | night\nMonday | | 21\nSunday | 9 |", blocks=(BlockKind.TABLE,))
    assert "|  | day | night |\n| --- | --- | --- |\n| Monday |  | 21 |\n| Sunday | 9 |  |" in display.as_markdown(
        article
    )
    cells = lxml.html.document_fromstring(display.as_html(article)).iter("td")
    assert [cell.text or "" for cell in cells] == ["", "day", "night", "Monday", "", "21", "Sunday", "9", ""]


def test_markdown_front_matter_is_readable() -> None:
    matter = display.as_markdown(ARTICLE).split("---")[1]
    rows = dict(line.split(": ", 1) for line in matter.strip().splitlines())
    assert json.loads(rows["authors"]) == ["Ines Calloway", "Tom Reed"]


def test_html_is_escaped_and_structured() -> None:
    shown = display.as_html(ARTICLE)
    tree = lxml.html.document_fromstring(shown)
    assert tree.xpath("//script | //b") == []
    assert tree.findtext(".//h1") == "Ferry <b>late</b> & wet"
    assert tree.xpath("//ul/li/text()") == ["one", "two"]
    assert tree.xpath("//td/text()") == ["Port", "Time", "Orm", "10:00"]
    assert tree.xpath("//time/@datetime") == ["2026-11-09T10:30:00Z"]


def test_json_is_complete() -> None:
    row = json.loads(display.as_json(ARTICLE))
    assert row["published_at"] == "2026-11-09T10:30:00Z"
    assert row["blocks"][1] == "h2"
    assert set(row) == set(StoredArticle.__dataclass_fields__)


def test_no_escape_sequence_reaches_a_terminal() -> None:
    hostile = replace(ARTICLE, title="a\x1b]0;owned\x07b", text="x\x1b[2Jy", blocks=(BlockKind.PARAGRAPH,))
    assert "\x1b" not in display.as_text(hostile)


def test_a_learned_line_shows_how_common_it_is() -> None:
    line = StoredLine(line="read also", line_hash="0aa3", rule=Rule.LEAD, articles=1200, removed=1300, spared=False)
    assert display.learned_line(line) == "0aa3  1,200 articles  read also …"
    assert display.learned_line(replace(line, rule=Rule.LINE, spared=True)) == "0aa3        restored  read also"


def test_an_explanation_marks_what_was_chosen() -> None:
    values = [
        FieldValue(field="title", value="Ferry late", method=Method.JSON_LD, chosen=True),
        FieldValue(field="title", value="Ferry\x1b[1m late | Lantern", method=Method.OPENGRAPH),
    ]
    taken = [Taken(line="Leave A\x1b[1m Reply", line_hash="0aa3db2ed5eb5112", articles=1200)]
    shown = display.explanation(ARTICLE, values, taken)
    assert "- text   boilerplate  Leave A [1m Reply (in 1,200 articles: 0aa3db2ed5eb5112)" in shown
    assert "* title  json-ld      Ferry late" in shown
    assert "  title  opengraph" in shown
    assert "\x1b" not in shown
