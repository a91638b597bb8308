"""What the simulation study tries: designs, estimators, tests, and the panels they read.

Belongs here: how a simulated country becomes a sample of the study, and each estimator and test as
a function of that sample. Not here: repeating and summing up (monte_carlo.py).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from assets.towns.assumptions.goodman_bacon import goodman_bacon
from assets.towns.assumptions.placebo import placebo_dates, placebo_towns
from assets.towns.assumptions.pre_trends import pre_trend_test
from assets.towns.assumptions.wild_bootstrap import wild_p_value
from assets.towns.estimators.joint import WaldTest, wald_test
from assets.towns.estimators.regression_discontinuity import (
    ThresholdSample,
    density_test,
    log_distance,
    regression_discontinuity,
)
from assets.towns.estimators.staggered.callaway_santanna import (
    by_event_time,
    group_time,
    overall,
    pre_test,
)
from assets.towns.estimators.staggered.etwfe import etwfe
from assets.towns.estimators.staggered.event_study import event_study_of
from assets.towns.estimators.staggered.imputation import average, imputation, impute, pre_trend
from assets.towns.estimators.synthetic.synthetic_did import synthetic_did
from assets.towns.estimators.synthetic.synthetic_did_inference import bootstrap, jackknife, placebo
from assets.towns.estimators.town_effect import TownEffect, WithInfluence
from assets.towns.estimators.twfe import twfe
from assets.towns.panel.control_pool import ControlPool
from assets.towns.panel.town_panel import PanelError, TownPanel
from assets.towns.questions.margins import poisson_etwfe
from assets.towns.questions.spillovers import Rings, spillovers
from assets.towns.simulation.design import Design
from assets.towns.simulation.simulate import (
    Country,
    draw_country,
)
from benchmarks.monte_carlo import Draw, Estimator, Floats, Sample, Test
from benchmarks.simulated import SimulatedPanel, simulate_town_panel

SPILLOVERS = Design(towns=300)
MANY_WITH_SPILLOVERS = replace(SPILLOVERS, towns=1000)
CLEAN = replace(
    SPILLOVERS, last_year=2018, ring_edges_km=(), ring_spillovers=(), yearly_loss_share=0.0
)
NO_EFFECT = replace(CLEAN, effect_log_sales=0.0, effect_log_orders=0.0)
FEW_TOWNS = replace(NO_EFFECT, towns=100)  # five cohorts of about ten
FEW_TOWNS_TEN_YEARS = replace(NO_EFFECT, towns=150, last_year=2021)  # eight cohorts of about nine
AS_MANY_AS_SHIP = replace(NO_EFFECT, towns=500, last_year=2021)  # eight cohorts of about 31
THRESHOLD = replace(CLEAN, last_year=2021, assignment="threshold")
MANY_BY_THRESHOLD = replace(THRESHOLD, towns=1000)  # a discontinuity needs many near it
GROWING = replace(  # effects that go on growing, few towns to compare with: what TWFE cannot do
    CLEAN,
    never_share=0.1,
    open_county_share=0.95,
    effect_by_duration=(0.25, 0.5, 0.75, 1.0, 1.25),
)
ONE_COHORT = replace(
    NO_EFFECT, towns=100, last_year=2016, years_before_first_cohort=4, never_share=0.8
)
WILD_DRAWS = 99
REPLICATIONS = 25  # of bootstrap and placebo
RULE_OF_SALES = 2019  # the first list for which sales count, not only villages
TERCILES = (1, 2, 3)


def plain(design: Design) -> Draw:
    """Simulated panels as an analyst would see them."""
    return lambda generator: _sample(simulate_town_panel(design, generator))


def fixed_scale(design: Design) -> Draw:
    """The same, but effects have one scale in all draws.

    The simulation calibrates the mean effect of each data set to the headline; so its realised
    effects hardly differ from draw to draw, as they would between samples of a larger country.
    """

    def draw(generator: np.random.Generator) -> Sample:
        simulated = simulate_town_panel(design, generator)
        factor = design.effect_log_sales / simulated.country.effects.scale
        sample = _sample(simulated)
        added = (factor - 1) * sample.effect
        panel = replace(sample.panel, outcome=sample.panel.outcome + added)
        return Sample(panel, sample.effect + added)

    return draw


def _sample(simulated: SimulatedPanel) -> Sample:
    return Sample(simulated.panel, simulated.tau_log_sales)


# Estimators of the average effect


def _att(
    results: WithInfluence | tuple[TownEffect, ...], sample: Sample
) -> tuple[TownEffect, float]:
    found = results.estimates if isinstance(results, WithInfluence) else results
    return found[0], sample.realised


def sdid_jackknife(sample: Sample) -> tuple[TownEffect, float]:
    """Staggered synthetic DiD, never treated as controls, jackknife with fixed weights."""
    return _att(jackknife(synthetic_did(sample.panel)), sample)


def callaway_santanna(control_pool: ControlPool) -> Estimator:
    """The simple average of group-time effects."""

    def estimator(sample: Sample) -> tuple[TownEffect, float]:
        if control_pool == "last":
            raise PanelError("Callaway-Sant'Anna has no control pool of the last cohort here")
        return _att(overall(group_time(sample.panel, control_pool)), sample)

    return estimator


QUICK: dict[str, Estimator] = {
    "Callaway-Sant'Anna, never": callaway_santanna("never"),
    "Callaway-Sant'Anna, not yet": callaway_santanna("not_yet"),
    "imputation": lambda sample: _att(imputation(sample.panel), sample),
    "imputation, leave-out": lambda sample: _att(imputation(sample.panel, True), sample),
    "extended TWFE": lambda sample: _att(etwfe(sample.panel), sample),
    "TWFE": lambda sample: _att(twfe(sample.panel), sample),
}
ALL: dict[str, Estimator] = {"synthetic DiD, jackknife": sdid_jackknife, **QUICK}


def resampled(seed: int) -> dict[str, Estimator]:
    """The three kinds of inference of synthetic DiD side by side."""
    generator = np.random.default_rng(seed)

    def sdid_bootstrap(sample: Sample) -> tuple[TownEffect, float]:
        return _att(bootstrap(synthetic_did(sample.panel), generator, REPLICATIONS), sample)

    def sdid_placebo(sample: Sample) -> tuple[TownEffect, float]:
        return _att(placebo(synthetic_did(sample.panel), generator, REPLICATIONS), sample)

    return {
        "synthetic DiD, jackknife": sdid_jackknife,
        "synthetic DiD, bootstrap": sdid_bootstrap,
        "synthetic DiD, placebo": sdid_placebo,
    }


# Tests before certification and on towns never certified


def pre_trend_wald(panel: TownPanel) -> WaldTest:
    """Imputation's test: event times before certification among untreated cells."""
    return wald_test(pre_trend(panel))


