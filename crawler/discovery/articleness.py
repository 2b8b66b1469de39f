"""Whether an address is an article's: judged by its words, dates and numbers, and by how a page links to it.

What an address says is weighed in points, of which `_ENOUGH` make an article. A date above the last segment, a long
number, and a headline are each enough; a phrase, a short number, an extension and the word "article" are half of it.
Half is decided by the link: a headline among the stories of a page is an article, a word in its menu is none. The
constants were set by the addresses of articles of some 150 publications and of invented sections; the tests hold what
was reached.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, urlsplit

from archive import text as texts
from archive.models import Link
from archive.urls import canonical, same_site
from crawler.discovery import vocabulary
from crawler.discovery.vocabulary import folded

_ENOUGH = 2

# Words of a slug, "and" not counted: names of sections have three at most ("health-science-and-environment").
_HEADLINE_WORDS, _PHRASE_WORDS = 4, 3
# Letters that count as a word in scripts without spaces: Chinese and Thai words have two and more.
_UNSPACED_WORD = 2
# Fewer words are a headline, or a phrase, when they are as long as this: some languages write compounds.
_HEADLINE_LETTERS, _PHRASE_LETTERS = 32, 24
# Digits of a number that counts articles. Four may be a year, fewer a page or part of a name: these are half a proof.
_ID_DIGITS, _SMALL_ID_DIGITS = 5, 3
# A link's text that is a headline: menu entries are shorter ("Arts & Entertainment": 20 characters, 2 words).
# A character of Chinese, Japanese or Thai counts twice.
_HEADLINE_TEXT, _HEADLINE_TEXT_WORDS = 25, 4
# Sections are at most this deep: /en/sport/football.
_SECTION_DEPTH = 3

_YEAR, _MONTH_DAY = r"(?:1[6-9]|20)\d\d", r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_MONTH = r"(?:0?[1-9]|1[0-2]|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
# Whole segments: 2024/05/01, 2024/05, 2024/may/01, 2024/0501, 2024-05-01, 20240501
_DATE_PATH = re.compile(
    rf"(?:^|/){_YEAR}(?:/{_MONTH_DAY}|/{_MONTH}(?:/{_DAY})?|[-_]{_MONTH}(?:[-_]{_DAY})?|{_MONTH_DAY})(?=/|$)"
)
_YEAR_PATH = re.compile(rf"(?:^|/){_YEAR}/")
# In a slug: 2024-05-01-words, 2024-05-words, words-20240501
_DATE_IN_SLUG = re.compile(rf"(?<!\d){_YEAR}(?:-{_MONTH}-{_DAY}|-[01]\d|{_MONTH_DAY})(?!\d)")

_SEPARATORS = re.compile(r"[\s\-_+~,.;:!|()'’]+")
_NUMBER = re.compile(r"\d+")
# Digits and letters that alternate, as in clymn8zyrp9o; covid19 and 1080p do not.
_KEY = re.compile(r"(?=(?:\D*\d){2})(?=.*(?:\d[a-z]+\d|[a-z]\d+[a-z]))[0-9a-z]{7,}")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]")
_LANGUAGE = re.compile(r"[a-z]{2}(?:[-_][a-z]{2})?")

_ID_PARAMETER = re.compile(r"p|aid|nid|artid|(?:[a-z]{1,10}_?)?(?:id|idx|no|num|nr|seq)", re.IGNORECASE)
_LISTING_PARAMETER = re.compile(r"paged?|cat|category|start|offset|m", re.IGNORECASE)
_SEARCH_PARAMETER = re.compile(r"s|q|query|search|tag|tags|author|feed|replytocom", re.IGNORECASE)


class Kind(StrEnum):
    """What a page is, as far as its address tells."""

    ARTICLE = "article"
    SECTION = "section"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What an address was judged to be, and why."""

    kind: Kind
    reason: str
    """In words, for a person."""


@dataclass(frozen=True, slots=True)
class _Address:
    """The parts of an address that are looked at."""

    segments: tuple[str, ...]
    """Of the path, decoded and lower case; the last one without its extension."""
    extension: str
    query: tuple[tuple[str, str], ...]

    @property
    def path(self) -> str:
        return "/".join(self.segments)

    @property
    def words(self) -> tuple[str, ...]:
        """The segments as the vocabulary has them."""
        return tuple(folded(segment) for segment in self.segments)

    @property
    def last(self) -> str:
        return self.segments[-1] if self.segments else ""


