"""The headline: every title that a page gives, without the site's name, and which of them is the article's."""

import re
from collections.abc import Iterable

from lxml.html import HtmlElement

from archive import text
from archive.extraction.metatags import Metas
from archive.extraction.metatags import readings as meta_readings
from archive.extraction.readings import Reading, distinct
from archive.extraction.structured import Item, texts
from archive.models import Candidate, EndpointKind, Method

_SEPARATOR = re.compile(r"\s+(?:[-–—|•·»:]|::|//)\s+|\s*[|»]\s*|\s[-–—]\s?(?=[^\s]*\.[a-z]{2,}$)")
_MAX_HEADINGS = 5


def readings(
    articles: Iterable[Item], tags: Metas, root: HtmlElement, site_names: Iterable[str], candidate: Candidate | None
) -> list[Reading[str]]:
    """All readings of the title, the most trusted first."""
    found: list[Reading[str]] = []
    for article in articles:
        for key in ("headline", "name", "alternativeHeadline"):
            found += [Reading(value, article.method) for value in texts(article.properties.get(key))[:1]]
    found += [Reading(value, Method.HTML) for value in headings(root)]
    found += meta_readings(tags, "title")
    if (title := _title_element(root)) is not None:
        found.append(Reading(title, Method.HTML))
    if candidate is not None and (announced := text.line(candidate.title)) is not None:
        found.append(Reading(announced, Method.FEED if candidate.kind is EndpointKind.FEED else Method.SITEMAP))
    names = {text.comparable(name) for name in site_names}
    return distinct(Reading(without_site(r.value, names), r.method) for r in found)


def choose(found: list[Reading[str]]) -> Reading[str] | None:
    """The first reading that is not merely a word or two of navigation, else the first of all."""
    return found[0] if found else None


def headings(root: HtmlElement) -> list[str]:
    """The texts of the page's first `h1` elements."""
    found = (text.line(" ".join(h1.itertext())) for h1 in root.iter("h1"))
    return [value for value, _ in zip((v for v in found if v), range(_MAX_HEADINGS), strict=False)]


def _title_element(root: HtmlElement) -> str | None:
    """The text of `<title>` (the document's, not an SVG's)."""
    title = root.find("head/title")
    return text.line(title.text_content()) if title is not None else None


def without_site(title: str, names: Iterable[str]) -> str:
    """The title without a site's name (comparable forms) at its end or beginning, behind a dash, bar or the like."""
    known = frozenset(names)
    for _ in range(3):
        cuts = list(_SEPARATOR.finditer(title))
        if not cuts:
            return title
        if text.comparable(title[cuts[-1].end() :]) in known and title[: cuts[-1].start()].strip():
            title = title[: cuts[-1].start()].strip()
        elif text.comparable(title[: cuts[0].start()]) in known and title[cuts[0].end() :].strip():
            title = title[cuts[0].end() :].strip()
        else:
            return title
    return title
