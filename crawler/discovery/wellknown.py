"""Where sites keep their feeds and sitemaps when they do not say so."""

from urllib.parse import urljoin

FEED_PATHS = (
    "/feed/",  # WordPress
    "/rss.xml",  # Drupal, and most that have no system
    "/rss/",  # Ghost
    "/feed.xml",  # Jekyll and other generators
    "/atom.xml",  # Movable Type, Hexo
    "/index.xml",  # Hugo
    "/feed.json",  # the advice of JSON Feed
)
SITEMAP_PATHS = (
    "/sitemap.xml",  # the example of the protocol, and most systems
    "/sitemap_index.xml",  # Yoast, Rank Math
    "/wp-sitemap.xml",  # WordPress itself
    "/news-sitemap.xml",  # Yoast News and others
    "/sitemap-news.xml",  # the habit of sites that made their own
)


def feeds(home: str) -> tuple[str, ...]:
    """Addresses at which the site of `home` may have a feed.

    Raises: nothing.
    """
    return _joined(home, FEED_PATHS)


def sitemaps(home: str) -> tuple[str, ...]:
    """Addresses at which the site of `home` may have a sitemap.

    Raises: nothing.
    """
    return _joined(home, SITEMAP_PATHS)


def _joined(home: str, paths: tuple[str, ...]) -> tuple[str, ...]:
    try:
        return tuple(urljoin(home, path) for path in paths)
    except ValueError:
        return ()
