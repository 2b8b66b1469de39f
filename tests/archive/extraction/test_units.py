"""How a page is cut: tables, lists, and what the markup hides."""

import pytest

from archive.extraction import units
from tests.archive.extraction.parsing import root


def cut(markup: str) -> list[tuple[str, str]]:
    return [(unit.kind, unit.text) for unit in units.cut(root(markup)).units]


def _table(*rows: str) -> str:
    return (
        "<table>" + "".join(f"<tr>{''.join(f'<td>{c}</td>' for c in row.split(';'))}</tr>" for row in rows) + "</table>"
    )


def test_a_long_table_is_read_to_its_end() -> None:
    rows = [f"boat {number};{number} passengers" for number in range(3_000)]
    assert cut(_table(*rows)) == [("table", "\n".join(row.replace(";", " | ") for row in rows))]


def test_cells_may_hold_paragraphs_lists_and_what_is_not_shown() -> None:
    markup = _table(
        "<p>Monday</p>;<p>from nine</p><p>to ten</p>",
        "<b>Tue</b>sday;<ul><li>from eight</li><li>to nine</li></ul>",
        "<span style='display:none'>3</span>Wednesday;closed<script>x()</script>",
        "Thursday;one<br>two | three",
    )
    assert cut(markup) == [
        (
            "table",
            "Monday | from nine to ten\nTuesday | from eight to nine\nWednesday | closed\nThursday | one two / three",
        )
    ]


def test_a_table_with_headers_may_have_long_cells_and_one_without_is_a_text() -> None:
    long = (
        "The last boat leaves the island at half past nine in the evening, and it is met by the bus on the mainland. "
        * 2
    )
    assert cut(f"<table><tr><th>Boat</th><td>{long}</td></tr><tr><th>Bus</th><td>{long}</td></tr></table>") == [
        ("table", f"Boat | {long.strip()}\nBus | {long.strip()}")
    ]
    text = ("td", long.strip())
    assert cut(_table(f"Boat;{long}", f"Bus;{long}")) == [("td", "Boat"), text, ("td", "Bus"), text]


def test_a_table_around_tables_arranges_them() -> None:
    data = _table("Monday;21:30", "Sunday;20:30")
    rows = ("table", "Monday | 21:30\nSunday | 20:30")
    assert cut(f"<table><tr><td>menu</td><td>{data}<table><tr><td>{data}</td></tr></table></td></tr></table>") == [
        ("td", "menu"),
        rows,
        rows,
    ]


def test_cells_stand_in_their_columns() -> None:
    markup = (
        "<table><tr><td></td><th>day</th><th>night</th></tr><tr><th rowspan=2>Monday</th><td>8</td><td>21</td></tr>"
        "<tr><td>9</td><td>22</td></tr><tr><th>Sunday</th><td colspan=2>closed</td></tr></table>"
    )
    assert cut(markup) == [("table", " | day | night\nMonday | 8 | 21\n | 9 | 22\nSunday | closed | ")]


@pytest.mark.parametrize("span", ["0", "-1", "x", "", "1e9", "99999999", "9" * 5000, "\u00b2"])
def test_any_span_is_borne(span: str) -> None:
    markup = (
        f"<table><tr><td colspan='{span}' rowspan='{span}'>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>"
    )
    (kind, rows), *_ = cut(markup)
    assert kind == "table"
    assert [cell for cell in rows.replace("\n", " | ").split(" | ") if cell] == ["a", "b", "c", "d"]


def test_the_depth_at_which_elements_are_told_apart_is_bounded_and_no_text_is_lost() -> None:
    found = units.cut(root("<div>" * 1_000 + "<p>one</p><p>two</p>")).units
    assert [unit.text for unit in found] == ["one", "two"]
    assert {len(unit.path) for unit in found} == {100}


def test_paragraphs_beyond_all_measure_are_said() -> None:
    assert units.cut(root("<p>x</p>" * 100)).whole
    found = units.cut(root("<p>x</p>" * (units.MAX_UNITS + 10)))
    assert not found.whole
    assert len(found.units) == units.MAX_UNITS
