"""Group-time effects of Callaway and Sant'Anna and their aggregates.

Belongs here: ATT(g, t) against a stated control pool, its aggregates, and their influence
functions. Not here: covariates (covariate_adjustment.py), tests and bands over many effects
(joint.py), or other estimators.
Source: Callaway and Sant'Anna (2021), Journal of Econometrics 225, 200-230; conventions of the R
package did 2.3.0. Without covariates its outcome, weighting and doubly robust forms are the same.
A town counts by its weight, so with sellers as weights the effects are those of sellers, and the
influence functions are those of a seller-level estimate added up over each town. A cohort of one
town adds nothing to the standard error: how much its change varies cannot be seen.
Of a panel with gaps each cell is the change of the towns that have an outcome in both of its years,
as `diff-diff` and Stata's `csdid` have it; `did` leaves out every town with a gap, or takes the
panel for repeated cross-sections (allow_unbalanced_panel), which is another estimate.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from assets.towns.estimators.joint import WaldTest, wald_test
from assets.towns.estimators.staggered.covariate_adjustment import Adjustment, adjusted_difference
from assets.towns.estimators.town_effect import WithInfluence, estimates_with_influence
from assets.towns.panel.town_panel import PanelError, TownPanel

NAME = "callaway_santanna"
NEEDS = (
    "Without certification, the outcomes of each cohort and of its controls would have moved in "
    "parallel from the cohort's last untreated year on, and no town reacts before it is certified."
)
NEEDS_COVARIATES = (
    "As without covariates, but of towns with the same values of them only; they may not react to "
    "certification, and each certified town needs controls like it."
)
NEEDS_ANTICIPATION = (
    "Without certification, the outcomes of each cohort and of its controls would have moved in "
    "parallel from the year before towns could react to it on, which is a stated number of years "
    "before it."
)
ControlPool = Literal["never", "not_yet"]
BasePeriod = Literal["varying", "universal"]
Influence = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class GroupTime:
    """ATT(g, t) for every cohort g and year t with controls."""

    panel: TownPanel  # the towns with an untreated year
    control_pool: ControlPool
    base_period: BasePeriod
    name: str  # of the estimator
    cohort: NDArray[np.int64]  # (cells,): g
    year: NDArray[np.int64]  # (cells,): t
    base: NDArray[np.int64]  # (cells,): the year that t is compared with
    effect: NDArray[np.float64]  # (cells,), unit of the outcome
    influence: Influence  # (towns, cells)

    @property
    def after(self) -> NDArray[np.bool_]:
        """(cells,): whether the cohort is treated in that year."""
        return self.year >= self.cohort

    def towns_behind(self, kept: NDArray[np.bool_]) -> int:
        """Treated towns that have an outcome in both years of a cell that is kept, (cells,)."""
        member = self.panel.first_treated_year[:, None] == self.cohort[kept]
        seen = self.panel.seen
        for year in (self.year[kept], self.base[kept]):
            member &= seen[:, year - self.panel.years[0]]
        return int(member.any(axis=1).sum())


def group_time(
    panel: TownPanel,
    control_pool: ControlPool = "not_yet",
    base_period: BasePeriod = "varying",
    adjustment: Adjustment | None = None,
    anticipation_years: int = 0,
) -> GroupTime:
    """ATT(g, t): change of the outcome of cohort g since its base year, less that of the controls.

    Controls: towns never treated, or towns other than g's not yet treated in t or the base year.
    Base year: g - 1 for t >= g; before that t - 1 (varying, as did has it by default), or g - 1
    throughout (universal; the base year itself is a cell with effect 0).
    adjustment: covariates of the panel's towns; None compares cohorts with controls as they are.
    anticipation_years: how long before certification towns may react to it; base years lie as much
    earlier, and no town so near its certification is a control (section 2.2, assumption 3).
    Without never-treated towns the last cohort serves as a control only. Towns treated from the
    first year on are left out. Raises PanelError where no cohort or no control is left, or a town
    lacks a covariate.
    """
    if adjustment is not None:
        adjustment = adjustment.take(panel.first_treated_year > panel.years[0])
    panel = panel.seen_untreated()
    if adjustment is not None:
        lacking = np.asarray(~np.isfinite(adjustment.covariates).all(axis=1))
        if lacking.any():
            raise PanelError(
                f"{int(lacking.sum())} of {len(lacking)} towns have no number for a covariate, "
                f"{panel.town[int(np.argmax(lacking))]} first; fill it in, leave these towns out, "
                "or leave the covariate out"
            )
    if anticipation_years < 0:
        raise PanelError(f"anticipation_years is {anticipation_years}, expected none or more")
    cells = list(_cells(panel, control_pool, base_period, anticipation_years))
    if not cells:
        raise PanelError(f"no cohort has both an untreated year and controls ({control_pool})")
    effect, influence = (
        _differences(panel, cells) if adjustment is None else _adjusted(panel, cells, adjustment)
    )
    return GroupTime(
        panel=panel,
        control_pool=control_pool,
        base_period=base_period,
        name="_".join(
            part
            for part in (
                NAME,
                adjustment.method if adjustment else "",
                "anticipation" if anticipation_years else "",
            )
            if part
        ),
        cohort=np.array([cell.cohort for cell in cells]),
        year=np.array([cell.year for cell in cells]),
        base=np.array([cell.base for cell in cells]),
        effect=effect,
        influence=influence.T,
    )


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cohort in a year, and who is compared, where they have an outcome in both years."""

    cohort: int
    year: int
    base: int
    treated: NDArray[np.bool_]  # (towns,): the cohort
    control: NDArray[np.bool_]  # (towns,)


