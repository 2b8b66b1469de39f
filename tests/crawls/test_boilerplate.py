"""A site whose twenty articles share furniture that no extraction of one page can know for what it is."""

import html
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from archive.models import BlockKind
from crawler.demo.pages import body_html
from crawler.demo.stories import Story, stories
from tests.crawls.conftest import Archive
from tests.newsroom.server import SmallSite, page
from tests.newsroom.wire import watched

LETTER = "Vorlu mi tesk: onna brelliki zom varn, tuskel ne plommi!"
POLICY = "Your email address will not be published."
FURNITURE = ("vorlu mi tesk", "read also", "leave a reply", "your email address", "0 39")
TWO_KINDS = {BlockKind.PARAGRAPH, BlockKind.HEADING2}


class FurnishedSite(SmallSite):
    """A counter above each text, a letter in the midst of it, the title of the next article and a form below."""

    def __init__(self) -> None:
        """Take twenty stories in the languages of the demo newspaper."""
        super().__init__()
        plain = [s for s in stories() if {b.kind for b in s.blocks} <= TWO_KINDS and len(s.blocks) > 4][:20]
        self.good = {f"/news/2026/11/{number:02}/the-story-of-the-day/": story for number, story in enumerate(plain, 1)}

    def good_page(self, story: Story, url: str) -> str:
        """An article between its furniture; the counter counts."""
        told = list(self.good.values())
        following = told[(told.index(story) + 1) % len(told)]
        blocks = body_html(story.blocks, f"<p>{LETTER}</p>", after=2)
        body = (
            f"<h1>{html.escape(story.title)}</h1><p>0 {38 + self.asked.total()}</p>{blocks}"
            f"<p>Read also {html.escape(following.title)}</p>"
            f"<h3>Leave A Reply</h3><p>{POLICY}</p>"
        )
        head = f'<link rel="canonical" href="{url}"><time datetime="{story.published.isoformat()}"></time>'
        return page(html.escape(story.title), f"<article>{body}</article>", head=head, language=story.language)


@dataclass(frozen=True)
class Crawled:
    """The site, its archive, and where it is."""

    site: FurnishedSite
    archive: Archive
    base: str
    few: str
    """The texts of the first crawl, which were too few to learn from."""

    def texts(self) -> dict[str, str]:
        return dict(self.archive.sql("SELECT url, text FROM articles_full"))


@pytest.fixture(scope="module")
def crawled(archive_in: Callable[[str], Archive]) -> Iterator[Crawled]:
    """The site, crawled for four articles, then whole."""
    site, archive = FurnishedSite(), archive_in("furnished")
    with watched(site) as (base, _):
        archive.run("crawl", f"{base}/", "--limit", "4", "-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=0")
        few = "\n".join(text for (text,) in archive.sql("SELECT text FROM articles_full"))
        archive.crawl(f"{base}/")
        yield Crawled(site, archive, base, few)


def test_four_articles_are_too_few_to_learn_from(crawled: Crawled) -> None:
    assert crawled.few.count(LETTER) == 4
    assert crawled.few.count("Read also") == 4


def test_the_site_is_archived_whole(crawled: Crawled) -> None:
    assert len(crawled.texts()) == 20


@pytest.mark.parametrize("furniture", FURNITURE)
def test_no_furniture_is_left_in_any_text(crawled: Crawled, furniture: str) -> None:
    assert [url for url, text in crawled.texts().items() if furniture in text.lower()] == []


def test_the_texts_are_what_was_written(crawled: Crawled) -> None:
    written = {
        crawled.base + path: "\n\n".join(block.text for block in story.blocks)
        for path, story in crawled.site.good.items()
    }
    assert crawled.texts() == written


def test_the_publisher_edited_nothing(crawled: Crawled) -> None:
    assert crawled.archive.sql("SELECT DISTINCT revisions FROM articles") == [(1,)]


def test_a_search_finds_no_furniture(crawled: Crawled) -> None:
    assert "nothing found" in crawled.archive.run("search", "brelliki").err
    assert crawled.archive.run("search", "harbour", "--json").rows()


def test_an_explanation_shows_what_was_taken_out(crawled: Crawled) -> None:
    shown = crawled.archive.run("explain", "1").out
    assert f"{LETTER} (in 20 articles: " in shown
    rows = crawled.archive.run("explain", "1", "--json").rows()
    assert LETTER in [row.get("line") for row in rows]


def test_pages_asked_for_again_are_unchanged(crawled: Crawled) -> None:
    paths = list(crawled.site.good)
    for path in (paths[0], paths[-1]):
        assert "0 revised, 1 unchanged" in crawled.archive.crawl(crawled.base + path).out
    assert "0 new, 0 revised" in crawled.archive.crawl(f"{crawled.base}/").out
    assert crawled.archive.sql("SELECT count(*) FROM revisions") == [(20,)]


def test_a_line_is_put_back_by_command(crawled: Crawled, archive: Archive) -> None:
    shutil.copy(crawled.archive.path, archive.path)
    rows = archive.run("boilerplate", crawled.base, "--json").rows()
    (policy,) = (row["line_hash"] for row in rows if row["line"] == POLICY)
    assert "put back into 20 articles" in archive.run("boilerplate", crawled.base, "--restore", policy).err
    assert all(text.endswith(POLICY) for (text,) in archive.sql("SELECT text FROM articles_full"))
    assert len(archive.run("search", '"will not be published"', "--json").rows()) == 20
    assert "restored" in archive.run("boilerplate", crawled.base).out
    assert "no source" in archive.run("boilerplate", "nobody", code=1).err
    assert "0 revised, 1 unchanged" in archive.crawl(crawled.base + next(iter(crawled.site.good))).out
