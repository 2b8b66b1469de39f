from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.urls import MAX_URL_LENGTH
from crawler.discovery.addresses import absolute

BASE = "https://news.example/world/index.html"


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("https://other.example/a", "https://other.example/a"),
        ("/a?b=1&c=2", "https://news.example/a?b=1&c=2"),
        ("a.html", "https://news.example/world/a.html"),
        ("//cdn.example/a", "https://cdn.example/a"),
        ("  https://news.example/a\n", "https://news.example/a"),
        ("https://news.example/a\n   b", "https://news.example/a   b"),
        ("https://news.example/می‌شود", "https://news.example/می‌شود"),
        ("https://news.example/a?", "https://news.example/a?"),
        ("HTTPS://NEWS.example/A", "https://NEWS.example/A"),
    ],
)
def test_addresses_are_resolved_and_otherwise_as_written(href: str, expected: str) -> None:
    assert absolute(href, BASE) == expected


@pytest.mark.parametrize(
    "href",
    [
        "",
        " \n",
        "javascript:alert(1)",
        "mailto:desk@news.example",
        "data:text/html,x",
        "ftp://news.example/a",
        "http://",
        "http:///a",
        "http://[::1",
        "http://news.example:port/",
        "http://news.example:99999/",
        "/" + "a" * MAX_URL_LENGTH,
        "https://news.example/" + "a" * 1_000_000,
    ],
)
def test_what_is_no_web_address_is_none(href: str) -> None:
    assert absolute(href, BASE) is None


def test_control_characters_and_lone_surrogates_never_get_into_an_address() -> None:
    assert absolute("/a\x00b\ud800c\x85", BASE) == "https://news.example/abc"


def test_relative_address_without_a_base_is_none() -> None:
    assert absolute("/a", "") is None


@given(st.text(max_size=200), st.text(max_size=50))
def test_any_text_gives_an_http_address_or_none(href: str, base: str) -> None:
    url = absolute(href, base)
    assert url is None or (urlsplit(url).scheme in ("http", "https") and urlsplit(url).hostname)
