"""What a crawl may fetch next, and what became of every address: the table `urls`, seen from one crawl."""

import logging
from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import urljoin

from archive.models import (
    PASSING,
    AddressKind,
    ArticleId,
    Candidate,
    CanonicalUrl,
    CrawlId,
    EndpointKind,
    Link,
    Reason,
    Source,
    UrlState,
)
from archive.revisiting import SOONEST, Plan, is_made_up, lost, most_lost, tells
from archive.settings import Settings, settings_of
from archive.store import Database, absences, articles, captures, crawls, revisits, transaction, urls
from archive.urls import canonical, same_site
from archive.vanishing import missed
from crawler.discovery.articleness import Kind, judge, looks_like_article
from crawler.failures import state_of
from crawler.report import CrawlReport, Met, trouble_of

logger = logging.getLogger(__name__)

BATCH = 200
"""Rows read from the table at a time: enough to keep the downloader busy, few enough that fresh news comes soon."""


def now() -> datetime:
    """The time, in whole seconds, as the archive keeps it."""
    return datetime.now(UTC).replace(microsecond=0)


class Added(NamedTuple):
    """What came of candidates."""

    new: int
    """Addresses that the archive did not know."""
    likely: int
    """Those, known ones among them, that are announced as an article's or look like one."""
    listed: Sequence[tuple[CanonicalUrl, Candidate]]
    """All that may be fetched."""


def _is_likely(url: CanonicalUrl, candidate: Candidate, home: str) -> bool:
    """Many a sitemap lists the sections and the imprint alone: a site is not known by such a list."""
    if candidate.title or candidate.published_at:
        return True
    return judge(Link(url=url, text="", in_navigation=False, in_heading=False), home=home).kind is Kind.ARTICLE


