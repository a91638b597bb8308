"""Goodman-Bacon's decomposition of the TWFE coefficient into 2x2 comparisons.

Belongs here: the comparisons with their weights, and what they say. Not here: the regression itself
(twfe.py).
Source: Goodman-Bacon (2021), Journal of Econometrics 225, 254-277, equations 7 and 10; with town
weights, shares of towns are shares of weight.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from assets.towns.assumptions.evidence import Evidence
from assets.towns.estimators.twfe import NAME, NEEDS
from assets.towns.panel.town_panel import NEVER, PanelError, TownPanel

ALWAYS = -np.inf  # the control group of towns treated from the first year on
Kind = Literal[
    "treated_vs_never", "treated_vs_always", "earlier_vs_later", "later_vs_earlier"
]  # later_vs_earlier takes towns already treated as controls


@dataclass(frozen=True, slots=True)
class Comparison:
    """One 2x2 difference in differences inside the TWFE coefficient."""

    kind: Kind
    treated: int  # first treated year of the treated cohort
    control: float  # that of the control cohort, NEVER or ALWAYS
    estimate: float  # unit of the outcome
    weight: float  # in the TWFE coefficient, > 0; all sum to 1


@dataclass(frozen=True, slots=True)
class _Group:
    first: float
    mean: NDArray[np.float64]  # (years,)
    share: float  # of all weight
    treated_share: float  # of the years


def goodman_bacon(panel: TownPanel) -> tuple[Comparison, ...]:
    """Every 2x2 comparison; estimates times weights add up to twfe() on the same panel.

    Raises PanelError where there is nothing to compare, and for a panel with gaps.
    """
    panel.require_balanced("Goodman-Bacon's decomposition")
    raw = list(_comparisons(panel, _groups(panel)))
    if not raw:
        raise PanelError("fewer than two groups of towns with different first treated years")
    total = sum(comparison.weight for comparison in raw)
    return tuple(
        Comparison(one.kind, one.treated, one.control, one.estimate, one.weight / total)
        for one in raw
    )


def _groups(panel: TownPanel) -> list[_Group]:
    """Always treated, cohorts in order, never treated: those that occur."""
    first = np.where(panel.ever_treated, panel.first_treated_year, NEVER)
    first = np.where(first <= panel.years[0], ALWAYS, first)
    groups = []
    for value in np.unique(first):
        weight = panel.weight * (first == value)
        groups.append(
            _Group(
                first=float(value),
                mean=weight @ panel.outcome / weight.sum(),
                share=float(weight.sum() / panel.weight.sum()),
                treated_share=float(np.mean(panel.years >= value)),
            )
        )
    return groups


def _comparisons(panel: TownPanel, groups: list[_Group]) -> Iterator[Comparison]:
    """Comparisons with weights up to a common factor."""
    timed = [group for group in groups if np.isfinite(group.first)]
    for treated in timed:
        variance = treated.treated_share * (1 - treated.treated_share)
        for control in groups:
            if np.isinf(control.first):
                kind: Kind = "treated_vs_never" if control.first > 0 else "treated_vs_always"
                yield _comparison(kind, panel, treated, control, variance, panel.years > 0)
    for position, early in enumerate(timed):
        for late in timed[position + 1 :]:
            gap = early.treated_share - late.treated_share
            before_late = panel.years < late.first
            after_early = panel.years >= early.first
            factor = gap * (1 - early.treated_share)
            yield _comparison("earlier_vs_later", panel, early, late, factor, before_late)
            factor = gap * late.treated_share
            yield _comparison("later_vs_earlier", panel, late, early, factor, after_early)


def _comparison(
    kind: Kind,
    panel: TownPanel,
    treated: _Group,
    control: _Group,
    factor: float,
    window: NDArray[np.bool_],
) -> Comparison:
    """The 2x2 over the years of the window, cut at the treated group's first treated year."""
    gap = treated.mean - control.mean
    after = panel.years >= treated.first
    return Comparison(
        kind=kind,
        treated=int(treated.first),
        control=control.first,
        estimate=float(gap[window & after].mean() - gap[window & ~after].mean()),
        weight=treated.share * control.share * factor,
    )


def evidence(panel: TownPanel) -> Evidence:
    """Weight of comparisons in which towns already certified are controls."""
    late = [one for one in goodman_bacon(panel) if one.kind == "later_vs_earlier"]
    weight = sum(one.weight for one in late)
    mean = sum(one.weight * one.estimate for one in late) / weight if weight else float("nan")
    return Evidence(
        estimator=NAME,
        assumption=NEEDS,
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
