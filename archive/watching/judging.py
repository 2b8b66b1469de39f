"""The health of sources as the archive has it at a moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from archive.errors import SourceError
from archive.health.alarms import Alarm
from archive.health.examining import examine_all
from archive.models import Source
from archive.store import Database, health, sources


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How a source is."""

    source: Source
    numbers: Mapping[str, Any]
    """Its row of the view `source_health`."""
    alarms: tuple[Alarm, ...]
    """The gravest first; none where all is well."""

    def as_row(self) -> dict[str, Any]:
        """With JSON's types."""
        return {**self.numbers, "ok": not self.alarms, "alarms": [alarm.as_row() for alarm in self.alarms]}


def judge(db: Database, at: datetime, names: Sequence[str] = ()) -> list[Health]:
    """How the sources of these names or addresses are at a moment; without names all that are enabled, by name.

    Raises: SourceError for one that is not there, StoreError.
    """
    asked = wanted(db, names)
    alarms = examine_all([health.past(db, source.id) for source in asked], at)
    numbers = health.numbers(db)
    return [Health(source=source, numbers=numbers[source.name], alarms=tuple(alarms[source.name])) for source in asked]


def wanted(db: Database, names: Sequence[str] = ()) -> list[Source]:
    """The sources of these names or addresses; without names all that are enabled, by name.

    Raises: SourceError for one that is not there, StoreError.
    """
    return [_known(db, name) for name in names] or [source for source in sources.every(db) if source.enabled]


def _known(db: Database, name: str) -> Source:
    found = sources.find(db, name)
    if found is None:
        raise SourceError(f"no source {name!r} in the archive; `newsarchive sources list` shows which there are")
    return found


def summary(found: Sequence[Health]) -> str:
    """All of it in one line, for the subject of a mail. Raises: nothing."""
    ailing = [health for health in found if health.alarms]
    if not ailing:
        return f"all well: {len(found):,} {'source' if len(found) == 1 else 'sources'}" if found else "no source yet"
    said = ", ".join(f"{h.source.name} ({'; '.join(dict.fromkeys(a.ailment.words for a in h.alarms))})" for h in ailing)
    return f"{len(ailing):,} of {len(found):,} sources need a look: {said}"
