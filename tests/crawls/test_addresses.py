"""A story under many addresses of one source stays one article, in whatever order they come, and keeps them all."""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest

from archive.urls import canonical
from tests.crawls.conftest import Archive
from tests.newsroom.manifold import ManifoldSite, View, kinds
from tests.newsroom.wire import watched


class Crawled:
    """A newspaper in the archive."""

    def __init__(self, archive: Archive, site: ManifoldSite, base: str) -> None:
        self.archive, self.site, self.base = archive, site, base

    def addresses(self) -> list[tuple[int, str, str]]:
        """Number and title of each article, with each of its addresses as path and query."""
        rows = self.archive.sql(
            "SELECT articles.id, title, article_urls.url FROM articles JOIN article_urls ON article_id = articles.id"
            " WHERE articles.url LIKE ? || '/%' ORDER BY article_urls.url",
            self.base,
        )
        return [(number, title, url.removeprefix(self.base)) for number, title, url in rows]

    def stored_as(self, view: View) -> str:
        """The address of a view as the archive writes it, as path and query."""
        url = canonical(self.base + view.address)
        assert url is not None
        return url.removeprefix(self.base)


@pytest.fixture(scope="module")
def archive(archive_in: Callable[[str], Archive]) -> Archive:
    return archive_in("addresses")


@pytest.fixture(scope="module")
def papers(archive: Archive) -> Iterator[list[Crawled]]:
    """Two that have the same stories, and list them in different orders."""
    sites = ManifoldSite(seed=1), ManifoldSite(seed=2)
    with watched(sites[0]) as (one, _), watched(sites[1], "127.0.0.2") as (two, _):
        archive.crawl(f"{one}/", f"{two}/")
        yield [Crawled(archive, site, base) for site, base in zip(sites, (one, two), strict=True)]


@pytest.fixture(params=[0, 1], ids=["one order", "another order"])
def crawled(request: pytest.FixtureRequest, papers: list[Crawled]) -> Crawled:
    number: int = request.param
    return papers[number]


@pytest.mark.parametrize("kind", kinds())
def test_a_story_is_one_article_with_all_its_addresses(crawled: Crawled, kind: str) -> None:
    found = [(number, address) for number, title, address in crawled.addresses() if title == kind.capitalize()]
    assert len({number for number, _ in found}) == 1, found
    announced = {crawled.stored_as(view) for view in crawled.site.kinds[kind]}
    assert announced <= {address for _, address in found}


def test_the_address_that_speaks_is_what_all_of_them_name(crawled: Crawled) -> None:
    named = [views[0].address for views in crawled.site.kinds.values() if views[0].canonical]
    stored = {urlsplit(url).path for (url,) in crawled.archive.sql("SELECT url FROM articles")}
    assert [address for address in named if address not in stored] == []


def test_nothing_was_taken_for_an_edit_or_for_two_stories(archive: Archive, papers: list[Crawled]) -> None:
    assert archive.sql("SELECT title FROM articles WHERE revisions > 1") == []
    assert archive.sql("SELECT count(*), min(size), max(size) FROM clusters") == [(len(kinds()), 2, 2)]
    before = [paper.addresses() for paper in papers]
    run = archive.crawl(*(f"{paper.base}/" for paper in papers))
    assert "0 new" in run.out
    assert archive.sql("SELECT title FROM articles WHERE revisions > 1") == []
    assert [paper.addresses() for paper in papers] == before
