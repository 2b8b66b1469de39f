"""A look for an article that has met something else in its place: noted, and when to look again."""

from datetime import datetime

from archive import absence
from archive.models import ArticleId, CanonicalUrl, Reason
from archive.revisiting import Plan, next_visit
from archive.store import Database, absences, revisits, transaction


def missed(
    db: Database, url: CanonicalUrl, reason: Reason, *, at: datetime, plan: Plan, article_id: ArticleId | None = None
) -> None:
    """Notes that what was asked for at `url` is no page of the article for which that speaks, if it is one's.

    `article_id` is the article to which the address leads now; what leads to the article itself is not missing. What
    is no sign of an absence (`archive.absence.MISSING`) only puts the next look off. The address must have been settled
    before. Raises StoreError.
    """
    with transaction(db):
        missing = absences.spoken_for(db, url)
        if missing is None or missing == article_id:
            return
        if reason not in absence.MISSING:
            due = next_visit(at, revisits.life(db, missing), plan.ages)
        else:
            before = next((episode for episode, back_at in absences.of(db, missing) if back_at is None), None)
            episode = absence.missed(before, reason, absences.status_of(db, url), at, plan.confirm_after)
            absences.record(db, missing, episode)
            due = absence.next_look(episode, plan.confirm_after)
        revisits.put_off(db, url, at=due)
