"""The tables of fits: what went in, coefficients, diagnostics.

Belongs here: declarations, with grain, meaning and unit of each column. Not here: making the rows
(result_frames.py).
"""

from dataclasses import dataclass
from typing import Annotated

from assets.vintages.keys import OfSample


@dataclass(frozen=True, slots=True, kw_only=True)
class InputRow(
    OfSample,
    table="model.input",
    grain="one row per vintage, study, region, sample, reference_year and variable",
    key=("vintage", "study", "region", "sample", "reference_year", "variable"),
):
    """What each fit was given, so that it can be shown and made again."""

    reference_year: Annotated[int, "year the values are about"]
    variable: Annotated[str, "PI, AIG, IM, CEI, aEDI, EG or the study's own"]
    role: Annotated[str, "dependent or regressor"]
    value: Annotated[float, "index value; in its unit (study.variable)"]
    normalised: Annotated[float | None, "min-max normalised, 0 to 1; NULL: does not vary"]
    quality: Annotated[str, "worst quality of its inputs: published, derived, recovered"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FitRow(
    OfSample,
    table="model.fit",
    grain="one row per vintage, study, region, sample and estimator",
    key=("vintage", "study", "region", "sample", "estimator"),
):
    """How well each estimator fits, in numbers and words; or why a sample was not fitted."""

    estimator: Annotated[str, "ols, ridge or panel"]
    status: Annotated[str, "fitted or refused"]
    reason: Annotated[str | None, "why it was refused"]
    formula: Annotated[str, "the model: PI ~ AIG + IM + aEDI + EG"]
    n: Annotated[int, "count of years in the sample"]
    df_residual: Annotated[float | None, "residual degrees of freedom"]
    convention: Annotated[str, "convention of the estimator"]
    ridge_k: Annotated[float, "ridge constant K, 0 for OLS"]
    r: Annotated[float | None, "multiple correlation"]
    r2: Annotated[float | None, "share of variance explained"]
    adjusted_r2: Annotated[float | None, "R² adjusted for degrees of freedom"]
    f: Annotated[float | None, "F statistic"]
    f_p: Annotated[float | None, "p of F; for ridge conditional on K, not a valid test"]
    equation: Annotated[str | None, "the fitted equation, variables normalised"]
    verdict: Annotated[str, "in words: collinearity, or what the p-values do not mean"]
    quality: Annotated[str, "worst quality of the sample: published, derived, recovered"]
    years: Annotated[str, "the reference years used"]
    input_fingerprint: Annotated[str, "sha256 over the sample that was fitted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CoefficientRow(
    OfSample,
    table="model.coefficient",
    grain="one row per vintage, study, region, sample, estimator and term",
    key=("vintage", "study", "region", "sample", "estimator", "term"),
):
    """What each regressor does, with its error: the result a study is made for."""

    estimator: Annotated[str, "ols, ridge or panel"]
    term: Annotated[str, "const or a regressor; all variables min-max normalised"]
    term_order: Annotated[int, "0 for the constant"]
    coefficient: Annotated[float, "range shares of the dependent per range of the regressor"]
    std_error: Annotated[float | None, "standard error; none in mass and glmnet"]
    t: Annotated[float | None, "coefficient over standard error"]
    p: Annotated[float | None, "two-sided p of t; for ridge not a valid test"]
    stars: Annotated[str, "stars at the study's levels; of ridge none, its p is no test"]
    vif: Annotated[float | None, "variance inflation factor at this K"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DiagnosticRow(
    OfSample,
    table="model.diagnostic",
    grain="one row per vintage, study, region, sample, kind, variable, other one and statistic",
    key=("vintage", "study", "region", "sample", "kind", "variable", "other_variable", "statistic"),
):
    """What to know of a sample beside its fit: descriptives, correlations, collinearity, shape."""

    kind: Annotated[str, "descriptive, correlation or collinearity"]
    variable: Annotated[str, "variable"] = ""
    other_variable: Annotated[str, "second variable of a correlation, else empty"] = ""
    statistic: Annotated[str, "min, max, mean, sd, r, p, max_vif"]
    value: Annotated[float, "value, in the variable's own unit"]
    stars: Annotated[str, "stars of a correlation, else empty"] = ""
