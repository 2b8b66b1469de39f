"""A manifest says what it was given, and no line of it can be changed, moved or left out unseen."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.manifest import GENESIS, Entry, Header, Manifest, differing, lay, prints, read

COLUMNS = ("id", "title", "text")
VALUES = st.one_of(st.none(), st.integers(), st.text(st.characters(exclude_categories=["Cs"])))
ENTRIES = st.lists(
    st.builds(
        Entry,
        table=st.sampled_from(["articles", "revisions"]),
        key=st.lists(st.integers(0, 2**62), min_size=1, max_size=2).map(tuple),
        why=st.sampled_from(["made", "cleaned"]),
        now=st.none() | st.lists(VALUES, min_size=3, max_size=3).map(prints),
        was=st.none() | st.just("ab" * 32),
        about=st.dictionaries(st.text(max_size=5), st.text(max_size=5) | st.integers(), max_size=3),
    ),
    min_size=1,
    max_size=6,
)


def laid(entries: list[Entry], previous: str = GENESIS, number: int = 1) -> tuple[bytes, str]:
    header = Header(
        number=number,
        previous=previous,
        made_at="2026-11-25T10:00:00Z",
        crawl=7,
        lines=len(entries),
        anew=False,
        columns={"articles": COLUMNS, "revisions": COLUMNS},
    )
    return lay(header, entries)


def is_right(manifest: Manifest, digest: str, previous: str = GENESIS) -> bool:
    """What `verify` asks of a manifest."""
    has_header = manifest.header is not None and manifest.header.previous == previous
    return has_header and manifest.digest == digest and not manifest.faults


@given(ENTRIES)
def test_what_is_laid_is_read(entries: list[Entry]) -> None:
    block, digest = laid(entries)
    manifest = read(block)
    assert is_right(manifest, digest)
    assert list(manifest.entries) == entries
    assert manifest.header is not None
    assert (manifest.header.number, manifest.header.crawl, manifest.header.lines) == (1, 7, len(entries))


@given(st.binary())
def test_any_bytes_are_read_without_an_error(block: bytes) -> None:
    assert read(block).faults


@given(ENTRIES, st.data())
def test_any_single_byte_that_changes_is_seen(entries: list[Entry], data: st.DataObject) -> None:
    block, digest = laid(entries)
    at = data.draw(st.integers(0, len(block) - 1))
    other = data.draw(st.integers(0, 255).filter(lambda byte: byte != block[at]))
    assert not is_right(read(block[:at] + bytes([other]) + block[at + 1 :]), digest)


@given(ENTRIES, st.data())
def test_a_line_that_is_left_out_doubled_or_moved_is_seen(entries: list[Entry], data: st.DataObject) -> None:
    block, digest = laid(entries)
    lines = block.splitlines(keepends=True)
    at = data.draw(st.integers(0, len(lines) - 1))
    assert not is_right(read(b"".join(lines[:at] + lines[at + 1 :])), digest)
    assert not is_right(read(b"".join([*lines, lines[at]])), digest)
    if at:
        moved = [*lines[: at - 1], lines[at], lines[at - 1], *lines[at + 1 :]]
        assert not is_right(read(b"".join(moved)), digest)


@given(ENTRIES, ENTRIES)
def test_a_line_that_is_forged_with_all_that_follow_it_has_another_digest(one: list[Entry], other: list[Entry]) -> None:
    if one != other:
        assert laid(one)[1] != laid(other)[1]


def test_only_the_line_that_was_changed_is_named() -> None:
    entries = [Entry(table="articles", key=(n,), why="made", now=prints([n, "title", None])) for n in range(1, 5)]
    block, digest = laid(entries)
    manifest = read(block.replace(b'"key":[2]', b'"key":[9]'))
    assert manifest.faults == ("line 3: its hash is wrong",)
    assert manifest.digest == digest


def test_the_construction_is_the_one_that_is_documented() -> None:
    block, digest = laid([Entry(table="articles", key=(1,), why="made", now=prints([1, "Möwe", None]))])
    chained = GENESIS
    for line in block.splitlines():
        said, _, told = line.rpartition(b',"hash":"')
        chained = hashlib.sha256(chained.encode() + said).hexdigest()
        assert told == chained.encode() + b'"}'
    assert chained == digest
    cells = [hashlib.sha256(value) for value in (b"i1", "tMöwe".encode(), b"n")]
    row = hashlib.sha256(b"".join(cell.digest() for cell in cells)).hexdigest()
    assert read(block).entries[0].now == prints([1, "Möwe", None])
    assert prints([1, "Möwe", None]).row == row


@given(st.lists(VALUES, min_size=3, max_size=3), st.integers(0, 2), VALUES)
def test_the_column_that_differs_is_named(values: list[object], at: int, other: object) -> None:
    changed = [*values[:at], other, *values[at + 1 :]]
    expected = [] if (type(values[at]), values[at]) == (type(other), other) else [COLUMNS[at]]
    assert differing(COLUMNS, prints(values).cells, prints(changed).cells) == expected
    assert (prints(values).row != prints(changed).row) is bool(expected)


@pytest.mark.parametrize("value", ["", "x", 0, 1, None])
def test_values_of_different_types_differ(value: object) -> None:
    others = [other for other in ("", "x", 0, 1, "0", "1", "n", None) if other is not value]
    assert prints([value]).row not in {prints([other]).row for other in others}
