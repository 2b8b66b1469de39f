"""From a prepared page to the archive: first the decision which article it is, then one transaction that writes it."""

from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus

from archive import sketches, text
from archive.boilerplate import NO_LINES, Body, Lines, strip
from archive.decision import Decision, Found, Known, Outcome, Page, decide, page_of, way
from archive.models import (
    PASSING,
    Article,
    ArticleId,
    Capture,
    CaptureId,
    CrawlId,
    Prepared,
    Reason,
    Rejection,
    Sketch,
    SourceId,
    UrlState,
)
from archive.prepare import extractor
from archive.revisiting import Plan, next_visit
from archive.store import (
    Database,
    absences,
    articles,
    boilerplate,
    captures,
    clusters,
    identity,
    revisits,
    transaction,
    urls,
)
from archive.tombs import taken_down
from archive.urls import canonical, story_name
from archive.vanishing import missed

__all__ = ["Ingested", "Outcome", "ingest", "is_new", "known_article", "unchanged", "unmodified_article"]

_NO_PAGE = frozenset({Reason.HTTP_GONE, Reason.SECTION_PAGE, Reason.ERROR_PAGE, Reason.NOT_HTML})
"""What an address is that cannot be any article's own, whoever claims it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingested:
    """What became of a page."""

    outcome: Outcome
    article_id: ArticleId | None = None
    """The article that it is; None for a rejected page."""
    reason: Reason | None = None
    """Why it was rejected."""
    tombstone: int | None = None
    """What it is that was taken down; its response is to be erased (`archive.erasing`)."""


def ingest(
    db: Database,
    prepared: Prepared,
    *,
    source_id: SourceId,
    crawl_id: CrawlId,
    at: datetime,
    lines: Lines = NO_LINES,
    plan: Plan | None = None,
) -> Ingested:
    """Writes a page into the archive: all of it, or after an error nothing.

    Its capture is recorded in any case; then the article, revision, addresses and field values, and what became of
    its URL and of those that led to it. `lines` are the source's known boilerplate: the text is compared and stored
    without them, and what was taken out is kept. `plan` says when the article is to be looked at again (None: nothing
    about that, for what was not fetched now).

    Raises: StoreError.
    """
    with transaction(db):
        if isinstance(prepared.outcome, Rejection):
            rejected = _reject(db, prepared, prepared.outcome, source_id=source_id, crawl_id=crawl_id, at=at)
            if plan is not None and rejected.reason not in PASSING:
                missed(db, prepared.capture.url, prepared.outcome.reason, at=at, plan=plan)
            return rejected
        page = page_of(prepared.outcome, prepared, lines)
        if (tombstone := taken_down(db, page)) is not None:
            rejection = Rejection(reason=Reason.TAKEN_DOWN, evidence=f"tombstone {tombstone}")
            result = _reject(db, prepared, rejection, source_id=source_id, crawl_id=crawl_id, at=at)
            return replace(result, tombstone=tombstone)
        decision = decide(page, source_id, _found(db, page, source_id, lines))
        origin = articles.Origin(
            at=at,
            capture_id=_recorded(db, prepared, crawl_id),
            extractor=extractor(),
            content_hash=page.content_hash,
            word_count=page.word_count,
        )
        if decision.known is not None and articles.last_seen(db, decision.known.id) > at:
            # what is imported may be older than what was crawled, and must not pass for the article's newest state
            decision = replace(
                decision,
                outcome=Outcome.EARLIER,
                url=decision.known.url,
                change=None,
                replaces=False,
                is_current=False,
            )
        article_id = _write(db, page, decision, origin, source_id)
        if decision.outcome is Outcome.NEW or decision.change is not None or decision.replaces:
            clusters.place(db, article_id, _sketch(page, prepared))
        _settle(db, page, article_id, source_id=source_id, crawl_id=crawl_id, at=at)
        absences.back(db, article_id, at)
        if plan is not None and (decision.known is None or decision.is_current):
            due = next_visit(at, revisits.life(db, article_id), plan.ages)
            revisits.schedule(db, page.answered, article_id, at=due, capture_id=origin.capture_id)
        return Ingested(outcome=decision.outcome, article_id=article_id)


def known_article(db: Database, capture: Capture) -> ArticleId | None:
    """The article that a response is known to be without a look at it: the bytes from which it was last read.

    None where it was asked for at another address, or where a newer extractor may read it better. Raises: StoreError.
    """
    if capture.same_as is None or canonical(capture.final_url) != capture.url:
        return None
    return captures.article_of(db, capture.same_as, url=capture.url, extractor=extractor())


def unmodified_article(db: Database, capture: Capture) -> ArticleId | None:
    """The article of which the server says that it is what it was when it was last seen at that address (304).

    None for any other response, and for such an answer that we have not asked for. Raises: StoreError.
    """
    if capture.status != HTTPStatus.NOT_MODIFIED or canonical(capture.final_url) != capture.url:
        return None
    known = revisits.validators(db, capture.url)
    return known.article_id if known is not None and (known.etag or known.last_modified) else None


def unchanged(db: Database, capture: Capture, article_id: ArticleId, *, crawl_id: CrawlId, plan: Plan) -> Ingested:
    """Writes that an article was looked at and is what it was. Raises: StoreError."""
    with transaction(db):
        articles.seen(db, article_id, capture.fetched_at)
        absences.back(db, article_id, capture.fetched_at)
        urls.settle(
            db,
            capture.url,
            state=UrlState.FETCHED,
            article_id=article_id,
            crawl_id=crawl_id,
            at=capture.fetched_at,
        )
        revisits.reschedule(
            db,
            capture.url,
            at=next_visit(capture.fetched_at, revisits.life(db, article_id), plan.ages),
            capture_id=capture.id if capture.status == HTTPStatus.OK else None,
        )
    return Ingested(outcome=Outcome.UNCHANGED, article_id=article_id)


def is_new(db: Database, prepared: Prepared, *, source_id: SourceId, lines: Lines = NO_LINES) -> bool:
    """Whether a page would become an article of its own, and change nothing of another. Raises: StoreError."""
    if isinstance(prepared.outcome, Rejection):
        return False
    page = page_of(prepared.outcome, prepared, lines)
    if taken_down(db, page) is not None:
        return False
    decision = decide(page, source_id, _found(db, page, source_id, lines))
    return decision.outcome is Outcome.NEW and decision.taken_from is None and decision.doubted is None


def _found(db: Database, page: Page, source_id: SourceId, lines: Lines) -> Found:
    """The stored articles that a page may be, as if the lines had been known when they were stored.

    What was learned later was taken out of the newest articles only, and its absence is nobody's edit.
    """
    by_address = identity.find_by_address(db, (*page.addresses, *page.spellings))
    name, published_at = story_name(page.answered), page.article.published_at
    namesakes: list[Known] = []
    if name is not None and published_at is not None and page.answered not in by_address:
        namesakes = identity.find_by_name(db, source_id, name, published_at)
    return Found(
        by_address={url: replace(m, article=_known_without(m.article, lines)) for url, m in by_address.items()},
        copies=identity.find_by_hash(db, source_id, page.content_hash),
        namesakes=[_known_without(known, lines) for known in namesakes],
    )


def _sketch(page: Page, prepared: Prepared) -> Sketch | None:
    """The sketch of the text that is stored; the one that came with the page, unless something was taken out of it."""
    return sketches.sketch(text.words(page.article.text)) if page.taken else prepared.sketch


def _known_without(known: Known, lines: Lines) -> Known:
    body, taken = strip(Body(text=known.text, blocks=known.blocks), lines)
    if not taken:
        return known
    return replace(known, text=body.text, blocks=body.blocks, content_hash=text.content_hash(body.text))


def _reject(
    db: Database, prepared: Prepared, rejection: Rejection, *, source_id: SourceId, crawl_id: CrawlId, at: datetime
) -> Ingested:
    """Records a page that is no article; one that was an article before keeps its revisions."""
    capture, reason = prepared.capture, rejection.reason
    captures.reject(db, _recorded(db, prepared, crawl_id), reason, extractor=extractor())
    if reason in PASSING:
        # of the addresses on the way nothing is known: another may lead to them when the moment has passed
        urls.fail(db, capture.url, reason, crawl_id=crawl_id, at=at)
        return Ingested(outcome=Outcome.REJECTED, reason=reason)
    urls.settle(db, capture.url, state=UrlState.REFUSED, reason=reason, crawl_id=crawl_id, at=at)
    answered, passed = way(capture)
    if reason in _NO_PAGE:
        identity.doubt(db, (answered, *passed))
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
    return captures.add(db, capture, crawl_id=crawl_id)


def _write(db: Database, page: Page, decision: Decision, origin: articles.Origin, source_id: SourceId) -> ArticleId:
    known = decision.known
    if known is not None and known.source_id != source_id:
        return known.id
    if decision.taken_from is not None:
        identity.give_up_address(db, decision.taken_from.id, page.answered)
    if known is None:
        article_id = _insert(db, page, decision, origin, source_id)
    else:
        article_id = known.id
        _update(db, page, decision, origin, known)
    articles.add_addresses(db, article_id, [(kind, url) for url, kind in page.addresses.items()], origin.at)
    return article_id


def _insert(db: Database, page: Page, decision: Decision, origin: articles.Origin, source_id: SourceId) -> ArticleId:
    """A new article; an address that it and another claim is neither's own, until one of them answers there."""
    named = page.article.url
    if decision.doubted is not None:
        identity.doubt(db, [named])
    at_named = urls.get(db, named)
    url = page.answered if at_named is not None and at_named.reason in _NO_PAGE else decision.url
    kept = decision.article if url == named else _with_claim_refused(decision.article)
    article_id = articles.insert(db, kept, origin, url=url, source_id=source_id)
    boilerplate.record(db, source_id, article_id, 1, page.taken)
    return article_id


