"""What all pages of the demo newspaper share: its stories, its address, and the ways by which it can be discovered."""

import html
import re
from dataclasses import dataclass
from urllib.parse import urljoin

from crawler.demo.stories import Section, Story

TITLE = "The Harbour Lantern"
WAYS = frozenset({"feeds", "sitemaps", "links"})
"""The ways by which the paper's articles can be found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """The paper as one host serves it."""

    base: str
    """Scheme and host, without trailing slash."""
    ways: frozenset[str]
    stories: tuple[Story, ...]
    """Newest first."""

    def url(self, path: str) -> str:
        """The absolute address of a path."""
        return urljoin(self.base + "/", path)

    def image(self, story: Story) -> str:
        """The absolute address of the story's picture."""
        return self.url(f"/images/{story.published:%Y%m%d%H%M}.svg")

    def of_section(self, section: Section) -> list[Story]:
        """The stories of one desk, newest first."""
        return [story for story in self.stories if story.section is section]

    def announced(self) -> list[Story]:
        """The stories that feeds and sitemaps speak of, newest first."""
        return [story for story in self.stories if not story.only_linked]

    def older(self, story: Story, count: int, *, same_section: bool) -> list[Story]:
        """The next older stories, beginning again with the newest at the end; the story itself never among them."""
        at = self.stories.index(story)
        ring = self.stories[at + 1 :] + self.stories[:at]
        return [other for other in ring if not same_section or other.section is story.section][:count]

    def anchor(self, story: Story) -> str:
        """The story's title as a link, or as mere text where links are not a way to find it."""
        title = html.escape(story.title)
        return f'<a href="{story.path}">{title}</a>' if "links" in self.ways else f"<span>{title}</span>"


def slugged(name: str) -> str:
    """The name as it stands in the address of a tag or author page."""
    return re.sub(r"[\W_]+", "-", name.casefold()).strip("-")
