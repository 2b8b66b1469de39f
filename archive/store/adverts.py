"""What feeds and sitemaps have advertised, by day, and what became of it."""

from collections import Counter
from datetime import datetime
from enum import StrEnum

from sqlite_utils import Database

from archive.health.gaps import OTHER_ADDRESS, Count, Fate, fate_of
from archive.models import CanonicalUrl, SourceId, UrlState
from archive.store.columns import from_time
from archive.store.connection import reads


class By(StrEnum):
    """What day an address is of."""

    ADVERTISED = "advertised"
    """When a feed or sitemap named it first."""
    PUBLISHED = "published"
    """When it came out, as the feed or sitemap said; else when that named it first."""


_DAY = {
    By.ADVERTISED: "urls.advertised_at",
    By.PUBLISHED: "coalesce(urls.published_at, urls.advertised_at)",
}

# Of the addresses of an article one stands for it: its own if that was advertised, else the first.
_ADVERTS = """
SELECT urls.url, {day} AS day, state, reason,
    CASE
        WHEN articles.id IS NULL THEN NULL
        WHEN articles.source_id <> urls.source_id THEN 'copy'
        WHEN EXISTS (
            SELECT 1 FROM urls AS other
            WHERE other.article_id = articles.id AND other.source_id = urls.source_id
                AND other.advertised_at IS NOT NULL
                AND ((other.url = articles.url) > (urls.url = articles.url)
                    OR (other.url = articles.url) = (urls.url = articles.url) AND other.rowid < urls.rowid)
        ) THEN 'copy'
        ELSE 'stored'
    END AS kept
FROM urls LEFT JOIN articles ON articles.id = urls.article_id
WHERE urls.source_id = :source_id AND urls.advertised_at IS NOT NULL AND {day} >= :since
"""


@reads
def counts(db: Database, source_id: SourceId, *, since: datetime, by: By = By.ADVERTISED) -> list[Count]:
    """How many addresses were advertised on each day since, by what became of them; every one is in one count."""
    rows = db.execute(
        f"""
        SELECT substr(day, 1, 10), state, reason, kept, count(*)
        FROM ({_ADVERTS.format(day=_DAY[by])}) GROUP BY 1, 2, 3, 4
        """,
        {"source_id": source_id, "since": from_time(since)},
    ).fetchall()
    found: Counter[tuple[str, Fate, str]] = Counter()
    for day, state, reason, kept, number in rows:
        found[day, *_ended(state, reason, kept)] += number
    return [Count(*ended, number) for ended, number in found.items()]


@reads
def addresses(
    db: Database, source_id: SourceId, reason: str, *, since: datetime, by: By = By.ADVERTISED
) -> list[CanonicalUrl]:
    """The addresses that were advertised since and are not stored for this reason, in the order of discovery."""
    rows = db.execute(
        _ADVERTS.format(day=_DAY[by]) + " ORDER BY urls.rowid", {"source_id": source_id, "since": from_time(since)}
    ).fetchall()
    return [CanonicalUrl(url) for url, _, state, why, kept in rows if _ended(state, why, kept)[1] == reason]


def _ended(state: str, reason: str | None, kept: str | None) -> tuple[Fate, str]:
    """An article that is gone, or to be looked at again, is stored all the same."""
    if kept == "stored":
        return Fate.STORED, ""
    if kept == "copy":
        return Fate.COPY, reason if reason and state == UrlState.FETCHED else OTHER_ADDRESS
    return fate_of(UrlState(state), reason)
