"""Two newspapers that print the same stories, each in its own way, and many of their own."""

import html
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from archive.text import paragraphs
from crawler.demo.serving import Reply
from tests.archive.copying import COPIES, LANGUAGES, Newsroom
from tests.crawls.conftest import Archive
from tests.newsroom.server import SmallSite, as_html, page
from tests.newsroom.wire import watched

OWN = 20
"""Stories that only one of them has."""
START = datetime(2026, 11, 9, 6, 0, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Printed:
    """An article as a newspaper prints it."""

    title: str
    text: str
    published: datetime
    byline: str = "Ines Calloway"

    def html(self) -> str:
        """Its page."""
        body = "".join(f"<p>{html.escape(paragraph)}</p>" for paragraph in paragraphs(self.text))
        published = f'<time datetime="{self.published.isoformat()}"></time>'
        head = f'<meta name="author" content="{self.byline}">'
        return page(self.title, f"<article><h1>{self.title}</h1>{published}{body}</article>", head=head)


class PrintingSite(SmallSite):
    """A newspaper with these articles."""

    def __init__(self, printed: Sequence[Printed]) -> None:
        """One a day and page."""
        super().__init__()
        self.good = {}
        self.printed = {
            f"/news/2026/11/09/the-story-on-page-{number}-of-it/": one for number, one in enumerate(printed)
        }

    def answer(self, path: str) -> Reply:
        """An article, or what every small site answers."""
        return as_html(self.printed[path].html()) if path in self.printed else super().answer(path)

    def paths(self) -> list[str]:
        """Where the articles are."""
        return list(self.printed)

    def headline(self, path: str) -> str:
        """The title of one."""
        return self.printed[path].title


def newspapers() -> tuple[list[Printed], list[Printed]]:
    """What two newspapers print: of each language and each way to copy a story one, then what each has for itself."""
    first, second = [], []
    for number, (language, way) in enumerate(product(LANGUAGES, COPIES)):
        newsroom = Newsroom(LANGUAGES[language], seed=number)
        story, at = newsroom.story(), START + timedelta(minutes=number)
        copy = COPIES[way](newsroom, story)
        title = f"{language} story {number}"
        first.append(Printed(title=title, text=newsroom.printed(story), published=at, byline="dpa"))
        second.append(Printed(title=f"{title}, {way}", text=newsroom.printed(copy), published=at + timedelta(hours=2)))
    for number in range(OWN):
        for printed, seed in ((first, 1_000), (second, 2_000)):
            newsroom = Newsroom(list(LANGUAGES.values())[number % len(LANGUAGES)], seed=seed + number)
            printed.append(
                Printed(title=f"Own story {number}", text=newsroom.printed(newsroom.story()), published=START)
            )
    return first, second


@pytest.fixture(scope="module")
def crawled(archive_in: Callable[[str], Archive]) -> Iterator[Archive]:
    archive = archive_in("stories")
    first, second = newspapers()
    with watched(PrintingSite(first)) as (base, _), watched(PrintingSite(second), "127.0.0.2") as (other, _):
        archive.crawl(f"{other}/")
        archive.crawl(f"{base}/")
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
