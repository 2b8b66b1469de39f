from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.models import ArticleId, CanonicalUrl
from archive.sampling.drawing import draw, place, strata
from archive.store.selections import Framed, Group

SIZES = st.dictionaries(st.tuples(st.none() | st.text(max_size=3)), st.integers(1, 200), min_size=1, max_size=12)


def frame(sizes: dict[Group, int]) -> list[Framed]:
    return [
        Framed(id=ArticleId(1000 * number + i), url=CanonicalUrl(f"https://{number}.example/{i}"), group=group)
        for number, (group, size) in enumerate(sizes.items())
        for i in range(size)
    ]


def drawn(sizes: dict[Group, int], n: int, *, equal: bool = False) -> dict[Group, int]:
    return {part.group: part.drawn for part in strata(sizes, n, equal=equal)}


def test_in_proportion_or_the_same_of_each() -> None:
    sizes: dict[Group, int] = {("a",): 600, ("b",): 300, ("c",): 95, (None,): 5}
    assert drawn(sizes, 100) == {("a",): 60, ("b",): 30, ("c",): 10, (None,): 0}
    assert drawn(sizes, 100, equal=True) == {("a",): 32, ("b",): 32, ("c",): 31, (None,): 5}
    assert [part.group for part in strata(sizes, 9)] == [("a",), ("b",), ("c",), (None,)]
    assert strata(sizes, 100)[1].probability == Fraction(30, 300)
    assert drawn(sizes, 5000) == drawn(sizes, 5000, equal=True) == sizes


@given(SIZES, st.integers(1, 3000), st.booleans())
def test_as_many_as_asked_for_and_never_more_than_there_are(sizes: dict[Group, int], n: int, equal: bool) -> None:
    parts = strata(sizes, n, equal=equal)
    assert sum(part.drawn for part in parts) == min(n, sum(sizes.values()))
    assert all(0 <= part.drawn <= part.size for part in parts)
    if not equal and n < sum(sizes.values()):
        assert all(abs(part.drawn - Fraction(n * part.size, sum(sizes.values()))) < 1 for part in parts)


def test_the_same_seed_draws_the_same_in_whatever_order_articles_come() -> None:
    sizes: dict[Group, int] = {("a",): 50, ("b",): 20}
    articles = frame(sizes)
    parts = strata(sizes, 12)
    first = draw(articles, parts, 7)
    assert draw(reversed(articles), parts, 7) == first
    assert draw(articles, parts, 8) != first
    assert {group: len(found) for group, found in first.items()} == drawn(sizes, 12)
    for group, found in first.items():
        least = sorted((one for one in articles if one.group == group), key=lambda one: place(7, one.url))
        assert found == least[: len(found)], "anyone can repeat it with sha256 alone"


def test_a_smaller_sample_is_the_beginning_of_a_larger_one() -> None:
    sizes: dict[Group, int] = {(): 400}
    articles = frame(sizes)
    small, large = (draw(articles, strata(sizes, n), 3)[()] for n in (10, 50))
    assert large[:10] == small


@pytest.mark.parametrize("n", [1, 3])
def test_each_has_the_same_chance(n: int) -> None:
    sizes: dict[Group, int] = {(): 10}
    articles = frame(sizes)
    counts = Counter(one.id for seed in range(2_000) for one in draw(articles, strata(sizes, n), seed)[()])
    # the seeds are fixed, so that this is no matter of chance: within four standard deviations of 200 (or 600) of 2000
    deviation = (2_000 * n / 10 * (1 - n / 10)) ** 0.5
    assert all(abs(count - 200 * n) < 4 * deviation for count in counts.values())
    assert len(counts) == 10


def test_the_place_is_what_the_documents_say() -> None:
    # printf '7\nhttps://courier.example/harbour' | sha256sum
    assert f"{place(7, 'https://courier.example/harbour'):064x}".startswith("ebec57fd2a1eb600")
