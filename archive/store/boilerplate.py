"""The lines that a source's articles share, and what was taken out of which text because of them."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from archive import text
from archive.boilerplate import Body, Line, Lines, Removal, Rule
from archive.errors import StoreError
from archive.models import ArticleId, BlockKind, SourceId
from archive.store import seals
from archive.store.columns import from_texts, from_time
from archive.store.connection import reads, writes


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredBody:
    """The text of one revision as it stands, and what was taken out of it."""

    article_id: ArticleId
    revision: int
    title: str
    subtitle: str | None
    body: Body
    taken: tuple[Removal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredLine:
    """A line that was learned."""

    line: str
    line_hash: str
    rule: Rule
    articles: int
    """Out of how many articles it was taken."""
    removed: int
    """How often, over all revisions."""
    spared: bool
    """Whether it was put back, never to be taken again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A line that was taken out of a text, and how common it is."""

    line: str
    line_hash: str
    articles: int
    """Out of how many articles of the source it was taken."""


@reads
def known(db: Database, source_id: SourceId) -> Lines:
    """The lines that are taken out of this source's texts."""
    rows = db.query("SELECT rule, line FROM boilerplate WHERE source_id = ? AND NOT spared", [source_id])
    return Lines(Line(rule=Rule(row["rule"]), text=row["line"]) for row in rows)


@reads
def known_for(db: Database, article_id: ArticleId) -> Lines:
    """The lines that are taken out of the texts of the article's source; none for no article."""
    row = db.execute("SELECT source_id FROM articles WHERE id = ?", [article_id]).fetchone()
    return known(db, SourceId(row[0])) if row else Lines()


@reads
def every(db: Database, source_id: SourceId) -> list[StoredLine]:
    """All lines that were learned from this source, the most common first."""
    sql = "SELECT * FROM boilerplate WHERE source_id = ? ORDER BY articles DESC, line"
    return [
        StoredLine(
            line=row["line"],
            line_hash=row["line_hash"],
            rule=Rule(row["rule"]),
            articles=row["articles"],
            removed=row["removed"],
            spared=bool(row["spared"]),
        )
        for row in db.query(sql, [source_id])
    ]


@reads
def hashes(db: Database, source_id: SourceId) -> set[str]:
    """The hashes of the lines that are taken out of this source's texts."""
    sql = "SELECT line_hash FROM boilerplate WHERE source_id = ? AND NOT spared"
    return {line_hash for (line_hash,) in db.execute(sql, [source_id]).fetchall()}


@writes
def add(db: Database, source_id: SourceId, lines: Iterable[Line], at: datetime) -> list[Line]:
    """Remembers lines as boilerplate; those that were not known. One that is spared stays so."""
    sql = """
        INSERT INTO boilerplate (source_id, line_hash, line, rule, articles, learned_at) VALUES (?, ?, ?, ?, 0, ?)
        ON CONFLICT (source_id, line_hash) DO NOTHING
        """
    return [
        line
        for line in lines
        if db.conn.execute(sql, [source_id, line.hash, line.text, line.rule, from_time(at)]).rowcount
    ]


@writes
def spare(db: Database, source_id: SourceId, line_hash: str) -> None:
    """Remembers that a line is none to be taken, now and later. Raises StoreError where it is not known."""
    sql = "UPDATE boilerplate SET spared = 1 WHERE source_id = ? AND line_hash = ?"
    if not db.conn.execute(sql, [source_id, line_hash]).rowcount:
        raise StoreError(f"No line {line_hash!r} was learned from this source: see the table boilerplate.")


@writes
def record(db: Database, source_id: SourceId, article_id: ArticleId, revision: int, taken: Iterable[Removal]) -> None:
    """Keeps what was taken out of a revision, and counts it."""
    for removal in taken:
        seals.changing(db, "revisions", article_id, revision, why="cleaned")
        _count(db, source_id, article_id, removal, change=1)
        db.execute(
            "INSERT INTO removals (article_id, revision, position, line, kind, line_hash) VALUES (?, ?, ?, ?, ?, ?)",
            [article_id, revision, removal.position, removal.line, removal.kind, removal.line_hash],
        )


