"""Who takes up and who gives up e-commerce: entry, exit, survival, and who the new sellers are.

Belongs here: effects on counts of sellers by town and year, and on shares made of two counts. Not
here: counting sellers (`sql/micro`), the Poisson estimator (poisson.py, margins.py).

Shares are taken from two Poisson effects instead of town-year shares, which are undefined where
nobody opened a shop: leaving those out would choose towns by the outcome.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assets.towns.estimators.labels import OVERALL
from assets.towns.estimators.staggered.contrasts import beside
from assets.towns.estimators.town_effect import TownEffect, WithInfluence, estimates_with_influence
from assets.towns.panel.town_panel import PanelError, TownPanel
from assets.towns.questions.margins import PoissonEffects, poisson_etwfe

NAME = "poisson_share"
NEEDS = (
    "Without certification, the expected number of sellers counted would have changed by the same "
    "percentage from year to year in all towns, in the part and in the whole."
)

Floats = NDArray[np.float64]


def count_effects(counts: Mapping[str, TownPanel]) -> dict[str, PoissonEffects]:
    """Effect on each count (new_sellers, new_sellers_female, exits, ...), cohort by year.

    Log ratios of totals over certified town-years, so that percent() is the change of the number.
    Raises PanelError, naming the count, as poisson_etwfe() does.
    """
    effects = {}
    for name, panel in counts.items():
        try:
            effects[name] = poisson_etwfe(panel)
        except PanelError as error:
            raise PanelError(f"{name}: {error}") from error
    return effects


@dataclass(frozen=True, slots=True)
class ShareEffect:
    """What certification did to a share of two counts over certified town-years."""

    shares: WithInfluence  # cells with, without, and the difference (""): 0.01 is one point
    log_ratio: TownEffect  # log of the share, with over without certification

    @property
    def difference(self) -> TownEffect:
        """Share with less share without certification."""
        return self.shares.estimates[2]


def share_effect(part: TownPanel, whole: TownPanel, target: str) -> ShareEffect:
    """Effect on part over whole: female among new sellers, exits among shops open the year before.

    part, whole: counts of the same towns and years. Without certification the two counts would have
    been theirs divided by the exponents of their Poisson effects. The error counts both effects and
    the share itself, clustered by town (delta method).
    Raises PanelError where the panels differ or a part exceeds its whole.
    """
    _require_parts(part, whole)
    effects = (poisson_etwfe(panel).effects for panel in (part, whole))
    both = beside(*(each.take(np.arange(len(each.estimates)) == 0) for each in effects))
    of_part, of_whole = (cell.estimate for cell in both.estimates)
    ratio = float(np.exp(of_whole - of_part))
    share, own = _treated_share(part, whole, both.town)
    apart = both.influence[:, 0] - both.influence[:, 1]
    treated = both.estimates[0].treated_towns
    log_ratio = estimates_with_influence(
        NAME,
        [(f"{target}_log", OVERALL, treated)],
        np.array([of_part - of_whole]),
        apart[:, None],
        both.town,
    )
    without = ratio * own - share * ratio * apart
    shares = _with_and_without(target, treated, (share, share * ratio), (own, without), both.town)
    return ShareEffect(shares, log_ratio.estimates[0])


def survival_effect(hazards: Sequence[ShareEffect]) -> WithInfluence:
    """Share of new shops still open after as many years as hazards: with, without, difference.

    hazards: share_effect() of exits among shops at risk, one for each year of a shop's life; the
    same one repeated where shops of all ages are counted together. A shop that opened before its
    town was certified is so counted by the years in which it was at risk, not by when it opened.
    Discrete-time survival: the product of one less the hazards (delta method).
    """
    shares = beside(*(hazard.shares for hazard in hazards))
    share = np.array([cell.estimate for cell in shares.estimates]).reshape(-1, 3)[:, :2]
    influence = shares.influence.reshape(len(shares.town), -1, 3)[:, :, :2]
    open_still = np.prod(1 - share, axis=0)
    moved = -open_still * np.sum(influence / (1 - share), axis=1)
    return _with_and_without(
        f"survival_{len(share)}_years",
        max(cell.treated_towns for cell in shares.estimates),
        (float(open_still[0]), float(open_still[1])),
        (moved[:, 0], moved[:, 1]),
        shares.town,
    )


def _with_and_without(
    target: str,
    treated: int,
    share: tuple[float, float],
    influence: tuple[Floats, Floats],
    town: tuple[str, ...],
) -> WithInfluence:
    return estimates_with_influence(
        NAME,
        [(target, cell, treated) for cell in ("with", "without", OVERALL)],
        np.array([*share, share[0] - share[1]]),
        np.column_stack([*influence, influence[0] - influence[1]]),
        town,
    )


def _require_parts(part: TownPanel, whole: TownPanel) -> None:
    same = part.town == whole.town and np.array_equal(part.years, whole.years)
    same = same and np.array_equal(part.first_treated_year, whole.first_treated_year)
    if not same:
        raise PanelError("part and whole are not panels of the same towns, years and cohorts")
    more = np.argwhere(part.outcome > whole.outcome)
    if more.size:
        town, year = more[0]
        raise PanelError(
            f"town {part.town[town]} in {part.years[year]}: a part of {part.outcome[town, year]:g} "
            f"exceeds its whole of {whole.outcome[town, year]:g}"
        )


def _treated_share(
    part: TownPanel, whole: TownPanel, town: tuple[str, ...]
) -> tuple[float, Floats]:
    """Share over certified town-years, and its influence by the towns named, (towns,)."""
    seen = whole.first_treated_year > whole.years[0]
    weight = whole.weight[:, None] * whole.treated * seen[:, None]
    of_part = np.sum(weight * part.outcome, axis=1)
    of_whole = np.sum(weight * whole.outcome, axis=1)
    share = float(of_part.sum() / of_whole.sum())
    own = dict(zip(whole.town, (of_part - share * of_whole) / of_whole.sum(), strict=True))
    return share, len(town) * np.array([own[name] for name in town])
