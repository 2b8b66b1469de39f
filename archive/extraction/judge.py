"""Whether a page is an article: what speaks against it, with the evidence."""

import re
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from archive import text
from archive.extraction.body import Block
from archive.extraction.structured import Item
from archive.models import BlockKind, Reason, Rejection

_FEW_WORDS = 50
"""Below it a text is a caption, a notice or a teaser, unless the page itself declares an article."""
_NO_WORDS = 8
"""Below it there is no article, whatever the page declares."""
_LISTING = re.compile(r"collectionpage|itemlist|searchresultspage|website|webpage|profilepage|aboutpage|contactpage")
_LISTING_PATH = re.compile(
    r"^/?$|/(?:tags?|topics?|categor(?:y|ies|ia)|authors?|autor(?:en)?|search|archive|page|thema|themen|rubrik)/[^/]*/?$|/page/\d+/?$",
    re.IGNORECASE,
)
_MISSING = re.compile(
    r"\b(?:404|410|page not found|not found|no longer available|seite nicht gefunden|nicht gefunden|page introuvable|"
    r"página no encontrada|pagina non trovata|pagina niet gevonden|sidan hittades inte|nie znaleziono|"
    r"страница не найдена|页面不存在)\b",
    re.IGNORECASE,
)
_WALL = re.compile(
    r"\b(?:log ?in|sign ?in|anmelden|einloggen|se connecter|iniciar sesión|accedi|cookies?|consent|einwilligung|"
    r"subscribe to (?:read|continue)|abonnieren|abonnez-vous|suscríbete|captcha|are you a robot|access denied)\b",
    re.IGNORECASE,
)


def rejected(
    root: HtmlElement, url: str, title: str | None, blocks: Sequence[Block], articles: Sequence[Item], og_type: str
) -> Rejection | None:
    """Why the page is no article; None where it is one."""
    count = sum(text.word_count(block.text) for block in blocks)
    declared = any(item.is_article for item in articles) or og_type == "article"
    shown = title or ""
    if count < 4 * _FEW_WORDS and _MISSING.search(shown):
        return Rejection(reason=Reason.ERROR_PAGE, evidence=f"title {shown[:100]!r}, {count} words")
    if count < _FEW_WORDS and not declared and (wall := _wall(root, shown, blocks)):
        return Rejection(reason=Reason.WALL, evidence=wall)
    if not declared and (evidence := _listing(root, url, blocks)):
        return Rejection(reason=Reason.SECTION_PAGE, evidence=evidence)
    if count < _NO_WORDS or (count < _FEW_WORDS and not declared):
        if og_type.startswith("video") or root.find(".//video") is not None:
            return Rejection(reason=Reason.MEDIA_PAGE, evidence=f"a video and {count} words")
        return Rejection(reason=Reason.NO_TEXT, evidence=f"{count} words")
    return None


def _wall(root: HtmlElement, title: str, blocks: Iterable[Block]) -> str | None:
    """What makes the page a wall: a password field, or little text that speaks of logins, consent or subscription."""
    if root.xpath("//input[@type='password']"):
        return "a password field and hardly any text"
    if match := _WALL.search(" ".join([title, *(block.text for block in blocks)])):
        return f"hardly any text, and it says {match[0]!r}"
    return None


def _listing(root: HtmlElement, url: str, blocks: Sequence[Block]) -> str | None:
    """What makes the page a list of other pages."""
    parts = urlsplit(url)
    if parts.path in ("", "/") and not parts.query:
        return "the site's front page"
    if _LISTING_PATH.search(parts.path):
        return f"address {parts.path[:100]}"
    paragraphs = [block for block in blocks if block.kind is BlockKind.PARAGRAPH]
    linked = len(root.xpath("//h2[.//a or parent::a]|//h3[.//a or parent::a]"))
    average = sum(text.word_count(block.text) for block in paragraphs) / max(1, len(paragraphs))
    if linked >= 8 and average < 25:
        return f"{linked} linked headings, paragraphs of {average:.0f} words"
    return None
