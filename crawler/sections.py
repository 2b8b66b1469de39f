"""Articles by links: the stories that pages link, and which section pages are still to be read for more."""

from collections.abc import Callable, Iterable, Mapping

from archive.models import Candidate, CanonicalUrl, EndpointKind, Link
from archive.urls import canonical
from crawler.discovery.articleness import Kind, judge
from crawler.frontier import Frontier


class Sections:
    """The links of one crawl: stories go into its frontier, sections wait here until nothing else is left to do."""

    def __init__(self, frontier: Frontier, home: str) -> None:
        """`home` is the page where the crawl starts."""
        self._frontier = frontier
        self._home = home
        self._waiting: dict[CanonicalUrl, int] = {}
        self._read = 1

    def follow(self, found: Iterable[Link], *, found_in: str, depth: int = 0) -> int:
        """Put the articles among a page's links into the frontier, and remember its sections; how many were new."""
        stories = []
        for link in found:
            url = canonical(link.url)
            if url is None or url in self._frontier.pages:
                continue
            kind = judge(link, home=self._home).kind
            if kind is Kind.ARTICLE:
                stories.append(
                    Candidate(url=url, found_in=found_in, kind=EndpointKind.SECTION, title=link.text or None)
                )
            elif kind is Kind.SECTION:
                self._waiting.setdefault(url, depth + 1)
        return self._frontier.add(stories).new

    def recall(self, known: Mapping[str, int]) -> None:
        """Remember sections that earlier crawls have read, each with its distance from the home page, for `take`."""
        for address, depth in known.items():
            if url := canonical(address):
                self._waiting.setdefault(url, depth)

    def take(self, most: int, *, deepest: int, is_due: Callable[[str], bool]) -> list[tuple[CanonicalUrl, int]]:
        """The sections that are to be read next, each with its distance from the home page in links.

        A crawl reads at most `most` pages this way, the home page among them, and none that is more than `deepest`
        links away from it, or not due. What was met meanwhile as an address of an article is not read once more.
        """
        near = [(url, depth) for url, depth in self._waiting.items() if depth <= deepest and is_due(url)]
        due = [(url, depth) for url, depth in near if not self._frontier.knows(url)][: max(0, most - self._read)]
        self._waiting.clear()
        self._read += len(due)
        self._frontier.pages.update(url for url, _ in due)
        return due
