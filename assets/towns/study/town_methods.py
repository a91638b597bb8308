"""How each estimator of the specification is run on a data set, and what it needs.

Belongs here: from an entry of `specification.py` to estimates, a function per method; the list of
all methods. What a method yields before it fails stands, so what is apart is yielded apart. Not
here: estimators (the modules imported), methods of questions and of evidence
(`question_methods.py`, `evidence_methods.py`), or the rows they become (`town_estimates.py`). A new
estimator that takes a panel alone is a module of its own and a line of PANEL_ESTIMATORS; one that
wants more is a function here under `@_OWN.runs`. What is estimated stands in the specification.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import numpy as np

from assets.towns.assumptions import goodman_bacon, pre_fit, threshold
from assets.towns.estimators import regression_discontinuity, twfe
from assets.towns.estimators.dependence import clustered, within_distance
from assets.towns.estimators.labels import (
    COVID_CONTRAST,
    COVID_SAME_DURATION,
    LATER_COHORTS,
    LONG_RUN,
    RULE_SAME_DURATION,
    TOWN,
)
from assets.towns.estimators.staggered import (
    callaway_santanna,
    covariate_adjustment,
    dcdh,
    etwfe,
    imputation,
)
from assets.towns.estimators.staggered.contrasts import covid_contrast, later_cohorts, long_run
from assets.towns.estimators.synthetic import synthetic_did
from assets.towns.estimators.synthetic.synthetic_did_inference import (
    bootstrap,
    for_few_controls,
    jackknife,
    placebo,
)
from assets.towns.estimators.town_effect import TownEffect, WithInfluence
from assets.towns.panel.control_pool import ControlPool
from assets.towns.panel.effective_clusters import EffectiveClusters, effective_clusters
from assets.towns.panel.town_panel import PanelError, TownPanel
from assets.towns.questions.heterogeneity import covid_same_duration, rule_same_duration
from assets.towns.study import evidence_methods, question_methods
from assets.towns.study.method import (
    NEEDS_CONTRAST,
    Method,
    MethodResult,
    Methods,
    panel_of,
    result_of,
)
from assets.towns.study.specification import (
    ANTICIPATION_YEARS,
    COVID_YEAR,
    INFERENCE_DRAWS,
    NEAR_KM,
    SCALE,
    SEED,
    Estimation,
)
from assets.towns.study.study_data import StudyData

_OWN = Methods()
DEGREES = ("longitude", "latitude")


@_OWN.runs("synthetic_did")
def _headline(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    """Staggered synthetic DiD with the jackknife, and how well its weights fit."""
    fit = _fit(data, what)
    clusters = _clusters_of(data, fit, data.cluster)
    result = for_few_controls(fit, jackknife(fit))
    yield result_of(data, synthetic_did.NEEDS, result, clusters=clusters)
    yield MethodResult(synthetic_did.NEEDS, evidence=(pre_fit.evidence(fit),))


def _fit(data: StudyData, what: Estimation) -> synthetic_did.SyntheticDid:
    pool: ControlPool = "last" if what.control_pool == "last" else "never"
    return data.synthetic_did(what.outcome, what.sample, pool)


def _clusters_of(data: StudyData, fit: synthetic_did.SyntheticDid, level: str) -> EffectiveClusters:
    """Of the weights that the method gives to towns; above the town no more than of the panel's."""
    own = synthetic_did.effective_clusters_of(fit)
    if level == TOWN:
        return own
    above = effective_clusters(fit.panel, data.clusters_of(fit.panel.town, level))
    return EffectiveClusters(min(own.treated, above.treated), min(own.controls, above.controls))