def _cells(
    panel: TownPanel, control_pool: ControlPool, base_period: BasePeriod, anticipation_years: int
) -> Iterator[_Cell]:
    """Every cell that has controls."""
    first, last = int(panel.years[0]), int(panel.years[-1])
    cohorts, seen, ever_treated = panel.cohorts, panel.seen, panel.ever_treated
    if ever_treated.all():
        if control_pool == "never":
            raise PanelError("no town is never treated; take the towns not yet treated")
        last = int(panel.first_treated_year.max()) - 1 - anticipation_years
        cohorts = cohorts[cohorts < panel.first_treated_year.max()]
    for cohort in cohorts.tolist():
        member = panel.first_treated_year == cohort
        for year in range(first, last + 1):
            reacts_from = cohort - anticipation_years
            early = base_period == "varying" and year < reacts_from
            base = year - 1 if early else reacts_from - 1
            if base < first:
                continue
            if control_pool == "never":
                control = ~ever_treated
            else:
                reacted = panel.first_treated_year - anticipation_years <= max(year, base)
                control = ~reacted & ~member
            both = seen[:, year - first] & seen[:, base - first]
            cell = _Cell(cohort, year, base, member & both, control & both)
            if cell.treated.any() and cell.control.any():
                yield cell


def _differences(
    panel: TownPanel, cells: Sequence[_Cell]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The 2x2 differences of weighted means, (cells,), and their influence, (cells, towns).

    All cells at once: simulations and bootstraps ask thousands of times, of few towns.
    """
    treated, control = (
        np.stack([getattr(cell, side) for cell in cells]) for side in ("treated", "control")
    )
    change = _changes(panel, cells)
    change = np.where(treated | control, change, 0.0)
    effect, influence = np.zeros(len(cells)), np.zeros(change.shape)
    for sign, group in ((1, treated), (-1, control)):
        share = panel.weight * group
        share /= share.sum(axis=1, keepdims=True)
        mean = np.sum(share * change, axis=1)  # a dot product would add up in another order
        effect += sign * mean
        influence += sign * len(panel.town) * share * (change - mean[:, None])
    return effect, influence


def _adjusted(
    panel: TownPanel, cells: Sequence[_Cell], adjustment: Adjustment
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The 2x2 differences of adjusted means, (cells,), and their influence, (cells, towns)."""
    effect, influence = np.zeros(len(cells)), np.zeros((len(cells), len(panel.town)))
    for place, (cell, change) in enumerate(zip(cells, _changes(panel, cells), strict=True)):
        if cell.year == cell.base:
            continue
        compared = cell.treated | cell.control
        effect[place], own = adjusted_difference(
            change[compared],
            cell.treated[compared],
            panel.weight[compared],
            adjustment.take(compared),
            f"cohort {cell.cohort} in {cell.year}",
        )
        influence[place, compared] = own * len(panel.town) / compared.sum()
    return effect, influence


def _changes(panel: TownPanel, cells: Sequence[_Cell]) -> NDArray[np.float64]:
    """(cells, towns): outcome of the cell's year less that of its base year."""
    year, base = (np.array([getattr(cell, at) for cell in cells]) for at in ("year", "base"))
    outcome = panel.outcome.T
    changes: NDArray[np.float64] = outcome[year - panel.years[0]] - outcome[base - panel.years[0]]
    return changes


def cells(result: GroupTime) -> WithInfluence:
    """Every ATT(g, t) as an estimate."""
    places = np.arange(len(result.effect))
    labels = [
        ("group_time", f"g={cohort},t={year}", result.towns_behind(places == place))
        for place, (cohort, year) in enumerate(zip(result.cohort, result.year, strict=True))
    ]
    return estimates_with_influence(
        result.name, labels, result.effect, result.influence, result.panel.town
    )


def overall(result: GroupTime) -> WithInfluence:
    """One effect: all treated cells, weighted by the size of their cohort (did: simple)."""
    effect, influence = _by_share(
        result.panel,
        result.cohort[result.after],
        result.effect[result.after],
        result.influence[:, result.after],
    )
    labels = [("att", "", result.towns_behind(result.after))]
    return estimates_with_influence(
        result.name, labels, np.array([effect]), influence[:, None], result.panel.town
    )


def by_event_time(result: GroupTime) -> WithInfluence:
    """Effects by years since certification, and their plain mean after it (did: dynamic)."""
    elapsed = result.year - result.cohort
    return _by(result, "event_time", elapsed, "e", np.unique(elapsed), lambda value: value >= 0)


def by_calendar_year(result: GroupTime) -> WithInfluence:
    """Effects by year on those then treated, and their plain mean (did: calendar)."""
    years = np.unique(result.year[result.after])
    year = np.where(result.after, result.year, -1)
    return _by(result, "calendar_year", year, "t", years, lambda _: True)


def _by(
    result: GroupTime,
    target: str,
    key: NDArray[np.int64],
    letter: str,
    values: NDArray[np.int64],
    counts: Callable[[int], bool],
) -> WithInfluence:
    """Cohort-weighted averages of the cells with each key, the mean of those that count first."""
    averages, labels = [], []
    for value in values.tolist():
        keep = key == value
        averages.append(
            _by_share(
                result.panel, result.cohort[keep], result.effect[keep], result.influence[:, keep]
            )
        )
        labels.append((target, f"{letter}={value}", result.towns_behind(keep)))
    effect = np.array([effect for effect, _ in averages])
    influence = np.stack([influence for _, influence in averages], axis=1)
    mean = np.array([counts(value) for value in values.tolist()])
    return estimates_with_influence(
        result.name,
        [(target, "", result.towns_behind(np.isin(key, values[mean]))), *labels],
        np.concatenate([[effect[mean].mean()], effect]),
        np.column_stack([influence[:, mean].mean(axis=1), influence]),
        result.panel.town,
    )


def by_cohort(result: GroupTime) -> WithInfluence:
    """Mean effect of each cohort over its treated years, and their average (did: group)."""
    cohorts = np.unique(result.cohort[result.after])
    kept = [result.after & (result.cohort == cohort) for cohort in cohorts]
    effect = np.array([result.effect[keep].mean() for keep in kept])
    influence = np.stack([result.influence[:, keep].mean(axis=1) for keep in kept], axis=1)
    mean, mean_influence = _by_share(result.panel, cohorts, effect, influence)
    labels = [
        ("cohort", f"g={cohort}", result.towns_behind(keep))
        for cohort, keep in zip(cohorts.tolist(), kept, strict=True)
    ]
    return estimates_with_influence(
        result.name,
        [("cohort", "", result.towns_behind(result.after)), *labels],
        np.concatenate([[mean], effect]),
        np.column_stack([mean_influence, influence]),
        result.panel.town,
    )


def pre_test(result: GroupTime) -> WaldTest:
    """Wald test that every effect before certification is zero."""
    return wald_test(cells(result).take(~result.after))


def _by_share(
    panel: TownPanel,
    cohort: NDArray[np.int64],
    effect: NDArray[np.float64],
    influence: Influence,
) -> tuple[float, Influence]:
    """Average of effects, (cells,), by the weight of their cohorts, and its influence, (towns,).

    The shares are estimated too: the second term is what that adds (did: wif).
    """
    weight = panel.weight / panel.weight.mean()
    distinct, position = np.unique(cohort, return_inverse=True)
    member = panel.first_treated_year[:, None] == distinct[None, :]
    size = (weight @ member)[position] / len(weight)
    share = size / size.sum()
    average = float(share @ effect)
    beside_average = np.bincount(position, weights=effect - average)
    return average, influence @ share + weight * (member @ beside_average) / size.sum()
