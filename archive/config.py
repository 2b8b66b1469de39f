"""What the operator sets once: where the archive is and who answers for the crawler; and `newsarchive.toml`."""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import Any

from archive import settings
from archive.errors import ConfigError
from archive.models import CanonicalUrl
from archive.tomllines import lines_of
from archive.urls import canonical, place

PREFIX = "NEWSARCHIVE_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The configuration of one run."""

    db: Path = Path("news.db")
    """The archive's SQLite file (NEWSARCHIVE_DB)."""
    db_is_given: bool = False
    """Whether the user has named it on the command line."""
    contact: str | None = None
    """An e-mail or web address that publishers can turn to, sent in the User-Agent (NEWSARCHIVE_CONTACT)."""

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Config":
        """The configuration that the environment variables NEWSARCHIVE_DB and NEWSARCHIVE_CONTACT give.

        Raises: nothing; empty variables count as unset.
        """
        given = {key: value for key in ("DB", "CONTACT") if (value := environ.get(PREFIX + key, "").strip())}
        return cls(db=Path(given.get("DB", "news.db")), contact=given.get("CONTACT"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfiguredSource:
    """A source as `newsarchive.toml` has it, with the file's `[defaults]` where it says nothing itself."""

    where: str
    """File and line, for messages: `newsarchive.toml:12`."""
    url: CanonicalUrl
    name: str | None = None
    """None for one that the archive makes of the host."""
    title: str | None = None
    country: str | None = None
    language: str | None = None
    every: timedelta | None = None
    enabled: bool = True
    settings: Mapping[str, object]
    """As `sources.settings` keeps them (`archive.settings.KEYS`)."""


def load(path: Path) -> tuple[ConfiguredSource, ...]:
    """The sources of a `newsarchive.toml`, in its order.

    Raises: ConfigError, with everything that is wrong with the file: each fault on a line of its own, with the file,
    its line and, for an unknown key, the nearest one that there is.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}") from error
    return parsed(data, str(path))


def parsed(data: bytes, file: str) -> tuple[ConfiguredSource, ...]:
    """What `load` gives, of a document that was read from `file`. Raises as it does."""
    try:
        text = data.decode("utf-8-sig")
        said = tomllib.loads(text)
    except UnicodeDecodeError as error:
        byte = error.object[error.start]
        raise ConfigError(f"{file} is not UTF-8, as TOML has to be: byte {error.start} is 0x{byte:02x}") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigError(f"{file} is no TOML: {error}") from error
    reader = _Reader(file, text)
    found = reader.sources(said)
    if reader.faults:
        raise ConfigError("\n".join(fault for _, fault in sorted(reader.faults, key=lambda fault: fault[0])))
    return found


def value_of(key: str, written: str) -> object:
    """The value of a key of a `[[source]]` as a command line gives it: as text, or as TOML where it is more than that.

    Raises: ConfigError for an unknown key, and for a value that is none of its.
    """
    if key not in _OWN:
        raise ConfigError(_unknown(key, _OWN, "setting"))
    value: object = written
    if key not in _TEXTS and "\n" not in written:
        try:
            value = tomllib.loads(f"value = {written}")["value"]
        except tomllib.TOMLDecodeError:
            value = [written] if key in _LISTS else written
    try:
        return _OWN[key](value)
    except ConfigError as error:
        raise ConfigError(f"{key}: {error}") from error


_BREAKS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip() or _BREAKS.search(value):
        raise ConfigError(f"{value!r} is no text of one line")
    return value.strip()


def _country(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[A-Z]{2}", value):
        raise ConfigError(f'{value!r} is no country: write its code in ISO 3166, such as "DE"')
    return value


def _language(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[a-z]{2,3}", value):
        raise ConfigError(f'{value!r} is no language: write its code in ISO 639, such as "de"')
    return value


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise ConfigError(f"{value!r} is neither true nor false")
    return value


def _not_built(value: object) -> object:
    raise ConfigError(
        f"{value!r} cannot be had: rendering in a browser is not built yet, pages are read as they are sent"
    )


_SHARED: Mapping[str, Callable[[object], object]] = MappingProxyType(
    {
        "country": _country,
        "language": _language,
        "every": settings.interval_of,
        "enabled": _truth,
        "render": _not_built,
        **{key: check for key, check in settings.KEYS.items() if key not in ("feeds", "sitemaps")},
    }
)
"""What `[defaults]` may have."""
_OWN: Mapping[str, Callable[[object], object]] = MappingProxyType(
    {
        "url": settings.address_of,
        "name": settings.name_of,
        "title": _text,
        **{key: settings.KEYS[key] for key in ("feeds", "sitemaps")},
        **_SHARED,
    }
)
"""What a `[[source]]` may have."""


_ELSEWHERE = MappingProxyType(
    {
        "contact": "NEWSARCHIVE_CONTACT has the address that publishers can turn to",
        "db": "--db or NEWSARCHIVE_DB names the archive",
        "user_agent": "-s USER_AGENT=… sets it for all sources",
    }
)
"""What one might look for in the file, and where it is said."""
_TEXTS = frozenset({"url", "name", "title", "country", "language", "every", "timezone", "cookies_env"})
_LISTS = frozenset({"feeds", "sitemaps", "include", "exclude", "revisit"})
"""A command line may give one element of them as it is."""


class _Reader:
    """Takes in what a file says, and collects what is wrong with it."""

    def __init__(self, file: str, text: str) -> None:
        self._file = file
        self._text = text
        self._lines: dict[tuple[str | int, ...], int] = {}
        self.faults: list[tuple[int, str]] = []

    def sources(self, said: dict[str, Any]) -> tuple[ConfiguredSource, ...]:
        """The sources of a document; what is wrong goes into `faults`."""
        self._lines = lines_of(self._text)
        for key in said.keys() - {"defaults", "source"}:
            self._fault((key,), _unknown(key, ("[defaults]", "[[source]]"), "table"))
        defaults = said.get("defaults", {})
        if not isinstance(defaults, dict):
            self._fault(("defaults",), "defaults is a table: write [defaults]")
            defaults = {}
        tables = said.get("source", [])
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            self._fault(("source",), "each source is a table of its own: write [[source]] above it")
            tables = []
        elif not tables:
            self._fault((), "there is no [[source]] in it")
        shared = dict(self._values(defaults, ("defaults",), _SHARED))
        found = [self._source(table, ("source", index), shared) for index, table in enumerate(tables)]
        self._refuse_twins(tables)
        return tuple(source for source in found if source is not None)

    def _source(
        self, table: dict[str, Any], path: tuple[str | int, ...], shared: Mapping[str, object]
    ) -> ConfiguredSource | None:
        if "url" not in table:
            self._fault(path, "this source has no url")
        told: dict[str, Any] = {**shared, **dict(self._values(table, path, _OWN))}
        if "url" not in told:
            return None
        kept = {key: told.pop(key) for key in settings.KEYS if key in told}
        return ConfiguredSource(where=f"{self._file}:{self._line(path)}", settings=kept, **told)

    def _values(
        self,
        table: dict[str, Any],
        path: tuple[str | int, ...],
        known: Mapping[str, Callable[[object], object]],
    ) -> Iterator[tuple[str, object]]:
        """The keys of a table with the values that are right."""
        for key, value in table.items():
            if key not in known:
                of_source = f"{key} belongs to a [[source]], not to [defaults]" if key in _OWN else None
                self._fault((*path, key), of_source or _unknown(key, known, "key"))
                continue
            try:
                yield key, known[key](value)
            except ConfigError as error:
                self._fault(self._element(value, (*path, key), known[key]), f"{key}: {error}")

    def _element(
        self, value: object, path: tuple[str | int, ...], check: Callable[[object], object]
    ) -> tuple[str | int, ...]:
        """The way to the element of a list that is wrong by itself, else to the list."""
        for index, element in enumerate(value if isinstance(value, list) else ()):
            try:
                check([element])
            except ConfigError:
                return (*path, index)
        return path

    def _refuse_twins(self, tables: list[dict[str, Any]]) -> None:
        """Finds sources that have a name or an address in common; with or without www. it is the same."""
        for key, twin in (("name", str), ("url", _place)):
            first: dict[object, int] = {}
            for index, table in enumerate(tables):
                if not isinstance(value := table.get(key), str):
                    continue
                before = first.setdefault(twin(value), index)
                if before != index:
                    line = self._line(("source", before, key))
                    self._fault(("source", index, key), f"{key}: {value!r} is that of the source in line {line}")

    def _fault(self, path: tuple[str | int, ...], message: str) -> None:
        line = self._line(path)
        self.faults.append((line, f"{self._file}:{line}: {message}"))

    def _line(self, path: tuple[str | int, ...]) -> int:
        """The line of a value, or of what is around it."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)


def _place(url: str) -> str:
    """What the spellings of one address have in common."""
    address = canonical(url)
    return place(address) if address else url


def _unknown(key: str, known: Mapping[str, object] | tuple[str, ...], kind: str) -> str:
    if key in _ELSEWHERE:
        return f"{key} is not set here: {_ELSEWHERE[key]}"
    if kind == "table" and key in _OWN:
        return f"{key} belongs to [defaults] or to a [[source]]"
    words = {word.strip("[]"): word for word in known}
    near = get_close_matches(key, words, n=1, cutoff=0.5)
    hint = f"did you mean {words[near[0]]}?" if near else f"there are {', '.join(words.values())}"
    return f"there is no {kind} {key!r}: {hint}"
