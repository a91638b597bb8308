"""The table of robustness results.

Belongs here: its declaration. Not here: its rows (rows.py).
"""

from assets.vintages.keys import REGION, SAMPLE, STUDY, VINTAGE
from assets.warehouse.table import Column, Table

MODEL_ROBUSTNESS = Table(
    name="model.robustness",
    grain="one row per vintage, study, region, sample, method, term, statistic and setting",
    columns=(
        VINTAGE,
        STUDY,
        REGION,
        SAMPLE,
        Column("method", "VARCHAR", "method, such as ridge_trace, permutation or specification"),
        Column("term", "VARCHAR", "regressor or const; empty where it is about the regression"),
        Column("statistic", "VARCHAR", "coefficient, low, high, p, vif, r2, share_..., sentence"),
        Column("setting", "VARCHAR", "choice it holds for: k=0.148, without 2015; else empty"),
        Column("value", "DOUBLE", "value; coefficients per unit of normalised variables", True),
        Column("text", "VARCHAR", "words: a sentence, a reason, how p was counted", nullable=True),
    ),
    primary_key=("vintage", "study", "region", "sample", "method", "term", "statistic", "setting"),
)

MODEL_SPECIFICATION = Table(
    name="latest.specification",
    grain="one row per study, region, sample, term and specification, of this vintage only",
    columns=(
        VINTAGE,
        STUDY,
        REGION,
        SAMPLE,
        Column("term", "VARCHAR", "regressor"),
        Column("setting", "VARCHAR", "the specification: regressors, form, K, year left out"),
        Column("place", "INTEGER", "place on the curve of its term, by rising coefficient, from 1"),
        Column("coefficient", "DOUBLE", "per unit of normalised variables"),
        Column("low", "DOUBLE", "lower end of its 95 % interval; NULL: none defined", True),
        Column("high", "DOUBLE", "upper end of its 95 % interval; NULL: none defined", True),
        Column("p", "DOUBLE", "two-sided p; for ridge not a valid test; NULL: none defined", True),
    ),
    primary_key=("vintage", "study", "region", "sample", "term", "setting"),
)