def _believed(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The candidates of a list; without their times of modification where it has made them up."""
    listed = list(candidates)
    if is_made_up([candidate.modified_at for candidate in listed if candidate.modified_at], now()):
        return [replace(candidate, modified_at=None) for candidate in listed]
    return listed


class Frontier:
    """The addresses of one source during one crawl.

    Only `urls` rows are kept for long; in memory are those in flight and one batch of those that come next. An
    interrupted crawl therefore leaves what it did not finish waiting, and the next one goes on from there. With
    `looks_again`, articles that are due are among them.
    """

    def __init__(
        self,
        db: Database,
        source: Source,
        crawl_id: CrawlId,
        *,
        limit: int | None = None,
        since: datetime | None = None,
        only: CanonicalUrl | None = None,
        looks_again: bool = True,
    ) -> None:
        self._db = db
        self._source = source
        self._crawl_id = crawl_id
        self._since = since
        self._left = limit
        self._started = now()
        self._batch: deque[tuple[CanonicalUrl, Candidate]] = deque()
        self._claimed: set[CanonicalUrl] = set()
        self._waits: dict[CanonicalUrl, CanonicalUrl] = {}
        self._drained = False
        self._only = only
        self._is_single = only is not None
        # who names an address means it
        self._settings = settings_of(source.settings) if looks_again else Settings()
        self._looks_again = looks_again
        self.pages = {CanonicalUrl(source.url), CanonicalUrl(urljoin(source.url, "/"))}
        """Pages that are read for their links: an address that redirects to one of them is no article's."""
        self.plan = Plan()
        """How articles are looked at again."""
        self.serves = True
        """False while robots.txt is not read: what is taken now could only fail."""
        urls.reopen(db, source.id, now())
        self._mark = urls.newest_row(db)
        self._waiting_before = urls.count_waiting(db, source.id, now())
        again = revisits.open_due(db, source.id, now()) if looks_again else 0
        self.counts: Counter[str] = Counter({"waiting": self._waiting_before + again, "asked again": again})
        """How many addresses were announced, found (new), fetched …; `waiting` as it stands at this moment."""
        self._wait_again(filter(self._settings.wants, urls.refused(db, source.id, Reason.EXCLUDED)))

    def add(self, candidates: Iterable[Candidate]) -> Added:
        """Take in what a list has. What is plainly no article of the source is recorded with the reason."""
        candidates = _believed(candidates)
        fit: list[tuple[CanonicalUrl, Candidate]] = []
        with transaction(self._db):
            for candidate in candidates:
                self.counts["announced"] += 1
                url = canonical(candidate.url)
                if url is None:
                    logger.debug("event=candidate_unusable url=%r found_in=%s", candidate.url[:200], candidate.found_in)
                elif reason := self._unfit(url):
                    self.counts["found"] += urls.add_refused(
                        self._db, self._source.id, url, candidate, reason=reason, at=now(), crawl_id=self._crawl_id
                    )
                else:
                    fit.append((url, candidate))
            new = urls.add(self._db, self._source.id, fit, now()) if fit else 0
            self._hasten(fit)
        self.counts["found"] += new
        self.counts["waiting"] += new
        self._drained = self._drained and not new
        likely = sum(_is_likely(url, candidate, self._source.url) for url, candidate in fit)
        return Added(new=new, likely=likely, listed=fit)

    def _hasten(self, listed: Sequence[tuple[CanonicalUrl, Candidate]]) -> None:
        """Let articles wait that were modified since they were last seen, as a list says."""
        modified = [(url, candidate.modified_at) for url, candidate in listed if candidate.modified_at]
        if modified and tells([moment for _, moment in modified], now()):
            revisits.hasten(self._db, modified, seen_before=self._started, soonest=SOONEST)
            self._open_due()

    def compare(self, listing: str, kind: EndpointKind, listed: Sequence[tuple[CanonicalUrl, Candidate]]) -> None:
        """Let articles wait that a list no longer has, though it still has older ones: they may be gone."""
        there = {url for url, _ in listed}
        with transaction(self._db):
            before = revisits.listed_before(self._db, self._source.id, kind, listing)
            missing = lost(before, there)
            if missing and len(missing) <= most_lost(len(there)):
                revisits.unlisted(self._db, missing, now())
                self._open_due()
            revisits.listed(self._db, self._source.id, kind, listing, there)

    def _open_due(self) -> None:
        again = revisits.open_due(self._db, self._source.id, now())
        self.counts["asked again"] += again
        self.counts["waiting"] += again
        self._drained = self._drained and not again

    def take_missed(self) -> tuple[CanonicalUrl, Candidate] | None:
        """An address at which this crawl has missed an article that is to be looked for at once; None for none.

        Others follow by `take`.
        """
        if not self._looks_again or self._left == 0:
            return None
        self.counts["waiting"] += (again := revisits.open_missed(self._db, self._crawl_id, now()))
        self._drained = self._drained and not again
        return self.take()

    def _unfit(self, url: CanonicalUrl) -> Reason | None:
        if not same_site(url, self._source.url):
            return Reason.OFF_SITE
        if not looks_like_article(url):
            return Reason.NOT_ARTICLE_URL
        return None if self._settings.wants(url) else Reason.EXCLUDED

    def take(self) -> tuple[CanonicalUrl, Candidate] | None:
        """The next address to fetch, the newest first; None when there is none at the moment."""
        if not self.has_waiting():
            return None
        url, candidate = self._batch.popleft()
        self.counts["waiting"] -= 1
        self._left = self._left if self._left is None else self._left - 1
        return url, candidate

    def has_waiting(self) -> bool:
        """Whether `take` would give an address."""
        if not self.serves:
            return False
        if self._only is not None and self._is_taken_down(self._only):
            self._only = None
            self._drained = True
        if self._only is not None:
            self._ask_for(self._only)
            self._only, self._drained = None, True
        if self._left == 0:
            return False
        while not self._batch and not self._drained:
            rows = urls.next_waiting(
                self._db, self._source.id, at=now(), limit=BATCH, skip=self._claimed, since=self._since
            )
            self._claimed.update(url for url, _ in rows)
            self._drained = not rows
            for row in rows:
                if self._settings.wants(row[0]):
                    self._batch.append(row)
                else:  # found, or fetched, before the operator excluded it
                    self.counts["waiting"] -= 1
                    self.settle(row[0], UrlState.REFUSED, Reason.EXCLUDED)
        return bool(self._batch)

    def _ask_for(self, url: CanonicalUrl) -> None:
        """Put an address before all others, whatever is known of it."""
        row = urls.get(self._db, url)
        if row is not None and row.state is not UrlState.WAITING:
            self.counts["asked again"] += 1
        self._batch.append((url, Candidate(url=url, found_in=url, kind=EndpointKind.SECTION)))
        urls.add(self._db, self._source.id, self._batch, now())

    def reconsider(self, origin: str, allowed: Callable[[str], bool]) -> None:
        """Let addresses wait again that robots.txt has forbidden, and that the one of `origin` allows by now."""
        refused = urls.refused(self._db, self._source.id, Reason.ROBOTS)
        self._wait_again(url for url in refused if url.startswith(f"{origin}/") and allowed(url))

    def _wait_again(self, refused: Iterable[CanonicalUrl]) -> None:
        again = list(refused)
        if again:
            urls.wait_again(self._db, again)
            self.counts["asked again"] += len(again)
            self.counts["waiting"] += len(again)
            self._drained = self._is_single

    def claim(self, url: CanonicalUrl, target: CanonicalUrl) -> bool:
        """Whether `url`, redirected to `target`, may be followed there: not if `target` was or is being fetched.

        Where it may not, `url` is settled as another address of whatever `target` is: an article, or nothing.
        """
        row = urls.get(self._db, target)
        if target in self.pages:
            self._alias(url, None)
            return False
        if target in self._claimed and not self._release(target):
            self._wait_for(url, target)
            return False
        own = urls.get(self._db, url)
        article_id = own.article_id if own is not None else None
        is_settled = row is not None and row.state in (UrlState.FETCHED, UrlState.REFUSED)
        if row is not None and is_settled and (article_id is None or row.article_id != article_id):
            self._alias(url, row.article_id)
            return False
        self._claimed.add(target)
        return True

    def _is_taken_down(self, url: CanonicalUrl) -> bool:
        row = urls.get(self._db, url)
        return row is not None and row.reason == Reason.TAKEN_DOWN

    def _release(self, url: CanonicalUrl) -> bool:
        """Take a URL out of the batch read ahead, if it is there: its redirecting twin has come first."""
        for entry in self._batch:
            if entry[0] == url:
                self._batch.remove(entry)
                return True
        return False

    def _wait_for(self, url: CanonicalUrl, target: CanonicalUrl) -> None:
        """Settle `url` when `target`, which is in flight, is settled; both at once if that waits for `url` in turn."""
        chain, last = [url], target
        while last in self._waits:
            chain.append(last)
            last = self._waits[last]
        if last != url:
            self._waits[url] = target
            return
        for address in chain:
            self._waits.pop(address, None)
        for address in chain:
            self.settle(address, UrlState.REFUSED, Reason.REDIRECT_LOOP)

    def _alias(self, url: CanonicalUrl, article_id: ArticleId | None) -> None:
        if article_id is None:
            self.settle(url, UrlState.REFUSED, Reason.REDIRECT_KNOWN)
            return
        at = captures.redirected_at(self._db, url) or now()
        articles.add_addresses(self._db, article_id, [(AddressKind.REDIRECT, url)], at)
        self.settle(url, UrlState.FETCHED, Reason.REDIRECT_KNOWN, article_id=article_id)

    def settle(
        self,
        url: CanonicalUrl,
        state: UrlState,
        reason: Reason,
        *,
        article_id: ArticleId | None = None,
    ) -> None:
        """Record what became of an address that brought no capture."""
        if state is UrlState.FAILED:
            urls.fail(self._db, url, reason, crawl_id=self._crawl_id, at=now())
        else:
            urls.settle(
                self._db,
                url,
                state=state,
                reason=reason,
                article_id=article_id,
                crawl_id=self._crawl_id,
                at=now(),
            )
            missed(self._db, url, reason, at=now(), plan=self.plan, article_id=article_id)
        self.done(url, article_id, reason=reason)

    def shut(self) -> None:
        """Serve no more addresses in this crawl; they stay waiting for the next."""
        self._left = 0
        self._only = None

    def knows(self, url: CanonicalUrl) -> bool:
        """Whether the address was ever announced, or met on the way."""
        return urls.get(self._db, url) is not None

    def fail(self, url: CanonicalUrl, reason: Reason, *chain: CanonicalUrl) -> None:
        """Record that an address could not be fetched, and when to try again if that may help.

        `chain` are the addresses that it was redirected through.
        """
        state = state_of(reason)
        self.settle(url, state, reason)
        self.counts["errors"] += state is UrlState.FAILED
        self.done(url, None, *chain, reason=reason)

    def done(
        self,
        url: CanonicalUrl,
        article_id: ArticleId | None,
        *others: CanonicalUrl,
        reason: Reason | None = None,
    ) -> None:
        """Let go of an address (and those it was redirected through) that the archive has recorded.

        What waits for one of them is another address of the article; where it failed for a passing `reason`, it has
        failed as well.
        """
        for address in (url, *others):
            self._claimed.discard(address)
            for alias in [alias for alias, target in self._waits.items() if target == address]:
                del self._waits[alias]
                if reason in PASSING:
                    self.fail(alias, reason)
                else:
                    self._alias(alias, article_id)

    def close(self, outcome: str, met: Met | None = None) -> CrawlReport:
        """End the crawl: its row in `crawls` gets the outcome and the counts, and they are given back.

        `met` is what it met where it asked what is new; None where it did not.
        """
        counts = {key: number for key, number in self.counts.items() if key != "waiting"}
        counts["waiting_before"] = self._waiting_before
        counts["found"] = urls.count_since(self._db, self._source.id, self._mark)
        counts["waiting_after"] = urls.count_waiting(self._db, self._source.id, now())
        if met and (trouble := trouble_of(met, counts, outcome)):
            counts[f"trouble: {trouble}"] = 1
        if self._since:
            counts["waiting_older"] = urls.count_waiting(self._db, self._source.id, now(), before=self._since)
        for (state, reason), number in urls.counts(self._db, self._crawl_id).items():
            counts[f"{state}: {reason}" if reason else str(state)] = number
            if state is UrlState.WAITING:
                counts["waiting_after"] -= number
        counts["gone"], counts["back"] = absences.since(self._db, self._source.id, self._started)
        crawls.finish(self._db, self._crawl_id, at=now(), outcome=outcome, counts=counts)
        return CrawlReport(
            source=self._source,
            outcome=outcome,
            seconds=(now() - self._started).total_seconds(),
            counts=counts,
        )
