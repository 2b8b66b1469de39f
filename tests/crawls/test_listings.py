"""Feeds, sitemaps and pages of links are asked again, and say in few words that nothing is new."""

from collections.abc import Mapping

import pytest

from crawler.demo.newspaper import Newspaper
from crawler.demo.serving import Reply
from tests.crawls.conftest import Archive
from tests.crawls.passing import later
from tests.newsroom.living import Living, Piece
from tests.newsroom.server import XML
from tests.newsroom.wire import Visit, watched

GUESSES = 8
"""The usual places of feeds and sitemaps, which are tried again now and then."""


class Answers(Newspaper):
    """The demo newspaper, with the statuses of what it has answered."""

    def __init__(self, ways: frozenset[str]) -> None:
        """Offer these ways of discovery."""
        super().__init__(ways)
        self.statuses: list[int] = []

    def reply(self, path: str, query: str = "", headers: Mapping[str, str] | None = None) -> Reply:
        """What the newspaper answers."""
        answer = super().reply(path, query, headers)
        self.statuses.append(answer.status)
        return answer


@pytest.mark.parametrize("ways", ["feeds", "sitemaps", "links"])
def test_a_second_crawl_of_an_unchanged_site_costs_a_handful_of_requests(archive: Archive, ways: str) -> None:
    newspaper = Answers(frozenset({ways}))
    with watched(newspaper) as (base, diary):
        archive.crawl(f"{base}/")
        stored = archive.sql("SELECT count(*), sum(revisions) FROM articles")
        diary.visits.clear()
        newspaper.statuses.clear()
        said = archive.crawl(f"{base}/").out
        assert "0 new, 0 revised, 0 unchanged" in said
        articles = {record.path for record in newspaper.articles()}
        assert [visit.path for visit in diary.visits if visit.path in articles] == []
        assert len(diary.visits) <= 15
        unmodified = newspaper.statuses.count(304)
        # robots.txt is always read in full
        assert unmodified >= len(newspaper.statuses) - 2
    assert archive.sql("SELECT count(*), sum(revisions) FROM articles") == stored


def test_sections_are_read_again_when_due(archive: Archive) -> None:
    newspaper = Answers(frozenset({"links"}))
    with watched(newspaper) as (base, diary):
        archive.crawl(f"{base}/")
        diary.visits.clear()
        newspaper.statuses.clear()
        later(archive, hours=1.6)
        archive.crawl(f"{base}/")
        read = [visit.path for visit in diary.visits if visit.path.count("/") == 2]
        assert "/city/" in read
        assert newspaper.statuses.count(304) >= len(newspaper.statuses) - 2 - GUESSES


class Indexed(Living):
    """A sitemap index of some parts; of two: stories with even and with odd numbers."""

    has_feed = False
    dated = True
    parts = 2

    def answer(self, path: str) -> Reply:
        """The index and its parts; the rest as ever."""
        named = {f"/part-{rest}.xml": rest for rest in range(self.parts)}
        if path == "/sitemap.xml":
            rows = "".join(f"<sitemap><loc>{self.base}{p}</loc>{self._lastmod(n)}</sitemap>" for p, n in named.items())
            text = f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</sitemapindex>'
            return Reply(headers={"Content-Type": XML}, body=text.encode())
        if path in named:
            everything, self.pieces = self.pieces, {p.number: p for p in self._part(named[path])}
            body = self.dated_sitemap()
            self.pieces = everything
            return Reply(headers={"Content-Type": XML}, body=body)
        return super().answer(path)

    def _part(self, rest: int) -> list[Piece]:
        return [piece for piece in self.pieces.values() if piece.number % self.parts == rest]

    def _lastmod(self, rest: int) -> str:
        newest = max(piece.modified for piece in self._part(rest))
        return f"<lastmod>{newest.isoformat()}</lastmod>" if self.dated else ""


def _parts(visits: list[Visit]) -> list[str]:
    return sorted(visit.path for visit in visits if visit.path.startswith("/part-"))


def test_only_those_parts_of_an_index_are_read_that_it_says_were_modified(archive: Archive) -> None:
    site = Indexed()
    with watched(site) as (base, diary):
        archive.crawl(f"{base}/")
        assert _parts(diary.visits) == ["/part-0.xml", "/part-1.xml"]
        diary.visits.clear()
        archive.crawl(f"{base}/")
        assert _parts(diary.visits) == []
        site.edit(3)
        diary.visits.clear()
        archive.crawl(f"{base}/")
        assert _parts(diary.visits) == ["/part-1.xml"]


def test_parts_of_which_the_index_says_nothing_are_asked_when_due(archive: Archive) -> None:
    site = Indexed()
    site.dated = False
    site.parts = 6
    with watched(site) as (base, diary):
        archive.crawl(f"{base}/")
        site.publish(2)
        diary.visits.clear()
        archive.crawl(f"{base}/")
        assert _parts(diary.visits) == []
        later(archive, hours=1.6)
        archive.crawl(f"{base}/")
        assert len(_parts(diary.visits)) == 6
    assert archive.sql("SELECT count(*) FROM articles") == [(14,)]


def test_a_few_parts_are_asked_by_every_crawl(archive: Archive) -> None:
    site = Indexed()
    site.dated = False
    with watched(site) as (base, diary):
        archive.crawl(f"{base}/")
        site.publish(2)
        diary.visits.clear()
        archive.crawl(f"{base}/")
        assert _parts(diary.visits) == ["/part-0.xml", "/part-1.xml"]
    assert archive.sql("SELECT count(*) FROM articles") == [(14,)]


def test_what_a_limit_of_sitemaps_left_out_is_read_by_the_next_crawl(archive: Archive) -> None:
    with watched(Indexed()) as (base, diary):
        archive.crawl(f"{base}/", settings={"SITEMAPS_MAX": "1"})
        assert len(_parts(diary.visits)) == 1
        archive.crawl(f"{base}/")
        assert len(_parts(diary.visits)) == 2
    assert archive.sql("SELECT count(*) FROM articles") == [(12,)]
