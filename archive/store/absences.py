"""Articles that are missing, gone, or back: one row for each time in which one is not at its address."""

from datetime import datetime

from sqlite_utils import Database

from archive.absence import Episode
from archive.models import ArticleId, CanonicalUrl, Reason, SourceId
from archive.store.columns import from_time, from_time_or_none, to_time, to_time_or_none
from archive.store.connection import reads, writes


@reads
def spoken_for(db: Database, url: CanonicalUrl) -> ArticleId | None:
    """The article for which this address speaks: its absence there is the article's; None for any other address."""
    row = db.execute(
        "SELECT article_id FROM urls WHERE url = ? AND capture_id IS NOT NULL AND article_id IS NOT NULL", [url]
    ).fetchone()
    return ArticleId(row[0]) if row else None


@reads
def status_of(db: Database, url: CanonicalUrl) -> int | None:
    """The HTTP status of the last response at an address itself, be it a redirect."""
    row = db.execute("SELECT status FROM captures WHERE url = ? ORDER BY id DESC LIMIT 1", [url]).fetchone()
    return int(row[0]) if row else None


@reads
def of(db: Database, article_id: ArticleId) -> list[tuple[Episode, datetime | None]]:
    """All times in which an article was missing, the newest last, each with when it was back."""
    rows = db.query("SELECT * FROM absences WHERE article_id = ? ORDER BY id", [article_id])
    return [
        (
            Episode(
                first_missed_at=to_time(row["first_missed_at"]),
                last_missed_at=to_time(row["last_missed_at"]),
                probes=row["probes"],
                reason=Reason(row["reason"]),
                status=row["status"],
                confirmed_at=to_time_or_none(row["confirmed_at"]),
            ),
            to_time_or_none(row["back_at"]),
        )
        for row in rows
    ]


@writes
def record(db: Database, article_id: ArticleId, episode: Episode) -> None:
    """Writes the episode that goes on; once it is confirmed the article is gone since it was first missed."""
    db.execute(
        """
        INSERT INTO absences (article_id, first_missed_at, last_missed_at, probes, reason, status, confirmed_at)
        VALUES (:id, :first, :last, :probes, :reason, :status, :confirmed)
        ON CONFLICT (article_id) WHERE back_at IS NULL DO UPDATE SET last_missed_at = :last, probes = :probes,
            reason = :reason, status = :status, confirmed_at = :confirmed
        """,
        {
            "id": article_id,
            "first": from_time(episode.first_missed_at),
            "last": from_time(episode.last_missed_at),
            "probes": episode.probes,
            "reason": episode.reason,
            "status": episode.status,
            "confirmed": from_time_or_none(episode.confirmed_at),
        },
    )
    if episode.confirmed_at is not None:
        db.execute(
            "UPDATE articles SET gone_at = ?, gone_status = ? WHERE id = ?",
            [from_time(episode.first_missed_at), episode.status, article_id],
        )


@writes
def back(db: Database, article_id: ArticleId, at: datetime) -> None:
    """Ends the time in which an article was missing, if it was: it is there `at`."""
    db.execute(
        "UPDATE absences SET back_at = :at WHERE article_id = :id AND back_at IS NULL AND last_missed_at <= :at",
        {"id": article_id, "at": from_time(at)},
    )


@reads
def since(db: Database, source_id: SourceId, at: datetime) -> tuple[int, int]:
    """How many articles of a source have come to count as gone, and how many of those that did are back, since."""
    gone, came_back = db.execute(
        """
        SELECT count(*) FILTER (WHERE confirmed_at >= :at), count(*) FILTER (WHERE back_at >= :at)
        FROM absences JOIN articles ON articles.id = article_id
        WHERE source_id = :source_id AND confirmed_at IS NOT NULL AND (confirmed_at >= :at OR back_at >= :at)
        """,
        {"source_id": source_id, "at": from_time(at)},
    ).fetchone()
    return int(gone), int(came_back)
