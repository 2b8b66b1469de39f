"""What has to change so that the archive follows the sources that a file names, and no others. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from archive.config import ConfiguredSource
from archive.errors import ConfigError
from archive.models import CanonicalUrl, Source
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

    source: Source
    wanted: ConfiguredSource
    differences: tuple[Difference, ...]


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
            for difference in change.differences:
                before, after = (_shown(value) for value in (difference.before, difference.after))
                yield f"changed {change.source.name}: {difference.key} from {before} to {after}"
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
    changes = (
        Change(source=met[want.where], wanted=want, differences=tuple(_differences(met[want.where], want)))
        for want in wanted
        if want.where in met
    )
    return Changes(
        added=tuple(want for want in wanted if want.where not in met),
        changed=tuple(change for change in changes if change.differences),
        disabled=tuple(source for source in stay if source.enabled) if only else (),
    )


def _matched(known: Sequence[Source], wanted: Sequence[ConfiguredSource]) -> Mapping[str, Source]:
    """Which source each of the wanted is, by the place in the file; those that are new are left out."""
    met: dict[str, Source] = {}
    ways: tuple[tuple[Callable[[Source], str], Callable[[ConfiguredSource], str | None]], ...] = (
        (lambda source: source.url, lambda want: want.url),
        (lambda source: place(CanonicalUrl(source.url)), lambda want: place(want.url)),
        (lambda source: source.name, lambda want: want.name),
    )
    for of_known, of_wanted in ways:
        taken = {source.id for source in met.values()}
        free = {of_known(source): source for source in known if source.id not in taken}
        for want in wanted:
            if want.where not in met and (source := free.pop(of_wanted(want) or "", None)):
                met[want.where] = source
    return met


def _taken_names(
    wanted: Sequence[ConfiguredSource], met: Mapping[str, Source], stay: Sequence[Source]
) -> Iterator[str]:
    """Which of the wanted names belong to a source that keeps its own."""
    keep = [*stay, *(met[want.where] for want in wanted if want.where in met and want.name is None)]
    names = {source.name: source for source in keep}
    for want in wanted:
        if other := names.get(want.name or ""):
            yield (
                f"{want.where}: name: {want.name!r} is that of {other.url} already; give that another one: "
                f"newsarchive sources edit {other.name} --name …"
            )


def _differences(source: Source, wanted: ConfiguredSource) -> Iterator[Difference]:
    every = timedelta(seconds=source.every_seconds) if source.every_seconds else None
    pairs: dict[str, tuple[object, object]] = {
        "url": (source.url, wanted.url),
        "name": (source.name, wanted.name or source.name),
        "title": (source.title, wanted.title or source.title),
        "country": (source.country, wanted.country or source.country),
        "language": (source.language, wanted.language or source.language),
        "every": (_length(every), _length(wanted.every)),
        "enabled": (source.enabled, wanted.enabled),
    }
    for key in sorted(source.settings.keys() | wanted.settings.keys()):
        pairs[key] = source.settings.get(key), wanted.settings.get(key)
    for key, (before, after) in pairs.items():
        if before != after:
            yield Difference(key=key, before=before, after=after)


def _length(every: timedelta | None) -> str | None:
    return written(every) if every else None


def _shown(value: object) -> str:
    return "nothing" if value is None else str(value)
