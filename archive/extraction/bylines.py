"""Who wrote it: every naming of authors in a page, taken apart into persons, and which of them is the article's."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice

from lxml.html import HtmlElement

from archive import text
from archive.extraction.metatags import Metas
from archive.extraction.metatags import readings as meta_readings
from archive.extraction.readings import Reading, distinct
from archive.extraction.structured import Item, texts
from archive.models import Method

Authors = tuple[str, ...]

_LEAD = re.compile(
    r"^\W*(?:(?:written|words|story|posted|published|reported|reporting|edited|geschrieben|escrito|publi\w+)\s+)?"
    r"(?:by|von|par|por|di|da|door|av|af|od|przez|autor(?:in|en|es|a|zy)?|author|auteur|autore|text|texte|texto)"
    r"\b\s*:?\s+",
    re.IGNORECASE,
)
_AND = re.compile(
    r"\s*[;|\u2022\u00b7\n\u3001]\s*|\s+/\s+|\s*&\s*|"
    r"\s+(?:and|und|et|och|og|ve|oraz|with|mit|\u0438|\u4e0e|\u548c)\s+",
    re.IGNORECASE,
)
_AND_LETTER = re.compile(r"(?<=\w \w\w)(.*?)\s(?:y|e|i|a|en)\s(?=\S+\s\S)")
"""Conjunctions that are also a part of names (Ortega y Gasset): they divide full names only."""
_COMMA = re.compile(r"\s*[,\uff0c]\s*")
_CONTACT = re.compile(r"\(?\s*\S+@\S+\.\w+\s*\)?|(?:^|\s)@\w+|https?://\S+")
_ADDRESS = re.compile(r"^(?:https?:)?//|^www\.|\.(?:com|org|net|html?)/", re.IGNORECASE)
_ROLE = re.compile(
    r"(?:\w+[ -])?(?:(?:chief|senior|staff|deputy|political|foreign|news|chef)[ -])*(?:reporter|correspondent|editor|"
    r"writer|journalist|columnist|contributor|redakteur(?:in)?|korrespondent(?:in)?|journaliste|r\u00e9dact\w+|redactor\w*|"
    r"periodista|giornalista|redazione|photographer|fotograf\w*)s?",
    re.IGNORECASE,
)
_ROLE_BEHIND = re.compile(
    r"\s*(?:\uae30\uc790|\ud2b9\ud30c\uc6d0|\ub17c\uc124\uc704\uc6d0|\u8a18\u8005|\u8bb0\u8005|\u7279\u6d3e\u54e1)$"
)
"""Korean, Japanese and Chinese put the role behind the name: reporter, correspondent, editorial writer."""
_HOST = re.compile(r"(?:www\.)?[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}")
_TIME = re.compile(r"\d{1,2}[:.]\d{2}|\b(?:19|20)\d{2}\b")
_EDITORS = re.compile(
    r"(?:\u8d23\u4efb?\u7f16\u8f91?|\u8d23\u7f16|\u4f5c\u8005|\u8bb0\u8005)\s*[:\uff1a]\s*"
    r"([^()\uff08\uff09\s]{2,60})"
)
"""Chinese: editor in charge, author, reporter."""
_PARTICLES = frozenset(
    re.findall(r"\w+", "von van de da di du del della der den dos das do la le el al bin ibn e y zu ten ter af av")
)
"""Lower-case words inside of names."""

_MAX_NAME = 80
"""Characters: longer strings are biographies and lists, not names."""
_MAX_BYLINE = 200
"""Characters of a byline with several names."""
_MAX_VALUE = 1_000
_MAX_BYLINES = 40

_MARKED = re.compile(r"author|byline|journalist|reporter", re.IGNORECASE)
_PROFILE = re.compile(r"/(?:author|autor|auteur|profil|journalist|reporter|staff/|redakt)", re.IGNORECASE)
_BYLINE_TAGS = ("a", "address", "b", "cite", "div", "em", "h3", "h4", "h5", "i", "li", "p", "section", "span", "strong")
_ELSEWHERE = re.compile(
    r"comment|quote|related|sidebar|teaser|recommend|card|footer|more-|avatar|image|photo", re.IGNORECASE
)


def readings(
    articles: Iterable[Item], tags: Metas, root: HtmlElement, site_names: Iterable[str]
) -> tuple[list[Reading[Authors]], Reading[Authors] | None]:
    """All readings of the authors, each of at least one name, and the chosen among them; None where there is none.

    Structured data is believed first, then `meta`, then the visible byline; but where one names the publication
    alone and a later one persons, the persons are chosen.
    """
    names_of_site = frozenset(_key(name) for name in site_names)
    found = distinct(r for r in (*_stated(articles, tags), *_bylines(root, names_of_site)) if r.value)
    first = next(iter(found), None)
    if first is None or not all(_is_site(name, names_of_site) for name in first.value):
        return found, first
    persons = (r for r in found if all(_looks_like_name(n) and not _is_site(n, names_of_site) for n in r.value))
    return found, next(persons, first)


def _is_site(name: str, names_of_site: frozenset[str]) -> bool:
    """Whether a name is the publication's: one of its own names, or an address such as `courier.example`."""
    return _key(name) in names_of_site or _HOST.fullmatch(name.lower()) is not None


