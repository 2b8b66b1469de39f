import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import dedupe
from tests.archive.stories import BUDGET, HARBOUR

ANYTHING = st.text(alphabet=st.characters(codec=None, categories=None))


@given(ANYTHING, ANYTHING)
def test_resemblance_is_a_share_and_the_same_both_ways(one: str, other: str) -> None:
    share = dedupe.resemblance(one, other)
    assert 0 <= share <= 1
    assert share == dedupe.resemblance(other, one)


def test_a_text_resembles_itself_wholly_and_another_not() -> None:
    assert dedupe.resemblance(HARBOUR, HARBOUR) == 1
    assert dedupe.resemblance(HARBOUR, BUDGET) == 0
    assert dedupe.resemblance("", HARBOUR) == 0


def test_a_shortened_version_resembles_the_whole() -> None:
    shortened = HARBOUR.partition("\n\n")[0]
    assert dedupe.resemblance(HARBOUR, shortened) == 1


@pytest.mark.parametrize("cut", [10, 60])
def test_an_edited_version_is_above_the_threshold_and_far_from_it(cut: int) -> None:
    edited = HARBOUR[:cut] + " officially " + HARBOUR[cut:]
    assert dedupe.resemblance(HARBOUR, edited) > 0.9 > dedupe.SAME_ARTICLE


def test_versions_of_one_article_share_their_text_whatever_their_titles() -> None:
    assert dedupe.resembles("Harbour closed", HARBOUR, "Ferries stop", HARBOUR)
    assert not dedupe.resembles("Harbour closed", HARBOUR, "Budget passed", BUDGET)
    assert not dedupe.resembles("Morning briefing", HARBOUR, "Morning briefing", BUDGET)


def test_a_text_too_short_to_tell_needs_the_same_title() -> None:
    notice = "Subscribe to read the whole article."
    assert not dedupe.resembles("Harbour closed", notice, "Budget passed", notice)
    assert dedupe.resembles("Harbour closed", HARBOUR.partition("\n\n")[0], "HARBOUR  closed!", HARBOUR)


def test_a_short_text_on_many_pages_is_not_one_article() -> None:
    notice = "Subscribe to read the whole article."
    assert not dedupe.is_copy("Harbour closed", notice, "Budget passed")
    assert dedupe.is_copy("Harbour closed", notice, "Harbour closed")
    assert dedupe.is_copy("Harbour closed", HARBOUR, "Ferries stop")
