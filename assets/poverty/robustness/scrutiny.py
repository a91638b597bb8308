"""What of a paper and of a study is solid: every paper audited, every fit tested, as rows.

Belongs here: going through all papers and samples with one seed. Not here: any rule of the audit
(`audit/`), any method (`robustness/`), Dagster.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from assets.extracts.card import Card
from assets.extracts.paper_card import SignificantClaim
from assets.poverty.fits.sample_fits import Row, SampleResult, wide
from assets.poverty.robustness.robustness_rows import robustness_rows, specification_rows
from assets.poverty.robustness.robustness_tables import RobustnessRow, SpecificationRow
from assets.poverty.robustness.study_robustness import Robustness, robustness
from assets.regression.estimable import NotEstimable
from assets.warehouse.table import Table, as_frame

SEED = 20150101  # of every envelope and baseline, so that the same input gives the same bits


def robustness_frames(
    vintage: str, results: Sequence[SampleResult], cards: Sequence[Card]
) -> dict[Table, pd.DataFrame]:
    """Rows of model.robustness and latest.specification for every sample that was fitted.

    cards: of the papers, for the level at which a paper claims a regressor to be significant. A
    sample too small for the methods is kept as one row that says why.
    """
    tested = [(result, _tested(result, cards)) for result in results if result.fit is not None]
    rows = [(vintage, *row) for result, found in tested for row in _rows(result, found)]
    curves = [
        (vintage, *row)
        for result, found in tested
        if isinstance(found, Robustness)
        for row in specification_rows(*result.place, found)
    ]
    return {
        RobustnessRow.table: as_frame(RobustnessRow.table, rows),
        SpecificationRow.table: as_frame(SpecificationRow.table, curves),
    }


def _rows(result: SampleResult, found: Robustness | str) -> Iterator[Row]:
    if isinstance(found, str):
        yield *result.place, "sentence", "", "sentence", "", None, f"Not tested. {found}"
    else:
        yield from robustness_rows(*result.place, found)


def _tested(result: SampleResult, cards: Sequence[Card]) -> Robustness | str:
    """What survives of one sample, or the sentence that says why it cannot be tested."""
    model = result.model
    normalised = wide(result.inputs, "normalised", result.study.variables)
    try:
        return robustness(
            normalised[model.dependent].to_numpy(dtype=np.float64),
            normalised[list(model.regressors)].to_numpy(dtype=np.float64),
            model.regressors,
            normalised["year"].tolist(),
            model.ridge.k,
            model.significance_levels,
            np.random.default_rng(SEED),
            _claimed_levels(result, cards),
        )
    except NotEstimable as error:
        return str(error)
    except (ArithmeticError, ValueError) as error:  # of this sample alone; the others go on
        return f"{type(error).__name__}: {error}"


def _claimed_levels(result: SampleResult, cards: Sequence[Card]) -> Mapping[str, float]:
    """The level at which the study's paper calls each regressor significant."""
    printed = result.study.printed
    return {
        claim.term: claim.level
        for card in cards
        if printed is not None and card.source == printed.source and card.paper is not None
        for claim in card.paper.claims
        if isinstance(claim, SignificantClaim)
    }
