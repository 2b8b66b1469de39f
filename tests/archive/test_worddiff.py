from hypothesis import given
from hypothesis import strategies as st

from archive import worddiff
from archive.worddiff import marked, pieces

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
