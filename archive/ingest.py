"""From a prepared page to the archive: first the decision which article it is, then one transaction that writes it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from archive import dedupe, revisions, text
from archive.boilerplate import NO_LINES, Body, Lines, Removal, strip
from archive.models import (
    PASSING,
    AddressKind,
    Article,
    ArticleId,
    CanonicalUrl,
    Capture,
    CaptureId,
    CrawlId,
    Prepared,
    Reason,
    Rejection,
    SourceId,
    UrlState,
)
from archive.store import Database, articles, boilerplate, captures, identity, transaction, urls
from archive.store.identity import Known, Match
from archive.urls import canonical


class Outcome(StrEnum):
    """What a fetched page was to the archive."""

    NEW = "new"
    DUPLICATE = "duplicate"
    """A further address of an article that we have."""
    REVISED = "revised"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"
    """No article."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingested:
    """What became of a page."""

    outcome: Outcome
    article_id: ArticleId | None = None
    """The article that it is; None for a rejected page."""
    reason: Reason | None = None
    """Why it was rejected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page that is an article, with all of its addresses."""

    article: Article
    """Without the source's known boilerplate."""
    taken: tuple[Removal, ...] = ()
    """What was taken out of its text."""
    content_hash: str
    word_count: int
    asked: CanonicalUrl
    answered: CanonicalUrl
    """Where it was found in the end."""
    passed: tuple[CanonicalUrl, ...]
    """What led there by redirects: what was asked for, if it is not what answered, and those on the way."""
    addresses: Mapping[CanonicalUrl, AddressKind]
    """All of them, each with the best that we know of it; the surest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What is to be written for a page that is an article."""

    outcome: Outcome
    article: Known | None = None
    """The stored article that it is; None for a new one."""
    url: CanonicalUrl
    """The article's own address."""
    change: revisions.Change | None = None
    """What kind of edit the new revision is, if there is one."""
    silent: bool = False
    taken_from: Known | None = None
    """Another article, which only claimed the address at which this page answered."""


def ingest(
    db: Database,
    prepared: Prepared,
    *,
    source_id: SourceId,
    crawl_id: CrawlId,
    at: datetime,
    lines: Lines = NO_LINES,
) -> Ingested:
    """Writes a page into the archive: all of it, or after an error nothing.

    Its capture is recorded in any case; then the article, revision, addresses and field values, and what became of
    its URL and of those that led to it. `lines` are the source's known boilerplate: the text is compared and stored
    without them, and what was taken out is kept.

    Raises: StoreError.
    """
    with transaction(db):
        if isinstance(prepared.outcome, Rejection):
            return _reject(db, prepared, prepared.outcome, source_id=source_id, crawl_id=crawl_id, at=at)
        page = page_of(prepared.outcome, prepared, lines)
        decision = decide(
            page,
            source_id,
            _without_lines(identity.find_by_address(db, page.addresses), lines),
            identity.find_by_hash(db, source_id, page.content_hash),
        )
        origin = articles.Origin(
            at=at,
            capture_id=_recorded(db, prepared, crawl_id),
            extractor=_extractor(),
            content_hash=page.content_hash,
            word_count=page.word_count,
        )
        article_id = _write(db, page, decision, origin, source_id)
        _settle(db, page, article_id, source_id=source_id, crawl_id=crawl_id, at=at)
        return Ingested(outcome=decision.outcome, article_id=article_id)


def page_of(article: Article, prepared: Prepared, lines: Lines = NO_LINES) -> Page:
    """The page of a prepared capture, without the known `lines`. Raises: nothing."""
    body, taken = strip(Body(text=article.text, blocks=article.blocks), lines)
    if taken:
        article = replace(article, text=body.text, blocks=body.blocks)
        prepared = replace(prepared, content_hash=None, word_count=0)
    capture = prepared.capture
    answered, passed = _way(capture)
    addresses = {answered: AddressKind.FETCHED}
    for address in passed:
        addresses.setdefault(address, AddressKind.REDIRECT)
    addresses.setdefault(article.url, AddressKind.CANONICAL)
    for kind, address in article.addresses:
        addresses.setdefault(address, kind)
    return Page(
        article=article,
        taken=taken,
        content_hash=prepared.content_hash or text.content_hash(article.text),
        word_count=prepared.word_count or text.word_count(article.text),
        asked=capture.url,
        answered=answered,
        passed=passed,
        addresses=addresses,
    )


