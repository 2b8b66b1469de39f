"""EPUB 3.3: a reading edition, an article a chapter, by source and time; no scripts, nothing fetched from the Web.

Written by hand: the usual library is under the AGPL, and a book is a zip file of pages, a list and a table of contents.
"""

import hashlib
import re
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import BinaryIO
from urllib.parse import quote
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from archive.citation import plain, work
from archive.exporting.seam import NOTHING, About
from archive.markup import xhtml, xhtml_text
from archive.models import Precision
from archive.record import ExportedArticle
from archive.store.selections import Order
from archive.when import stamp

RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ks", "ku", "ps", "sd", "syr", "ug", "ur", "yi"})
"""Languages whose newspapers are read from right to left."""

_TAG = re.compile(r"[a-z]{2,3}")
_URI = "/:?#[]@!$&'()*+,;=%-._~"
_CONTAINER = """<?xml version="1.0" encoding="utf-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
<rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/>
</rootfiles></container>
"""
_STYLE = """body { line-height: 1.4; }
h1 { line-height: 1.2; }
.byline, footer { font-size: 0.85em; }
footer { margin-top: 2em; border-top: thin solid; overflow-wrap: anywhere; }
table { border-collapse: collapse; }
td { border: thin solid; padding: 0.2em 0.5em; }
pre { white-space: pre-wrap; }
"""
_PAGE = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"{marks}>
<head><title>{title}</title><link rel="stylesheet" type="text/css" href="style.css"/></head>
<body>
{body}
</body>
</html>
"""
_ACCESSIBLE = {
    "schema:accessMode": "textual",
    "schema:accessModeSufficient": "textual",
    "schema:accessibilityFeature": "tableOfContents",
    "schema:accessibilityHazard": "none",
    "schema:accessibilitySummary": "Text in reading order with headings and a table of contents.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chapter:
    """What the table of contents says of an article."""

    file: str
    title: str
    source: str
    language: str | None


class Epub:
    """One book."""

    suffix = ".epub"
    is_text = False
    order = Order.READING
    counts = NOTHING

    def write(self, articles: Iterator[ExportedArticle], out: BinaryIO, about: About) -> None:
        """The book; of its articles only the titles are kept in memory."""
        chapters: list[_Chapter] = []
        digest = hashlib.sha256(about.dataset.encode())
        with ZipFile(out, "w") as book:
            # the first file of the container, and not compressed (OCF 3.3, 4.2.2)
            _add(book, "mimetype", "application/epub+zip", ZIP_STORED)
            _add(book, "META-INF/container.xml", _CONTAINER)
            _add(book, "EPUB/style.css", _STYLE)
            for article in articles:
                chapter = _chapter(article)
                chapters.append(chapter)
                digest.update(f"{article.url} {article.content_hash}\n".encode())
                _add(book, f"EPUB/{chapter.file}", _article(article))
            identifier = uuid.uuid5(uuid.NAMESPACE_URL, digest.hexdigest()).urn
            _add(book, "EPUB/front.xhtml", _front(about, len(chapters)))
            _add(book, "EPUB/nav.xhtml", _contents(about, chapters))
            _add(book, "EPUB/package.opf", _package(about, chapters, identifier))


def _add(book: ZipFile, name: str, content: str, how: int = ZIP_DEFLATED) -> None:
    # the same time for all: a book of the same articles is the same file but for the time that it tells itself
    info = ZipInfo(name)
    info.compress_type = how
    info.external_attr = 0o644 << 16
    book.writestr(info, content.encode())


def _chapter(article: ExportedArticle) -> _Chapter:
    language = article.language if article.language and _TAG.fullmatch(article.language) else None
    title = xhtml_text(" ".join(article.title.split())).strip() or "-"
    source = xhtml_text(article.source_title or article.source).strip() or "-"
    return _Chapter(file=f"article-{article.id}.xhtml", title=title, source=source, language=language)


def _page(title: str, body: str, language: str | None = None) -> str:
    named = f' lang="{language}" xml:lang="{language}"' if language else ""
    direction = "rtl" if language in RIGHT_TO_LEFT else "ltr" if language else "auto"
    return _PAGE.format(marks=f'{named} dir="{direction}"', title=title, body=body)


def _article(article: ExportedArticle) -> str:
    chapter = _chapter(article)
    subtitle = xhtml_text(" ".join((article.subtitle or "").split()))
    authors = xhtml_text(", ".join(article.authors))
    byline = " · ".join(part for part in (authors, _moment(article), chapter.source) if part)
    link = quote(article.url, safe=_URI)
    parts = [
        f"<article>\n<header>\n<h1>{chapter.title}</h1>",
        f'<p class="subtitle"><em>{subtitle}</em></p>' if subtitle else "",
        f'<p class="byline">{byline}</p>\n</header>',
        xhtml(article.text, article.blocks),
        f'<footer>\n<p dir="auto">{xhtml_text(plain(work(article)))} <a href="{xhtml_text(link)}">↗</a></p>\n</footer>',
        "</article>",
    ]
    return _page(chapter.title, "\n".join(part for part in parts if part), chapter.language)


def _moment(article: ExportedArticle) -> str:
    """The time of publication, as exactly as it is known."""
    if article.published_at is None:
        return ""
    at = stamp(article.published_at)
    shown = at[:10] if article.published_precision is Precision.DAY else f"{at[:10]} {at[11:16]} UTC"
    return f'<time datetime="{at}">{shown}</time>'


def _front(about: About, count: int) -> str:
    title = xhtml_text(about.title)
    body = f"<h1>{title}</h1>\n<p>{count:,} articles, put together by newsarchive on {stamp(about.at)[:10]}.</p>"
    return _page(title, f"{body}\n<p>{xhtml_text(about.dataset)}</p>", "en")


def _contents(about: About, chapters: Iterable[_Chapter]) -> str:
    parts = ['<li><a href="front.xhtml">About this edition</a></li>']
    for source, some in groupby(chapters, key=lambda chapter: chapter.source):
        entries = "\n".join(f'<li><a href="{chapter.file}">{chapter.title}</a></li>' for chapter in some)
        parts.append(f"<li><span>{source}</span>\n<ol>\n{entries}\n</ol></li>")
    listed = "\n".join(parts)
    title = xhtml_text(about.title)
    return _page(title, f'<nav epub:type="toc" id="toc">\n<h1>{title}</h1>\n<ol dir="auto">\n{listed}\n</ol>\n</nav>')


def _package(about: About, chapters: list[_Chapter], identifier: str) -> str:
    languages = [tag for tag, _ in Counter(c.language for c in chapters if c.language).most_common()] or ["en"]
    sources = dict.fromkeys(chapter.source for chapter in chapters)
    metadata = [
        f'<dc:identifier id="id">{identifier}</dc:identifier>',
        f"<dc:title>{xhtml_text(about.title)}</dc:title>",
        *(f"<dc:language>{tag}</dc:language>" for tag in languages),
        *(f"<dc:creator>{source}</dc:creator>" for source in sources),
        f"<dc:source>{xhtml_text(about.dataset)}</dc:source>",
        f'<meta property="dcterms:modified">{stamp(about.at)}</meta>',
        *(f'<meta property="{name}">{value}</meta>' for name, value in _ACCESSIBLE.items()),
    ]
    files = ["front.xhtml", *(chapter.file for chapter in chapters)]
    page = 'media-type="application/xhtml+xml"'
    items = [
        f'<item id="nav" href="nav.xhtml" {page} properties="nav"/>',
        '<item id="style" href="style.css" media-type="text/css"/>',
        *(f'<item id="p{number}" href="{file}" {page}/>' for number, file in enumerate(files)),
    ]
    spine = [f'<itemref idref="p{number}"/>' for number in range(len(files))]
    direction = "rtl" if languages[0] in RIGHT_TO_LEFT else "ltr"
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">',
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">',
        *metadata,
        "</metadata>\n<manifest>",
        *items,
        f'</manifest>\n<spine page-progression-direction="{direction}">',
        *spine,
        "</spine>\n</package>\n",
    ]
    return "\n".join(lines)
