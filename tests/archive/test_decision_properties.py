"""What is promised of identity, in whatever order pages come: `archive.decision.decide`."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.ingest import Outcome
from archive.models import CanonicalUrl, Prepared
from archive.store import Database, crawls, open_archive, sources
from tests.archive import stories
from tests.archive.stories import NOON, Newspaper, prepared, url

HOSTS = (f"paper{number}.example" for number in count())
"""A new publisher for each example, so that one archive serves them all."""


@dataclass(frozen=True)
class View:
    """A page of a story: where it answers, what it names, and what it leaves out."""

    story: int
    path: str
    named: str
    words: int
    asked: str | None = None
    """What redirects to it."""

    def page(self, host: str) -> Prepared:
        words = [f"word{self.story}x{number}" for number in range(self.words)]
        body = "\n\n".join(" ".join(words[start : start + 20]) for start in range(0, self.words, 20))
        article = stories.article(url(self.named, host), title=f"Story number {self.story}", body=body)
        return prepared(article, asked=url(self.asked or self.path, host), final=url(self.path, host))


def views(story: int) -> list[View]:
    """The story itself, an AMP, a print and a mobile page of it, an old address, and another spelling."""
    own = f"s{story}"
    return [
        View(story, own, own, 100),
        View(story, f"{own}/amp", own, 60),
        View(story, f"print?id={story}", own, 80),
        View(story, own, own, 100, asked=f"old/{story}"),
        View(story, f"{own}/", own, 100),
    ]


def claimant(story: int) -> View:
    """The only page of a story, which names the same address as all others of its kind do."""
    return View(story, f"c{story}", "everything", 90)


OWN = re.compile(r"/[sc]\d+/?$")
SETS = st.lists(
    st.sampled_from([view for story in range(3) for view in views(story)] + [claimant(n) for n in range(7, 10)]),
    min_size=1,
    max_size=9,
    unique=True,
)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    path: Path = tmp_path_factory.mktemp("decision") / "news.db"
    opened = open_archive(path)
    yield opened
    opened.close()


def written(archive: Database, pages: Sequence[View]) -> tuple[Newspaper, str]:
    """A newspaper of its own, into which the pages were written."""
    host = next(HOSTS)
    paper = Newspaper(archive, host)
    for view in pages:
        paper.write(view.page(host))
    return paper, host


def articles_of(paper: Newspaper, host: str) -> set[tuple[frozenset[str], str, int]]:
    """Each article: its addresses at which something answered, its text, and how many revisions it has."""
    rows = paper.db.query(
        """
        SELECT articles_full.text, articles_full.revisions, json_group_array(article_urls.url) AS urls
        FROM articles_full JOIN article_urls ON article_urls.article_id = articles_full.id
        WHERE articles_full.source_id = ? AND article_urls.kind IN ('fetched', 'redirect') GROUP BY articles_full.id
        """,
        [paper.source_id],
    )
    found = set()
    for row in rows:
        addresses = frozenset(json.loads(row["urls"].replace(host, "host")))
        has_own = any(OWN.search(address) for address in addresses)
        found.add((addresses, row["text"] if has_own else "of whichever came first", row["revisions"]))
    return found


def everything(paper: Newspaper) -> list[object]:
    """All that is stored of a newspaper's articles but when they were last seen."""
    queries = (
        "SELECT id, url, title, content_hash, word_count, revisions FROM articles WHERE source_id = ? ORDER BY id",
        """
        SELECT article_id, number, seen_at, capture_id, revisions.title, text FROM revisions
        JOIN articles ON articles.id = article_id WHERE source_id = ? ORDER BY article_id, number
        """,
        """
        SELECT article_urls.url, article_id, kind FROM article_urls
        JOIN articles ON articles.id = article_id WHERE source_id = ? ORDER BY article_urls.url
        """,
    )
    return [list(paper.db.query(query, [paper.source_id])) for query in queries]


