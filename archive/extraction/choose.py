"""The rule that chooses: from all readings of a page to one article, with everything that was read kept beside it."""

import json
from dataclasses import dataclass
from functools import partial

from archive import text
from archive.extraction import (
    agencies,
    bylines,
    datelines,
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
from archive.extraction.furniture import without_furniture
from archive.extraction.moments import Moment
from archive.extraction.page import Page
from archive.extraction.readings import Ledger, Reading, distinct
from archive.extraction.rescue import missing, rescued
from archive.models import Article, CanonicalUrl, Capture, Method, Rejection
from archive.urls import canonical, site_of

_Time = Reading[Moment]
_as_array = partial(json.dumps, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What the rooms of this package read of a page, gathered once."""

    page: Page
    capture: Capture
    tags: metatags.Metas
    articles: list[structured.Item]
    addresses: list[Reading[str]]
    """What the page calls its own address."""
    names: list[str]
    """What the site and the section call themselves."""

    @property
    def kind(self) -> str:
        """What og:type says, in lower case; empty where it says nothing."""
        return (self.tags.get("og:type") or ("",))[0].lower()

    @property
    def declared(self) -> bool:
        """Whether the page says that it is an article: by structured data of its own, or by og:type."""
        return self.kind == "article" or any(item.is_article for item in self.articles)

    @property
    def language(self) -> str:
        """The language that the page declares, with its region; empty where it declares none."""
        return languages.tag(self.page.root, self.said("language"))

    @property
    def freedom(self) -> list[Reading[str]]:
        """What the page declares of whether it is free to read."""
        return facts.freedom(self.articles, self.tags)

    def said(self, field: str) -> list[Reading[str]]:
        """All readings of one of the plain fields."""
        return facts.readings(field, self.articles, self.tags)


def article(page: Page, *, capture: Capture) -> Article | Rejection:
    """The article of a page, or why it is none.

    Raises: what a library raises by mistake, which `archive.prepare` turns into an `ExtractionError`; nothing else.
    """
    evidence = _gathered(page, capture)
    ledger = Ledger()
    found, chosen = titles.readings(evidence.articles, evidence.tags, page.root, evidence.names, capture.candidate)
    title = ledger.choose("title", found, chosen)
    body, deck, doubts = _body(evidence, [reading.value for reading in found])
    ledger.choose("text", [*(Reading(f"not read: {part}", Method.HTML) for part in page.unread), *doubts], None)
    case = judge.Case(
        root=page.root,
        url=page.url,
        title=title,
        blocks=body,
        declared=evidence.declared,
        kind=evidence.kind,
        is_free=facts.is_free(evidence.freedom),
    )
    rejection = judge.rejected(case)
    return rejection if rejection is not None else _assembled(evidence, ledger, title or "", body, deck)


def _gathered(page: Page, capture: Capture) -> _Evidence:
    tags = metatags.metas(page.root)
    addresses = identity.readings(page, tags)
    own = [url for url in (canonical(page.url), *(r.value for r in addresses)) if url is not None]
    shown = [text.comparable(title) for title in titles.shown(page.root, tags)]
    articles = structured.articles_of(structured.items(page.root), base=page.base, addresses=own, titles=shown)
    named = (facts.readings(field, articles, tags) for field in ("site_name", "section"))
    domain = site_of(page.url)
    names = [*(reading.value for found in named for reading in found), domain, domain.partition(".")[0]]
    return _Evidence(page, capture, tags, articles, addresses, names)


def _body(evidence: _Evidence, shown: list[str]) -> tuple[list[Block], str | None, list[Reading[str]]]:
    """The article's text, its second headline, and what tells that the text is not all; `shown` are the titles."""
    root = evidence.page.root
    described = [reading.value for field in ("subtitle", "description") for reading in evidence.said(field)]
    pieces = units.cut(root)
    found = find(pieces, shown, described)
    deck = found.deck.text if found.deck is not None else None
    kept = blocks(without_furniture(found.units, pieces.pictured, [*shown, deck] if deck else shown))
    kept = rescued(kept, root, evidence.page.url, evidence.articles, declared=evidence.declared)
    doubts = [] if pieces.whole else [Reading(f"not read: what follows {units.MAX_UNITS:,} paragraphs", Method.HTML)]
    if (told := missing(kept, evidence.articles)) is not None:
        doubts.append(Reading(f"observed: {told}", evidence.articles[0].method))
    return kept, deck, doubts


def _assembled(evidence: _Evidence, ledger: Ledger, title: str, body: list[Block], deck: str | None) -> Article:
    """The article, each field chosen of all its readings."""
    page, capture, tags, articles = evidence.page, evidence.capture, evidence.tags, evidence.articles
    folded = [(block, said) for block in body if (said := text.joined([block.text]))]
    kept = [block for block, _ in folded]
    content = text.PARAGRAPH_BREAK.join(said for _, said in folded)
    url = _address(evidence, ledger)
    found_authors, chosen_authors = bylines.readings(articles, tags, page.root, evidence.names)
    published = _published(evidence, ledger)
    changes = dates.modified(articles, tags, capture.candidate, language=evidence.language)
    changes = dates.placed(changes, capture.timezone)
    changed = dates.choose(changes, page.fetched_at)
    modified = ledger.choose("modified_at", _entered(changes, changed), changed)
    ledger.choose("is_free", evidence.freedom, facts.first_free(evidence.freedom))
    ledger.choose("is_free_observed", facts.observed(page.root, articles, content), None)
    return Article(
        url=url,
        title=title,
        text=content,
        blocks=tuple(block.kind for block in kept),
        subtitle=_subtitle(evidence, ledger, deck, title, kept),
        authors=ledger.choose("authors", found_authors, chosen_authors, _as_array) or (),
        published_at=published.at if published is not None else None,
        published_precision=published.precision if published is not None else None,
        published_offset=published.offset if published is not None else None,
        modified_at=modified.at if modified is not None else None,
        section=ledger.first("section", evidence.said("section")),
        tags=ledger.first("tags", facts.keywords(articles, tags), _as_array) or (),
        language=ledger.choose("language", *languages.readings(page.root, evidence.said("language"), content)),
        description=ledger.first("description", evidence.said("description")),
        image_url=ledger.first("image_url", facts.images(evidence.said("image_url"), page.base)),
        site_name=ledger.first("site_name", evidence.said("site_name")),
        agency=ledger.first("agency", agencies.readings(found_authors, [block.text for block in kept])),
        is_free=facts.is_free(evidence.freedom),
        addresses=identity.addresses(page, capture, url),
        fields=tuple(ledger.entries),
    )


def _subtitle(evidence: _Evidence, ledger: Ledger, deck: str | None, title: str, kept: list[Block]) -> str | None:
    """The second headline: the first that does not stand in the text, where it would be said twice."""
    found = facts.subtitles(deck, title, evidence.said("subtitle"))
    told = {text.comparable(block.text) for block in kept[:3]}
    return ledger.choose("subtitle", found, next((r for r in found if text.comparable(r.value) not in told), None))


def _address(evidence: _Evidence, ledger: Ledger) -> CanonicalUrl:
    """The article's address: the believed canonical one, else the one that answered."""
    found, final_url = evidence.addresses, evidence.capture.final_url
    believed = ledger.choose("canonical_url", found, identity.choose(found, final_url))
    return CanonicalUrl(believed) if believed is not None else canonical(final_url) or evidence.capture.url


def _published(evidence: _Evidence, ledger: Ledger) -> Moment | None:
    """When the article was published; the lines that readers see count where the page says nothing to a machine."""
    page, articles, language = evidence.page, evidence.articles, evidence.language
    candidate, timezone = evidence.capture.candidate, evidence.capture.timezone
    found = dates.published(articles, evidence.tags, page.root, page.url, candidate, language=language)
    found = dates.placed(found, timezone)
    chosen = dates.choose(found, page.fetched_at)
    if chosen is None:
        found += dates.placed(datelines.datelines(page.root, language), timezone)
        found += datelines.of_pictures(evidence.said("image_url"))
        chosen = dates.choose(found, page.fetched_at)
    entered = distinct([*found, *dates.placed(dates.created(articles, language=language), timezone)])
    return ledger.choose("published_at", _entered(entered, chosen), chosen)


def _entered(found: list[_Time], chosen: _Time | None) -> list[_Time]:
    """What goes into the ledger: all readings and, where only the day of a time is believed, that day."""
    return distinct([*found, chosen]) if chosen is not None else found