def pre_cells_wald(panel: TownPanel) -> WaldTest:
    """Callaway and Sant'Anna's test: every cohort and year before certification."""
    return pre_test(group_time(panel, "never"))


def pre_events_wald(panel: TownPanel) -> WaldTest:
    """The event study's joint test: differences from the year before certification."""
    found = group_time(panel, "never", "universal")
    return pre_trend_test(event_study_of(by_event_time(found)))


def _dates(years_earlier: int) -> Test:
    return lambda sample, _: _of_normal(placebo_dates(sample.panel, years_earlier))


def _towns(estimator: Estimator) -> Test:
    """One lot among the towns never certified of each draw: 0 where it is significant, else 1."""

    def of_panel(panel: TownPanel) -> TownEffect:
        return estimator(Sample(panel, np.zeros(panel.outcome.shape)))[0]

    def test(sample: Sample, generator: np.random.Generator) -> float:
        return 1 - placebo_towns(sample.panel, of_panel, generator, draws=1).rejection_share

    return test


def _of_normal(found: TownEffect) -> float:
    return float(2 * norm.sf(abs(found.estimate / found.std_error)))


def _wild(test: Callable[[TownPanel], WaldTest]) -> Test:
    return lambda sample, generator: wild_p_value(sample.panel, test, generator, WILD_DRAWS)


PRE_TESTS: dict[str, Test] = {
    "imputation pre-trend, chi-squared": lambda sample, _: pre_trend_wald(sample.panel).p_value,
    "imputation pre-trend, wild bootstrap": _wild(pre_trend_wald),
    "CS event study, chi-squared": lambda sample, _: pre_events_wald(sample.panel).p_value,
    "CS cells, chi-squared": lambda sample, _: pre_cells_wald(sample.panel).p_value,
    "CS cells, wild bootstrap": _wild(pre_cells_wald),
}
DATES: dict[str, Test] = {f"placebo date, {years} years early": _dates(years) for years in (1, 2)}
PLACEBOS: dict[str, Test] = {
    **DATES,
    **{
        f"placebo towns, {name}": _towns(ALL[name])
        for name in ("synthetic DiD, jackknife", "Callaway-Sant'Anna, not yet", "imputation")
    },
}
DIAGNOSTICS: dict[str, Test] = {
    **{name: test for name, test in PRE_TESTS.items() if not name.startswith("CS cells")},
    **DATES,
}


# Certification by the threshold