def decide(
    page: Page, source_id: SourceId, by_address: Mapping[CanonicalUrl, Match], by_hash: Sequence[Known]
) -> Decision:
    """Which article a page is, and what that changes: no input or output, and nothing raised.

    Who answers at an address owns it. What is only claimed (a canonical or AMP link, a redirect) counts where the
    contents resemble each other, and never across sources: a site whose pages all name one canonical address would
    otherwise become a single article, and one publisher's page could write over another's.
    """
    here = by_address.get(page.answered)
    if here is not None and here.kind is AddressKind.FETCHED:
        if here.article.source_id != source_id:
            return Decision(outcome=Outcome.DUPLICATE, article=here.article, url=here.article.url)
        return _same(page, here.article, known_here=True)
    for address in page.addresses:
        match = by_address.get(address)
        if match is not None and match.article.source_id == source_id and _resembles(page.article, match.article):
            moved = match.kind is AddressKind.FETCHED and address in page.passed
            return _same(page, match.article, known_here=moved)
    for known in by_hash:
        if dedupe.is_copy(page.article.title, page.article.text, known.title):
            return Decision(outcome=Outcome.DUPLICATE, article=known, url=known.url)
    return Decision(
        outcome=Outcome.NEW,
        url=page.answered if page.article.url in by_address else page.article.url,
        taken_from=here.article if here is not None else None,
    )


def _same(page: Page, known: Known, *, known_here: bool) -> Decision:
    """The decision about a page that is a known article."""
    article = page.article
    old = revisions.Content(title=known.title, text=known.text, modified_at=known.modified_at)
    new = revisions.Content(title=article.title, text=article.text, modified_at=article.modified_at)
    identical = page.content_hash == known.content_hash and article.title == known.title
    change = revisions.Change.COSMETIC if identical else revisions.change_of(old, new)
    # Print, AMP and other presentations differ in trifles. Were each to make a revision, an article would go to and
    # fro between them with every crawl; its own address speaks for it, and others only if that never answered.
    speaks = known.url in (page.answered, page.asked) or not known.has_answered
    if change is not revisions.Change.COSMETIC and speaks:
        silent = revisions.is_silent(old, new)
        return Decision(outcome=Outcome.REVISED, article=known, url=known.url, change=change, silent=silent)
    outcome = Outcome.UNCHANGED if known_here else Outcome.DUPLICATE
    return Decision(outcome=outcome, article=known, url=known.url)


def _without_lines(matches: Mapping[CanonicalUrl, Match], lines: Lines) -> dict[CanonicalUrl, Match]:
    """The matches as if the lines had been known when they were stored.

    What was learned later was taken out of the newest articles only, and its absence is nobody's edit.
    """
    return {url: replace(match, article=_known_without(match.article, lines)) for url, match in matches.items()}


def _known_without(known: Known, lines: Lines) -> Known:
    body, taken = strip(Body(text=known.text, blocks=known.blocks), lines)
    if not taken:
        return known
    return replace(known, text=body.text, blocks=body.blocks, content_hash=text.content_hash(body.text))


def _resembles(article: Article, known: Known) -> bool:
    return dedupe.resembles(article.title, article.text, known.title, known.text)


def _way(capture: Capture) -> tuple[CanonicalUrl, tuple[CanonicalUrl, ...]]:
    """The address at which a response was found in the end, and those that led there."""
    answered = canonical(capture.final_url) or capture.url
    way = dict.fromkeys(address for url in (capture.url, *capture.redirects) if (address := canonical(url)))
    return answered, tuple(address for address in way if address != answered)


