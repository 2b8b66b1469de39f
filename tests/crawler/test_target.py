"""Addresses as people write them, and which source or article they mean."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import SourceError
from archive.store import Database, open_archive, sources
from crawler.target import address, known, resolve


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    archive = open_archive(tmp_path / "news.db")
    yield archive
    archive.close()


@pytest.mark.parametrize(
    ("word", "url"),
    [
        ("example.org", "https://example.org/"),
        ("www.example.org/news", "https://www.example.org/news"),
        ("example.org:8443", "https://example.org:8443/"),
        ("localhost", "http://localhost/"),
        ("localhost:8000", "http://localhost:8000/"),
        ("127.0.0.1", "http://127.0.0.1/"),
        ("127.0.0.1:8000/news/", "http://127.0.0.1:8000/news/"),
        ("[::1]:8000", "http://[::1]:8000/"),
        ("bücher.example", "https://xn--bcher-kva.example/"),
        ("HTTPS://Example.ORG", "https://example.org/"),
        (" https://example.org/ ", "https://example.org/"),
        ("http://intranet/news/", "http://intranet/news/"),
        ("https://example.org/?utm_source=mail#top", "https://example.org/"),
        ("https://example.org/@author/", "https://example.org/@author/"),
    ],
)
def test_an_address_as_people_write_it(word: str, url: str) -> None:
    assert address(word) == url


@pytest.mark.parametrize("word", ["example", "ftp://example.org/", "https://", "http:/x", "", " ", "::1", "a b.c"])
def test_what_is_no_address(word: str) -> None:
    with pytest.raises(SourceError, match=r"no http\(s\) address"):
        address(word)


@pytest.mark.parametrize("word", ["https://me:secret@example.org/", "me:secret@example.org"])
def test_a_password_in_an_address_is_not_repeated(word: str) -> None:
    with pytest.raises(SourceError, match="HTTPAUTH_USER") as raised:
        address(word)
    assert "secret" not in str(raised.value)


@given(st.text(max_size=60))
def test_any_word_is_an_address_or_a_clear_error(word: str) -> None:
    with suppress(SourceError):
        assert address(word).startswith("http")


def test_a_host_is_one_source_however_it_is_written(db: Database) -> None:
    source = sources.add(db, url="https://www.example.org/")
    words = ("example.org", "http://example.org", "https://www.example.org/politics/", "www.example.org", "example")
    assert {resolve(db, word).source.id for word in words} == {source.id}
    assert len(sources.every(db)) == 1


def test_another_host_of_a_known_site_is_a_source_of_its_own(db: Database) -> None:
    sources.add(db, url="https://www.example.org/")
    target = resolve(db, "https://blog.example.org/")
    assert target.is_new
    assert target.source.url == "https://blog.example.org/"


def test_an_article_belongs_to_its_site(db: Database) -> None:
    source = sources.add(db, url="https://www.example.org/")
    target = resolve(db, "https://example.org/2026/11/09/the-story-of-the-day.html?utm_source=mail")
    assert target.source == source
    assert target.only == "https://example.org/2026/11/09/the-story-of-the-day.html"


def test_an_article_of_an_unknown_site_makes_the_site_a_source(db: Database) -> None:
    target = resolve(db, "example.org/2026/11/09/the-story-of-the-day.html")
    assert (target.is_new, target.source.url) == (True, "https://example.org/")


def test_a_source_is_known_by_name_and_by_address(db: Database) -> None:
    source = sources.add(db, url="https://www.example.org/", name="courier")
    assert {known(db, word).id for word in ("courier", "example.org", "https://www.example.org")} == {source.id}
    with pytest.raises(SourceError, match="no source 'nobody'"):
        known(db, "nobody")
