"""Where the text of an article is taken from when the page shows a part of it, or nothing."""

import json
from itertools import repeat

import pytest

from archive.extraction import rescue, scripts
from archive.extraction.body import Block
from archive.extraction.structured import Item
from archive.models import Article, BlockKind, Method
from archive.prepare import prepare
from tests.archive.extraction.captures import capture
from tests.archive.extraction.parsing import root

ONE = "The winter timetable of the island ferry begins in October, and the last boat leaves at half past nine."
TWO = "Fewer than forty passengers used the late crossing on an ordinary night last winter, the company says."
THREE = "The council will hear both sides next Thursday, after which the timetable becomes final for the season."
SHOWN = [Block(BlockKind.PARAGRAPH, ONE)]
WHOLE = "\n\n".join(f"{text} Part {part}." for part in range(3) for text in (ONE, TWO, THREE))


def _rescued(markup: str, *properties: dict[str, object], declared: bool = True) -> str:
    articles = [Item(types=frozenset({"article"}), properties=p, method=Method.JSON_LD) for p in properties]
    kept = rescue.rescued(SHOWN, root(markup), "https://x.example/a", articles, declared=declared)
    return "\n\n".join(block.text for block in kept)


def test_what_structured_data_carries_is_believed_if_the_page_shows_a_part() -> None:
    assert _rescued("", {"articleBody": WHOLE}) == WHOLE
    assert _rescued("", {"articleBody": f"<p>{WHOLE.replace(chr(10) * 2, '</p><p>')}</p>"}) == WHOLE
    assert _rescued("", {"articleBody": f"{ONE} And no more."}) == ONE


def test_what_a_script_carries_is_found_also_inside_of_a_string() -> None:
    markup = "".join(f"<p>{part}</p>" for part in WHOLE.split("\n\n"))
    once = json.dumps({"props": {"body": markup}}).replace("<", "\\u003c")
    twice = f"self.__next_f.push([1,{json.dumps(once)}])".replace("<", "\\u003c")
    assert _rescued(f"<script>{once}</script>") == WHOLE
    assert _rescued(f"<script>{twice}</script>") == WHOLE
    assert _rescued(f"<script>{once}</script>", declared=False) == ONE


def test_backslashes_in_a_script_cost_no_time() -> None:
    page = root("<script>" + "\\" * 1_000_000 + "</script>")
    assert rescue.rescued([], page, "https://x.example/a", (), declared=True) == []


LINES = WHOLE.split("\n\n")
TOLD = len(WHOLE.split())


@pytest.mark.parametrize(
    "data",
    [
        {"article": {"content": [{"type": "paragraph", "text": line} for line in LINES]}},
        {"article": {"body": LINES, "related": [{"title": "Another story of boats", "text": ONE}] * 3}},
        {"article": {"body": WHOLE}},
        {"blocks": [{"data": {"children": [{"text": line}]}} for line in LINES]},
    ],
    ids=["objects", "strings", "text", "nested"],
)
def test_a_list_of_paragraphs_in_json_is_a_text(data: object) -> None:
    markup = f"<script id=__NEXT_DATA__ type='application/json'>{json.dumps({'props': data})}</script>"
    assert _rescued(markup) == WHOLE


@pytest.mark.parametrize("source", ["[" * 100_000, "{", "null", "[" + '"x",' * 100_000 + '""]', '{"a":' * 500 + "1"])
def test_any_json_is_borne(source: str) -> None:
    assert scripts.carried(root(f"<script type='application/json'>{source}</script>")) == []


def test_a_report_in_two_lines_that_the_page_does_not_show_is_carried() -> None:
    articles = [Item(types=frozenset({"article"}), properties={"articleBody": ONE}, method=Method.JSON_LD)]
    assert rescue.rescued([], root(""), "https://x.example/a", articles, declared=True) == [
        Block(BlockKind.PARAGRAPH, ONE)
    ]


def test_an_escaped_article_body_has_its_paragraphs() -> None:
    escaped = "".join(f"&lt;p&gt;{line}&lt;/p&gt;" for line in LINES)
    assert _rescued("", {"articleBody": escaped}) == WHOLE


def test_a_text_that_the_markup_hides_is_read_where_the_page_shows_a_part_of_its_article() -> None:
    hidden = "".join(f"<p>{line}</p>" for line in LINES)
    assert _rescued(f"<p>{ONE}</p><div style='display:none'>{hidden}</div>") == WHOLE
    assert _rescued(f"<p>{ONE}</p><div style='display:none'>{hidden}</div>", declared=False) == ONE


def test_the_words_that_a_page_tells_of_decide_whether_more_is_looked_for() -> None:
    page = "<div hidden>" + "".join(f"<p>{line}</p>" for line in LINES) + "</div>"
    shown = [Block(BlockKind.PARAGRAPH, line) for line in LINES[:6]]

    def kept(told: object) -> list[Block]:
        articles = [Item(types=frozenset({"article"}), properties={"wordCount": told}, method=Method.JSON_LD)]
        return rescue.rescued(shown, root(page), "https://x.example/a", articles, declared=True)

    assert len(kept(TOLD)) == len(kept(str(TOLD))) == 9
    for told in (None, TOLD // 2, sum(len(block.text) for block in shown), "many", -1, 10**30, [TOLD], True):
        assert kept(told) == shown, told


@pytest.mark.parametrize(("told", "flagged"), [(2_000, True), (TOLD, False), (len(WHOLE), False), (0, False)])
def test_a_text_that_was_cut_off_is_marked(told: int, flagged: bool) -> None:
    data = json.dumps({"@type": "NewsArticle", "headline": "Last boat", "wordCount": told})
    page = f"<script type='application/ld+json'>{data}</script><h1>Last boat</h1>"
    outcome = prepare(capture(page + "".join(f"<p>{line}</p>" for line in LINES))).outcome
    assert isinstance(outcome, Article)
    said = [(f.value, f.method, f.chosen) for f in outcome.fields if f.field == "text"]
    assert said == (
        [(f"observed: {TOLD} words, and the page tells of 2,000", Method.JSON_LD, False)] if flagged else []
    )


def test_a_huge_page_is_not_given_to_trafilatura(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[object] = []
    monkeypatch.setattr(rescue, "bare_extraction", lambda page, **_: given.append(page))
    for boxes in (100, 20_000):
        rescue.rescued([], root("".join(repeat("<div>x</div>", boxes))), "https://x.example/a", (), declared=True)
    assert len(given) == 1
