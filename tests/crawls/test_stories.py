"""Two newspapers that print the same stories, each in its own way, and many of their own."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.archive.copying import COPIES, LANGUAGES, Newsroom
from tests.crawls.conftest import Archive
from tests.newsroom.printing import START, Printed, PrintingSite, newspapers
from tests.newsroom.wire import watched

OWN = 20
"""Stories that only one of them has; benchmarks/stories.py has more."""


@pytest.fixture(scope="module")
def crawled(archive_in: Callable[[str], Archive]) -> Iterator[Archive]:
    archive = archive_in("stories")
    first, second = newspapers(own=OWN)
    sites = PrintingSite(first, seed=1), PrintingSite(second, seed=2)
    with watched(sites[0]) as (base, _), watched(sites[1], "127.0.0.2") as (other, _):
        archive.crawl(f"{other}/", "--limit", "30")
        archive.crawl(f"{base}/")
        archive.crawl(f"{other}/")
        yield archive


def names(archive: Archive) -> tuple[str, str]:
    """The names of the two sources."""
    (first,), (second,) = archive.sql("SELECT name FROM sources ORDER BY url")
    return first, second


def test_each_story_is_found_and_nothing_else(crawled: Archive) -> None:
    copied = len(LANGUAGES) * len(COPIES)
    assert crawled.sql("SELECT count(*) FROM articles") == [(2 * (copied + OWN),)]
    rows = crawled.sql(
        "SELECT group_concat(substr(title || ',', 1, instr(title || ',', ',') - 1)) FROM articles "
        "WHERE cluster_id IS NOT NULL GROUP BY cluster_id"
    )
    pairs = [titles.split(",") for (titles,) in rows]
    assert [titles for titles in pairs if len(titles) != 2 or titles[0] != titles[1]] == []
    assert len(pairs) >= 0.98 * copied


def test_who_told_it_first_is_told_whoever_was_crawled_first(crawled: Archive) -> None:
    rows = crawled.run("stories", "--limit", "999", "--json").rows()
    assert len(rows) == len(LANGUAGES) * len(COPIES)
    assert {row["source"] for row in rows} == {names(crawled)[0]}
    assert {tuple(row["outlets"]) for row in rows} == {names(crawled)}
    assert {row["agency"] for row in rows} == {"dpa"}


@pytest.mark.parametrize(
    ("way", "least", "most"),
    [
        ("5 % reworded", 0.02, 0.09),
        ("10 % reworded", 0.06, 0.15),
        ("20 % reworded", 0.12, 0.27),
        ("lost a third", 0.0, 0.05),
        ("gained lines", 0.0, 0.1),
    ],
)
def test_how_much_was_rewritten_is_told(crawled: Archive, way: str, least: float, most: float) -> None:
    told = [share for (share,) in crawled.sql("SELECT rewritten FROM articles WHERE title LIKE ?", f"%, {way}")]
    assert len(told) == len(LANGUAGES)
    assert least <= sum(told) / len(told) <= most


def test_an_article_says_where_else_its_story_is_told(crawled: Archive) -> None:
    ((number, url),) = crawled.sql("SELECT id, url FROM articles WHERE title = 'English story 2, 20 % reworded'")
    shown = crawled.run("show", url).out
    assert shown.splitlines()[-2] == "Also at:"
    assert shown.splitlines()[-1].endswith(f"  {names(crawled)[0]}, 2026-11-09T06:02:00Z, first")
    ((first,),) = crawled.sql("SELECT id FROM articles WHERE title = 'English story 2'")
    assert f"{names(crawled)[1]}, 2026-11-09T08:02:00Z, " in crawled.run("show", str(first)).out
    assert [one["article_id"] for one in crawled.run("show", str(number), "--json").rows()[0]["story"]] == [
        first,
        number,
    ]
    ((own,),) = crawled.sql("SELECT min(id) FROM articles WHERE title = 'Own story 1'")
    assert "Also at" not in crawled.run("show", str(own)).out


def test_stories_are_listed(crawled: Archive) -> None:
    lines = crawled.run("stories", "--limit", "1").out.splitlines()
    assert len(lines) == 3
    assert lines[0].startswith("2026-11-09  Thai story 44 (2 outlets, dpa)")
    assert lines[1].endswith("first")
    assert lines[2].endswith("rewritten")
    assert (
        crawled.run("stories", "--since", "2027-01-01").err == "nothing found: a story has to be told by two sources\n"
    )
    assert len(crawled.run("stories", "--source", names(crawled)[0], "--json").rows()) == 20
    assert "no source" in crawled.run("stories", "--source", "nobody", code=None).err
    assert "compared 0 articles" in crawled.run("stories", "--complete").err


WRITER = Newsroom(LANGUAGES["English"], seed=77)


def told(archive: Archive) -> set[tuple[str, ...]]:
    """The stories, each as the titles of its articles, the first one first."""
    sql = """
        SELECT clusters.id, title FROM articles JOIN clusters ON clusters.id = cluster_id
        ORDER BY articles.id <> first_article_id, published_at
        """
    stories: dict[int, list[str]] = {}
    for cluster_id, title in archive.sql(sql):
        stories.setdefault(cluster_id, []).append(title)
    return set(map(tuple, stories.values()))


def test_stories_stay_right_when_articles_are_edited_and_taken_down(archive: Archive) -> None:
    """A copy that becomes another story, a story that becomes a copy, and a first article that goes for good."""
    stories = [WRITER.story() for _ in range(4)]
    papers = [
        PrintingSite(
            [
                Printed(
                    title=f"{paper} {number}",
                    text=WRITER.printed(WRITER.reworded(story, 0.1) if number < shared else WRITER.story()),
                    published=START + timedelta(hours=paper, minutes=number),
                )
                for number, story in enumerate(stories)
            ]
        )
        for paper, shared in ((1, 4), (2, 3), (3, 1))
    ]
    with (
        watched(papers[0]) as (one, _),
        watched(papers[1], "127.0.0.2") as (two, _),
        watched(papers[2], "127.0.0.3") as (three, _),
    ):
        archive.crawl(f"{three}/", f"{one}/", f"{two}/")
        assert told(archive) == {("1 0", "2 0", "3 0"), ("1 1", "2 1"), ("1 2", "2 2")}
        pages = papers[1].paths()
        for number, text in ((1, WRITER.story()), (3, WRITER.reworded(stories[3], 0.1))):
            papers[1].printed[pages[number]] = replace(papers[1].printed[pages[number]], text=WRITER.printed(text))
        archive.crawl(two + pages[1], two + pages[3])
        assert told(archive) == {("1 0", "2 0", "3 0"), ("1 2", "2 2"), ("1 3", "2 3")}
        archive.run("takedown", one + papers[0].paths()[0], "--reason", "a court said so", "--yes")
        assert told(archive) == {("2 0", "3 0"), ("1 2", "2 2"), ("1 3", "2 3")}
    archive.run("verify")