def _update(db: Database, page: Page, decision: Decision, origin: articles.Origin, known: Known) -> None:
    """What a page changes of the article that it is."""
    article = decision.article
    if decision.url != known.url:
        identity.move(db, known.id, decision.url)
    if decision.change is not None:
        number = articles.add_revision(db, known.id, article, origin, change=decision.change, silent=decision.silent)
        boilerplate.record(db, known.source_id, known.id, number, page.taken)
    elif decision.replaces:
        articles.replace_newest(db, known.id, article, origin)
        stored = boilerplate.bodies(db, known.id)[0]
        body = Body(text=article.text, blocks=article.blocks)
        boilerplate.rewrite(db, known.source_id, stored, body=body, taken=page.taken)
    elif decision.is_current:
        articles.keep_current(db, known.id, article, origin.at)
    else:
        articles.seen(db, known.id, origin.at)


def _settle(
    db: Database, page: Page, article_id: ArticleId, *, source_id: SourceId, crawl_id: CrawlId, at: datetime
) -> None:
    """Takes from the frontier what was fetched, and what led there by redirects.

    An address that is only claimed stays in it, as canonical or as AMP version: were the claim wrong, the article that
    is really there would never be fetched. One that led here and is another article's stays that one's.
    """
    left = page.asked != page.answered and articles.find(db, page.asked) != article_id
    reason = Reason.REDIRECT_KNOWN if left else None
    urls.settle(db, page.asked, state=UrlState.FETCHED, reason=reason, article_id=article_id, crawl_id=crawl_id, at=at)
    urls.settle_along(
        db,
        source_id,
        [url for url in (page.answered, *page.passed) if url != page.asked],
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
