"""Copies of a story are found and different stories are not, in every script."""

# ruff: noqa: S311 - what is drawn here is no secret

from itertools import combinations
from random import Random
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import sketches, text
from archive.models import Sketch
from tests.archive.copying import COPIES, LANGUAGES, Newsroom

STORIES = 50


def sketch(body: str) -> Sketch:
    found = sketches.sketch(text.words(body))
    assert found is not None
    return found


def are_one_story(one: Sketch, other: Sketch) -> bool:
    """As the store finds out: by marks in common, then by likeness."""
    shared = set(sketches.marks(one)) & set(sketches.marks(other))
    return len(shared) >= sketches.MARKS_SHARED and sketches.likeness(one, other) >= sketches.SAME_STORY


@pytest.mark.parametrize("way", COPIES)
def test_copies_are_found_in_every_script(way: str) -> None:
    found = {}
    for language in LANGUAGES:
        newsroom = Newsroom(LANGUAGES[language], seed=1)
        stories = [newsroom.story() for _ in range(STORIES)]
        copies = [COPIES[way](newsroom, story) for story in stories]
        found[language] = sum(
            are_one_story(sketch(newsroom.printed(story)), sketch(newsroom.printed(copy)))
            for story, copy in zip(stories, copies, strict=True)
        )
    assert sum(found.values()) >= 0.99 * STORIES * len(LANGUAGES), found
    assert min(found.values()) >= 0.96 * STORIES, found


@pytest.mark.parametrize("language", LANGUAGES)
def test_different_stories_are_not_taken_for_one(language: str) -> None:
    newsroom = Newsroom(LANGUAGES[language], seed=3)
    stories = [sketch(newsroom.printed(newsroom.story())) for _ in range(STORIES)]
    assert [pair for pair in combinations(stories, 2) if are_one_story(*pair)] == []


@pytest.mark.parametrize("sentences", [5, 8])
def test_short_texts_are_found_as_well(sentences: int) -> None:
    newsroom = Newsroom(LANGUAGES["English"], seed=9)
    stories = [newsroom.story(sentences) for _ in range(STORIES)]
    copies = [newsroom.reworded(story, 0.1) for story in stories]
    pairs = [(sketch(newsroom.printed(s)), sketch(newsroom.printed(c))) for s, c in zip(stories, copies, strict=True)]
    assert sum(are_one_story(*pair) for pair in pairs) >= 0.98 * STORIES


@pytest.mark.parametrize("share", [0.0, 0.05, 0.1, 0.2])
def test_the_share_of_rewritten_words_is_told(share: float) -> None:
    newsroom = Newsroom(LANGUAGES["English"], seed=4)
    told = []
    for _ in range(STORIES):
        story = newsroom.story(30)
        copy = newsroom.reworded(story, share)
        told.append(sketches.rewritten(sketch(newsroom.printed(copy)), sketch(newsroom.printed(story))))
    assert fmean(told) == pytest.approx(share, abs=0.015)
    assert max(abs(value - share) for value in told) < 0.08


def test_what_was_only_shortened_is_not_rewritten() -> None:
    newsroom = Newsroom(LANGUAGES["English"], seed=5)
    story = newsroom.story(40)
    assert sketches.rewritten(sketch(newsroom.printed(story[:20])), sketch(newsroom.printed(story))) < 0.05


def test_different_stories_are_rewritten_wholly() -> None:
    newsroom = Newsroom(LANGUAGES["English"], seed=6)
    one, other = (sketch(newsroom.printed(newsroom.story())) for _ in range(2))
    assert sketches.likeness(one, other) == 0
    assert sketches.rewritten(one, other) == 1


def weather(seed: int, template: int = 0) -> str:
    """A report in one form: the same words every day, and other figures."""
    chance, words = Random(seed), Newsroom(LANGUAGES["English"], seed=template)
    form = words.story(12)
    return words.printed([[*sentence, str(chance.randrange(1_000, 9_999)), "points"] for sentence in form])


def test_reports_in_one_form_are_different_stories() -> None:
    monday, tuesday = sketch(weather(1)), sketch(weather(2))
    assert not are_one_story(monday, tuesday)
    assert are_one_story(monday, sketch(weather(1)))
    without_figures = [sketch("".join(c for c in weather(day) if not c.isdigit())) for day in (1, 2)]
    assert are_one_story(*without_figures)


def test_a_copy_that_lost_its_figures_is_a_copy() -> None:
    newsroom = Newsroom(LANGUAGES["English"], seed=7)
    prose = newsroom.story(20)
    table = [[*sentence, str(number)] for number, sentence in enumerate(newsroom.story(10))]
    whole, short = sketch(newsroom.printed([*prose, *table])), sketch(newsroom.printed(prose))
    assert are_one_story(whole, short)


def test_short_texts_have_no_sketch() -> None:
    words = [f"word{number}" for number in range(sketches.WORDS_MIN)]
    assert sketches.sketch(words[:-1]) is None
    assert sketches.sketch(words) is not None


@given(st.lists(st.text(min_size=1), min_size=sketches.WORDS_MIN, max_size=80))
def test_any_words_have_a_sketch_that_is_like_itself(words: list[str]) -> None:
    found = sketches.sketch(words)
    assert found is not None
    assert sketches.likeness(found, found) == 1
    assert sketches.rewritten(found, found) == 0
    assert sketches.sketch(list(words)) == found


@given(
    st.lists(st.sampled_from("abcdef1289日本"), min_size=50, max_size=300),
    st.lists(st.sampled_from("abcdef1289日本"), min_size=50),
)
def test_likeness_goes_both_ways(one: list[str], other: list[str]) -> None:
    first, second = sketches.sketch(one), sketches.sketch(other)
    assert first is not None
    assert second is not None
    assert sketches.likeness(first, second) == sketches.likeness(second, first)
    assert 0 <= sketches.rewritten(first, second) <= 1


def test_likeness_is_the_share_of_shingles_in_both() -> None:
    """Exactly so where a sketch holds all of a text's shingles."""
    words = [f"w{number}" for number in range(200)]
    one, other = sketches.sketch(words[:124]), sketches.sketch(words[60:])
    assert one is not None
    assert other is not None
    # 121 shingles in the one, 137 in the other, 61 in both
    assert sketches.likeness(one, other) == 61 / 197


def test_a_sketch_stays_what_it_is() -> None:
    """Were it another one day, an archive would have two kinds of sketches that are like nothing in the other."""
    found = sketch(
        "The harbour of Lindqvist will be closed to all ferries from Monday 4 July, the port authority said. " * 3
    )
    assert found.shingles == 18
    assert found.least[:12].hex() == "1a472508367e6ccc3d69309b"