@given(data=st.data(), pages=SETS)
def test_any_order_gives_the_same_articles(archive: Database, data: st.DataObject, pages: list[View]) -> None:
    shuffled = data.draw(st.permutations(pages))
    assert articles_of(*written(archive, pages)) == articles_of(*written(archive, shuffled))


@given(pages=SETS)
def test_each_story_is_one_article_with_one_revision(archive: Database, pages: list[View]) -> None:
    found = articles_of(*written(archive, pages))
    assert len(found) == len({view.story for view in pages})
    assert {revisions for _, _, revisions in found} == {1}


@given(data=st.data(), pages=SETS)
def test_pages_that_come_again_change_nothing(archive: Database, data: st.DataObject, pages: list[View]) -> None:
    paper, host = written(archive, pages)
    before = everything(paper)
    again = data.draw(st.permutations(pages))
    outcomes = {paper.write(view.page(host), hours=1).outcome for view in again}
    assert outcomes <= {Outcome.UNCHANGED, Outcome.DUPLICATE}
    assert everything(paper) == before


@given(pages=SETS, others=SETS)
def test_a_page_of_another_source_changes_nothing(archive: Database, pages: list[View], others: list[View]) -> None:
    paper, host = written(archive, pages)
    before = everything(paper)
    section = sources.add(archive, url=f"https://{host}/section/")
    other = Newspaper(archive, f"other.{host}")
    other.source_id = section.id
    for view in others:
        other.write(view.page(host))
    assert everything(paper) == before


def test_what_answers_is_an_articles_own_address_once_it_has(archive: Database) -> None:
    amp, own = views(1)[1], views(1)[0]
    for pages in ([amp, own], [own, amp]):
        paper, host = written(archive, pages)
        assert paper.at(CanonicalUrl(url("s1", host))).url == url("s1", host)


PATHS = st.sampled_from(["a", "a/", "b", "c", "d", "news-12345/a", "news-12345/b"])
LIES = st.lists(
    st.tuples(
        st.booleans(),
        st.builds(
            View,
            story=st.integers(0, 3),
            path=PATHS,
            named=PATHS,
            words=st.sampled_from([20, 60, 100]),
            asked=st.none() | PATHS,
        ),
    ),
    max_size=12,
)


@given(pages=LIES)
def test_whatever_pages_claim_each_article_has_its_addresses_and_none_is_lost(
    archive: Database, pages: list[tuple[bool, View]]
) -> None:
    host = next(HOSTS)
    paper, section = Newspaper(archive, host), Newspaper(archive, f"other.{host}")
    section.source_id = sources.add(archive, url=f"https://{host}/section/").id
    section.crawl_id = crawls.start(archive, section.source_id, NOON)
    met = {(section if is_section else paper).write(view.page(host)).article_id for is_section, view in pages}
    sides = {"paper": paper.source_id, "section": section.source_id}
    stored = archive.query("SELECT id FROM articles WHERE source_id IN (:paper, :section)", sides)
    assert {row["id"] for row in stored} == met
    assert [list(archive.query(mistake, sides)) for mistake in MISTAKES] == [[], [], []]


MISTAKES = (
    # its own address is another's
    """
    SELECT id FROM articles WHERE source_id IN (:paper, :section)
        AND id IS NOT (SELECT article_id FROM article_urls AS own WHERE own.url = articles.url)
    """,
    # it has no address at which it answered
    """
    SELECT id FROM articles WHERE source_id IN (:paper, :section)
        AND id NOT IN (SELECT article_id FROM article_urls WHERE kind = 'fetched')
    """,
    # a page of one source is a revision of it, and it is another's
    """
    SELECT articles.id FROM articles JOIN revisions ON article_id = articles.id
    JOIN captures ON captures.id = capture_id JOIN crawls ON crawls.id = crawl_id
    WHERE articles.source_id IN (:paper, :section) AND crawls.source_id <> articles.source_id
    """,
)
"""Articles that cannot be."""
