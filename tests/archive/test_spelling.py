from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from archive import text
from archive.spelling import indexed, original_positions, unified

ANYTHING = st.text(alphabet=st.characters(codec=None, categories=None))
IN_MANY_SCRIPTS = st.text(alphabet="aA ß\nİıŁéاأـًابئקָצдёйñ中バﾊﾞไทยกิन्दीँ½™ﷺﬁ२\u200d'")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Straße", "STRASSE"),
        ("Müller", "muller"),
        ("İstanbul IŞIK ılık", "istanbul isik ilik"),
        ("Đà Nẵng", "da nang"),
        ("Đorđević", "dordevic"),
        ("Łódź Ærø Cœur Þór", "lodz aero coeur thor"),
        ("Ɗan Ƙwari", "dan kwari"),
        ("ﬁnance ﬂoat Ĳssel", "finance float ijssel"),
        ("ſonne", "sonne"),
        ("ＮＨＫ１２", "nhk12"),
        ("ﾆｭｰｽ ﾊﾞｽ", "ニュース バス"),
        ("Ελλάδα ΣΊΣΥΦΟΣ", "ελλαδα σισυφοσ"),
        ("Ещё самолёт", "еще самолет"),
        ("за\u0301мок", "замок"),
        ("O’Neill Oʼahu", "o’neill o'ahu"),
        # Arabic: alef with hamza, madda or wasla; hamza on its seats; alef maqsura, teh marbuta; harakat and tatweel
        ("أحمد إلى آخر ٱلله", "احمد الى اخر الله"),
        ("مؤتمر شئون", "موتمر شيون"),
        ("مستشفى المدرسة", "مستشفي المدرسه"),
        ("الحُكُومَةُ كتـــاب مُحَمَّد", "الحكومة كتاب محمد"),
        ("ﻣﺤﻤﺪ", "محمد"),
        # Persian and Urdu keyboards beside Arabic ones
        ("ایران کتاب", "ايران كتاب"),
        ("جمہوریہ", "جمهوريه"),
        ("۱۴۰۲ ٢٠٢٤ २०२४ ๒๕๖๗", "1402 2024 2024 2567"),
        ("שָׁלוֹם קוֹרֵא", "שלום קורא"),
        ("क़लम ज़मीन फ़िल्म", "कलम जमीन फिल्म"),
        ("पाँच हिन्दी सम्बन्ध गङ्गा पञ्चायत घण्टा", "पांच हिंदी संबंध गंगा पंचायत घंटा"),
        ("శ్రీ శ్\u200dరీ", "శ్రీ శ్రీ"),
    ],
)
def test_what_readers_take_for_the_same_word_has_one_spelling(one: str, other: str) -> None:
    assert unified(text.clean(one)).casefold() == unified(text.clean(other)).casefold()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("мой", "мои"),
        ("її", "іі"),
        ("का", "की"),
        ("செய்தி", "செய்த"),
        ("কড়ি", "কডি"),
        ("はし", "ばし"),
        ("ประเทศ", "ประทศ"),
        ("دار", "دور"),
        ("3½", "31"),
        ("Apple™", "AppleTM"),
        ("№5", "no5"),
        ("अन्य", "अंय"),
    ],
)
def test_what_readers_tell_apart_stays_apart(one: str, other: str) -> None:
    assert unified(text.clean(one)) != unified(text.clean(other))


def test_the_index_of_every_archive_was_made_with_this_spelling() -> None:
    # A change here needs a migration that calls archive.store.indexing.rebuild.
    assert indexed("日本のABC 서울에서 กินข้าว हिन्दी Größe") == " 日 本 の abc  서 울 에 서  กิ น ข้ า ว हिंदी grosse"


@given(ANYTHING)
def test_any_text_has_one_spelling_that_has_itself(raw: str) -> None:
    there = unified(text.clean(raw))
    assert unified(there).casefold() == there.casefold()
    assert there.count("\n") == text.clean(raw).count("\n")
    indexed(raw)


@given(ANYTHING | IN_MANY_SCRIPTS, st.data())
def test_places_are_found_again(raw: str, data: st.DataObject) -> None:
    there = unified(raw)
    positions = sorted(data.draw(st.lists(st.integers(0, len(there)), max_size=5)))
    found = original_positions(raw, positions)
    assert found == sorted(found)
    assert all(0 <= place <= len(raw) for place in found)


@given(st.lists(IN_MANY_SCRIPTS.map(lambda words: text.joined([words])), min_size=3, max_size=3))
def test_a_part_is_found_with_all_that_belongs_to_it(parts: list[str]) -> None:
    before, part, after = parts
    assume(part)
    whole = f"{before} {part} {after}"
    start = len(unified(f"{before} "))
    begin, end = original_positions(whole, [start, start + len(unified(part))])
    assert unified(whole[begin:end]) == unified(part)
    assert whole[begin:end].strip() == part.strip() or part[0] in "ً\u064bـָ\u200dँ"


def test_marks_that_are_left_out_go_with_their_letter() -> None:
    assert original_positions("كتابٌ جديد", [0, 4, 5]) == [0, 5, 6]
    assert [original_positions("an\nStraße\nein", list(p)) for p in pairwise([3, 10, 11])] == [[3, 9], [9, 10]]
    assert original_positions("plain", [1, 5]) == [1, 5]
