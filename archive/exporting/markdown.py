"""Markdown notes: an article a file with its front matter, as Obsidian and static site makers read them."""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import BinaryIO

from archive import text
from archive.exporting.seam import NOTHING, About
from archive.markup import markdown, markdown_text
from archive.models import Precision
from archive.record import ExportedArticle
from archive.store.selections import Order
from archive.when import stamp

TITLE_BYTES = 120
"""Of a file's name, in UTF-8: with the date and the number before and after it stays below the 255 of file systems."""

_ALSO_IN_NAMES = frozenset("-_'’")
_NOT_IN_TAGS = re.compile(r"[^\w/-]+")


class Notes:
    """CommonMark, after front matter in YAML."""

    suffix = ".md"
    is_text = True
    order = Order.STORED
    counts = NOTHING

    def path(self, article: ExportedArticle) -> str:
        """`courier/2026-07/2026-07-04 Harbour closed 42.md`: by its first title, so that links to it stay."""
        day = stamp(article.published_at)[:10] if article.published_at else ""
        words = [day, file_title(article.first_title), str(article.id)]
        return f"{article.source}/{day[:7] or 'undated'}/{' '.join(word for word in words if word)}{self.suffix}"

    def write(self, articles: Iterator[ExportedArticle], out: BinaryIO, _about: About) -> None:
        """The note of each article."""
        out.writelines(f"{note(article)}\n".encode() for article in articles)


def file_title(title: str) -> str:
    """The title as a part of a file's name, for any file system: letters, figures and spaces, of at most `TITLE_BYTES`.

    Empty where it has none. Raises: nothing.
    """
    kept = "".join(char if _is_of_names(char) else " " for char in text.clean(title))
    name = " ".join(kept.split()).encode()[:TITLE_BYTES].decode("utf-8", "ignore")
    # what a cut has left of a letter and its marks is still that letter
    return name.strip(" -'’")


def _is_of_names(char: str) -> bool:
    return char in _ALSO_IN_NAMES or unicodedata.category(char)[0] in "LMN"


def note(article: ExportedArticle) -> str:
    """The note of an article. Raises: nothing."""
    parts = [front_matter(article), f"# {_line(article.title)}"]
    if article.subtitle and (subtitle := _line(article.subtitle)):
        parts.append(f"*{subtitle}*")
    return "\n\n".join([*parts, markdown(article.text, article.blocks)])


def front_matter(article: ExportedArticle) -> str:
    """What is known of an article, in YAML; times as YAML has them, `tags` as Obsidian allows them. Raises: nothing."""
    values: Mapping[str, object] = {
        "title": article.title,
        "subtitle": article.subtitle,
        "url": article.url,
        "source": article.source_title or article.source,
        "authors": article.authors,
        "published": _moment(article.published_at, article.published_precision),
        "modified": _moment(article.modified_at, None),
        "seen": _moment(article.seen_at, None),
        "gone": _moment(article.gone_at, None),
        "language": article.language,
        "section": article.section,
        "agency": article.agency,
        "description": article.description,
        "keywords": article.tags,
        "tags": _tags(article),
        "image": article.image_url,
        "words": article.word_count,
        "revisions": article.revisions,
        "story": article.story,
        "archive_id": article.id,
        "content_hash": article.content_hash,
    }
    lines = [f"{key}: {_yaml(value)}" for key, value in values.items() if value not in (None, "", (), [])]
    return "\n".join(["---", *lines, "---"])


class _Moment(str):
    """A time or a day, which YAML writes without quotation marks."""

    __slots__ = ()


def _moment(at: datetime | None, precision: Precision | None) -> _Moment | None:
    if at is None:
        return None
    return _Moment(stamp(at)[:10] if precision is Precision.DAY else stamp(at))


def _yaml(value: object) -> str:
    """A value in YAML, of which JSON is a part, but for what counts as the end of a line there."""
    match value:
        case _Moment():
            return value
        case str():
            said = json.dumps(text.clean(value), ensure_ascii=False)
            return said.replace("\u2028", r"\u2028").replace("\u2029", r"\u2029")
        case list() | tuple():
            return f"[{', '.join(map(_yaml, value))}]"
        case _:
            return json.dumps(value)


def _tags(article: ExportedArticle) -> list[str]:
    """The keywords as Obsidian allows tags: of letters, figures, `-`, `_`, `/`, and not of figures alone."""
    found = (_NOT_IN_TAGS.sub("-", text.clean(tag)).strip("-/") for tag in article.tags)
    return list(dict.fromkeys(tag for tag in found if tag and not tag.isdecimal()))


def _line(said: str) -> str:
    return markdown_text(" ".join(said.split()))
