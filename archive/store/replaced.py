"""What a re-extraction has put in the place of older values: written with them kept apart, and put back."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlite_utils import Database

from archive import text
from archive.boilerplate import Body, Lines, Removal, restore, strip
from archive.models import ArticleId, BlockKind, FieldValue
from archive.store import boilerplate, seals, states
from archive.store.columns import from_flag, from_texts
from archive.store.connection import reads, writes
from archive.store.reextractions import ReextractionId
from archive.store.states import RevisionState, State, Value

ARTICLE = 0
"""Stands for the article's own row where a revision's number is asked for."""

_LONG = frozenset({"text", "blocks"})
"""Columns whose new value is not kept a second time."""
_LISTS = frozenset({"readings", "removals"})
"""What is kept as JSON, with the rows' places in their tables: putting it back leaves no trace."""
_GUARDS = {ARTICLE: "revisions"}
_GUARD = "capture_id"
"""Columns that tell whether somebody else has written a row since."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """A value that is to stand in the place of another."""

    revision: int
    """The revision's number, or `ARTICLE`."""
    field: str
    """The column."""
    before: Value
    after: Value


class Restored(StrEnum):
    """How much of an article was put back."""

    WHOLLY = "put back"
    EDITED = "edited since"
    """A crawl has made a further revision: what that says, and the article's row with it, stays."""
    CLEANED = "cleaned since"
    """Lines were learned or put back since: the old text has been treated likewise."""


@writes
def write(
    db: Database,
    run: ReextractionId,
    state: State,
    values: Sequence[Replacement],
    *,
    taken: Mapping[int, Sequence[Removal]],
    readings: Mapping[int, Sequence[FieldValue]],
) -> None:
    """Gives an article other values, in place, and keeps those that stood there.

    `taken` is what is taken out of each text that is replaced, `readings` what the pages say by which it is.
    """
    stored = {revision.number: revision for revision in state.revisions}
    for number in sorted({ARTICLE, *(value.revision for value in values), *taken, *readings}):
        guard = _GUARDS.get(number, _GUARD)
        row = state.row if number == ARTICLE else stored[number].row
        _announce(db, state.id, number, "extracted anew")
        _keep(db, run, state.id, Replacement(revision=number, field=guard, before=row[guard], after=row[guard]))
        for value in values:
            if value.revision == number:
                _keep(db, run, state.id, value)
        if number in taken:
            _keep_list(db, run, state.id, number, "removals", _rows(db, "removals", state.id, number))
            _keep_hash(db, run, state.id, stored[number], values)
            after = taken[number]
            boilerplate.exchange(db, state.source_id, state.id, number, before=stored[number].taken, after=after)
        if number in readings:
            _keep_list(db, run, state.id, number, "readings", _rows(db, "fields", state.id, number))
            _write_readings(db, state.id, number, readings[number])
        _update(db, state.id, number, {value.field: value.after for value in values if value.revision == number})


def _announce(db: Database, article_id: ArticleId, revision: int, why: str) -> None:
    """Notes for the next manifest that a row is about to be changed, and why."""
    if revision == ARTICLE:
        seals.changing(db, "articles", article_id, why=why)
    else:
        seals.changing(db, "revisions", article_id, revision, why=why)


def _keep(db: Database, run: ReextractionId, article_id: ArticleId, value: Replacement) -> None:
    after = None if value.field in _LONG else value.after
    db.execute(
        """
        INSERT INTO replaced_values (reextraction_id, article_id, revision, field, before, after)
        VALUES (?, ?, ?, ?, ?, ?)
        """,
        [run, article_id, value.revision, value.field, value.before, after],
    )


def _keep_hash(
    db: Database, run: ReextractionId, article_id: ArticleId, stored: RevisionState, values: Sequence[Replacement]
) -> None:
    """Keeps the hash of a replaced text even if it is the same: it tells whether the text was cleaned since."""
    if not any(value.revision == stored.number and value.field == "content_hash" for value in values):
        same = stored.row["content_hash"]
        _keep(
            db,
            run,
            article_id,
            Replacement(revision=stored.number, field="content_hash", before=same, after=same),
        )


def _keep_list(
    db: Database, run: ReextractionId, article_id: ArticleId, revision: int, field: str, rows: Sequence[Sequence[Value]]
) -> None:
    before = json.dumps(rows, ensure_ascii=False)
    _keep(db, run, article_id, Replacement(revision=revision, field=field, before=before, after=None))


