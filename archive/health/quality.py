"""Whether what a source's pages give is what they used to give: shares and lengths against the source's own. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from statistics import median
from typing import NamedTuple

from archive.health import odds
from archive.health.alarms import FALSE_ALARMS, HISTORY, OUTAGES_TOLD, Alarm, alarm
from archive.health.causes import NOT_ASKED, PAGES, Ailment
from archive.health.past import Arrival, Look, Past
from archive.models import Reason

WINDOWS = (1, 2, 4, 8, 16, 32)
"""Days over which the present is taken together: few name a fault soon where much is published, more have enough where
little is, and what has lasted for a while is not measured by itself."""
LEAST_GROUPS, LEAST_TRIALS = 4, 20
"""Crawls or days, and pages or articles in them, below which nothing is known of a source's shares."""
GROWTH, POINTS = 2.0, 0.1
"""What is worth a word: a share that has grown by ten points, and its odds doubled, as a thousand articles a day would
make the smallest change certain; the same for all sites."""
SHRUNK = 2 / 3
"""Likewise for texts."""
SAME_TITLES = 3
"""So many articles of a day with one title have the title of the site; two may be a column and its sequel."""

_AHEAD = timedelta(hours=1)
_DAY = timedelta(days=1)


class Group(NamedTuple):
    """So many of the pages of a crawl, or of the articles of a day."""

    at: datetime
    hits: int
    trials: int


def examine(past: Past) -> list[Alarm]:
    """What is worse than it was in the pages and articles of a source. Raises: nothing."""
    return [
        found
        for check in (_pages, _articles, _shorter, _gone, _listings)
        for found in check(past)  # each is about something else
    ]


def _pages(past: Past) -> Iterable[Alarm]:
    """Shares of the pages that were asked for, by what became of them."""
    for ailment, reasons in PAGES.items():
        groups = [_pages_of(look, reasons, ailment) for look in past.looks if look.heard]
        shown = [url for reason in sorted(reasons) for url in past.examples.get(reason, ())]
        yield from _share(past, ailment, groups, "pages", [(None, url) for url in shown])


def _pages_of(look: Look, reasons: frozenset[Reason], ailment: Ailment) -> Group:
    """A crawl's pages; what is as it was says something of the server, and nothing of how pages are read."""
    hits = trials = 0
    for key, number in look.counts.items():
        state, _, reason = key.partition(": ")
        if state in ("fetched", "refused", "failed") or (state == "waiting" and reason):
            trials += number if reason not in NOT_ASKED else 0
            hits += number if reason in reasons else 0
    if ailment in (Ailment.NO_TEXT, Ailment.WALLED, Ailment.NO_ARTICLES):
        trials -= look.counts.get("unchanged", 0)
    return Group(look.at, hits, max(hits, trials))


def _articles(past: Past) -> Iterable[Alarm]:
    """Shares of the articles that came, by what is wrong with them."""
    names = {name.casefold() for name in (past.title, *(a.site_name for a in past.arrivals)) if name}
    titles = Counter((a.title, a.seen_at.date()) for a in past.arrivals)

    def has_site_title(arrival: Arrival) -> bool:
        return arrival.title.casefold() in names or titles[arrival.title, arrival.seen_at.date()] >= SAME_TITLES

    checks: tuple[tuple[Ailment, Callable[[Arrival], bool]], ...] = (
        (Ailment.NO_AUTHORS, lambda a: not a.has_authors),
        (Ailment.NO_DATES, lambda a: not a.is_dated),
        (Ailment.SITE_TITLES, has_site_title),
        (Ailment.CLOCK, lambda a: a.published_at is not None and a.published_at > a.seen_at + _AHEAD),
    )
    for ailment, is_hit in checks:
        hit = [arrival for arrival in past.arrivals if is_hit(arrival)]
        groups = _by_day([a.seen_at for a in hit], [a.seen_at for a in past.arrivals])
        yield from _share(past, ailment, groups, "articles", [(a.seen_at, a.url) for a in reversed(hit)])


def _gone(past: Past) -> Iterable[Alarm]:
    """Articles that are missing, among those that were looked at again."""
    asked = [look.at for look in past.looks for _ in range(look.counts.get("asked again", 0))]
    groups = _by_day([at for at, _ in past.missing], asked)
    yield from _share(past, Ailment.GONE, groups, "articles that were looked at again", past.missing[::-1])