@_OWN.runs("synthetic_did_bootstrap", "synthetic_did_placebo")
def _resampled(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    """The headline's error by other means; few draws, see INFERENCE_DRAWS."""
    way = bootstrap if what.method.endswith("bootstrap") else placebo
    fit = _fit(data, what)
    found = way(fit, np.random.default_rng(SEED), INFERENCE_DRAWS)
    overall = tuple(each for each in found if each.target == "att")
    clusters = synthetic_did.effective_clusters_of(fit)
    yield MethodResult(synthetic_did.NEEDS, overall, clusters=clusters)


@_OWN.runs("callaway_santanna")
def _callaway_santanna(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    pool: callaway_santanna.ControlPool = "never" if what.control_pool == "never" else "not_yet"
    effects = callaway_santanna.group_time(panel_of(data, what), pool)
    yield result_of(
        data,
        callaway_santanna.NEEDS,
        callaway_santanna.overall(effects),
        callaway_santanna.by_event_time(effects),
        callaway_santanna.by_cohort(effects),
        callaway_santanna.by_calendar_year(effects),
        callaway_santanna.cells(effects),
    )


@_OWN.runs(*(f"callaway_santanna_{method}" for method in covariate_adjustment.METHODS))
def _with_covariates(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    """The same among towns of like development before the study, by each way to account for it."""
    panel = panel_of(data, what)
    development = np.log(data.numbers_of(panel, "baseline_gdp_per_head_cny"))
    for method in covariate_adjustment.METHODS:
        if what.method.endswith(method):
            adjustment = covariate_adjustment.Adjustment(development[:, None], method)
            effects = callaway_santanna.group_time(panel, "not_yet", adjustment=adjustment)
            yield result_of(
                data,
                callaway_santanna.NEEDS_COVARIATES,
                callaway_santanna.overall(effects),
                callaway_santanna.by_event_time(effects),
                callaway_santanna.by_cohort(effects),
            )


@_OWN.runs("callaway_santanna_anticipation")
def _with_anticipation(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    """The same where towns may react before they are certified."""
    panel = panel_of(data, what)
    effects = callaway_santanna.group_time(
        panel, "not_yet", "universal", anticipation_years=ANTICIPATION_YEARS
    )
    yield result_of(
        data,
        callaway_santanna.NEEDS_ANTICIPATION,
        callaway_santanna.overall(effects),
        callaway_santanna.by_event_time(effects),
    )


# Estimators that take a panel and nothing else: with what they need. The last four are what the
# findings ask of cohorts, durations and Covid.
PANEL_ESTIMATORS: Mapping[str, tuple[Callable[[TownPanel], WithInfluence], str]] = {
    "imputation": (imputation.imputation, imputation.NEEDS),
    "etwfe": (etwfe.etwfe, etwfe.NEEDS_ETWFE),
    "sun_abraham": (etwfe.sun_abraham, etwfe.NEEDS_SUN_ABRAHAM),
    LATER_COHORTS: (lambda panel: later_cohorts(imputation.imputation(panel)), NEEDS_CONTRAST),
    LONG_RUN: (lambda panel: long_run(imputation.imputation(panel)), NEEDS_CONTRAST),
    COVID_CONTRAST: (
        lambda panel: covid_contrast(imputation.imputation(panel), COVID_YEAR),
        NEEDS_CONTRAST,
    ),
    COVID_SAME_DURATION: (
        lambda panel: covid_same_duration(imputation.impute(panel), COVID_YEAR),
        NEEDS_CONTRAST,
    ),
}


@_OWN.runs(*PANEL_ESTIMATORS)
def _panel_estimator(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    run, needs = PANEL_ESTIMATORS[what.method]
    yield result_of(data, needs, run(panel_of(data, what)), scale=SCALE.get(what.outcome, "count"))


@_OWN.runs(RULE_SAME_DURATION)
def _rule_contrast(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    """Whether towns certified since the rule changed gain otherwise than those before."""
    imputed = imputation.impute(panel_of(data, what))
    yield result_of(data, NEEDS_CONTRAST, rule_same_duration(imputed, data.rule_year))


@_OWN.runs("twfe")
def _twfe(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    """One coefficient for all, its event study, and its comparisons of treated with treated."""
    panel = panel_of(data, what)
    yield result_of(data, twfe.NEEDS, twfe.twfe(panel))
    yield result_of(data, twfe.NEEDS, twfe.event_study(panel))
    yield MethodResult(twfe.NEEDS, evidence=(goodman_bacon.evidence(panel),))


@_OWN.runs("dcdh")
def _dcdh(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    panel = data.panel(what.outcome, what.sample, weighted=False)
    yield MethodResult(dcdh.NEEDS, dcdh.dcdh(panel))


@_OWN.runs(
    *(f"{method}_dependence" for method in ("synthetic_did", "callaway_santanna", "imputation"))
)
def _dependence(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    """The overall effect with errors of towns that depend on each other: by region, by distance."""
    panel, clusters = panel_of(data, what), None
    if what.method.startswith("synthetic_did"):
        fit = _fit(data, what)
        result, needs = for_few_controls(fit, jackknife(fit)), synthetic_did.NEEDS
        clusters = _clusters_of(data, fit, TOWN)
    elif what.method.startswith("callaway_santanna"):
        effects = callaway_santanna.group_time(panel, "not_yet")
        result, needs = callaway_santanna.overall(effects), callaway_santanna.NEEDS
    else:
        result, needs = imputation.imputation(panel), imputation.NEEDS
    result = result.take(np.array([each.target == "att" for each in result.estimates]))
    of_towns = clusters or effective_clusters(panel)
    longitude, latitude = (data.coordinates_of(result.town, name) for name in DEGREES)
    for cutoff, kernel in NEAR_KM:
        near = within_distance(result, longitude, latitude, cutoff, kernel)
        how = f"within {cutoff:g} km" + (", Bartlett" if kernel == "bartlett" else "")
        yield MethodResult(
            needs, _said(near, how), cluster=f"towns {cutoff:g} km apart", clusters=of_towns
        )
    for level in ("county", "prefecture"):
        if level != data.cluster:
            by_level = clustered(result, data.clusters_of(result.town, level)).estimates
            of_panel = effective_clusters(panel, data.clusters_of(panel.town, level))
            above = _clusters_of(data, fit, level) if clusters else of_panel
            yield MethodResult(needs, _said(by_level, f"by {level}"), cluster=level, clusters=above)


def _said(estimates: tuple[TownEffect, ...], dependence: str) -> tuple[TownEffect, ...]:
    return tuple(replace(one, inference=f"{one.inference}, {dependence}") for one in estimates)


@_OWN.runs("regression_discontinuity")
def _regression_discontinuity(data: StudyData, _: Estimation) -> Iterator[MethodResult]:
    """The jump at the threshold, where certification jumps there."""
    sample, needs = data.threshold_sample(), regression_discontinuity.NEEDS
    if sample.certified is None:
        raise PanelError("no certification beside the threshold")
    first = regression_discontinuity.regression_discontinuity(
        replace(sample, outcome=sample.certified.astype(np.float64), certified=None)
    )
    yield MethodResult(needs, evidence=(threshold.first_stage_evidence(first),))
    if first.robust.low > 0:
        jump = regression_discontinuity.regression_discontinuity(sample)
        yield MethodResult(needs, (jump.robust, jump.conventional))


METHODS: Mapping[str, Method] = {**_OWN, **question_methods.METHODS, **evidence_methods.METHODS}
