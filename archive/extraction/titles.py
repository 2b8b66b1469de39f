"""The headline: every title that a page gives, without the site's name, and which of them is the article's."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from lxml.html import HtmlElement

from archive import text
from archive.extraction.metatags import Metas, named
from archive.extraction.readings import Reading, distinct
from archive.extraction.structured import Item, plain, texts
from archive.models import Candidate, EndpointKind, Method

_SEPARATOR = re.compile(
    r"\s+(?:[-\u2010-\u2015\u2212|\u2022\u00b7\u22c5\u2027\u30fb\u00bb\u00ab\u203a\u2039~\u2605]|::|//|<|>)\s+|"
    r"\s*[|\u00a6\u2016\u2223\u2502\u2758\u00bb\u203a\u3163\uff5c]\s*|--+"
)
"""What stands between a headline and the name of a site or section: dashes, bars, bullets, arrows."""
_BEFORE_NAME = re.compile(rf"{_SEPARATOR.pattern}|\s*:\s+|\s+[/*]\s+|_(?=\w)")
"""The same, and what is as often a part of headlines: only where a known name stands behind or before it."""
_CUT = re.compile(rf"{_SEPARATOR.pattern}|-")
"""The same, and a dash without spaces: only where what stands before it is known to be a title."""
_BLANK = " \u200e\u200f"
"""Spaces and the marks of writing from right to left, which go with a name that is taken off."""
_CUT_OFF = re.compile(r"(?:\u2026|\.\.\.)\W*$")
_MIN_BEGINNING = 12
"""Letters of the shortest cut off title that tells which headline it is of."""
_KICKER = re.compile(r"(?P<kicker>\S+(?:\s\S+){0,3}?)\s*(?::|\s[-\u2013\u2014|])\s+")
"""Up to four words before a colon or dash."""

_WEIGHTS = {"headline": 2.0, "og:title": 3.0, "h1": 1.5, "twitter:title": 0.7, "h2": 0.5, "<title>": -0.6}
"""What the word of a place counts when places disagree. Readers see og:title, headline and h1 in about this order of
care. What `<title>` says is worded for search engines, so that its agreement speaks against a reading. Measured on our
corpus: any weights in this order give the same within a page or two."""

_FRONT = re.compile(r"(?:(?:https?:)?//[^/?#]+)?/?")
"""The address of a front page, as a link gives it."""
_MAX_HEADINGS = 5
_MAX_LENGTH = 500
"""Characters of a title; what is longer is a text in the wrong place."""


@dataclass(frozen=True, slots=True)
class _Voice:
    """A title with the place where it stood."""

    place: str
    value: str
    method: Method


def readings(
    articles: Sequence[Item], tags: Metas, root: HtmlElement, names: Iterable[str], candidate: Candidate | None
) -> tuple[list[Reading[str]], Reading[str] | None]:
    """All readings of the title, cleaned ones before raw ones, and the chosen among them; None where there is none.

    `names` are those of the site and of the section, which are taken off. The announced title of a feed or sitemap
    is a reading too, but is chosen only where the page gives none.
    """
    raw = [voice for voice in _voices(articles, tags, root) if len(voice.value) <= _MAX_LENGTH]
    whole = _completed(raw)
    cleaned = _cleaned(whole, frozenset(_key(name) for name in (*names, *_mastheads(root))))
    found = [Reading(voice.value, voice.method) for voice in (*cleaned, *raw)]
    if candidate is not None and (announced := text.line(candidate.title)) is not None:
        found.append(Reading(announced, Method.FEED if candidate.kind is EndpointKind.FEED else Method.SITEMAP))
    return distinct(found), _chosen(cleaned) or next(iter(found), None)


def _voices(articles: Sequence[Item], tags: Metas, root: HtmlElement) -> Iterator[_Voice]:
    """Every title of the page as it stands."""
    for position, article in enumerate(articles):
        for key in ("headline", "name", "alternativeHeadline"):
            for value in texts(article.properties.get(key))[:1]:
                yield _Voice(key if position == 0 else "another", value, article.method)
    headlines = list(islice(headings(root), _MAX_HEADINGS))
    for position, value in enumerate(headlines):
        yield _Voice("another" if position else "h1", value, Method.HTML)
    if not headlines and (second := root.find(".//article//h2")) is not None and (told := _told_by(second)):
        yield _Voice("h2", told, Method.HTML)
    said: set[str] = set()
    for name, reading in named(tags, "title"):
        yield _Voice("another" if name in said else name, reading.value, reading.method)
        said.add(name)
    for value in _title_elements(root):
        yield _Voice("<title>", value, Method.HTML)


def shown(root: HtmlElement, tags: Metas) -> list[str]:
    """The titles that a reader or a search engine is shown, as they stand: structured data must agree with one."""
    return [*headings(root), *tags.get("og:title", ()), *_title_elements(root)]


def _title_elements(root: HtmlElement) -> Iterator[str]:
    """The text of the `title` element of the head, if it has any."""
    title = root.find("head/title")
    if title is not None and (content := plain(title.text_content())) is not None:
        yield content


def headings(root: HtmlElement) -> Iterator[str]:
    """The texts of the page's `h1` elements, but those that are its masthead."""
    return (value for h1 in root.iter("h1") if not _is_masthead(h1) and (value := _told_by(h1)))