def _by_day(hits: Sequence[datetime], trials: Sequence[datetime]) -> list[Group]:
    last: dict[date, datetime] = {}
    for moment in sorted([*hits, *trials]):
        last[moment.date()] = moment
    hit, tried = Counter(at.date() for at in hits), Counter(at.date() for at in trials)
    return [Group(at, hit[day], max(hit[day], tried[day])) for day, at in last.items()]


def _share(
    past: Past,
    ailment: Ailment,
    groups: Sequence[Group],
    things: str,
    shown: Sequence[tuple[datetime | None, str]],
) -> Iterable[Alarm]:
    """An alarm where a share has grown beyond what the groups before would have by chance (`odds.share_tail`).

    `shown` are addresses to show, the newest first, each with its time if that matters.
    """
    groups = [group for group in groups if group.trials]
    if not groups:
        return
    end = groups[-1].at
    for days in WINDOWS:
        span = days * _DAY
        recent = [group for group in groups if group.at > end - span]
        before = [group for group in groups if end - span - HISTORY < group.at <= end - span]
        hits, trials = (sum(column) for column in zip(*((g.hits, g.trials) for g in recent), strict=True))
        known_hits, known = sum(group.hits for group in before), sum(group.trials for group in before)
        if not hits or len(before) < LEAST_GROUPS or known < LEAST_TRIALS:
            continue
        share, usual = hits / trials, known_hits / known
        if share * (1 - usual) < GROWTH * usual * (1 - share) or share < usual + POINTS:
            continue
        chance = odds.share_tail(hits, trials, [(group.hits, group.trials) for group in before])
        if chance <= _bar(days):
            yield alarm(
                past,
                ailment,
                now=f"{hits:,} of {trials:,} {things} ({share:.0%})",
                then=f"{known_hits:,} of {known:,} before ({usual:.1%})",
                since=_turn(groups, (share + usual) / 2),
                chance=chance,
                examples=[url for at, url in shown if at is None or at > end - span],
            )
            return


def _bar(days: int) -> float:
    """The chance below which a window of so many days is told: all windows of a year share in the false alarms."""
    return FALSE_ALARMS * days / 365 / len(WINDOWS)


def _turn(groups: Sequence[Group], least: float) -> datetime | None:
    """The first of the last groups that all have a share of at least so much."""
    since = None
    for group in reversed(groups):
        if group.hits < least * group.trials:
            break
        since = group.at
    return since


def _shorter(past: Past) -> Iterable[Alarm]:
    """Texts that are shorter than they were (`odds.smaller_tail`)."""
    if not past.arrivals:
        return
    end = past.arrivals[-1].seen_at
    for days in WINDOWS:
        span = days * _DAY
        recent = [a for a in past.arrivals if a.seen_at > end - span]
        before = [a for a in past.arrivals if end - span - HISTORY < a.seen_at <= end - span]
        if len(before) < LEAST_TRIALS or not recent:
            continue
        words, usual = median(a.words for a in recent), median(a.words for a in before)
        chance = odds.smaller_tail([a.words for a in recent], [a.words for a in before])
        if words <= SHRUNK * usual and chance <= _bar(days):
            shortest = sorted(recent, key=lambda a: a.words)
            yield alarm(
                past,
                Ailment.SHORTER,
                now=f"{words:,.0f} words (median of {len(recent):,})",
                then=f"{usual:,.0f} before (median of {len(before):,})",
                since=recent[0].seen_at,
                chance=chance,
                examples=[a.url for a in shortest],
            )
            return


def _listings(past: Past) -> Iterable[Alarm]:
    """Feeds and sitemaps that brought articles and fail: how often that begins, how long it lasts."""
    for listing in past.listings:
        if not listing.failures or not listing.last_good_at or not listing.first_good_at or not listing.last_checked_at:
            continue
        days = max(1.0, (listing.last_good_at - listing.first_good_at) / _DAY)
        a_year = max(1.0, listing.good / days * 365)
        silent = listing.last_checked_at - listing.last_good_at
        # the first of the failures came about an interval after the last good answer
        hours = silent / timedelta(hours=1) * (listing.failures - 1) / listing.failures
        chance = odds.jeffreys(0, listing.good) * odds.outage_tail(hours, [])
        if chance <= OUTAGES_TOLD / a_year:
            yield alarm(
                past,
                Ailment.LIST_FAILING,
                now=f"failed {listing.failures} times in a row: {listing.error}",
                then=f"answered well {listing.good:,} times before",
                since=listing.last_good_at,
                chance=chance,
                examples=[listing.url],
            )
