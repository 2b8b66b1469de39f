"""The same story at several sources: which articles are alike, kept pair by pair, and the clusters that they make.

A cluster is whatever hangs together by pairs of articles of different sources that are alike. So it depends on the
texts alone, not on the order in which they came, and an edit needs no more than the clusters that it touches. The
tables: `sketches` and `marks` (the least hashes, by which look-alikes are found), `copies` (the pairs, each both ways),
`clusters`, and `unplaced`, the queue of articles whose place is not known yet, which triggers fill.
"""

import json
from collections.abc import Iterable, Iterator

from sqlite_utils import Database

from archive import sketches
from archive.models import ArticleId, Sketch, SourceId
from archive.store.connection import inserted, reads, writes

COMPARED_MAX = 100
"""Look-alikes that are compared, those with the most marks in common and of these the oldest. What more outlets print
is one cluster all the same: every copy hangs on a hundred others."""

EARLIEST_FIRST = """
    min(coalesce(iif(published_precision = 'day', substr(published_at, 1, 10) || 'T23:59:59Z', published_at),
        first_seen_at), first_seen_at),
    published_precision IS 'day', first_seen_at, id
"""
"""An order of articles: by when each was out for certain. That is the end of the day for one that is dated by the day
alone, or when we have first seen it, if that was sooner."""
_LISTED = "IN (SELECT value FROM json_each(?))"


@writes
def place(db: Database, article_id: ArticleId, sketch: Sketch | None) -> None:
    """Puts an article with this sketch (None: too short for one) into the cluster where it belongs, or out of any."""
    sql = "SELECT source_id, cluster_id FROM articles WHERE id = ?"
    source_id, cluster_id = db.execute(sql, [article_id]).fetchone()
    rows = db.execute("SELECT copy_id FROM copies WHERE article_id = ?", [article_id]).fetchall()
    before = {ArticleId(other) for (other,) in rows}
    alike = look_alikes(db, sketch, source_id) if sketch is not None else {}
    for table in ("copies", "sketches", "unplaced"):
        db.execute(f"DELETE FROM {table} WHERE article_id = ?", [article_id])
    if sketch is not None:
        row = [article_id, sketch.shingles, sketch.least]
        db.execute("INSERT INTO sketches (article_id, shingles, least) VALUES (?, ?, ?)", row)
    if alike or before or cluster_id is not None:
        pairs = [(article_id, other, likeness) for other, likeness in alike.items()]
        pairs += [(other, one, likeness) for one, other, likeness in pairs]
        db.conn.executemany("INSERT INTO copies (article_id, copy_id, likeness) VALUES (?, ?, ?)", pairs)
        _group(db, article_id, before, set(alike))


@reads
def look_alikes(db: Database, sketch: Sketch, source_id: SourceId) -> dict[ArticleId, float]:
    """The articles of other sources that tell the same story, and how alike they are (`archive.sketches.likeness`)."""
    marks = sketches.marks(sketch)
    rows = db.execute(
        f"""
        SELECT sketches.article_id, sketches.shingles, sketches.least
        FROM (
            SELECT article_id, count(*) AS shared FROM marks WHERE mark IN ({", ".join("?" * len(marks))})
            GROUP BY article_id HAVING shared >= ?
        ) AS found
        JOIN articles ON articles.id = found.article_id AND articles.source_id <> ?
        JOIN sketches ON sketches.article_id = found.article_id
        ORDER BY shared DESC, found.article_id LIMIT ?
        """,
        [*marks, sketches.MARKS_SHARED, source_id, COMPARED_MAX],
    )
    found = {article_id: sketches.likeness(sketch, other) for article_id, other in _sketches(rows.fetchall())}
    return {article_id: likeness for article_id, likeness in found.items() if likeness >= sketches.SAME_STORY}


@reads
def unplaced(db: Database, limit: int) -> list[tuple[ArticleId, str]]:
    """At most so many of the articles whose place is not known yet, with their newest texts; the newest first."""
    sql = """
        SELECT unplaced.article_id, revisions.text
        FROM unplaced
        JOIN articles ON articles.id = unplaced.article_id
        JOIN revisions ON revisions.article_id = articles.id AND revisions.number = articles.revisions
        ORDER BY unplaced.article_id DESC LIMIT ?
        """
    return [(ArticleId(article_id), body) for article_id, body in db.execute(sql, [limit]).fetchall()]


