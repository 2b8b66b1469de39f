"""Opening an archive, its transactions, and the one place where SQLite's errors become ours."""

import functools
import sqlite3
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Concatenate, NoReturn, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from sqlite_utils import Database

from archive import spelling
from archive.errors import (
    ArchiveBusyError,
    ArchiveReadOnlyError,
    NewerArchiveError,
    NotAnArchiveError,
    StoreError,
)
from archive.store import schema

BUSY_TIMEOUT_S = 60.0
"""How long a writer waits for another: longer than any transaction of ours takes."""

CACHE_KIB = 32 * 1024

CHECKPOINT_PAGES = 8_000
"""How far the log grows (32 MB) before it is copied into the file: eight times SQLite's default made storing articles a
third faster, because pages that every article changes are then written once."""

CACHED_STATEMENTS = 256
"""How many statements stay prepared: storing an article takes some sixty."""

_opened: WeakKeyDictionary[Database, tuple[Path, tuple[int, int]]] = WeakKeyDictionary()
"""The path of each archive that is open for writing, and the device and number of the file that was there."""

P = ParamSpec("P")
T = TypeVar("T")


class _Archive(Database):
    """sqlite-utils' database, with a `query` that reads and no more: its own puts a savepoint around each SELECT."""

    def query(
        self, sql: str, params: Sequence[object] | dict[str, Any] | None = None
    ) -> Generator[dict[str, Any], None, None]:
        """The rows of a SELECT, by column."""
        cursor = self.conn.execute(sql, params or ())
        columns = [column[0] for column in cursor.description]
        return (dict(zip(columns, row, strict=True)) for row in cursor)


def open_archive(path: str | Path, *, readonly: bool = False) -> Database:
    """The archive at `path`; for writing it is made, or migrated to the newest schema, where need be.

    Read-only it works on a file of an older version as well, as long as that has everything we read, and on media that
    cannot be written at all. Close it with `db.close()`.

    Raises: NotAnArchiveError, NewerArchiveError, ArchiveReadOnlyError, ArchiveBusyError, StoreError.
    """
    path = Path(path)
    if path.is_dir():
        raise NotAnArchiveError(f"{path} is a folder, not an archive: name a file in it, such as {path / 'news.db'}.")
    if readonly and not path.exists():
        raise NotAnArchiveError(f"There is no archive at {path}: crawl something first, or name another with --db.")
    if not path.parent.is_dir():
        raise StoreError(f"The folder {path.parent} does not exist: make it first.")
    with _translated(path):
        return _reader(path) if readonly else _writer(path)


def _writer(path: Path) -> Database:
    db = _connected(path, "mode=rwc")
    with _closed_on_error(db):
        _refuse_foreign(db, path)
        _enable_wal(db)
        # Under WAL this survives a killed process; only a power cut may take the last transactions (sqlite.org/wal).
        db.execute("PRAGMA synchronous = NORMAL")
        db.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
        # In a transaction even if nothing is to be done: it proves that we may write, and makes of two processes
        # that open a new file at once one that creates it and one that waits.
        with transaction(db):
            if schema.migrations.pending(db):
                schema.migrations.apply(db)
                _refuse_broken(db, path)
        _opened[db] = (path.absolute(), _identity(path))
    return db


def _enable_wal(db: Database) -> None:
    """Switches a new file to a write-ahead log, which SQLite refuses without waiting while another process does so."""
    until = time.monotonic() + BUSY_TIMEOUT_S
    while True:
        try:
            return db.enable_wal()
        except sqlite3.OperationalError as error:
            if _primary(error) != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.02)


def _reader(path: Path) -> Database:
    wal = path.with_name(path.name + "-wal")
    try:
        return _checked_reader(path, "mode=ro")
    except sqlite3.OperationalError as error:
        # A file in WAL mode needs its -shm file beside it, which cannot be made on read-only media. Without a log
        # to read, nobody is writing, and the file alone is the whole archive.
        unwritable = _primary(error) in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)
        if not unwritable or (wal.exists() and wal.stat().st_size):
            raise
        return _checked_reader(path, "mode=ro&immutable=1")


def _checked_reader(path: Path, mode: str) -> Database:
    db = _connected(path, mode)
    with _closed_on_error(db):
        _refuse_foreign(db, path)
        _refuse_unreadable(db, path)
    return db


def _connected(path: Path, mode: str) -> Database:
    uri = f"{path.absolute().as_uri()}?{mode}"
    connection = sqlite3.connect(uri, uri=True, timeout=BUSY_TIMEOUT_S, cached_statements=CACHED_STATEMENTS)
    db = _Archive(connection, execute_plugins=False)
    with _closed_on_error(db):
        db.register_function(_segmented, deterministic=True, name="segmented")
        db.execute("PRAGMA foreign_keys = ON")
        db.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        db.execute("PRAGMA temp_store = MEMORY")
    return db


@contextmanager
def _closed_on_error(db: Database) -> Iterator[None]:
    try:
        yield
    except BaseException:
        db.close()
        raise


def _segmented(column: str | None) -> str | None:
    return None if column is None else spelling.indexed(column)


def _applied(db: Database) -> set[str]:
    return {migration.name for migration in schema.migrations.applied(db)}


def _refuse_foreign(db: Database, path: Path) -> None:
    """Refuses what is not ours, or not yet ours, before anything is changed in it."""
    applied = _applied(db)
    if newer := applied - set(schema.names()):
        raise NewerArchiveError(
            f"{path} was written by a newer version of newsarchive (it has {max(newer)}): upgrade newsarchive first."
        )
    if not applied and set(db.table_names()) - {schema.MIGRATIONS_TABLE}:
        raise NotAnArchiveError(f"{path} is a database of something else: name another file with --db.")


