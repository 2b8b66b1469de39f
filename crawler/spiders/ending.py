"""How a crawl ends that is told to, or can no longer write to its archive: in order, with one clear line."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, Protocol, TypeVar

from twisted.python.failure import Failure

from archive.errors import StoreError
from crawler.failures import CrawlEnds, NotKept


class Stoppable(Protocol):
    """A spider that can be told to stop."""

    def stop(self, error: StoreError) -> None:
        """End the crawl because of the error."""


S = TypeVar("S", bound=Stoppable)
T = TypeVar("T")


def ends_with_the_archive(method: Callable[[S, T], Iterable[Any] | None]) -> Callable[[S, T], list[Any]]:
    """A callback or errback that ends the crawl when the archive can no longer be written, where it would raise.

    An errback is not called for what was not sent, or not kept, because the crawl ends: that is no failure.
    """

    @wraps(method)
    def guarded(spider: S, answer: T) -> list[Any]:
        if isinstance(answer, Failure) and isinstance(answer.value, CrawlEnds | NotKept):
            return []
        try:
            return list(method(spider, answer) or ())
        except StoreError as error:
            spider.stop(error)
            return []

    return guarded
