"""A paper's claims in words, tested by its numbers.

Belongs here: significance, signs, collinearity, effect sizes and repeated numbers, as the card
types them. A claim holds if every value that rounding allows supports it, fails if none does.
"""

from collections.abc import Iterator, Sequence
from functools import singledispatchmethod

from assets.extracts.cards.paper_card import (
    CollinearClaim,
    CorrelatedClaim,
    Direction,
    EffectSizeClaim,
    SignClaim,
    SignificantClaim,
    ValueClaim,
)
from assets.papers.audit.audit_rows import Finding, Verdict
from assets.papers.audit.judgement import NOTHING_CHANGES, finite, span
from assets.papers.audit.printed_paper import Paper, Printed, interval_of
from assets.papers.audit.rounding.interval import Interval
from assets.papers.audit.rules.testing import (
    degrees_of_freedom,
    p_of_correlation,
    p_range,
    range_of_t,
    table_of,
)

AnyClaim = (
    SignificantClaim | CorrelatedClaim | SignClaim | ValueClaim | CollinearClaim | EffectSizeClaim
)


class _Judge:
    """Judges claims on one paper; findings: what the other rules found in its tables."""

    def __init__(self, paper: Paper, findings: Sequence[Finding]) -> None:
        self.paper = paper
        self.wrong = {
            (x.table_number, x.cell, x.statistic): x
            for x in findings
            if x.verdict == "inconsistent"
        }

    @singledispatchmethod
    def judge(self, claim: AnyClaim) -> Finding | None:
        """Test one claim; None where the tables lack what it is about."""
        raise TypeError(f"{type(claim).__name__} is no claim.")

    @judge.register
    def _significant(self, claim: SignificantClaim) -> Finding | None:
        coefficient = self.paper.find("coefficient", claim.term, claim.estimator)
        t = range_of_t(self.paper, claim.estimator, claim.term)
        if coefficient is None or t is None:
            return None
        freedom = degrees_of_freedom(self.paper, table_of(self.paper, claim.estimator))
        p = p_range(t, freedom.df, self.paper.conventions.one_sided)
        verdict = _both(_at_most(p, claim.level), _directed(coefficient.range, claim.direction))
        text = (
            f"{claim.term} is not a {claim.direction} effect significant at {claim.level:.0%} "
            f"({claim.estimator}): p is {span(p, 3)}, so nothing can be built on it."
        )
        if not freedom.known and verdict == "inconsistent":
            verdict = "not_determinable"
        return _finding(claim, claim.term, "p", claim.level, p, verdict, text, claim.estimator)

    @judge.register
    def _correlated(self, claim: CorrelatedClaim) -> Finding | None:
        r = self.paper.correlation(claim.term, claim.other_term)
        if r is None:
            return None
        p = p_of_correlation(self.paper, r.range)
        verdict = _both(_at_most(p, claim.level), _directed(r.range, claim.direction))
        text = (
            f"{claim.term} and {claim.other_term} are not correlated so at {claim.level:.0%}: "
            f"r is {r.text}, p {span(p, 3)}."
        )
        return _finding(claim, claim.term, "p", claim.level, p, verdict, text, claim.other_term)

    @judge.register
    def _sign(self, claim: SignClaim) -> Finding | None:
        printed = self.paper.find("coefficient", claim.term, claim.estimator)
        if printed is None:
            return None
        verdict = _directed(printed.range, claim.direction)
        text = f"The coefficient of {claim.term} ({claim.estimator}) is not {claim.direction}."
        return _finding(
            claim,
            claim.term,
            "coefficient",
            claim.direction,
            printed.range,
            verdict,
            text,
            claim.estimator,
        )

    @judge.register
    def _value(self, claim: ValueClaim) -> Finding | None:
        printed = self.paper.find(claim.statistic, claim.term, claim.estimator)
        if printed is None:
            return None
        written = interval_of(claim.printed, claim.factor, printed.cut)
        allowed, text = self._value_of(printed)
        verdict: Verdict = "consistent" if written.meets(allowed) else "inconsistent"
        return _finding(
            claim,
            claim.term,
            claim.statistic,
            claim.printed,
            allowed,
            verdict,
            text,
            claim.estimator,
        )

    def _value_of(self, printed: Printed) -> tuple[Interval, str]:
        """What the number is by its table, or by the other numbers where those refute the table."""
        wrong = self.wrong.get((printed.table_number, printed.cell, printed.statistic))
        if wrong is None or wrong.low is None or wrong.high is None:
            text = f"Table {printed.table_number} has {printed.text}: the text repeats it wrongly."
            return printed.range, text
        text = (
            f"The text repeats Table {printed.table_number}, whose {printed.statistic} is itself "
            "inconsistent with the other numbers; the statement falls with it."
        )
        return Interval(wrong.low, wrong.high), text

    @judge.register
    def _collinear(self, claim: CollinearClaim) -> Finding | None:
        own = [x for x in table_of(self.paper, claim.estimator) if x.statistic == "vif"]
        if not own:
            return None
        vif = Interval(min(x.range.low for x in own), max(x.range.high for x in own))
        least = min(own, key=lambda x: x.value).range
        verdict = _at_most(Interval(-least.high, -least.low), -claim.threshold)
        text = f"Not every VIF exceeds {claim.threshold:g}: the smallest is {least.middle:g}."
        return _finding(claim, "", "vif", claim.threshold, vif, verdict, text, claim.estimator)

    @judge.register
    def _effect(self, claim: EffectSizeClaim) -> Finding | None:
        elasticity = self._elasticity(claim)
        if elasticity is None:
            return None
        written = interval_of(claim.printed, cut=self.paper.conventions.cut)
        verdict: Verdict = "consistent" if written.meets(elasticity) else "inconsistent"
        unit = (
            "a share of the range of one variable per range of the other"
            if self.paper.stated.scaling == "min_max"
            else "in the units of the variables"
        )
        text = (
            f"The coefficient is {unit}, not per cent: at the means a rise of {claim.term} by 1 % "
            f"goes with {span(elasticity, 3)} % of {self.paper.stated.dependent}, not "
            f"{claim.printed} %."
        )
        return _finding(
            claim,
            claim.term,
            "elasticity_at_means",
            claim.printed,
            elasticity,
            verdict,
            text,
            self.paper.stated.dependent,
        )

    def _elasticity(self, claim: EffectSizeClaim) -> Interval | None:
        """Per cent of y for 1 % of x at the means: slope × length y / length x × mean x / mean y.

        length: the range of a min-max normalised variable; 1 for a variable left as it is.
        """
        paper = self.paper
        slope = paper.find("coefficient", claim.term, claim.estimator)
        y, x = paper.stated.dependent, claim.term
        parts = [paper.raw_mean(x), paper.raw_mean(y), paper.length(x), paper.length(y)]
        known = [part for part in parts if part is not None]
        if slope is None or len(known) < len(parts):
            return None
        mean_x, mean_y, length_x, length_y = known
        return slope.range * (length_y / length_x) * (mean_x / mean_y)


