"""R, R², adjusted R², F and the p of F of one fit, held against each other.

Belongs here: the one unknown behind all five, and which of the printed numbers cannot share it.
Not here: R² from correlations (recomputed.py).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import inf

import numpy as np

from assets.papers.audit.audit_rows import Finding
from assets.papers.audit.judgement import judged, row, span
from assets.papers.audit.printed_paper import Paper, Printed
from assets.papers.audit.rounding.interval import Interval
from assets.regression.significance import upper_tail_of_f

STATISTICS = ("R", "R2", "adjusted_R2", "F", "p")
_OF_WALD_TEST = ("F", "p")
_RULE = "fit_statistics"
_BISECTIONS = 200
_DEGREES_TRIED = 400  # each some 5 % more than the one before: at a turning point p hardly moves
_MANY = 1e9  # degrees of freedom; the F distribution is then that of chi-squared over its own


@dataclass(frozen=True, slots=True)
class _Relation:
    """R² from a statistic, and the statistic from R²."""

    to_R2: Callable[[Interval], Interval]
    from_R2: Callable[[Interval], Interval]


def goodness_findings(paper: Paper) -> Iterator[Finding]:
    """Test R, R², adjusted R², F and p of every estimator, whichever tables print them.

    Each implies a range of R²; the largest set of ranges with a number in common is believed, and
    what stands outside every such set is inconsistent. For estimators other than OLS this holds
    if the program computed adjusted R² and F as for OLS (SPSS, Stata); where no two numbers agree
    so, the findings are not_determinable. With robust or clustered errors F is a Wald test, which
    does not follow from R²; its p still follows from it.
    """
    for estimator in paper.estimators():
        printed = fit_statistics(paper, estimator)
        if len(printed) > 1:
            yield from _findings(paper, estimator, printed)
        if not paper.classical(estimator):
            yield from _wald_test(paper, estimator)


def fit_statistics(paper: Paper, estimator: str) -> tuple[Printed, ...]:
    """The printed statistics of a fit as a whole."""
    own = [x for x in paper.numbers if x.estimator == estimator and not x.term]
    wald = () if paper.classical(estimator) else _OF_WALD_TEST
    return tuple(x for x in own if x.statistic in STATISTICS and x.statistic not in wald)


def implied_R2(paper: Paper, estimator: str) -> Interval | None:
    """The range of R² on which most of the printed statistics of a fit agree."""
    printed = fit_statistics(paper, estimator)
    if not printed:
        return None
    ranges = _ranges(paper, estimator, printed)
    return _common([ranges[i] for i in _largest_sets(ranges)[0]])


def _findings(paper: Paper, estimator: str, printed: Sequence[Printed]) -> Iterator[Finding]:
    relations = _relations(paper, estimator)
    ranges = _ranges(paper, estimator, printed)
    best = _largest_sets(ranges)
    if len(best[0]) == 1 and paper.k.get(estimator) != 0:
        for x in printed:
            yield row(_RULE, x, "not_determinable", "The program's formulas are not known.")
        return
    for i, x in enumerate(printed):
        doubted = any(i not in each for each in best)
        others = best[0] if doubted or len(best[0]) == 1 else best[0] - {i}
        R2 = _common([ranges[j] for j in others if j != i or len(others) == 1])
        expected = relations[x.statistic].from_R2(R2)
        finding = judged(_RULE, x, expected, _consequence(x, R2))
        if doubted and finding.verdict == "consistent":
            text = "It fits only some of the other statistics of the fit."
            finding = row(_RULE, x, "inconsistent", text, allowed=expected)
        yield finding


def _wald_test(paper: Paper, estimator: str) -> Iterator[Finding]:
    """p of F with every number of degrees that the errors may leave, up to infinity.

    For F below some 1 its p has a turning point between few degrees and many, so that the ends
    alone do not hold all that lie between.
    """
    F, p = (paper.find(name, "", estimator) for name in _OF_WALD_TEST)
    if F is None or p is None:
        return
    regressors = len(paper.regressors_of(estimator))
    size = F.range.clipped(0.0, inf)
    ends = [
        upper_tail_of_f(value, regressors, df)
        for value in (size.low, size.high)
        for df in np.geomspace(paper.least_df(estimator), _MANY, _DEGREES_TRIED)
    ]
    yield judged(
        "p_of_F", p, Interval(min(ends), max(ends)), "F and its p do not belong to each other."
    )


def _consequence(x: Printed, R2: Interval) -> str:
    implied = f"the other statistics imply an R² of {span(R2, 5)}"
    if x.statistic == "R2" and x.range.meets(R2.root()):
        return f"The printed R² is R, its square root; {implied}: the fit is overstated."
    return f"The fit is not what this number says: {implied}."


def _ranges(paper: Paper, estimator: str, printed: Sequence[Printed]) -> list[Interval]:
    relations = _relations(paper, estimator)
    return [relations[x.statistic].to_R2(x.range) for x in printed]


def _largest_sets(ranges: Sequence[Interval]) -> list[frozenset[int]]:
    """Largest sets of ranges with a common number: each holds all ranges that meet some low end."""
    sets = {
        frozenset(
            i
            for i, other in enumerate(ranges)
            if other.meets(Interval(each.low, each.low)) and each.low <= 1.0
        )
        for each in ranges
    }
    most = max(map(len, sets))
    return sorted((each for each in sets if len(each) == most), key=sorted)


def _common(ranges: Sequence[Interval]) -> Interval:
    """The intersection; ranges that only touch by floating-point slack give a point."""
    low, high = max(r.low for r in ranges), min(r.high for r in ranges)
    return Interval(min(low, high), max(low, high))


def _relations(paper: Paper, estimator: str) -> dict[str, _Relation]:
    n, df = paper.n(estimator), paper.df_residual(estimator)
    p = n - df - 1

    def f_of(R2: float) -> float:
        return inf if R2 >= 1 else max(R2, 0.0) / p / (1 - R2) * df

    def p_of(R2: float) -> float:
        return 0.0 if R2 >= 1 else upper_tail_of_f(f_of(R2), p, df)

    def R2_where_p(level: float) -> float:
        low, high = 0.0, 1.0
        for _ in range(_BISECTIONS):
            middle = (low + high) / 2
            low, high = (middle, high) if p_of(middle) > level else (low, middle)
        return high

    def share(F: Interval) -> Interval:
        return F.clipped(0.0, inf).mapped(lambda f: p * f / (p * f + df))

    return {
        "R": _Relation(Interval.squared, Interval.root),
        "R2": _Relation(lambda x: x, lambda x: x),
        "adjusted_R2": _Relation(
            lambda x: x.mapped(lambda a: 1 - (1 - a) * df / (n - 1)),
            lambda x: x.mapped(lambda R2: 1 - (1 - R2) * (n - 1) / df),
        ),
        "F": _Relation(share, lambda x: x.mapped(f_of)),
        "p": _Relation(lambda x: x.clipped(0.0, 1.0).mapped(R2_where_p), lambda x: x.mapped(p_of)),
    }