@dataclass(frozen=True, slots=True)
class AtThreshold(Sample):
    """A sample with the towns that the rule of sales decided on, and the effect on each."""

    rows: ThresholdSample
    row_effect: Floats  # (rows,), log points, 0 where not certified


def threshold_sample(generator: np.random.Generator) -> AtThreshold:
    """A panel certified by the rule, and the decisions of the years in which sales count."""
    seed = int(generator.integers(2**62))
    simulated = simulate_town_panel(MANY_BY_THRESHOLD, np.random.default_rng(seed))
    twin = draw_country(MANY_BY_THRESHOLD, np.random.default_rng(seed))
    sales, shops = _records(twin)
    lists = list(_decisions(simulated, sales[simulated.kept], shops[simulated.kept]))
    rows = ThresholdSample(
        tuple(town for rows, _ in lists for town in rows.town),
        *(
            np.concatenate([getattr(rows, name) for rows, _ in lists])
            for name in ("running", "outcome", "certified")
        ),
    )
    effect = np.concatenate([effect for _, effect in lists])
    return AtThreshold(simulated.panel, simulated.tau_log_sales, rows, effect)


def _records(country: Country) -> tuple[Floats, Floats]:
    """Sales in yuan and active shops, (towns, years) each."""
    parts = [
        (history.town_sum(history.sales_cny), history.town_sum(history.sales_cny > 0))
        for history in country.histories()
    ]
    return np.concatenate([a for a, _ in parts]), np.concatenate([b for _, b in parts])


def _decisions(
    simulated: SimulatedPanel, sales: Floats, shops: Floats
) -> Iterator[tuple[ThresholdSample, Floats]]:
    """Of each list from RULE_OF_SALES on: towns not yet on one and with enough shops; effects."""
    panel, design = simulated.panel, simulated.country.design
    subdistrict = simulated.country.place.is_subdistrict[simulated.kept]
    for place, year in enumerate(design.years.tolist()):
        regime = design.regime(year)
        if year < RULE_OF_SALES or regime is None or regime.min_sales_cny is None:
            continue
        asked = (panel.first_treated_year >= year) & (
            shops[:, place - 1] > (regime.min_active_shops or 0)
        )
        if not regime.subdistricts_count:
            asked &= ~subdistrict
        rows = ThresholdSample(
            panel.take(asked).town,
            log_distance(sales[asked, place - 1], regime.min_sales_cny),
            panel.outcome[asked, place] - panel.outcome[asked, place - 1],
            panel.first_treated_year[asked] == year,
        )
        yield rows, simulated.tau_log_sales[asked, place]


def jump(sample: Sample) -> tuple[TownEffect, float]:
    """Regression discontinuity, and the mean effect on the certified inside its bandwidth."""
    rows = _at_threshold(sample)
    found = regression_discontinuity(rows.rows)
    reach = found.right.bandwidth
    kernel = np.maximum(0, 1 - np.abs(rows.rows.running) / reach) * (rows.row_effect != 0)
    if not kernel.any():
        raise PanelError("no certified town inside the bandwidth")
    return found.robust, float(np.average(rows.row_effect, weights=kernel))


def crowding(sample: Sample, _: np.random.Generator) -> float:
    """p-value of the density test at the threshold."""
    return density_test(_at_threshold(sample).rows).p_value


def _at_threshold(sample: Sample) -> AtThreshold:
    if not isinstance(sample, AtThreshold):
        raise PanelError("the sample has no decisions at a threshold")
    return sample


AT_THE_JUMP: dict[str, Estimator] = {"regression discontinuity": jump}
AT_THRESHOLD_TESTS: dict[str, Test] = {"density at the threshold": crowding}


# Spillovers, terciles, entry


@dataclass(frozen=True, slots=True)
class Located(Sample):
    """A sample with what is known of where its towns lie and how developed they are."""

    ring: Rings  # (towns, years), 1 the innermost around certified towns, 0 in none
    tercile: NDArray[np.int64]  # (towns,), 1 is the least developed

    @property
    def ever_near(self) -> NDArray[np.bool_]:
        """(towns,): whether the town lies within a ring in any year."""
        return np.asarray((self.ring > 0).any(axis=1))

    def take(self, kept: NDArray[np.bool_]) -> "Located":
        """The sample of some towns."""
        return Located(
            self.panel.take(kept), self.effect[kept], self.ring[kept], self.tercile[kept]
        )


