"""What a user means by a word after `crawl`: a source we know, a site that becomes one, or a single article."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from archive.errors import SourceError
from archive.models import CanonicalUrl, Link, Source
from archive.store import Database, sources
from archive.urls import canonical
from crawler.discovery.articleness import Kind, judge


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What to crawl."""

    source: Source
    only: CanonicalUrl | None = None
    """The one article that is asked for; None for whatever the source has."""
    is_new: bool = False
    """Whether the site has become a source just now."""


def resolve(db: Database, word: str) -> Target:
    """The target that a source's name or a URL means; a site that is not known yet becomes a source.

    A URL that is plainly an article's means that article alone, and its site becomes (or is) the source. A bare host
    name is taken for an https URL. Raises SourceError for a name that is no source and no URL.
    """
    if known := sources.find(db, word):
        only = canonical(word) if "://" in word else None
        return Target(source=known, only=only if only and _is_article(only, known.url) else None)
    url = canonical(word if "://" in word else f"https://{word}")
    if url is None or ("://" not in word and "." not in word):
        raise SourceError(
            f"{word!r} is no source of this archive and no http(s) address; `newsarchive sources list` shows the names"
        )
    parts = urlsplit(url)
    root = f"{parts.scheme}://{parts.netloc}/"
    if _is_article(url, root):
        source = sources.find(db, root)
        return Target(source=source or sources.add(db, url=root), only=url, is_new=source is None)
    return Target(source=sources.add(db, url=url), is_new=True)


def _is_article(url: CanonicalUrl, home: str) -> bool:
    link = Link(url=url, text="", in_navigation=False, in_heading=False)
    return judge(link, home=home).kind is Kind.ARTICLE
