"""How each method of the specification is run on a data set, and what it needs.

Belongs here: from an entry of `specification.py` to estimates and evidence, a function per method.
What a method yields before it fails stands, so what is apart from each other is yielded apart.
Not here: estimators, tests (the modules imported), or the rows they become (`town_estimates.py`).
A new estimator that takes a panel alone is a module of its own and a line of PANEL_ESTIMATORS; one
that wants more is a function here under `@_runs`. What is estimated stands in the specification.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from assets.towns.assumptions import (
    composition,
    goodman_bacon,
    multiple_testing,
    pre_fit,
    pre_trends,
    sensitivity,
    threshold,
)
from assets.towns.assumptions.evidence import Evidence
from assets.towns.assumptions.placebo import (
    bias_per_placebo,
    placebo_date_evidence,
    placebo_dates,
    placebo_towns,
    placebo_towns_evidence,
)
from assets.towns.assumptions.wild_bootstrap import wild_p_value
from assets.towns.estimators import regression_discontinuity, twfe
from assets.towns.estimators.dependence import clustered, within_distance
from assets.towns.estimators.few_clusters import degrees_of_freedom
from assets.towns.estimators.joint import with_band
from assets.towns.estimators.labels import (
    COVID_CONTRAST,
    COVID_SAME_DURATION,
    DOSE,
    LATER_COHORTS,
    LONG_RUN,
    RULE_SAME_DURATION,
    STATUS_LOST,
    TOWN,
    Scale,
)
from assets.towns.estimators.staggered import (
    callaway_santanna,
    covariate_adjustment,
    dcdh,
    etwfe,
    imputation,
)
from assets.towns.estimators.staggered.contrasts import (
    beside,
    covid_contrast,
    group_contrast,
    later_cohorts,
    long_run,
)
from assets.towns.estimators.staggered.event_study import EventStudy, event_study_of
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
from assets.towns.questions import entrepreneurs, margins, spillovers
from assets.towns.questions.heterogeneity import (
    Trait,
    after_the_loss,
    by_trait,
    covid_same_duration,
    for_whom,
    gradient,
    rule_same_duration,
    thirds,
    yes_or_no,
)
from assets.towns.study import without_certification
from assets.towns.study.specification import (
    ACTIVE_SHARE,
    ANTICIPATION_YEARS,
    COVID_YEAR,
    ENTRY,
    EXITS,
    INFERENCE_DRAWS,
    NEAR_KM,
    PLACEBO_TOWN_DRAWS,
    SALES_IF_POSITIVE,
    SALES_TOTAL,
    SCALE,
    SEED,
    SHOPS_BEFORE,
    SURVIVAL_YEARS,
    WHO,
    Estimation,
)
from assets.towns.study.study_data import StudyData


@dataclass(frozen=True, slots=True)
class MethodResult:
    """Estimates that need the same, with what was seen for or against it."""

    needs: str
    estimates: tuple[TownEffect, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    scale: Scale = "log points"
    cluster: str = TOWN
    clusters: EffectiveClusters | None = None  # None: those of the panel


Method = Callable[[StudyData, Estimation], Iterator[MethodResult]]
METHODS: dict[str, Method] = {}  # by the name that the specification gives it


def _runs(*names: str) -> Callable[[Method], Method]:
    """Registers the function below it as what runs the methods named."""

    def register(method: Method) -> Method:
        METHODS.update(dict.fromkeys(names, method))
        return method

    return register


DEGREES = ("longitude", "latitude")
NEEDS_DOSE = (
    "As the effects it is made of. That more villages cause the difference needs, too, that towns "
    "with few would have gained with many what those with many gained."
)
NEEDS_CONTRAST = "As the effects it is made of; groups of towns may differ in other ways, too."


def _panel(data: StudyData, what: Estimation) -> TownPanel:
    return data.panel(what.outcome, what.sample)


def _found(
    data: StudyData,
    needs: str,
    *results: WithInfluence,
    evidence: tuple[Evidence, ...] = (),
    scale: Scale = "log points",
    clusters: EffectiveClusters | None = None,
) -> MethodResult:
    """Results with the errors of the data set's card, and bands around those by event time."""
    banded = (with_band(data.clustered(each), np.random.default_rng(SEED)) for each in results)
    estimates = tuple(estimate for each in banded for estimate in each.estimates)
    return MethodResult(needs, estimates, evidence, scale, data.cluster, clusters)


