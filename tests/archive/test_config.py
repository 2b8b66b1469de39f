import contextlib
import tomllib
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.config import Config, ConfiguredSource, load
from archive.errors import ConfigError
from archive.models import CanonicalUrl
from archive.settings import KEYS


def test_defaults() -> None:
    assert Config.from_environment({}) == Config(db=Path("news.db"), contact=None)


def test_environment() -> None:
    environ = {"NEWSARCHIVE_DB": "/srv/a.db", "NEWSARCHIVE_CONTACT": "desk@example.org"}
    assert Config.from_environment(environ) == Config(db=Path("/srv/a.db"), contact="desk@example.org")


def test_an_empty_variable_is_not_set() -> None:
    assert Config.from_environment({"NEWSARCHIVE_DB": " "}).db == Path("news.db")


GOOD = """\
[defaults]
every = "6h"
delay = 2
headers = { Accept-Language = "de" }

[[source]]
url = "HTTPS://www.Lantern.example"
name = "lantern"
title = "The Harbour Lantern"
country = "DE"
language = "de"
feeds = ["https://www.lantern.example/feed"]
sitemaps = []
exclude = ["/shop/"]
revisit = ["1h"]

[[source]]
url = "https://courier.example/"
every = "1d"
enabled = false
headers = { }
"""


def written(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "newsarchive.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def faults(tmp_path: Path, text: str | bytes) -> list[str]:
    """What is said of a file, without its directory."""
    path = written(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert caught.value.exit_code == 2
    return str(caught.value).replace(f"{tmp_path}/", "").splitlines()


def test_sources_are_loaded_with_the_defaults(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD)
    lantern, courier = load(path)
    assert lantern == ConfiguredSource(
        where=f"{path}:6",
        url=CanonicalUrl("https://www.lantern.example/"),
        name="lantern",
        title="The Harbour Lantern",
        country="DE",
        language="de",
        every=timedelta(hours=6),
        settings={
            "feeds": ["https://www.lantern.example/feed"],
            "sitemaps": [],
            "exclude": ["/shop/"],
            "delay": 2,
            "revisit": ["1h"],
            "headers": {"Accept-Language": "de"},
        },
    )
    assert (courier.name, courier.every, courier.enabled) == (None, timedelta(days=1), False)
    assert courier.settings == {"delay": 2, "headers": {}}


def test_a_byte_order_mark_and_windows_line_ends_are_no_fault(tmp_path: Path) -> None:
    assert len(load(written(tmp_path, b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode()))) == 2


def test_all_faults_are_told_at_once_by_line(tmp_path: Path) -> None:
    text = """\
[defualts]
every = "6h"
[defaults]
evrey = "6h"
url = "https://one.example/"
[[source]]
name = "Lantern"
[[source]]
url = "lantern.example"
revisit = [
  "1h",
  "often",
]
feed = []
[[source]]
url = "https://one.example/"
enabled = "yes"
render = true
"""
    assert faults(tmp_path, text) == [
        "newsarchive.toml:1: there is no table 'defualts': did you mean [defaults]?",
        "newsarchive.toml:4: there is no key 'evrey': did you mean every?",
        "newsarchive.toml:5: url belongs to a [[source]], not to [defaults]",
        "newsarchive.toml:6: this source has no url",
        (
            "newsarchive.toml:7: name: 'Lantern' cannot be a source's name: use lower case letters, digits and single "
            "hyphens"
        ),
        "newsarchive.toml:9: url: 'lantern.example' is no address: write one that begins with http:// or https://",
        "newsarchive.toml:12: revisit: 'often' is no length of time: write it as 30m, 12h, 2d or 3w",
        "newsarchive.toml:14: there is no key 'feed': did you mean feeds?",
        "newsarchive.toml:17: enabled: 'yes' is neither true nor false",
        (
            "newsarchive.toml:18: render: True cannot be had: rendering in a browser is not built yet, pages are read "
            "as they are sent"
        ),
    ]


@pytest.mark.parametrize(
    ("second", "says"),
    [
        (
            'url = "https://two.example/"\nname = "one"',
            "newsarchive.toml:6: name: 'one' is that of the source in line 3",
        ),
        (
            'name = "two"\nurl = "http://www.one.example/index.html"',
            "newsarchive.toml:6: url: 'http://www.one.example/index.html' is that of the source in line 2",
        ),
    ],
)
def test_two_sources_have_nothing_in_common(tmp_path: Path, second: str, says: str) -> None:
    first = '[[source]]\nurl = "https://one.example/"\nname = "one"\n'
    assert faults(tmp_path, f"{first}[[source]]\n{second}\n") == [says]
    assert len(load(written(tmp_path, f'{first}[[source]]\nurl = "https://one.example/sport/"\n'))) == 2


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "newsarchive.toml:1: there is no [[source]] in it"),
        (
            "contact = 'a@b.example'\n[[source]]\nurl='https://a.example/'",
            "newsarchive.toml:1: contact is not set here",
        ),
        ("every = '6h'\n[[source]]\nurl='https://a.example/'", "newsarchive.toml:1: every belongs to [defaults] or"),
        ("source = 3", "newsarchive.toml:1: each source is a table of its own: write [[source]] above it"),
        ('[source]\nurl = "https://one.example/"', "newsarchive.toml:1: each source is a table of its own"),
        ("defaults = 3\n[[source]]\nurl = 'https://one.example/'", "newsarchive.toml:1: defaults is a table"),
        ("[[source]]\nurl = ", "newsarchive.toml is no TOML: Invalid value (at end of document)"),
        ("[[source]]\nurl = 'a'\nurl = 'b'", "newsarchive.toml is no TOML: Cannot overwrite a value"),
        (b"[[source]]\nurl = '\xff'", "newsarchive.toml is not UTF-8, as TOML has to be: byte 18 is 0xff"),
        ("a = " + "[" * 5_000, "newsarchive.toml is no TOML"),
        ("[[source]]\nurl = 2026-11-01", "newsarchive.toml:2: url: datetime.date(2026, 11, 1) is no address"),
        ("[[source]]\nurl='https://a.example/'\ntitle = ''", "newsarchive.toml:3: title: '' is no text of one line"),
        ("[[source]]\nurl='https://a.example/'\ncountry = 'de'", "newsarchive.toml:3: country: 'de' is no country"),
        ("[[source]]\nurl='https://a.example/'\nlanguage = 'German'", "newsarchive.toml:3: language: 'German'"),
        ("[[source]]\nurl='https://a.example/'\nevery = 'daily'", "newsarchive.toml:3: every: 'daily' is no length"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, text: str | bytes, says: str) -> None:
    (told,) = faults(tmp_path, text)
    assert told.startswith(says)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.toml", tmp_path):
        with pytest.raises(ConfigError, match="cannot be read"):
            load(path)


@settings(max_examples=50)
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_only_config_errors_leave(tmp_path_factory: pytest.TempPathFactory, text: bytes) -> None:
    with contextlib.suppress(ConfigError):
        load(written(tmp_path_factory.getbasetemp(), b"[[source]]\n" + text))


def test_the_file_in_the_documentation_is_good_and_complete(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "sources.md").read_text(encoding="utf-8")
    text = page.partition("```toml\n")[2].partition("```")[0]
    assert [source.name for source in load(written(tmp_path, text))] == [None, "courier", None]
    said = tomllib.loads(text)
    keys = set(said["defaults"]).union(*said["source"])
    assert keys == {"url", "name", "title", "country", "language", "every", "enabled", *KEYS}
