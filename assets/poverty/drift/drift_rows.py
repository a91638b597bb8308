"""The tables of coefficients beside their predecessors and of tests for a break.

Belongs here: their declarations. Not here: their rows (compare.py, break_rows.py).
"""

from assets.vintages.keys import REGION, SAMPLE, STUDY, VINTAGE
from assets.warehouse.table import Column, Table

MODEL_DRIFT = Table(
    name="model.drift",
    grain=(
        "one row per vintage, study, region, sample, estimator and term: each coefficient of this "
        "vintage or of the published vintage before it"
    ),
    columns=(
        VINTAGE,
        Column("vintage_before", "VARCHAR", "vintage published before; NULL: none", nullable=True),
        STUDY,
        REGION,
        SAMPLE,
        Column("estimator", "VARCHAR", "ols or ridge"),
        Column("term", "VARCHAR", "const or a regressor; all variables min-max normalised"),
        Column("term_order", "INTEGER", "0 for the constant"),
        Column("status", "VARCHAR", "compared, first fit, other model or no longer fitted"),
        Column("n_before", "INTEGER", "count of years before", nullable=True),
        Column("n", "INTEGER", "count of years"),
        Column("coefficient_before", "DOUBLE", "range shares per range of the regressor", True),
        Column("std_error_before", "DOUBLE", "its standard error; NULL: none defined", True),
        Column("low_before", "DOUBLE", "lower end of its 95 % interval", nullable=True),
        Column("high_before", "DOUBLE", "upper end of its 95 % interval", nullable=True),
        Column("coefficient", "DOUBLE", "range shares per range of the regressor", nullable=True),
        Column("std_error", "DOUBLE", "its standard error; NULL: none defined", nullable=True),
        Column("low", "DOUBLE", "lower end of its 95 % interval; for ridge nominal", nullable=True),
        Column("high", "DOUBLE", "upper end of its 95 % interval; for ridge nominal", True),
        Column("moved_by_std_errors", "DOUBLE", "the move over the standard error before", True),
        Column("rank_before", "INTEGER", "1: largest |standardised slope|", nullable=True),
        Column("rank", "INTEGER", "1: largest |standardised slope|; NULL: constant", True),
        Column("vif_before", "DOUBLE", "variance inflation factor before", nullable=True),
        Column("vif", "DOUBLE", "variance inflation factor", nullable=True),
        Column("is_sign_flipped", "BOOLEAN", "the coefficient changed its sign"),
        Column("is_beyond_two_std_errors", "BOOLEAN", "moved by more than 2 std. errors before"),
        Column("is_overlap_lost", "BOOLEAN", "the two 95 % intervals have no point in common"),
        Column("is_rank_changed", "BOOLEAN", "its rank by standardised size changed"),
        Column("is_collinearity_changed", "BOOLEAN", "its VIF crossed 10"),
        Column("drift", "VARCHAR", "in words, all that drifted; empty: nothing did"),
    ),
    primary_key=("vintage", "study", "region", "sample", "estimator", "term"),
)
MODEL_STRUCTURAL_BREAK = Table(
    name="model.structural_break",
    grain=(
        "one row per vintage, study, region, sample, test and last year before the break; tests of "
        "OLS on the normalised variables"
    ),
    columns=(
        VINTAGE,
        STUDY,
        REGION,
        SAMPLE,
        Column("test", "VARCHAR", "one year: chosen in advance; any year: the likeliest of all"),
        Column("last_year_before", "INTEGER", "the break is after this year; 0: none testable"),
        Column("status", "VARCHAR", "tested or not testable"),
        Column("reason", "VARCHAR", "why it cannot be tested", nullable=True),
        Column("f", "DOUBLE", "Chow's F; infinite (NULL) where both sides fit perfectly", True),
        Column("df_break", "INTEGER", "restrictions tested", nullable=True),
        Column("df_residual", "INTEGER", "residual degrees of freedom of both sides", True),
        Column("p", "DOUBLE", "one year: exact; any year: simulated on the same X", nullable=True),
        Column("draws", "INTEGER", "simulated samples behind p; NULL: none", nullable=True),
        Column("quality", "VARCHAR", "worst quality of the sample; recovered: years are assumed"),
    ),
    primary_key=("vintage", "study", "region", "sample", "test", "last_year_before"),
)
