import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import worddiff
from archive.worddiff import Piece, marked, passages, pieces, whole

OLD = (
    "The harbour of Lindqvist will be closed to all ferries from Monday, the port authority said.\n\n"
    "Divers found cracks in the northern quay that run deeper than anyone had feared.\n\nThat is all."
)


def plain(old: str, new: str) -> str:
    return marked(pieces(old, new), colour=False)


def test_what_differs_is_shown_with_what_stands_around_it() -> None:
    new = OLD.replace("Monday", "Tuesday").removesuffix("\n\nThat is all.")
    assert plain(OLD, new) == (
        "… be closed to all ferries from [-Monday-]{+Tuesday+}, the port authority said. … "
        "run deeper than anyone had feared[-. ¶ That is all-]."
    )


def test_a_terminal_gets_colours() -> None:
    assert marked(pieces("a b", "a c"), colour=True) == "a \x1b[31mb\x1b[0m\x1b[32mc\x1b[0m"


def test_a_character_is_a_word_where_there_are_no_spaces() -> None:
    assert plain("東京の天気は晴れです", "東京の天気は雨です") == "東京の天気は[-晴れ-]{+雨+}です"


def test_nothing_of_a_text_moves_a_terminal() -> None:
    assert plain("a \x1b[2Jb", "a \x1b[3Jc").count("\x1b") == 0


def test_a_long_text_is_looked_at_as_far_as_is_quick() -> None:
    old = " ".join(f"word{n}" for n in range(3 * worddiff.WORDS_MAX))
    new = " ".join(f"word{n}" for n in range(3 * worddiff.WORDS_MAX) if n % 100)
    shown = plain(old, new)
    assert shown.startswith("[-word0 -]word1")
    assert shown.endswith("…")
    assert f"word{2 * worddiff.WORDS_MAX}" not in shown


WORDS = st.lists(st.sampled_from(["the", "ferry", "quay", ",", "¶", "京", "\n\n", "\x07"]), max_size=6).map(" ".join)


@given(WORDS, WORDS)
def test_what_is_kept_and_removed_is_the_old_text_and_what_is_kept_and_added_the_new(old: str, new: str) -> None:
    found = pieces(old, new)
    if all("…" not in piece.kept for piece in found):
        assert "".join(piece.kept + piece.removed for piece in found) == old
        assert "".join(piece.kept + piece.added for piece in found) == new


@given(st.text(), st.text())
def test_any_two_texts_can_be_compared(old: str, new: str) -> None:
    shown = plain(old, new)
    assert not set(shown) & {chr(code) for code in (*range(0x20), *range(0x7F, 0xA0))}


ANYTHING = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x1f"))


@given(WORDS | ANYTHING, WORDS | ANYTHING)
def test_nothing_is_left_out_of_the_whole(old: str, new: str) -> None:
    found = whole(old, new)
    assert "".join(piece.kept + piece.removed for piece in found) == old
    assert "".join(piece.kept + piece.added for piece in found) == new
    assert passages(found) == [] or old != new
    assert all(piece.kept or piece.removed or piece.added for piece in found)


def test_paragraphs_are_compared_before_words() -> None:
    new = OLD.replace("\n\n", "\n\nThe mayor was not there on that day, and nobody said why.\n\n", 1)
    found = whole(OLD, new.replace("Monday", "Tuesday"))
    assert [piece.removed for piece in found if piece.removed] == ["Monday"]
    assert [piece.added for piece in found if piece.added] == [
        "Tuesday",
        "The mayor was not there on that day, and nobody said why.\n\n",
    ]


def test_what_has_little_in_common_is_told_apart_as_a_whole() -> None:
    other = "Nobody at the market could say when the apples from over there had come, or by whom."
    assert whole("The quay is closed.\n\n" + OLD, "The quay is closed.\n\n" + other) == [
        Piece(kept="The quay is closed.\n\n"),
        Piece(removed=OLD, added=other),
    ]


@pytest.mark.parametrize(
    ("old", "new", "removed", "added"),
    [
        ("मंत्री की बैठक हुई है", "मंत्री का बैठक हुई है", "की ", "का "),
        ("प्रधान मंत्री ने कहा", "प्रधान मंत्रि ने कहा", "मंत्री ", "मंत्रि "),
        ("אמר ש״ס תצביע נגד", "אמר ש״ס תצביע בעד", "נגד", "בעד"),
        ("می‌روم به خانه او", "می‌رود به خانه او", "می‌روم ", "می‌رود "),
        ("That’s 1,000.50 kronor in all", "That’s 1,250.50 kronor in all", "1,000.50 ", "1,250.50 "),
        ("東京の「天気」は晴れです。", "東京の「天気」は雨です。", "晴れ", "雨"),
        ("รัฐบาลประกาศวันนี้", "รัฐบาลประกาศเดือนนี้", "วั", "เดือ"),
    ],
)
def test_words_are_whole_in_all_scripts(old: str, new: str, removed: str, added: str) -> None:
    found = whole(old, new)
    assert "".join(piece.removed for piece in found) == removed
    assert "".join(piece.added for piece in found) == added


def test_passages_are_those_that_differ_with_words_around_them() -> None:
    words = [f"word{number}" for number in range(60)]
    new = [word if number not in (20, 50) else "other" for number, word in enumerate(words)]
    shown = [marked(place, colour=False) for place in passages(whole(" ".join(words), " ".join(new)))]
    assert shown == [
        "… word14 word15 word16 word17 word18 word19 [-word20 -]{+other +}word21 word22 word23 word24 word25 word26 …",
        "… word44 word45 word46 word47 word48 word49 [-word50 -]{+other +}word51 word52 word53 word54 word55 word56 …",
    ]
