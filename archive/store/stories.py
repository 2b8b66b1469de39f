"""Stories that several sources tell: the clusters as a reader wants to see them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from archive.models import ArticleId, CanonicalUrl, Precision, SourceId
from archive.store.clusters import EARLIEST_FIRST
from archive.store.columns import from_time, to_time_or_none
from archive.store.connection import reads


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """One article of a story."""

    article_id: ArticleId
    source: str
    """The source's name."""
    title: str
    url: CanonicalUrl
    published_at: datetime | None
    published_precision: Precision | None
    agency: str | None
    rewritten: float | None
    """About which share of its words the first article does not have, 0 to 1; None for the first itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What several sources tell."""

    id: int
    """Its number; another one after it was joined with a greater one, or divided."""
    tellings: tuple[Telling, ...]
    """The first one published, and the others in the order of their publication."""

    @property
    def outlets(self) -> tuple[str, ...]:
        """The names of the sources, in the order in which they told it."""
        return tuple(dict.fromkeys(telling.source for telling in self.tellings))

    @property
    def agency(self) -> str | None:
        """The news agency that it comes from, if one of the articles names one: the one that most of them name."""
        named = Counter(telling.agency for telling in self.tellings if telling.agency)
        return min(named, key=lambda name: (-named[name], name), default=None)

    @property
    def rewritten(self) -> float:
        """The mean of what the other articles have rewritten, 0 to 1."""
        shares = [telling.rewritten for telling in self.tellings if telling.rewritten is not None]
        return sum(shares) / len(shares) if shares else 0.0


@reads
def of(db: Database, article_id: ArticleId) -> Story | None:
    """The story that an article tells; None where nobody else tells it."""
    found = db.execute(
        "SELECT cluster_id FROM articles WHERE id = ? AND cluster_id IS NOT NULL", [article_id]
    ).fetchone()
    return _story(db, found[0]) if found else None


@reads
def find(db: Database, *, since: datetime | None = None, source_id: SourceId | None = None, limit: int) -> list[Story]:
    """At most so many stories, those first told last before the others.

    Only those first published (or seen, where that is not known) since then, and that the source tells as well.
    """
    rows = db.execute(
        """
        SELECT clusters.id
        FROM clusters JOIN articles AS first ON first.id = clusters.first_article_id
        WHERE (:since IS NULL OR coalesce(first.published_at, first.first_seen_at) >= :since)
            AND (:source_id IS NULL OR EXISTS (
                SELECT 1 FROM articles WHERE articles.cluster_id = clusters.id AND articles.source_id = :source_id
            ))
        ORDER BY coalesce(first.published_at, first.first_seen_at) DESC, clusters.id DESC LIMIT :limit
        """,
        {"since": from_time(since) if since else None, "source_id": source_id, "limit": limit},
    ).fetchall()
    return [_story(db, cluster_id) for (cluster_id,) in rows]


def _story(db: Database, cluster_id: int) -> Story:
    rows = db.query(
        f"""
        SELECT articles.*, (SELECT name FROM sources WHERE id = source_id) AS source
        FROM articles
        WHERE cluster_id = ?
        ORDER BY id <> (SELECT first_article_id FROM clusters WHERE id = cluster_id), {EARLIEST_FIRST}
        """,
        [cluster_id],
    )
    return Story(id=cluster_id, tellings=tuple(map(_telling, rows)))


def _telling(row: Mapping[str, Any]) -> Telling:
    return Telling(
        article_id=row["id"],
        source=row["source"],
        title=row["title"],
        url=row["url"],
        published_at=to_time_or_none(row["published_at"]),
        published_precision=Precision(row["published_precision"]) if row["published_precision"] else None,
        agency=row["agency"],
        rewritten=row["rewritten"],
    )
