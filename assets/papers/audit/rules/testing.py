"""t, p and stars of coefficients and correlations.

Belongs here: what follows from a coefficient and its SE, from t and the degrees of freedom, from p
and the stars convention. Not here: coefficients and SEs themselves (recomputed.py, algebra.py).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf, sqrt

import numpy as np

from assets.papers.audit.audit_rows import Finding
from assets.papers.audit.judgement import NOTHING_CHANGES, judged, row, span
from assets.papers.audit.printed_paper import Paper, Printed
from assets.papers.audit.rounding.interval import Interval, exactly
from assets.regression.significance import stars, two_sided_p

_MOST_CLUSTERS = 100  # more leave degrees of freedom that are all but infinite


@dataclass(frozen=True, slots=True)
class DegreesOfFreedom:
    """The degrees of freedom that explain most p-values of a table, and how many they explain."""

    name: str  # n-p-1, n-p, clusters-1 or normal
    df: float
    explained: int
    tested: int

    @property
    def known(self) -> bool:
        """Whether at least half of the p-values agree; true where none is printed."""
        return 2 * self.explained >= self.tested


def p_range(t: Interval, df: float, one_sided: bool = False) -> Interval:
    """p-values of a range of t; one-sided ones are those of the side on which t lies."""
    size = t.magnitude()
    ends = two_sided_p(np.array([size.high, size.low]), df) / (2 if one_sided else 1)
    return Interval(float(ends[0]), float(ends[1]))


def coefficient_tests(paper: Paper) -> Iterator[Finding]:
    """Test t = coefficient/SE, p from t, and stars from p, in every table of coefficients."""
    for table in paper.tables("coefficients"):
        for estimator in dict.fromkeys(x.estimator for x in table):
            own = [x for x in table if x.term and x.estimator == estimator]
            if own:
                yield from _model_tests(paper, table, own)


def _model_tests(
    paper: Paper, table: Sequence[Printed], own: Sequence[Printed]
) -> Iterator[Finding]:
    """The tests of one model; the table says which stars there are.

    Means of which the table prints the difference are seldom tested themselves: without any star
    they show none that is due.
    """
    freedom = degrees_of_freedom(paper, own)
    shows_stars = any(x.stars for x in table)
    differences = [x for x in paper.stated.combinations if x.kind == "difference"]
    means = {term for x in differences if x.estimator == own[0].estimator for term in x.of}
    if any(x.stars for x in own if x.term in means):
        means = set()
    for term in dict.fromkeys(x.term for x in own):
        found = {x.statistic: x for x in own if x.term == term}
        if {"coefficient", "std_error", "t"} <= found.keys():
            ratio = _ratio(found)
            yield judged(
                "t_is_coefficient_over_se",
                found["t"],
                ratio.magnitude() if paper.conventions.unsigned_t else ratio,
                f"Coefficient, SE or t of {term} is misprinted: its test cannot be relied on.",
            )
        t = _range_of_t(found)
        if t is not None and "p" in found:
            yield _p(paper, freedom, found["p"], t)
        if shows_stars and t is not None and term not in means:
            yield from _stars(paper, table, freedom, found, t)


def degrees_of_freedom(paper: Paper, table: Sequence[Printed]) -> DegreesOfFreedom:
    """Infer the degrees of freedom of a table's p-values: n-p-1, n-p, clusters - 1 or the normal.

    Ties go to the first. p-values of 0.000 count too: they exclude too few degrees.
    """
    named = _candidates(paper, table[0].estimator)
    one_sided = paper.conventions.one_sided
    pairs = []
    for term in dict.fromkeys(x.term for x in table if x.term):
        found = {x.statistic: x for x in table if x.term == term}
        t = _range_of_t(found)
        if t is not None and "p" in found:
            pairs.append((t, found["p"].range))
    counts = {
        name: sum(printed.meets(p_range(t, df, one_sided)) for t, printed in pairs)
        for name, df in named.items()
    }
    best = max(counts, key=lambda name: counts[name])
    return DegreesOfFreedom(best, named[best], counts[best], len(pairs))


def _candidates(paper: Paper, estimator: str) -> dict[str, float]:
    df = float(paper.df_residual(estimator))
    named = {"n-p-1": df, "n-p": df + 1}
    least = paper.least_df(estimator)
    if paper.sample(estimator).clusters is not None:
        named["clusters-1"] = float(least)
    elif least < df:
        several = range(least, min(int(df), _MOST_CLUSTERS))
        named |= {f"clusters-1 of {few + 1}": float(few) for few in several}
    return {**named, "normal": inf}


def correlation_stars(paper: Paper) -> Iterator[Finding]:
    """Test the stars of correlations: t = r √((n-2)/(1-r²)) with n-2 degrees of freedom.

    Where n differs between pairs, with any n that the paper allows.
    """
    for table in paper.tables("correlations"):
        if any(x.stars for x in table):
            for x in table:
                p = p_of_correlation(paper, x.range)
                yield _starred(paper, table, x, p, "correlation_stars")


def p_of_correlation(paper: Paper, r: Interval) -> Interval:
    """p of a correlation of as many pairs as the paper has."""
    ranges = []
    for df in (paper.pair_n.low - 2, paper.pair_n.high - 2):

        def t_of(x: float, df: int = df) -> float:
            if abs(x) >= 1:
                return inf if x > 0 else -inf
            return x * sqrt(df / (1 - x * x))

        t = r.clipped(-1.0, 1.0).mapped(t_of)
        ranges.append(p_range(t, df, paper.conventions.one_sided))
    return Interval(min(p.low for p in ranges), max(p.high for p in ranges))


def table_of(paper: Paper, estimator: str) -> tuple[Printed, ...]:
    """The numbers of an estimator's coefficient table."""
    return tuple(x for x in paper.of_kind("coefficients") if x.estimator == estimator)


