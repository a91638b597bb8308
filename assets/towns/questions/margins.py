"""Zeros, handled openly: sales with Poisson, whether a shop sells, and how much it then sells.

Belongs here: Poisson effects for staggered timing, and the account of the margins. Not here: the
Poisson estimator (`poisson.py`), the linear one (`imputation.py`). No log(1 + x) anywhere: its
effects change with the unit of x.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assets.towns.assumptions.evidence import Evidence
from assets.towns.estimators.poisson import PoissonFit, poisson
from assets.towns.estimators.staggered.etwfe import with_controls
from assets.towns.estimators.staggered.imputation import imputation
from assets.towns.estimators.town_effect import (
    TownEffect,
    WithInfluence,
    estimates_with_influence,
    percent,
)
from assets.towns.panel.targets import Label
from assets.towns.panel.town_panel import PanelError, TownPanel

NEEDS = (
    "Without certification, expected sales of all cohorts and of the never treated would have "
    "changed by the same percentage from year to year, and no town reacts before it is certified."
)


@dataclass(frozen=True, slots=True)
class PoissonEffects:
    """Log ratios of what treated towns sold to what they would have sold."""

    effects: WithInfluence
    separated: tuple[str, ...]  # towns and cells left out for their zeros


def poisson_etwfe(panel: TownPanel) -> PoissonEffects:
    """Extended TWFE with an exponential mean: one coefficient per treated cohort and year.

    Averages are log ratios of totals: outcome of the treated cells over their counterfactual, so
    that percent() of one is the change of total sales. Towns treated from the first year on are
    left out. Raises PanelError where there is no untreated town in a year, as poisson() does.
    Source: Wooldridge (2023), Econometrics Journal 26(3), sections 3 and 4.
    """
    panel = with_controls(panel)
    pairs = [(g, t) for g in panel.cohorts.tolist() for t in panel.years.tolist() if t >= g]
    cohort, year = np.array(pairs).T
    dummies = (panel.first_treated_year[:, None, None] == cohort) & (panel.years[:, None] == year)
    names = tuple(f"cohort {g} in {t}" for g, t in pairs)
    fit = poisson(panel, dummies.astype(np.float64), names)
    return PoissonEffects(_log_ratios("poisson_etwfe", fit, len(pairs)), fit.separated)


def _log_ratios(name: str, fit: PoissonFit, cells: int) -> WithInfluence:
    """All targets of a saturated fit, whose last `cells` regressors are the treated cells."""
    masks = _targets(fit.panel)
    results = [_log_ratio(fit, cells, mask) for _, mask in masks]
    effect = np.array([value for value, _ in results])
    influence = np.stack([column for _, column in results], axis=1)
    labels = [label for label, _ in masks]
    return estimates_with_influence(name, labels, effect, influence, fit.panel.town)


def _targets(panel: TownPanel) -> list[tuple[Label, NDArray[np.bool_]]]:
    """What is averaged over which treated cells, (towns, years) each."""
    first, treated = panel.first_treated_year[:, None], panel.treated
    elapsed = np.where(treated, panel.years - np.where(np.isfinite(first), first, 0), -1)
    wanted = [("att", "", treated)]
    wanted += [("event_time", f"e={e}", elapsed == e) for e in range(int(elapsed.max()) + 1)]
    wanted += [("cohort", f"g={g}", treated & (first == g)) for g in panel.cohorts.tolist()]
    years = panel.years[treated.any(axis=0)].tolist()
    wanted += [("calendar_year", f"t={t}", treated & (panel.years == t)) for t in years]
    return [
        ((target, cell, int(mask.any(axis=1).sum())), mask)
        for target, cell, mask in wanted
        if mask.any()
    ]


def _log_ratio(
    fit: PoissonFit, cells: int, mask: NDArray[np.bool_]
) -> tuple[float, NDArray[np.float64]]:
    """Log of total outcome over total counterfactual in some treated cells, with its influence.

    The influence has three parts: the town's own outcome, its own counterfactual, and what its
    score moves in the coefficients (delta method).
    """
    mask = mask & fit.kept
    weight = fit.panel.weight[:, None] * mask
    untreated = fit.regressors.copy()
    untreated[:, :, -cells:] = 0
    change = (fit.regressors - untreated) @ fit.coefficient
    shares = fit.shares
    without = weight * fit.totals[:, None] * shares * np.exp(-change)
    actual = weight * fit.panel.outcome
    means = np.einsum("it,itk->ik", shares, fit.regressors)
    slope = np.einsum("it,itk->k", without, untreated - means[:, None, :]) / without.sum()
    own = actual.sum(axis=1) / actual.sum() - without.sum(axis=1) / without.sum()
    influence = len(own) * own - fit.influence @ slope
    return float(np.log(actual.sum() / without.sum())), np.asarray(influence)


@dataclass(frozen=True, slots=True)
class Margins:
    """How the change of sales is made up; the parts add up to the total, in log points."""

    total: TownEffect  # log points of sales per shop, zeros included (Poisson)
    extensive: TownEffect  # share of shops that sell anything, as a difference of shares
    intensive: TownEffect  # mean log sales of shops that sell, log points
    active_share_treated: float  # mean over treated cells, as observed
    extensive_log: float  # log ratio of active shares, with and without certification
    intensive_log: float  # = intensive.estimate
    spread_log: float  # the rest: mean against geometric mean of sales, and how cells are averaged

    @property
    def statement(self) -> str:
        """The account in one sentence."""
        return (
            f"Sales per shop, zeros included, change by {percent(self.total.estimate):.1f} % "
            f"({self.total.estimate:.3f} log points): {self.extensive_log:.3f} because more or "
            f"fewer shops sell, {self.intensive_log:.3f} because shops that sell do so more or "
            f"less (geometric mean), {self.spread_log:.3f} because the arithmetic mean moves "
            "otherwise than the geometric and weighs treated cells by their sales."
        )


def margins(sales: TownPanel, active_share: TownPanel, log_if_positive: TownPanel) -> Margins:
    """Effects on sales per shop, on the share of shops that sell, and on log sales where positive.

    sales: amounts or counts, zeros included; active_share: shares in [0, 1]; log_if_positive: mean
    log among shops that sell, so towns without such a shop in some year cannot be in it. All three
    are panels of the same years. Linear effects by imputation.
    Raises PanelError where shares lie outside [0, 1], years differ, or nothing would be active.
    """
    _require_shares(sales, active_share, log_if_positive)
    total = poisson_etwfe(sales).effects.estimates[0]
    extensive, intensive = (
        imputation(panel).estimates[0] for panel in (active_share, log_if_positive)
    )
    seen = active_share.seen_untreated()
    weight = seen.weight[:, None] * seen.treated
    share = float(np.sum(weight * seen.outcome) / np.sum(weight))
    without = share - extensive.estimate
    if min(share, without) <= 0:
        raise PanelError(
            f"active share of treated towns is {share:.3f} with certification and {without:.3f} "
            "without: one is not above zero, so there is no log ratio of the two"
        )
    extensive_log = float(np.log(share / without))
    spread = total.estimate - extensive_log - intensive.estimate
    return Margins(total, extensive, intensive, share, extensive_log, intensive.estimate, spread)


def _require_shares(*panels: TownPanel) -> None:
    sales, share, log_sales = panels
    outside = np.argwhere((share.outcome < 0) | (share.outcome > 1))
    if outside.size:
        town, year = outside[0]
        raise PanelError(
            f"town {share.town[town]} in {share.years[year]}: active share "
            f"{share.outcome[town, year]:g} is not between 0 and 1"
        )
    if not (
        np.array_equal(sales.years, share.years) and np.array_equal(share.years, log_sales.years)
    ):
        raise PanelError("sales, active share and log sales are not panels of the same years")


def evidence(found: Margins) -> Evidence:
    """The account as evidence: it says how the change is made up, and judges nothing."""
    return Evidence(
        estimator="poisson_etwfe",
        assumption=NEEDS,
        test="margins",
        cell="",
        statistic=found.extensive_log,
        p_value=float("nan"),
        verdict="cannot say",
        sentence=found.statement,
    )
