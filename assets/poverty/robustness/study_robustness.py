"""All robustness methods on one sample.

Belongs here: what runs on what, in which order. Not here: the methods (one module each), rows
(robustness_rows.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assets.poverty.robustness.methods.condition_index import ConditionIndices, condition_indices
from assets.poverty.robustness.methods.exact_tests import ExactTests, exact_tests
from assets.poverty.robustness.methods.lasso import Lasso, lasso
from assets.poverty.robustness.methods.leave_out import LeaveOneYearOut, leave_one_year_out
from assets.poverty.robustness.methods.principal_components import (
    PrincipalComponentsRegression,
    principal_components_regression,
)
from assets.poverty.robustness.methods.ridge_choice import RidgeChoice, effective_df, ridge_choices
from assets.poverty.robustness.methods.ridge_trace import RidgeTrace, printed_k, ridge_trace
from assets.poverty.robustness.methods.subset_selection import (
    Selection,
    best_subset,
    fit_subsets,
    stepwise,
)
from assets.poverty.robustness.sentences import (
    ClaimVerdict,
    Evidence,
    claim_verdict,
    evidence,
    sentence,
    summary,
)
from assets.poverty.robustness.trends.specification_curve import (
    SpecificationCurve,
    specification_curve,
)
from assets.poverty.robustness.trends.trend_baseline import TrendBaseline, trend_baseline
from assets.poverty.robustness.trends.trend_checks import TrendChecks, trend_checks
from assets.regression.estimable import NotEstimable, reason_not_estimable
from assets.regression.ols import OrdinaryLeastSquares, ordinary_least_squares
from assets.regression.ridge import RidgeRegression, ridge_regression
from assets.regression.standardise import standardise
from assets.regression.variance_inflation import variance_inflation

# Judged where the paper states no level of its own.
CLAIMED_LEVEL = 0.05


@dataclass(frozen=True, slots=True)
class Robustness:
    """What survives, for one sample; slopes in the units of the data, names in the order of X."""

    names: tuple[str, ...]
    years: tuple[int, ...]  # rising
    ols: OrdinaryLeastSquares
    max_vif: float
    study: RidgeRegression  # at the study's k, SPSS convention
    study_effective_df: float
    choices: tuple[RidgeChoice, ...]
    trace: RidgeTrace
    stepwise: Selection
    best_subset: Selection
    principal_components: PrincipalComponentsRegression
    lasso: Lasso
    left_out: tuple[LeaveOneYearOut, ...]  # OLS, then ridge at the study's k unless that is 0
    exact: ExactTests
    checks: TrendChecks
    condition: ConditionIndices
    baseline: tuple[TrendBaseline, ...]
    curve: SpecificationCurve
    evidence: tuple[Evidence, ...]  # one a regressor
    verdicts: tuple[tuple[ClaimVerdict, ...], ...]  # one a regressor and level
    sentences: tuple[str, ...]  # one a regressor
    summary: str


def robustness(
    y: NDArray[np.float64],
    X: NDArray[np.float64],
    names: Sequence[str],
    years: Sequence[int],
    ridge_k: float,
    significance: tuple[float, ...],
    rng: np.random.Generator,
    claimed: Mapping[str, float] | None = None,
    years_assumed: bool = False,
) -> Robustness:
    """Run every small-n method on (n,) y and (n, p) X, one row a year in any order.

    ridge_k: the study's, on the correlation matrix; significance: levels to judge claims at;
    claimed: level at which the paper calls a regressor significant, 0.05 where it is not named;
    years: what uses their order (differences, trends, Durbin-Watson, own_trends, the names of years
    left out) is no better than they are;
    years_assumed: of a recovered sample, whose rows were only put in the order of a falling poverty
    rate: no claim is supported by what uses the order;
    rng: used by the trend baseline, and by the exact tests only where n is too large to count.
    Raises NotEstimable, with the reason, where the regression, or the one without some year, has no
    unique estimate with an error; ValueError where a year appears twice or shapes do not fit.
    """
    names, order = tuple(names), np.argsort(years)
    if len(set(years)) != len(years):
        raise ValueError(f"Years {', '.join(map(str, sorted(years)))}: expected each once.")
    y, X, years = y[order], X[order], tuple(int(years[i]) for i in order)
    _require_estimable(y, X, names, years)
    ols, study = ordinary_least_squares(y, X, names), ridge_regression(y, X, names, ridge_k)
    max_vif = float(variance_inflation(X, names).vif.max())
    choices, subsets = ridge_choices(y, X, ridge_k), fit_subsets(y, X)
    ks = tuple(printed_k(at) for at in (*(choice.k for choice in choices), ridge_k))
    curve = specification_curve(y, X, names, years, ks)
    left_out = tuple(
        leave_one_year_out(y, X, names, years, at) for at in dict.fromkeys((0.0, ridge_k))
    )
    exact = exact_tests(y, X, names, rng)
    checks = trend_checks(y, X, names, years, ols.residual)
    baseline = trend_baseline(y, X, years, rng, levels_alone=years_assumed)
    claimed = claimed or {}
    found = evidence(ols, study, curve, exact, left_out[0], checks, baseline, years_assumed)
    return Robustness(
        names=names,
        years=years,
        ols=ols,
        max_vif=max_vif,
        study=study,
        study_effective_df=effective_df(standardise(X), ridge_k),
        choices=choices,
        trace=ridge_trace(y, X, names, ks),
        stepwise=stepwise(subsets, names),
        best_subset=best_subset(subsets, names),
        principal_components=principal_components_regression(y, X, names),
        lasso=lasso(y, X, names),
        left_out=left_out,
        exact=exact,
        checks=checks,
        condition=condition_indices(X, names),
        baseline=baseline,
        curve=curve,
        evidence=found,
        verdicts=tuple(tuple(claim_verdict(one, at) for at in significance) for one in found),
        sentences=tuple(sentence(one, claimed.get(one.term, CLAIMED_LEVEL)) for one in found),
        summary=summary(ols.R2, checks, exact, baseline, choices, ridge_k),
    )


def _require_estimable(
    y: NDArray[np.float64], X: NDArray[np.float64], names: tuple[str, ...], years: tuple[int, ...]
) -> None:
    if reason := reason_not_estimable(y, X, names, years=years):
        raise NotEstimable(reason)
    for row, year in enumerate(years):
        rest = [other for other in years if other != year]
        reason = reason_not_estimable(
            np.delete(y, row), np.delete(X, row, axis=0), names, years=rest
        )
        if reason:
            raise NotEstimable(f"Without {year} there is no estimate. {reason}")
