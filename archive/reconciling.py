"""What has to change so that the archive follows the sources that a file names, and no others. Pure."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from archive.config import ConfiguredSource
from archive.errors import ConfigError
from archive.models import CanonicalUrl, Source
from archive.settings import KEYS
from archive.urls import place
from archive.when import written


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing about a source that is not as the file has it."""

    key: str
    """As the file calls it: `every`, `delay`, `url` …"""
    before: object
    """None for what was not set."""
    after: object


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A source that is followed already, and what of it is to be changed."""

    before: Source
    after: Source
    differences: tuple[Difference, ...]

    def lines(self) -> Iterator[str]:
        """What changes, in words, a line each."""
        for difference in self.differences:
            old, new = (_shown(value) for value in (difference.before, difference.after))
            yield f"changed {self.before.name}: {difference.key} from {old} to {new}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """All that brings the archive's sources in line with a file."""

    added: tuple[ConfiguredSource, ...] = ()
    changed: tuple[Change, ...] = ()
    disabled: tuple[Source, ...] = ()
    """What the file does not name. Nothing is removed: an archive keeps what it has."""

    def __bool__(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.added or self.changed or self.disabled)

    def lines(self) -> Iterator[str]:
        """What changes, in words, a line each."""
        for new in self.added:
            yield f"added {new.name or new.url}: {new.url}"
        for change in self.changed:
            yield from change.lines()
        for source in self.disabled:
            yield f"disabled {source.name}: it is not in the file"


def reconcile(known: Sequence[Source], wanted: Sequence[ConfiguredSource], *, only: bool = True) -> Changes:
    """What has to change of the `known` sources; with `only`, those that are not wanted are disabled.

    A source is the one of its address; where none has that, the one of its name, which then has moved. A title,
    language and country that the file does not give stay as they were found; everything else is as the file says, so
    that a key that has left the file is unset.

    Raises: ConfigError, with each name that another source has already, and its place in the file.
    """
    met = _matched(known, wanted)
    followed = {source.id for source in met.values()}
    stay = [source for source in known if source.id not in followed]
    if faults := [*_taken_names(wanted, met, stay)]:
        raise ConfigError("\n".join(faults))
    pairs = [(source, _as_wanted(source, want)) for at, want in enumerate(wanted) if (source := met.get(at))]
    changes = (Change(before=before, after=after, differences=differences(before, after)) for before, after in pairs)
    return Changes(
        added=tuple(want for at, want in enumerate(wanted) if at not in met),
        changed=tuple(change for change in changes if change.differences),
        disabled=tuple(source for source in stay if source.enabled) if only else (),
    )


def _matched(known: Sequence[Source], wanted: Sequence[ConfiguredSource]) -> Mapping[int, Source]:
    """Which source each of the wanted is, by its number among them; those that are new are left out."""
    met: dict[int, Source] = {}
    ways: tuple[tuple[Callable[[Source], str], Callable[[ConfiguredSource], str | None]], ...] = (
        (lambda source: source.url, lambda want: want.url),
        (lambda source: place(CanonicalUrl(source.url)), lambda want: place(want.url)),
        (lambda source: source.name, lambda want: want.name),
    )
    for of_known, of_wanted in ways:
        taken = {source.id for source in met.values()}
        free = {of_known(source): source for source in known if source.id not in taken}
        for at, want in enumerate(wanted):
            if at not in met and (source := free.pop(of_wanted(want) or "", None)):
                met[at] = source
    return met


def _taken_names(
    wanted: Sequence[ConfiguredSource], met: Mapping[int, Source], stay: Sequence[Source]
) -> Iterator[str]:
    """Which of the wanted names belong to a source that keeps its own."""
    keep = [*stay, *(met[at] for at, want in enumerate(wanted) if at in met and want.name is None)]
    names = {source.name: source for source in keep}
    for want in wanted:
        if other := names.get(want.name or ""):
            yield (
                f"{want.where}: name: {want.name!r} is that of {other.url} already; give that another one: "
                f"newsarchive sources edit {other.name} --name …"
            )


def edited(source: Source, values: Mapping[str, object], unset: Collection[str] = ()) -> Source:
    """The source with other values of keys, as `archive.config` takes them in, and without those that are `unset`.

    Raises: ConfigError for a key that cannot be unset, or that is not set.
    """
    columns = {key: value for key, value in values.items() if key not in KEYS and key != "every"}
    kept = {key: value for key, value in source.settings.items() if key not in unset}
    kept |= {key: value for key, value in values.items() if key in KEYS}
    every = source.every_seconds
    if isinstance(told := values.get("every"), timedelta):
        every = int(told.total_seconds())
    for key in unset:
        if key in ("title", "country", "language"):
            columns[key] = None
        elif key == "every":
            every = None
        elif key not in source.settings:
            raise ConfigError(f"{key} cannot be unset: {source.name} has no such setting")
    # what each key may be was checked where it was taken in
    return replace(source, **columns, every_seconds=every, settings=kept)  # type: ignore[arg-type]


def differences(before: Source, after: Source) -> tuple[Difference, ...]:
    """What is not the same of a source, by the names that the file has for it. Raises: nothing."""
    pairs = [
        (key, getattr(before, key), getattr(after, key)) for key in ("url", "name", "title", "country", "language")
    ]
    pairs += [("every", _length(before.every_seconds), _length(after.every_seconds))]
    pairs += [("enabled", before.enabled, after.enabled)]
    keys = sorted(before.settings.keys() | after.settings.keys())
    pairs += [(key, before.settings.get(key), after.settings.get(key)) for key in keys]
    return tuple(Difference(key=key, before=old, after=new) for key, old, new in pairs if old != new)


def _as_wanted(source: Source, wanted: ConfiguredSource) -> Source:
    """The source as the file has it; what the file leaves to be found stays."""
    return replace(
        source,
        url=wanted.url,
        name=wanted.name or source.name,
        title=wanted.title or source.title,
        country=wanted.country or source.country,
        language=wanted.language or source.language,
        every_seconds=int(wanted.every.total_seconds()) if wanted.every else None,
        enabled=wanted.enabled,
        settings=wanted.settings,
    )


def _length(seconds: int | None) -> str | None:
    return None if seconds is None else written(timedelta(seconds=seconds))


def _shown(value: object) -> str:
    return "nothing" if value is None else str(value)
