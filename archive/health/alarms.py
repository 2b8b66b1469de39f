"""An alarm: what is not as it was, with its numbers, its likely cause, and the command that helps. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from archive.health.causes import CAUSES, Ailment, Cause
from archive.health.past import Past
from archive.when import stamp

HISTORY = timedelta(days=84)
"""How much of a source's past it is compared with: twelve weeks, so that each day of the week is there twelve times."""

FALSE_ALARMS = 0.1
"""How many false alarms a healthy source may give in a year, for each thing that is looked at, were all chances exact
(docs/health.md has how many there are in fact)."""

OUTAGES_TOLD = 1.0
"""How many outages that pass by themselves may be told of a source in a year: that a site cannot be reached is a fact,
and only whether it lasts a matter of chance."""

EXAMPLES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Something that is not as it was."""

    ailment: Ailment
    now: str
    """The numbers now."""
    then: str
    """The numbers before."""
    since: datetime | None
    chance: float
    """Of the like in a source that is as it was; 0 for what is no matter of chance."""
    cause: str
    help: str
    """The command that helps."""
    examples: tuple[str, ...] = ()
    """Addresses."""

    def as_row(self) -> dict[str, Any]:
        """With JSON's types."""
        return {
            "alarm": str(self.ailment),
            "now": self.now,
            "then": self.then,
            "since": stamp(self.since) if self.since else None,
            "chance": float(f"{self.chance:.2g}"),
            "cause": self.cause,
            "help": self.help,
            "examples": list(self.examples),
        }


def alarm(
    past: Past,
    ailment: Ailment,
    *,
    now: str,
    then: str,
    since: datetime | None,
    chance: float,
    examples: Iterable[str] = (),
    cause: Cause | None = None,
) -> Alarm:
    """An alarm about a source, with the cause that its ailment usually has if no other is given. Raises: nothing."""
    shown = tuple(dict.fromkeys(examples))[:EXAMPLES]
    cause = cause or CAUSES[ailment]
    told = cause.help.format(source=past.source, url=past.url, example=shown[0] if shown else past.url)
    return Alarm(
        ailment=ailment, now=now, then=then, since=since, chance=chance, cause=cause.told, help=told, examples=shown
    )


def length(span: timedelta) -> str:
    """A length of time for a person: `5 days`, `26 hours`. Raises: nothing."""
    hours = int(span / timedelta(hours=1))
    return f"{hours // 24} days" if hours >= 72 else f"{hours} hours"
