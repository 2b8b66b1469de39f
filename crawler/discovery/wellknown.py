"""Where sites keep their feeds and sitemaps when they do not say so."""

from urllib.parse import urljoin

# What the common systems answer at: WordPress (/feed/), Drupal (/rss.xml), Ghost (/rss/), Blogger and static site
# generators (/atom.xml, /feed.xml, /index.xml), and JSON Feed's own advice (/feed.json).
FEED_PATHS = ("/feed/", "/rss.xml", "/rss/", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json")

# The protocol's own example, WordPress and Yoast (/sitemap_index.xml, /wp-sitemap.xml), and what Google News is told.
SITEMAP_PATHS = ("/sitemap.xml", "/sitemap_index.xml", "/wp-sitemap.xml", "/news-sitemap.xml", "/sitemap-news.xml")


def feeds(home: str) -> tuple[str, ...]:
    """Addresses at which the site of `home` may have a feed."""
    return tuple(urljoin(home, path) for path in FEED_PATHS)


def sitemaps(home: str) -> tuple[str, ...]:
    """Addresses at which the site of `home` may have a sitemap."""
    return tuple(urljoin(home, path) for path in SITEMAP_PATHS)
