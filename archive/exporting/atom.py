"""An Atom feed of articles with their texts (RFC 4287), the newest first."""

from collections.abc import Iterator
from datetime import UTC
from typing import BinaryIO
from urllib.parse import quote, urlsplit

from archive.exporting.seam import NOTHING, About
from archive.markup import xhtml, xhtml_text
from archive.record import ExportedArticle
from archive.store.selections import Order
from archive.when import stamp


class Atom:
    """One feed; each article an entry with its whole text."""

    suffix = ".atom"
    is_text = True
    order = Order.NEWEST
    counts = NOTHING

    def write(self, articles: Iterator[ExportedArticle], out: BinaryIO, about: About) -> None:
        """The feed, whose time is that of the export."""
        head = (
            '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
            f"<title>{xhtml_text(about.title)}</title>\n<id>urn:newsarchive:{about.dataset}</id>\n"
            f"<updated>{stamp(about.at)}</updated>\n<author><name>newsarchive</name></author>\n"
            "<generator>newsarchive</generator>\n"
        )
        out.write(head.encode())
        out.writelines(entry(article).encode() for article in articles)
        out.write(b"</feed>\n")


def entry(article: ExportedArticle) -> str:
    """An article's entry. Raises: nothing."""
    language = f' xml:lang="{xhtml_text(article.language)}"' if article.language else ""
    # HTML as escaped text (RFC 4287, 3.1.1.2): of XHTML many readers show the tags
    content = xhtml_text(xhtml(article.text, article.blocks))
    parts = [
        f"<entry{language}>",
        f"<title>{xhtml_text(' '.join(article.title.split())) or '-'}</title>",
        f"<id>{xhtml_text(tag_uri(article))}</id>",
        f'<link rel="alternate" type="text/html" href="{xhtml_text(article.url)}"/>',
        f"<updated>{stamp(article.modified_at or article.seen_at)}</updated>",
        f"<published>{stamp(article.published_at)}</published>" if article.published_at else "",
        *(f"<author><name>{xhtml_text(author)}</name></author>" for author in article.authors),
        *(f'<category term="{xhtml_text(tag)}"/>' for tag in article.tags),
        f"<summary>{xhtml_text(article.description)}</summary>" if article.description else "",
        f'<content type="html">{content}</content>',
        "</entry>",
    ]
    return "\n".join(part for part in parts if part) + "\n"


def tag_uri(article: ExportedArticle) -> str:
    """A `tag:` URI (RFC 4151) of the article's first address and the day on which it was first seen there.

    The same however often the article moves. Raises: nothing.
    """
    first = article.addresses[0][1] if article.addresses else article.url
    parts = urlsplit(first)
    query = f"?{parts.query}" if parts.query else ""
    day = article.first_seen_at.astimezone(UTC).date().isoformat()
    return f"tag:{_authority(parts.hostname)},{day}:{quote(f'{parts.path}{query}', safe='/?:@!$&()*+,;=-._~%')}"


def _authority(host: str | None) -> str:
    return quote(host or "localhost", safe="").lower()
