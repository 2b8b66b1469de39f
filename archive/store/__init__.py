"""The only room that knows SQLite: a module for each thing stored, plain functions that take the database first.

A function that writes runs in a transaction of its own, or joins the caller's (`transaction`); SQLite's errors come
out as `archive.errors.StoreError` and its kinds. `Database` is sqlite-utils' own; rooms that only pass it on take the
name from here.
"""

from sqlite_utils import Database

from archive.store.connection import open_archive, snapshot, transaction

__all__ = ["Database", "open_archive", "snapshot", "transaction"]
