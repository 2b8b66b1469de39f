"""What may be set of a source beside its address: each key, what it means, and whether a value is such a thing. Pure.

The table `sources` keeps settings as JSON (`sources.settings`), `newsarchive.toml` and `sources edit` name them by the
same keys. Whoever takes a value in has it checked here, and the crawl reads it here.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from types import MappingProxyType
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from archive.errors import ConfigError
from archive.models import CanonicalUrl
from archive.revisiting import MOST_SECONDS, ages_of
from archive.urls import canonical
from archive.when import length_of_time

NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
"""A source's name: it stands in commands, in file names and in addresses."""

LONGEST_DELAY_S = 3_600
MOST_ENTRIES = 1_000
"""Entries of one list, and characters of one pattern."""

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""The name of a header field (RFC 9110, 5.6.2)."""
_FIELD_VALUE = re.compile(r"[\x21-\x7e\x80-\xff](?:[\t\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OURS = MappingProxyType(
    {
        "cookie": "cookies_env names the environment variable that has it: a file is read by many",
        "user-agent": "it is the same for all sources, as robots.txt rules go by it: -s USER_AGENT=…",
        **dict.fromkeys(
            ("host", "connection", "content-length", "transfer-encoding", "te", "upgrade", "expect", "range"),
            "it belongs to the connection",
        ),
        **dict.fromkeys(
            ("if-none-match", "if-modified-since", "if-match", "if-unmodified-since", "if-range"),
            "it is sent where something is asked for again",
        ),
    }
)
"""Header fields that are not the operator's to set, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of one source, as a crawl goes by them."""

    feeds: tuple[str, ...] | None = None
    """The feeds to be read, in place of those that the site announces; None for those, empty for none."""
    sitemaps: tuple[str, ...] | None = None
    """Likewise the sitemaps, in place of those of robots.txt."""
    include: tuple[re.Pattern[str], ...] = ()
    """If there are any, an article's address has to match one."""
    exclude: tuple[re.Pattern[str], ...] = ()
    """None of them may match an article's address."""
    delay_s: float | None = None
    """Seconds between two requests; None for the crawler's own."""
    timezone: str | None = None
    """The IANA name of the zone in which the site gives times that bear none."""
    cookies_env: str | None = None
    """The environment variable that has the Cookie field for the site."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Fields that each request to the site bears."""

    def wants(self, url: str) -> bool:
        """Whether the patterns let an address be an article of the source. Raises: nothing."""
        if any(pattern.search(url) for pattern in self.exclude):
            return False
        return not self.include or any(pattern.search(url) for pattern in self.include)


def settings_of(kept: Mapping[str, object]) -> Settings:
    """The settings in a source's row; keys that are not ours are left alone (`archive.revisiting` has its own).

    Raises: ConfigError for a value that is none of its key, as somebody may have written into the row by hand.
    """
    told = {}
    for key in KEYS.keys() & kept.keys():
        try:
            told[key] = checked(key, kept[key])
        except ConfigError as error:
            raise ConfigError(f"the source's setting {key}: {error}") from error
    return Settings(
        feeds=_tuple(told.get("feeds")),
        sitemaps=_tuple(told.get("sitemaps")),
        include=tuple(re.compile(pattern) for pattern in _tuple(told.get("include")) or ()),
        exclude=tuple(re.compile(pattern) for pattern in _tuple(told.get("exclude")) or ()),
        delay_s=_number(told.get("delay")),
        timezone=_string(told.get("timezone")),
        cookies_env=_string(told.get("cookies_env")),
        headers=_mapping(told.get("headers")),
    )


def timezone_of(kept: Mapping[str, object]) -> str | None:
    """The setting `timezone` alone, where it is a zone. Raises: nothing."""
    timezone = kept.get("timezone")
    return timezone if isinstance(timezone, str) and timezone in _zones() else None


def checked(key: str, value: object) -> object:
    """The value of a setting as JSON keeps it. Raises ConfigError, which says what to write, for one that is none.

    `key` is one of `KEYS`.
    """
    return KEYS[key](value)


def is_field_value(text: str) -> bool:
    """Whether a text can be sent as the value of a header field (RFC 9110, 5.5). Raises: nothing."""
    return _FIELD_VALUE.fullmatch(text) is not None


