import json
from typing import Any

import pytest

from archive.errors import ConfigError, SourceError
from archive.exporting.selection import Asked, select
from archive.search import search
from archive.store import selections
from archive.store.filters import Filters
from archive.store.selections import Key, Order
from archive.when import point_in_time
from tests.archive.exporting.papers import Paper
from tests.archive.stories import NOON


def chosen(paper: Paper, **asked: Any) -> list[int]:
    return list(select(paper.db, Asked(**asked), NOON).numbers)


@pytest.mark.parametrize(
    "wish",
    [
        {"query": "harbour OR budget"},
        {"query": "ferries", "source": "courier"},
        {"query": "渡船"},
        {"query": "number", "source": "https://herald.example/"},
        {"query": "harbour", "since": "2026-07-01", "until": "2026-07-05"},
        {"query": "number", "until": "2026-04"},
        {"query": "the", "language": "en"},
    ],
)
def test_it_finds_what_a_search_finds(paper: Paper, wish: dict[str, str]) -> None:
    options: dict[str, Any] = {key: point_in_time(wish[key], NOON) for key in ("since", "until") if key in wish}
    found = search(paper.db, limit=999, **{**wish, **options})
    assert found
    assert chosen(paper, **wish) == sorted(hit.article_id for hit in found)


def test_filters_without_a_query(paper: Paper) -> None:
    assert chosen(paper) == paper.values("SELECT id FROM articles ORDER BY id")
    assert chosen(paper, language="zh") == paper.values("SELECT id FROM articles WHERE language = 'zh'")
    assert chosen(paper, since="2026-07-01", source="courier") == [1, 4]


def test_what_has_no_date_is_counted_where_dates_are_asked_for(paper: Paper) -> None:
    assert select(paper.db, Asked(since="2026-07-01"), NOON).undated == 1
    assert select(paper.db, Asked(until="2026-07-01", source="herald"), NOON).undated == 0
    assert select(paper.db, Asked(query="budget", until="2026-01-01"), NOON).undated == 1
    assert select(paper.db, Asked(), NOON).undated == 0


def test_a_list_of_numbers_addresses_and_lines_of_a_sample(paper: Paper) -> None:
    lines = [
        "\ufeff3",
        "",
        "https://courier.example/harbour?utm_source=x",
        '{"id": 99, "url": "https://courier.example/de"}',
    ]
    selection = select(paper.db, Asked(listed="\n".join([*lines, "3", "777777"]).encode()), NOON)
    assert list(selection.numbers) == [1, 3, 9]
    assert selection.missing == 1


@pytest.mark.parametrize("line", ["not an address", '{"id": ', "{}", "9" * 40, "-1"])
def test_a_line_that_is_no_article_is_told_with_its_number(paper: Paper, line: str) -> None:
    with pytest.raises(ConfigError, match="line 2"):
        chosen(paper, listed=f"1\n{line}\n".encode())


def test_mistakes_are_told(paper: Paper) -> None:
    with pytest.raises(ConfigError, match="no word"):
        chosen(paper, query="!?")
    with pytest.raises(SourceError, match="no source 'nobody'"):
        chosen(paper, source="nobody")
    with pytest.raises(ConfigError, match="no time"):
        chosen(paper, since="yesterday")


def test_orders(paper: Paper) -> None:
    db = paper.db
    dates = "coalesce(published_at, first_seen_at)"
    newest = paper.values(f"SELECT id FROM articles ORDER BY {dates} DESC, id DESC")
    assert list(selections.ids(db, order=Order.NEWEST)) == newest
    reading = paper.values(f"SELECT id FROM articles ORDER BY source_id, {dates}, id")
    assert list(selections.ids(db, order=Order.READING)) == reading
    assert list(selections.in_order(db, [3, 1, 2, 1, 99999], Order.STORED)) == [1, 2, 3]


def test_groups(paper: Paper) -> None:
    ids = selections.ids(paper.db, Filters(source="courier"))
    framed = list(selections.framed(paper.db, ids, [Key.SOURCE, Key.MONTH, Key.LANGUAGE]))
    assert [one.id for one in framed] == list(ids)
    assert framed[0].group == ("courier", "2026-07", "en")
    assert framed[2].group == ("courier", None, "en")
    assert json.dumps([one.url for one in framed][:1]) == '["https://courier.example/harbour"]'
