"""Synthetic difference-in-differences, one fit per cohort, and their averages.

Belongs here: weights, effects and the diagnostics of the fit. Not here: standard errors
(`synthetic_did_inference`), the solver (`simplex_weights`), who may be a control (`control_pool`).

Towns have a weight in the panel (the sellers behind them): the treated are averaged with it, so
that the effect is that on the average seller. Controls are weighted by the method itself.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from assets.towns.estimators.synthetic.simplex_weights import simplex_weights
from assets.towns.panel.control_pool import CohortWindow, ControlPool, cohort_windows
from assets.towns.panel.effective_clusters import EffectiveClusters, effective_number
from assets.towns.panel.town_panel import TownPanel

Floats = NDArray[np.float64]
Form = Literal["synthetic_did", "synthetic_control", "difference_in_differences"]

NEEDS = (
    "Without certification the certified towns would have moved in parallel to the weighted "
    "average of control towns that moved with them before (shocks follow a few common factors, "
    "and certification is not a response to a town's own passing shock); no anticipation and no "
    "effect on controls."
)
ALMOST_NO_PENALTY = 1e-6  # of the noise level
STOP_AT = 1e-5  # of the noise level


@dataclass(frozen=True, slots=True)
class Tuning:
    """Penalties and stopping rule of one cohort, in the unit of the outcome."""

    zeta_omega: float
    zeta_lambda: float
    min_decrease: float


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of controls and of years before treatment; each sums to one (lam may be zero)."""

    omega: Floats  # (controls,)
    lam: Floats  # (pre_years,)


@dataclass(frozen=True, slots=True)
class CohortFit:
    """The fit of one cohort."""

    window: CohortWindow
    tuning: Tuning
    weights: Weights
    treated_share: Floats  # (treated,) of the cohort's weight, sums to one
    mass: float  # the cohort's weight: treated towns where every town counts the same
    gap: Floats  # (years,) treated minus synthetic, less the same before treatment

    @property
    def estimate(self) -> float:
        """Mean effect over the cohort's years of treatment."""
        return float(self.gap[self.window.pre_years :].mean())

    @property
    def pre_fit_rmse(self) -> float:
        """How far treated and synthetic paths part before treatment, a constant gap set aside."""
        return float(self.gap[: self.window.pre_years].std())

    @property
    def effective_controls(self) -> float:
        """1 / sum of squared weights: as many equally weighted controls would do the same."""
        return float(1 / np.sum(self.weights.omega**2))

    @property
    def note(self) -> str:
        """What a reader must know of this cohort; empty where there is nothing."""
        if self.window.pre_years > 1:
            return ""
        return (
            f"cohort {self.window.first_treated_year} has one year before treatment: nothing to "
            "match on, all controls weigh the same, plain difference-in-differences"
        )


