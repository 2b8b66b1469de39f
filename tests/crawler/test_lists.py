"""Lists of addresses are read as people keep them, and refused as a whole where a line is none."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import ConfigError
from archive.store import open_archive, sources, urls
from crawler.lists import addresses, take_in

NOW = datetime(2026, 11, 25, 10, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "line",
    [
        "https://example.org/a",
        " https://example.org/a \r\n",
        "\ufeffhttps://example.org/a",
        "https://example.org/a\t2026-11-25\tA title",
        "https://example.org/a,2026-11-25,A title",
        '"https://example.org/a","A, title"',
        '{"title": "A", "url": "https://example.org/a"}',
    ],
)
def test_an_address_is_found_in_its_line(line: str) -> None:
    assert addresses(["# mine", "", line, line], "list") == ["https://example.org/a"]


def test_a_comma_in_an_address_stays() -> None:
    assert addresses(["https://example.org/a,12"], "list") == ["https://example.org/a,12"]


def test_a_heading_is_no_address() -> None:
    assert addresses(["url,title\n", "https://example.org/a,A, b"], "list") == ["https://example.org/a"]


def test_lines_that_are_none_are_told_by_their_numbers() -> None:
    with pytest.raises(ConfigError, match=r"(?s)list: nothing was imported.*line 2: 'ftp://x'.*line 4: '\{\"a\": 1\}'"):
        addresses(["https://example.org/a", "ftp://x", "", '{"a": 1}'], "list")


@given(st.lists(st.text()))
def test_no_text_breaks_it(lines: list[str]) -> None:
    try:
        assert len(addresses(lines, "list")) <= len(lines)
    except ConfigError as error:
        assert "line" in str(error)  # noqa: PT017  # it may or may not come


def test_each_site_is_its_source(tmp_path: object) -> None:
    db = open_archive(f"{tmp_path}/news.db")
    found = addresses(["https://example.org/a", "https://www.example.org/b", "https://example.net/c"], "list")
    assert take_in(db, found, found_in="list", at=NOW) == ({"example": 2, "example-2": 1}, 3)
    assert take_in(db, found, found_in="list", at=NOW) == ({"example": 0, "example-2": 0}, 3)
    assert [source.url for source in sources.every(db)] == ["https://example.org/", "https://example.net/"]
    assert [row.candidate and row.candidate.found_in for row in urls.every(db)] == ["list"] * 3
    db.close()
