"""How unequal towns are in sales, between and within regions, and whether the poor catch up.

Belongs here: Theil, Gini, Lorenz, sigma and beta convergence of one year's or two years' totals.
Not here: what totals would have been without certification (`counterfactual.py`).

Two readings, by what counts as one unit. By town: a town's total sales, every town counts the same;
there are no head counts in the data, so nothing here is per inhabitant. By seller: a town's sales
per seller, each town counts by its sellers; inequality among a town's own sellers is not seen.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assets.towns.estimators.town_effect import normal_interval

Floats = NDArray[np.float64]
LEVELS = ("province", "prefecture", "county")  # nested, from wide to narrow
NATION, TOWN = "nation", "town"  # the levels around them: all towns together, each by itself


@dataclass(frozen=True, slots=True)
class Theil:
    """Theil's T and its two parts; total = between + within."""

    total: float
    between: float
    within: float


def theil(totals: Floats, group: NDArray[Any], units: Floats | None = None) -> Theil:
    """Theil's T of (towns,) totals >= 0, and its parts between and within (towns,) groups.

    units: (towns,) > 0, by which totals are divided and towns are weighted; None: one each.
    T = sum of s log(s / w), s a town's share of the total and w that of the units; between groups
    the same with the groups' shares (Theil, 1967, Economics and Information Theory, chapter 4).
    A town without sales contributes nothing to the sum.
    """
    units = np.ones(len(totals)) if units is None else units
    _, place = np.unique(group, return_inverse=True)
    total, between = _theil(totals, units), _between(totals, place, units)
    return Theil(total, between, total - between)


@dataclass(frozen=True, slots=True)
class NestedGroups:
    """Groups of towns within wider groups: numbered and checked once, for many totals."""

    place: Mapping[str, NDArray[np.int64]]  # of each of LEVELS, (towns,) the number of its group

    @classmethod
    def of(cls, labels: Mapping[str, NDArray[Any]]) -> "NestedGroups":
        """Of each of LEVELS the (towns,) labels; a narrow label must belong to one wide one.

        Raises ValueError where it does not: then the parts would not be what they are called.
        """
        _require_nested(labels)
        return cls({level: np.unique(labels[level], return_inverse=True)[1] for level in LEVELS})


# Parts of Theil's T, each between two levels of towns and their groups; all but the first add up.
PARTS: Mapping[str, tuple[str, str]] = {
    "total": (NATION, TOWN),
    "between provinces": (NATION, "province"),
    "between prefectures of a province": ("province", "prefecture"),
    "between counties of a prefecture": ("prefecture", "county"),
    "within counties": ("county", TOWN),
}


def theil_part(
    totals: Floats, groups: NestedGroups, part: str, units: Floats | None = None
) -> float:
    """One of PARTS of Theil's T: inequality between groups of the narrow level of the two, less
    that between groups of the wide one. Arguments as in theil()."""
    units = np.ones(len(totals)) if units is None else units
    wide, narrow = PARTS[part]
    is_town = narrow == TOWN
    between = _theil(totals, units) if is_town else _between(totals, groups.place[narrow], units)
    if wide != NATION:
        between -= _between(totals, groups.place[wide], units)
    return between


def nested_theil(
    totals: Floats, groups: NestedGroups, units: Floats | None = None
) -> dict[str, float]:
    """All PARTS of Theil's T; arguments as in theil()."""
    return {part: theil_part(totals, groups, part, units) for part in PARTS}


@dataclass(frozen=True, slots=True)
class Lorenz:
    """Points of a Lorenz curve, from (0, 0) to (1, 1)."""

    unit_share: Floats  # (points,), poorest first
    sales_share: Floats  # (points,)


def lorenz(totals: Floats, units: Floats | None = None) -> Lorenz:
    """The whole curve: one point per town. Not for publication: steps give towns away."""
    units = np.ones(len(totals)) if units is None else units
    order = np.argsort(totals / units, kind="stable")
    return Lorenz(_cumulated(units[order]), _cumulated(totals[order]))


def published_lorenz(totals: Floats, units: Floats | None = None, steps: int = 20) -> Lorenz:
    """The curve at equal steps of the share of units, linear in between.

    No step stands for fewer than five towns: there are fewer steps where towns are few.
    """
    curve = lorenz(totals, units)
    steps = max(1, min(steps, len(totals) // 5))
    share = np.linspace(0, 1, steps + 1)
    return Lorenz(share, np.interp(share, curve.unit_share, curve.sales_share))


def gini(totals: Floats, units: Floats | None = None) -> float:
    """Twice the area between the diagonal and the Lorenz curve, without small-sample correction."""
    curve = lorenz(totals, units)
    return float(1 - 2 * np.trapezoid(curve.sales_share, curve.unit_share))


def sigma(totals: Floats) -> float:
    """Standard deviation of log totals, (towns,) > 0: sigma convergence is its fall over years.

    Raises ValueError where a town sold nothing, since its log is none.
    """
    return float(np.std(_logs(totals), ddof=1))


@dataclass(frozen=True, slots=True)
class Convergence:
    """Growth against the level at the start; below zero, the poor grew faster."""

    slope: float  # log points a year per log point of the initial level
    std_error: float  # clustered
    low: float
    high: float
    towns: int


def beta_convergence(first: Floats, last: Floats, years: int, cluster: NDArray[Any]) -> Convergence:
    """Least squares of yearly log growth on the log of the first total, errors by cluster.

    first, last: (towns,) > 0, `years` apart; cluster: (towns,). Unconditional convergence as in
    Barro and Sala-i-Martin (1992), Journal of Political Economy 100, equation 1 made linear. A
    passing shock in the first year also makes the slope negative (regression to the mean).
    Raises ValueError where a town sold nothing.
    """
    from statsmodels.regression.linear_model import OLS

    start, end = _logs(first), _logs(last)
    design = np.column_stack([np.ones(len(start)), start])
    _, groups = np.unique(cluster, return_inverse=True)
    model = OLS((end - start) / years, design)
    fit = model.fit(cov_type="cluster", cov_kwds={"groups": groups})
    slope, error = float(fit.params[1]), float(fit.bse[1])
    return Convergence(slope, error, *normal_interval(slope, error), towns=len(start))


def _between(totals: Floats, place: NDArray[np.int64], units: Floats) -> float:
    """Theil's T of the groups that the towns lie in; place: (towns,) numbers of groups."""
    of_group, units_of_group = np.bincount(place, totals), np.bincount(place, units)
    return _theil(of_group.astype(np.float64), units_of_group.astype(np.float64))


def _theil(totals: Floats, units: Floats) -> float:
    share, weight = totals / totals.sum(), units / units.sum()
    ratio = np.where(share > 0, share / weight, 1.0)
    return float(np.sum(share * np.log(ratio)))


def _cumulated(values: Floats) -> Floats:
    sums = np.concatenate([[0.0], np.cumsum(values)])
    return np.asarray(sums / sums[-1])


def _logs(totals: Floats) -> Floats:
    if np.any(totals <= 0):
        raise ValueError(
            f"town {int(np.argmin(totals)) + 1} of {len(totals)} sold nothing: its log is none"
        )
    return np.asarray(np.log(totals))


def _require_nested(groups: Mapping[str, NDArray[Any]]) -> None:
    for wide, narrow in pairwise(LEVELS):
        pairs = {
            (str(inner), str(outer))
            for inner, outer in zip(groups[narrow], groups[wide], strict=True)
        }
        if len(pairs) != len({inner for inner, _ in pairs}):
            raise ValueError(f"a {narrow} lies in two units of level {wide}: give full names")
