"""All statistics of one study in one pass: from its raw and normalised values to its verdicts.

Belongs here: which method sees which values, and what the results say in words. Not here: the
methods (one module each), Dagster, or tables.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from assets.regression.coefficient import CONSTANT, Coefficient
from assets.regression.correlation import Correlations, pearson
from assets.regression.descriptives import Descriptives, descriptives
from assets.regression.equation import equation
from assets.regression.estimable import NotEstimable, reason_not_estimable
from assets.regression.ols import OrdinaryLeastSquares, ordinary_least_squares
from assets.regression.ridge import Convention, RidgeRegression, ridge_regression
from assets.regression.significance import LEVELS, told_p
from assets.regression.variance_inflation import VarianceInflation, variance_inflation


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What the fits say, a sentence or two each."""

    collinearity: str
    ols: str
    ridge: str
    caution: str


@dataclass(frozen=True, slots=True)
class StudyFit:
    """Every statistic of a study: regressions on normalised values, descriptives on raw ones."""

    dependent: str
    regressors: tuple[str, ...]
    years: tuple[int, ...]  # in order
    significance: tuple[float, ...]  # levels of three, two and one star
    descriptives: Descriptives  # of the raw values, the dependent first
    correlations: Correlations  # the dependent first; normalising does not change them
    ols: OrdinaryLeastSquares
    vif: VarianceInflation
    ridge: RidgeRegression
    ols_equation: str
    ridge_equation: str
    verdicts: Verdicts


def fit_study(
    frame: pd.DataFrame,
    normalised: pd.DataFrame,
    dependent: str,
    regressors: Sequence[str],
    ridge_k: float,
    convention: Convention = "spss",
    significance: tuple[float, ...] = LEVELS,
) -> StudyFit:
    """Compute descriptives, correlations, OLS, VIF and ridge of one sample.

    frame: columns year, dependent and the regressors, raw values, one row a year in any order;
    normalised: the same columns and years, min-max normalised values (share of the range);
    ridge_k: on the correlation matrix; significance: levels, the strictest first.
    Raises NotEstimable, with years named, where a cell is missing or a regression has no unique
    estimate; ValueError where columns lack, a year appears twice or the frames' years differ.
    """
    names = (dependent, *regressors)
    years, raw = _values(frame, names, "raw")
    normalised_years, scaled = _values(normalised, names, "normalised")
    if years != normalised_years:
        raise ValueError(f"Raw values cover {years}, normalised ones {normalised_years}.")
    y, X = scaled[:, 0], scaled[:, 1:]
    for values in (raw, scaled):
        reason = reason_not_estimable(
            values[:, 0], values[:, 1:], regressors, dependent=dependent, years=years
        )
        if reason:
            raise NotEstimable(reason)
    ols = ordinary_least_squares(y, X, regressors)
    vif = variance_inflation(X, regressors)
    ridge = ridge_regression(y, X, regressors, ridge_k, convention)
    return StudyFit(
        dependent=dependent,
        regressors=tuple(regressors),
        years=years,
        significance=significance,
        descriptives=descriptives(raw, names, years),
        correlations=pearson(raw, names, significance, years),
        ols=ols,
        vif=vif,
        ridge=ridge,
        ols_equation=equation(dependent, ols.coefficients),
        ridge_equation=equation(dependent, ridge.coefficients),
        verdicts=Verdicts(
            collinearity=vif.verdict,
            ols=_ols_verdict(ols, significance),
            ridge=_ridge_verdict(ridge, significance),
            caution=(
                f"{ridge.n} observations leave {ols.df_residual} "
                f"degree{'' if ols.df_residual == 1 else 's'} of freedom, and series with a common "
                "trend fit each other well without any effect. Ridge estimates are biased, and "
                "their p-values hold k fixed although it was chosen: they do not test whether a "
                "coefficient is zero."
            ),
        ),
    )


def _values(
    frame: pd.DataFrame, names: Sequence[str], kind: str
) -> tuple[tuple[int, ...], NDArray[np.float64]]:
    """Years in order, and (years, names) values."""
    absent = [name for name in ("year", *names) if name not in frame.columns]
    if absent:
        raise ValueError(
            f"The {kind} values have no column {', '.join(absent)}; "
            f"found {', '.join(map(str, frame.columns))}."
        )
    ordered = frame.sort_values("year")
    years = tuple(int(year) for year in ordered["year"])
    if twice := sorted({year for year in years if years.count(year) > 1}):
        raise ValueError(
            f"The {kind} values have more than one row for {', '.join(map(str, twice))}; "
            "expected one a year: choose one region and sample."
        )
    return years, ordered[list(names)].to_numpy(dtype=np.float64, na_value=np.nan)


def _ols_verdict(ols: OrdinaryLeastSquares, levels: tuple[float, ...]) -> str:
    return (
        f"OLS explains {100 * ols.R2:.1f} % of the variance (adjusted {100 * ols.adjusted_R2:.1f} %"
        f", F({ols.df_model}, {ols.df_residual}) = {ols.F:.3f}, {told_p(ols.p_of_F)}). "
        f"{_signs(ols.coefficients)} {_nominal(ols.coefficients, levels)}"
    )


def _ridge_verdict(ridge: RidgeRegression, levels: tuple[float, ...]) -> str:
    head = (
        f"Ridge at k = {ridge.k:g} ({ridge.convention} convention) has R² = {ridge.R2:.3f} and a "
        f"largest VIF of {ridge.vif.max():.3f}. {_signs(ridge.coefficients)}"
    )
    if ridge.p_of_F is None:
        return f"{head} The convention defines no standard errors."
    return f"{head} {_nominal(ridge.coefficients, levels)}"


def _signs(coefficients: Sequence[Coefficient]) -> str:
    slopes = [c for c in coefficients if c.term != CONSTANT]
    negative = [c.term for c in slopes if c.estimate < 0]
    positive = [c.term for c in slopes if c.estimate >= 0]
    return f"Negative: {', '.join(negative) or 'none'}; positive: {', '.join(positive) or 'none'}."


def _nominal(coefficients: Sequence[Coefficient], levels: tuple[float, ...]) -> str:
    """Which p are small: of OLS they hold years for independent, of ridge they test nothing.

    What stands of a claim of significance is said elsewhere, by a rule whose errors are known.
    """
    return f"Nominal p within {100 * max(levels):g} %: {_within(coefficients, levels)}."


def _within(coefficients: Sequence[Coefficient], levels: tuple[float, ...]) -> str:
    found = [
        f"{c.term} ({told_p(c.p)})"
        for c in coefficients
        if c.term != CONSTANT and c.p is not None and c.p <= max(levels)
    ]
    return ", ".join(found) or "none"