def _refuse_unreadable(db: Database, path: Path) -> None:
    if schema.READABLE_FROM not in _applied(db):
        raise NotAnArchiveError(
            f"{path} is empty or of an older version: run a command that writes, such as `newsarchive sources add`."
        )


def _refuse_broken(db: Database, path: Path) -> None:
    if broken := db.execute("PRAGMA foreign_key_check").fetchone():
        raise StoreError(f"{path} was not migrated: a row of {broken[0]} refers to one that is not there.")


def _identity(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_dev, found.st_ino


def _refuse_replaced(db: Database) -> None:
    """Refuses to write where nobody will look: SQLite goes on with a file that was deleted, or moved away."""
    if db not in _opened:
        return
    path, opened = _opened[db]
    try:
        there = _identity(path)
    except OSError:
        there = None
    if there != opened:
        raise StoreError(f"{path} was deleted, moved or replaced meanwhile: what was stored since then is lost.")


@contextmanager
def transaction(db: Database) -> Iterator[None]:
    """All or nothing; a transaction inside another joins it.

    It takes the write lock at once: one that begins by reading and writes later is refused by SQLite, without waiting,
    if somebody else wrote in between.

    Raises: ArchiveBusyError, ArchiveReadOnlyError, StoreError, and whatever the body raises.
    """
    with _translated(db):
        if db.conn.in_transaction:
            yield
            return
        _refuse_replaced(db)
        db.conn.execute("BEGIN IMMEDIATE")
        try:
            yield
            db.conn.execute("COMMIT")
        except BaseException:
            db.rollback()
            raise


@contextmanager
def snapshot(db: Database) -> Iterator[None]:
    """The archive as it is at the first look, for all reading in the body, whoever writes meanwhile.

    The log of a crawl that runs meanwhile grows until it ends (sqlite.org/wal, "Avoiding Excessively Large WAL Files").
    Raises: StoreError, and whatever the body raises.
    """
    with _translated(db):
        db.conn.execute("BEGIN")
    try:
        yield
    finally:
        db.rollback()


def writes(function: Callable[Concatenate[Database, P], T]) -> Callable[Concatenate[Database, P], T]:
    """Marks a function of the store that writes: it runs in a transaction, or joins the caller's."""
    joining = reads(function)

    @functools.wraps(function)
    def wrapped(db: Database, /, *args: P.args, **kwargs: P.kwargs) -> T:
        if db.conn.in_transaction:
            return joining(db, *args, **kwargs)
        with transaction(db):
            return function(db, *args, **kwargs)

    return wrapped


def reads(function: Callable[Concatenate[Database, P], T]) -> Callable[Concatenate[Database, P], T]:
    """Marks a function of the store that only reads."""

    @functools.wraps(function)
    def wrapped(db: Database, /, *args: P.args, **kwargs: P.kwargs) -> T:
        # not by `_translated`: an article is stored by some forty such calls
        try:
            return function(db, *args, **kwargs)
        except sqlite3.Error as error:
            _raise_translated(error, db)

    return wrapped


def streams(
    function: Callable[Concatenate[Database, P], Iterator[T]],
) -> Callable[Concatenate[Database, P], Iterator[T]]:
    """Marks a generator of the store that reads."""

    @functools.wraps(function)
    def wrapped(db: Database, /, *args: P.args, **kwargs: P.kwargs) -> Iterator[T]:
        with _translated(db):
            yield from function(db, *args, **kwargs)

    return wrapped


def inserted(db: Database, sql: str, values: Sequence[object] | Mapping[str, object]) -> int:
    """Runs an INSERT of one row; the row's id."""
    row_id = db.conn.execute(sql, values).lastrowid
    if row_id is None:
        raise StoreError(f"an INSERT that gave no row: {sql}")
    return row_id


@contextmanager
def _translated(where: Database | Path) -> Iterator[None]:
    """Turns SQLite's errors in the body into `StoreError`s that say what happened, where, and what to do.

    An error without a code is a mistake in our own use of sqlite3, and stays what it is.
    """
    try:
        yield
    except sqlite3.Error as error:
        _raise_translated(error, where)


def _raise_translated(error: sqlite3.Error, where: Database | Path) -> NoReturn:
    if not _primary(error):
        raise error
    path = where if isinstance(where, Path) else Path(where.conn.execute("PRAGMA database_list").fetchone()[2])
    raise _translation(error, path) from error


def _primary(error: sqlite3.Error) -> int:
    """SQLite's primary result code (sqlite.org/rescode.html); 0 where the error is not SQLite's own."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def _translation(error: sqlite3.Error, path: Path) -> StoreError:
    match _primary(error):
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return ArchiveBusyError(
                f"{path} is being written by another process, for over {BUSY_TIMEOUT_S:.0f} seconds: "
                "try again when that has finished."
            )
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM | sqlite3.SQLITE_CANTOPEN:
            return ArchiveReadOnlyError(f"{path} or its folder may not be written: check who owns them, or the medium.")
        case sqlite3.SQLITE_NOTADB:
            return NotAnArchiveError(f"{path} is not a database: name another file with --db.")
        case sqlite3.SQLITE_FULL:
            return StoreError(f"The disk that holds {path} is full: make room, and run the same again.")
        case sqlite3.SQLITE_CORRUPT:
            return StoreError(f"{path} is damaged ({error}): restore it from a backup or from its WARC files.")
        case _:
            return StoreError(f"{path} refused what was asked ({error.sqlite_errorname}: {error}).")
