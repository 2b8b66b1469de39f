import gzip
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.payload import decoded, in_utf8, is_html, unpacked

TEXT = b"<urlset>" + bytes(range(32, 127)) * 3_000


def test_plain_bytes_stay_as_they_are() -> None:
    assert unpacked(TEXT, 10**6) == (TEXT, None)


def test_gzip_is_told_by_its_first_bytes() -> None:
    assert unpacked(gzip.compress(TEXT), 10**6) == (TEXT, None)


def test_gzip_in_gzip_and_several_members_are_unpacked() -> None:
    assert unpacked(gzip.compress(gzip.compress(TEXT)), 10**6) == (TEXT, None)
    assert unpacked(gzip.compress(TEXT) + gzip.compress(b"end"), 10**6) == (TEXT + b"end", None)


def test_zeros_after_a_gzip_file_are_padding() -> None:
    assert unpacked(gzip.compress(TEXT) + b"\0" * 512, 10**6) == (TEXT, None)


def test_a_gzip_bomb_is_left_at_the_limit() -> None:
    body, error = unpacked(gzip.compress(b"\0" * 20_000_000), 1_000)
    assert len(body) == 1_000
    assert error == "longer than 1,000 bytes unpacked; the rest was left"


def test_of_a_truncated_gzip_file_the_beginning_is_kept() -> None:
    packed = gzip.compress(TEXT)
    body, error = unpacked(packed[: len(packed) // 2], 10**6)
    assert TEXT.startswith(body)
    assert body
    assert error == "gzip cut off"


def test_of_a_damaged_gzip_file_what_is_before_the_damage_is_kept() -> None:
    noise = Random(1).randbytes(100_000)  # noqa: S311 — any bytes that gzip cannot shorten
    packed = bytearray(gzip.compress(noise))
    packed[40_000:40_100] = b"\xff" * 100
    body, error = unpacked(bytes(packed), 10**6)
    assert len(body) >= 30_000
    assert noise.startswith(body[:30_000])
    assert error is not None
    assert error.startswith("damaged gzip")


def test_plain_bytes_have_the_same_limit() -> None:
    assert unpacked(b"abcdef", 3) == (b"abc", "longer than 3 bytes; the rest was left")


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("<a>Zürich – «ё»</a>".encode(), None),
        ("<a>Zürich – «ё»</a>".encode(), "text/xml; charset=iso-8859-1"),
        ("\ufeff<a>Zürich – «ё»</a>".encode(), None),
        ("<a>Zürich – «ё»</a>".encode("utf-16"), "text/xml; charset=utf-8"),
        ("<?xml version='1.0' encoding='utf-16'?><a>Zürich – «ё»</a>".encode(), None),
    ],
)
def test_unicode_is_recognised_whatever_the_label(body: bytes, content_type: str | None) -> None:
    assert "<a>Zürich – «ё»</a>" in decoded(body, content_type)
    assert "<a>Zürich – «ё»</a>".encode() in in_utf8(body, content_type)


@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [
        ("<?xml version='1.0' encoding='windows-1251'?>Москва".encode("cp1251"), None, "Москва"),
        ("Москва".encode("koi8-r"), "text/plain; charset=koi8-r", "Москва"),
        (b"<?xml version='1.0' encoding='utf-8'?>caf\xe9 \x93x\x94", None, "café “x”"),
        (b"<?xml version='1.0' encoding='klingon'?>caf\xe9", "text/xml; charset=us-ascii", "café"),
    ],
)
def test_other_encodings_are_as_declared_or_western(body: bytes, content_type: str | None, expected: str) -> None:
    assert decoded(body, content_type).endswith(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<!DOCTYPE html><html>", True),
        ("\n <html lang='en'>", True),
        ("<?xml version='1.0'?>\n<!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.0 Strict//EN'>", True),
        ("<!-- cached --><body>", True),
        ("<?xml version='1.0'?><urlset>", False),
        ("<htmlish>", False),
        ("<rss><title>&lt;html&gt;</title>", False),
    ],
)
def test_html_pages_are_told_from_xml(text: str, *, expected: bool) -> None:
    assert is_html(text) is expected


@given(st.binary(), st.none() | st.text(), st.integers(0, 1_000))
def test_any_bytes_are_made_readable(body: bytes, content_type: str | None, limit: int) -> None:
    assert len(unpacked(body, limit)[0]) <= limit
    assert len(unpacked(b"\x1f\x8b\x08\x00" + body, limit)[0]) <= limit
    decoded(body, content_type).encode("utf-8", "surrogatepass")
    in_utf8(body, content_type).decode("utf-8")