def judge(link: Link, *, home: str) -> Verdict:
    """What a link of a page leads to; `home` is the source's address, whose site alone counts.

    A bare address is a link without text, outside of navigation and headings.

    Raises: nothing.
    """
    if not same_site(link.url, home):
        return Verdict(kind=Kind.OTHER, reason="another site")
    if canonical(link.url) == canonical(home):
        return Verdict(kind=Kind.SECTION, reason="the home page")
    address = _address(link.url)
    if refusal := _refusal(address) or _media_page(address):
        return refusal
    points, reasons = _weighed(address)
    is_headline = _is_headline(link.text)
    if points == _ENOUGH and link.in_navigation and link.text and not is_headline and not _is_dated(address):
        return Verdict(kind=Kind.SECTION, reason=f"an entry of a menu, in spite of {reasons}")
    if points >= _ENOUGH:
        return Verdict(kind=Kind.ARTICLE, reason=reasons)
    if is_headline and not link.in_navigation and (points or link.in_heading):
        headline = "a headline set as one" if link.in_heading else "a headline as the link's text"
        return Verdict(kind=Kind.ARTICLE, reason=f"{headline}, {reasons}" if reasons else headline)
    return _unproven(address, reasons)


def looks_like_article(url: str) -> bool:
    """Whether an address that a feed, sitemap or page announced may be an article's.

    False for home pages, listings, pages of tags, people and services, and files; in doubt True.

    Raises: nothing.
    """
    return _refusal(_address(url)) is None


@lru_cache(maxsize=1024)
def _address(url: str) -> _Address:
    try:
        parts = urlsplit(url)
        query = tuple(parse_qsl(parts.query, max_num_fields=100))
    except ValueError:
        return _Address((), "", ())
    segments = [unquote(segment).lower() for segment in parts.path.split("/") if segment]
    extension = ""
    if segments:
        stem, _, ending = segments[-1].rpartition(".")
        if stem and ending in vocabulary.PAGE_EXTENSIONS | vocabulary.FILE_EXTENSIONS:
            segments[-1], extension = stem, ending
    if extension in vocabulary.PAGE_EXTENSIONS and segments[-1] in ("index", "default", "home"):
        segments.pop()
    return _Address(tuple(segments), extension, query)


def _refusal(address: _Address) -> Verdict | None:
    """Why it is no article's address, whoever announced it."""
    if address.extension in vocabulary.FILE_EXTENSIONS:
        return Verdict(kind=Kind.OTHER, reason=f"a file (.{address.extension})")
    if _query_id(address):
        return None
    if refusal := _listing_query(address):
        return refusal
    if not address.segments or (len(address.segments) == 1 and _LANGUAGE.fullmatch(address.segments[0])):
        return Verdict(kind=Kind.SECTION, reason="a home page")
    return _further_page(address) or (None if _is_dated(address) else _labelled(address) or _listing(address))


def _further_page(address: _Address) -> Verdict | None:
    """Refuses the feed, and the second and further pages, of what stands before; of a tag they are tags."""
    words = address.words
    if words[-1] in vocabulary.SERVICES:
        return Verdict(kind=Kind.OTHER, reason=f"a service page ({words[-1]})")
    # /page/2 and /page-2
    name, _, number = re.sub(r"[_/]?(\d{1,3})$", r"/\1", "/".join(words[-2:])).rpartition("/")
    if number.isdecimal() and name.rpartition("/")[2] in vocabulary.PAGING:
        first = replace(address, segments=address.segments[:-1])
        return (_labelled(first) if first.segments else None) or Verdict(
            kind=Kind.SECTION, reason="a further page of a listing"
        )
    return None


def _labelled(address: _Address) -> Verdict | None:
    """Refuses what stands under a word for services, tags, people or sections, itself included."""
    words = address.words
    if words[0] in vocabulary.SERVICES:
        return Verdict(kind=Kind.OTHER, reason=f"a service page ({words[0]})")
    at, label = next(
        ((n, w) for n, w in enumerate(words) if w in vocabulary.TAGS_AND_PEOPLE | vocabulary.CATEGORIES),
        (0, None),
    )
    # /category/politics/a-long-headline-123456 is an article, /tag/a-long-name-of-a-thing is none
    if label is None or (len(words) - at > 2 and _weighed(address)[0] >= _ENOUGH):
        return None
    if label in vocabulary.CATEGORIES:
        return Verdict(kind=Kind.SECTION, reason=f"a section ({label})")
    return Verdict(kind=Kind.OTHER, reason=f"a page of a subject or a person ({label})")


def _listing(address: _Address) -> Verdict | None:
    """Refuses pages that list, by section or by day, and hubs of media."""
    words, path = address.words, address.path
    if words[-1] in vocabulary.MEDIA:
        return Verdict(kind=Kind.OTHER, reason=f"a hub of media ({words[-1]})")
    is_section = all(word in vocabulary.SECTIONS for word in words) and not _query_id(address, digits=1)
    if words[-1] in vocabulary.LISTINGS or is_section:
        return Verdict(kind=Kind.SECTION, reason=f"the name of a section ({words[-1]})")
    if (date := _DATE_PATH.search(path)) and date.end() == len(path):
        return Verdict(kind=Kind.SECTION, reason="the listing of a day or month")
    return None


