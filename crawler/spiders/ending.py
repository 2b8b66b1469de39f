"""How a crawl ends that can no longer write to its archive: in order, with one clear line."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, Protocol, TypeVar

from archive.errors import StoreError


class Stoppable(Protocol):
    """A spider that can be told to stop."""

    def stop(self, error: StoreError) -> None:
        """End the crawl because of the error."""


S = TypeVar("S", bound=Stoppable)
T = TypeVar("T")


def ends_with_the_archive(method: Callable[[S, T], Iterable[Any] | None]) -> Callable[[S, T], list[Any]]:
    """A callback or errback that ends the crawl when the archive can no longer be written, where it would raise."""

    @wraps(method)
    def guarded(spider: S, answer: T) -> list[Any]:
        try:
            return list(method(spider, answer) or ())
        except StoreError as error:
            spider.stop(error)
            return []

    return guarded
