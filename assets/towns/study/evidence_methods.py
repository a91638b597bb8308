"""How what speaks for or against an effect is looked for in a data set.

Belongs here: methods of the specification that run what `assumptions/` holds. Not here: the tests
themselves, the effect (`town_methods.py`).
"""

from collections.abc import Iterator

import numpy as np

from assets.towns.assumptions import composition, pre_trends, sensitivity, threshold
from assets.towns.assumptions.placebo import (
    bias_per_placebo,
    placebo_date_evidence,
    placebo_dates,
    placebo_towns,
    placebo_towns_evidence,
)
from assets.towns.assumptions.wild_bootstrap import wild_p_value
from assets.towns.estimators import regression_discontinuity
from assets.towns.estimators.few_clusters import degrees_of_freedom
from assets.towns.estimators.staggered import callaway_santanna, imputation
from assets.towns.estimators.staggered.event_study import EventStudy, event_study_of
from assets.towns.panel.effective_clusters import effective_clusters
from assets.towns.panel.town_panel import TownPanel
from assets.towns.study.method import MethodResult, Methods, panel_of
from assets.towns.study.specification import PLACEBO_TOWN_DRAWS, SEED, WHO, Estimation
from assets.towns.study.study_data import StudyData

METHODS = Methods()


@METHODS.runs("pre_trend")
def _pre_trend(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    """Pre-trend test with its power; by the wild cluster bootstrap where towns are few."""
    panel, needs = panel_of(data, what), callaway_santanna.NEEDS
    study, wild_p = _event_study(data, panel)[0], None
    cluster = data.clusters_of(panel.town, data.cluster)
    clusters = effective_clusters(panel, cluster)
    if degrees_of_freedom(clusters) is not None:
        wild_p = wild_p_value(
            panel,
            lambda drawn: pre_trends.pre_trend_test(_event_study(data, drawn)[0]),
            np.random.default_rng(SEED),
            cluster=cluster,
        )
    towns = min(clusters.treated, clusters.controls)
    evidence = pre_trends.evidence(study, needs, wild_p=wild_p, towns=towns)
    yield MethodResult(needs, evidence=(evidence,))


@METHODS.runs("relative_magnitudes")
def _relative_magnitudes(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    """How large a break of trend the effect survives, and its interval under stated ones."""
    study, effects = _event_study(data, panel_of(data, what))
    generator = np.random.default_rng(SEED)
    mbar = sensitivity.breakdown(study, generator)
    yield MethodResult(sensitivity.NEEDS, evidence=(sensitivity.evidence(study, mbar),))
    for bound in (0.5, 1.0):
        one = sensitivity.relative_magnitudes(study, bound, generator)
        effect = sensitivity.as_effect(one, f"Mbar={bound:g}", effects)
        yield MethodResult(sensitivity.NEEDS, (effect,))


@METHODS.runs("smoothness")
def _smoothness(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    """The interval of the effect under trends that bend no more than stated."""
    study, effects = _event_study(data, panel_of(data, what))
    for one in sensitivity.smoothness(study, (0.0, 0.01)):
        effect = sensitivity.as_effect(one, f"M={one.bound:g}", effects)
        yield MethodResult(sensitivity.NEEDS, (effect,))


def _event_study(
    data: StudyData, panel: TownPanel
) -> tuple[EventStudy, callaway_santanna.GroupTime]:
    effects = callaway_santanna.group_time(panel, "not_yet", "universal")
    by_event_time = data.clustered(callaway_santanna.by_event_time(effects))
    return event_study_of(by_event_time), effects


@METHODS.runs("placebo_dates")
def _placebo_dates(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    """Certification dated too early."""
    panel = panel_of(data, what)
    effect = imputation.att(panel).estimate
    for years in (1, 2):
        date, bias = placebo_dates(panel, years), bias_per_placebo(panel, years)
        yield MethodResult(imputation.NEEDS, (date,), (placebo_date_evidence(date, effect, bias),))


@METHODS.runs("placebo_towns")
def _placebo_towns(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    """Certification given by lot to towns that never had it."""
    generator = np.random.default_rng(SEED)
    lots = placebo_towns(panel_of(data, what), imputation.att, generator, PLACEBO_TOWN_DRAWS)
    yield MethodResult(imputation.NEEDS, evidence=(placebo_towns_evidence(lots, imputation.NEEDS),))


@METHODS.runs("composition")
def _composition(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    """Which towns and which sellers an outcome is of."""
    panel = panel_of(data, what)
    if panel.has_gaps:
        found = composition.of_gaps(panel.ever_treated, panel.seen)
    else:
        out = {each.town: each.kind for each in data.left_out(what.outcome)}
        towns = np.array([*panel.town, *out])
        certified = np.isin(towns, sorted(data.ever_certified))
        found = composition.of_towns(certified, np.isin(towns, sorted(out)), list(out.values()))
    yield MethodResult(composition.NEEDS, evidence=(found,))
    ends = (int(panel.years[0]), int(panel.years[-1]))
    certified_sellers, other_sellers = (
        tuple(data.sellers_of(panel, what.outcome, side, year) for year in ends)
        for side in (panel.ever_treated, ~panel.ever_treated)
    )
    sellers = composition.of_sellers(WHO[what.outcome], certified_sellers, other_sellers)
    yield MethodResult(composition.NEEDS, evidence=(sellers,))


@METHODS.runs("density")
def _density(data: StudyData, _: Estimation) -> Iterator[MethodResult]:
    """Whether towns crowd at the threshold."""
    evidence = threshold.density_evidence(data.threshold_sample())
    yield MethodResult(regression_discontinuity.NEEDS, evidence=(evidence,))
