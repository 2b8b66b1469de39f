"""A source's past, as its health is judged by it: crawls and what they brought, without what came by import."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlite_utils import Database

from archive.health.alarms import EXAMPLES, HISTORY
from archive.health.past import Arrival, Listing, Look, Past
from archive.models import SourceId
from archive.store.columns import from_time, to_time, to_time_or_none
from archive.store.connection import reads
from archive.urls import canonical

_REACH = HISTORY + timedelta(days=8)
"""The history, and the week that is compared with it."""
_LAST_CRAWLS = 10
"""From which the examples are."""

HEARD = """
(coalesce(json_extract(counts, '$.announced'), 0) > 0 OR coalesce(json_extract(counts, '$."unmodified lists"'), 0) > 0)
"""
"""Of a crawl: it succeeded in asking what is new. As `archive.past.Look.heard` has it."""

_NOT_IMPORTED = """
NOT EXISTS (
    SELECT 1 FROM revisions JOIN captures ON captures.id = capture_id JOIN crawls ON crawls.id = crawl_id
    WHERE article_id = articles.id AND number = 1 AND import_id IS NOT NULL
)
"""


@reads
def past(db: Database, source_id: SourceId) -> Past:
    """What is known of a source; of one that is not there, nothing.

    It reaches twelve weeks back from where something last went well, so that it holds what was usual before a fault
    that lasts.
    """
    for row in db.query("SELECT name, url, title FROM sources WHERE id = ?", [source_id]):
        arrivals = _arrivals(db, source_id)
        return Past(
            source=row["name"],
            url=row["url"],
            title=row["title"],
            looks=_looks(db, source_id),
            arrivals=arrivals,
            missing=_missing(db, source_id),
            listings=_listings(db, source_id),
            examples=_examples(db, source_id),
        )
    return Past(source="", url="")


@reads
def numbers(db: Database) -> dict[str, dict[str, Any]]:
    """The rows of the view `source_health` by the names of the sources, with JSON's types, and the number of crawls.

    Without the counts of the last crawl.
    """
    rows = db.query(
        """
        SELECT *, (SELECT count(*) FROM crawls WHERE crawls.source_id = source_health.source_id AND import_id IS NULL)
            AS crawls
        FROM source_health ORDER BY source
        """
    )
    return {
        row["source"]: {
            key: bool(value) if key == "enabled" else value for key, value in row.items() if key != "last_counts"
        }
        for row in rows
    }


def _reach(db: Database, sql: str, source_id: SourceId) -> str:
    """From when on rows are read, where the statement gives when something last was; from ever where it never was."""
    last = db.execute(sql, [source_id]).fetchone()
    return from_time(to_time(last[0]) - _REACH) if last and last[0] else ""


def _looks(db: Database, source_id: SourceId) -> tuple[Look, ...]:
    heard = f"""
        SELECT started_at FROM crawls WHERE source_id = ? AND import_id IS NULL AND {HEARD}
        ORDER BY started_at DESC LIMIT 1
        """
    rows = db.execute(
        """
        SELECT finished_at, counts FROM crawls
        WHERE source_id = ? AND started_at >= ? AND finished_at IS NOT NULL AND import_id IS NULL
        ORDER BY finished_at, id
        """,
        [source_id, _reach(db, heard, source_id)],
    ).fetchall()
    looks = (Look(at=to_time(at), counts=json.loads(counts)) for at, counts in rows)
    # a crawl of a single address, or of a list of them, asks for no news
    return tuple(look for look in looks if look.heard or look.trouble)


def _arrivals(db: Database, source_id: SourceId) -> tuple[Arrival, ...]:
    last = f"""
        SELECT first_seen_at FROM articles WHERE source_id = ? AND {_NOT_IMPORTED} ORDER BY first_seen_at DESC LIMIT 1
        """
    rows = db.query(
        f"""
        SELECT url, first_seen_at, published_at, published_precision, authors, title, site_name, word_count
        FROM articles WHERE source_id = ? AND first_seen_at >= ? AND {_NOT_IMPORTED} ORDER BY first_seen_at, id
        """,
        [source_id, _reach(db, last, source_id)],
    )
    return tuple(map(_arrival, rows))


def _arrival(row: Mapping[str, Any]) -> Arrival:
    is_exact = row["published_precision"] in ("second", "minute")
    return Arrival(
        url=row["url"],
        seen_at=to_time(row["first_seen_at"]),
        published_at=to_time_or_none(row["published_at"]) if is_exact else None,
        is_dated=row["published_at"] is not None,
        has_authors=row["authors"] != "[]",
        title=row["title"],
        site_name=row["site_name"],
        words=row["word_count"],
    )


def _missing(db: Database, source_id: SourceId) -> tuple[tuple[datetime, str], ...]:
    last = """
        SELECT max(first_missed_at) FROM absences JOIN articles ON articles.id = article_id WHERE source_id = ?
        """
    rows = db.execute(
        """
        SELECT first_missed_at, url FROM absences JOIN articles ON articles.id = article_id
        WHERE source_id = ? AND first_missed_at >= ? ORDER BY first_missed_at, absences.id
        """,
        [source_id, _reach(db, last, source_id)],
    ).fetchall()
    return tuple((to_time(at), url) for at, url in rows)


def _listings(db: Database, source_id: SourceId) -> tuple[Listing, ...]:
    """Those that fail, with how they did before."""
    rows = db.execute(
        """
        SELECT url, failures, error, last_checked_at FROM endpoints
        WHERE source_id = ? AND failures > 0 AND kind <> 'section' AND (listed > 0 OR last_new_at IS NOT NULL)
        ORDER BY id
        """,
        [source_id],
    ).fetchall()
    found = []
    for url, failures, error, checked in rows:
        good, first, last = db.execute(
            "SELECT count(*), min(fetched_at), max(fetched_at) FROM captures WHERE url = ? AND status IN (200, 304)",
            [canonical(url) or url],
        ).fetchone()
        found.append(
            Listing(
                url=url,
                failures=failures,
                error=error,
                good=good,
                first_good_at=to_time_or_none(first),
                last_good_at=to_time_or_none(last),
                last_checked_at=to_time_or_none(checked),
            )
        )
    return tuple(found)


def _examples(db: Database, source_id: SourceId) -> Mapping[str, tuple[str, ...]]:
    rows = db.execute(
        """
        SELECT reason, url FROM (
            SELECT reason, url, row_number() OVER (PARTITION BY reason ORDER BY crawl_id DESC, rowid DESC) AS place
            FROM urls
            WHERE reason IS NOT NULL AND state <> 'fetched' AND crawl_id IN (
                SELECT id FROM crawls WHERE source_id = ? AND import_id IS NULL
                ORDER BY started_at DESC, id DESC LIMIT ?
            )
        ) WHERE place <= ? ORDER BY reason, place
        """,
        [source_id, _LAST_CRAWLS, EXAMPLES],
    ).fetchall()
    found: dict[str, tuple[str, ...]] = {}
    for reason, url in rows:
        found[reason] = (*found.get(reason, ()), url)
    return MappingProxyType(found)
