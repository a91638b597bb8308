"""How each method of the specification is run on a data set, and what it needs.

Belongs here: from an entry of `specification.py` to estimates and evidence. Not here: estimators,
tests (the modules imported), or the rows they become (`town_estimates.py`).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from assets.towns.assumptions import pre_trends, sensitivity
from assets.towns.assumptions.evidence import Evidence, verdict_of
from assets.towns.assumptions.goodman_bacon import goodman_bacon
from assets.towns.assumptions.multiple_testing import AdjustedTest, adjusted
from assets.towns.assumptions.placebo import (
    placebo_dates,
    placebo_dates_evidence,
    placebo_towns,
    placebo_towns_evidence,
)
from assets.towns.estimators import (
    callaway_santanna,
    dcdh,
    etwfe,
    imputation,
    regression_discontinuity,
    synthetic_did,
    twfe,
)
from assets.towns.estimators.contrasts import (
    beside,
    covid_contrast,
    group_contrast,
    later_cohorts,
    long_run,
)
from assets.towns.estimators.event_study import event_study_of
from assets.towns.estimators.labels import COVID_CONTRAST, LATER_COHORTS, LONG_RUN, Scale
from assets.towns.estimators.synthetic_did_inference import bootstrap, jackknife, placebo
from assets.towns.estimators.town_effect import TownEffect, WithInfluence
from assets.towns.panel.control_pool import ControlPool
from assets.towns.panel.town_panel import PanelError, TownPanel
from assets.towns.questions import entrepreneurs, margins, spillovers
from assets.towns.questions.heterogeneity import (
    COVID_SAME_DURATION,
    Trait,
    covid_same_duration,
    for_whom,
    gradient,
    thirds,
    yes_or_no,
)
from assets.towns.study import without_certification
from assets.towns.study.specification import (
    ACTIVE_SHARE,
    COVID_YEAR,
    ENTRY,
    EXITS,
    INFERENCE_DRAWS,
    PLACEBO_TOWN_DRAWS,
    SALES_IF_POSITIVE,
    SALES_TOTAL,
    SCALE,
    SEED,
    SHOPS_BEFORE,
    SURVIVAL_YEARS,
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
    cluster: str = "town"


Method = Callable[[StudyData, Estimation], Iterator[MethodResult]]
NEEDS_CONTRAST = "As the effects it is made of; groups of towns may differ in other ways, too."


def _panel(data: StudyData, what: Estimation) -> TownPanel:
    return data.panel(what.outcome, what.sample)


def _headline(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    """Staggered synthetic DiD with the jackknife, and how well its weights fit."""
    fit = _fit(data, what)
    yield MethodResult(synthetic_did.NEEDS, jackknife(fit).estimates, (_pre_fit(fit),))


def _fit(data: StudyData, what: Estimation) -> synthetic_did.SyntheticDid:
    pool: ControlPool = "last" if what.control_pool == "last" else "never"
    return synthetic_did.synthetic_did(_panel(data, what), control_pool=pool)


def _pre_fit(fit: synthetic_did.SyntheticDid) -> Evidence:
    worst = max(fit.cohorts, key=lambda cohort: cohort.pre_fit_rmse)
    fewest = min(cohort.effective_controls for cohort in fit.cohorts)
    return Evidence(
        estimator=fit.form,
        assumption=synthetic_did.NEEDS,
        test="pre_fit",
        cell="",
        statistic=worst.pre_fit_rmse,
        p_value=float("nan"),
        verdict="cannot say",
        sentence=(
            f"Before certification treated and weighted controls part by at most "
            f"{worst.pre_fit_rmse:.3f} (root mean square, cohort "
            f"{worst.window.first_treated_year}); the weights were fitted to these years, so this "
            f"is no test. They spread over at least {fewest:.0f} controls. {' '.join(fit.notes)}"
        ).strip(),
    )


def _resampled(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    """The headline's error by other means; few draws, see INFERENCE_DRAWS."""
    way = bootstrap if what.method.endswith("bootstrap") else placebo
    found = way(_fit(data, what), np.random.default_rng(SEED), INFERENCE_DRAWS)
    yield MethodResult(synthetic_did.NEEDS, tuple(_overall(found)))


def _overall(estimates: tuple[TownEffect, ...]) -> Iterator[TownEffect]:
    return (each for each in estimates if each.target == "att")


