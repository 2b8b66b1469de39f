"""Addresses as feeds, sitemaps and pages write them, made absolute; what is no web address is left out."""

import re
from urllib.parse import urljoin, urlsplit

from archive.urls import MAX_URL_LENGTH

# Whatever a browser would drop or refuse inside an address (WHATWG URL 4.4): control characters. Lone surrogates come
# from JSON escapes, and could not be stored. Format characters stay: Persian slugs are spelled with ZWNJ.
_UNUSABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def absolute(href: str, base: str) -> str | None:
    """The http(s) address that `href` means on a page at `base`, otherwise as written: not canonicalised.

    None for an empty one, for other schemes (`javascript:`, `mailto:`), and for what cannot be parsed, names no host,
    or is longer than `archive.urls.MAX_URL_LENGTH`.

    Raises: nothing.
    """
    if len(href) > 2 * MAX_URL_LENGTH:
        return None
    try:
        written = _UNUSABLE.sub("", href).strip()
        # urljoin would drop what is empty, as in `/a;` and `/a?`
        url = written if written.startswith(("http://", "https://")) else urljoin(base, written)
        parts = urlsplit(url)
        # `port` is read because it is only checked then
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return url if written and usable and len(url) <= MAX_URL_LENGTH else None