def address_of(value: object) -> CanonicalUrl:
    """The address of a site or a list. Raises ConfigError for what is no http or https address."""
    url = canonical(value) if isinstance(value, str) else None
    if url is None or not isinstance(value, str):
        raise ConfigError(f"{value!r} is no address: write one that begins with http:// or https://")
    if "@" in urlsplit(value.strip()).netloc:
        raise ConfigError(f"{url} was written with a user name and password: they would be kept and shown with it")
    return url


def name_of(value: object) -> str:
    """A source's name. Raises ConfigError for what cannot be one."""
    if not isinstance(value, str) or not NAME.fullmatch(value):
        raise ConfigError(f"{value!r} cannot be a source's name: use lower case letters, digits and single hyphens")
    return value


def interval_of(value: object) -> timedelta:
    """How often a source is crawled. Raises ConfigError for what is no length of time from a minute to a year."""
    if not isinstance(value, str):
        raise ConfigError(f'{value!r} is no length of time: write it as "30m", "6h", "2d" or "3w"')
    every = length_of_time(value)
    if not timedelta(minutes=1) <= every <= timedelta(seconds=MOST_SECONDS):
        raise ConfigError(f'{value!r} is too short or too long: from "1m" to "366d"')
    return every


def _addresses(value: object) -> list[str]:
    """As they are written: a feed may be particular about its address."""
    if not isinstance(value, list):
        raise ConfigError(f'{value!r} is no list of addresses: write ["https://example.org/feed.xml"]')
    for url in _bounded(value):
        address_of(url)
    return [url.strip() for url in value]


def _patterns(value: object) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(pattern, str) for pattern in value):
        raise ConfigError(f'{value!r} is no list of regular expressions: write it as ["/sport/", "[?]page="]')
    for pattern in _bounded(value):
        try:
            re.compile(pattern)
        except re.error as error:
            raise ConfigError(f"{pattern!r} is no regular expression: {error}") from error
        if not pattern or len(pattern) > MOST_ENTRIES:
            raise ConfigError(f"{pattern[:50]!r} is empty or too long for a pattern")
    return value


def _delay(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= LONGEST_DELAY_S:
        raise ConfigError(f"{value!r} is no delay: write a number of seconds up to {LONGEST_DELAY_S}, such as 2 or 0.5")
    return value


def _revisit(value: object) -> object:
    ages_of({"revisit": [] if value is None else value})
    return value


def _confirm(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= MOST_SECONDS:
        raise ConfigError(f"{value!r} is no number of seconds")
    return value


def _timezone(value: object) -> str:
    if not isinstance(value, str) or value not in _zones():
        raise ConfigError(f'{value!r} is no time zone: write its IANA name, such as "Europe/Berlin"')
    return value


@cache
def _zones() -> frozenset[str]:
    """The zones that there are: hundreds of files, looked at once."""
    return frozenset(available_timezones())


def _cookies_env(value: object) -> str:
    if not isinstance(value, str) or not _VARIABLE.fullmatch(value):
        raise ConfigError(f"{value!r} is no name of an environment variable: the cookies themselves belong into that")
    return value


def _headers(value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        raise ConfigError(f'{value!r} are no header fields: write {{ Accept-Language = "de" }}')
    for name, text in value.items():
        if not _TOKEN.fullmatch(name):
            raise ConfigError(f"{name!r} is no name of a header field")
        if why := _OURS.get(name.lower()):
            raise ConfigError(f"{name} cannot be set here: {why}")
        if not isinstance(text, str) or not is_field_value(text):
            raise ConfigError(f"{text!r} cannot be sent as {name}: write printable characters")
    if len({name.lower() for name in value}) < len(value):
        raise ConfigError("a header field is named twice: upper and lower case are the same")
    return value


def _bounded(value: list[str]) -> list[str]:
    if len(value) > MOST_ENTRIES:
        raise ConfigError(f"a list of {len(value):,} entries is too long: {MOST_ENTRIES:,} at most")
    return value


def _tuple(value: object) -> tuple[str, ...] | None:
    return tuple(value) if isinstance(value, list) else None


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _string(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _mapping(value: object) -> Mapping[str, str]:
    return value if isinstance(value, dict) else {}


KEYS: Mapping[str, Callable[[object], object]] = MappingProxyType(
    {
        "feeds": _addresses,
        "sitemaps": _addresses,
        "include": _patterns,
        "exclude": _patterns,
        "delay": _delay,
        "revisit": _revisit,
        "gone_confirm_seconds": _confirm,
        "timezone": _timezone,
        "cookies_env": _cookies_env,
        "headers": _headers,
    }
)
"""What `sources.settings` may hold."""
