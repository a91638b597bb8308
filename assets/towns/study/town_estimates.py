"""Rows of estimates and of evidence of one data set, by the specification.

Belongs here: running the list, one failure leaving the others, and rows. Not here: how a method is
run (`town_methods.py`), what the list holds (`specification.py`).
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assets.towns.assumptions.evidence import Evidence
from assets.towns.estimators.town_effect import TownEffect, percent
from assets.towns.panel.town_panel import PanelError
from assets.towns.study.result_rows import OfTownResult, TownEstimateRow, TownEvidenceRow
from assets.towns.study.specification import COUNTS, ESTIMATIONS, FEWEST_TOWNS, Estimation
from assets.towns.study.study_data import StudyData
from assets.towns.study.town_methods import METHODS, MethodResult
from assets.vintages.failures import Failures


@dataclass(frozen=True, slots=True)
class TownRows:
    """Rows of `model.town_estimate` and of `model.town_evidence`."""

    estimates: list[TownEstimateRow]
    evidence: list[TownEvidenceRow]


def town_rows(
    data: StudyData,
    failures: Failures,
    log: Callable[[str], object],
    estimations: Sequence[Estimation] = ESTIMATIONS,
) -> TownRows:
    """Run every estimation on a data set.

    What cannot be estimated is a failure with its reason; the others are not touched.
    Effects on fewer than FEWEST_TOWNS certified towns are no rows: an effect on a handful of towns
    would say how these very sellers fared. Where none is left, that is a failure, too.
    """
    rows = TownRows([], [])
    of = OfTownResult(vintage=failures.vintage, dataset=data.dataset, simulated=data.simulated)
    for what in estimations:
        log(f"{data.dataset}: {what}")
        with failures.entry(data.dataset, str(what)):
            sellers = None
            if what.outcome not in COUNTS:
                weighted = data.panel(what.outcome, what.sample, weighted=True)
                sellers = round(math.fsum(weighted.weight))
            before = len(rows.estimates) + len(rows.evidence)
            for found in METHODS[what.method](data, what):
                rows.estimates.extend(
                    estimate_row(effect, found, what, of, sellers)
                    for effect in found.estimates
                    if effect.treated_towns >= FEWEST_TOWNS
                )
                rows.evidence.extend(_evidence_row(one, what, of) for one in found.evidence)
            if len(rows.estimates) + len(rows.evidence) == before:
                raise PanelError(f"every effect is one on fewer than {FEWEST_TOWNS} towns")
    return rows


def estimate_row(
    effect: TownEffect, found: MethodResult, what: Estimation, of: OfTownResult, sellers: int | None
) -> TownEstimateRow:
    """An effect as a row; sellers: behind the outcome, None where it is no mean over sellers.

    Per cent are those of percent(), filled in for log points only. A standard error or an end of an
    interval that a method does not give is NULL (NaN in the frame).
    """
    in_percent, low_in_percent, high_in_percent = (
        percent(value) if found.scale == "log points" and math.isfinite(value) else math.nan
        for value in (effect.estimate, effect.low, effect.high)
    )
    return TownEstimateRow(
        vintage=of.vintage,
        dataset=of.dataset,
        simulated=of.simulated,
        estimator=effect.estimator,
        sample=what.sample,
        control_pool=what.control_pool,
        outcome=what.outcome,
        target=effect.target,
        cell=effect.cell,
        cluster=found.cluster,
        inference=effect.inference,
        towns=effect.towns,
        treated_towns=effect.treated_towns,
        sellers=sellers,
        scale=found.scale,
        estimate=effect.estimate,
        std_error=effect.std_error,
        low=effect.low,
        high=effect.high,
        percent=in_percent,
        percent_low=low_in_percent,
        percent_high=high_in_percent,
        needs=found.needs,
    )


def _evidence_row(one: Evidence, what: Estimation, of: OfTownResult) -> TownEvidenceRow:
    return TownEvidenceRow(
        vintage=of.vintage,
        dataset=of.dataset,
        simulated=of.simulated,
        estimator=one.estimator,
        sample=what.sample,
        control_pool=what.control_pool,
        outcome=what.outcome,
        test=one.test,
        cell=one.cell,
        statistic=one.statistic,
        p_value=one.p_value,
        verdict=one.verdict,
        sentence=one.sentence,
    )
