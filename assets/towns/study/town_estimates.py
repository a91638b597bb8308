"""Rows of estimates and of evidence of one data set, by the specification.

Belongs here: running the list, one failure leaving the others, and rows. Not here: how a method is
run (`town_methods.py`), what the list holds (`specification.py`).
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assets.towns.assumptions.evidence import Evidence
from assets.towns.estimators.few_clusters import with_few_clusters
from assets.towns.estimators.labels import (
    GAPS_STAY,
    THEIL_BETWEEN_PROVINCES,
    THEIL_WITHIN_PROVINCES,
    TOWN,
)
from assets.towns.estimators.town_effect import TownEffect, percent
from assets.towns.panel.effective_clusters import EffectiveClusters, effective_clusters
from assets.towns.panel.town_panel import PanelError, TownPanel
from assets.towns.study.method import MethodResult
from assets.towns.study.result_rows import OfTownResult, TownEstimateRow, TownEvidenceRow
from assets.towns.study.specification import (
    COUNTS,
    ESTIMATIONS,
    FEWEST_TOWNS,
    SALES_TOTAL,
    Estimation,
)
from assets.towns.study.study_data import StudyData
from assets.towns.study.town_methods import METHODS
from assets.vintages.failures import Failures


@dataclass(frozen=True, slots=True)
class TownRows:
    """Rows of `model.town_estimate` and of `model.town_evidence`."""

    estimates: list[TownEstimateRow]
    evidence: list[TownEvidenceRow]


@dataclass(frozen=True, slots=True)
class EstimationRows:
    """What one estimation came to."""

    rows: TownRows
    failures: Failures


Run = Callable[
    [StudyData, str, Sequence[Estimation], Callable[[str], object]], list[EstimationRows]
]


def in_turn(
    data: StudyData, vintage: str, asked: Sequence[Estimation], log: Callable[[str], object]
) -> list[EstimationRows]:
    """Run estimations one after the other."""
    found = []
    for what in asked:
        log(f"{data.dataset}: {what}")
        found.append(estimation_rows(data, what, vintage))
    return found


def asked_of(data: StudyData, estimations: Sequence[Estimation] = ESTIMATIONS) -> list[Estimation]:
    """The estimations that a data set is asked for.

    Towns that lack a year are not asked for where there are none: the sample would be that of all
    towns.
    """
    return [what for what in estimations if what.sample != GAPS_STAY or data.has_gaps(what.outcome)]


def town_rows(
    data: StudyData,
    failures: Failures,
    log: Callable[[str], object],
    estimations: Sequence[Estimation] = ESTIMATIONS,
    run: Run = in_turn,
) -> TownRows:
    """Run every estimation on a data set.

    What cannot be estimated is a failure with its reason; the others are not touched.
    run: in which way; each gives the same.
    """
    rows = TownRows([], [])
    for done in run(data, failures.vintage, asked_of(data, estimations), log):
        rows.estimates.extend(done.rows.estimates)
        rows.evidence.extend(done.rows.evidence)
        failures.take(done.failures)
    return rows


def estimation_rows(data: StudyData, what: Estimation, vintage: str) -> EstimationRows:
    """Run one estimation on a data set; what it fails with is kept beside what it did before.

    Effects on fewer than FEWEST_TOWNS certified towns are no rows: an effect on a handful of towns
    would say how these very sellers fared. Where none is left, that is a failure, too.
    """
    done = EstimationRows(TownRows([], []), Failures(vintage, TownEstimateRow.table.name))
    estimates, evidence = done.rows.estimates, done.rows.evidence
    of = OfTownResult(vintage=vintage, dataset=data.dataset, simulated=data.simulated)
    with done.failures.entry(data.dataset, str(what)):
        sellers, panel = None, data.panel(_panel_outcome(what), what.sample)
        if what.outcome not in COUNTS:
            sellers = round(math.fsum(panel.weight))
        for found in METHODS[what.method](data, what):
            for effect in found.estimates:
                if effect.treated_towns >= FEWEST_TOWNS:
                    clusters = clusters_of(effect, found, panel, data)
                    estimates.append(estimate_row(effect, clusters, found, what, of, sellers))
            evidence.extend(_evidence_row(one, what, of) for one in found.evidence)
        if not estimates and not evidence:
            raise PanelError(f"every effect is one on fewer than {FEWEST_TOWNS} towns")
    return done


def _panel_outcome(what: Estimation) -> str:
    """The outcome whose panel holds the towns that take part: an index has none of its own."""
    is_index = what.outcome in (THEIL_WITHIN_PROVINCES, THEIL_BETWEEN_PROVINCES)
    return SALES_TOTAL if is_index else what.outcome


def clusters_of(
    effect: TownEffect, found: MethodResult, panel: TownPanel, data: StudyData
) -> EffectiveClusters:
    """Effective numbers behind an effect: on its treated side no more than its treated towns."""
    if found.clusters is None and found.cluster not in (TOWN, data.cluster):  # counties, each once
        return EffectiveClusters(effect.treated_towns, effect.towns - effect.treated_towns)
    of = found.clusters or effective_clusters(panel, data.clusters_of(panel.town, found.cluster))
    return EffectiveClusters(min(of.treated, effect.treated_towns), of.controls)


def estimate_row(
    effect: TownEffect,
    clusters: EffectiveClusters,
    found: MethodResult,
    what: Estimation,
    of: OfTownResult,
    sellers: int | None,
) -> TownEstimateRow:
    """An effect as a row; sellers: behind the outcome, None where it is no mean over sellers.

    The interval is the one that its clusters allow (`few_clusters.py`).
    Per cent are those of percent(), filled in for log points only. A standard error or an end of an
    interval that a method does not give is NULL (NaN in the frame).
    """
    effect = with_few_clusters(effect, clusters)
    in_percent, low_in_percent, high_in_percent, *band_in_percent = (
        percent(value) if found.scale == "log points" and math.isfinite(value) else math.nan
        for value in (effect.estimate, effect.low, effect.high, effect.band_low, effect.band_high)
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
        effective_treated=clusters.treated,
        effective_controls=clusters.controls,
        sellers=sellers,
        scale=found.scale,
        estimate=effect.estimate,
        std_error=effect.std_error,
        low=effect.low,
        high=effect.high,
        percent=in_percent,
        percent_low=low_in_percent,
        percent_high=high_in_percent,
        band_low=effect.band_low,
        band_high=effect.band_high,
        percent_band_low=band_in_percent[0],
        percent_band_high=band_in_percent[1],
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
