"""Content codings taken off, whatever a server has made of them."""

import gzip
import sys
import zlib
from random import Random

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.codings import taken_off

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

CHANCE = Random(1)  # noqa: S311  # any text that cannot be made very short
TEXT = b" ".join(str(CHANCE.random()).encode() for _ in range(40_000))
PACKED = {
    "gzip": gzip.compress(TEXT),
    "x-gzip": gzip.compress(TEXT),
    "deflate": zlib.compress(TEXT),
    "br": brotli.compress(TEXT, quality=1),
    "zstd": zstd.compress(TEXT),
}
ALL = 10**7


@pytest.mark.parametrize("coding", PACKED)
def test_each_coding_is_taken_off(coding: str) -> None:
    assert taken_off(PACKED[coding], coding, ALL) == TEXT
    assert taken_off(PACKED[coding], coding.upper(), 1_000) == TEXT[:1_000]


def test_deflate_without_its_frame_is_known_too() -> None:
    assert taken_off(zlib.compress(TEXT)[2:-4], "deflate", ALL) == TEXT


def test_the_last_coding_named_comes_off_first() -> None:
    assert taken_off(gzip.compress(brotli.compress(TEXT, quality=1)), "br, gzip", ALL) == TEXT


def test_what_has_no_coding_or_an_unknown_one_stays_as_it_is() -> None:
    assert taken_off(TEXT, None, ALL) == TEXT
    assert taken_off(TEXT, "identity", ALL) == TEXT
    assert taken_off(gzip.compress(TEXT), "sdch, gzip", ALL) == TEXT
    assert taken_off(TEXT, None, 10) == TEXT[:10]


@pytest.mark.parametrize("coding", PACKED)
def test_what_is_not_coded_as_it_is_said_to_be_stays_as_it_is(coding: str) -> None:
    page = b"<!DOCTYPE html><html><body>plain</body></html>"
    assert taken_off(page, coding, ALL) == page


@pytest.mark.parametrize("coding", PACKED)
def test_of_what_was_cut_off_or_damaged_the_beginning_is_kept(coding: str) -> None:
    cut = taken_off(PACKED[coding][:-50_000], coding, ALL)
    assert len(cut) > 100_000
    assert TEXT.startswith(cut)
    damaged = bytearray(PACKED[coding])
    damaged[-50_000] ^= 0xFF
    found = taken_off(bytes(damaged), coding, ALL)
    assert found[:100_000] == TEXT[:100_000]


def test_a_wrong_checksum_costs_nothing() -> None:
    wrong = bytearray(PACKED["gzip"])
    wrong[-6] ^= 0xFF
    assert taken_off(bytes(wrong), "gzip", ALL) == TEXT


def test_members_are_joined_and_padding_is_nothing() -> None:
    assert taken_off(PACKED["gzip"] * 2, "gzip", ALL) == TEXT * 2
    assert taken_off(PACKED["gzip"] + b"\0" * 512, "gzip", ALL) == TEXT
    assert taken_off(PACKED["zstd"] * 2, "zstd", ALL) == TEXT * 2


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_of_a_bomb_no_more_than_wanted_is_unpacked(coding: str) -> None:
    packed = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress, "zstd": zstd.compress}[coding]
    assert taken_off(packed(b"\0" * 30_000_000), coding, 1_000) == b"\0" * 1_000


@given(st.binary(max_size=300), st.text(max_size=20) | st.sampled_from([*PACKED, "gzip, br", "zstd,deflate"]))
def test_nothing_is_ever_raised(body: bytes, codings: str) -> None:
    assert len(taken_off(body, codings, 1_000)) <= 1_000


@given(st.data(), st.sampled_from(list(PACKED)))
def test_nor_by_damage_in_what_is_coded(data: st.DataObject, coding: str) -> None:
    body = bytearray(PACKED[coding][:5_000])
    body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    assert len(taken_off(bytes(body), coding, ALL)) <= ALL