def _mastheads(root: HtmlElement) -> Iterator[str]:
    """The names under which a site sets its logo."""
    return (value for h1 in root.iter("h1") if _is_masthead(h1) and (value := _told_by(h1)))


def _is_masthead(h1: HtmlElement) -> bool:
    """Whether a heading is the site's name: it leads to the front page, where no headline of an article leads."""
    told = _told_by(h1)
    links = (link for link in (*h1.iter("a"), *h1.iterancestors("a")) if _FRONT.fullmatch(link.get("href") or "."))
    return any(_told_by(link) == told for link in links)


def _told_by(heading: HtmlElement) -> str | None:
    return plain(" ".join(heading.itertext()))


def _cleaned(voices: Sequence[_Voice], names: frozenset[str]) -> list[_Voice]:
    """The voices without what belongs to the site: its name, what follows a title that another voice gives, kickers."""
    plain = [_Voice(v.place, _without_names(v.value, names), v.method) for v in voices]
    headline = {_key(v.value) for v in plain if v.place == "headline"}
    known = headline | {_key(v.value) for v in plain if v.place == "h1"}
    cut = [
        _Voice(v.place, v.value if _key(v.value) in headline else _before_cut(v.value, known), v.method) for v in plain
    ]
    shared = _shared_tails(v.value for v in cut if v.place in ("headline", "h1", "og:title"))
    return [_Voice(v.place, shared.get(_key(_tail(v.value)), v.value), v.method) for v in cut]


def _completed(voices: Sequence[_Voice]) -> list[_Voice]:
    """The voices, in place of one that ends in dots the headline that it is the beginning of."""
    full = [(_key(v.value), v.value) for v in voices if v.place in ("headline", "h1", "og:title")]
    completed = []
    for voice in voices:
        key = _key(voice.value) if _CUT_OFF.search(voice.value) else ""
        longer = (
            value for begun, value in full if len(key) >= _MIN_BEGINNING and begun.startswith(key) and begun != key
        )
        completed.append(_Voice(voice.place, next(longer, voice.value), voice.method))
    return completed


def _without_names(title: str, names: frozenset[str]) -> str:
    """The title without names (as `_key` has them) at its end or beginning, behind a dash, bar or the like."""
    for _ in range(3):
        cuts = list(_BEFORE_NAME.finditer(title))
        if not cuts:
            return title
        head, tail = title[: cuts[-1].start()].strip(_BLANK), title[cuts[0].end() :].strip(_BLANK)
        if head and _key(title[cuts[-1].end() :]) in names:
            title = head
        elif tail and _key(title[: cuts[0].start()]) in names:
            title = tail
        else:
            return title
    return title


def _before_cut(title: str, known: set[str]) -> str:
    """The title up to a separator, where that is a known title: what follows is the site's."""
    heads = (title[: cut.start()].strip() for cut in _CUT.finditer(title))
    return next((head for head in heads if _key(head) in known), title)


def _tail(title: str) -> str:
    """What follows a kicker; empty where there is none."""
    match = _KICKER.match(title)
    return title[match.end() :] if match else ""


def _shared_tails(titles: Iterable[str]) -> dict[str, str]:
    """Titles that stand behind different kickers in different places: the kicker is not part of them."""
    kickers: dict[str, set[str]] = {}
    tails: dict[str, str] = {}
    for title in titles:
        if (match := _KICKER.match(title)) and (key := _key(tail := title[match.end() :])):
            kickers.setdefault(key, set()).add(_key(match["kicker"]))
            tails.setdefault(key, tail)
    return {key: tails[key] for key, said in kickers.items() if len(said) > 1}


def _key(title: str) -> str:
    """Letters and digits alone: the same title with other quotes and dashes has the same."""
    return text.comparable(title).replace(" ", "")


def _chosen(voices: Sequence[_Voice]) -> Reading[str] | None:
    """The title for which most is said, in the spelling of the first who says it; none that goes on from another."""
    said: dict[str, float] = {}
    spelled: dict[str, Reading[str]] = {}
    for voice in voices:
        if (key := _key(voice.value)) and not voice.value.startswith(("\u2026", "...")):
            said[key] = said.get(key, 0.0) + _WEIGHTS.get(voice.place, 0.01)
            spelled.setdefault(key, Reading(voice.value, voice.method))
    return spelled[max(said, key=lambda key: said[key])] if said else None
