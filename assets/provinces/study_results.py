"""The study of provinces from its rows to its results: estimates, tests, findings.

Belongs here: which estimator runs on which specification, and the rows of results. Not here: the
lists (specification.py), estimators, tests, rules of verdict.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from assets.provinces.estimators import (
    ESTIMATORS,
    Slopes,
    two_way,
    two_way_by_wild_bootstrap,
    year_free_mean_group,
)
from assets.provinces.evidence import Evidence, evidence, leave_out_slopes
from assets.provinces.he_pipeline import HePipeline, he_pipeline
from assets.provinces.panel_data import ProvincePanel, panel_of
from assets.provinces.result_rows import (
    ProvinceDiagnosticRow,
    ProvinceEstimateRow,
    ProvinceEvidenceRow,
    ProvinceFindingRow,
)
from assets.provinces.specification import (
    CLAIMS,
    DRAWS,
    GAP,
    HE_MODEL,
    HEADQUARTERS,
    MAIN,
    RIDGE_K,
    SEED,
    SPECIFICATIONS,
    STUDY,
    Claim,
    Specification,
)
from assets.regression.coefficient import Coefficient
from assets.regression.verdict import Estimated, Rule, detectable_effect, judge_claim
from assets.vintages.failures import Failures
from assets.warehouse.row import as_frame
from assets.warehouse.table import Table

ALL = "all"
# Of the tests, the one that says nothing about slopes within provinces.
_OF_OTHERS = frozenset({"between_and_within"})


def study_frames(frame: pd.DataFrame, failures: Failures) -> dict[Table, pd.DataFrame]:
    """All results; none where no document has the figures of provinces.

    frame: rows of provinces.province_panel.
    """
    estimates: list[ProvinceEstimateRow] = []
    diagnostics: list[ProvinceDiagnosticRow] = []
    tests: list[ProvinceEvidenceRow] = []
    findings: list[ProvinceFindingRow] = []
    vintage = failures.vintage
    for specification in () if frame.empty else SPECIFICATIONS:
        with failures.entry(STUDY, specification.name):
            panel = panel_of(frame, specification)
            estimates += _estimates(vintage, specification, panel, failures)
    if not frame.empty:
        with failures.entry(STUDY, "He's pipeline"):
            panel = panel_of(frame, HE_MODEL)
            found = he_pipeline(panel, HE_MODEL.outcome, RIDGE_K)
            estimates += _he_estimates(vintage, panel, found)
            diagnostics += _he_diagnostics(vintage, found)
    by_name = {each.name: each for each in SPECIFICATIONS}
    for claim in () if frame.empty else CLAIMS:
        with failures.entry(STUDY, f"{claim.claim} {claim.part}"):
            panel = panel_of(frame, by_name[claim.specification])
            own = list(_evidence(vintage, claim, panel))
            findings.append(_finding(vintage, claim, panel, own))
            tests += own
    return {
        ProvinceEstimateRow.table: as_frame(ProvinceEstimateRow, estimates),
        ProvinceDiagnosticRow.table: as_frame(ProvinceDiagnosticRow, diagnostics),
        ProvinceEvidenceRow.table: as_frame(ProvinceEvidenceRow, tests),
        ProvinceFindingRow.table: as_frame(ProvinceFindingRow, findings),
    }


def _estimates(
    vintage: str, specification: Specification, panel: ProvincePanel, failures: Failures
) -> Iterator[ProvinceEstimateRow]:
    for estimator, needs in ESTIMATORS.items():
        with failures.entry(STUDY, f"{specification.name}, {estimator.__name__}"):
            yield from _rows(vintage, specification, estimator(panel), needs)
    needs = ESTIMATORS[two_way]
    wild = two_way_by_wild_bootstrap(panel, np.random.default_rng(SEED), DRAWS)
    yield from _rows(vintage, specification, wild, needs)
    if specification not in (MAIN, GAP):
        return
    for region, slopes in leave_out_slopes(panel).items():
        yield from _rows(vintage, specification, slopes, needs, f"without {region}")
    without = two_way(panel.without(HEADQUARTERS))
    yield from _rows(
        vintage, specification, without, needs, f"without {' and '.join(HEADQUARTERS)}"
    )
    own = year_free_mean_group(panel).slope
    for region, slope in zip(panel.regions, own, strict=True):
        alone = tuple(
            Coefficient(term, value, None, None, None)
            for term, value in zip(panel.terms, slope.tolist(), strict=True)
        )
        slopes = Slopes("own_years", "none", alone, 1, panel.without(set(panel.regions) - {region}))
        yield from _rows(vintage, specification, slopes, "as mean_group, of a few years", region)


def _rows(
    vintage: str, specification: Specification, slopes: Slopes, needs: str, sample: str = ALL
) -> Iterator[ProvinceEstimateRow]:
    for found in slopes.coefficients:
        low, high = slopes.interval(found.term) or (None, None)
        yield ProvinceEstimateRow(
            vintage=vintage,
            study=STUDY,
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


def _he_estimates(
    vintage: str, panel: ProvincePanel, found: HePipeline
) -> Iterator[ProvinceEstimateRow]:
    needs = "each row is a draw of its own, and nothing else differs between provinces and years"
    df = found.ols.df_residual
    for name, coefficients in (
        ("he_ols", found.ols.coefficients),
        ("he_ridge", found.ridge.coefficients),
    ):
        yield from _rows(vintage, HE_MODEL, Slopes(name, "iid", coefficients, df, panel), needs)


def _he_diagnostics(vintage: str, found: HePipeline) -> Iterator[ProvinceDiagnosticRow]:
    def row(
        kind: str, variable: str, statistic: str, value: float, other: str = ""
    ) -> ProvinceDiagnosticRow:
        return ProvinceDiagnosticRow(
            vintage=vintage,
            study=STUDY,
            specification=HE_MODEL.name,
            kind=kind,
            variable=variable,
            other_variable=other,
            statistic=statistic,
            value=value,
        )

    for name, statistic, value in found.descriptives.statistics():
        yield row("descriptive", name, statistic, value)
    related = found.correlations
    for place, name in enumerate(related.names):
        for column, other in enumerate(related.names[:place]):
            yield row("correlation", name, "r", float(related.r[place, column]), other)
            yield row("correlation", name, "p", float(related.p[place, column]), other)
    for kind, fit, vif in (
        ("ols", found.ols, found.vif.vif),
        ("ridge", found.ridge, found.ridge.vif),
    ):
        for name, value in zip(HE_MODEL.regressors, vif.tolist(), strict=True):
            yield row(kind, name, "vif", value)
        yield row(kind, "", "r2", fit.R2)
        for statistic, number in (
            ("adjusted_r2", fit.adjusted_R2),
            ("f", fit.F),
            ("f_p", fit.p_of_F),
        ):
            if number is not None:
                yield row(kind, "", statistic, number)


def _evidence(vintage: str, claim: Claim, panel: ProvincePanel) -> Iterator[ProvinceEvidenceRow]:
    for found in evidence(panel, claim.term, np.random.default_rng(SEED), DRAWS):
        yield ProvinceEvidenceRow(
            vintage=vintage,
            study=STUDY,
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
    rule: Rule, slopes: Slopes, term: str, tests: Sequence[Evidence | ProvinceEvidenceRow]
) -> JudgedSlope:
    """The verdict on a slope by two_way, under the tests of what it needs."""
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
    estimated = Estimated(found.estimate, low, high, "elasticity", detectable, against)
    judged = judge_claim(rule, estimated)
    return JudgedSlope(found.estimate, low, high, detectable, judged.verdict, judged.reason)


def _finding(
    vintage: str, claim: Claim, panel: ProvincePanel, tests: Sequence[ProvinceEvidenceRow]
) -> ProvinceFindingRow:
    judged = judged_slope(claim.rule, two_way(panel), claim.term, tests)
    return ProvinceFindingRow(
        vintage=vintage,
        study=STUDY,
        claim=claim.claim,
        part=claim.part,
        text=claim.text,
        specification=claim.specification,
        term=claim.term,
        n=panel.n,
        estimate=judged.estimate,
        low=judged.low,
        high=judged.high,
        detectable=judged.detectable,
        verdict=judged.verdict,
        sentence=f"{claim.text}. {judged.reason}",
    )