def _key(name: str) -> str:
    return text.comparable(name).replace(" ", "")


def _stated(articles: Iterable[Item], tags: Metas) -> Iterator[Reading[Authors]]:
    """What structured data and `meta` elements say."""
    for article in articles:
        for key in ("author", "creator"):
            yield Reading(names(texts(article.properties.get(key))), article.method)
    for method in (Method.META, Method.OPENGRAPH):
        yield Reading(names(r.value for r in meta_readings(tags, "authors") if r.method is method), method)


def _bylines(root: HtmlElement, names_of_site: frozenset[str]) -> Iterator[Reading[Authors]]:
    """What the page shows: elements marked as the author's, those in one byline together, none of other stories."""
    marked = list(islice((element for element in root.iter(_BYLINE_TAGS) if _is_marked(element)), _MAX_BYLINES))
    outer = {ancestor for element in marked for ancestor in element.iterancestors()}
    lines: dict[HtmlElement, list[str]] = {}
    for element in marked:
        if element in outer or _is_elsewhere(element):
            continue
        line = _said_by(element)
        if line is not None and len(line) <= 2 * _MAX_NAME:
            lines.setdefault(_byline_around(element, marked), []).append(_TIME.split(line)[0])
    for said in lines.values():
        likely = (name for name in names(said) if _looks_like_name(name))
        yield Reading(tuple(name for name in likely if _key(name.split()[0]) not in names_of_site), Method.HTML)
    for credit in _EDITORS.findall(root.text_content()) if not lines else ():
        yield Reading(names([credit]), Method.HTML)


def _said_by(element: HtmlElement) -> str | None:
    return text.line(" ".join(element.itertext())[:_MAX_VALUE])


def _byline_around(element: HtmlElement, marked: Sequence[HtmlElement]) -> HtmlElement:
    """The largest marked element around one that is still no longer than a byline; the element itself if none is."""
    around = [ancestor for ancestor in element.iterancestors() if ancestor in marked]
    short = (ancestor for ancestor in reversed(around) if len(_said_by(ancestor) or "") <= _MAX_BYLINE)
    return next(short, element)


def _is_marked(element: HtmlElement) -> bool:
    """Whether an element is called a byline by its relation, class or property, or links to an author's page."""
    for attribute in ("class", "itemprop", "data-testid", "rel"):
        if (mark := element.get(attribute)) and _calls_author(mark):
            return True
    return element.tag == "a" and _PROFILE.search((element.get("href") or "")[:_MAX_VALUE]) is not None


@lru_cache(maxsize=8_192)
def _calls_author(mark: str) -> bool:
    """Whether a class or property speaks of an author; a page repeats the same ones hundreds of times."""
    return _MARKED.search(mark[:_MAX_VALUE]) is not None


def _is_elsewhere(element: HtmlElement) -> bool:
    """Whether an element belongs to a comment, a quotation, another story or the page's frame."""
    for ancestor in (element, *element.iterancestors()):
        if ancestor.tag in ("nav", "footer", "aside", "blockquote"):
            return True
        if ancestor.tag in ("article", "main", "body"):
            return False
        if _ELSEWHERE.search(f"{ancestor.get('class') or ''} {ancestor.get('id') or ''}"[:_MAX_VALUE]):
            return True
    return False


def _looks_like_name(name: str) -> bool:
    """Whether a string of running text can be a person's name: two to five words, capitals at their beginnings."""
    parts = name.split()
    initials = [part for part in parts if part.lower() not in _PARTICLES]
    cased = all(part[0].isupper() or not part[0].islower() for part in initials)
    return 2 <= len(parts) <= 5 and bool(initials) and cased and not re.search(r"[\d:!?]", name)


def names(values: Iterable[str]) -> Authors:
    """The names in the values, one a person, in order, without those said twice."""
    found: dict[str, str] = {}
    for value in values:
        for name in _split(value[:_MAX_VALUE]):
            found.setdefault(text.comparable(name), name)
    return tuple(name for key, name in found.items() if key and not key.replace(" ", "").isdigit())


def _split(value: str) -> Iterator[str]:
    """The persons of one byline: "By A, B and C" are three."""
    if _ADDRESS.search(value):
        return
    bare = _LEAD.sub("", _CONTACT.sub(" ", value).strip())
    for part in _AND.split(_AND_LETTER.sub(r"\1;", bare)):
        for piece in _COMMA.split(part):
            name = _ROLE_BEHIND.sub("", _LEAD.sub("", piece).strip(" \t,.:\u2013\u2014-*()<>"))
            if 1 < len(name) <= _MAX_NAME and not _ROLE.fullmatch(name):
                yield name
