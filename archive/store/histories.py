"""The revisions of an article in short: which there are, and what kind of edit led to each."""

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from archive.models import ArticleId
from archive.revisions import Change
from archive.store.columns import to_time
from archive.store.connection import reads


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One revision of an article, without what it says."""

    number: int
    seen_at: datetime
    """When it was first seen."""
    title: str
    change: Change | None
    """What kind of edit led to it; None for the first."""
    silent: bool


@reads
def editions(db: Database, article_id: ArticleId) -> list[Edition]:
    """All revisions of an article, the first one first; none for no article."""
    rows = db.execute(
        "SELECT number, seen_at, title, change, silent FROM revisions WHERE article_id = ? ORDER BY number",
        [article_id],
    )
    return [
        Edition(
            number=number,
            seen_at=to_time(seen_at),
            title=title,
            change=Change(change) if change else None,
            silent=bool(silent),
        )
        for number, seen_at, title, change, silent in rows
    ]
