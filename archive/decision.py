"""What a page is to the archive: which article, and what it changes there. Pure; `archive.ingest` reads and writes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from archive import dedupe, revisions, text, urls
from archive.boilerplate import NO_LINES, Body, Lines, Removal, strip
from archive.models import (
    AddressKind,
    Article,
    ArticleId,
    BlockKind,
    CanonicalUrl,
    Capture,
    Method,
    Precision,
    Prepared,
    SourceId,
)

NOT_STATED = frozenset({Method.FEED, Method.SITEMAP, Method.URL, Method.TRAFILATURA})
"""Where a value comes from that the page itself does not state: it may be missing tomorrow, and nobody edited it."""


class Outcome(StrEnum):
    """What a fetched page was to the archive."""

    NEW = "new"
    DUPLICATE = "duplicate"
    """A further address of an article that we have."""
    REVISED = "revised"
    UNCHANGED = "unchanged"
    EARLIER = "earlier"
    """An older state of an article than those that we have; its response is kept, and no revision made of it."""
    REJECTED = "rejected"
    """No article."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a decision has to know of a stored article: its newest state, and where it answers."""

    id: ArticleId
    source_id: SourceId
    url: CanonicalUrl
    answering: tuple[CanonicalUrl, ...]
    """Its addresses that have answered, and are not lost; in the order in which they did."""
    is_stand_in: bool
    """Whether its own `url` was only claimed so far, so that what is stored comes from another presentation."""
    is_lost: bool
    """Whether its own `url` was asked for, and is no longer a page of it."""
    title: str
    subtitle: str | None
    authors: tuple[str, ...]
    published_at: datetime | None
    published_precision: Precision | None
    published_offset: str | None
    modified_at: datetime | None
    text: str
    blocks: tuple[BlockKind, ...]
    content_hash: str
    not_stated: frozenset[str]
    """The fields whose values its page did not state itself (`NOT_STATED`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """An address under which a stored article is known."""

    address: CanonicalUrl
    kind: AddressKind
    article: Known


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The stored articles that a page may be."""

    by_address: Mapping[CanonicalUrl, Match]
    """Under its addresses and their spellings, of whatever source."""
    copies: Sequence[Known] = ()
    """Of its source, with the same text; the oldest first."""
    namesakes: Sequence[Known] = ()
    """Of its source, published at the same moment, with the number of its address in theirs."""


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
    spellings: tuple[CanonicalUrl, ...]
    """Where it may be known as well: other spellings (`urls.spellings`) of where it answered and of what it names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What is to be written for a page that is an article."""

    outcome: Outcome
    known: Known | None = None
    """The stored article that it is; None for a new one."""
    url: CanonicalUrl
    """The article's own address from now on."""
    article: Article
    """What is to be kept: the page's values, and what is known where it has none."""
    change: revisions.Change | None = None
    """What kind of edit the new revision is, if there is one."""
    silent: bool = False
    replaces: bool = False
    """Whether it takes the place of the newest revision, which another presentation stood in for."""
    is_current: bool = False
    """Whether the page speaks for the article, so that what has no revisions is kept as it says."""
    taken_from: Known | None = None
    """Another article, which only claimed the address at which this page answered."""
    doubted: Known | None = None
    """Another article, which claims the same address as its own; it cannot be both's."""


def page_of(article: Article, prepared: Prepared, lines: Lines = NO_LINES) -> Page:
    """The page of a prepared capture, without the known `lines`. Raises: nothing."""
    body, taken = strip(Body(text=article.text, blocks=article.blocks), lines)
    if taken:
        article = replace(article, text=body.text, blocks=body.blocks)
        prepared = replace(prepared, content_hash=None, word_count=0)
    capture = prepared.capture
    answered, passed = way(capture)
    addresses = {answered: AddressKind.FETCHED}
    for address in passed:
        addresses.setdefault(address, AddressKind.REDIRECT)
    addresses.setdefault(article.url, AddressKind.CANONICAL)
    for kind, address in article.addresses:
        addresses.setdefault(address, kind)
    spellings = dict.fromkeys((*urls.spellings(answered), *urls.spellings(article.url)))
    return Page(
        article=article,
        taken=taken,
        content_hash=prepared.content_hash or text.content_hash(article.text),
        word_count=prepared.word_count or text.word_count(article.text),
        asked=capture.url,
        answered=answered,
        passed=passed,
        addresses=addresses,
        spellings=tuple(address for address in spellings if address not in addresses),
    )