@_runs("synthetic_did")
def _headline(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    """Staggered synthetic DiD with the jackknife, and how well its weights fit."""
    fit = _fit(data, what)
    clusters = _clusters_of(data, fit, data.cluster)
    result = for_few_controls(fit, jackknife(fit))
    yield _found(data, synthetic_did.NEEDS, result, clusters=clusters)
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


@_runs("synthetic_did_bootstrap", "synthetic_did_placebo")
def _resampled(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    """The headline's error by other means; few draws, see INFERENCE_DRAWS."""
    way = bootstrap if what.method.endswith("bootstrap") else placebo
    fit = _fit(data, what)
    found = way(fit, np.random.default_rng(SEED), INFERENCE_DRAWS)
    overall = tuple(each for each in found if each.target == "att")
    clusters = synthetic_did.effective_clusters_of(fit)
    yield MethodResult(synthetic_did.NEEDS, overall, clusters=clusters)


@_runs("callaway_santanna")
def _callaway_santanna(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    pool: callaway_santanna.ControlPool = "never" if what.control_pool == "never" else "not_yet"
    effects = callaway_santanna.group_time(_panel(data, what), pool)
    yield _found(
        data,
        callaway_santanna.NEEDS,
        callaway_santanna.overall(effects),
        callaway_santanna.by_event_time(effects),
        callaway_santanna.by_cohort(effects),
        callaway_santanna.by_calendar_year(effects),
        callaway_santanna.cells(effects),
    )


@_runs(*(f"callaway_santanna_{method}" for method in covariate_adjustment.METHODS))
def _with_covariates(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    """The same among towns of like development before the study, by each way to account for it."""
    panel = _panel(data, what)
    development = np.log(data.numbers_of(panel, "baseline_gdp_per_head_cny"))
    for method in covariate_adjustment.METHODS:
        if what.method.endswith(method):
            adjustment = covariate_adjustment.Adjustment(development[:, None], method)
            effects = callaway_santanna.group_time(panel, "not_yet", adjustment=adjustment)
            yield _found(
                data,
                callaway_santanna.NEEDS_COVARIATES,
                callaway_santanna.overall(effects),
                callaway_santanna.by_event_time(effects),
                callaway_santanna.by_cohort(effects),
            )


@_runs("callaway_santanna_anticipation")
def _with_anticipation(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    """The same where towns may react before they are certified."""
    panel = _panel(data, what)
    effects = callaway_santanna.group_time(
        panel, "not_yet", "universal", anticipation_years=ANTICIPATION_YEARS
    )
    yield _found(
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


@_runs(*PANEL_ESTIMATORS)
def _panel_estimator(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    run, needs = PANEL_ESTIMATORS[what.method]
    yield _found(data, needs, run(_panel(data, what)), scale=SCALE.get(what.outcome, "count"))


@_runs(RULE_SAME_DURATION)
def _rule_contrast(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    """Whether towns certified since the rule changed gain otherwise than those before."""
    imputed = imputation.impute(_panel(data, what))
    yield _found(data, NEEDS_CONTRAST, rule_same_duration(imputed, data.rule_year))


@_runs("twfe")
def _twfe(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    """One coefficient for all, its event study, and its comparisons of treated with treated."""
    panel = _panel(data, what)
    yield _found(data, twfe.NEEDS, twfe.twfe(panel))
    yield _found(data, twfe.NEEDS, twfe.event_study(panel))
    yield MethodResult(twfe.NEEDS, evidence=(goodman_bacon.evidence(panel),))


@_runs("dcdh")
def _dcdh(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    panel = data.panel(what.outcome, what.sample, weighted=False)
    yield MethodResult(dcdh.NEEDS, dcdh.dcdh(panel))


@_runs("development")
def _development(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    """For whom: effects by what towns are, the differences tested together."""
    imputed = imputation.impute(_panel(data, what))
    gdp = np.log(data.numbers_of(imputed.panel, "baseline_gdp_per_head_cny"))
    every, differences = for_whom(imputed, list(_traits(data, imputed.panel)))
    slope = gradient(imputed, "development", gdp)
    together = data.clustered(beside(differences, slope))
    tests = multiple_testing.adjusted(together, np.random.default_rng(SEED))
    evidence = tuple(
        multiple_testing.evidence(test, imputation.NAME, NEEDS_CONTRAST) for test in tests
    )
    yield _found(data, NEEDS_CONTRAST, every, slope, evidence=evidence)


def _traits(data: StudyData, panel: TownPanel) -> Iterator[Trait]:
    """Groups that certified towns fall into on both sides."""
    gdp = data.numbers_of(panel, "baseline_gdp_per_head_cny")
    all_gdp = data.towns["baseline_gdp_per_head_cny"].to_numpy(dtype=np.float64)
    candidates = [
        thirds("development", gdp, all_gdp),
        yes_or_no("poverty_county", data.numbers_of(panel, "is_poverty_county") > 0),
        yes_or_no("ethnic_autonomous", data.numbers_of(panel, "is_ethnic_autonomous") > 0),
        thirds("town_size", panel.weight),
    ]
    for trait in candidates:
        if len(np.unique(trait.group[panel.ever_treated])) == len(trait.groups):
            yield trait


@_runs(DOSE)
def _dose(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    """Whether towns certified with more villages gain more, by halves and by village.

    Callaway, Goodman-Bacon and Sant'Anna 2024 (NBER 32117): the effect at each dose is identified
    as that of a treatment without doses; differences between doses need more (NEEDS_DOSE).
    """
    imputed = imputation.impute(_panel(data, what))
    villages = data.villages_of(imputed.panel)
    median = np.median(villages[imputed.panel.ever_treated])
    halves = Trait(DOSE, ("more", "fewer"), (villages <= median).astype(np.int64))
    slope = gradient(imputed, DOSE, villages)
    yield _found(data, NEEDS_DOSE, by_trait(imputed, halves), slope)


@_runs(STATUS_LOST)
def _status_lost(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    """What stays of the gain when a town loses the status."""
    imputed = imputation.impute(_panel(data, what))
    listed = data.on_the_list(imputed.panel)
    yield _found(data, NEEDS_CONTRAST, after_the_loss(imputed, listed))


@_runs("poisson_etwfe")
def _poisson(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    yield _found(data, margins.NEEDS, margins.poisson_etwfe(_panel(data, what)).effects)


@_runs("entry_contrast")
def _entry_contrast(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    """Effect on one group's entry, and that less the effect on everybody's."""
    group, everybody = (
        margins.poisson_etwfe(data.panel(outcome, what.sample)).effects
        for outcome in (what.outcome, ENTRY)
    )
    yield _found(data, margins.NEEDS, group)
    yield _found(data, margins.NEEDS, group_contrast(group, everybody))


@_runs("entry_share")
def _entry_share(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    """Share of a group among new sellers."""
    part, whole = (data.panel(outcome, what.sample) for outcome in (what.outcome, ENTRY))
    found = entrepreneurs.share_effect(part, whole, f"{what.outcome}_share")
    yield _found(data, entrepreneurs.NEEDS, found.shares, scale="share")


@_runs("survival")
def _survival(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    """Shops that close in a year, and those still open after SURVIVAL_YEARS of such years."""
    part, whole = (data.panel(outcome, what.sample) for outcome in (EXITS, SHOPS_BEFORE))
    hazard = entrepreneurs.share_effect(part, whole, "exit_share")
    survival = entrepreneurs.survival_effect([hazard] * SURVIVAL_YEARS)
    yield _found(data, entrepreneurs.NEEDS, hazard.shares, survival, scale="share")


@_runs("margins")
def _margins(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    """How the change of sales per shop is made up, zeros in the open."""
    share, positive = (
        data.panel(outcome, what.sample) for outcome in (ACTIVE_SHARE, SALES_IF_POSITIVE)
    )
    found = margins.margins(_panel(data, what), share, positive)
    yield MethodResult(margins.NEEDS, evidence=(margins.evidence(found),))


@_runs("spillovers")
def _spillovers(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    panel = _panel(data, what)
    ring = data.rings_of(panel)
    found = spillovers.spillovers(panel, ring)
    evidence = (spillovers.evidence(found),)
    yield _found(data, spillovers.NEEDS_RINGS, found.by_ring, evidence=evidence)
    # "att" of all towns is the imputation's own row; here it is with near towns out of controls.
    clean, *others = found.own.estimates
    own = (replace(clean, target="att_far_towns_as_controls"), *others)
    yield _found(data, imputation.NEEDS, replace(found.own, estimates=own))


@_runs("county_totals")
def _county_totals(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    """Whether counties grow, or certified towns at the cost of their neighbours."""
    panel = data.panel(SALES_TOTAL, what.sample)
    county = tuple(data.regions_of(panel)["county"].tolist())
    found = spillovers.county_totals(panel, county).estimates
    yield MethodResult(imputation.NEEDS, found, cluster="county")


@_runs("inequality")
def _inequality(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    """What certification did to a part of Theil's index between towns."""
    found = without_certification.theil_change(data, what.outcome)
    yield MethodResult(NEEDS_CONTRAST, (found,), scale="index")


@_runs("pre_trend")
def _pre_trend(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    """Pre-trend test with its power; by the wild cluster bootstrap where towns are few."""
    panel, needs = _panel(data, what), callaway_santanna.NEEDS
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


@_runs("relative_magnitudes")
def _relative_magnitudes(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    """How large a break of trend the effect survives, and its interval under stated ones."""
    study, effects = _event_study(data, _panel(data, what))
    generator = np.random.default_rng(SEED)
    mbar = sensitivity.breakdown(study, generator)
    yield MethodResult(sensitivity.NEEDS, evidence=(sensitivity.evidence(study, mbar),))
    for bound in (0.5, 1.0):
        one = sensitivity.relative_magnitudes(study, bound, generator)
        effect = sensitivity.as_effect(one, f"Mbar={bound:g}", effects)
        yield MethodResult(sensitivity.NEEDS, (effect,))


@_runs("smoothness")
def _smoothness(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    """The interval of the effect under trends that bend no more than stated."""
    study, effects = _event_study(data, _panel(data, what))
    for one in sensitivity.smoothness(study, (0.0, 0.01)):
        effect = sensitivity.as_effect(one, f"M={one.bound:g}", effects)
        yield MethodResult(sensitivity.NEEDS, (effect,))


def _event_study(
    data: StudyData, panel: TownPanel
) -> tuple[EventStudy, callaway_santanna.GroupTime]:
    effects = callaway_santanna.group_time(panel, "not_yet", "universal")
    by_event_time = data.clustered(callaway_santanna.by_event_time(effects))
    return event_study_of(by_event_time), effects


@_runs(*(f"{method}_dependence" for method in ("synthetic_did", "callaway_santanna", "imputation")))
def _dependence(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    """The overall effect with errors of towns that depend on each other: by region, by distance."""
    panel, clusters = _panel(data, what), None
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


@_runs("placebo_dates")
def _placebo_dates(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    """Certification dated too early."""
    panel = _panel(data, what)
    effect = imputation.att(panel).estimate
    for years in (1, 2):
        date, bias = placebo_dates(panel, years), bias_per_placebo(panel, years)
        yield MethodResult(imputation.NEEDS, (date,), (placebo_date_evidence(date, effect, bias),))


@_runs("placebo_towns")
def _placebo_towns(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    """Certification given by lot to towns that never had it."""
    generator = np.random.default_rng(SEED)
    lots = placebo_towns(_panel(data, what), imputation.att, generator, PLACEBO_TOWN_DRAWS)
    yield MethodResult(imputation.NEEDS, evidence=(placebo_towns_evidence(lots, imputation.NEEDS),))


@_runs("composition")
def _composition(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    """Which towns and which sellers an outcome is of."""
    panel = _panel(data, what)
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


@_runs("density")
def _density(data: StudyData, _: Estimation) -> Iterator[MethodResult]:
    """Whether towns crowd at the threshold."""
    evidence = threshold.density_evidence(data.threshold_sample())
    yield MethodResult(regression_discontinuity.NEEDS, evidence=(evidence,))


@_runs("regression_discontinuity")
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
