"""The table of predictions of years that were not yet known.

Belongs here: its declaration. Not here: its rows (backtest.py).
"""

from assets.poverty.region_column import REGION
from assets.warehouse.table import Column, Table

MODEL_BACKTEST = Table(
    name="model.backtest",
    grain=(
        "one row per vintage, study, region, edition known and estimator: the year that came "
        "next, predicted from what was known by the edition"
    ),
    columns=(
        Column("vintage", "VARCHAR", "vintage: running number and fingerprint of its inputs"),
        Column("study", "VARCHAR", "name of the study, as its YAML file"),
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