def way(capture: Capture) -> tuple[CanonicalUrl, tuple[CanonicalUrl, ...]]:
    """The address at which a response was found in the end, and those that led there. Raises: nothing."""
    answered = urls.canonical(capture.final_url) or capture.url
    steps = dict.fromkeys(address for url in (capture.url, *capture.redirects) if (address := urls.canonical(url)))
    return answered, tuple(address for address in steps if address != answered)


def decide(page: Page, source_id: SourceId, found: Found) -> Decision:
    """Which article a page is, and what that changes: no input or output, and nothing raised.

    Who answers at an address owns it, whatever is written there later, unless that is another known article. What is
    only claimed (a canonical or AMP link, a redirect, another spelling) counts where the contents resemble each other,
    and never across sources: a site whose pages all name one canonical address would otherwise become a single article,
    and one publisher's page could write over another's.

    Promised, for pages of one source that name no address of another story: in whatever order they come, each address
    ends up with the same pages in one article, which has the text of the page at its own address if that was among
    them; pages that came before change nothing when they come again. Which address is an article's own depends on the
    order only among pages that name none, or name different ones. A page that is found by its text alone (a copy that
    names itself) needs that text to be stored before it. A page of one source changes nothing of an article of another,
    but takes from it an address that it claimed and that turns out to hold another story.
    """
    here = found.by_address.get(page.answered)
    if here is not None and here.article.source_id != source_id and _is_foreign(page, here):
        return Decision(outcome=Outcome.DUPLICATE, known=here.article, url=here.article.url, article=page.article)
    owner = here.article if here is not None and here.kind is AddressKind.FETCHED else None
    known = next(_candidates(page, source_id, found), owner)
    if known is not None:
        return _same(page, known, found)
    claimant = found.by_address.get(page.article.url)
    is_claimed = claimant is not None and claimant.article.source_id == source_id and claimant.kind not in _CERTAIN
    return Decision(
        outcome=Outcome.NEW,
        url=page.article.url if claimant is None else page.answered,
        article=page.article,
        taken_from=here.article if here is not None else None,
        doubted=claimant.article if claimant is not None and is_claimed and page.article.url != page.answered else None,
    )


_CERTAIN = (AddressKind.FETCHED, AddressKind.REDIRECT)
"""What we have seen of an address ourselves; everything else is a claim."""


def _is_foreign(page: Page, here: Match) -> bool:
    """Whether the page is an article of another source, at an address that this one has, or rightly claims."""
    return here.kind is AddressKind.FETCHED or _resembles(page, here.article)


def _candidates(page: Page, source_id: SourceId, found: Found) -> Iterator[Known]:
    """The articles of the source that the page may be by what it says, the likeliest first."""
    for address in (*page.addresses, *page.spellings):
        match = found.by_address.get(address)
        if match is not None and match.article.source_id == source_id and _resembles(page, match.article):
            yield match.article
    for known in found.copies:
        if dedupe.is_copy(page.article.title, page.article.text, known.title):
            yield known
    name = urls.story_name(page.answered) or ""
    for known in found.namesakes:
        telling = name.isdigit() or dedupe.same_title(page.article.title, known.title)
        if telling and name == urls.story_name(known.url) and _resembles(page, known):
            yield known


def _resembles(page: Page, known: Known) -> bool:
    article = page.article
    if page.content_hash == known.content_hash:
        return dedupe.is_copy(article.title, article.text, known.title)
    return dedupe.resembles(article.title, article.text, known.title, known.text)


def _same(page: Page, known: Known, found: Found) -> Decision:
    """The decision about a page that is a known article."""
    here = found.by_address.get(page.answered)
    led = (found.by_address.get(address) for address in (page.answered, *page.passed))
    known_here = any(m.kind is AddressKind.FETCHED and m.article.id == known.id for m in led if m is not None)
    speaks = _speaks(page, known)
    article = _completed(page.article, known)
    decision = Decision(
        outcome=Outcome.UNCHANGED if known_here else Outcome.DUPLICATE,
        known=known,
        url=_own_address(page, known, found) if speaks else known.url,
        article=article,
        is_current=speaks,
        taken_from=here.article
        if here is not None and here.kind is not AddressKind.FETCHED and here.article.id != known.id
        else None,
    )
    if not speaks:
        return decision
    old, new = _states(page, known, article)
    change = revisions.change_of(old, new)
    if change is revisions.Change.COSMETIC:
        return decision
    if _takes_over(page, known) and not revisions.is_announced(old, new):
        return replace(decision, replaces=True)
    silent = revisions.is_silent(old, new)
    return replace(decision, outcome=Outcome.REVISED, change=change, silent=silent)


