"""What of an article's element is its text however short it is, and what is furniture however it is set."""

import pytest

from archive.extraction import body, furniture, units
from tests.archive.extraction.parsing import root

ONE = "The winter timetable of the island ferry begins in October, and the last boat leaves at half past nine."
TWO = "Fewer than forty passengers used the late crossing on an ordinary night last winter, the company says."
THREE = "The council will hear both sides next Thursday, after which the timetable becomes final for the season."
REFRAIN = "Row on, row on, the tide is turning, and the lamp upon the pier is burning."


def paragraphs(markup: str) -> list[str]:
    pieces = units.cut(root(markup))
    return [
        unit.text for unit in furniture.without_furniture(body.find(pieces, (), ()).units, pieces.pictured, ("Boat",))
    ]


def _set(lines: list[str], tag: str, name: str = "") -> str:
    return "".join(f"<{tag} class='{name}'>{line}</{tag}>" if name else f"<{tag}>{line}</{tag}>" for line in lines)


INTERVIEW = [
    "Did you sail that night?",
    "No.",
    "And did you know who held the lamp, or have you since been told by those who were there?",
    "Yes.",
    "Will you say it?",
    "No.",
    "Why not? It was a long time ago, and nobody could be hurt by it any more, as far as we know.",
    "No.",
]
POEM = ["The tide is out", "And on the sand", "A hundred boats", "Lie on their sides", "The tide is out"]


@pytest.mark.parametrize("tag", ["p", "div"])
@pytest.mark.parametrize("name", ["", "text"])
def test_short_answers_are_as_much_of_an_interview_as_long_ones(tag: str, name: str) -> None:
    assert paragraphs(f"<article>{_set(INTERVIEW, tag, name)}</article>") == INTERVIEW


def test_answers_may_stand_in_boxes_of_their_own_and_in_a_list_of_definitions() -> None:
    pairs = list(zip(INTERVIEW[::2], INTERVIEW[1::2], strict=True))
    boxes = "".join(f"<div class=qa><p class=q>{q}</p><p class=a>{a}</p></div>" for q, a in pairs)
    assert paragraphs(f"<article><p>{ONE}</p>{boxes}</article>") == [ONE, *INTERVIEW]
    defined = "".join(f"<dt>{q}</dt><dd>{a}</dd>" for q, a in pairs)
    assert paragraphs(f"<article><p>{ONE}</p><dl>{defined}</dl><p>{TWO}</p></article>") == [ONE, *INTERVIEW, TWO]


def test_answers_may_be_divided_by_line_breaks() -> None:
    assert paragraphs(f"<div>{'<br><br>'.join(INTERVIEW)}</div>") == INTERVIEW


def test_a_refrain_is_said_as_often_as_the_song_says_it() -> None:
    song = [ONE, REFRAIN, TWO, REFRAIN, THREE, REFRAIN]
    assert paragraphs(f"<article>{_set(song, 'p')}</article>") == song
    assert paragraphs(f"<article>{_set(song, 'div', 'stanza')}</article>") == song


@pytest.mark.parametrize("tag", ["p", "div"])
def test_a_poem_is_read_from_its_first_line_to_its_last(tag: str) -> None:
    assert paragraphs(f"<article><p>{ONE}</p><div class=poem>{_set(POEM, tag)}</div></article>") == [ONE, *POEM]
    assert paragraphs(f"<main><h1>Boat</h1><div>{_set(POEM, tag, 'line')}</div></main>") == POEM


def test_ingredients_and_results_are_read_in_every_markup() -> None:
    lines = ["500 g flour", "2 eggs of the farm", "a pinch of salt", "1 litre of milk"]
    for markup in (
        _set(lines, "div"),
        f"<ul>{_set(lines, 'li')}</ul>",
        f"<dl>{_set(lines, 'dd')}</dl>",
        f"<table><tr>{'</tr><tr>'.join(_set([line], 'td') for line in lines)}</tr></table>",
    ):
        assert paragraphs(f"<article><p>{ONE}</p>{markup}<p>{TWO}</p></article>") == [ONE, *lines, TWO], markup


