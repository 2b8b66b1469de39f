"""What is sealed in manifests and what is still to be: the tables `manifests`, `unsealed` and `segments`.

Whoever stores a row that manifests cover calls `made` in the same transaction, and whoever changes or deletes one on
purpose `changing` before it does: what then differs from its manifest is nobody's doing that we know of.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlite_utils import Database

from archive.manifest import GENESIS, Header, Key, prints
from archive.models import CrawlId, WarcPlace
from archive.store.columns import from_time_or_none, to_time
from archive.store.connection import inserted, reads, streams, writes
from archive.warc.writing import Written


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """What manifests cover of a table."""

    columns: Mapping[str, str]
    """Name -> SQL; those of the table itself, and what stands in other tables about the row as one text."""
    key: tuple[str, ...]
    about: tuple[str, ...]
    """The columns whose values a manifest tells in clear; none in which anything of an article's content stands."""
    since: str | None
    """The column that says when the row came; None where all are few."""


def _own(names: str) -> dict[str, str]:
    return {name: f"this.{name}" for name in names.split()}


# Records and values are divided by the separators that ASCII has for it (U+001E, U+001F); no cleaned text has them.
_LISTED = "(SELECT group_concat({values}, char(30)) FROM (SELECT * FROM {table} WHERE {whose} ORDER BY {order}))"
_FIELDS = _LISTED.format(
    values="field || char(31) || method || char(31) || chosen || char(31) || value",
    table="fields",
    whose="article_id = this.article_id AND revision = this.number",
    order="field, method, chosen, value",
)
_REMOVALS = _LISTED.format(
    values="position || char(31) || kind || char(31) || line_hash || char(31) || line",
    table="removals",
    whose="article_id = this.article_id AND revision = this.number",
    order="position",
)
_ADDRESSES = _LISTED.format(
    values="url || char(31) || kind || char(31) || first_seen_at",
    table="article_urls",
    whose="article_id = this.id",
    order="url",
)