def _rows(db: Database, table: str, article_id: ArticleId, revision: int) -> list[Sequence[Value]]:
    columns = "field, value, method, chosen" if table == "fields" else "position, line, kind, line_hash"
    sql = f"SELECT rowid, {columns} FROM {table} WHERE article_id = ? AND revision = ? ORDER BY rowid"
    return db.execute(sql, [article_id, revision]).fetchall()


def _write_readings(db: Database, article_id: ArticleId, revision: int, readings: Sequence[FieldValue]) -> None:
    db.execute("DELETE FROM fields WHERE article_id = ? AND revision = ?", [article_id, revision])
    db.conn.executemany(
        "INSERT INTO fields (article_id, revision, field, value, method, chosen) VALUES (?, ?, ?, ?, ?, ?)",
        [(article_id, revision, r.field, r.value, r.method, from_flag(flag=r.chosen)) for r in readings],
    )


def _update(db: Database, article_id: ArticleId, revision: int, row: Mapping[str, Value]) -> None:
    """Writes columns of a revision, or of the article's own row; no other is named, for the sake of the triggers."""
    if not row:
        return
    assignments = ", ".join(f"{column} = :{column}" for column in row)
    where = (
        "articles SET {} WHERE id = :id_"
        if revision == ARTICLE
        else ("revisions SET {} WHERE article_id = :id_ AND number = :number_")
    )
    db.execute(f"UPDATE {where.format(assignments)}", dict(row) | {"id_": article_id, "number_": revision})


@reads
def touched(db: Database, run: ReextractionId, *, limit: int) -> list[ArticleId]:
    """The articles that a run has changed and that were not put back yet, the last first."""
    sql = "SELECT DISTINCT article_id FROM replaced_values WHERE reextraction_id = ? ORDER BY article_id DESC LIMIT ?"
    return [ArticleId(article_id) for (article_id,) in db.execute(sql, [run, limit]).fetchall()]


@reads
def count(db: Database, run: ReextractionId) -> int:
    """How many articles a run has changed that were not put back yet."""
    sql = "SELECT count(DISTINCT article_id) FROM replaced_values WHERE reextraction_id = ?"
    return int(db.execute(sql, [run]).fetchone()[0])


@reads
def later(db: Database, run: ReextractionId) -> ReextractionId | None:
    """The last run that has changed, after this one, what this one had changed."""
    row = db.execute(
        """
        SELECT max(run) FROM (
            SELECT max(other.reextraction_id) AS run
            FROM replaced_values AS mine JOIN replaced_values AS other ON other.article_id = mine.article_id
            WHERE mine.reextraction_id = :run AND other.reextraction_id > :run
            UNION ALL
            SELECT max(other.reextraction_id)
            FROM reread_captures AS mine JOIN reread_captures AS other ON other.capture_id = mine.capture_id
            WHERE mine.reextraction_id = :run AND other.reextraction_id > :run
            UNION ALL
            SELECT max(other.reextraction_id)
            FROM reread_captures AS mine JOIN replaced_values AS other ON other.article_id = mine.article_id
            WHERE mine.reextraction_id = :run AND other.reextraction_id > :run
        )
        """,
        {"run": run},
    ).fetchone()
    return ReextractionId(row[0]) if row[0] is not None else None


@writes
def put_back(db: Database, run: ReextractionId, article_id: ArticleId, lines: Lines) -> Restored:
    """Gives an article the values that a run has replaced, and forgets them.

    What somebody else has written since stays as that left it. `lines` are the source's known boilerplate, for a text
    that was cleaned of them since.
    """
    state = states.get(db, article_id)
    rows = db.query(
        "SELECT revision, field, before, after FROM replaced_values WHERE reextraction_id = ? AND article_id = ?",
        [run, article_id],
    )
    kept: dict[int, dict[str, tuple[Value, Value]]] = {}
    for row in rows:
        kept.setdefault(row["revision"], {})[row["field"]] = (row["before"], row["after"])
    outcome = Restored.WHOLLY
    if state is not None:
        # the article's row last: a text that was cleaned since decides about its hash
        hashes: dict[str, Value] = {}
        for number in sorted(kept, reverse=True):
            result = _put_back(db, state, number, kept[number], lines, hashes)
            outcome = outcome if result is Restored.WHOLLY else result
    db.execute("DELETE FROM replaced_values WHERE reextraction_id = ? AND article_id = ?", [run, article_id])
    return outcome


