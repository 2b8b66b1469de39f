import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import settings
from archive.errors import ConfigError

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=6,
)

GOOD: list[tuple[str, object]] = [
    ("feeds", ["https://one.example/feed?b=1&a=2"]),
    ("feeds", []),
    ("sitemaps", ["http://127.0.0.1:8000/sitemap.xml"]),
    ("include", ["/news/", "[0-9]{6}"]),
    ("exclude", []),
    ("delay", 0.5),
    ("delay", 0),
    ("revisit", ["30m", "1d"]),
    ("revisit", []),
    ("gone_confirm_seconds", 60),
    ("timezone", "Europe/Berlin"),
    ("timezone", "America/Port-au-Prince"),
    ("cookies_env", "ONE_COOKIES"),
    ("headers", {"Accept-Language": "de-CH, de;q=0.9"}),
]
BAD: list[tuple[str, object, str]] = [
    ("feeds", "https://one.example/feed", "list"),
    ("feeds", ["one.example/feed"], "http"),
    ("feeds", ["ftp://one.example/feed"], "http"),
    ("feeds", [5], "http"),
    ("feeds", ["https://me:secret@one.example/feed"], "password"),
    ("feeds", ["https://one.example/feed"] * 1_001, "too long"),
    ("sitemaps", [["https://one.example/"]], "http"),
    ("include", "/news/", "list"),
    ("include", ["(unclosed"], "regular expression"),
    ("include", [""], "empty"),
    ("exclude", ["a" * 1_001], "too long"),
    ("delay", -1, "seconds"),
    ("delay", True, "seconds"),
    ("delay", float("nan"), "seconds"),
    ("delay", "2s", "seconds"),
    ("delay", 3_601, "seconds"),
    ("revisit", "1h", "list"),
    ("revisit", ["soon"], "length of time"),
    ("gone_confirm_seconds", "1h", "seconds"),
    ("timezone", "Berlin", "IANA"),
    ("timezone", "../etc/passwd", "IANA"),
    ("timezone", 2, "IANA"),
    ("cookies_env", "session=abc; id=1", "environment"),
    ("headers", ["Accept: text/html"], "header"),
    ("headers", {"Accept Language": "de"}, "header"),
    ("headers", {"Accept": "text/html\r\nCookie: a=b"}, "printable"),
    ("headers", {"Accept": 1}, "printable"),
    ("headers", {"cookie": "a=b"}, "cookies_env"),
    ("headers", {"User-agent": "Mozilla/5.0"}, "USER_AGENT"),
    ("headers", {"Host": "other.example"}, "connection"),
    ("headers", {"If-None-Match": "x"}, "again"),
    ("headers", {"Accept": "a", "accept": "b"}, "twice"),
]


@pytest.mark.parametrize(("key", "value"), GOOD)
def test_a_good_value_is_kept_as_it_is(key: str, value: object) -> None:
    assert settings.checked(key, value) == value
    settings.settings_of({key: value})


@pytest.mark.parametrize(("key", "value", "says"), BAD)
def test_a_bad_value_is_refused_with_what_to_write(key: str, value: object, says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        settings.checked(key, value)
    with pytest.raises(ConfigError, match=f"setting {key}.*{says}"):
        settings.settings_of({key: value})


@given(st.sampled_from(sorted(settings.KEYS)), VALUES)
def test_only_config_errors_leave_and_what_is_taken_can_be_kept(key: str, value: object) -> None:
    with contextlib.suppress(ConfigError):
        kept = settings.checked(key, value)
        assert json.loads(json.dumps(kept)) == kept
        settings.settings_of({key: kept})


def test_what_is_not_ours_is_left_alone() -> None:
    assert settings.settings_of({"of a newer version": 1}) == settings.Settings()


@pytest.mark.parametrize("value", ["1h", "366d", "90s"])
def test_intervals(value: str) -> None:
    assert settings.interval_of(value)


@pytest.mark.parametrize("value", ["59s", "0m", "367d", "often", 6, None, True])
def test_what_is_no_interval(value: object) -> None:
    with pytest.raises(ConfigError):
        settings.interval_of(value)


@pytest.mark.parametrize(
    ("include", "exclude", "url", "wanted"),
    [
        ([], [], "https://one.example/a", True),
        (["/news/"], [], "https://one.example/news/a", True),
        (["/news/"], [], "https://one.example/shop/a", False),
        ([], ["/shop/"], "https://one.example/shop/a", False),
        (["/news/"], ["print=1$"], "https://one.example/news/a?print=1", False),
        (["/news/", "/sport/"], [], "https://one.example/sport/a", True),
    ],
)
def test_patterns_choose_articles(include: list[str], exclude: list[str], url: str, wanted: bool) -> None:
    assert settings.settings_of({"include": include, "exclude": exclude}).wants(url) is wanted
