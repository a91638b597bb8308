"""Rows of estimates and of evidence of one data set, by the specification.

Belongs here: running the list, one failure leaving the others, and rows. Not here: how a method is
run (`town_methods.py`), what the list holds (`specification.py`).
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from assets.towns.estimators.estimate import Estimate
from assets.towns.estimators.estimate_rows import Provenance, estimate_rows
from assets.towns.panel.town_panel import PanelError
from assets.towns.study.datasets_together import stacked
from assets.towns.study.specification import COUNTS, ESTIMATIONS, FEWEST_TOWNS, Estimation
from assets.towns.study.study_data import StudyData
from assets.towns.study.town_methods import METHODS, Found, not_estimated
from assets.towns.town_rows import TownEstimateRow, TownEvidenceRow
from assets.warehouse.table import as_frame


@dataclass(frozen=True, slots=True)
class TownRows:
    """Rows of `model.town_estimate` and of `model.town_evidence`."""

    estimates: pd.DataFrame
    evidence: pd.DataFrame


def all_rows(datasets: Iterable[StudyData], vintage: str, log: Callable[[str], object]) -> TownRows:
    """Rows of every data set; none where there is no data set."""
    rows = [town_rows(data, vintage, log) for data in datasets]
    return TownRows(
        stacked(TownEstimateRow.table, [each.estimates for each in rows]),
        stacked(TownEvidenceRow.table, [each.evidence for each in rows]),
    )


def town_rows(
    data: StudyData,
    vintage: str,
    log: Callable[[str], object],
    estimations: Sequence[Estimation] = ESTIMATIONS,
) -> TownRows:
    """Run every estimation on a data set.

    What cannot be estimated is a row of evidence with the reason; the others are not touched.
    Effects on fewer than FEWEST_TOWNS certified towns are no rows.
    """
    estimates: list[pd.DataFrame] = []
    evidence: list[tuple[object, ...]] = []
    for what in estimations:
        log(f"{data.dataset}: {what}")
        for found in _found(data, what):
            of = _provenance(data, what, found, vintage)
            estimates.append(estimate_rows(filter(_may_be_shown, found.estimates), of))
            evidence += _evidence_rows(data, what, found, vintage)
    return TownRows(
        stacked(TownEstimateRow.table, estimates), as_frame(TownEvidenceRow.table, evidence)
    )


def _found(data: StudyData, what: Estimation) -> Iterator[Found]:
    try:
        yield from METHODS[what.method](data, what)
    except PanelError as error:
        yield Found("", evidence=(not_estimated(what, error),))


def _may_be_shown(estimate: Estimate) -> bool:
    """An effect on a handful of towns would say how these very sellers fared."""
    return estimate.treated_towns >= FEWEST_TOWNS


def _provenance(data: StudyData, what: Estimation, found: Found, vintage: str) -> Provenance:
    return Provenance(
        vintage=vintage,
        dataset=data.dataset,
        simulated=data.simulated,
        sample=what.sample,
        control_pool=what.control_pool,
        outcome=what.outcome,
        scale=found.scale,
        sellers=None if what.outcome in COUNTS else _sellers(data, what),
        cluster=found.cluster,
        needs=found.needs,
    )


def _sellers(data: StudyData, what: Estimation) -> int:
    return round(math.fsum(data.panel(what.outcome, what.sample, weighted=True).weight))


def _evidence_rows(
    data: StudyData, what: Estimation, found: Found, vintage: str
) -> Iterator[tuple[object, ...]]:
    for one in found.evidence:
        yield (
            vintage,
            data.dataset,
            data.simulated,
            one.estimator,
            what.sample,
            what.control_pool,
            what.outcome,
            one.test,
            one.cell,
            one.statistic,
            one.p_value,
            one.verdict,
            one.sentence,
        )