def _media_page(address: _Address) -> Verdict | None:
    """Refuses pages that show or play; a feed or sitemap that lists one is believed, a link is not."""
    word = next((word for word in address.words[:-1] if word in vocabulary.MEDIA), None)
    return Verdict(kind=Kind.OTHER, reason=f"a page that shows or plays ({word})") if word else None


def _is_headline(text: str) -> bool:
    length = len(text) + len(_UNSPACED.findall(text))
    return length >= _HEADLINE_TEXT and texts.word_count(text) >= _HEADLINE_TEXT_WORDS


def _unproven(address: _Address, reasons: str) -> Verdict:
    but = f", only {reasons}" if reasons else ""
    if len(address.segments) <= _SECTION_DEPTH and not address.query:
        return Verdict(kind=Kind.SECTION, reason=f"a short path without date, number or headline{but}")
    return Verdict(kind=Kind.OTHER, reason=f"too little in the address speaks for an article{but}")


def _listing_query(address: _Address) -> Verdict | None:
    """Refuses searches, and pages of listings, that are told by parameters."""
    if address.query and _slug_points(address.last) == 0:
        for name, value in address.query:
            if _SEARCH_PARAMETER.fullmatch(name):
                return Verdict(kind=Kind.OTHER, reason=f"a search (?{name}=)")
            if _LISTING_PARAMETER.fullmatch(name) and value.isdecimal():
                return Verdict(kind=Kind.SECTION, reason=f"a listing (?{name}=)")
    return None


def _weighed(address: _Address) -> tuple[int, str]:
    """The points for an article, and the reasons for them in words."""
    evidence = [(points, reason) for points, reason in _evidence(address) if points]
    return sum(points for points, _ in evidence), ", ".join(reason for _, reason in evidence)


def _evidence(address: _Address) -> Iterator[tuple[int, str]]:
    if _is_dated(address):
        yield _ENOUGH, "a date in the path"
    elif _YEAR_PATH.search(address.path):
        yield 1, "a year in the path"
    # An article's name may be followed by its number, or its number by its name.
    ending = address.segments[-2:]
    slug = max(map(_slug_points, ending), default=0)
    yield slug, "a headline in the path" if slug >= _ENOUGH else "a phrase in the path"
    yield max(map(_id_points, ending), default=0), "a number or key in the path"
    if _query_id(address):
        yield _ENOUGH, "a number in the query"
    if address.extension in vocabulary.PAGE_EXTENSIONS and address.segments:
        yield 1, f"a page with an extension (.{address.extension})"
    if any(word in vocabulary.ARTICLE for word in address.words[:-1]):
        yield 1, "a word for article in the path"


def _is_dated(address: _Address) -> bool:
    """Whether there is a date in the path, and something that it is the date of."""
    path = address.path
    above = any(match.end() < len(path) for match in _DATE_PATH.finditer(path))
    within = _DATE_IN_SLUG.search(address.last)
    return above or (within is not None and within[0] != address.last)


@lru_cache(maxsize=1024)
def _slug_points(segment: str) -> int:
    tokens = [token for token in _SEPARATORS.split(segment) if token.isalpha() or _has_letters(token)]
    words = letters = 0
    for token in tokens:
        unspaced = len(_UNSPACED.findall(token))
        letters += len(token) + unspaced
        words += unspaced // _UNSPACED_WORD or (token not in vocabulary.CONJUNCTIONS and len(token) > 1)
    if words >= _HEADLINE_WORDS or (words >= _PHRASE_WORDS and letters >= _HEADLINE_LETTERS):
        return _ENOUGH
    return int(words >= _PHRASE_WORDS or (words > 1 and letters >= _PHRASE_LETTERS))


def _has_letters(token: str) -> bool:
    """Whether a token is a word: more letters than digits (marks of vowels count, as Hindi and Thai have them)."""
    return sum(character.isdecimal() for character in token) * 2 < len(token)


def _id_points(segment: str) -> int:
    """Points for the numbers in a segment that are no dates."""
    rest = _DATE_IN_SLUG.sub("", segment)
    longest = max(map(len, _NUMBER.findall(rest)), default=0)
    if longest >= _ID_DIGITS or any(_KEY.fullmatch(token) for token in _SEPARATORS.split(rest)):
        return _ENOUGH
    is_number = rest.isdecimal() and len(rest) >= _SMALL_ID_DIGITS
    return int(is_number and not re.fullmatch(_YEAR, rest))


def _query_id(address: _Address, digits: int = _SMALL_ID_DIGITS) -> bool:
    """Whether a parameter names the article: ?p=1234, ?idx=8576, ?article_id=991."""
    return any(
        _ID_PARAMETER.fullmatch(name) and value.isdecimal() and len(value) >= digits for name, value in address.query
    )