def claim_findings(paper: Paper, findings: Sequence[Finding]) -> Iterator[Finding]:
    """Test every typed claim of the card; not_determinable where no table prints what it is about.

    findings: those of the other rules, so that a claim that repeats a refuted number falls too.
    """
    judge = _Judge(paper, findings)
    for claim in paper.stated.claims:
        yield judge.judge(claim) or Finding(
            rule=f"claim_{claim.kind}",
            table_number="text",
            cell=claim.claim,
            term=getattr(claim, "term", ""),
            other_term=getattr(claim, "other_term", "") or getattr(claim, "estimator", ""),
            statistic=getattr(claim, "statistic", claim.kind),
            printed_value=claim.text,
            expected="",
            low=None,
            high=None,
            verdict="not_determinable",
            consequence=f"No table prints what claim {claim.claim} is about, so it stays untested.",
        )


def _at_most(values: Interval, level: float) -> Verdict:
    if values.high <= level:
        return "consistent"
    return "inconsistent" if values.low > level else "not_determinable"


def _directed(values: Interval, direction: Direction) -> Verdict:
    signed = values if direction == "positive" else Interval(-values.high, -values.low)
    if signed.low > 0:
        return "consistent"
    return "inconsistent" if signed.high <= 0 else "not_determinable"


def _both(a: Verdict, b: Verdict) -> Verdict:
    if "inconsistent" in (a, b):
        return "inconsistent"
    return "consistent" if (a, b) == ("consistent", "consistent") else "not_determinable"


def _finding(
    claim: AnyClaim,
    term: str,
    statistic: str,
    claimed: float | str,
    allowed: Interval,
    verdict: Verdict,
    text: str,
    other_term: str = "",
) -> Finding:
    consequences = {
        "consistent": NOTHING_CHANGES,
        "inconsistent": f"Claim {claim.claim} does not hold. {text}",
        "not_determinable": f"Rounding leaves claim {claim.claim} open.",
    }
    return Finding(
        rule=f"claim_{claim.kind}",
        table_number="text",
        cell=claim.claim,
        term=term,
        other_term=other_term,
        statistic=statistic,
        printed_value=claim.text,
        expected=str(claimed) if verdict == "consistent" else span(allowed),
        low=finite(allowed.low),
        high=finite(allowed.high),
        verdict=verdict,
        consequence=consequences[verdict],
    )