def located(design: Design) -> Draw:
    """Panels with spillovers and losses of status, and where their towns lie."""

    def draw(generator: np.random.Generator) -> Located:
        simulated = simulate_town_panel(design, generator)
        country, kept = simulated.country, simulated.kept
        ring = country.certification.ring[kept]
        ring = np.where(ring == len(design.ring_edges_km), 0, ring + 1)
        gdp = country.place.baseline_gdp_per_head_cny[kept]
        tercile = 1 + np.searchsorted(np.quantile(gdp, [1 / 3, 2 / 3]), gdp)
        return Located(simulated.panel, simulated.tau_log_sales, ring, tercile)

    return draw


def _located(sample: Sample) -> Located:
    if not isinstance(sample, Located):
        raise PanelError("the sample does not say where its towns lie")
    return sample


def far_controls(estimator: Estimator) -> Estimator:
    """The estimator without towns never certified that ever lie within a ring."""

    def far(sample: Sample) -> tuple[TownEffect, float]:
        here = _located(sample)
        return estimator(here.take(here.panel.ever_treated | ~here.ever_near))

    return far


def near_cells_out(sample: Sample) -> tuple[TownEffect, float]:
    """Imputation from cells uncertified and in no ring, for towns that have one."""
    here = _located(sample)
    found = spillovers(here.panel, here.ring)
    kept = ~np.isin(np.array(here.panel.town), found.dropped)
    return found.own.estimates[0], here.take(kept).realised


def tercile_effect(tercile: int) -> Estimator:
    """Imputation's average effect on the certified towns of one development tercile."""

    def estimator(sample: Sample) -> tuple[TownEffect, float]:
        here = _located(sample)
        imputed = impute(here.panel)
        inside = imputed.panel.treated & (here.tercile == tercile)[:, None]
        weight = imputed.panel.weight[:, None] * inside
        weight = weight / weight.sum()
        label = ("development_tercile", f"{tercile}", int(inside.any(axis=1).sum()))
        found = average(imputed, (label,), [weight]).estimates[0]
        return found, float(np.sum(weight * here.effect))

    return estimator


BY_TERCILE: dict[str, Estimator] = {
    f"imputation, tercile {tercile}": tercile_effect(tercile) for tercile in TERCILES
}
_NEIGHBOURS = ("Callaway-Sant'Anna, not yet", "imputation")
WHERE: dict[str, Estimator] = {
    **{name: ALL[name] for name in _NEIGHBOURS},
    **{f"{name}; far controls": far_controls(ALL[name]) for name in _NEIGHBOURS},
    "synthetic DiD, jackknife; far controls": far_controls(sdid_jackknife),
    "imputation; near cells out": near_cells_out,
    **BY_TERCILE,
    **{f"{name}; far controls": far_controls(found) for name, found in BY_TERCILE.items()},
}
NEAR_OUT: dict[str, Estimator] = {"imputation; near cells out": near_cells_out}


def entry(generator: np.random.Generator) -> Sample:
    """Panels of new sellers; the effect is the log ratio of expected numbers."""
    country = draw_country(CLEAN, generator)
    counts = []
    for history in country.histories():
        opens = history.open & (history.sellers.opened_at[:, None] == np.arange(len(CLEAN.years)))
        counts.append(history.town_sum(opens))
    outcome = np.concatenate(counts)
    towns = [str(place) for place in range(len(outcome))]
    first = country.certification.first_year
    panel = TownPanel(tuple(towns), CLEAN.years, outcome, first, np.ones(len(outcome)))
    return Sample(panel, np.where(panel.treated, _log_entry(CLEAN), 0.0))


def _log_entry(design: Design) -> float:
    """Log ratio of expected new sellers with and without certification, all groups together."""
    female = np.array([1 - design.female_share, design.female_share])
    young = np.array([1 - design.young_share, design.young_share])
    return float(np.log(np.outer(female, young).ravel() @ np.exp(design.entry_effects)))


ENTRY: dict[str, Estimator] = {
    "Poisson extended TWFE": lambda sample: _att(poisson_etwfe(sample.panel).effects, sample)
}


@dataclass(frozen=True, slots=True)
class Hidden:
    """What TWFE is made of in one draw."""

    realised: float  # truth, log points
    twfe: float
    forbidden_weight: float  # share of comparisons that take treated towns as controls
    forbidden_mean: float  # their average estimate, log points


def hidden(sample: Sample) -> Hidden:
    """TWFE, and its comparisons with towns already treated."""
    parts = [part for part in goodman_bacon(sample.panel) if part.kind == "later_vs_earlier"]
    weight = np.array([part.weight for part in parts])
    found = np.array([part.estimate for part in parts])
    return Hidden(
        realised=sample.realised,
        twfe=twfe(sample.panel).estimates[0].estimate,
        forbidden_weight=float(weight.sum()),
        forbidden_mean=float(found @ weight / weight.sum()),
    )
