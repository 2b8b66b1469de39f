"""Which stored articles tell the same story, where that was not found out when they came, or has changed since."""

from archive import sketches, text
from archive.store import Database, clusters, transaction

PLACED_MAX = 2_000
"""Articles that are placed at the end of a crawl, some 2 ms each; so an archive of an older version takes several."""

_AT_ONCE = 100


def catch_up(db: Database, limit: int | None = PLACED_MAX) -> int:
    """Places articles whose place among the others is not known yet, the newest first; how many those were.

    They are waiting after a migration, or because their text was changed by cleaning or a re-extraction, or because an
    article of their cluster was taken down. With None all of them.

    Raises: StoreError; what was placed before that stays so.
    """
    placed = 0
    while limit is None or placed < limit:
        with transaction(db):
            waiting = clusters.unplaced(db, _AT_ONCE if limit is None else min(_AT_ONCE, limit - placed))
            for article_id, body in waiting:
                clusters.place(db, article_id, sketches.sketch(text.words(body)))
        placed += len(waiting)
        if not waiting:
            break
    return placed
