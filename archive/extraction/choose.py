"""The rule that chooses: from all readings of a page to one article, with everything that was read kept beside it."""

import json
from dataclasses import dataclass

from archive import text
from archive.extraction import (
    agencies,
    bylines,
    dates,
    facts,
    identity,
    judge,
    languages,
    metatags,
    structured,
    titles,
    units,
)
from archive.extraction.body import Block, blocks, find
from archive.extraction.boilerplate import without_furniture
from archive.extraction.page import Page
from archive.extraction.readings import Reading, told
from archive.extraction.rescue import rescued
from archive.models import Article, CanonicalUrl, Capture, FieldValue, Reason, Rejection
from archive.urls import canonical, site_of


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What the rooms of this package read of a page, gathered once."""

    page: Page
    capture: Capture
    tags: metatags.Metas
    articles: list[structured.Item]
    site_names: list[Reading[str]]

    @property
    def kind(self) -> str:
        """What og:type says, in lower case; empty where it says nothing."""
        return (self.tags.get("og:type") or ("",))[0].lower()

    @property
    def declared(self) -> bool:
        """Whether the page says that it is an article: by structured data of its own, or by og:type."""
        return self.kind == "article" or any(item.is_article for item in self.articles)


def article(page: Page, *, capture: Capture) -> Article | Rejection:
    """The article of a page, or why it is none. Raises: nothing that a library does not raise by mistake."""
    evidence = _gathered(page, capture)
    found_titles, title = titles.readings(
        evidence.articles, evidence.tags, page.root, _names(evidence), capture.candidate
    )
    body, deck = _body(evidence, [r.value for r in found_titles])
    case = judge.Case(
        root=page.root,
        url=page.url,
        title=title.value if title is not None else None,
        blocks=body,
        declared=evidence.declared,
        kind=evidence.kind,
        is_free=facts.is_free(facts.readings("is_free", evidence.articles, evidence.tags)),
    )
    rejection = judge.rejected(case)
    if rejection is not None:
        return rejection
    if title is None:
        return Rejection(reason=Reason.NO_TEXT, evidence="no title")
    return _assembled(evidence, found_titles, title, body, deck)


def _gathered(page: Page, capture: Capture) -> _Evidence:
    tags = metatags.metas(page.root)
    mine = [url for url in (canonical(page.url), *(r.value for r in identity.readings(page, tags))) if url]
    shown = [text.comparable(t) for t in (*titles.headings(page.root), *tags.get("og:title", ()))]
    articles = structured.articles_of(structured.items(page.root), base=page.base, addresses=mine, titles=shown)
    return _Evidence(page, capture, tags, articles, facts.readings("site_name", articles, tags))


def _body(evidence: _Evidence, shown: list[str]) -> tuple[list[Block], str | None]:
    """The article's text and its second headline; `shown` are the titles of the page."""
    described = [
        r.value
        for field in ("subtitle", "description")
        for r in facts.readings(field, evidence.articles, evidence.tags)
    ]
    page_cut = units.cut(evidence.page.root)
    found = find(page_cut, shown, described)
    deck = found.deck.text if found.deck is not None else None
    kept = blocks(without_furniture(found.units, page_cut.pictured, [*shown, deck] if deck else shown))
    page, declared = evidence.page, evidence.declared
    return rescued(kept, page.root, page.url, evidence.articles, declared=declared), deck


def _names(evidence: _Evidence) -> list[str]:
    """What the site and the section call themselves, to be taken off titles."""
    domain = site_of(evidence.page.url)
    sections = facts.readings("section", evidence.articles, evidence.tags)
    return [*(r.value for r in (*evidence.site_names, *sections)), domain, domain.partition(".")[0]]


def _assembled(
    evidence: _Evidence, found_titles: list[Reading[str]], title: Reading[str], body: list[Block], deck: str | None
) -> Article:
    page, capture, tags, articles = evidence.page, evidence.capture, evidence.tags, evidence.articles
    kept = [block for block in body if text.joined([block.text])]
    fields: list[FieldValue] = told("title", found_titles, title)

    def plain(field: str, found: list[Reading[str]] | None = None) -> str | None:
        """The first reading of a field, all of them noted."""
        found = facts.readings(field, articles, tags) if found is None else found
        chosen = found[0] if found else None
        fields.extend(told(field, found, chosen))
        return chosen.value if chosen is not None else None

    found_urls = identity.readings(page, tags)
    own = identity.choose(found_urls, capture.final_url)
    fields += told("canonical_url", found_urls, own)
    url = CanonicalUrl(own.value) if own is not None else canonical(capture.final_url) or capture.url

    found_authors, authors = bylines.readings(articles, tags, page.root, _names(evidence))
    fields += told("authors", _arrays(found_authors), _array(authors))
    found_tags = facts.keywords(articles, tags)
    fields += told("tags", _arrays(found_tags), _array(found_tags[0] if found_tags else None))

    found_published = dates.published(articles, tags, page.root, page.url, capture.candidate)
    published = dates.choose(found_published, page.fetched_at)
    if published is None:
        found_published += dates.detected(page.root, page.url, page.fetched_at)
        published = dates.choose(found_published, page.fetched_at)
    fields += told("published_at", _strings(found_published), _string(published))
    found_modified = dates.modified(articles, tags, capture.candidate)
    modified = dates.choose(found_modified, page.fetched_at)
    fields += told("modified_at", _strings(found_modified), _string(modified))

    body_text = text.joined(block.text for block in kept)
    found_languages, language = languages.readings(page.root, facts.readings("language", articles, tags), body_text)
    fields += told("language", found_languages, language)
    found_free = facts.readings("is_free", articles, tags)
    fields += told("is_free", found_free, None)
    return Article(
        url=url,
        title=title.value,
        text=body_text,
        blocks=tuple(block.kind for block in kept),
        subtitle=plain("subtitle", facts.subtitles(deck, title.value, facts.readings("subtitle", articles, tags))),
        authors=authors.value if authors is not None else (),
        published_at=published.value.at if published is not None else None,
        published_precision=published.value.precision if published is not None else None,
        published_offset=published.value.offset if published is not None else None,
        modified_at=modified.value.at if modified is not None else None,
        section=plain("section"),
        tags=found_tags[0].value if found_tags else (),
        language=language.value if language is not None else None,
        description=plain("description"),
        image_url=plain("image_url", facts.images(facts.readings("image_url", articles, tags), page.base)),
        site_name=plain("site_name", evidence.site_names),
        agency=plain("agency", agencies.readings(found_authors, [block.text for block in kept])),
        is_free=facts.is_free(found_free),
        addresses=identity.addresses(page, capture, url),
        fields=tuple(fields),
    )


def _array(reading: Reading[tuple[str, ...]] | None) -> Reading[str] | None:
    return Reading(json.dumps(reading.value, ensure_ascii=False), reading.method) if reading is not None else None


def _arrays(found: list[Reading[tuple[str, ...]]]) -> list[Reading[str]]:
    return [Reading(json.dumps(r.value, ensure_ascii=False), r.method) for r in found]


def _string(reading: Reading[dates.Moment] | None) -> Reading[str] | None:
    return Reading(str(reading.value), reading.method) if reading is not None else None


def _strings(found: list[Reading[dates.Moment]]) -> list[Reading[str]]:
    return [Reading(str(r.value), r.method) for r in found]