def _callaway_santanna(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    pool: callaway_santanna.ControlPool = "never" if what.control_pool == "never" else "not_yet"
    effects = callaway_santanna.group_time(_panel(data, what), pool)
    results = (
        callaway_santanna.overall(effects),
        callaway_santanna.by_event_time(effects),
        callaway_santanna.by_cohort(effects),
        callaway_santanna.by_calendar_year(effects),
        callaway_santanna.cells(effects),
    )
    found = tuple(estimate for result in results for estimate in result.estimates)
    yield MethodResult(callaway_santanna.NEEDS, found)


def _panel_estimator(
    run: Callable[[TownPanel], WithInfluence], needs: str, data: StudyData, what: Estimation
) -> Iterator[MethodResult]:
    found = run(_panel(data, what)).estimates
    yield MethodResult(needs, found, scale=SCALE.get(what.outcome, "count"))


def _twfe(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    """One coefficient for all, its event study, and its comparisons of treated with treated."""
    panel = _panel(data, what)
    found = (*twfe.twfe(panel).estimates, *twfe.event_study(panel).estimates)
    yield MethodResult(twfe.NEEDS, found, (_forbidden(panel),))


def _forbidden(panel: TownPanel) -> Evidence:
    """Weight of comparisons in which towns already certified are controls."""
    late = [one for one in goodman_bacon(panel) if one.kind == "later_vs_earlier"]
    weight = sum(one.weight for one in late)
    mean = sum(one.weight * one.estimate for one in late) / weight if weight else float("nan")
    return Evidence(
        estimator=twfe.NAME,
        assumption=twfe.NEEDS,
        test="goodman_bacon_forbidden_weight",
        cell="",
        statistic=weight,
        p_value=float("nan"),
        verdict="cannot say" if weight else "for",
        sentence=(
            f"{100 * weight:.1f} % of the coefficient compares towns certified later with towns "
            f"certified before (these comparisons alone: {mean:.3f}); they are biased where "
            "effects grow with time."
        ),
    )


def _dcdh(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    panel = data.panel(what.outcome, what.sample, weighted=False)
    yield MethodResult(dcdh.NEEDS, dcdh.dcdh(panel))


def _contrasts(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    """What the findings ask of cohorts, durations and Covid, from one imputation."""
    panel = _panel(data, what)
    result, imputed = imputation.imputation(panel), imputation.impute(panel)
    contrasts: dict[str, Callable[[], WithInfluence]] = {
        LATER_COHORTS: lambda: later_cohorts(result),
        LONG_RUN: lambda: long_run(result),
        COVID_CONTRAST: lambda: covid_contrast(result, COVID_YEAR),
        COVID_SAME_DURATION: lambda: covid_same_duration(imputed, COVID_YEAR),
    }
    for name, contrast in contrasts.items():
        try:
            found = contrast().estimates
        except PanelError as error:
            yield MethodResult(NEEDS_CONTRAST, evidence=(not_estimated(what, error, name),))
        else:
            yield MethodResult(NEEDS_CONTRAST, found)


def _development(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    """For whom: effects by what towns are, the differences tested together."""
    imputed = imputation.impute(_panel(data, what))
    gdp = np.log(data.numbers_of(imputed.panel, "baseline_gdp_per_head_cny"))
    every, differences = for_whom(imputed, list(_traits(data, imputed.panel)))
    slope = gradient(imputed, "development", gdp)
    tests = adjusted(beside(differences, slope), np.random.default_rng(SEED))
    evidence = tuple(map(_difference, tests))
    yield MethodResult(NEEDS_CONTRAST, (*every.estimates, *slope.estimates), evidence)


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


def _difference(test: AdjustedTest) -> Evidence:
    return Evidence(
        estimator=imputation.NAME,
        assumption=NEEDS_CONTRAST,
        test="difference_between_groups",
        cell=test.target,
        statistic=test.estimate,
        p_value=test.romano_wolf,
        verdict="cannot say",
        sentence=(
            f"{test.target}: {test.estimate:.3f}; p = {test.p_value:.3f} alone, {test.holm:.3f} by "
            f"Holm and {test.romano_wolf:.3f} by Romano and Wolf among all differences."
        ),
    )


def _poisson(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    yield MethodResult(margins.NEEDS, margins.poisson_etwfe(_panel(data, what)).effects.estimates)


def _entry_contrast(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    """Effect on one group's entry, and that less the effect on everybody's."""
    group, everybody = (
        margins.poisson_etwfe(data.panel(outcome, what.sample)).effects
        for outcome in (what.outcome, ENTRY)
    )
    yield MethodResult(margins.NEEDS, group.estimates)
    yield MethodResult(margins.NEEDS, group_contrast(group, everybody).estimates)


def _entry_share(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    """Share of a group among new sellers."""
    part, whole = (data.panel(outcome, what.sample) for outcome in (what.outcome, ENTRY))
    found = entrepreneurs.share_effect(part, whole, f"{what.outcome}_share")
    yield MethodResult(entrepreneurs.NEEDS, found.shares.estimates, scale="share")


def _survival(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    """Shops that close in a year, and those still open after SURVIVAL_YEARS of such years."""
    part, whole = (data.panel(outcome, what.sample) for outcome in (EXITS, SHOPS_BEFORE))
    hazard = entrepreneurs.share_effect(part, whole, "exit_share")
    survival = entrepreneurs.survival_effect([hazard] * SURVIVAL_YEARS)
    found = (*hazard.shares.estimates, *survival.estimates)
    yield MethodResult(entrepreneurs.NEEDS, found, scale="share")


def _margins(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    """How the change of sales per shop is made up, zeros in the open."""
    share, positive = (
        data.panel(outcome, what.sample) for outcome in (ACTIVE_SHARE, SALES_IF_POSITIVE)
    )
    found = margins.margins(_panel(data, what), share, positive)
    statement = Evidence(
        estimator="poisson_etwfe",
        assumption=margins.NEEDS,
        test="margins",
        cell="",
        statistic=found.extensive_log,
        p_value=float("nan"),
        verdict="cannot say",
        sentence=found.statement,
    )
    yield MethodResult(margins.NEEDS, evidence=(statement,))


def _spillovers(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    panel = _panel(data, what)
    ring = data.rings_of(panel)
    found = spillovers.spillovers(panel, ring)
    evidence = (spillovers.evidence(found),)
    yield MethodResult(spillovers.NEEDS_RINGS, found.by_ring.estimates, evidence)
    # "att" of all towns is the imputation's own row; here it is with near towns out of controls.
    clean, *others = found.own.estimates
    own = (replace(clean, target="att_far_towns_as_controls"), *others)
    yield MethodResult(imputation.NEEDS, own)


def _county_totals(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    """Whether counties grow, or certified towns at the cost of their neighbours."""
    panel = data.panel(SALES_TOTAL, what.sample)
    county = tuple(data.regions_of(panel)["county"].tolist())
    found = spillovers.county_totals(panel, county).estimates
    yield MethodResult(imputation.NEEDS, found, cluster="county")


def _inequality(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    """What certification did to a part of Theil's index between towns."""
    found = without_certification.theil_change(data, what.outcome)
    yield MethodResult(NEEDS_CONTRAST, (found,), scale="index")


def _event_study_evidence(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    """Pre-trend test with its power, and how strong a departure the effect survives."""
    effects = callaway_santanna.group_time(_panel(data, what), "not_yet", "universal")
    study = event_study_of(callaway_santanna.by_event_time(effects))
    generator = np.random.default_rng(SEED)
    needs = callaway_santanna.NEEDS
    mbar = sensitivity.breakdown(study, generator)
    found = (pre_trends.evidence(study, needs), sensitivity.evidence(study, mbar))
    yield MethodResult(needs, evidence=found)
    for bound in (0.5, 1.0):
        one = sensitivity.relative_magnitudes(study, bound, generator)
        yield MethodResult(
            sensitivity.NEEDS, (_honest(one, f"Mbar={bound:g}", study.estimator, effects),)
        )
    for one in sensitivity.smoothness(study, (0.0, 0.01)):
        yield MethodResult(
            sensitivity.NEEDS, (_honest(one, f"M={one.bound:g}", study.estimator, effects),)
        )


def _honest(
    one: sensitivity.SensitivityInterval,
    cell: str,
    estimator: str,
    effects: callaway_santanna.GroupTime,
) -> TownEffect:
    treated = int(effects.panel.ever_treated.sum())
    return TownEffect(
        estimator=estimator,
        target=f"att_{one.restriction}",
        cell=cell,
        estimate=one.estimate,
        std_error=float("nan"),
        low=one.low,
        high=one.high,
        inference="Rambachan-Roth",
        towns=len(effects.panel.town),
        treated_towns=treated,
    )


def _placebos(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    """Certification dated too early, and given by lot to towns that never had it."""
    panel = _panel(data, what)
    dates = [placebo_dates(panel, years) for years in (1, 2)]
    yield MethodResult(imputation.NEEDS, tuple(dates), placebo_dates_evidence(dates))
    lots = placebo_towns(panel, _att, np.random.default_rng(SEED), PLACEBO_TOWN_DRAWS)
    yield MethodResult(imputation.NEEDS, evidence=(placebo_towns_evidence(lots, imputation.NEEDS),))


def _att(panel: TownPanel) -> TownEffect:
    """The overall imputed effect alone."""
    imputed = imputation.impute(panel)
    weight = imputed.panel.weight[:, None] * imputed.panel.treated
    label = ("att", "", int(imputed.panel.ever_treated.sum()))
    return imputation.average(imputed, (label,), [weight / weight.sum()]).estimates[0]


def _regression_discontinuity(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    """The jump at the threshold, where certification jumps there, and whether towns crowd."""
    sample, needs = data.threshold_sample(), regression_discontinuity.NEEDS
    yield MethodResult(needs, evidence=(_density(sample),))
    if sample.certified is None:
        raise PanelError("no certification beside the threshold")
    first = regression_discontinuity.regression_discontinuity(
        replace(sample, outcome=sample.certified.astype(np.float64), certified=None)
    )
    yield MethodResult(needs, evidence=(_first_stage(first),))
    if first.robust.low > 0:
        jump = regression_discontinuity.regression_discontinuity(sample)
        yield MethodResult(needs, (jump.robust, jump.conventional))


def _density(sample: regression_discontinuity.ThresholdSample) -> Evidence:
    test = regression_discontinuity.density_test(sample)
    return Evidence(
        estimator=regression_discontinuity.NAME,
        assumption=regression_discontinuity.NEEDS,
        test="density",
        cell="",
        statistic=test.statistic,
        p_value=test.p_value,
        verdict=verdict_of(test.p_value),
        sentence=test.verdict + ".",
    )


def _first_stage(first: regression_discontinuity.Jump) -> Evidence:
    here = first.robust
    return Evidence(
        estimator=regression_discontinuity.NAME,
        assumption="Certification follows the threshold.",
        test="first_stage",
        cell="",
        statistic=here.estimate,
        p_value=first.p_value,
        verdict="for" if here.low > 0 else "cannot say",
        sentence=(
            f"At the threshold the share of certified towns jumps by {here.estimate:.2f} "
            f"({here.low:.2f} to {here.high:.2f})"
            + ("." if here.low > 0 else ": certification does not follow it, so no effect is told.")
        ),
    )


def not_estimated(what: Estimation, error: PanelError, target: str = "") -> Evidence:
    """What stands in place of estimates that the data do not allow; target: where only one is."""
    return Evidence(
        estimator=what.method,
        assumption="",
        test="estimated",
        cell=target,
        statistic=float("nan"),
        p_value=float("nan"),
        verdict="cannot say",
        sentence=f"Not estimated: {str(error).rstrip('.')}.",
    )


METHODS: Mapping[str, Method] = {
    "synthetic_did": _headline,
    "synthetic_did_bootstrap": _resampled,
    "synthetic_did_placebo": _resampled,
    "callaway_santanna": _callaway_santanna,
    "imputation": partial(_panel_estimator, imputation.imputation, imputation.NEEDS),
    "etwfe": partial(_panel_estimator, etwfe.etwfe, etwfe.NEEDS_ETWFE),
    "sun_abraham": partial(_panel_estimator, etwfe.sun_abraham, etwfe.NEEDS_SUN_ABRAHAM),
    "twfe": _twfe,
    "dcdh": _dcdh,
    "contrasts": _contrasts,
    "development": _development,
    "poisson_etwfe": _poisson,
    "entry_contrast": _entry_contrast,
    "entry_share": _entry_share,
    "survival": _survival,
    "margins": _margins,
    "spillovers": _spillovers,
    "county_totals": _county_totals,
    "inequality": _inequality,
    "event_study_evidence": _event_study_evidence,
    "placebos": _placebos,
    "regression_discontinuity": _regression_discontinuity,
}
