"""One bit of a WARC file that is not as it was is found, wherever it is; and the record that it is in is named."""

from contextlib import closing

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.integrity import Finding, Scope
from archive.integrity.files import check_files
from archive.store import captures, open_archive
from archive.warc.reading import members
from tests.archive.integrity.shelves import STORIES, Shelf


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """Two crawls; the second one has copies, which are revisits."""
    made = Shelf(tmp_path_factory.mktemp("files") / "news.db")
    long = "\n\n".join(f"Paragraph {n} of a page that is worth a revisit record." for n in range(20))
    made.crawl({**STORIES, "2026/long": ("A long page", long)})
    made.crawl({"2026/long": ("A long page", long)})
    return made


def found(shelf: Shelf) -> list[Finding]:
    with closing(open_archive(shelf.path, readonly=True)) as db:
        return list(check_files(Scope(db=db, directory=shelf.directory)))


def with_bit(shelf: Shelf, at: int, bit: int) -> list[Finding]:
    whole = shelf.warc.read_bytes()
    flipped = bytearray(whole)
    flipped[at] ^= 1 << bit
    try:
        shelf.warc.write_bytes(flipped)
        return found(shelf)
    finally:
        shelf.warc.write_bytes(whole)


@given(data=st.data())
@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bit_that_flips_is_found(sealed: Shelf, data: st.DataObject) -> None:
    size = sealed.warc.stat().st_size
    wrong = with_bit(sealed, data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, 7)))
    assert [finding for finding in wrong if not finding.is_note]


def test_every_bit_of_a_members_header_is_looked_at(sealed: Shelf) -> None:
    *_, last = members(sealed.warc)
    assert found(sealed) == []
    for at in range(10):
        for bit in range(8):
            assert with_bit(sealed, last.offset + at, bit), (at, bit)


def test_the_record_is_named_that_a_bit_is_in(sealed: Shelf) -> None:
    with closing(open_archive(sealed.path, readonly=True)) as db:
        rows = list(captures.in_file(db, sealed.warc.name))
    for row in rows:
        assert row.place is not None
        wrong = with_bit(sealed, row.place.offset + row.place.length // 2, 3)
        named = f"{sealed.warc.name}, byte {row.place.offset}"
        assert [finding for finding in wrong if finding.where.startswith(named) and row.url in finding.what], wrong
        others = [other for other in rows if other is not row]
        assert not [finding for finding in wrong for other in others if f"captures {other.id} " in finding.what]


def test_a_file_that_is_gone_or_shorter_is_named(shelf: Shelf) -> None:
    path, data = shelf.warc, shelf.warc.read_bytes()
    path.write_bytes(data[:-40])
    assert any(f"ends at byte {len(data) - 40:,}" in finding for finding in shelf.wrong())
    path.unlink()
    assert f"{path.name}: is missing, and with it the records of 3 responses" in shelf.wrong()


def test_a_record_that_no_row_knows_is_named(shelf: Shelf) -> None:
    shelf.edit("DELETE FROM captures WHERE id = 2", "UPDATE revisions SET capture_id = 1 WHERE capture_id = 2")
    assert any("holds a response that the database does not know" in finding for finding in shelf.wrong())


def test_a_row_whose_record_is_another_is_named(shelf: Shelf) -> None:
    shelf.edit("UPDATE captures SET record_id = 'urn:uuid:0' WHERE id = 1")
    shelf.edit("UPDATE captures SET payload_sha256 = 'ab' WHERE id = 2")
    shelf.edit("UPDATE captures SET warc_offset = warc_offset + 1 WHERE id = 3")
    wrong = " ".join(shelf.wrong())
    assert "is another record than the row says" in wrong
    assert "has another payload than the row's payload_sha256" in wrong
    assert "captures 3 (https://courier.example/2026/bridge): has no record at" in wrong


@pytest.mark.parametrize("tail", [b"\x1f\x8b\x08", b"whatever"])
def test_what_a_killed_crawl_left_is_worth_a_word(shelf: Shelf, tail: bytes) -> None:
    with shelf.warc.open("ab") as file:
        file.write(tail)
    (note,) = shelf.verify()
    assert note.is_note
    assert note.what == f"{len(tail)} bytes after the last record that the database knows"
