"""What the archive holds, in numbers."""

import json
from typing import Any

from sqlite_utils import Database

from archive.store.connection import reads


@reads
def of(db: Database) -> dict[str, Any]:
    """Counts over the whole archive, and under `sources` the rows of the view `source_health`."""
    totals = db.execute(
        """
        SELECT count(*), coalesce(sum(revisions), 0), coalesce(sum(word_count), 0), min(published_at),
            max(published_at), count(published_at), sum(authors <> '[]'), count(DISTINCT language)
        FROM articles
        """
    ).fetchone()
    names = (
        "articles",
        "revisions",
        "words",
        "first_published",
        "last_published",
        "with_date",
        "with_authors",
        "languages",
    )
    numbers: dict[str, Any] = dict(zip(names, totals, strict=True))
    for table in ("article_urls", "captures", "crawls"):
        (numbers[table],) = db.execute(f"SELECT count(*) FROM {table}").fetchone()
    for state, count in db.execute("SELECT state, count(*) FROM urls GROUP BY state").fetchall():
        numbers[f"urls_{state}"] = count
    numbers["sources"] = of_sources(db)
    return numbers


@reads
def of_sources(db: Database) -> list[dict[str, Any]]:
    """The rows of the view `source_health` with each source's address, by name, ready for JSON."""
    rows = db.query(
        """
        SELECT source_health.*, sources.url, sources.title
        FROM source_health JOIN sources ON sources.id = source_health.source_id ORDER BY source
        """
    )
    return [
        {**row, "enabled": bool(row["enabled"]), "last_counts": json.loads(row["last_counts"] or "null")}
        for row in rows
    ]
