"""The clock of a whole archive: later crawls without waiting for them."""

from archive.store import open_archive, transaction
from tests.crawls.conftest import Archive

_TIMES = (
    ("urls", "next_fetch_at"),
    ("endpoints", "next_check_at"),
    ("articles", "first_seen_at"),
    ("articles", "last_seen_at"),
    ("articles", "gone_at"),
    ("revisions", "seen_at"),
    ("absences", "first_missed_at"),
    ("absences", "last_missed_at"),
    ("absences", "confirmed_at"),
)


def later(archive: Archive, *, hours: float) -> None:
    """Makes everything that the archive knows older by so many hours."""
    db = open_archive(archive.path)
    try:
        with transaction(db):
            for table, column in _TIMES:
                db.execute(
                    f"UPDATE {table} SET {column} = strftime('%Y-%m-%dT%H:%M:%SZ', {column}, ?)",
                    [f"-{int(hours * 3600)} seconds"],
                )
    finally:
        db.close()
