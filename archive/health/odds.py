"""How likely it is that what was seen came about if all is as it was before: tails of a few distributions. Pure."""

import math
from collections.abc import Sequence
from statistics import NormalDist, median

_NORMAL = NormalDist()
MAD_TO_SIGMA = 1.4826
"""What the median absolute deviation of normal values is multiplied by to be their standard deviation."""

OUTAGES_BEFORE, HOURS_BEFORE = 2.0, 6.0
"""What is believed of outages before a source has had one: two, of six hours together. A weak belief: some ten outages
of its own outweigh it."""


def jeffreys(hits: float, trials: float) -> float:
    """The estimate of a share after so many hits, never quite 0 or 1: the mean under Jeffreys' prior, Beta(½, ½).

    Raises: nothing.
    """
    return (hits + 0.5) / (trials + 1.0)


def dispersion(groups: Sequence[tuple[int, int]]) -> float:
    """How much more groups of (hits, trials) differ than chance would have them; 1 for chance alone.

    Pearson's chi-squared over its degrees of freedom (McCullagh and Nelder, Generalized Linear Models, 4.5), at
    least 1. Raises: nothing.
    """
    full = [(hits, trials) for hits, trials in groups if trials > 0]
    if len(full) < 2:
        return 1.0
    share = jeffreys(sum(hits for hits, _ in full), sum(trials for _, trials in full))
    squares = sum((hits - trials * share) ** 2 / (trials * share * (1 - share)) for hits, trials in full)
    return max(1.0, squares / (len(full) - 1))


def share_tail(hits: int, trials: int, before: Sequence[tuple[int, int]]) -> float:
    """The chance of at least so many hits, where the groups `before` say how many there use to be.

    The beta-binomial distribution, that is the binomial one with a share that is known from `before` only (Jeffreys'
    prior); with all counts divided by the `dispersion` of the groups. Raises: nothing.
    """
    if hits <= 0 or trials <= 0:
        return 1.0
    spread = dispersion(before)
    known_hits, known_trials = (sum(column) / spread for column in zip(*before, strict=True)) if before else (0.0, 0.0)
    counted = max(1, round(trials / spread))
    least = max(1, math.floor(hits * counted / trials))
    a, b = known_hits + 0.5, known_trials - known_hits + 0.5
    whole = _log_beta(a, b)
    logs = (
        math.lgamma(counted + 1)
        - math.lgamma(n + 1)
        - math.lgamma(counted - n + 1)
        + _log_beta(n + a, counted - n + b)
        - whole
        for n in range(least, counted + 1)
    )
    return min(1.0, math.fsum(map(math.exp, logs)))


def _log_beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)


def outage_tail(hours: float, outages: Sequence[float]) -> float:
    """The chance that an outage lasts so many hours at least, where earlier ones lasted as long as `outages` say.

    The Lomax distribution: exponential durations of a mean that is known from the earlier ones only, and from
    `OUTAGES_BEFORE` and `HOURS_BEFORE` (a gamma prior). Raises: nothing.
    """
    known = HOURS_BEFORE + math.fsum(outages)
    return float((1.0 + max(0.0, hours) / known) ** -(OUTAGES_BEFORE + len(outages)))


def low_tail(value: float, before: Sequence[float]) -> float:
    """The chance of a count as low as `value`, where the counts `before` say what is usual; 1 for fewer than three.

    Counts are made alike in spread (Anscombe 1948), and compared with their median and median absolute deviation, as
    these do not mind a few odd ones; the spread is never taken for less than that of chance (Poisson). The tail is
    Student's, as the spread is an estimate. Raises: nothing.
    """
    if len(before) < 3:
        return 1.0
    usual = [2.0 * math.sqrt(count + 0.375) for count in before]
    middle = median(usual)
    spread = max(1.0, MAD_TO_SIGMA * median(abs(count - middle) for count in usual))
    distance = (middle - 2.0 * math.sqrt(max(0.0, value) + 0.375)) / (spread * math.sqrt(1.0 + 1.0 / len(usual)))
    return student_tail(distance, len(usual) - 1)


def student_tail(t: float, freedom: int) -> float:
    """The chance that Student's t is greater, from the normal distribution (Wallace 1959). Raises: nothing."""
    z = math.sqrt(freedom * math.log1p(t * t / freedom)) * (8 * freedom + 1) / (8 * freedom + 3)
    return 1.0 - _NORMAL.cdf(math.copysign(z, t))


def smaller_tail(values: Sequence[float], before: Sequence[float]) -> float:
    """The chance that `values` are as much smaller than those `before`: the rank test of Mann and Whitney (1947).

    By the normal distribution, with the correction for ties; 1 where either has fewer than five. Raises: nothing.
    """
    n, m = len(values), len(before)
    if min(n, m) < 5:
        return 1.0
    order = sorted([(value, 0) for value in values] + [(value, 1) for value in before])
    rank_sum, ties, start = 0.0, 0.0, 0
    while start < len(order):
        end = start
        while end < len(order) and order[end][0] == order[start][0]:
            end += 1
        rank_sum += sum(1 for _, side in order[start:end] if side == 0) * (start + end + 1) / 2
        ties += (end - start) ** 3 - (end - start)
        start = end
    whole = n + m
    variance = n * m / 12 * (whole + 1 - ties / (whole * (whole - 1)))
    if variance <= 0:
        return 1.0
    statistic = rank_sum - n * (n + 1) / 2
    return _NORMAL.cdf((statistic + 0.5 - n * m / 2) / math.sqrt(variance))
