"""How each question about the towns is put to a data set: for whom, how much, by which margin.

Belongs here: methods of the specification that run what `questions/` holds. Not here: the effect as
such (`town_methods.py`), what speaks for or against it (`evidence_methods.py`).
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from assets.towns.assumptions import multiple_testing
from assets.towns.estimators.labels import DOSE, STATUS_LOST
from assets.towns.estimators.staggered import imputation
from assets.towns.estimators.staggered.contrasts import beside, group_contrast
from assets.towns.panel.town_panel import TownPanel
from assets.towns.questions import entrepreneurs, margins, spillovers
from assets.towns.questions.heterogeneity import (
    Trait,
    after_the_loss,
    by_trait,
    for_whom,
    gradient,
    thirds,
    yes_or_no,
)
from assets.towns.study import without_certification
from assets.towns.study.method import NEEDS_CONTRAST, MethodResult, Methods, panel_of, result_of
from assets.towns.study.specification import (
    ACTIVE_SHARE,
    ENTRY,
    EXITS,
    SALES_IF_POSITIVE,
    SALES_TOTAL,
    SEED,
    SHOPS_BEFORE,
    SURVIVAL_YEARS,
    Estimation,
)
from assets.towns.study.study_data import StudyData

METHODS = Methods()
NEEDS_DOSE = (
    "As the effects it is made of. That more villages cause the difference needs, too, that towns "
    "with few would have gained with many what those with many gained."
)


@METHODS.runs("development")
def _development(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    """For whom: effects by what towns are, the differences tested together."""
    imputed = imputation.impute(panel_of(data, what))
    gdp = np.log(data.numbers_of(imputed.panel, "baseline_gdp_per_head_cny"))
    every, differences = for_whom(imputed, list(_traits(data, imputed.panel)))
    slope = gradient(imputed, "development", gdp)
    together = data.clustered(beside(differences, slope))
    tests = multiple_testing.adjusted(together, np.random.default_rng(SEED))
    evidence = tuple(
        multiple_testing.evidence(test, imputation.NAME, NEEDS_CONTRAST) for test in tests
    )
    yield result_of(data, NEEDS_CONTRAST, every, slope, evidence=evidence)


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


@METHODS.runs(DOSE)
def _dose(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    """Whether towns certified with more villages gain more, by halves and by village.

    Callaway, Goodman-Bacon and Sant'Anna 2024 (NBER 32117): the effect at each dose is identified
    as that of a treatment without doses; differences between doses need more (NEEDS_DOSE).
    """
    imputed = imputation.impute(panel_of(data, what))
    villages = data.villages_of(imputed.panel)
    median = np.median(villages[imputed.panel.ever_treated])
    halves = Trait(DOSE, ("more", "fewer"), (villages <= median).astype(np.int64))
    slope = gradient(imputed, DOSE, villages)
    yield result_of(data, NEEDS_DOSE, by_trait(imputed, halves), slope)


@METHODS.runs(STATUS_LOST)
def _status_lost(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    """What stays of the gain when a town loses the status."""
    imputed = imputation.impute(panel_of(data, what))
    listed = data.on_the_list(imputed.panel)
    yield result_of(data, NEEDS_CONTRAST, after_the_loss(imputed, listed))


@METHODS.runs("poisson_etwfe")
def _poisson(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    yield result_of(data, margins.NEEDS, margins.poisson_etwfe(panel_of(data, what)).effects)


@METHODS.runs("entry_contrast")
def _entry_contrast(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    """Effect on one group's entry, and that less the effect on everybody's."""
    group, everybody = (
        margins.poisson_etwfe(data.panel(outcome, what.sample)).effects
        for outcome in (what.outcome, ENTRY)
    )
    yield result_of(data, margins.NEEDS, group)
    yield result_of(data, margins.NEEDS, group_contrast(group, everybody))


@METHODS.runs("entry_share")
def _entry_share(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    """Share of a group among new sellers."""
    part, whole = (data.panel(outcome, what.sample) for outcome in (what.outcome, ENTRY))
    found = entrepreneurs.share_effect(part, whole, f"{what.outcome}_share")
    yield result_of(data, entrepreneurs.NEEDS, found.shares, scale="share")


@METHODS.runs("survival")
def _survival(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    """Shops that close in a year, and those still open after SURVIVAL_YEARS of such years."""
    part, whole = (data.panel(outcome, what.sample) for outcome in (EXITS, SHOPS_BEFORE))
    hazard = entrepreneurs.share_effect(part, whole, "exit_share")
    survival = entrepreneurs.survival_effect([hazard] * SURVIVAL_YEARS)
    yield result_of(data, entrepreneurs.NEEDS, hazard.shares, survival, scale="share")


@METHODS.runs("margins")
def _margins(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    """How the change of sales per shop is made up, zeros in the open."""
    share, positive = (
        data.panel(outcome, what.sample) for outcome in (ACTIVE_SHARE, SALES_IF_POSITIVE)
    )
    found = margins.margins(panel_of(data, what), share, positive)
    yield MethodResult(margins.NEEDS, evidence=(margins.evidence(found),))


@METHODS.runs("spillovers")
def _spillovers(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    panel = panel_of(data, what)
    ring = data.rings_of(panel)
    found = spillovers.spillovers(panel, ring)
    evidence = (spillovers.evidence(found),)
    yield result_of(data, spillovers.NEEDS_RINGS, found.by_ring, evidence=evidence)
    # "att" of all towns is the imputation's own row; here it is with near towns out of controls.
    clean, *others = found.own.estimates
    own = (replace(clean, target="att_far_towns_as_controls"), *others)
    yield result_of(data, imputation.NEEDS, replace(found.own, estimates=own))


@METHODS.runs("county_totals")
def _county_totals(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    """Whether counties grow, or certified towns at the cost of their neighbours."""
    panel = data.panel(SALES_TOTAL, what.sample)
    county = tuple(data.regions_of(panel)["county"].tolist())
    found = spillovers.county_totals(panel, county).estimates
    yield MethodResult(imputation.NEEDS, found, cluster="county")


@METHODS.runs("inequality")
def _inequality(data: StudyData, what: Estimation) -> Iterator[MethodResult]:
    """What certification did to a part of Theil's index between towns."""
    found = without_certification.theil_change(data, what.outcome)
    yield MethodResult(NEEDS_CONTRAST, (found,), scale="index")
