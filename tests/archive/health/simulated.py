"""Sources made up by dice: what their crawls would leave in the archive while all is well, and with a fault planted."""

import math
import random
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from archive.health.past import Arrival, Listing, Look, Past

BEGIN = datetime(2025, 1, 6, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
HOLIDAYS = (0, 104, 140, 235, 353, 354)
"""Days of the year on which little is published."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What sort of publication it is."""

    name: str
    week: Sequence[float]
    """The articles of each day of the week, on average."""
    hours: tuple[float, float]
    """When they come out: the middle, and how far about it (hours)."""
    every: timedelta
    """How often it is crawled."""
    holidays: float = 1.0
    """The share of articles that there is on a holiday."""


KINDS = (
    Kind(name="weekly", week=(0, 0, 0, 18, 0, 0, 0), hours=(7, 1), every=6 * HOUR),
    Kind(name="daily", week=(9, 8, 8, 8, 9, 5, 0), hours=(5, 1.5), every=6 * HOUR),
    Kind(name="local", week=(3, 3, 4, 3, 4, 1, 0.5), hours=(14, 4), every=DAY),
    Kind(name="blog", week=(0.4, 0.5, 0.3, 0.5, 0.4, 0.1, 0.1), hours=(12, 5), every=DAY),
    Kind(name="hourly", week=(30, 30, 30, 30, 30, 20, 20), hours=(14, 5), every=HOUR),
    Kind(name="agency", week=(120, 120, 120, 120, 110, 70, 60), hours=(14, 5), every=HOUR),
    Kind(name="office", week=(20, 22, 22, 20, 16, 0.3, 0), hours=(12, 3), every=3 * HOUR, holidays=0.3),
)


@dataclass(kw_only=True)
class Simulated:
    """A source, made up day by day with its own habits; from the day `breaks_on` on, `fault` changes what comes."""

    kind: Kind
    seed: int
    days: int
    fault: Callable[["Simulated", Look, list[Arrival]], tuple[Look, list[Arrival]]] | None = None
    breaks_at: datetime | None = None
    looks: list[Look] = field(default_factory=list)
    arrivals: list[Arrival] = field(default_factory=list)
    missing: list[tuple[datetime, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Roll the dice."""
        dice = self.dice = random.Random(f"{self.kind.name} {self.seed}")  # noqa: S311 - seeded dice
        self.no_author, self.no_date = dice.choice((0.02, 0.2, 0.6)), dice.choice((0.0, 0.01, 0.1))
        self.no_text, self.failing, self.gone = dice.uniform(0, 0.08), dice.uniform(0, 0.03), dice.uniform(0, 0.01)
        self.words = dice.choice((180, 350, 700))
        published = self._published()
        crawled, down_until = BEGIN, BEGIN
        at = BEGIN + self.kind.every
        while at <= BEGIN + self.days * DAY:
            if dice.random() < self.kind.every / (90 * DAY):
                down_until = at + dice.expovariate(1 / 3) * HOUR
            elif dice.random() < 0.003:
                down_until = at + HOUR / 2
            new: list[Arrival] = []
            if at < down_until:
                look = Look(at=at, counts={"trouble: connection failed": 1})
            else:
                mine = published[bisect_right(published, crawled) : bisect_right(published, at)]
                look, new = self._crawl(at, mine)
            if self.fault and self.breaks_at and at >= self.breaks_at:
                look, new = self.fault(self, look, new)
            self.looks.append(look)
            self.arrivals += new
            crawled = at if look.heard else crawled
            at += self.kind.every * dice.uniform(0.98, 1.02)

    def _published(self) -> list[datetime]:
        dice, moments = self.dice, []
        for day in range(self.days):
            mean = self.kind.week[day % 7] * (self.kind.holidays if day % 365 in HOLIDAYS else 1.0)
            # days differ by more than chance
            mean *= dice.gammavariate(12, 1 / 12)
            middle, about = self.kind.hours
            for _ in range(poisson(dice, mean)):
                hour = min(23.9, max(0.0, dice.gauss(middle, about)))
                moments.append(BEGIN + day * DAY + hour * HOUR)
        return sorted(moments)

    def _crawl(self, at: datetime, published: Sequence[datetime]) -> tuple[Look, list[Arrival]]:
        dice, counts = self.dice, {"announced": 40, "pages": len(published)}
        new: list[Arrival] = []
        again = poisson(dice, 2.0)
        lost = sum(dice.random() < self.gone for _ in range(again))
        self.missing += [(at, f"https://{self.kind.name}.example/old/{at:%Y%m%d%H%M}/{n}") for n in range(lost)]
        counts |= {"asked again": again, "unchanged": again - lost, "refused: not found": lost}
        for number, moment in enumerate(published):
            if dice.random() < self.failing:
                counts["failed: server error"] = counts.get("failed: server error", 0) + 1
            elif dice.random() < self.no_text:
                counts["refused: no article text"] = counts.get("refused: no article text", 0) + 1
            else:
                new.append(self._article(at, moment, number))
        counts["fetched"] = counts["new"] = len(new)
        counts["fetched"] += again - lost
        return Look(at=at, counts=counts), new

    def _article(self, at: datetime, moment: datetime, number: int) -> Arrival:
        dice = self.dice
        url = f"https://{self.kind.name}.example/{at:%Y/%m/%d/%H%M}/{number}"
        is_dated = dice.random() >= self.no_date
        return Arrival(
            url=url,
            seen_at=at,
            published_at=moment if is_dated else None,
            is_dated=is_dated,
            has_authors=dice.random() >= self.no_author,
            title="Weather" if dice.random() < 0.01 else f"What happened at {url}",
            site_name="The Paper",
            words=max(20, int(dice.lognormvariate(math.log(self.words), 0.6))),
        )

    def past(self, now: datetime, listings: Sequence[Listing] = ()) -> Past:
        """What the archive would know at the time `now`, as far back as `archive.store.health` reads."""
        since = now - 92 * DAY
        looks = [look for look in self.looks if look.at <= now]
        arrivals = [arrival for arrival in self.arrivals if arrival.seen_at <= now]
        heard = next((look.at for look in reversed(looks) if look.heard), now)
        came = arrivals[-1].seen_at if arrivals else now
        return Past(
            source=self.kind.name,
            url=f"https://{self.kind.name}.example/",
            title="The Paper",
            looks=[look for look in looks if look.at >= min(since, heard - 92 * DAY)],
            arrivals=[arrival for arrival in arrivals if arrival.seen_at >= min(since, came - 92 * DAY)],
            missing=[(at, url) for at, url in self.missing if since <= at <= now],
            listings=listings,
        )


def poisson(dice: random.Random, mean: float) -> int:
    """A Poisson count (Knuth's method, in parts that do not underflow)."""
    count = 0
    while mean > 0:
        part = min(mean, 50.0)
        mean, product, limit = mean - part, dice.random(), math.exp(-part)
        while product > limit:
            count, product = count + 1, product * dice.random()
    return count


# --- faults: what they make of a crawl ---


def unreached(trouble: str, more: Mapping[str, int] | None = None) -> Callable[..., tuple[Look, list[Arrival]]]:
    """Nothing is heard any more."""
    return lambda _, look, __: (Look(at=look.at, counts={f"trouble: {trouble}": 1, **(more or {})}), [])


def silent(_: Simulated, look: Look, __: list[Arrival]) -> tuple[Look, list[Arrival]]:
    """The lists are as they were for ever."""
    counts = {key: number for key, number in look.counts.items() if key not in ("new", "fetched", "pages")}
    return Look(at=look.at, counts=counts), []


def rejected(key: str) -> Callable[..., tuple[Look, list[Arrival]]]:
    """All pages come to the same."""

    def fault(_: Simulated, look: Look, new: list[Arrival]) -> tuple[Look, list[Arrival]]:
        counts = {**look.counts, "fetched": look.counts.get("unchanged", 0), "new": 0}
        counts[key] = counts.get(key, 0) + len(new)
        return Look(at=look.at, counts=counts), []

    return fault


def spoiled(**changes: object) -> Callable[..., tuple[Look, list[Arrival]]]:
    """All articles have something wrong."""
    return lambda _, look, new: (look, [replace(arrival, **changes) for arrival in new])


def shortened(_: Simulated, look: Look, new: list[Arrival]) -> tuple[Look, list[Arrival]]:
    """Only the beginning of each text is there."""
    return look, [replace(arrival, words=min(60, arrival.words)) for arrival in new]


def fewer(_: Simulated, look: Look, new: list[Arrival]) -> tuple[Look, list[Arrival]]:
    """One article in five comes."""
    return look, [arrival for arrival in new if hash(arrival.seen_at.toordinal() + len(arrival.url) * 7) % 5 == 0][:1]


def vanishing(paper: Simulated, look: Look, new: list[Arrival]) -> tuple[Look, list[Arrival]]:
    """What is looked at again is not there any more."""
    again = look.counts.get("asked again", 0)
    paper.missing += [(look.at, f"https://{paper.kind.name}.example/gone/{look.at:%d%H%M}/{n}") for n in range(again)]
    return look, new
