"""What is written is read back as it came, by us and by others; and a killed writer leaves nothing unreadable."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from archive.models import Exchange
from archive.warc.reading import DamagedError, TornError, members, read
from archive.warc.records import IDENTICAL_PAYLOAD, Original, parse
from archive.warc.writing import Author, WarcWriter, Written

AT = datetime(2026, 11, 25, 10, 30, tzinfo=UTC)
AUTHOR = Author(key="courier/1", lines={"software": "newsarchive", "isPartOf": "courier"})
PAGE = "<html><body><p>Die Fähre fährt wieder.</p></body></html>".encode()


def exchange(url: str = "https://courier.example/a?b=c", payload: bytes = PAGE, **values: object) -> Exchange:
    answer: dict[str, object] = {
        "status": 200,
        "reason": "OK",
        "request_headers": ((b"User-Agent", b"newsarchive"), (b"Cookie", b"secret=1")),
        "headers": ((b"Content-Type", b"text/html"), (b"X-Odd", "Fähre".encode("latin-1")), (b"Set-Cookie", b"a=1")),
        **values,
    }
    return Exchange(url=url, fetched_at=AT, payload=payload, **answer)  # type: ignore[arg-type]  # checked at run time


def writer(directory: Path, known: dict[str, int] | None = None, max_bytes: int = 1_000_000) -> WarcWriter:
    return WarcWriter(directory, end_of=(known or {}).get, max_bytes=max_bytes)


def end(written: Written) -> int:
    return written.place.offset + written.place.length


def test_a_response_is_read_back_as_it_came(tmp_path: Path) -> None:
    warc = writer(tmp_path / "news.warc")
    written = warc.exchange(AUTHOR, exchange(), note={"page": True})
    warc.close()
    record = read(tmp_path / "news.warc", written.place)
    assert (record.kind, record.id, record.url, record.date) == ("response", written.record_id, exchange().url, AT)
    assert (record.status, record.payload, record.body, record.whole, record.sound) == (200, PAGE, PAGE, True, True)
    assert record.header("x-odd") == "Fähre"
    assert record.note == {"page": True}


def test_other_programs_read_it_and_find_its_digests_right(tmp_path: Path) -> None:
    warc = writer(tmp_path)
    warc.exchange(AUTHOR, exchange())
    warc.close()
    (path,) = tmp_path.iterdir()
    kinds = []
    with path.open("rb") as file:
        for record in ArchiveIterator(file, check_digests=True):
            record.content_stream().read()
            assert record.digest_checker.passed
            kinds.append(record.rec_type)
    assert kinds == ["warcinfo", "request", "response"]


def test_what_gives_access_is_not_kept(tmp_path: Path) -> None:
    warc = writer(tmp_path)
    warc.exchange(AUTHOR, exchange())
    warc.close()
    (path,) = tmp_path.iterdir()
    assert b"secret" not in b"".join(member.data for member in members(path))


def test_a_payload_that_is_kept_already_becomes_a_revisit(tmp_path: Path) -> None:
    warc = writer(tmp_path)
    first = warc.exchange(AUTHOR, exchange())
    original = Original(record_id=first.record_id, url=exchange().url, fetched_at=AT)
    again = read(tmp_path, warc.exchange(AUTHOR, exchange(), original=original).place)
    warc.close()
    assert (again.kind, again.refers_to(), again.payload) == ("revisit", first.record_id, b"")
    assert again.fields["warc-profile"] == IDENTICAL_PAYLOAD
    assert again.header("Content-Type") == "text/html"


def test_a_full_file_is_followed_by_another(tmp_path: Path) -> None:
    warc = writer(tmp_path, max_bytes=2_000)
    places = [warc.exchange(AUTHOR, exchange(payload=bytes([n]) * 5_000)).place for n in range(12)]
    warc.close()
    files = sorted(tmp_path.iterdir())
    assert len(files) > 1
    assert all(next(members(path)).data.startswith(b"WARC/1.1\r\nWARC-Type: warcinfo") for path in files)
    assert [read(tmp_path, place).payload[0] for place in places] == list(range(12))


def test_the_next_process_goes_on_in_the_same_file(tmp_path: Path) -> None:
    first = writer(tmp_path)
    written = first.exchange(AUTHOR, exchange())
    first.close()
    second = writer(tmp_path, {written.place.file: end(written)})
    assert second.tails == ()
    assert second.exchange(AUTHOR, exchange()).place.file == written.place.file
    second.close()


def test_two_processes_write_to_two_files(tmp_path: Path) -> None:
    first, second = writer(tmp_path), writer(tmp_path)
    assert first.exchange(AUTHOR, exchange()).place.file != second.exchange(AUTHOR, exchange()).place.file
    first.close()
    second.close()


def test_a_writer_killed_at_any_byte_leaves_whole_records_and_a_tail_that_is_cut(tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    warc = writer(whole)
    known = warc.exchange(AUTHOR, exchange())
    last = warc.exchange(AUTHOR, exchange(payload=PAGE * 3))
    warc.close()
    data = (whole / known.place.file).read_bytes()
    boundaries = {member.offset for member in members(whole / known.place.file)} | {end(last)}
    for size in range(end(known), end(last) + 1):
        directory = tmp_path / str(size)
        directory.mkdir()
        (directory / known.place.file).write_bytes(data[:size])
        again = writer(directory, {known.place.file: end(known)})
        assert sum(tail.cut for tail in again.tails) == size - max(b for b in boundaries if b <= size)
        after = again.exchange(AUTHOR, exchange()).place
        again.close()
        assert after.file == known.place.file
        assert [parse(m.data, limit=1_000).sound for m in members(directory / after.file)].count(False) == 0


def test_what_a_power_cut_took_is_not_written_over(tmp_path: Path) -> None:
    warc = writer(tmp_path)
    written = warc.exchange(AUTHOR, exchange())
    warc.close()
    path = tmp_path / written.place.file
    path.write_bytes(path.read_bytes()[: written.place.offset])
    again = writer(tmp_path, {written.place.file: end(written)})
    assert again.exchange(AUTHOR, exchange()).place.file != written.place.file
    again.close()


def test_damage_is_no_torn_tail_and_nothing_is_cut_or_added(tmp_path: Path) -> None:
    warc = writer(tmp_path)
    written = warc.exchange(AUTHOR, exchange())
    warc.close()
    path = tmp_path / written.place.file
    damaged = bytearray(path.read_bytes())
    damaged[written.place.offset + 60] ^= 0x10
    path.write_bytes(damaged)
    with pytest.raises(DamagedError, match=f"byte {written.place.offset}"):
        read(tmp_path, written.place)
    again = writer(tmp_path, {})
    assert again.exchange(AUTHOR, exchange()).place.file != written.place.file
    again.close()
    assert path.read_bytes() == damaged


def test_a_torn_end_is_told_from_damage(tmp_path: Path) -> None:
    warc = writer(tmp_path)
    written = warc.exchange(AUTHOR, exchange())
    warc.close()
    path = tmp_path / written.place.file
    path.write_bytes(path.read_bytes()[:-5])
    with pytest.raises(TornError) as error:
        list(members(path))
    assert (error.value.offset, error.value.size) == (written.place.offset, path.stat().st_size)
