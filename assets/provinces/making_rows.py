"""Results as rows: a slope, a test, a claim with its verdict, of any study of provinces.

Belongs here: the rows of `model.province_*`, and the verdict on a slope under its tests. Not here:
which are made (study_results.py, poor_county_results.py), rules of verdict.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from assets.provinces.estimators import Slopes
from assets.provinces.evidence import Evidence
from assets.provinces.result_rows import (
    ProvinceEstimateRow,
    ProvinceEvidenceRow,
    ProvinceFindingRow,
)
from assets.provinces.specification import Claim, Specification
from assets.regression.verdict import Estimated, Rule, detectable_effect, judge_claim
from assets.vintages.keys import OfVintage

ALL = "all"


@dataclass(frozen=True, slots=True)
class ProvinceResults:
    """Rows of a study."""

    estimates: list[ProvinceEstimateRow] = field(default_factory=list)
    tests: list[ProvinceEvidenceRow] = field(default_factory=list)
    findings: list[ProvinceFindingRow] = field(default_factory=list)

    @property
    def rows(self) -> tuple[OfVintage, ...]:
        """All of them."""
        return (*self.estimates, *self.tests, *self.findings)


# Of the tests, the one that says nothing about slopes within provinces.
_OF_OTHERS = frozenset({"between_and_within"})


def estimate_rows(
    vintage: str,
    study: str,
    specification: Specification,
    slopes: Slopes,
    needs: str,
    sample: str = ALL,
) -> Iterator[ProvinceEstimateRow]:
    """A row for each coefficient of one estimator."""
    for found in slopes.coefficients:
        low, high = slopes.interval(found.term) or (None, None)
        yield ProvinceEstimateRow(
            vintage=vintage,
            study=study,
            specification=specification.name,
            estimator=slopes.estimator,
            inference=slopes.inference,
            sample=sample,
            term=found.term,
            outcome=specification.outcome,
            n=slopes.panel.n,
            provinces=len(slopes.panel.regions),
            first_year=slopes.panel.years[0],
            last_year=slopes.panel.years[-1],
            estimate=found.estimate,
            std_error=found.std_error,
            p=found.p,
            low=low,
            high=high,
            needs=needs,
        )


def evidence_row(vintage: str, study: str, claim: Claim, found: Evidence) -> ProvinceEvidenceRow:
    """A test of the slope that a claim is about."""
    return ProvinceEvidenceRow(
        vintage=vintage,
        study=study,
        specification=claim.specification,
        term=claim.term,
        test=found.test,
        statistic=found.statistic,
        p_value=found.p_value,
        verdict=found.verdict,
        sentence=found.sentence,
    )


@dataclass(frozen=True, slots=True)
class JudgedSlope:
    """A slope within provinces with the verdict on a claim about it."""

    estimate: float
    low: float
    high: float
    detectable: float | None
    verdict: str
    reason: str


def judged_slope(
    rule: Rule,
    slopes: Slopes,
    term: str,
    tests: Sequence[Evidence | ProvinceEvidenceRow],
    scale: str = "elasticity",
) -> JudgedSlope:
    """The verdict on a slope within provinces, under the tests of what it needs."""
    found, interval = slopes.of(term), slopes.interval(term)
    assert interval is not None
    assert found.std_error is not None
    low, high = interval
    against = tuple(
        test.test.replace("_", " ")
        for test in tests
        if test.verdict == "against" and test.test not in _OF_OTHERS
    )
    detectable = detectable_effect((high - low) / 2, found.std_error)
    estimated = Estimated(found.estimate, low, high, scale, detectable, against)
    judged = judge_claim(rule, estimated)
    return JudgedSlope(found.estimate, low, high, detectable, judged.verdict, judged.reason)


def finding_row(
    vintage: str,
    study: str,
    claim: Claim,
    slopes: Slopes,
    tests: Sequence[ProvinceEvidenceRow],
    scale: str = "elasticity",
    label: str = "official",
) -> ProvinceFindingRow:
    """A claim with the verdict on the slope that answers it.

    scale: what the slope is in; label: what its outcome is counted or measured from.
    """
    judged = judged_slope(claim.rule, slopes, claim.term, tests, scale)
    return ProvinceFindingRow(
        vintage=vintage,
        study=study,
        claim=claim.claim,
        part=claim.part,
        text=claim.text,
        specification=claim.specification,
        term=claim.term,
        n=slopes.panel.n,
        estimate=judged.estimate,
        low=judged.low,
        high=judged.high,
        detectable=judged.detectable,
        verdict=judged.verdict,
        sentence=f"{claim.text}. {judged.reason}",
        scale=scale,
        label=label,
    )
