"""WARC files of other programs are read: however compressed, of either version, and past what is damaged."""

import gzip
import io
import random
import struct
import sys
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.warc.foreign import Damage, Found, NotWarcError, records
from archive.warc.inflating import BEGINNING, BLOCK

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

URLS = [f"https://courier.example/news/{number}" for number in range(6)]


def block_of(url: str) -> bytes:
    text = random.Random(url).randbytes(700).hex()  # noqa: S311  # hard to compress, and always the same
    return f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>{text}</p>".encode()


def record_of(url: str, *, version: str = "1.0", more: str = "") -> bytes:
    block = block_of(url)
    head = f"WARC/{version}\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2026-11-25T10:30:00Z\r\n"
    head += f"WARC-Record-ID: <urn:uuid:{url[-1]}>\r\n{more}Content-Length: {len(block)}\r\n\r\n"
    return head.encode() + block + b"\r\n\r\n"


RECORDS = [record_of(url) for url in URLS]
LENGTH = b"Content-Length: %d" % len(block_of(URLS[0]))


def dictionary() -> zstd.ZstdDict:
    chance = random.Random(1)  # noqa: S311  # words, not secrets
    samples = [b" ".join(chance.choices([b"WARC/1.0", b"response", b"https", b"news"], k=200)) for _ in range(100)]
    return zstd.train_dict(samples, 4_096)


DICTIONARY = dictionary()


def dictionary_frame(content: bytes) -> bytes:
    return struct.pack("<II", 0x184D2A5D, len(content)) + content


def with_dictionary(frame: bytes) -> bytes:
    return dictionary_frame(frame) + b"".join(zstd.compress(record, zstd_dict=DICTIONARY) for record in RECORDS)


WAYS: dict[str, Callable[[], bytes]] = {
    "plain": lambda: b"".join(RECORDS),
    "gzip a record": lambda: b"".join(map(gzip.compress, RECORDS)),
    "one gzip over all": lambda: gzip.compress(b"".join(RECORDS)),
    "gzip in blocks": lambda: b"".join(
        gzip.compress(b"".join(RECORDS)[at : at + 100]) for at in range(0, sum(map(len, RECORDS)), 100)
    ),
    "zstd a record": lambda: b"".join(map(zstd.compress, RECORDS)),
    "one zstd over all": lambda: zstd.compress(b"".join(RECORDS)),
    "zstd with a dictionary": lambda: with_dictionary(DICTIONARY.dict_content),
    "zstd with a compressed dictionary": lambda: with_dictionary(zstd.compress(DICTIONARY.dict_content)),
}


def read(data: bytes) -> list[Found | Damage]:
    return list(records(io.BytesIO(data)))


def urls(found: list[Found | Damage]) -> list[str]:
    return [one.url for one in found if isinstance(one, Found)]


def damages(found: list[Found | Damage]) -> list[str]:
    return [one.what for one in found if isinstance(one, Damage)]


@pytest.mark.parametrize("way", WAYS)
def test_every_record_comes_as_it_is(way: str) -> None:
    found = read(WAYS[way]())
    assert [one.whole for one in found if isinstance(one, Found)] == RECORDS
    assert [one.block for one in found if isinstance(one, Found)] == [block_of(url) for url in URLS]
    assert damages(found) == []


@pytest.mark.parametrize("way", WAYS)
def test_reading_goes_on_at_any_record(way: str) -> None:
    data = WAYS[way]()
    found = [one for one in read(data) if isinstance(one, Found)]
    for number, one in enumerate(found, 1):
        assert urls(list(records(io.BytesIO(data), one.ends))) == URLS[number:]
        assert urls(list(records(io.BytesIO(data), one.place))) == URLS[number - 1 :]


