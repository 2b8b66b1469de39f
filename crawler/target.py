"""What a user means by a word after `crawl`: a source we know, a site that becomes one, or a single article."""

import re
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from archive.errors import SourceError
from archive.models import CanonicalUrl, Link, Source
from archive.store import Database, sources
from archive.urls import canonical, is_same_host
from crawler.discovery.articleness import Kind, judge

_SCHEME = re.compile(r"\s*[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_LOCAL = re.compile(r"(?:localhost|\d+(?:\.\d+){3}|\[[0-9a-f:.]+\])(?::\d+)?(?:[/?#]|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What to crawl."""

    source: Source
    only: CanonicalUrl | None = None
    """The one article that is asked for; None for whatever the source has."""
    waits: bool = False
    """Whether only that is asked for which waits in the frontier."""
    is_new: bool = False
    """Whether the site has become a source just now."""


def resolve(db: Database, word: str) -> Target:
    """The target that a source's name or a URL means; a site that is not known yet becomes a source.

    A URL that is plainly an article's means that article alone, and its site becomes (or is) the source. Another one
    means the source of its host, with or without `www.`. Raises SourceError for what is neither a source nor a URL.
    """
    source = sources.find(db, word)
    if source and source.name == word:
        return Target(source=source)
    url = address(word)
    source = sources.find(db, url)
    if source and source.url == url:
        return Target(source=source)
    root = CanonicalUrl(urljoin(url, "/"))
    if is_article(url, source.url if source else root):
        return Target(source=source or sources.add(db, url=root), only=url, is_new=source is None)
    if source and is_same_host(source.url, url):
        return Target(source=source)
    return Target(source=sources.add(db, url=url), is_new=True)


def known(db: Database, word: str) -> Source:
    """The source that a name or an address means. Raises SourceError where there is none."""
    source = sources.find(db, word)
    if source is None and re.search(r"[.:]", word):
        source = sources.find(db, address(word))
    if source is None:
        raise SourceError(f"no source {word!r} in the archive; `newsarchive sources list` shows the names")
    return source


def address(word: str) -> CanonicalUrl:
    """The http(s) URL that a user means: `https://example.org/`, `example.org`, `localhost:8000`, `[::1]:8000/news`.

    Without a scheme it is https; for localhost and IP addresses, where hardly anything else is served, http. Raises
    SourceError, which says what to write, for a word that is no such address, and for one with a user name in it.
    """
    written = word.strip()
    if not _SCHEME.match(written):
        written = f"{'http' if _LOCAL.match(written) else 'https'}://{written}"
    url = canonical(written)
    host = (urlsplit(url).hostname or "") if url else ""
    if url is None or not (_SCHEME.match(word) or re.search(r"[.:]|^localhost$", host)):
        raise SourceError(
            f"{word!r} is no source of this archive and no http(s) address; `newsarchive sources list` shows the names"
        )
    if "@" in urlsplit(written).netloc:
        raise SourceError(
            f"a user name and password in an address would be kept and shown with it: write {url} -s HTTPAUTH_USER=… "
            f"-s HTTPAUTH_PASS=… -s HTTPAUTH_DOMAIN={host}"
        )
    return url


def is_article(url: CanonicalUrl, home: str) -> bool:
    """Whether an address is plainly an article's of the site at `home`. Raises: nothing."""
    link = Link(url=url, text="", in_navigation=False, in_heading=False)
    return judge(link, home=home).kind is Kind.ARTICLE