def _group(db: Database, article_id: ArticleId, before: set[ArticleId], after: set[ArticleId]) -> None:
    """Brings the clusters up to date around an article that was like those before, and is like those after."""
    touched = _listed({article_id, *before, *after})
    sql = f"SELECT id, size FROM clusters WHERE id IN (SELECT cluster_id FROM articles WHERE id {_LISTED})"
    sizes: dict[int, int] = dict(db.execute(sql, [touched]).fetchall())
    sql = "SELECT id, cluster_id FROM articles WHERE {} " + _LISTED
    rows = db.execute(sql.format("cluster_id"), [_listed(sizes)]).fetchall()
    # What was whole stays so, unless a pair is no longer alike, or an article was deleted.
    is_whole = before <= after and len(rows) == sum(sizes.values())
    members: dict[ArticleId, int | None] = dict(rows + db.execute(sql.format("id"), [touched]).fetchall())
    free = set(sizes)
    for group in [set(members)] if is_whole else _parts(db, set(members)):
        if len(group) > 1:
            known = free & {members[member] for member in group}
            cluster_id = min(known) if known else inserted(db, "INSERT INTO clusters (size) VALUES (0)", [])
            free.discard(cluster_id)
            changed = {member for member in group if member == article_id or members[member] != cluster_id}
            _write(db, cluster_id, group, changed)
        elif members[min(group)] is not None:
            db.execute("UPDATE articles SET cluster_id = NULL, rewritten = NULL WHERE id = ?", [min(group)])
    db.execute(f"DELETE FROM clusters WHERE id {_LISTED}", [_listed(free)])


def _parts(db: Database, members: set[ArticleId]) -> list[set[ArticleId]]:
    """What of these articles still hangs together; the largest part first, which keeps the cluster's number."""
    alike: dict[ArticleId, set[ArticleId]] = {member: set() for member in members}
    sql = f"SELECT article_id, copy_id FROM copies WHERE article_id {_LISTED}"
    for one, other in db.execute(sql, [_listed(members)]).fetchall():
        alike[one].add(other)
    parts = []
    while alike:
        part, waiting = set(), [min(alike)]
        while waiting:
            member = waiting.pop()
            if member in alike:
                part.add(member)
                waiting.extend(alike.pop(member))
        parts.append(part)
    return sorted(parts, key=len, reverse=True)


def _write(db: Database, cluster_id: int, group: set[ArticleId], changed: set[ArticleId]) -> None:
    """Makes a group a cluster, and says how much each article differs from the first, where that may have changed."""
    sql = f"SELECT id FROM articles WHERE id {_LISTED} ORDER BY {EARLIEST_FIRST} LIMIT 1"
    (first,) = db.execute(sql, [_listed(group)]).fetchone()
    (was_first,) = db.execute("SELECT first_article_id FROM clusters WHERE id = ?", [cluster_id]).fetchone()
    db.execute("UPDATE clusters SET first_article_id = ?, size = ? WHERE id = ?", [first, len(group), cluster_id])
    db.execute(f"UPDATE articles SET cluster_id = ? WHERE id {_LISTED}", [cluster_id, _listed(changed)])
    anew = group if first != was_first or first in changed else changed
    sql = f"SELECT article_id, shingles, least FROM sketches WHERE article_id {_LISTED}"
    kept = dict(_sketches(db.execute(sql, [_listed({*anew, first})]).fetchall()))
    shares = [(None if one == first else sketches.rewritten(kept[one], kept[first]), one) for one in anew]
    db.conn.executemany("UPDATE articles SET rewritten = ? WHERE id = ?", shares)


def _sketches(rows: Iterable[tuple[int, int, bytes]]) -> Iterator[tuple[ArticleId, Sketch]]:
    return ((ArticleId(article_id), Sketch(shingles=shingles, least=least)) for article_id, shingles, least in rows)


def _listed(ids: Iterable[int]) -> str:
    return json.dumps(list(ids))
