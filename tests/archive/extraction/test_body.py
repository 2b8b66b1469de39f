"""Where an article is in a page, and what in there is not its text."""

import pytest

from archive.extraction import body, furniture, units
from archive.extraction.body import Block
from archive.models import BlockKind
from tests.archive.extraction.parsing import root

ONE = "The winter timetable of the island ferry begins in October, and the last boat leaves at half past nine."
TWO = "Fewer than forty passengers used the late crossing on an ordinary night last winter, the company says."
THREE = "The council will hear both sides next Thursday, after which the timetable becomes final for the season."
TEXT = f"<p>{ONE}</p><p>{TWO}</p><p>{THREE}</p>"


def _paragraphs(markup: str, titles: tuple[str, ...] = (), descriptions: tuple[str, ...] = ()) -> list[str]:
    pieces = units.cut(root(markup))
    found = body.find(pieces, titles, descriptions)
    return [unit.text for unit in furniture.without_furniture(found.units, pieces.pictured, titles)]


def _deck(markup: str, *titles: str) -> str | None:
    deck = body.find(units.cut(root(markup)), titles, ()).deck
    return deck.text if deck is not None else None


def test_the_article_is_where_the_sentences_are() -> None:
    teasers = "".join(
        f"<li><a href='/{i}'>Story {i}</a> What happened on day {i} is told here in one long line of text, or two.</li>"
        for i in range(9)
    )
    assert _paragraphs(f"<div><ul>{teasers}</ul></div><div><div>{TEXT}</div></div><p>© All rights reserved.</p>") == [
        ONE,
        TWO,
        THREE,
    ]


def test_paragraphs_may_be_made_of_line_breaks() -> None:
    assert _paragraphs(f"<div>{ONE}<br><br>{TWO}<br/> <br/>{THREE}</div>") == [ONE, TWO, THREE]


def test_one_line_break_does_not_end_a_paragraph() -> None:
    assert _paragraphs(f"<p>{ONE}<br>{TWO}</p><p>{THREE}</p>") == [f"{ONE} {TWO}", THREE]


def test_a_first_paragraph_set_apart_belongs_to_the_article() -> None:
    rest = f"<p>{TWO} Again.</p><p>{THREE}</p><p>{TWO}</p>"
    markup = f"<main><h1>Boat</h1><p>{ONE}</p><div class=ad></div><div class=rest>{rest}</div></main>"
    assert _paragraphs(markup, ("Boat",)) == [ONE, f"{TWO} Again.", THREE, TWO]


def _long(first: int, last: int) -> str:
    return "".join(
        f"<p>On day {day} the ferry sailed with more passengers than on any before.</p>" for day in range(first, last)
    )


@pytest.mark.parametrize(
    "markup",
    [
        f"<div class='part1'>{_long(0, 15)}</div><div class='part2'>{_long(15, 20)}</div>",
        f"<div class='part1'>{_long(0, 5)}</div><div class='part2'>{_long(5, 20)}</div>",
        f"<div class='text-1'>{_long(0, 19)}</div><div class='text-2'>{_long(19, 20)}</div>",
        f"<div>{_long(0, 15)}</div><div class='ad'><p>{ONE}</p></div><div>{_long(15, 20)}</div>",
        f"<div>{_long(0, 16)}</div><div class='related'><p><a href=/x>{ONE}</a></p></div><div>{_long(16, 20)}</div>",
        f"<div>{_long(0, 14)}</div><div>{_long(14, 17)}</div><div>{_long(17, 20)}</div>",
        f"<div><div><div>{_long(0, 15)}</div></div></div><div class=wide>{_long(15, 20)}</div>",
        f"<div>{_long(0, 15)}</div><div><div><section><div>{_long(15, 20)}</div></section></div></div>",
        f"<div>{_long(0, 15)}</div>{_long(15, 20)}",
        f"{_long(0, 4)}<div>{_long(4, 20)}</div>",
        f"<div class='story-widget-1'>{_long(0, 15)}</div><div class='story-widget-2'>{_long(15, 20)}</div>",
    ],
)
def test_an_article_in_several_boxes_is_read_to_its_end(markup: str) -> None:
    whole = [f"On day {day} the ferry sailed with more passengers than on any before." for day in range(20)]
    assert _paragraphs(f"<article><h1>Boat</h1>{markup}</article><footer><p>{TWO}</p></footer>", ("Boat",)) == whole
    assert _paragraphs(f"<div>{markup}</div><div><p>{TWO}</p><p>{THREE}</p></div>") == whole


@pytest.mark.parametrize(
    ("opening", "closing"),
    [("<article><h1>", "</article>"), ("<div class='story-1'><h1>", "</div>"), ("<article><header><h2>", "</article>")],
)
def test_of_several_stories_on_a_page_that_goes_on_and_on_the_first_is_the_article(opening: str, closing: str) -> None:
    ending = f"</{opening[-3:-1]}>" + "</header>" * ("header" in opening)
    stories = "".join(
        f"{opening}{title}{ending}<p>{title}: {ONE}</p><p>{title}: {TWO}</p>{closing}"
        for title in ("Boat", "Dog", "Rain")
    )
    assert _paragraphs(f"<main>{stories}</main>", ("Boat",)) == [f"Boat: {ONE}", f"Boat: {TWO}"]
    assert _paragraphs(f"<main>{stories}</main>", ("Dog",)) == [f"Dog: {ONE}", f"Dog: {TWO}"]


