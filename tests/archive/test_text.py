import re
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import text

ANYTHING = st.text(alphabet=st.characters(codec=None, categories=None))


@given(ANYTHING)
def test_clean_text_can_be_stored_and_is_left_alone_the_second_time(raw: str) -> None:
    cleaned = text.clean(raw)
    cleaned.encode("utf-8")
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not {"\x00", "\x1b", "\x1f", "\r", "\u202e", "\ufeff"} & set(cleaned)
    assert text.clean(cleaned) == cleaned


def test_clean_keeps_what_writing_needs() -> None:
    assert text.clean("می\u200cخواهم\u200e\tx\n") == "می\u200cخواهم\u200e\tx\n"


def test_clean_removes_what_only_hides_a_word() -> None:
    assert text.clean("Donau\u00addampf\u200bschiff\u2060fahrt") == "Donaudampfschifffahrt"


@given(st.text(alphabet="a\u0301\u0316\u0344\u0327\u0345\u1d16\u2026", min_size=40, max_size=150))
def test_a_letter_has_thirty_marks_at_most(raw: str) -> None:
    cleaned = text.clean(raw)
    assert not re.search("[\u0300-\u036f]{31}", cleaned)
    assert unicodedata.is_normalized("NFC", cleaned)
    assert text.clean(cleaned) == cleaned


def test_marks_without_end_cost_no_time() -> None:
    # Normalization alone would take minutes for it.
    assert len(text.clean("x" + "\u0301\u0316" * 500_000 + "y")) == 32


def test_punctuation_is_no_mark() -> None:
    assert text.clean("\u2014" * 100) == "\u2014" * 100


@given(ANYTHING)
def test_line_is_one_line_or_none(raw: str) -> None:
    line = text.line(raw)
    assert line is None or (line and "\n" not in line and line == " ".join(line.split()))


def test_line_of_nothing() -> None:
    assert (text.line(None), text.line(""), text.line(" \x00\n")) == (None, None, None)


@given(st.lists(ANYTHING))
def test_joined_paragraphs_come_apart_again(parts: list[str]) -> None:
    body = text.joined(parts)
    assert text.joined(text.paragraphs(body)) == body
    assert all(paragraph.strip() for paragraph in text.paragraphs(body))


def test_joined_keeps_single_line_breaks() -> None:
    assert text.joined(["a  b\nc\n\n d", " ", "e"]) == "a b\nc\nd\n\ne"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("“Don’t” – he said", '"Don\'t" - He  said'),
        ("ﬁne print №1", "fine print no1"),
        ("STRASSE", "Straße"),
        ("1,000", "1 000"),
    ],
)
def test_texts_that_read_the_same_are_comparable(one: str, other: str) -> None:
    assert text.comparable(one) == text.comparable(other)
    assert text.content_hash(one) == text.content_hash(other)


@pytest.mark.parametrize(("one", "other"), [("का", "की"), ("செய்தி", "செய்த"), ("ประเทศ", "ประทศ"), ("10", "11")])
def test_a_vowel_sign_makes_another_word(one: str, other: str) -> None:
    assert text.content_hash(one) != text.content_hash(other)


@given(ANYTHING)
def test_comparable_has_only_words_and_single_spaces(raw: str) -> None:
    comparable = text.comparable(raw)
    assert comparable == " ".join(comparable.split())
    assert text.comparable(comparable) == text.comparable(text.comparable(comparable))


@pytest.mark.parametrize(
    ("sentence", "count"),
    [("Two words", 2), ("", 0), ("—", 0), ("日本政府", 4), ("हिन्दी समाचार", 2), ("தமிழ் செய்தி", 2), ("3.5 km", 3)],
)
def test_words_are_counted_in_every_script(sentence: str, count: int) -> None:
    assert text.word_count(sentence) == count


@given(ANYTHING, st.sampled_from([" ", "\x1f"]))
def test_segmenting_adds_the_mark_and_nothing_else(raw: str, mark: str) -> None:
    assert text.segmented(raw, mark).replace(mark, "") == raw.replace(mark, "")


def test_each_character_of_an_unspaced_script_is_a_word() -> None:
    assert text.segmented("日本のABC 서울에서 กินข้าว हिन्दी") == " 日 本 の ABC  서 울 에 서  กิ น ข้ า ว हिन्दी"
    assert text.segmented("漢\u0301x").split() == ["漢\u0301", "x"]


@given(st.lists(st.text(min_size=1)), st.integers(1, 5))
def test_shingles_are_runs_of_words(tokens: list[str], size: int) -> None:
    found = text.shingles(tokens, size)
    assert all(len(run) == min(size, len(tokens)) for run in found)
    assert bool(found) == bool(tokens)


@pytest.mark.parametrize("stop", text.FULL_STOPS)
def test_a_stop_of_any_script_ends_a_sentence(stop: str) -> None:
    assert text.ends_a_sentence(f"x{stop}")
    assert text.ends_with_a_mark(f"x{stop}")
    assert text.ends_with_a_stop(f"x{stop}")
    assert text.ends_with_a_stop(f"\u201cx{stop}\u201d")


@pytest.mark.parametrize("mark", [":", "\u2026", "\u060c", "...", "\u300d"])
def test_what_goes_on_and_what_closes_is_no_stop(mark: str) -> None:
    assert text.ends_a_sentence(f"x{mark}")
    assert not text.ends_with_a_stop(f"x{mark}")


def test_a_letter_ends_no_sentence_but_in_thai_and_lao() -> None:
    assert [text.ends_a_sentence(said) for said in ("ida", "", "\u0e04\u0e23\u0e31\u0e1a", "\u0ea5\u0eb2\u0ea7")] == [
        False,
        False,
        True,
        True,
    ]
    assert not text.ends_with_a_mark("\u0e04\u0e23\u0e31\u0e1a")


def test_every_combining_mark_is_met_by_the_quick_look_for_one() -> None:
    marks = [char for char in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(char)[0] == "M"]
    assert len(marks) > 2_000
    assert [mark for mark in marks if not text._PERHAPS_MARKED.search(mark)] == []


@given(st.text())
def test_the_quick_way_gives_what_the_thorough_one_does(value: str) -> None:
    folded = unicodedata.normalize("NFKC", value).casefold()
    assert text.comparable(value) == text._BETWEEN_WORDS.sub(text._gap, folded).strip()
