"""The tables of what was known when: predictions of the next year, and fits as of each year.

Belongs here: their declarations. Not here: their rows (backtest.py, known_fit.py).
"""

from dataclasses import dataclass
from typing import Annotated

from assets.vintages.keys import OfVintage, RegionCode, StudyName


@dataclass(frozen=True, slots=True, kw_only=True)
class BacktestRow(
    OfVintage,
    table="model.backtest",
    grain=(
        "one row per vintage, study, region, edition known and estimator: the year that "
        "came next, predicted from what was known by the edition"
    ),
    key=("vintage", "study", "region", "known_by", "estimator"),
):
    """Whether the relation holds in a year it was not fitted to."""

    study: StudyName
    region: RegionCode
    sample: Annotated[str, "name of the sample in indices.known_by_input"]
    known_by: Annotated[int, "edition after which nothing was seen"]
    estimator: Annotated[str, "ols, ridge, last value or trend (a straight line)"]
    status: Annotated[str, "predicted or refused"]
    reason: Annotated[str | None, "why it was refused"]
    variable: Annotated[str, "the dependent variable, which is predicted"]
    unit: Annotated[str, "its unit: ratio, or 10k_cny_per_person"]
    n: Annotated[int, "count of years known"]
    years: Annotated[str, "the years known"]
    later_prints: Annotated[int, "values known only from a first later print at hand"]
    values_used: Annotated[int, "values known, all variables and years"]
    predicted_year: Annotated[int, "the year after the last one known"]
    predicted: Annotated[float | None, "given the year's regressors as first printed"] = None
    low: Annotated[float | None, "lower end of the 95 % prediction interval"] = None
    high: Annotated[float | None, "upper end of it; NULL: the estimator has none"] = None
    actual: Annotated[float, "the dependent as first printed"]
    error: Annotated[float | None, "actual less predicted, unit of the variable"]
    error_normalised: Annotated[float | None, "error over the range of the years known"]
    is_inside: Annotated[bool | None, "the actual lies in the interval"] = None
    error_over_last_value: Annotated[float | None, "|error| over that of the last value"]
    error_over_trend: Annotated[float | None, "|error| over that of the straight line"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfKnownYear(OfVintage):
    """Rows about a fit of one study and region with the figures known in one year."""

    study: StudyName
    region: RegionCode
    known_by: Annotated[int, "year after which nothing was seen"]
    reading: Annotated[
        str,
        "strict: only years of which all was printed by then; lenient: first later prints stand in",
    ]
    estimator: Annotated[str, "ols or ridge"]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFitRow(
    OfKnownYear,
    table="model.known_fit",
    grain=(
        "one row per vintage, study, region, year known, reading and estimator: the fit as"
        " it would have come out with the figures printed by the end of that year"
    ),
    key=("vintage", "study", "region", "known_by", "reading", "estimator"),
):
    """What the study would have said in each year, and what it could not have known yet."""

    status: Annotated[str, "fitted or refused"]
    reason: Annotated[str | None, "why it was refused"]
    same_as: Annotated[int | None, "first of the years since which the sample is the same"]
    n: Annotated[int, "count of years in the sample"]
    years: Annotated[str, "the years in the sample"]
    later_prints: Annotated[int, "values known only from a first later print at hand"]
    values_used: Annotated[int, "values in the sample, all variables and years"]
    not_printed: Annotated[str | None, "what of the years over was not printed by then"]
    r2: Annotated[float | None, "share of variance explained"]
    adjusted_r2: Annotated[float | None, "R² adjusted for degrees of freedom"]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCoefficientRow(
    OfKnownYear,
    table="model.known_coefficient",
    grain=(
        "one row per vintage, study, region, year known, reading, estimator and term: the "
        "coefficients of model.known_fit"
    ),
    key=("vintage", "study", "region", "known_by", "reading", "estimator", "term"),
):
    """What each regressor would have been said to do in each year."""

    term: Annotated[str, "const or a regressor; normalised over the years known"]
    term_order: Annotated[int, "0 for the constant"]
    coefficient: Annotated[float, "range shares of the dependent per range of the regressor"]
    std_error: Annotated[float | None, "standard error; none in mass and glmnet"]
    p: Annotated[float | None, "two-sided p of t; for ridge not a valid test"]