def _reject(
    db: Database, prepared: Prepared, rejection: Rejection, *, source_id: SourceId, crawl_id: CrawlId, at: datetime
) -> Ingested:
    """Records a page that is no article; one that was an article before keeps its revisions."""
    capture, reason = prepared.capture, rejection.reason
    captures.reject(db, _recorded(db, prepared, crawl_id), reason)
    if reason in PASSING:
        # of the addresses on the way nothing is known: another may lead to them when the moment has passed
        urls.fail(db, capture.url, reason, crawl_id=crawl_id, at=at)
        return Ingested(outcome=Outcome.REJECTED, reason=reason)
    urls.settle(db, capture.url, state=UrlState.REFUSED, reason=reason, crawl_id=crawl_id, at=at)
    answered, passed = _way(capture)
    urls.settle_along(
        db,
        source_id,
        {answered, *passed} - {capture.url},
        state=UrlState.REFUSED,
        reason=reason,
        article_id=None,
        crawl_id=crawl_id,
        at=at,
    )
    return Ingested(outcome=Outcome.REJECTED, reason=reason)


def _recorded(db: Database, prepared: Prepared, crawl_id: CrawlId) -> CaptureId:
    """The row of the response: as a rule it was made when that came."""
    capture = prepared.capture
    if capture.id is not None:
        return capture.id
    return captures.add(db, capture, crawl_id=crawl_id, payload_sha256=prepared.payload_sha256)


def _write(db: Database, page: Page, decision: Decision, origin: articles.Origin, source_id: SourceId) -> ArticleId:
    known = decision.article
    revision = 1 if known is None else None
    if known is None:
        if decision.taken_from is not None:
            identity.give_up_address(db, decision.taken_from.id, page.answered)
        kept = page.article if decision.url == page.article.url else _with_claim_refused(page.article)
        article_id = articles.insert(db, kept, origin, url=decision.url, source_id=source_id)
    elif known.source_id != source_id:
        return known.id
    else:
        article_id = known.id
        if decision.change is not None:
            revision = articles.add_revision(
                db, article_id, page.article, origin, change=decision.change, silent=decision.silent
            )
        else:
            articles.seen(db, article_id, modified_at=page.article.modified_at, at=origin.at)
    articles.add_addresses(db, article_id, [(kind, url) for url, kind in page.addresses.items()], origin.at)
    if revision is not None:
        boilerplate.record(db, source_id, article_id, revision, page.taken)
    return article_id


def _settle(
    db: Database, page: Page, article_id: ArticleId, *, source_id: SourceId, crawl_id: CrawlId, at: datetime
) -> None:
    """Takes from the frontier what was fetched, and what is the same page by redirect or as its AMP version.

    A canonical address that is only claimed stays in it: were the claim wrong, the article that is really there would
    never be fetched.
    """
    urls.settle(db, page.asked, state=UrlState.FETCHED, article_id=article_id, crawl_id=crawl_id, at=at)
    urls.settle_along(
        db,
        source_id,
        [url for url, kind in page.addresses.items() if kind is not AddressKind.CANONICAL and url != page.asked],
        state=UrlState.FETCHED,
        reason=Reason.SAME_ARTICLE,
        article_id=article_id,
        crawl_id=crawl_id,
        at=at,
    )


def _with_claim_refused(article: Article) -> Article:
    """The article, with the canonical address that its page claims noted as not believed."""
    fields = tuple(replace(f, chosen=False) if f.field == "canonical_url" else f for f in article.fields)
    return replace(article, fields=fields)


@cache
def _extractor() -> str:
    return ", ".join(f"{name} {_version(name)}" for name in ("newsarchive", "trafilatura"))


def _version(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:  # run from a checkout, as Scrapy's users do
        return "unknown"
