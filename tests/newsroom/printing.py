"""Newspapers of a few languages that print each other's stories, each in its own way, and many of their own."""

import html
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product
from random import Random

from archive.text import paragraphs
from crawler.demo.serving import Reply
from tests.archive.copying import COPIES, LANGUAGES, Newsroom
from tests.newsroom.server import SmallSite, as_html, page

START = datetime(2026, 11, 9, 6, 0, tzinfo=UTC)
"""When the first of the stories was published."""


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

    def __init__(self, printed: Sequence[Printed], seed: int | None = None) -> None:
        """One a page, listed as they are given; with a seed in any order."""
        super().__init__()
        self.good = {}
        numbered = list(enumerate(printed))
        if seed is not None:
            Random(seed).shuffle(numbered)  # noqa: S311 - no secret
        self.printed = {f"/news/2026/11/09/the-story-on-page-{number}-of-it/": one for number, one in numbered}

    def answer(self, path: str) -> Reply:
        """An article, or what every small site answers."""
        return as_html(self.printed[path].html()) if path in self.printed else super().answer(path)

    def paths(self) -> list[str]:
        """Where the articles are."""
        return list(self.printed)

    def headline(self, path: str) -> str:
        """The title of one."""
        return self.printed[path].title

    def published(self, path: str) -> datetime:
        """What the page says as well."""
        return self.printed[path].published


def newspapers(each: int = 1, own: int = 20) -> tuple[list[Printed], list[Printed]]:
    """What two newspapers print: so many stories for each language and way to copy one, then each so many of its own.

    A copy is called as its story is, a comma, and the way in which it was copied; it comes two hours later.
    """
    first, second = [], []
    for number, (language, way, _) in enumerate(product(LANGUAGES, COPIES, range(each))):
        newsroom = Newsroom(LANGUAGES[language], seed=number)
        story, at = newsroom.story(), START + timedelta(minutes=number)
        copy = COPIES[way](newsroom, story)
        title = f"{language} story {number}"
        first.append(Printed(title=title, text=newsroom.printed(story), published=at, byline="dpa"))
        second.append(Printed(title=f"{title}, {way}", text=newsroom.printed(copy), published=at + timedelta(hours=2)))
    for number in range(own):
        for printed, seed in ((first, 100_000), (second, 200_000)):
            newsroom = Newsroom(list(LANGUAGES.values())[number % len(LANGUAGES)], seed=seed + number)
            text = newsroom.printed(newsroom.story())
            printed.append(Printed(title=f"Own story {number}", text=text, published=START))
    return first, second
