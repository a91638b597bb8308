"""Two-way fixed effects: one coefficient for all, and the event study with common effects.

Belongs here: the regressions most papers ran, to show what they hide. Not here: what they are made
of (goodman_bacon.py). Of a panel with gaps the rows that are there are used, as in fixest; none is
dropped as a singleton.
"""

import numpy as np
from numpy.typing import NDArray

from assets.regression.panels.two_way import CollinearError, two_way_regression
from assets.towns.estimators.town_effect import WithInfluence, estimates_with_influence
from assets.towns.panel.event_time import event_times
from assets.towns.panel.town_panel import PanelError, TownPanel

NAME = "twfe"
NEEDS = (
    "Without certification all towns would have moved in parallel, and the effect is the same for "
    "every cohort and in every year since certification; otherwise treated towns serve as controls."
)


def twfe(panel: TownPanel, observations: int | None = None) -> WithInfluence:
    """One coefficient on being treated, with town and year effects, clustered by town (CRV1).

    observations: as in two_way_regression(). Raises PanelError where treatment does not vary
    beyond the effects.
    """
    labels = [("att", "", int(panel.ever_treated.sum()))]
    return _fitted(panel, labels, panel.treated[:, :, None], observations)


def event_study(panel: TownPanel, observations: int | None = None) -> WithInfluence:
    """Coefficients by years since certification, relative to the year before it.

    Towns not treated in the panel carry none. Arguments and errors as in twfe(); without such
    towns the event times cannot be told from the years, which is a PanelError.
    """
    times = event_times(panel)
    elapsed = panel.years[None, :] - panel.first_treated_year[:, None]
    at = (elapsed[:, :, None] == times) & panel.ever_treated[:, None, None]
    labels = [
        ("event_time", f"e={time}", int((at[:, :, k] & panel.seen).any(axis=1).sum()))
        for k, time in enumerate(times.tolist())
    ]
    return _fitted(panel, labels, at, observations)


def _fitted(
    panel: TownPanel,
    labels: list[tuple[str, str, int]],
    dummies: NDArray[np.bool_],
    observations: int | None,
) -> WithInfluence:
    """Regress the panel on dummies, (towns, years, regressors)."""
    town, position = np.nonzero(panel.seen)
    try:
        fit = two_way_regression(
            panel.outcome[town, position],
            dummies[town, position].astype(np.float64),
            town,
            position,
            panel.weight[town],
            observations=observations,
        )
    except CollinearError as error:
        target, cell, _ = labels[error.position]
        raise PanelError(
            f"{target} {cell}: town and year effects leave nothing of it to estimate; are there "
            "towns that are never treated, and years both before and after?"
        ) from error
    return estimates_with_influence(NAME, labels, fit.coefficient, fit.influence, panel.town)
