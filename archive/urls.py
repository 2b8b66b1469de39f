"""Canonical URLs: when two addresses are the same, may be the same, and whose word about an address counts."""

import ipaddress
import re
from functools import lru_cache
from itertools import product
from urllib.parse import quote, unquote, urljoin, urlsplit, urlunsplit

import idna
import tldextract
from w3lib.url import canonicalize_url

from archive.models import CanonicalUrl

MAX_URL_LENGTH = 2_083
"""Characters; Scrapy's own URLLENGTH_LIMIT, and the longest that old browsers took."""

# Parameters that say where a reader came from, never what he reads. Kept to names that no CMS uses for content:
# courlan's list, for one, also takes `uid`, `cid` and `source`, on which some sites' articles depend.
_TRACKING = re.compile(
    r"utm_\w+|mtm_\w+|hsa_\w+|oly_\w+|vero_\w+|itm_\w+|ns_(?:campaign|source|mchannel|linkname|fee)|"
    r"(?:at|pk|piwik|matomo)_(?:campaign|custom\d|keyword|kwd|link|medium|source|content)\w*|"
    r"_(?:ga|gl|gac)|_?(?:hsenc|hsmi|openstat)|mc_[ce]id|mkt_tok|cmpid|icid|ocid|xtor|xtref|smid|smtyp|spm|igshid|"
    r"(?:fb|g|dc|gb|y|ysc|msc|tw|tt|mk|wick)clid|gclsrc|[gw]braid|li_fat_id|s_cid|"
    r"ref_(?:src|url)|__twitter_impression|feature_source|guccounter|guce_referrer(?:_sig)?",
    re.IGNORECASE,
)
_INDEX_PAGE = re.compile(r"/(?:index|default|home)\.(?:html?|php\d?|aspx?|jsp|shtml)$", re.IGNORECASE)
_ESCAPE = re.compile("%[0-9A-Fa-f]{2}")
_IN_QUERIES = "%!$&'()*+,;=:@/?-._~[]|^`{}\\"
"""ASCII punctuation that a query keeps as it is written; what it may mean there, only the site knows."""
_DEFAULT_PORT = {"http": 80, "https": 443}
_IP = re.compile(r"\[|[\d.]+(?::|$)")
_LONG_NUMBER = re.compile(r"(?<!\d)\d{5,}(?!\d)")
_WORD = re.compile(r"[^\W\d_]{2,}")
_SLUG = 3
"""Words that make the part of a path a story's own: `news` and `latest-news` are no story's."""
_DAY = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])")

# The bundled list of public suffixes: a crawl must not depend on fetching one. With its private part, because the
# sites under github.io are publishers of their own, none of whom may speak for another.
_suffixes = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


def canonical(url: str, base: str | None = None) -> CanonicalUrl | None:
    """The one form of an http(s) URL: two spellings of the same address give the same.

    Scheme and host lower case (RFC 3986 6.2.2), IDNA host, no default port, dot segments resolved, no user info, no
    fragment, no tracking parameters, the others sorted, a trailing `index.html` and the like off. `base` resolves a
    relative `url`. None for anything that is no usable http(s) URL, also one over `MAX_URL_LENGTH`.

    Raises: nothing.
    """
    # A page gives its own address five times; what is longer than any should not be kept.
    usual = len(url) <= MAX_URL_LENGTH and (base is None or len(base) <= MAX_URL_LENGTH)
    return _remembered(url, base) if usual else _canonical(url, base)


def _canonical(url: str, base: str | None) -> CanonicalUrl | None:
    try:
        absolute = urljoin(base, url.strip()) if base else url.strip()
        parts = urlsplit(absolute)
        host, port = parts.hostname, parts.port
        if parts.scheme not in _DEFAULT_PORT or not host:
            return None
        netloc = _ascii_host(host)
        if port is not None and port != _DEFAULT_PORT[parts.scheme]:
            netloc = f"{netloc}:{port}"
        plain = urlsplit(canonicalize_url(urlunsplit((parts.scheme, netloc, parts.path or "/", "", ""))))
        path = _INDEX_PAGE.sub("/", plain.path)
        result = urlunsplit((plain.scheme, plain.netloc, path, _query(parts.query), ""))
    except ValueError:
        return None
    return CanonicalUrl(result) if len(result) <= MAX_URL_LENGTH else None


_remembered = lru_cache(maxsize=1_024)(_canonical)