@dataclass(frozen=True, slots=True)
class SyntheticDid:
    """All cohorts' fits, with the panel and the options they came from."""

    panel: TownPanel
    form: Form
    control_pool: ControlPool
    cohorts: tuple[CohortFit, ...]  # ascending by year

    @property
    def towns(self) -> NDArray[np.int64]:
        """Positions of the towns that take part, as treated or as control, ascending."""
        parts = [part for fit in self.cohorts for part in (fit.window.treated, fit.window.controls)]
        return np.unique(np.concatenate(parts))

    @property
    def treated_towns(self) -> int:
        """Number of treated towns in all cohorts."""
        return sum(fit.window.treated.size for fit in self.cohorts)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know, one sentence each."""
        inside = np.zeros(len(self.panel.town), dtype=bool)
        inside[self.towns] = True
        unused = int(np.sum(~inside))
        notes = [fit.note for fit in self.cohorts if fit.note]
        if unused:
            notes.append(f"towns neither in a cohort nor in its control pool: {unused}")
        return tuple(notes)


def synthetic_did(
    panel: TownPanel,
    *,
    control_pool: ControlPool = "never",
    horizon_years: int | None = None,
    form: Form = "synthetic_did",
) -> SyntheticDid:
    """Fit every cohort against its control pool.

    form: synthetic_control takes no weights over years and no intercept;
    difference_in_differences weighs all controls and all years before alike.
    Raises PanelError where a cohort has no control.
    Source: Arkhangelsky, Athey, Hirshberg, Imbens and Wager (2021), American Economic Review
    111(12), algorithm 1 and appendix A for staggered timing; penalties as R `synthdid` 0.0.9.
    """
    windows = cohort_windows(panel, control_pool, horizon_years)
    fits = tuple(_fit_cohort(panel, window, form) for window in windows)
    return SyntheticDid(panel, form, control_pool, fits)


def effective_clusters_of(fit: SyntheticDid) -> EffectiveClusters:
    """Of treated towns by their weight, and of controls by what the method gives them in all."""
    treated, controls = (np.zeros(len(fit.panel.town)) for _ in range(2))
    for cohort in fit.cohorts:
        treated[cohort.window.treated] += cohort.treated_share * cohort.mass
        controls[cohort.window.controls] += cohort.weights.omega * cohort.mass
    return EffectiveClusters(effective_number(treated), effective_number(controls))


def _fit_cohort(panel: TownPanel, window: CohortWindow, form: Form) -> CohortFit:
    share, mass = treated_share(panel, window.treated)
    treated = share @ panel.outcome[window.treated, : window.years]
    controls = panel.outcome[window.controls, : window.years]
    tuning = _tuning(controls[:, : window.pre_years], window, form)
    weights = fit_weights(treated, controls, window.pre_years, tuning, form)
    gap = effect_path(treated - weights.omega @ controls, weights.lam)
    return CohortFit(window, tuning, weights, share, mass, gap)


def treated_share(panel: TownPanel, treated: NDArray[np.int64]) -> tuple[Floats, float]:
    """Share of each treated town in the cohort's weight, (treated,), and that weight."""
    weight = panel.weight[treated]
    mass = float(weight.sum())
    return weight / mass, mass


def _tuning(pre: Floats, window: CohortWindow, form: Form) -> Tuning:
    """Penalties from the noise of controls before treatment; pre: (controls, pre_years).

    With fewer than two yearly changes there is no noise to measure, and the weights are equal
    whatever the penalty: it is zero then.
    """
    changes = np.diff(pre, axis=1)
    noise = float(changes.std(ddof=1)) if changes.size > 1 else 0.0
    omega = float((window.treated.size * window.post_years) ** 0.25)
    if form == "synthetic_control":
        omega = ALMOST_NO_PENALTY
    return Tuning(omega * noise, ALMOST_NO_PENALTY * noise, STOP_AT * noise)


def fit_weights(
    treated: Floats,
    controls: Floats,
    pre_years: int,
    tuning: Tuning,
    form: Form,
    start: Weights | None = None,
) -> Weights:
    """Weights of controls and years; treated: (years,), controls: (controls, years)."""
    if form == "difference_in_differences":
        count = controls.shape[0]
        return Weights(np.full(count, 1 / count), np.full(pre_years, 1 / pre_years))
    before, after = controls[:, :pre_years], controls[:, pre_years:].mean(axis=1)
    omega = simplex_weights(
        before.T,
        treated[:pre_years],
        tuning.zeta_omega,
        tuning.min_decrease,
        intercept=form == "synthetic_did",
        start=None if start is None else start.omega,
    )
    if form == "synthetic_control":
        return Weights(omega, np.zeros(pre_years))
    begin = None if start is None else start.lam
    lam = simplex_weights(before, after, tuning.zeta_lambda, tuning.min_decrease, start=begin)
    return Weights(omega, lam)


def effect_path(difference: Floats, lam: Floats) -> Floats:
    """Differences over years, (..., years), less their weighted mean before treatment."""
    before = difference[..., : lam.size] @ lam
    return np.asarray(difference - before[..., None])
