"""Everything that can go wrong on purpose: one tree, in which an error knows what becomes of its item."""

from enum import StrEnum
from typing import ClassVar


class Disposition(StrEnum):
    """What the crawl does with the item whose processing raised the error."""

    RETRY = "retry"
    """The cause may pass: the URL stays in the frontier and is tried again later."""
    QUARANTINE = "quarantine"
    """Our fault or unclear: the URL is marked failed with the reason, and kept for a look."""
    DROP = "drop"
    """The item is of no use: the URL is marked refused with the reason, and not asked for again."""


class ArchiveError(Exception):
    """The base of every error that newsarchive raises on purpose.

    `message` says what happened, where, and what to do; `url` is the page or file concerned, if there is one.
    Both go through `Exception.args`, because an error crosses process boundaries by pickle.
    """

    disposition: ClassVar[Disposition] = Disposition.DROP
    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, url: str | None = None) -> None:
        super().__init__(message, url)
        self.message = message
        self.url = url

    def __str__(self) -> str:
        return self.message if self.url is None or self.url in self.message else f"{self.message} ({self.url})"


class ConfigError(ArchiveError):
    """A setting, an option or a configuration file is wrong."""

    exit_code = 2


class SourceError(ArchiveError):
    """A source cannot be crawled: unknown, not reachable, forbidden by its robots.txt, or without articles."""


class CaptureError(ArchiveError):
    """A response could not be had, or not kept."""

    disposition = Disposition.RETRY


class ExtractionError(ArchiveError):
    """A page could not be read through a fault of ours; a page that is no article is a `Rejection`, no error."""

    disposition = Disposition.QUARANTINE


class ExportError(ArchiveError):
    """What was asked for cannot be written where it was asked for."""


class NotificationError(ArchiveError):
    """Who is to be told how a run went cannot be: nothing of the run is lost by it."""


class StoreError(ArchiveError):
    """The archive's database cannot do what was asked."""

    disposition = Disposition.RETRY


class NotAnArchiveError(StoreError):
    """The file is no SQLite database, or one that is not ours."""


class NewerArchiveError(StoreError):
    """The file was written by a newer version of newsarchive than this one."""


class ArchiveBusyError(StoreError):
    """Another process holds the database's write lock, and did not let go in time."""


class ArchiveLockedError(StoreError):
    """Another crawl, import or re-extraction is running over the same archive."""

    exit_code = 4


class ArchiveReadOnlyError(StoreError):
    """The file or its directory may not be written."""
