import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.tomllines import lines_of

DOCUMENT = """\
# sources
[defaults]
every = "6h"   # a [[source]] in a comment

[[source]]
url = "https://one.example/"
feeds = [
  "https://one.example/feed",
  # not this one
  "https://one.example/rss",
]
headers = { Accept = "text/html", DNT = "1" }

[[source]]
title = \"\"\"
[[source]]
url = "no key"
\"\"\"
url = "https://two.example/"
headers.Accept = "*/*"
[source.more]
key = 1
"""


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_each_key_has_the_line_on_which_it_begins(ending: str) -> None:
    lines = lines_of(DOCUMENT.replace("\n", ending))
    assert lines == {
        ("defaults",): 2,
        ("defaults", "every"): 3,
        ("source", 0): 5,
        ("source", 0, "url"): 6,
        ("source", 0, "feeds"): 7,
        ("source", 0, "feeds", 0): 8,
        ("source", 0, "feeds", 1): 10,
        ("source", 0, "headers"): 12,
        ("source", 0, "headers", "Accept"): 12,
        ("source", 0, "headers", "DNT"): 12,
        ("source", 1): 14,
        ("source", 1, "title"): 15,
        ("source", 1, "url"): 19,
        ("source", 1, "headers"): 20,
        ("source", 1, "headers", "Accept"): 20,
        ("source", 1, "more"): 21,
        ("source", 1, "more", "key"): 22,
    }


def ways(said: Any, above: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The way to each table and value of a document."""
    if above:
        yield above
    members = said.items() if isinstance(said, dict) else enumerate(said) if isinstance(said, list) else ()
    for key, value in members:
        yield from ways(value, (*above, key))


@given(
    st.lists(
        st.sampled_from(
            ["a = 1", 'b = ["x",', '"y"]', "", "# c", "[t]", "[[s]]", "[s.u]", 'c = """', '"""', "d.e = {}"]
        )
    )
)
def test_every_key_of_a_document_has_a_line(lines: list[str]) -> None:
    text = "\n".join(lines)
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    found = lines_of(text)
    assert {way for way in ways(said) if way[-1:] != ("s",)} <= found.keys()
    assert all(1 <= line <= len(lines) for line in found.values())
