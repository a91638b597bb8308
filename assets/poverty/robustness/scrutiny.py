"""What of a study is solid: every fit tested, as rows.

Belongs here: going through all samples with one seed, and the levels that papers claim. Not here:
any method (one module each, study_robustness.py runs them), Dagster.
"""

from collections.abc import Iterator, Mapping, Sequence

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
from assets.poverty.study_files.study import Study
from assets.regression.estimable import NotEstimable
from assets.vintages.failures import Failures
from assets.vintages.pieces import entry_rows
from assets.warehouse.tables.row import as_frames
from assets.warehouse.tables.table import Table

SEED = 20150101  # of every envelope and baseline, so that the same input gives the same bits


def robustness_frames(
    results: Sequence[SampleResult], cards: Sequence[Card], failures: Failures
) -> dict[Table, pd.DataFrame]:
    """Rows of model.robustness and model.specification for every sample that was fitted.

    cards: of the papers, for the level at which a paper claims a regressor to be significant. A
    sample too small for the methods is kept as one row that says why; one that they fail on is a
    failure.
    """
    kinds = (RobustnessRow, SpecificationRow)
    rows: list[RobustnessRow | SpecificationRow] = []
    for result in results:
        if result.fit is not None:
            claimed = _claimed(result.study, cards)
            rows += entry_rows(failures, result.name, "", kinds, _rows, result, claimed)
    return as_frames(kinds, rows)


def _claimed(study: Study, cards: Sequence[Card]) -> dict[str, float]:
    """The level at which the study's paper calls each regressor significant."""
    return {
        claim.term: claim.level
        for card in cards
        if study.printed is not None
        and card.source == study.printed.source
        and card.paper is not None
        for claim in card.paper.claims
        if isinstance(claim, SignificantClaim)
    }


def _rows(
    failures: Failures, result: SampleResult, claimed: Mapping[str, float]
) -> Iterator[RobustnessRow | SpecificationRow]:
    key = result.key(failures.vintage)
    try:
        found = _tested(result, claimed)
    except NotEstimable as error:
        words = f"Not tested. {error}"
        yield RobustnessRow(**key, method="sentence", statistic="sentence", text=words)
        return
    yield from robustness_rows(key, found)
    yield from specification_rows(key, found)


def _tested(result: SampleResult, claimed: Mapping[str, float]) -> Robustness:
    """What survives of one sample. Raises NotEstimable."""
    model, normalised = result.model, result.normalised()
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