def test_what_stands_between_the_parts_of_an_article_belongs_to_it() -> None:
    markup = f"<div>{_long(0, 9)}</div><h2>The end</h2><blockquote>{TWO}</blockquote><div>{_long(9, 12)}</div>"
    found = _paragraphs(f"<article>{markup}</article>")
    assert found[9:11] == ["The end", TWO]
    assert len(found) == 14


@pytest.mark.parametrize(
    "other",
    [
        f"<article>{TEXT}</article>",
        f"<div><h1>Another story</h1>{TEXT}</div>",
        f"<div class='about'><p>{ONE}</p><p>{TWO}</p></div>",
        f"<div><div><p>{ONE}</p></div><div><p>{TWO}</p></div><div><p>{THREE}</p></div></div>",
        f"<ul><li>{ONE}</li><li>{TWO}</li><li>{THREE}</li></ul>",
    ],
    ids=["article", "headline", "blurb", "cards", "list"],
)
def test_what_stands_beside_an_article_is_no_part_of_it(other: str) -> None:
    assert len(_paragraphs(f"<h1>Boat</h1><div>{_long(0, 20)}</div>{other}", ("Boat",))) == 20


@pytest.mark.parametrize(
    "box",
    [
        f"<aside><p>{TWO}</p></aside>",
        f"<nav><p>{TWO}</p></nav>",
        f"<div class='related-stories'><p>{TWO}</p></div>",
        f"<div id='newsletter'><p>{TWO}</p></div>",
        f"<div class='comments-section'><p>{TWO}</p></div>",
        f"<div style='display:none'><p>{TWO}</p></div>",
        f"<p aria-hidden='true'>{TWO}</p>",
        f"<figure><img src=x><figcaption>{TWO}</figcaption></figure>",
        f"<div class='box'><img src=x><p>{TWO}</p></div>",
        f"<p><a href='/x'>{TWO}</a></p>",
        "<p>Read also <a href='/x'>Amazing boats of the world</a></p>",
        f"<script>{TWO}</script><template><p>{TWO}</p></template>",
        "<div>Advertisement</div><div>0 39</div>",
    ],
)
def test_what_stands_between_the_paragraphs_is_left_out(box: str) -> None:
    assert _paragraphs(f"<article><p>{ONE}</p>{box}<p>{THREE}</p></article>") == [ONE, THREE]


def test_an_oddly_named_container_is_believed_if_most_of_the_text_is_in_it() -> None:
    assert _paragraphs(f"<div class='sidebar-grid'>{TEXT}</div><div class='sidebar'><p>{ONE} Elsewhere.</p></div>") == [
        ONE,
        TWO,
        THREE,
    ]
    pieces = "".join(f"<div class='sidebar-grid'><p>{text}</p></div>" for text in (ONE, TWO, THREE))
    assert _paragraphs(f"<main>{pieces}</main>") == [ONE, TWO, THREE]


def test_comments_are_never_the_article_however_long() -> None:
    comments = "".join(f"<p>{THREE} I say it for the {i}th time, and nobody answers.</p>" for i in range(20))
    assert _paragraphs(f"<article><p>{ONE}</p><p>{TWO}</p></article><div id='comments'>{comments}</div>") == [ONE, TWO]


def test_a_repeated_notice_goes_and_a_repeated_paragraph_stays_once() -> None:
    notice = "<div><p>External content cannot be shown because of your privacy settings for this site.</p></div>"
    copy = f"<div class='print'><p>{TWO}</p></div>"
    assert _paragraphs(f"<div><p>{ONE}</p>{notice}<p>{TWO}</p>{notice}{copy}{notice}<p>{THREE}</p></div>") == [
        ONE,
        TWO,
        THREE,
    ]


def test_labels_do_not_begin_or_end_a_text() -> None:
    ending = "<h3>Leave A Reply</h3><p>ida</p>"
    markup = f"<p>3 min</p><p>{ONE}</p><h2>Signatures</h2><p>{TWO}</p><p>{THREE}</p>{ending}"
    assert _paragraphs(f"<div>{markup}</div>") == [ONE, "Signatures", TWO, THREE]


def test_the_title_is_not_said_twice() -> None:
    assert _paragraphs(f"<article><h2>Last boat at nine!</h2>{TEXT}</article>", ("Last boat at nine",)) == [
        ONE,
        TWO,
        THREE,
    ]


