"""Whether sources are crawled as well as they used to be: what each was, against what it is. Pure.

No threshold is set for a site: each is compared with its own past, at one rate of false alarms for all
(docs/health.md).
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from statistics import median

from archive.health import odds, quality
from archive.health.alarms import FALSE_ALARMS, HISTORY, OUTAGES_TOLD, Alarm, alarm, length
from archive.health.causes import NETWORK, OUR_NETWORK, Ailment, Cause, of_unreached
from archive.health.past import Look, Past
from archive.health.rhythm import pause
from archive.when import stamp

SHORTEST_PAUSE = timedelta(days=1)
"""Nobody is called for less than a day without news."""
LEAST_WEEKS = 4
HALVED = 0.5
"""Fewer articles are worth a word when they are half of what is usual."""
CLOCK_TOLERANCE = timedelta(minutes=5)

_HOUR, _DAY, _WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)


def examine(past: Past, now: datetime) -> list[Alarm]:
    """What is wrong with a source, the gravest first. Raises: nothing.

    While it cannot be reached, nothing is said of its articles.
    """
    unreached = _unreached(past)
    rest = [] if unreached else [*_nothing_new(past), *quality.examine(past)]
    return [*_clock(past, now), *_not_crawled(past, now), *unreached, *rest]


def examine_all(pasts: Sequence[Past], now: datetime) -> dict[str, list[Alarm]]:
    """The same of several sources, by name. Raises: nothing.

    Where none of three or more could be reached, it is this machine's network that is to blame.
    """
    found = {past.source: examine(past, now) for past in pasts}
    last = [past.looks[-1] for past in pasts if past.looks]
    if len(last) < 3 or any(look.heard or look.trouble not in NETWORK for look in last):
        return found
    return {source: [_ours(a) if a.ailment is Ailment.NOT_REACHED else a for a in of] for source, of in found.items()}


def _ours(unreached: Alarm) -> Alarm:
    return replace(unreached, cause=OUR_NETWORK.told, help=OUR_NETWORK.help)


def _clock(past: Past, now: datetime) -> Iterable[Alarm]:
    """A crawl of the future."""
    if past.looks and past.looks[-1].at > now + CLOCK_TOLERANCE:
        last = past.looks[-1].at
        cause = Cause("this machine's clock was ahead, or is slow now", "date -u; timedatectl status")
        told = f"the last crawl ended at {stamp(last)}, and it is {stamp(now)}"
        yield alarm(past, Ailment.CLOCK, now=told, then="", since=last, chance=0.0, cause=cause)


def _not_crawled(past: Past, now: datetime) -> Iterable[Alarm]:
    """Crawls that do not come when they used to: a pause in their rhythm."""
    if not past.looks:
        return
    last = past.looks[-1].at
    begin = max(past.looks[0].at, last - HISTORY)
    found = pause([look.at for look in past.looks], begin=begin, end=now)
    if found and now - last >= SHORTEST_PAUSE and found.chance <= FALSE_ALARMS / found.a_year:
        yield alarm(
            past,
            Ailment.NOT_CRAWLED,
            now=f"no crawl for {length(now - last)}",
            then=f"the longest pause before was {length(found.longest)}",
            since=last,
            chance=found.chance,
        )


def _unreached(past: Past) -> list[Alarm]:
    """Crawls that hear nothing: how often that begins with this source, and how long it lasts."""
    failing = 0
    while failing < len(past.looks) and not past.looks[-1 - failing].heard:
        failing += 1
    if not failing:
        return []
    run = past.looks[-failing:]
    before = [look for look in past.looks[:-failing] if look.at >= run[0].at - HISTORY]
    outages = _outages(before)
    heard = sum(look.heard for look in before)
    chance = odds.jeffreys(len(outages), heard) * odds.outage_tail((run[-1].at - run[0].at) / _HOUR, outages)
    days = (before[-1].at - before[0].at) / _DAY if before else 0.0
    a_year = len(before) / days * 365 if days >= 1 else 365.0
    if before and chance > OUTAGES_TOLD / max(1.0, a_year):
        return []
    trouble = run[-1].trouble or "nothing came"
    crawls = f"the last {failing} crawls" if failing > 1 else "the last crawl"
    return [
        alarm(
            past,
            Ailment.NOT_REACHED,
            now=f"nothing heard in {crawls}: {trouble}",
            then=f"heard in {heard} of {len(before)} crawls before" if before else "never heard before",
            since=run[0].at,
            chance=chance,
            cause=of_unreached(trouble, told_to_wait=any(look.counts.get("told to wait") for look in run)),
        )
    ]


def _outages(looks: Sequence[Look]) -> list[float]:
    """How long each earlier time lasted in which nothing was heard, in hours: to the first crawl that heard again."""
    outages: list[float] = []
    began: datetime | None = None
    for look in looks:
        if not look.heard:
            began = began or look.at
        elif began is not None:
            outages.append((look.at - began) / _HOUR)
            began = None
    return outages


def _nothing_new(past: Past) -> list[Alarm]:
    """A pause between articles up to the last crawl that heard something; else fewer in a week than before."""
    heard = [look.at for look in past.looks if look.heard]
    if not past.arrivals or not heard:
        return []
    moments = sorted(arrival.at for arrival in past.arrivals)
    # of what came out before the source was followed only the newest is known, as lists keep no more
    begin, end = max(heard[0], moments[-1] - HISTORY), heard[-1]
    found = pause(moments, begin=begin, end=end)
    if found is None or end - found.since < SHORTEST_PAUSE or found.chance > FALSE_ALARMS / found.a_year:
        return _fewer(past, moments, begin=max(heard[0], end - HISTORY - _WEEK), end=end)
    return [
        alarm(
            past,
            Ailment.NOTHING_NEW,
            now=f"nothing new for {length(end - found.since)}",
            then=f"the longest pause before was {length(found.longest)}",
            since=found.since,
            chance=found.chance,
            examples=[max(past.arrivals, key=lambda arrival: arrival.at).url],
        )
    ]


def _fewer(past: Past, moments: Sequence[datetime], *, begin: datetime, end: datetime) -> list[Alarm]:
    """The last seven days against the weeks before."""
    weeks = [
        sum(end - _WEEK * (n + 1) < at <= end - _WEEK * n for at in moments) for n in range((end - begin) // _WEEK)
    ]
    if len(weeks) <= LEAST_WEEKS:
        return []
    chance, usual = odds.low_tail(weeks[0], weeks[1:]), median(weeks[1:])
    if chance > FALSE_ALARMS / 52 or weeks[0] > HALVED * usual:
        return []
    return [
        alarm(
            past,
            Ailment.FEWER_ARTICLES,
            now=f"{weeks[0]:,} new articles in 7 days",
            then=f"{usual:g} in a week before (median of {len(weeks) - 1})",
            since=end - _WEEK,
            chance=chance,
        )
    ]