# Not covered, because it changes with every crawl: when an article was last seen and whether it is gone, its cluster,
# the frontier and what is known of sources.
COVERED: Mapping[str, Covered] = MappingProxyType(
    {
        "captures": Covered(
            columns=_own(
                "id url fetched_at status content_type etag last_modified payload_sha256 warc_file warc_offset "
                "warc_length record_id revisit_of"
            ),
            key=("id",),
            about=("url", "status", "payload_sha256", "record_id", "warc_file", "warc_offset", "warc_length"),
            since="fetched_at",
        ),
        "articles": Covered(
            columns=_own(
                "id url source_id title subtitle authors published_at published_precision published_offset modified_at "
                "section tags language description image_url site_name agency is_free word_count content_hash "
                "revisions first_seen_at"
            )
            | {"addresses": _ADDRESSES},
            key=("id",),
            about=("url",),
            since="first_seen_at",
        ),
        "revisions": Covered(
            columns=_own(
                "article_id number seen_at capture_id title subtitle authors published_at modified_at text blocks "
                "content_hash change silent extractor"
            )
            | {"fields": _FIELDS, "removals": _REMOVALS},
            key=("article_id", "number"),
            about=("content_hash",),
            since="seen_at",
        ),
        "segments": Covered(
            columns=_own("id warc_file begins ends sha256"),
            key=("id",),
            about=("warc_file", "begins", "ends", "sha256"),
            since=None,
        ),
        "tombstones": Covered(
            columns=_own(
                "id article_id source_id url reason taken_by taken_at addresses content_hashes title_hashes sketches"
            ),
            key=("id",),
            about=(
                "article_id",
                "url",
                "reason",
                "taken_by",
                "taken_at",
                "addresses",
                "content_hashes",
                "title_hashes",
                "sketches",
            ),
            since=None,
        ),
        "erasures": Covered(
            columns=_own("capture_id tombstone_id warc_file warc_offset warc_length record_id payload_sha256"),
            key=("capture_id",),
            about=("tombstone_id", "warc_file", "warc_offset", "warc_length", "record_id", "payload_sha256"),
            since=None,
        ),
    }
)
"""The tables that manifests cover, in the order in which a row of the one may refer to one of the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsealed:
    """A row that the next manifest has."""

    table: str
    key: Key
    why: str
    was: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestRow:
    """A manifest, and where it is."""

    number: int
    crawl_id: CrawlId | None
    made_at: datetime
    previous: str
    digest: str
    lines: int
    place: WarcPlace | None
    """None in an archive without WARC files."""
    block: bytes | None
    """The manifest itself, where it has no place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Bytes of a WARC file that were sealed together."""

    id: int
    file: str
    begins: int
    ends: int
    """The byte after the last one."""
    sha256: str


@writes
def made(db: Database, table: str, *key: int) -> None:
    """Notes a row that was just stored, for the next manifest."""
    db.conn.execute(
        "INSERT OR IGNORE INTO unsealed (table_name, id, number, why) VALUES (?, ?, ?, 'made')", [table, *_full(key)]
    )


@writes
def changing(db: Database, table: str, *key: int, why: str) -> None:
    """Notes, before it happens, that a row is changed or deleted on purpose. Of several reasons the first is kept."""
    if waiting(db, table, key):
        return
    was = row(db, table, key)
    if was is not None:
        db.conn.execute(
            "INSERT INTO unsealed (table_name, id, number, why, was) VALUES (?, ?, ?, ?, ?)",
            [table, *_full(key), why, prints(was.values()).row],
        )


@reads
def pending(db: Database, limit: int) -> list[Unsealed]:
    """At most so many rows that wait for the next manifest."""
    order = " ".join(f"WHEN '{table}' THEN {place}" for place, table in enumerate(COVERED))
    rows = db.conn.execute(
        f"""
        SELECT table_name, id, number, why, was FROM unsealed
        ORDER BY CASE table_name {order} END, id, number LIMIT ?
        """,
        [limit],
    )
    return [
        Unsealed(table=table, key=(row_id, number)[: len(COVERED[table].key)], why=why, was=was)
        for table, row_id, number, why, was in rows
    ]


@streams
def unsealed(db: Database) -> Iterator[tuple[str, Key]]:
    """The rows that wait for the next manifest, by table and key."""
    order = "table_name, id, number"
    for table, row_id, number in db.conn.execute(f"SELECT {order} FROM unsealed ORDER BY {order}"):
        yield table, (row_id, number)[: len(COVERED[table].key)]


@reads
def count_pending(db: Database) -> int:
    """How many rows wait for the next manifest."""
    return int(db.conn.execute("SELECT count(*) FROM unsealed").fetchone()[0])


@reads
def row(db: Database, table: str, key: Key) -> dict[str, Any] | None:
    """What manifests cover of a row, by column; None where there is none."""
    covered = COVERED[table]
    where = " AND ".join(f"this.{column} = ?" for column in covered.key)
    found = db.conn.execute(f"{_select(table)} WHERE {where}", key).fetchone()
    return None if found is None else dict(zip(covered.columns, found, strict=True))


@streams
def keys(db: Database, table: str, since: datetime | None = None) -> Iterator[Key]:
    """The keys of all rows of a table, or of those that came since."""
    covered = COVERED[table]
    where = f" WHERE {covered.since} >= :since" if since and covered.since else ""
    yield from db.conn.execute(
        f"SELECT {', '.join(covered.key)} FROM {table}{where} ORDER BY {', '.join(covered.key)}",
        {"since": from_time_or_none(since)},
    )


@reads
def waiting(db: Database, table: str, key: Key) -> Unsealed | None:
    """What is noted of a row for the next manifest; None where it does not wait for that."""
    sql = "SELECT why, was FROM unsealed WHERE table_name = ? AND id = ? AND number = ?"
    found = db.conn.execute(sql, [table, *_full(key)]).fetchone()
    return found and Unsealed(table=table, key=key, why=found[0], was=found[1])


@reads
def count(db: Database, table: str) -> int:
    """How many rows a covered table has."""
    return int(db.conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def _select(table: str) -> str:
    values = ", ".join(f"{sql} AS {name}" for name, sql in COVERED[table].columns.items())
    return f"SELECT {values} FROM {table} AS this"


def _full(key: Sequence[int]) -> tuple[int, int]:
    return (key[0], key[1] if len(key) > 1 else 0)


@writes
def add(
    db: Database, header: Header, digest: str, *, written: Written | None, block: bytes, sealed: Iterable[Unsealed]
) -> None:
    """Records a manifest that was written, or keeps it itself where it was not; its rows wait no more."""
    place = written.place if written else None
    db.conn.execute(
        """
        INSERT INTO manifests (number, crawl_id, made_at, previous, digest, lines, warc_file, warc_offset, warc_length,
            record_id, block)
        VALUES (?, (SELECT id FROM crawls WHERE id = ?), ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        [
            header.number,
            header.crawl,
            header.made_at,
            header.previous,
            digest,
            header.lines,
            place and place.file,
            place and place.offset,
            place and place.length,
            written and written.record_id,
            None if written else block,
        ],
    )
    db.conn.executemany(
        "DELETE FROM unsealed WHERE table_name = ? AND id = ? AND number = ?",
        [(waiting.table, *_full(waiting.key)) for waiting in sealed],
    )