def _query(query: str) -> str:
    """The query without tracking parameters, sorted; each of the others as it was written.

    Not taken apart further: to decode and encode again damages what is not UTF-8, or no list of names and values.
    """
    pairs = (pair for pair in query.split("&") if pair and not _TRACKING.fullmatch(unquote(pair.partition("=")[0])))
    escaped = (quote(pair, safe=_IN_QUERIES) for pair in pairs)
    return "&".join(sorted(_ESCAPE.sub(lambda escape: escape[0].upper(), pair) for pair in escaped))


def _ascii_host(host: str) -> str:
    """The host as it stands in a URL: lower case, IPv6 in brackets, IDNA 2008 by the mapping of browsers (UTS 46).

    Not its transitional kind, nor IDNA 2003: they make of faß.de the host fass.de, which is another's.
    """
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode("ascii")
        except idna.IDNAError:  # symbols, which IDNA 2003 allowed and browsers still do
            host = host.encode("idna").decode("ascii")
    host = host.rstrip(".").lower()
    if ":" in host:
        return f"[{ipaddress.IPv6Address(host).compressed}]"
    if not host or not re.fullmatch(r"[a-z0-9._-]+", host):
        raise ValueError(f"no host name: {host!r}")
    return host


def is_front(url: str) -> bool:
    """Whether a URL is that of a site's front page: no path and no query.

    Raises: ValueError for what is no URL, as `urlsplit` does.
    """
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query


@lru_cache(maxsize=1024)
def spellings(url: CanonicalUrl) -> tuple[CanonicalUrl, ...]:
    """The addresses under which nearly every site has the same page, to be compared before that is believed.

    They have the other scheme, `www.` or not, a slash at the end or not, in every combination but `url` itself.
    Raises: nothing.
    """
    parts = urlsplit(url)
    host = parts.netloc
    hosts = [host]
    if not _IP.match(host):
        hosts.append(host.removeprefix("www.") if host.startswith("www.") else f"www.{host}")
    path = parts.path.rstrip("/")
    found = (
        CanonicalUrl(urlunsplit((scheme, netloc, end, parts.query, "")))
        for scheme, netloc, end in product(_DEFAULT_PORT, hosts, (path, f"{path}/") if path else ("/",))
    )
    return tuple(spelling for spelling in found if spelling != url)


def place(url: CanonicalUrl) -> CanonicalUrl:
    """One of the `spellings` of an address, the same for all of them. Raises: nothing."""
    return min(url, *spellings(url))


def story_name(url: CanonicalUrl) -> str | None:
    """What of an address is the story's, whatever stands around it; None for nothing.

    The number that the site gives it, which stays when the words change: the last of the path with five digits or more
    that is no date. Where there is none the last part of the path that has three words, which views for printers and
    telephones have as well.

    Raises: nothing.
    """
    path = urlsplit(url).path
    numbers = [number for number in _LONG_NUMBER.findall(path) if not _DAY.fullmatch(number)]
    slugs = (part.partition(".")[0] for part in reversed(path.split("/")))
    return (
        numbers[-1] if numbers else next((slug for slug in slugs if len(_WORD.findall(unquote(slug))) >= _SLUG), None)
    )


@lru_cache(maxsize=4096)
def bare_host(url: str) -> str:
    """The host of an address without www.; an empty string for what is none. Raises: nothing."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def is_same_host(url: str, other: str) -> bool:
    """Whether two addresses are on one host, with www. or without, and on the same port. Raises: nothing."""
    try:
        return bare_host(url) == bare_host(other) and urlsplit(url).port == urlsplit(other).port
    except ValueError:
        return False


def site_of(url: str) -> str:
    """What counts as one publisher: the registrable domain of the URL's host (publicsuffix.org).

    For an IP address, `localhost` and other names without a public suffix it is host and port, because two ports of
    one machine may be two publications. An empty string for what is no URL.
    """
    try:
        parts = urlsplit(url)
        netloc = parts.netloc.rpartition("@")[2].lower()
        host = _ascii_host(parts.hostname) if parts.hostname else ""
    except ValueError:
        return ""
    registrable = _suffixes(host).top_domain_under_public_suffix
    return registrable or netloc


def same_site(url: str, other: str) -> bool:
    """Whether both belong to one publisher, so that a page of the one may speak for the other."""
    return bool(site := site_of(url)) and site == site_of(other)
