"""The tables of what was known when: predictions of the next year, and fits as of each year.

Belongs here: their declarations. Not here: their rows (backtest.py, known_fit.py).
"""

from assets.vintages.keys import REGION, STUDY, VINTAGE
from assets.warehouse.table import Column, Table

MODEL_BACKTEST = Table(
    name="model.backtest",
    grain=(
        "one row per vintage, study, region, edition known and estimator: the year that came "
        "next, predicted from what was known by the edition"
    ),
    columns=(
        VINTAGE,
        STUDY,
        REGION,
        Column("sample", "VARCHAR", "name of the sample in indices.known_by_input"),
        Column("known_by", "INTEGER", "edition after which nothing was seen"),
        Column("estimator", "VARCHAR", "ols, ridge, last value or trend (a straight line)"),
        Column("status", "VARCHAR", "predicted or refused"),
        Column("reason", "VARCHAR", "why it was refused", nullable=True),
        Column("variable", "VARCHAR", "the dependent variable, which is predicted"),
        Column("unit", "VARCHAR", "its unit: ratio, or 10k_cny_per_person"),
        Column("n", "INTEGER", "count of years known"),
        Column("years", "VARCHAR", "the years known"),
        Column("later_prints", "INTEGER", "values known only from a first later print at hand"),
        Column("values_used", "INTEGER", "values known, all variables and years"),
        Column("predicted_year", "INTEGER", "the year after the last one known"),
        Column("predicted", "DOUBLE", "given the year's regressors as first printed", True),
        Column("low", "DOUBLE", "lower end of the 95 % prediction interval", nullable=True),
        Column("high", "DOUBLE", "upper end of it; NULL: the estimator has none", nullable=True),
        Column("actual", "DOUBLE", "the dependent as first printed"),
        Column("error", "DOUBLE", "actual less predicted, unit of the variable", nullable=True),
        Column("error_normalised", "DOUBLE", "error over the range of the years known", True),
        Column("is_inside", "BOOLEAN", "the actual lies in the interval", nullable=True),
        Column("error_over_last_value", "DOUBLE", "|error| over that of the last value", True),
        Column("error_over_trend", "DOUBLE", "|error| over that of the straight line", True),
    ),
    primary_key=("vintage", "study", "region", "known_by", "estimator"),
)

_KNOWN = (
    VINTAGE,
    STUDY,
    REGION,
    Column("known_by", "INTEGER", "year after which nothing was seen"),
    Column(
        "reading",
        "VARCHAR",
        "strict: only years of which all was printed by then; lenient: first later prints stand in",
    ),
    Column("estimator", "VARCHAR", "ols or ridge"),
)
_KNOWN_KEY = ("vintage", "study", "region", "known_by", "reading", "estimator")

MODEL_KNOWN_FIT = Table(
    name="model.known_fit",
    grain=(
        "one row per vintage, study, region, year known, reading and estimator: the fit as it "
        "would have come out with the figures printed by the end of that year"
    ),
    columns=(
        *_KNOWN,
        Column("status", "VARCHAR", "fitted or refused"),
        Column("reason", "VARCHAR", "why it was refused", nullable=True),
        Column("same_as", "INTEGER", "first of the years since which the sample is the same", True),
        Column("n", "INTEGER", "count of years in the sample"),
        Column("years", "VARCHAR", "the years in the sample"),
        Column("later_prints", "INTEGER", "values known only from a first later print at hand"),
        Column("values_used", "INTEGER", "values in the sample, all variables and years"),
        Column("not_printed", "VARCHAR", "what of the years over was not printed by then", True),
        Column("r2", "DOUBLE", "share of variance explained", nullable=True),
        Column("adjusted_r2", "DOUBLE", "R² adjusted for degrees of freedom", nullable=True),
    ),
    primary_key=_KNOWN_KEY,
)
MODEL_KNOWN_COEFFICIENT = Table(
    name="model.known_coefficient",
    grain=(
        "one row per vintage, study, region, year known, reading, estimator and term: the "
        "coefficients of model.known_fit"
    ),
    columns=(
        *_KNOWN,
        Column("term", "VARCHAR", "const or a regressor; normalised over the years known"),
        Column("term_order", "INTEGER", "0 for the constant"),
        Column("coefficient", "DOUBLE", "range shares of the dependent per range of the regressor"),
        Column("std_error", "DOUBLE", "standard error; none in mass and glmnet", nullable=True),
        Column("p", "DOUBLE", "two-sided p of t; for ridge not a valid test", nullable=True),
    ),
    primary_key=(*_KNOWN_KEY, "term"),
)
