"""Effects by event time of de Chaisemartin and D'Haultfoeuille, from the library diff-diff.

Belongs here: the call and its translation. Not here: any estimation. The library's average over
event times is left out: its standard error takes the event times as independent of each other.
Source: de Chaisemartin and D'Haultfoeuille (2024), Review of Economics and Statistics, "Difference-
in-differences estimators of intertemporal treatment effects".
"""

import math
import warnings
from typing import TYPE_CHECKING

import numpy as np

from assets.towns.estimators.town_effect import TownEffect, normal_interval
from assets.towns.panel.town_panel import PanelError, TownPanel

if TYPE_CHECKING:
    import pandas as pd

NAME = "dcdh"
NEEDS = (
    "Without a change of status, towns that change and towns that do not yet would have moved in "
    "parallel from the last year before the change, and no town reacts before it."
)


def dcdh(panel: TownPanel) -> tuple[TownEffect, ...]:
    """DID_l at event time l - 1, and placebos at event times before the reference -1.

    Every town counts the same: raises PanelError where weights differ, or where no town is
    treated within the panel after an untreated year, or the panel has gaps, of which the library
    would leave out whole towns without naming them. Towns treated from the first year on are left
    out. Standard errors are the library's analytic ones, clustered by town.
    """
    from diff_diff import ChaisemartinDHaultfoeuille

    panel.require_balanced("de Chaisemartin and D'Haultfoeuille's estimator")
    panel = panel.seen_untreated()
    if np.ptp(panel.weight) > 0:
        raise PanelError("this estimator counts every town the same; give every town weight 1")
    if not len(panel.cohorts):
        raise PanelError("no town has both an untreated and a treated year")
    if (panel.first_treated_year <= panel.cohorts[0]).all():
        raise PanelError(f"every town is treated from {panel.cohorts[0]} on: there are no controls")
    with warnings.catch_warnings():
        # How many towns stand behind an event time is part of the estimate.
        warnings.filterwarnings("ignore", message="Fewer than 50%")
        fit = ChaisemartinDHaultfoeuille(twfe_diagnostic=False).fit(
            _frame(panel),
            outcome="outcome",
            unit="town",
            time="year",
            treatment="treated",
            L_max=int(panel.years[-1] - panel.cohorts[0]) + 1,
        )
    found = {lag - 1: values for lag, values in fit.event_study_effects.items()}
    found |= {lag - 1: values for lag, values in (fit.placebo_event_study or {}).items()}
    return tuple(
        _estimate(panel, event_time, values)
        for event_time, values in sorted(found.items())
        if math.isfinite(values["effect"])
    )


def _frame(panel: TownPanel) -> "pd.DataFrame":
    import pandas as pd

    return pd.DataFrame(
        {
            "town": np.repeat(panel.town, len(panel.years)),
            "year": np.tile(panel.years, len(panel.town)),
            "outcome": panel.outcome.ravel(),
            "treated": panel.treated.ravel().astype(np.int64),
        }
    )


def _estimate(panel: TownPanel, event_time: int, values: dict[str, float]) -> TownEffect:
    low, high = normal_interval(values["effect"], values["se"])
    return TownEffect(
        estimator=NAME,
        target="event_time",
        cell=f"e={event_time}",
        estimate=values["effect"],
        std_error=values["se"],
        low=low,
        high=high,
        inference="analytic",
        towns=len(panel.town),
        treated_towns=int(values["n_obs"]),
    )
