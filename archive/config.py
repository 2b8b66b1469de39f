"""What the operator sets once, for every command: where the archive is, and who answers for the crawler."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

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