@pytest.mark.parametrize(
    "box",
    [
        "<div>Share</div><div>Tweet</div><div>Mail</div><div>Print</div><div>Save</div>",
        "<div>0 39</div><div>12 4</div><div>7 1</div><div>8 2</div>",
        "<div class=box>Advertisement</div>",
        "<div>Read also</div>",
        "<p>Read also: <a href=/x>A hundred boats</a></p>",
        "<table><tr><td>Home</td></tr></table>",
        "<dl><dt><a href=/1>Harbour</a></dt></dl>",
    ],
)
def test_furniture_in_boxes_is_left_out(box: str) -> None:
    markup = f"<p>{ONE}</p>{box}<p>{TWO}</p>{box}<p>{THREE}</p>{box}"
    assert paragraphs(f"<article>{markup}</article>") == [ONE, TWO, THREE]


def test_a_heading_said_twice_over_links_is_no_text_and_over_text_is_one() -> None:
    also = "<h3>Read also</h3><p><a href=/x>A hundred boats</a></p>"
    assert paragraphs(f"<div><p>{ONE}</p>{also}<p>{TWO}</p>{also}<p>{THREE}</p></div>") == [ONE, TWO, THREE]
    day = "<h3>What you need</h3>"
    assert paragraphs(f"<div>{day}<p>{ONE}</p>{day}<p>{TWO}</p>{day}<p>{THREE}</p></div>") == [
        *("What you need", ONE),
        *("What you need", TWO),
        *("What you need", THREE),
    ]


def test_a_text_may_end_with_a_short_statement_and_not_with_a_label() -> None:
    assert paragraphs(f"<article><p>{ONE}</p><p>{TWO}</p><p>Thank you!</p><p>ida</p></article>") == [
        ONE,
        TWO,
        "Thank you!",
    ]


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("เรือข้ามฟากเที่ยวสุดท้ายออกเวลาสามทุ่มครึ่ง", "สภาเทศบาลจะรับฟังทั้งสองฝ่ายในวันพฤหัสบดีหน้า"),
        ("ទូកចុងក្រោយចេញដំណើរនៅម៉ោងប្រាំបួនកន្លះយប់។", "ក្រុមប្រឹក្សានឹងស្តាប់ភាគីទាំងពីរនៅថ្ងៃព្រហស្បតិ៍។"),
        ("နောက်ဆုံးလှေသည် ည ကိုးနာရီခွဲတွင် ထွက်ခွာသည်။", "ကောင်စီသည် ကြာသပတေးနေ့တွင် နှစ်ဖက်စလုံးကို နားထောင်မည်။"),
        ("የመጨረሻው ጀልባ ከምሽቱ ሦስት ሰዓት ተኩል ላይ ይነሳል።", "ምክር ቤቱ ሐሙስ ዕለት ሁለቱንም ወገኖች ይሰማል።"),
        ("Վերջին նավը մեկնում է իննն անց կեսին։", "Խորհուրդը երկու կողմերին կլսի հինգշաբթի օրը։"),
        ("आख़िरी नाव रात साढ़े नौ बजे छूटती है।", "परिषद गुरुवार को दोनों पक्षों को सुनेगी।"),
        ("هل يغادر آخر قارب في التاسعة والنصف؟", "سيستمع المجلس إلى الطرفين يوم الخميس؟"),
        ("آخری کشتی رات ساڑھے نو بجے روانہ ہوتی ہے۔", "کونسل جمعرات کو دونوں فریقوں کو سنے گی۔"),
        ("最後の船は夜九時半に島を出る。", "議会は木曜日に双方の話を聞く予定だ！"),
        ("གྲུ་མཐའ་མ་དེ་ཆུ་ཚོད་དགུ་དང་ཕྱེད་ལ་འགྲོ།", "ཚོགས་པས་ཕྱོགས་གཉིས་ཀར་ཉན་གྱི་རེད།"),
    ],
    ids=["thai", "khmer", "burmese", "amharic", "armenian", "hindi", "arabic", "urdu", "japanese", "tibetan"],
)
def test_a_short_paragraph_at_either_end_is_known_by_the_stops_of_its_script(first: str, last: str) -> None:
    assert paragraphs(f"<article><p>{first}</p><p>{ONE}</p><p>{TWO}</p><p>{last}</p></article>") == [
        first,
        ONE,
        TWO,
        last,
    ]
