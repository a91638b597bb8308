"""The rows of `model.recovery`: what a paper's printed tables determine, and what they do not.

Belongs here: the declaration and the rows. Not here: the recovery, or writing to a warehouse.
"""

from collections.abc import Sequence

import pandas as pd

from assets.papers.recovery.determination import Determination
from assets.papers.recovery.ensemble import Ensemble
from assets.warehouse.table import Column, Table, as_frame

MODEL_RECOVERY = Table(
    name="model.recovery",
    grain="one row per source, edition, kind, estimator, term, other term and statistic",
    columns=(
        Column("source", "VARCHAR", "the paper whose tables the samples satisfy"),
        Column("edition", "INTEGER", "its edition"),
        Column("kind", "VARCHAR", "descriptives, correlations, regression, verdict, rows or row"),
        Column("estimator", "VARCHAR", "ols or ridge, else empty"),
        Column("term", "VARCHAR", "variable or coefficient, else empty"),
        Column("other_term", "VARCHAR", "second variable of a correlation, else empty"),
        Column("statistic", "VARCHAR", "what the row is about; row_1 has the largest dependent"),
        Column("low", "DOUBLE", "smallest value among the samples, in the result's own unit"),
        Column("high", "DOUBLE", "largest value among the samples"),
        Column("median", "DOUBLE", "median of the samples"),
        Column("printed", "VARCHAR", "the printed number, if any", nullable=True),
        Column("excluded", "BOOLEAN", "printed, but not required of the samples: in error"),
        Column("rule", "VARCHAR", "printed_digits, three_digits, same_sign or same_verdict"),
        Column("determined", "BOOLEAN", "the same in every sample by that rule"),
        Column("samples", "INTEGER", "recovered samples; not data, and none of them official"),
        Column("minimum_distance", "DOUBLE", "least distance of two samples, SD per cell (RMS)"),
        Column("seed", "BIGINT", "seed of the ensemble"),
        Column("fingerprint", "VARCHAR", "sha256 of the first sample's exact values"),
    ),
    primary_key=(
        *("source", "edition", "kind", "estimator"),
        *("term", "other_term", "statistic"),
    ),
)


def ensemble_rows(ensemble: Ensemble, determinations: Sequence[Determination]) -> pd.DataFrame:
    """Rows of model.recovery for one paper's ensemble."""
    paper, count = ensemble.paper, len(ensemble.samples)
    first = ensemble.samples[0].fingerprint
    rows = [
        (
            *(paper.source, paper.edition, *d.place, d.low, d.high, d.median, d.printed),
            *(d.excluded, d.rule, d.determined, count, ensemble.minimum_distance),
            *(ensemble.seed, first),
        )
        for d in determinations
    ]
    return as_frame(MODEL_RECOVERY, rows)