def range_of_t(paper: Paper, estimator: str, term: str) -> Interval | None:
    """What t may have been, from its print or from the coefficient and its SE."""
    found = {x.statistic: x for x in table_of(paper, estimator) if x.term == term}
    return _range_of_t(found)


def _range_of_t(found: dict[str, Printed]) -> Interval | None:
    if "t" in found:
        return found["t"].range
    if {"coefficient", "std_error"} <= found.keys():
        return _ratio(found)
    return None


def _ratio(found: dict[str, Printed]) -> Interval:
    return found["coefficient"].range / found["std_error"].range.clipped(0.0, inf)


def _p(paper: Paper, freedom: DegreesOfFreedom, x: Printed, t: Interval) -> Finding:
    one_sided = paper.conventions.one_sided
    p = p_range(t, freedom.df, one_sided)
    if not freedom.known:
        widest = Interval(p_range(t, inf, one_sided).low, p_range(t, 1.0, one_sided).high)
        if x.range.meets(widest):
            return row(
                "p_from_t",
                x,
                "not_determinable",
                "The degrees of freedom are not known.",
                allowed=widest,
            )
        p = widest
    expected = p_range(exactly(t.middle), freedom.df, one_sided).middle
    said = _significance(paper, x.range.middle)
    true = {_significance(paper, p.low), _significance(paper, p.high)}
    change = (
        f"{x.term} is {' or '.join(sorted(true))}, while the print says {said}"
        if said not in true
        else f"{x.term} stays {said}, but by another p"
    )
    text = f"p is {span(p, 3)} with {freedom.name} degrees of freedom: {change}."
    return judged("p_from_t", x, p, text, expected, freedom.name)


def _significance(paper: Paper, p: float) -> str:
    for level in sorted(paper.stated.star_levels):
        if p <= level:
            return f"significant at {level:.0%}"
    return f"not significant at {max(paper.stated.star_levels):.0%}"


def _stars(
    paper: Paper,
    table: Sequence[Printed],
    freedom: DegreesOfFreedom,
    found: dict[str, Printed],
    t: Interval,
) -> Iterator[Finding]:
    starred = [x for x in found.values() if x.stars]
    x = starred[0] if starred else found.get("coefficient")
    if x is None:
        return
    one_sided = paper.conventions.one_sided
    p = p_range(t, freedom.df, one_sided)
    if not freedom.tested:  # no p says by which degrees the paper tests
        each = [p_range(t, df, one_sided) for df in _candidates(paper, table[0].estimator).values()]
        p = Interval(min(x.low for x in each), max(x.high for x in each))
    if "p" in found:  # the stars belong to the printed p; whether that is right, p_from_t says
        both = p.within(found["p"].range.clipped(0.0, 1.0))
        p = found["p"].range.clipped(0.0, 1.0) if both is None else both
    elif not freedom.known:
        return
    yield _starred(paper, table, x, p, "stars_from_p")


def _starred(paper: Paper, table: Sequence[Printed], x: Printed, p: Interval, rule: str) -> Finding:
    levels = paper.stated.star_levels
    inside = [level for level in levels if p.low <= level <= p.high]
    tried = {p.low, p.high, *inside, *(level * (1 + 1e-12) for level in inside)}  # and just above
    possible = sorted({stars(each, levels) for each in tried}, key=len)
    expected = " or ".join(each or "none" for each in possible)
    if x.stars in possible:
        return row(rule, x, "consistent", NOTHING_CHANGES, expected, p, statistic="stars")
    if not x.stars and not any(y.stars in possible for y in table):
        text = (
            f"{x.term} {x.other_term}".strip() + f" would earn {expected} at the stated levels "
            f"(p {span(p, 3)}), but the table shows no such mark at all, so whether it marks that "
            "level cannot be told; no conclusion rests on it."
        )
        return row(rule, x, "not_determinable", text, expected, p, statistic="stars")
    text = (
        f"p is {span(p, 3)}: {expected} due, {x.stars or 'none'} printed; the significance of "
        f"{' and '.join(filter(None, (x.term, x.other_term)))} is misstated."
    )
    return row(rule, x, "inconsistent", text, expected, p, statistic="stars")
