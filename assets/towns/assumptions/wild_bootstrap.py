"""The wild cluster bootstrap of tests before certification, for cohorts too small for chi-squared.

Belongs here: p-values of a joint test on untreated cells. Not here: the tests' statistics
(imputation.pre_trend, callaway_santanna.pre_test), or verdicts.
A Wald test of many effects estimates a covariance from few towns a cohort and rejects far too often
under the null; the bootstrap makes the same mistake in every draw, and so takes it out.
Source: Cameron, Gelbach and Miller (2008), Review of Economics and Statistics 90, 414-427,
section III: residuals under the null, Rademacher weights by cluster.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from assets.towns.estimators.joint import WaldTest
from assets.towns.estimators.staggered.imputation import impute
from assets.towns.panel.town_panel import PanelError, TownPanel


def wild_p_value(
    panel: TownPanel,
    test: Callable[[TownPanel], WaldTest],
    generator: np.random.Generator,
    draws: int = 199,
    cluster: NDArray[np.str_] | None = None,
) -> float:
    """Share of draws whose statistic is at least the panel's, which itself counts as a draw.

    test: a joint test that reads untreated cells alone, of effects that are zero where a town and
    a year effect make up every untreated cell. In each draw the residuals from these effects of
    every town, or of all towns with one label of cluster, (towns,), keep or change their sign
    together. (draws + 1) times the level should be whole: with
    199 a test at 5 % is as exact as the bootstrap is. Raises PanelError as impute() and test do,
    and for a panel with gaps.
    """
    panel.require_balanced("the wild cluster bootstrap")
    if draws < 1:
        raise PanelError(f"draws is {draws}, expected at least one")
    imputed = impute(panel)
    labels = np.array(panel.town) if cluster is None else cluster
    kept = panel.first_treated_year > panel.years[0]
    names, position = np.unique(labels[kept], return_inverse=True)
    panel, residual = imputed.panel, np.where(imputed.panel.treated, 0.0, imputed.gap)
    observed = test(panel).statistic
    exceeded = 0
    for _ in range(draws):
        flipped = (generator.random(len(names)) < 0.5)[position]
        outcome = panel.outcome - 2 * flipped[:, None] * residual
        exceeded += test(replace(panel, outcome=outcome)).statistic >= observed
    return (1 + exceeded) / (1 + draws)