def test_a_lead_that_is_the_description_is_the_first_paragraph() -> None:
    lead = "From October the island ferry sails half an hour earlier, to save money."
    markup = f"<header><h1>Boat</h1><div class='teaser'>{lead}</div></header><div>{TEXT}</div>"
    assert _paragraphs(markup, ("Boat",), (lead,)) == [lead, ONE, TWO, THREE]
    assert _paragraphs(markup, ("Boat",), ("Something else that is long enough to be a description.",)) == [
        ONE,
        TWO,
        THREE,
    ]


@pytest.mark.parametrize(
    "markup",
    [
        f"<div><h1>Boat</h1><h2>Company counts forty passengers</h2></div><div>{TEXT}</div>",
        f"<article><h1>Boat</h1><p class='article-subtitle'>Company counts forty passengers</p>{TEXT}</article>",
    ],
)
def test_a_second_headline_is_the_deck_and_no_text(markup: str) -> None:
    assert _deck(markup, "Boat") == "Company counts forty passengers"
    assert _paragraphs(markup, ("Boat",)) == [ONE, TWO, THREE]


def test_a_heading_among_others_of_its_rank_divides_the_text() -> None:
    parts = f"<h2>The first night of many</h2><p>{ONE}</p><h2>The second night</h2><p>{TWO}</p>"
    markup = f"<article><h1>Boat</h1>{parts}</article>"
    assert _deck(markup, "Boat") is None
    assert _paragraphs(markup, ("Boat",)) == ["The first night of many", ONE, "The second night", TWO]


def test_units_become_blocks_of_their_kind() -> None:
    markup = (
        f"<article><h2>A</h2><p>{ONE}</p><h4>B</h4>"
        f"<ul><li>one item of a list</li></ul><blockquote><p>{TWO}</p></blockquote>"
        "<table><tr><th>Day</th><th>Last boat</th></tr><tr><td>Monday</td><td>21:30</td></tr></table>"
        f"<pre>a  b\n c</pre><p>{THREE}</p></article>"
    )
    found = body.find(units.cut(root(markup)), (), ())
    assert body.blocks(found.units) == [
        Block(BlockKind.HEADING2, "A"),
        Block(BlockKind.PARAGRAPH, ONE),
        Block(BlockKind.HEADING3, "B"),
        Block(BlockKind.ITEM, "one item of a list"),
        Block(BlockKind.QUOTE, TWO),
        Block(BlockKind.TABLE, "Day | Last boat\nMonday | 21:30"),
        Block(BlockKind.CODE, "a  b\n c"),
        Block(BlockKind.PARAGRAPH, THREE),
    ]


def test_a_table_that_arranges_the_page_is_read_through() -> None:
    assert _paragraphs(f"<table><tr><td>menu</td><td><p>{ONE}</p><p>{TWO}</p></td></tr></table>") == [ONE, TWO]


def test_paragraphs_of_items_are_items_and_tables_in_figures_are_read() -> None:
    listed = "<ul><li><p>Monday, the late boat</p><ul><li><p>with the bus</p></li></ul></li><li>Sunday</li></ul>"
    rows = "<tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr>"
    table = f"<figure class='wp-block-table'><table>{rows}</table></figure>"
    pieces = units.cut(root(f"<article><p>{ONE}</p>{listed}{table}<p>{TWO}</p></article>"))
    found = furniture.without_furniture(body.find(pieces, (), ()).units, pieces.pictured, ())
    assert body.blocks(found) == [
        Block(BlockKind.PARAGRAPH, ONE),
        Block(BlockKind.ITEM, "Monday, the late boat"),
        Block(BlockKind.ITEM, "with the bus"),
        Block(BlockKind.ITEM, "Sunday"),
        Block(BlockKind.TABLE, "a | b\n1 | 2"),
        Block(BlockKind.PARAGRAPH, TWO),
    ]


def test_a_page_without_a_sentence_has_no_article() -> None:
    assert _paragraphs("<h1>Boats</h1><ul><li><a href='/1'>One</a></li></ul>") == []


@pytest.mark.parametrize(
    "marks",
    [
        "has-comments",
        "post comments-open",
        "comments-closed",
        "comments-off wide",
        "cookies-accepted",
        "cookie_disabled",
        "our-correspondent",
        "consented",
        "no-comments",
    ],
)
def test_a_class_that_tells_of_a_state_hides_nothing(marks: str) -> None:
    assert _paragraphs(f"<div class='{marks}'>{TEXT}</div>") == [ONE, TWO, THREE]


@pytest.mark.parametrize(
    "marks",
    [
        *("comments", "post-comments", "articleComments", "comment-list", "commentsection", "respond", "cookieBanner"),
        *("consent-dialog", "c-breadcrumbs", "site-nav", "mainNav", "navbar", "navigation", "ob_outbrain"),
        "pagination",
    ],
)
def test_a_class_that_names_what_is_no_article_hides_it(marks: str) -> None:
    assert _paragraphs(f"<div>{TEXT}</div><div class='{marks}'><p>{ONE} Again.</p></div>") == [ONE, TWO, THREE]
    assert units.cut(root(f"<div class='{marks}'>{TEXT}</div>")).units == []