@pytest.mark.parametrize("way", [way for way in WAYS if way != "one zstd over all"])  # a block of it is all we have
def test_a_torn_file_gives_what_is_whole(way: str) -> None:
    data = WAYS[way]()
    found = read(data[: len(data) * 3 // 4])
    assert urls(found) == URLS[: len(urls(found))]
    assert damages(found) == ["the file ends in the middle of a record"]


@pytest.mark.parametrize("way", ["gzip a record", "zstd a record", "zstd with a dictionary"])
def test_damage_costs_the_record_that_it_is_in(way: str) -> None:
    data = bytearray(WAYS[way]())
    third = [one for one in read(bytes(data)) if isinstance(one, Found)][2]
    for at in range(third.place.member, third.ends.member):
        damaged = data.copy()
        damaged[at] ^= 0x55
        found = read(bytes(damaged))
        missing = set(URLS) - set(urls(found))
        if way == "gzip a record" and at - third.place.member not in range(3, 10):  # flags and time: no checksum
            assert missing == {URLS[2]}
        assert missing <= {URLS[2]}


def test_damage_without_compression_costs_one_record() -> None:
    data = b"".join(RECORDS)
    at = data.index(b"Content-Length", len(RECORDS[0]) * 2)
    found = read(data[:at] + b"Xontent" + data[at + 7 :])
    assert urls(found) == [url for url in URLS if url != URLS[2]]
    assert damages(found) == ["a record without its length"]


@pytest.mark.parametrize("size", [b"1", b"100000"])
@pytest.mark.parametrize("compressed", [gzip.compress, zstd.compress, bytes])
def test_a_wrong_length_costs_at_most_one_more_record(size: bytes, compressed: Callable[[bytes], bytes]) -> None:
    lying = RECORDS[2].replace(LENGTH, b"Content-Length: " + size)
    assert lying != RECORDS[2]
    found = read(b"".join(map(compressed, [*RECORDS[:2], lying, *RECORDS[3:]])))
    if compressed is not bytes or size == b"1":
        assert set(URLS) - set(urls(found)) <= {URLS[2]}
    assert damages(found)


def test_a_wrong_digest_is_noticed() -> None:
    right = record_of(URLS[0], more="WARC-Block-Digest: sha1:2JS5AWFYYD5ALRYJ66EGJQZYVFCZSCV7\r\n")
    (found,) = read(right)
    assert isinstance(found, Found)
    assert found.damaged()
    (unknown,) = read(record_of(URLS[0], more="WARC-Block-Digest: crc:12\r\n"))
    assert isinstance(unknown, Found)
    assert not unknown.damaged()


def test_a_huge_record_is_passed_over_in_little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.warc.foreign.LIMIT", 2_000)
    huge = RECORDS[1].replace(LENGTH, b"Content-Length: 5000").rstrip() + b"x" * (5_000 - len(block_of(URLS[1])))
    found = read(b"".join(map(gzip.compress, [RECORDS[0], huge, RECORDS[2]])))
    assert [one.too_large for one in found if isinstance(one, Found)] == [False, True, False]


@pytest.mark.parametrize(
    "data", [b"", b"\x89PNG\r\n\x1a\n" + bytes(1000), b"<html></html>" * 100, gzip.compress(b"x" * BLOCK)]
)
def test_what_is_no_warc_file_is_refused(data: bytes) -> None:
    with pytest.raises(NotWarcError, match="no WARC file"):
        read(data)


def test_an_arc_file_is_read() -> None:
    block = block_of(URLS[0])
    data = b"filedesc://a.arc 127.0.0.1 20090102030405 text/plain 20\n1 0 InternetArchive\n\n\n"
    data = data.replace(b"plain 20", b"plain 21") + b"\n"
    data += f"{URLS[0]} 127.0.0.1 20090102030405 text/html {len(block)}\n".encode() + block + b"\n"
    found = [one for one in read(data) if isinstance(one, Found)]
    assert [(one.kind, one.url) for one in found][-1] == ("response", URLS[0])
    assert found[-1].fields["warc-date"] == "2009-01-02T03:04:05Z"
    assert found[-1].id == [one for one in read(gzip.compress(data)) if isinstance(one, Found)][-1].id


def test_what_warcio_writes_is_read() -> None:
    file = io.BytesIO()
    writer = WARCWriter(file, gzip=True)
    info = writer.create_warcinfo_record("x.warc.gz", {"software": "warcio"})
    writer.write_record(info)
    info.raw_stream.close()
    headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
    record = writer.create_warc_record(URLS[0], "response", io.BytesIO(b"<p>1</p>"), http_headers=headers)
    writer.write_record(record)
    record.raw_stream.close()
    found = read(file.getvalue())
    assert [one.kind for one in found if isinstance(one, Found)] == ["warcinfo", "response"]
    assert not any(one.damaged() for one in found if isinstance(one, Found))


def test_the_copy_is_the_record_with_our_note() -> None:
    (found,) = read(record_of(URLS[0], more='WARC-JSON-Metadata: {"a":1}\r\n'))
    assert isinstance(found, Found)
    (copy,) = read(found.noted(b'{"b":2}'))
    assert isinstance(copy, Found)
    assert copy.fields == found.fields | {"warc-json-metadata": '{"b":2}'}
    assert copy.block == found.block
    assert copy.id == found.id


class Pipe(io.RawIOBase):
    """Bytes that come but once, as on stdin."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self._data = io.BytesIO(data)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return self._data.read(size)


@pytest.mark.parametrize("way", WAYS)
def test_a_pipe_is_read_as_well(way: str) -> None:
    assert urls(list(records(Pipe(WAYS[way]())))) == URLS  # type: ignore[arg-type]  # of BinaryIO what is needed


def test_a_pipe_is_read_past_damage() -> None:
    data = bytearray(WAYS["gzip a record"]())
    third = [one for one in read(bytes(data)) if isinstance(one, Found)][2]
    data[third.place.member + 40] ^= 0x55
    found = list(records(Pipe(bytes(data))))  # type: ignore[arg-type]  # of BinaryIO what is needed
    assert urls(found) == [url for url in URLS if url != URLS[2]]


@given(st.binary(max_size=400))
def test_no_bytes_break_it(data: bytes) -> None:
    for beginning in (b"", RECORDS[0], gzip.compress(RECORDS[0]), zstd.compress(RECORDS[0]), b"\x5d\x2a\x4d\x18"):
        try:
            found = read(beginning + data)
        except NotWarcError:
            continue
        assert all(one.id and one.noted(b"{}") for one in found if isinstance(one, Found))


def test_the_beginning_is_the_beginning() -> None:
    (first, *_) = read(WAYS["gzip a record"]())
    assert isinstance(first, Found)
    assert first.place == BEGINNING
