"""Descriptives against each other: min, max, mean and SD of one variable.

Belongs here: what n numbers with a given smallest, largest and mean can look like.
"""

from collections.abc import Iterator
from math import inf

from assets.extracts.cards.paper_card import Limits
from assets.papers.audit.audit_rows import Finding
from assets.papers.audit.judgement import judged, row
from assets.papers.audit.printed_paper import Paper, Printed
from assets.papers.audit.rounding.interval import Interval


def descriptives_findings(paper: Paper) -> Iterator[Finding]:
    """Test every variable's min, max, mean and SD; skips what is not printed.

    Of n numbers one is the minimum and one the maximum, so the other n - 2 lie between:
    (max + (n-1) min)/n ≤ mean ≤ (min + (n-1) max)/n. The SD is smallest with these n - 2 at one
    point and largest with all but one at the ends (Bhatia and Davis 2000, American Mathematical
    Monthly 107, 353-357: variance ≤ (max - mean)(mean - min)). Both divisors, n and n - 1, are
    allowed.
    """
    for table in paper.tables("descriptives"):
        for term in dict.fromkeys(x.term for x in table):
            found = {x.statistic: x for x in table if x.term == term}
            if {"min", "max", "mean"} <= found.keys():
                yield from _order(paper.pair_n.high, found)
                if "sd" in found:
                    yield _possible_sd(paper.pair_n, found)


def _order(n: int, found: dict[str, Printed]) -> Iterator[Finding]:
    low, high, mean = (found[name].range for name in ("min", "max", "mean"))
    n_means = mean.scaled(n)
    bounds = {
        "min": (n_means - high.scaled(n - 1), (n_means - high).scaled(1 / (n - 1))),
        "mean": (_weighted(high, low, n), _weighted(low, high, n)),
        "max": ((n_means - low).scaled(1 / (n - 1)), n_means - low.scaled(n - 1)),
    }
    for statistic, (least, most) in bounds.items():
        printed = found[statistic]
        yield judged(
            "min_mean_max",
            printed,
            Interval(least.low, most.high),
            f"No {n} numbers have this minimum, mean and maximum of {printed.term}: one of the "
            "three is misprinted, and every result in its unit is in doubt.",
        )


def _weighted(one: Interval, others: Interval, n: int) -> Interval:
    """Mean of n numbers, one of them apart."""
    return (one + others.scaled(n - 1)).scaled(1 / n)


def _possible_sd(count: Limits, found: dict[str, Printed]) -> Finding:
    """The spread is largest with the fewest numbers, and can be smallest with the most."""
    n = count.high
    low, high, mean = (found[name].range for name in ("min", "max", "mean"))
    above, below = (high - mean).clipped(0.0, inf), (mean - low).clipped(0.0, inf)
    most = (above * below).scaled(count.low / (count.low - 1)).root()
    rest = (above - below).magnitude()  # what the other n - 2 must add up to, about the mean
    squares = above.squared() + below.squared()
    if n > 2:
        squares = squares + rest.squared().scaled(1 / (n - 2))
    least = squares.scaled(1 / n).root()
    printed = found["sd"]
    if least.low > most.high:
        text = f"Minimum, maximum and mean of {printed.term} already exclude each other."
        return row("possible_sd", printed, "not_determinable", text)
    return judged(
        "possible_sd",
        printed,
        Interval(least.low, most.high),
        f"No {n} numbers with this minimum, mean and maximum of {printed.term} spread so: its "
        "standardised effect and its correlations are in doubt.",
    )