@writes
def rewrite(db: Database, source_id: SourceId, stored: StoredBody, *, body: Body, taken: Sequence[Removal]) -> None:
    """Gives a revision another text with what was taken out of it: no new revision, for its publisher did nothing."""
    seals.changing(db, "revisions", stored.article_id, stored.revision, why="cleaned")
    seals.changing(db, "articles", stored.article_id, why="cleaned")
    exchange(db, source_id, stored.article_id, stored.revision, before=stored.taken, after=taken)
    content_hash = text.content_hash(body.text)
    db.execute(
        "UPDATE revisions SET text = ?, blocks = ?, content_hash = ? WHERE article_id = ? AND number = ?",
        [body.text, from_texts(body.blocks), content_hash, stored.article_id, stored.revision],
    )
    db.execute(
        "UPDATE articles SET content_hash = ?, word_count = ? WHERE id = ? AND revisions = ?",
        [content_hash, text.word_count(body.text), stored.article_id, stored.revision],
    )


@writes
def exchange(
    db: Database,
    source_id: SourceId,
    article_id: ArticleId,
    revision: int,
    *,
    before: Sequence[Removal],
    after: Sequence[Removal],
) -> None:
    """Keeps, and counts, what is taken out of a revision now instead of what was before; its text is the caller's."""
    for removal in before:
        if removal not in after:
            db.execute(
                "DELETE FROM removals WHERE article_id = ? AND revision = ? AND position = ?",
                [article_id, revision, removal.position],
            )
            _count(db, source_id, article_id, removal, change=-1)
    record(db, source_id, article_id, revision, [removal for removal in after if removal not in before])


def _count(db: Database, source_id: SourceId, article_id: ArticleId, removal: Removal, *, change: int) -> None:
    """Counts a removal that comes or is gone, and its article if there is no other of the line in it."""
    db.execute(
        """
        UPDATE boilerplate SET removed = removed + :change, articles = articles + :change
            * NOT EXISTS (SELECT 1 FROM removals WHERE line_hash = :line_hash AND article_id = :article_id)
        WHERE source_id = :source_id AND line_hash = :line_hash
        """,
        {"change": change, "source_id": source_id, "article_id": article_id, "line_hash": removal.line_hash},
    )


@reads
def newest(db: Database, source_id: SourceId, limit: int) -> list[ArticleId]:
    """At most so many articles of the source, those that were met last."""
    sql = "SELECT id FROM articles WHERE source_id = ? ORDER BY first_seen_at DESC, id DESC LIMIT ?"
    return [ArticleId(article_id) for (article_id,) in db.execute(sql, [source_id, limit]).fetchall()]


@reads
def without(db: Database, source_id: SourceId, line_hash: str) -> list[ArticleId]:
    """The articles of the source out of which a line was taken."""
    sql = """
        SELECT DISTINCT removals.article_id FROM removals JOIN articles ON articles.id = removals.article_id
        WHERE removals.line_hash = ? AND articles.source_id = ?
        """
    return [ArticleId(article_id) for (article_id,) in db.execute(sql, [line_hash, source_id]).fetchall()]


@reads
def bodies(db: Database, article_id: ArticleId) -> list[StoredBody]:
    """The texts of all revisions of an article, the newest first; none for no article."""
    rows = db.query(
        "SELECT number, title, subtitle, text, blocks FROM revisions WHERE article_id = ? ORDER BY number DESC",
        [article_id],
    )
    return [
        StoredBody(
            article_id=article_id,
            revision=row["number"],
            title=row["title"],
            subtitle=row["subtitle"],
            body=Body(text=row["text"], blocks=tuple(map(BlockKind, json.loads(row["blocks"])))),
            taken=_taken(db, article_id, row["number"]),
        )
        for row in rows
    ]


@reads
def taken_out(db: Database, article_id: ArticleId) -> list[Taken]:
    """What was taken out of the newest text of an article, in the order in which it stood there."""
    rows = db.query(
        """
        SELECT removals.line, removals.line_hash, boilerplate.articles
        FROM articles
        JOIN removals ON removals.article_id = articles.id AND removals.revision = articles.revisions
        JOIN boilerplate ON boilerplate.source_id = articles.source_id AND boilerplate.line_hash = removals.line_hash
        WHERE articles.id = ? ORDER BY removals.position
        """,
        [article_id],
    )
    return [Taken(line=row["line"], line_hash=row["line_hash"], articles=row["articles"]) for row in rows]


def _taken(db: Database, article_id: ArticleId, revision: int) -> tuple[Removal, ...]:
    rows = db.query(
        """
        SELECT position, line, kind, line_hash FROM removals WHERE article_id = ? AND revision = ? ORDER BY position
        """,
        [article_id, revision],
    )
    return tuple(
        Removal(position=row["position"], line=row["line"], kind=BlockKind(row["kind"]), line_hash=row["line_hash"])
        for row in rows
    )
