"""What of a study is solid: every fit tested, as rows.

Belongs here: going through all samples with one seed, and the levels that papers claim. Not here:
any method (one module each, study_robustness.py runs them), Dagster.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from assets.extracts.card import Card
from assets.extracts.paper_card import SignificantClaim
from assets.poverty.fits.sample_fits import SampleResult
from assets.poverty.robustness.robustness_rows import (
    RobustnessRow,
    SpecificationRow,
    robustness_rows,
    specification_rows,
)
from assets.poverty.robustness.study_robustness import Robustness, robustness
from assets.regression.estimable import NotEstimable
from assets.warehouse.row import as_frame
from assets.warehouse.table import Table

SEED = 20150101  # of every envelope and baseline, so that the same input gives the same bits


def robustness_frames(
    vintage: str, results: Sequence[SampleResult], cards: Sequence[Card]
) -> dict[Table, pd.DataFrame]:
    """Rows of model.robustness and model.specification for every sample that was fitted.

    cards: of the papers, for the level at which a paper claims a regressor to be significant. A
    sample too small for the methods is kept as one row that says why.
    """
    tested = [(result.key(vintage), _tested(result, cards)) for result in results if result.fit]
    rows: list[RobustnessRow] = []
    curves: list[SpecificationRow] = []
    for key, found in tested:
        if isinstance(found, str):
            words = f"Not tested. {found}"
            rows.append(RobustnessRow(**key, method="sentence", statistic="sentence", text=words))
        else:
            rows += robustness_rows(key, found)
            curves += specification_rows(key, found)
    return {
        RobustnessRow.table: as_frame(RobustnessRow, rows),
        SpecificationRow.table: as_frame(SpecificationRow, curves),
    }


def _tested(result: SampleResult, cards: Sequence[Card]) -> Robustness | str:
    """What survives of one sample, or the sentence that says why it cannot be tested."""
    model, printed = result.model, result.study.printed
    claimed = {  # the level at which the study's paper calls each regressor significant
        claim.term: claim.level
        for card in cards
        if printed is not None and card.source == printed.source and card.paper is not None
        for claim in card.paper.claims
        if isinstance(claim, SignificantClaim)
    }
    normalised = result.normalised()
    try:
        return robustness(
            normalised[model.dependent].to_numpy(dtype=np.float64),
            normalised[list(model.regressors)].to_numpy(dtype=np.float64),
            model.regressors,
            normalised["year"].tolist(),
            model.ridge.k,
            model.significance_levels,
            np.random.default_rng(SEED),
            claimed,
        )
    except NotEstimable as error:
        return str(error)
    except (ArithmeticError, ValueError) as error:  # of this sample alone; the others go on
        return f"{type(error).__name__}: {error}"