def _put_back(
    db: Database,
    state: State,
    number: int,
    kept: Mapping[str, tuple[Value, Value]],
    lines: Lines,
    hashes: dict[str, Value],
) -> Restored:
    stored = next((revision for revision in state.revisions if revision.number == number), None)
    now = state.row if number == ARTICLE else stored.row if stored else None
    guard = _GUARDS.get(number, _GUARD)
    if now is None or now[guard] != kept[guard][1]:
        return Restored.EDITED
    _announce(db, state.id, number, "extraction undone")
    texts = _LONG | {"content_hash", "word_count"}
    row = {
        field: before
        for field, (before, after) in kept.items()
        if field not in texts | _LISTS | {guard} and now[field] == after
    }
    result = Restored.WHOLLY
    if stored is None:
        row |= hashes or {field: kept[field][0] for field in ("content_hash", "word_count") if field in kept}
    elif "removals" in kept:
        is_untouched = now["content_hash"] == kept["content_hash"][1]
        result = Restored.WHOLLY if is_untouched else Restored.CLEANED
        row |= _old_text(db, state, stored, kept, None if is_untouched else lines)
        if not is_untouched and number == state.row["revisions"]:
            words = text.word_count(str(row["text"]))
            hashes |= {"content_hash": row["content_hash"], "word_count": words}
    elif "content_hash" in kept and now["content_hash"] == kept["content_hash"][1]:
        row["content_hash"] = kept["content_hash"][0]
    if stored is not None and "readings" in kept:
        _put_back_readings(db, state.id, number, json.loads(str(kept["readings"][0])))
    _update(db, state.id, number, row)
    return result


def _old_text(
    db: Database,
    state: State,
    stored: RevisionState,
    kept: Mapping[str, tuple[Value, Value]],
    lines: Lines | None,
) -> dict[str, Value]:
    """The text that a run has replaced, and its removals put back; with `lines`, without these."""
    rows: list[list[Any]] = json.loads(str(kept["removals"][0]))
    before = {field: kept.get(field, (stored.row[field], None))[0] for field in ("text", "blocks", "content_hash")}
    taken = tuple(
        Removal(position=position, line=line, kind=BlockKind(kind), line_hash=line_hash)
        for _, position, line, kind, line_hash in rows
    )
    if lines is not None:
        old = Body(text=str(before["text"]), blocks=tuple(map(BlockKind, json.loads(str(before["blocks"])))))
        body, taken = strip(restore(old, taken), lines)
        before = {
            "text": body.text,
            "blocks": from_texts(body.blocks),
            "content_hash": text.content_hash(body.text),
        }
    boilerplate.exchange(db, state.source_id, state.id, stored.number, before=stored.taken, after=taken)
    for rowid, position, *_ in rows if lines is None else ():
        db.execute(
            "UPDATE OR IGNORE removals SET rowid = ? WHERE article_id = ? AND revision = ? AND position = ?",
            [rowid, state.id, stored.number, position],
        )
    return before


def _put_back_readings(db: Database, article_id: ArticleId, revision: int, rows: Sequence[Sequence[Value]]) -> None:
    """Puts rows back to where they were; to the end of the table where others have taken their place since."""
    db.execute("DELETE FROM fields WHERE article_id = ? AND revision = ?", [article_id, revision])
    places = json.dumps([rowid for rowid, *_ in rows])
    sql = "SELECT 1 FROM fields WHERE rowid IN (SELECT value FROM json_each(?)) LIMIT 1"
    is_taken = db.execute(sql, [places]).fetchone() is not None
    db.conn.executemany(
        """
        INSERT INTO fields (rowid, article_id, revision, field, value, method, chosen) VALUES (?, ?, ?, ?, ?, ?, ?)
        """,
        [(None if is_taken else rowid, article_id, revision, *columns) for rowid, *columns in rows],
    )


@writes
def forget(db: Database, article_id: ArticleId) -> None:
    """Forgets what was replaced in an article, for good: nothing of it can be put back any more."""
    db.execute("DELETE FROM replaced_values WHERE article_id = ?", [article_id])
    db.execute("DELETE FROM reread_captures WHERE article_id = ?", [article_id])
