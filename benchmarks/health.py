"""How often a healthy source gives a false alarm, and how soon each fault is named: sources made up by dice.

`python benchmarks/health.py [PAPERS]`; each of the seven kinds of publication that many times, a year each, looked at
twice a day; four times for the delays. Seeded: the numbers are the same each time.
"""

import resource
import sys
from collections import Counter
from datetime import timedelta
from statistics import median

from archive.health.causes import Ailment
from archive.health.examining import examine
from archive.models import Reason
from tests.archive.health import simulated as made

STEP, FINE_STEP = timedelta(hours=12), timedelta(hours=6)
BEFORE, YEAR = 84, 365
FAULTS = {
    Ailment.NOT_REACHED: made.unreached(Reason.DNS),
    Ailment.NOTHING_NEW: made.silent,
    Ailment.FEWER_ARTICLES: made.fewer,
    Ailment.NO_TEXT: made.rejected("refused: no article text"),
    Ailment.WALLED: made.rejected("refused: login, consent or pay wall"),
    Ailment.REFUSED: made.rejected("failed: refused by the server"),
    Ailment.SERVER_ERRORS: made.rejected("failed: server error"),
    Ailment.NO_AUTHORS: made.spoiled(has_authors=False),
    Ailment.NO_DATES: made.spoiled(is_dated=False, published_at=None),
    Ailment.SITE_TITLES: made.spoiled(title="The Paper"),
    Ailment.SHORTER: made.shortened,
    Ailment.GONE: made.vanishing,
}


def false_alarms(papers: int) -> None:
    for kind in made.KINDS:
        begun: Counter[Ailment] = Counter()
        for seed in range(papers):
            paper = made.Simulated(kind=kind, seed=seed, days=BEFORE + YEAR)
            ringing: set[Ailment] = set()
            now = made.BEGIN + BEFORE * made.DAY
            while now < made.BEGIN + (BEFORE + YEAR) * made.DAY:
                found = {alarm.ailment for alarm in examine(paper.past(now), now)}
                begun.update(found - ringing)
                ringing = found
                now += STEP
        said = ", ".join(f"{number} {ailment}" for ailment, number in begun.most_common())
        print(f"{kind.name:<8} {papers} years: {sum(begun.values())} alarms ({said})", flush=True)


def delays(papers: int) -> None:
    for ailment, fault in FAULTS.items():
        row = []
        for kind in made.KINDS:
            hours = []
            for seed in range(papers):
                at = made.BEGIN + (BEFORE + seed) * made.DAY + 9 * made.HOUR
                paper = made.Simulated(kind=kind, seed=seed, days=BEFORE + 80, fault=fault, breaks_at=at)
                hours.append(_named_after(paper, ailment))
            named = [hour for hour in hours if hour is not None]
            row.append(
                f"{kind.name} {median(named) / 24:.1f}" + (f" ({len(named)}/{papers})" if len(named) < papers else "")
                if named
                else f"{kind.name} never"
            )
        print(f"{ailment:<24} days until named: {', '.join(row)}", flush=True)


def _named_after(paper: made.Simulated, ailment: Ailment) -> float | None:
    now = broken = paper.breaks_at or made.BEGIN
    while now < made.BEGIN + paper.days * made.DAY:
        if any(alarm.ailment is ailment for alarm in examine(paper.past(now), now)):
            return (now - broken) / made.HOUR
        now += FINE_STEP
    return None


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    delays(min(count, 3))
    false_alarms(count)
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(f"{used.ru_utime + used.ru_stime:.0f} s of CPU")
