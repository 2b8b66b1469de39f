"""Whether a page is an article: what speaks against it, with the evidence in words."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, takewhile
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement

from archive import text
from archive.extraction import wordings
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
_CARD_LINES = 5
"""Lines of the longest teaser; a box with more around a linked heading is the article, with a related story in it."""
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
_MISSING_TITLE = 6
"""Words of the longest title that says nothing but that a page is missing, and on which site."""
_CONSENTS = 4
"""Matters of consent notices, of the seven that we know, that make a short text one."""
_DEPTH = 2
"""Parts of an address below which no site keeps the pages about itself."""
_NOTHING_BUT_TEASERS = 0.8
"""Share of the text that teases other pages, from which on it does not count that the page declares an article."""
_MANY_TEASERS = 5


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
    listing = _listing(case, words)
    if (words < _ENOUGH_WORDS or listing) and _says_missing(case, title, words):
        return Rejection(reason=Reason.ERROR_PAGE, evidence=f"title {title[:100]!r}, {words} words")
    if evidence := _wall(case, words):
        return Rejection(reason=Reason.WALL, evidence=f"{words} words, and {evidence}")
    if listing:
        return Rejection(reason=Reason.SECTION_PAGE, evidence=listing)
    if evidence := _about_the_site(case, title):
        return Rejection(reason=Reason.SERVICE_PAGE, evidence=evidence)
    if words < _NO_WORDS or (words < _FEW_WORDS and not case.declared):
        if case.kind.startswith("video") or case.root.find(".//video") is not None:
            return Rejection(reason=Reason.MEDIA_PAGE, evidence=f"a video and {words} words")
        return Rejection(reason=Reason.NO_TEXT, evidence=f"{words} words")
    if not title:
        return Rejection(reason=Reason.NO_TEXT, evidence=f"{words} words, but no title anywhere")
    return None


def _says_missing(case: Case, title: str, words: int) -> bool:
    """Whether the title of a page with a text of so many words is that of an error page."""
    if case.declared and words >= _FEW_WORDS:
        return False
    short = words < _FEW_WORDS or text.word_count(title) <= _MISSING_TITLE
    return wordings.STATUS.search(title) is not None or (short and wordings.MISSING.search(title) is not None)


def _about_the_site(case: Case, title: str) -> str | None:
    """What makes the page one about the site itself: its address or its title, for a declared article both."""
    parts = [part for part in urlsplit(case.url).path.split("/") if part]
    last = unquote(parts[-1]).rpartition(".")[0] or unquote(parts[-1]) if 0 < len(parts) <= _DEPTH else ""
    addressed, titled = wordings.is_about_the_site(last), wordings.is_about_the_site(title)
    if (addressed and titled) or ((addressed or titled) and not case.declared):
        return f"address {last[:100]!r}" if addressed else f"title {title[:100]!r}"
    return None


def _words(blocks: Sequence[Block]) -> int:
    """How many words a text has; no more are counted than make it long enough for every rule here."""
    words = 0
    for block in blocks:
        words += text.word_count(block.text)
        if words >= _ENOUGH_WORDS:
            break
    return words


def _wall(case: Case, words: int) -> str | None:
    """What makes the page a wall: a password field, a declared price, or hardly any text but on logins and consent."""
    said = " ".join([case.title or "", *(block.text for block in case.blocks)]) if words < _ENOUGH_WORDS else ""
    if said and not case.declared and (matters := wordings.consents(said)) >= _CONSENTS:
        return f"{matters} matters of a consent notice"
    if words >= _FEW_WORDS:
        return None
    if case.root.xpath("//input[@type='password']"):
        return "a password field"
    if case.is_free is False:
        return "declared as not free to read"
    if not case.declared and (match := wordings.WALL.search(said)):
        return f"says {match[0]!r}"
    return None


def _listing(case: Case, words: int) -> str | None:
    """What makes the page a list of other pages."""
    parts = urlsplit(case.url)
    teasers = _teasers(case.root)
    share = _share(case.blocks, set().union(*teasers)) if len(teasers) >= _FEW_TEASERS else 0.0
    if case.declared:
        nothing_else = len(teasers) >= _MANY_TEASERS and share >= _NOTHING_BUT_TEASERS
        return f"{share:.0%} of the text tease {len(teasers)} other pages" if nothing_else else None
    if is_front(case.url):
        return "the site's front page"
    if (match := _LISTING_PATH.search(parts.path)) and not _SLUG.search(match["name"] or ""):
        return f"address {parts.path[:100]}"
    if case.kind == "profile":
        return "declared as a person's profile"
    if len(teasers) >= _FEW_TEASERS and share >= _TEASED and not _has_text_besides(case.blocks, set().union(*teasers)):
        return f"{share:.0%} of the text tease {len(teasers)} other pages"
    if words < _FEW_WORDS and (stories := _long_links(case.root)) >= _MANY_LINKS:
        return f"{words} words, and {stories} links to stories"
    return None


def _has_text_besides(blocks: Sequence[Block], lines: set[str]) -> bool:
    """Whether a text is long enough for an article without these lines."""
    return _words([block for block in blocks if text.line(block.text) not in lines]) >= _ENOUGH_WORDS


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
    return [lines for lines in found if len(lines) <= _CARD_LINES]


def _leads_elsewhere(heading: HtmlElement, beside: Counter[HtmlElement | None]) -> bool:
    """Whether a heading is a link, or in an article that has at least two others beside it."""
    parent = heading.getparent()
    if any(link.get("href") is not None for link in heading.iter("a")) or (parent is not None and parent.tag == "a"):
        return True
    article = next(heading.iterancestors("article"), None)
    return article is not None and beside[article.getparent()] > 2


def _long_links(root: HtmlElement) -> int:
    """How many links say as much as a headline does."""
    texts = (text.line("".join(anchor.itertext())) or "" for anchor in root.iter("a"))
    return sum(said.count(" ") >= 2 for said in texts)
