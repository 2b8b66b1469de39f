"""How the demo newspaper announces its articles to machines: RSS, Atom, JSON Feed, sitemaps, robots.txt."""

import gzip
import json
from collections.abc import Iterable
from email.utils import format_datetime
from xml.sax.saxutils import escape

from crawler.demo.edition import TITLE, Edition
from crawler.demo.stories import Story

FEED_LENGTH = 15
"""How many of the newest articles a feed lists."""
JSON_FEED_LENGTH = 30
"""JSON Feed is the paper's generous one."""
NEWS_SITEMAP_LENGTH = 12

_SITEMAP = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_NEWS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'


def tracked(url: str) -> str:
    """The address as RSS gives it, with the parameters that count where readers come from."""
    return f"{url}?utm_source=rss&utm_medium=feed&utm_campaign=lantern"


def rss(edition: Edition) -> str:
    """RSS 2.0; its links carry tracking parameters, its guids are mere identifiers."""
    items = "".join(_rss_item(story, edition) for story in edition.announced()[:FEED_LENGTH])
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom"><channel>'
        f"<title>{TITLE}</title><link>{edition.url('/')}</link><description>News from Saltmere</description>"
        f'<language>en</language><atom:link rel="self" type="application/rss+xml" href="{edition.url("/feed.xml")}"/>'
        f"{items}</channel></rss>"
    )


def _rss_item(story: Story, edition: Edition) -> str:
    authors = "".join(f"<dc:creator>{escape(name)}</dc:creator>" for name in story.authors)
    categories = "".join(f"<category>{escape(tag)}</category>" for tag in (story.section.title, *story.tags))
    return (
        f"<item><title>{escape(story.title)}</title><link>{escape(tracked(edition.url(story.path)))}</link>"
        f'<guid isPermaLink="false">lantern-{story.published:%Y%m%d%H%M}</guid>'
        f"<description>{escape(story.lead)}</description><pubDate>{format_datetime(story.published)}</pubDate>{authors}{categories}</item>"
    )


def atom(edition: Edition) -> str:
    """Atom (RFC 4287)."""
    newest = edition.announced()[:FEED_LENGTH]
    entries = "".join(
        f"<entry><title>{escape(story.title)}</title><id>{edition.url(story.path)}</id>"
        f'<link rel="alternate" type="text/html" href="{edition.url(story.path)}"/>'
        f"<published>{story.published.isoformat()}</published><updated>{story.modified.isoformat()}</updated>"
        + "".join(f"<author><name>{escape(name)}</name></author>" for name in story.authors)
        + f'<summary type="text">{escape(story.lead)}</summary></entry>'
        for story in newest
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
        f'<title>{TITLE}</title><id>{edition.url("/")}</id><link href="{edition.url("/")}"/>'
        f'<link rel="self" href="{edition.url("/atom.xml")}"/>'
        f"<updated>{max(story.modified for story in newest).isoformat()}</updated>{entries}</feed>"
    )


def json_feed(edition: Edition) -> str:
    """JSON Feed 1.1."""
    items = [
        {
            "id": edition.url(story.path),
            "url": edition.url(story.path),
            "title": story.title,
            "summary": story.lead,
            "date_published": story.published.isoformat(),
            "date_modified": story.modified.isoformat(),
            "authors": [{"name": name} for name in story.authors],
            "tags": list(story.tags),
            "language": story.language,
        }
        for story in edition.announced()[:JSON_FEED_LENGTH]
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": TITLE,
        "home_page_url": edition.url("/"),
        "feed_url": edition.url("/feed.json"),
        "items": items,
    }
    return json.dumps(feed, ensure_ascii=False, indent=1)


def sitemap_index(edition: Edition) -> str:
    """The index of the sitemaps (sitemaps.org)."""
    parts = ("/sitemap-articles.xml.gz", "/sitemap-pages.xml")
    rows = "".join(f"<sitemap><loc>{edition.url(part)}</loc></sitemap>" for part in parts)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex {_SITEMAP}>{rows}</sitemapindex>'


def article_sitemap(edition: Edition) -> bytes:
    """The gzipped sitemap of all articles."""
    rows = "".join(
        f"<url><loc>{edition.url(story.path)}</loc><lastmod>{story.modified.isoformat()}</lastmod></url>"
        for story in edition.announced()
    )
    return gzip.compress(
        f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {_SITEMAP}>{rows}</urlset>'.encode(), mtime=0
    )


def page_sitemap(edition: Edition, paths: Iterable[str]) -> str:
    """The sitemap of everything else."""
    rows = "".join(f"<url><loc>{escape(edition.url(path))}</loc></url>" for path in paths)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {_SITEMAP}>{rows}</urlset>'


def news_sitemap(edition: Edition) -> str:
    """The Google News sitemap of the newest articles, with title and publication date."""
    rows = "".join(
        f"<url><loc>{edition.url(story.path)}</loc><news:news><news:publication><news:name>{TITLE}</news:name>"
        f"<news:language>{story.language}</news:language></news:publication>"
        f"<news:publication_date>{story.published.isoformat()}</news:publication_date>"
        f"<news:title>{escape(story.title)}</news:title></news:news></url>"
        for story in edition.announced()[:NEWS_SITEMAP_LENGTH]
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {_SITEMAP} {_NEWS}>{rows}</urlset>'


def robots(edition: Edition) -> str:
    """robots.txt (RFC 9309)."""
    lines = ["User-agent: *", "Disallow: /private/", "Disallow: /search", "Disallow: /share"]
    if "sitemaps" in edition.ways:
        lines += ["", f"Sitemap: {edition.url('/sitemap.xml')}", f"Sitemap: {edition.url('/news-sitemap.xml')}"]
    return "\n".join(lines) + "\n"
