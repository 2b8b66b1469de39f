"""Who wrote it: every naming of authors in a page, and which of them is the article's."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice

from lxml.html import HtmlElement

from archive import text
from archive.extraction.metatags import Metas
from archive.extraction.metatags import readings as meta_readings
from archive.extraction.names import PARTICLES, names
from archive.extraction.readings import Reading, distinct
from archive.extraction.structured import Item, texts
from archive.models import Method

Authors = tuple[str, ...]

_REPORTERS = re.compile("([\uac00-\ud7a3]{2,4}(?:·[\uac00-\ud7a3]{2,4})*)\\s(?:\\S{0,4}기자|\\S{0,4}특파원)(?:\\s|$)")
"""Korean: names before their role, whatever else stands in the line ("subscribe")."""
_ROLE_IN_HAN = re.compile("(?:记者|記者)(?:\\s|$)|^(?:记者|記者)|^文\\s*[:：/／＝]")
_ELISION = re.compile(r"^(?:d|l|dell|dall|van 't)['\u2019](?=\w)")
"""What stands small before the capital of a name: d'Alembert."""
_HOST = re.compile(r"(?:www\.)?[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}")
_TIME = re.compile(r"\d{1,2}[:.]\d{2}|\b(?:19|20)\d{2}\b")
_OPENING = re.compile(
    r"\s*(?:By|Von|Par|Por|Door|Av|Af|Przez|Oleh|Di|Text|Autor(?:in|es)?|Автор|Από|Του|Της|מאת|بقلم)(?::|\s|$)"
)
"""How a line begins that says who wrote the text, whatever its class."""
_SIGNATURES = (
    (("责编", "责任编辑", "作者", "记者"), "(?:责编|责任编辑|作者|记者)\\s*[:：]\\s*([^()（）\\s]{2,60})"),
    (("【",), "【[^【】＝=]{1,10}[＝=]([\u3040-\u30ff\u4e00-\u9fff]{2,12})】"),
    (("기자",), "([\uac00-\ud7a3]{2,4}(?:·[\uac00-\ud7a3]{2,4})*)\\s\\S{0,4}기자\\s*(?:=|[(\\[]?\\S{1,40}@)"),
)
"""Chinese: editor in charge, author, reporter. Japanese: 【place＝name】. Korean: name, reporter, `=` or an address.

Before each stand the words of which it needs one, for which a page and its scripts are searched in no time."""
_MAX_SIGNATURES = 5
_NEAR = 40
"""Elements after the headline among which an unmarked byline stands; further away are other stories'."""
_LINE_TAGS = ("address", "div", "li", "p", "span", "strong")
_MAX_NAME = 80
"""Characters: longer strings are biographies and lists, not names."""
_MAX_BYLINE = 200
"""Characters of a byline with several names."""
_MAX_VALUE = 1_000
_MAX_BYLINES = 40

# These three are for lower case, which is to be had sooner than a search in both.
_MARKED = re.compile(r"author|byline|journalist|reporter")
_PROFILE = re.compile(r"/(?:author|autor|auteur|profil|journalist|reporter|staff/|redakt)")
_BYLINE_TAGS = ("a", "address", "b", "cite", "div", "em", "h3", "h4", "h5", "i", "li", "p", "section", "span", "strong")
_ELSEWHERE = re.compile(r"comment|quote|related|sidebar|teaser|recommend|card|footer|more-|avatar|image|photo")


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
    sure: set[HtmlElement] = set()
    for element in marked:
        if element in outer or _is_elsewhere(element):
            continue
        line = _said_by(element)
        if line is not None and len(line) <= 2 * _MAX_NAME:
            line = ";".join(_REPORTERS.findall(line)) or line
            byline = _byline_around(element, marked)
            lines.setdefault(byline, []).append(_TIME.split(line)[0])
            if _is_sure(element, line):
                sure.add(byline)
    for byline, said in lines.items():
        likely = (name for name in names(said) if _looks_like_name(name) or (byline in sure and " " not in name))
        yield Reading(tuple(name for name in likely if _key(name.split()[0]) not in names_of_site), Method.HTML)
    if not lines:
        yield from _unmarked(root)


def _unmarked(root: HtmlElement) -> Iterator[Reading[Authors]]:
    """What the page shows without calling it a byline: short lines that begin with "By", and signatures in the text."""
    around = list(root.iter("h1", *_LINE_TAGS))
    headline = next((position for position, element in enumerate(around) if element.tag == "h1"), len(around))
    for element in around[max(0, headline - _NEAR // 2) : headline + _NEAR]:
        if not _OPENING.match((element.text or "")[:_MAX_NAME]) or _is_elsewhere(element):
            continue
        found = names([_TIME.split(line)[0]]) if len(line := _said_by(element) or "") <= _MAX_BYLINE else ()
        if found and all(_looks_like_name(name) for name in found):
            yield Reading(found, Method.HTML)
            return
    content = root.text_content()
    for needed, signature in _SIGNATURES:
        signed = re.findall(signature, content) if any(word in content for word in needed) else ()
        if found := names(islice(signed, _MAX_SIGNATURES)):
            yield Reading(found, Method.HTML)
            return


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
        if (mark := element.get(attribute)) and _calls_author(mark[:_MAX_VALUE]):
            return True
    return element.tag == "a" and _PROFILE.search((element.get("href") or "")[:_MAX_VALUE].lower()) is not None


@lru_cache(maxsize=8_192)
def _calls_author(mark: str) -> bool:
    """Whether a class or property speaks of an author; a page repeats the same ones hundreds of times."""
    return _MARKED.search(mark.lower()) is not None


def _is_sure(element: HtmlElement, line: str) -> bool:
    """Whether an element can only be a person's name, so that one word is one: by HTML's own marks, or by a role."""
    marked = "author" in f"{element.get('rel')} {element.get('itemprop')}".lower().split()
    in_role = _REPORTERS.search(_said_by(element) or "") or _ROLE_IN_HAN.search(line)
    return (marked and line[:1].isupper()) or in_role is not None


def _is_elsewhere(element: HtmlElement) -> bool:
    """Whether an element belongs to a comment, a quotation, another story or the page's frame."""
    for ancestor in (element, *element.iterancestors()):
        if ancestor.tag in ("nav", "footer", "aside", "blockquote"):
            return True
        if ancestor.tag in ("article", "main", "body"):
            return False
        if _ELSEWHERE.search(f"{ancestor.get('class', '')} {ancestor.get('id', '')}"[:_MAX_VALUE].lower()):
            return True
    return False


def _looks_like_name(name: str) -> bool:
    """Whether a string of running text can be a person's name: two to five words, capitals at their beginnings."""
    parts = name.split()
    initials = [_ELISION.sub("", part) for part in parts if part.lower() not in PARTICLES]
    cased = all(part[:1].isupper() or not part[:1].islower() for part in initials)
    return 2 <= len(parts) <= 5 and bool(initials) and cased and not re.search(r"[\d:!?]", name)
