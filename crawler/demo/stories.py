"""The demo newspaper's articles as its editors keep them: Markdown with a TOML head, read into records.

The Markdown is the small part that the articles use: paragraphs, `##` and `###` headings, `>` quotations, `-` lists,
pipe tables, `![alt](address "caption")` pictures; in a line *emphasis*, **strong** and [links](address).
"""

import html
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from urllib.parse import quote

from archive.models import BlockKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A desk of the paper; each has its own pattern of addresses and its own page template, as grown sites do."""

    slug: str
    title: str
    template: str
    """The stem of a file in `templates/`."""
    address: str
    """A format string for the path of a story."""


SECTIONS = (
    Section(slug="city", title="City", template="full", address="/city/{date:%Y/%m/%d}/{slug}/"),
    Section(slug="world", title="World", template="jsonld", address="/world/{slug}-{number}.html"),
    Section(slug="business", title="Business", template="opengraph", address="/business/{date:%Y-%m-%d}-{slug}"),
    Section(slug="culture", title="Culture", template="microdata", address="/culture/{slug}/"),
    Section(slug="science", title="Science", template="full", address="/science/article/{slug}"),
    Section(slug="opinion", title="Opinion", template="plain", address="/opinion/{slug}"),
    Section(slug="sport", title="Sport", template="jsonld", address="/sport/{date:%Y/%m}/{slug}-{number}.html"),
    Section(slug="voices", title="Voices", template="opengraph", address="/voices/{language}/{slug}/"),
)
_SECTION = {section.slug: section for section in SECTIONS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One piece of a story's body."""

    kind: BlockKind
    text: str
    """As a reader sees it; of a table the rows, one a line, with " | " between the cells."""
    html: str
    """The whole element; of a list item without its list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One article of the paper."""

    path: str
    """Percent-encoded, without host."""
    slug: str
    title: str
    subtitle: str | None
    authors: tuple[str, ...]
    agency: str | None
    published: datetime
    """Aware, with the offset that the page prints."""
    modified: datetime
    section: Section
    language: str
    tags: tuple[str, ...]
    blocks: tuple[Block, ...]
    encoding: str
    """Of the page; any but UTF-8 is served without a declaration, which is one of the traps."""
    canonical: str | None
    """Another publisher's address that the page claims to be at."""
    only_linked: bool
    """Whether feeds and sitemaps keep quiet about it."""

    @property
    def lead(self) -> str:
        """The first paragraph, which serves as description."""
        return next(block.text for block in self.blocks if block.kind is BlockKind.PARAGRAPH)

    @property
    def right_to_left(self) -> bool:
        """Whether the page is written from right to left."""
        return self.language in {"ar", "he", "fa", "ur"}


@cache
def stories() -> tuple[Story, ...]:
    """All stories of the package, newest first."""
    sources = (entry for entry in files("crawler.demo").joinpath("articles").iterdir() if entry.name.endswith(".md"))
    found = [parse_story(entry.name.removesuffix(".md"), entry.read_text(encoding="utf-8")) for entry in sources]
    return tuple(sorted(found, key=lambda story: (story.published, story.slug), reverse=True))


def parse_story(slug: str, source: str) -> Story:
    """The story of one Markdown file whose name is `slug`.

    Raises: ValueError where the head is missing or no TOML; KeyError for a missing field or unknown section.
    """
    _, head, body = source.split("+++\n", 2)
    meta = tomllib.loads(head)
    section, published = _SECTION[meta["section"]], meta["published"]
    slug = meta.get("slug", slug)
    path = section.address.format(
        slug=slug,
        date=published,
        language=meta.get("language", "en"),
        number=int(published.timestamp()) // 60 % 100_000,
    )
    return Story(
        path=quote(path),
        slug=slug,
        title=meta["title"],
        subtitle=meta.get("subtitle"),
        authors=tuple(meta.get("authors", ())),
        agency=meta.get("agency"),
        published=published,
        modified=meta.get("modified", published),
        section=section,
        language=meta.get("language", "en"),
        tags=tuple(meta.get("tags", ())),
        blocks=tuple(_blocks(body)),
        encoding=meta.get("encoding", "utf-8"),
        canonical=meta.get("canonical"),
        only_linked=meta.get("only_linked", False),
    )


def _blocks(markdown: str) -> Iterator[Block]:
    for chunk in re.split(r"\n\s*\n", markdown.strip()):
        if picture := re.fullmatch(r'!\[([^]]*)]\((\S+) "(.+)"\)', chunk):
            alternative, address, caption = picture.groups()
            image = f'<img src="{html.escape(address)}" alt="{html.escape(alternative)}" width="960" height="540">'
            element = f"<figure>{image}<figcaption>{_inline(caption)}</figcaption></figure>"
            yield Block(kind=BlockKind.CAPTION, text=_plain(caption), html=element)
        elif chunk.startswith("- "):
            for item in re.split(r"^- ", chunk, flags=re.MULTILINE)[1:]:
                yield _block(BlockKind.ITEM, item, "<li>{}</li>")
        elif chunk.startswith("> "):
            quotation = re.sub(r"^> ?", "", chunk, flags=re.MULTILINE)
            yield _block(BlockKind.QUOTE, quotation, "<blockquote><p>{}</p></blockquote>")
        elif chunk.startswith("|"):
            yield _table(chunk)
        elif chunk.startswith("### "):
            yield _block(BlockKind.HEADING3, chunk[4:], "<h3>{}</h3>")
        elif chunk.startswith("## "):
            yield _block(BlockKind.HEADING2, chunk[3:], "<h2>{}</h2>")
        else:
            yield _block(BlockKind.PARAGRAPH, chunk, "<p>{}</p>")


def _block(kind: BlockKind, source: str, element: str) -> Block:
    return Block(kind=kind, text=_plain(source), html=element.format(_inline(source)))


def _table(chunk: str) -> Block:
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in chunk.splitlines()]
    head, body = rows[0], rows[2:]
    cells = ["<tr>" + "".join(f"<th>{_inline(cell)}</th>" for cell in head) + "</tr>"]
    cells += ["<tr>" + "".join(f"<td>{_inline(cell)}</td>" for cell in row) + "</tr>" for row in body]
    text = "\n".join(" | ".join(_plain(cell) for cell in row) for row in (head, *body))
    return Block(kind=BlockKind.TABLE, text=text, html=f"<table>{''.join(cells)}</table>")


def _inline(source: str) -> str:
    """The HTML of one Markdown line."""
    escaped = html.escape(" ".join(source.split()), quote=False)
    escaped = re.sub(r"\[([^]]+)]\(([^)\s]+)\)", r'<a href="\2">\1</a>', escaped)
    escaped = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", escaped)
    return re.sub(r"\*(.+?)\*", r"<em>\1</em>", escaped)


def _plain(source: str) -> str:
    """What a reader sees of one Markdown line."""
    return html.unescape(re.sub(r"<[^>]+>", "", _inline(source)))