def _speaks(page: Page, known: Known) -> bool:
    """Whether what the page says is the article's newest state.

    Print, AMP and other presentations differ in trifles. Were each to make a revision, an article would go to and fro
    between them with every crawl. So one address speaks for it: its own, in whatever spelling; else the first that
    answered, and another when that has been lost.
    """
    return _is_at_own_address(page, known) or _voice(known) in (None, page.answered, *page.passed)


def _is_at_own_address(page: Page, known: Known) -> bool:
    return known.url in (page.answered, *page.passed, *urls.spellings(page.answered))


def _voice(known: Known) -> CanonicalUrl | None:
    """The address that speaks for an article, of those that have answered."""
    own = (known.url, *urls.spellings(known.url))
    return next((url for url in known.answering if url in own), next(iter(known.answering), None))


def _takes_over(page: Page, known: Known) -> bool:
    """Whether the article itself has come, for which another presentation has stood in so far."""
    stood_in = known.is_stand_in and _voice(known) not in urls.spellings(known.url)
    return stood_in and _is_at_own_address(page, known)


def _own_address(page: Page, known: Known, found: Found) -> CanonicalUrl:
    """The article's own address: another one once its own leads there, or is lost."""
    named = page.article.url
    if named == known.url or not (known.is_lost or known.url in page.passed):
        return known.url
    owner = found.by_address.get(named)
    if owner is None or owner.article.id == known.id:
        return named
    here = found.by_address.get(page.answered)
    is_free = here is None or here.kind is not AddressKind.FETCHED or here.article.id == known.id
    return page.answered if is_free else known.url


def _completed(article: Article, known: Known) -> Article:
    """The article with what is known of it where the page says nothing, or says it less exactly."""
    published = known if _says_when_better(known, article) else article
    return replace(
        article,
        title=known.title if "title" in not_stated(article) else article.title,
        subtitle=article.subtitle or known.subtitle,
        authors=article.authors or known.authors,
        published_at=published.published_at,
        published_precision=published.published_precision,
        published_offset=published.published_offset,
    )


def _says_when_better(known: Known, article: Article) -> bool:
    """Whether the known time of publication is to be kept, and not the page's."""
    old, new = _published(known), _published(article)
    if old is None or new is None:
        return new is None
    if revisions.is_same_time(old, new):
        return old.exactness >= new.exactness
    return "published_at" in not_stated(article)


def _states(page: Page, known: Known, article: Article) -> tuple[revisions.Content, revisions.Content]:
    """What is known of an article and what its page says now, to be compared.

    What did not come from a page itself was not edited by its publisher when the page says it otherwise; and texts
    with the same hash need not be compared again, but for the signs that it does not see.
    """
    is_same = page.content_hash == known.content_hash and revisions.signs(article.text) == revisions.signs(known.text)
    old = revisions.Content(
        title=article.title if "title" in known.not_stated else known.title,
        subtitle=known.subtitle,
        authors=known.authors,
        published=_published(article if known.published_at is None or "published_at" in known.not_stated else known),
        text=known.text,
        modified_at=known.modified_at,
    )
    new = revisions.Content(
        title=article.title,
        subtitle=article.subtitle,
        authors=article.authors,
        published=_published(article),
        text=known.text if is_same else article.text,
        modified_at=article.modified_at,
    )
    return old, new


def _published(dated: Known | Article) -> revisions.Dated | None:
    if dated.published_at is None:
        return None
    return revisions.Dated(at=dated.published_at, precision=dated.published_precision, offset=dated.published_offset)


def not_stated(article: Article) -> frozenset[str]:
    """The fields of an article whose values its page does not state itself (`NOT_STATED`)."""
    return frozenset(value.field for value in article.fields if value.chosen and value.method in NOT_STATED)