@streams
def manifests(db: Database) -> Iterator[ManifestRow]:
    """All manifests, the oldest first."""
    for found in db.query("SELECT * FROM manifests ORDER BY number"):
        yield _manifest(found)


@reads
def head(db: Database) -> tuple[int, str]:
    """The number and the digest of the newest manifest; 0 and `GENESIS` where there is none."""
    found = db.conn.execute("SELECT number, digest FROM manifests ORDER BY number DESC LIMIT 1").fetchone()
    return (found[0], found[1]) if found else (0, GENESIS)


def _manifest(found: Mapping[str, Any]) -> ManifestRow:
    has_place = found["warc_file"] is not None
    return ManifestRow(
        number=found["number"],
        crawl_id=found["crawl_id"],
        made_at=to_time(found["made_at"]),
        previous=found["previous"],
        digest=found["digest"],
        lines=found["lines"],
        place=WarcPlace(file=found["warc_file"], offset=found["warc_offset"], length=found["warc_length"])
        if has_place
        else None,
        block=found["block"],
    )


@writes
def add_segment(db: Database, file: str, begins: int, ends: int, sha256: str) -> None:
    """Records bytes of a file that are sealed with the next manifest."""
    values = [file, begins, ends, sha256]
    sql = "INSERT INTO segments (warc_file, begins, ends, sha256) VALUES (?, ?, ?, ?)"
    made(db, "segments", inserted(db, sql, values))


@reads
def sealed_to(db: Database, file: str) -> int:
    """The byte of a file up to which it is in segments; 0 for none."""
    sql = "SELECT max(ends) FROM segments WHERE warc_file = ?"
    return int(db.conn.execute(sql, [file]).fetchone()[0] or 0)


@reads
def segments(db: Database, file: str) -> list[Segment]:
    """The segments of a file, in their order."""
    sql = "SELECT id, begins, ends, sha256 FROM segments WHERE warc_file = ? ORDER BY begins"
    return [
        Segment(id=row_id, file=file, begins=begins, ends=ends, sha256=sha256)
        for row_id, begins, ends, sha256 in db.conn.execute(sql, [file])
    ]


@reads
def end_of(db: Database, file: str) -> int | None:
    """The byte after the last manifest in a file; None where there is none."""
    sql = "SELECT max(warc_offset + warc_length) FROM manifests WHERE warc_file = ?"
    found = db.conn.execute(sql, [file]).fetchone()[0]
    return None if found is None else int(found)


@writes
def reseal(db: Database, segment_id: int, sha256: str) -> None:
    """Records that the bytes of a segment are others now, because we erased something in it."""
    changing(db, "segments", segment_id, why="takedown")
    db.conn.execute("UPDATE segments SET sha256 = ? WHERE id = ?", [sha256, segment_id])
