"""What of a study is solid: every fit tested, as rows.

Belongs here: going through all samples with one seed, and the levels that papers claim. Not here:
any method (one module each, study_robustness.py runs them), Dagster.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from assets.extracts.cards.card import Card
from assets.extracts.cards.paper_card import SignificantClaim
from assets.poverty.fits.sample_fits import SampleResult
from assets.poverty.robustness.robustness_rows import (
    RobustnessRow,
    SpecificationRow,
    robustness_rows,
    specification_rows,
)
from assets.poverty.robustness.study_robustness import Robustness, robustness
from assets.regression.estimable import NotEstimable
from assets.vintages.failures import Failures
from assets.warehouse.row import as_frame
from assets.warehouse.table import Table

SEED = 20150101  # of every envelope and baseline, so that the same input gives the same bits


def robustness_frames(
    results: Sequence[SampleResult], cards: Sequence[Card], failures: Failures
) -> dict[Table, pd.DataFrame]:
    """Rows of model.robustness and model.specification for every sample that was fitted.

    cards: of the papers, for the level at which a paper claims a regressor to be significant. A
    sample too small for the methods is kept as one row that says why; one that they fail on is a
    failure.
    """
    rows: list[RobustnessRow] = []
    curves: list[SpecificationRow] = []
    for result in results:
        if result.fit is None:
            continue
        key = result.key(failures.vintage)
        with failures.entry(result.name):
            try:
                found = _tested(result, cards)
            except NotEstimable as error:
                words = f"Not tested. {error}"
                rows.append(
                    RobustnessRow(**key, method="sentence", statistic="sentence", text=words)
                )
                continue
            rows.extend(robustness_rows(key, found))
            curves.extend(specification_rows(key, found))
    return {
        RobustnessRow.table: as_frame(RobustnessRow, rows),
        SpecificationRow.table: as_frame(SpecificationRow, curves),
    }


def _tested(result: SampleResult, cards: Sequence[Card]) -> Robustness:
    """What survives of one sample. Raises NotEstimable."""
    model, printed = result.model, result.study.printed
    claimed = {  # the level at which the study's paper calls each regressor significant
        claim.term: claim.level
        for card in cards
        if printed is not None and card.source == printed.source and card.paper is not None
        for claim in card.paper.claims
        if isinstance(claim, SignificantClaim)
    }
    normalised = result.normalised()
    return robustness(
        normalised[model.dependent].to_numpy(dtype=np.float64),
        normalised[list(model.regressors)].to_numpy(dtype=np.float64),
        model.regressors,
        normalised["year"].tolist(),
        model.ridge.k,
        model.significance_levels,
        np.random.default_rng(SEED),
        claimed,
        years_assumed=result.quality == "recovered",
    )
