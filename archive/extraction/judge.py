"""Whether a page is an article: what speaks against it, with the evidence in words."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, takewhile
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from archive import text
from archive.extraction.body import Block
from archive.models import Reason, Rejection
from archive.urls import is_front

_FEW_WORDS = 50
"""Below it a text is a caption, a notice or a teaser, unless the page itself declares an article."""
_ENOUGH_WORDS = 200
"""From here on it is a text, whatever its title says."""
_NO_WORDS = 8
"""Below it there is no article, whatever the page declares."""
_MANY_LINKS = 8
"""Links of a sentence's length, from which a page without a text of its own is a listing."""
_MAX_TEASERS = 300
_CARD_LEVELS = 3
_FEW_TEASERS = 3
"""Fewer linked headings are links to related articles."""
_TEASED = 0.5
"""Share of the text that teases other pages, from which on the page is about them."""
_LISTING_PATH = re.compile(
    r"/(?:tags?|topics?|categor(?:y|ies|ia)|authors?|autor(?:en)?|search|archive|page|thema|themen|rubrik)/"
    r"(?P<name>[^/]*)/?$|/page/\d+/?$",
    re.IGNORECASE,
)
_SLUG = re.compile(r"-.*-.*-|\.html?$|\d{5}", re.IGNORECASE)
"""What the last part of a story's address has, and the name of a list has not."""
_STATUS = re.compile(
    r"^\W*(?:404|410)(?:\W*$|\s*[|:]|\s+[\u2013\u2014-]\s|\W+(?:error|page not|not|gone|fehler|seite)\b)|"
    r"\b(?:error|page|fehler|erreur)\W{1,3}(?:404|410)\b",
    re.IGNORECASE,
)
"""An HTTP status where a title names one: alone, first, or as an error's; elsewhere it counts arrests and votes."""
_MISSING = re.compile(
    r"\b(?:page not found|not found|no longer (?:available|exists)|(?:seite )?nicht gefunden|page introuvable|"
    r"p\u00e1gina no encontrada|pagina non trovata|pagina niet gevonden|sidan hittades inte|nie znaleziono|"
    r"\u0441\u0442\u0440\u0430\u043d\u0438\u0446\u0430 \u043d\u0435 \u043d\u0430\u0439\u0434\u0435\u043d\u0430|"
    r"\u9875\u9762\u4e0d\u5b58\u5728)\b",
    re.IGNORECASE,
)
_MISSING_TITLE = 6
"""Words of the longest title that says nothing but that a page is missing, and on which site."""
_WALL = re.compile(
    r"\b(?:log ?in|sign ?in|anmelden|einloggen|se connecter|iniciar sesi\u00f3n|accedi|cookies?|consent|einwilligung|"
    r"subscribe to (?:read|continue)|abonnieren|abonnez-vous|suscr\u00edbete|captcha|are you a robot|access denied)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What is known of a page when it is judged."""

    root: HtmlElement
    url: str
    title: str | None
    blocks: Sequence[Block]
    declared: bool
    """Whether the page says that it is an article: by structured data of its own, or by og:type."""
    kind: str
    """og:type, lower case; empty where there is none."""
    is_free: bool | None


def rejected(case: Case) -> Rejection | None:
    """Why the page is no article; None where it is one. Raises: nothing."""
    words = _words(case.blocks)
    title = case.title or ""
    if words < _ENOUGH_WORDS and not case.declared and _says_missing(title, words):
        return Rejection(reason=Reason.ERROR_PAGE, evidence=f"title {title[:100]!r}, {words} words")
    if words < _FEW_WORDS and (evidence := _wall(case)):
        return Rejection(reason=Reason.WALL, evidence=f"{words} words, and {evidence}")
    if not case.declared and (evidence := _listing(case, words)):
        return Rejection(reason=Reason.SECTION_PAGE, evidence=evidence)
    if words < _NO_WORDS or (words < _FEW_WORDS and not case.declared):
        if case.kind.startswith("video") or case.root.find(".//video") is not None:
            return Rejection(reason=Reason.MEDIA_PAGE, evidence=f"a video and {words} words")
        return Rejection(reason=Reason.NO_TEXT, evidence=f"{words} words")
    if not title:
        return Rejection(reason=Reason.NO_TEXT, evidence=f"{words} words, but no title anywhere")
    return None


def _says_missing(title: str, words: int) -> bool:
    """Whether the title of a page with a text of so many words is that of an error page."""
    short = words < _FEW_WORDS or text.word_count(title) <= _MISSING_TITLE
    return _STATUS.search(title) is not None or (short and _MISSING.search(title) is not None)


def _words(blocks: Sequence[Block]) -> int:
    """How many words a text has; no more are counted than make it long enough for every rule here."""
    words = 0
    for block in blocks:
        words += text.word_count(block.text)
        if words >= _ENOUGH_WORDS:
            break
    return words


def _wall(case: Case) -> str | None:
    """What makes the page a wall: a password field, a declared price, or hardly any text but on logins and consent."""
    if case.root.xpath("//input[@type='password']"):
        return "a password field"
    if case.is_free is False:
        return "declared as not free to read"
    said = " ".join([case.title or "", *(block.text for block in case.blocks)])
    if not case.declared and (match := _WALL.search(said)):
        return f"says {match[0]!r}"
    return None


def _listing(case: Case, words: int) -> str | None:
    """What makes the page a list of other pages."""
    if is_front(case.url):
        return "the site's front page"
    if (match := _LISTING_PATH.search(urlsplit(case.url).path)) and not _SLUG.search(match["name"] or ""):
        return f"address {match.string[:100]}"
    if case.kind == "profile":
        return "declared as a person's profile"
    teasers = _teasers(case.root)
    if len(teasers) >= _FEW_TEASERS and (share := _share(case.blocks, set().union(*teasers))) >= _TEASED:
        return f"{share:.0%} of the text tease {len(teasers)} other pages"
    if words < _FEW_WORDS and (stories := _long_links(case.root)) >= _MANY_LINKS:
        return f"{words} words, and {stories} links to stories"
    return None


def _share(blocks: Sequence[Block], lines: set[str]) -> float:
    """Which share of a text consists of these lines."""
    among = sum(len(block.text) for block in blocks if text.line(block.text) in lines)
    return among / max(1, sum(len(block.text) for block in blocks))


def _teasers(root: HtmlElement) -> list[set[str]]:
    """For each heading of another page the lines that stand with it: its own and its paragraphs'.

    Such a heading is below the first level, and a link or in one of several articles side by side. What stands with it
    is the largest element around it, three levels up at most, that has no other one.
    """
    beside = Counter(article.getparent() for article in root.iter("article"))
    headings = list(islice((h for h in root.iter("h2", "h3", "h4") if _leads_elsewhere(h, beside)), _MAX_TEASERS))
    around = Counter(ancestor for heading in headings for ancestor in islice(heading.iterancestors(), _CARD_LEVELS))
    found = []
    for heading in headings:
        alone = takewhile(lambda element: around[element] == 1, islice(heading.iterancestors(), _CARD_LEVELS))
        card = [heading, *alone][-1]
        lines = (text.line("".join(element.itertext())) for element in (heading, *card.iter("p")))
        found.append({line for line in lines if line is not None})
    return found


def _leads_elsewhere(heading: HtmlElement, beside: Counter[HtmlElement | None]) -> bool:
    """Whether a heading is a link, or in an article that has at least two others beside it."""
    parent = heading.getparent()
    if heading.find(".//a[@href]") is not None or (parent is not None and parent.tag == "a"):
        return True
    article = next(heading.iterancestors("article"), None)
    return article is not None and beside[article.getparent()] > 2


def _long_links(root: HtmlElement) -> int:
    """How many links say as much as a headline does."""
    texts = (text.line("".join(anchor.itertext())) or "" for anchor in root.iter("a"))
    return sum(said.count(" ") >= 2 for said in texts)
