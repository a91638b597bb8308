"""The rows of `model.recovery`: what a paper's printed tables determine, and what they do not.

Belongs here: the declaration and the rows. Not here: the recovery, or writing to a warehouse.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import pandas as pd

from assets.papers.recovery.determination import Determination
from assets.papers.recovery.ensemble import Ensemble
from assets.warehouse.tables.row import DuckType, Row, as_frame


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryRow(
    Row,
    table="model.recovery",
    grain="one row per source, edition, kind, estimator, term, other term and statistic",
    key=(
        "source",
        "edition",
        "kind",
        "estimator",
        "term",
        "other_term",
        "statistic",
    ),
):
    """One row per source, edition, kind, estimator, term, other term and statistic."""

    source: Annotated[str, "the paper whose tables the samples satisfy"]
    edition: Annotated[int, "its edition"]
    kind: Annotated[str, "descriptives, correlations, regression, verdict, rows or row"]
    estimator: Annotated[str, "ols or ridge, else empty"]
    term: Annotated[str, "variable or coefficient, else empty"]
    other_term: Annotated[str, "second variable of a correlation, else empty"]
    statistic: Annotated[str, "what the row is about; row_1 has the largest dependent"]
    low: Annotated[float, "smallest value among the samples, in the result's own unit"]
    high: Annotated[float, "largest value among the samples"]
    median: Annotated[float, "median of the samples"]
    printed: Annotated[str | None, "the printed number, if any"]
    excluded: Annotated[bool, "printed, but not required of the samples: in error"]
    rule: Annotated[str, "printed_digits, three_digits, same_sign or same_verdict"]
    determined: Annotated[bool, "the same in every sample by that rule"]
    samples: Annotated[int, "recovered samples; not data, and none of them official"]
    minimum_distance: Annotated[float, "least distance of two samples, SD per cell (RMS)"]
    seed: Annotated[int, "seed of the ensemble", DuckType("BIGINT")]
    fingerprint: Annotated[str, "sha256 of the first sample's exact values"]


def ensemble_rows(ensemble: Ensemble, determinations: Sequence[Determination]) -> pd.DataFrame:
    """Rows of model.recovery for one paper's ensemble."""
    return as_frame(
        RecoveryRow,
        [
            RecoveryRow(
                source=ensemble.paper.source,
                edition=ensemble.paper.edition,
                **result.place._asdict(),
                low=result.low,
                high=result.high,
                median=result.median,
                printed=result.printed,
                excluded=result.excluded,
                rule=result.rule,
                determined=result.determined,
                samples=len(ensemble.samples),
                minimum_distance=ensemble.minimum_distance,
                seed=ensemble.seed,
                fingerprint=ensemble.samples[0].fingerprint,
            )
            for result in determinations
        ],
    )
