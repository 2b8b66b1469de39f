"""Which articles are meant: by source, time of publication and language; the same for searches, exports and samples."""

from dataclasses import dataclass
from datetime import datetime

from archive.store.columns import from_time


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What an article has to fulfil; what is None matters not."""

    source: str | None = None
    """The source's name."""
    since: datetime | None = None
    """Published at or after; an article without a date then does not pass."""
    until: datetime | None = None
    """Published before; likewise."""
    language: str | None = None

    @property
    def values(self) -> dict[str, str]:
        """The values that `condition` names, as they stand in columns."""
        given = {
            "source": self.source,
            "since": from_time(self.since) if self.since else None,
            "until": from_time(self.until) if self.until else None,
            "language": self.language,
        }
        return {name: value for name, value in given.items() if value is not None}

    @property
    def condition(self) -> str:
        """The condition on a row of `articles`; empty where every article passes."""
        return " AND ".join(_CONDITIONS[name] for name in self.values)


EVERY = Filters()
"""All articles."""

_CONDITIONS = {
    "source": "source_id = (SELECT id FROM sources WHERE name = :source)",
    "since": "published_at >= :since",
    "until": "published_at < :until",
    "language": "language = :language",
}
