"""Which towns stand as controls for which cohort, and over which years they are compared.

Belongs here: the pools and the window of each cohort. Not here: what is estimated with them.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from assets.towns.panel.town_panel import NEVER, PanelError, TownPanel

ControlPool = Literal["never", "not_yet", "last"]

CONTROL_POOLS: dict[ControlPool, str] = {
    "never": "towns never certified",
    "not_yet": "towns not certified by the end of the cohort's window, and those never certified",
    "last": "towns certified last, up to the year before they are",
}


@dataclass(frozen=True, slots=True)
class CohortWindow:
    """One cohort, its controls, and the years in which the two are compared."""

    first_treated_year: int
    treated: NDArray[np.int64]  # (treated,) positions in the panel
    controls: NDArray[np.int64]  # (controls,) positions in the panel
    pre_years: int  # the window's years before treatment: the panel's first ones
    post_years: int

    @property
    def years(self) -> int:
        """Years in the window, counted from the panel's first."""
        return self.pre_years + self.post_years


def cohort_windows(
    panel: TownPanel, pool: ControlPool, horizon_years: int | None = None
) -> tuple[CohortWindow, ...]:
    """The window of each cohort: all years before treatment and `horizon_years` from it on.

    horizon_years None means up to the panel's last year (`last`: the year before the last cohort).
    `not_yet` needs one: towns certified after it serve as controls, and without it there are none
    but those of `never`.
    Towns treated from the panel's first year on have no year before and are in no window.
    Raises PanelError where there is no cohort, or a cohort has no control, for `not_yet` without a
    horizon, and for a panel with gaps (R `synthdid` refuses these, too).
    """
    panel.require_balanced("synthetic difference-in-differences")
    if pool == "not_yet" and horizon_years is None:
        raise PanelError(
            "control pool 'not_yet' without horizon_years has the towns of 'never' alone: set "
            "horizon_years, or take 'never'"
        )
    if horizon_years is not None and horizon_years < 1:
        raise PanelError(f"horizon_years is {horizon_years}, expected at least one year")
    cohorts, last_year = panel.cohorts, int(panel.years[-1])
    if pool == "last":
        finite = panel.first_treated_year[panel.first_treated_year < NEVER]
        last_cohort = int(finite.max()) if finite.size else last_year + 1
        cohorts = cohorts[cohorts < last_cohort]
        last_year = min(last_year, last_cohort - 1)
    if cohorts.size == 0:
        raise PanelError(
            f"no cohort to estimate with control pool '{pool}': no town is seen both before and "
            f"after certification in {panel.years[0]}-{last_year}"
        )
    return tuple(_window(panel, pool, int(year), last_year, horizon_years) for year in cohorts)


def _window(
    panel: TownPanel, pool: ControlPool, cohort: int, last_year: int, horizon_years: int | None
) -> CohortWindow:
    end = last_year if horizon_years is None else min(last_year, cohort + horizon_years - 1)
    controls = np.flatnonzero(_in_pool(panel.first_treated_year, pool, end))
    if controls.size == 0:
        raise PanelError(
            f"cohort {cohort} has no controls: control pool '{pool}' ({CONTROL_POOLS[pool]}) is "
            f"empty for its window to {end}. Take another pool or a shorter horizon_years."
        )
    return CohortWindow(
        first_treated_year=cohort,
        treated=np.flatnonzero(panel.first_treated_year == cohort),
        controls=controls,
        pre_years=cohort - int(panel.years[0]),
        post_years=end - cohort + 1,
    )


def _in_pool(
    first_treated_year: NDArray[np.float64], pool: ControlPool, window_end: int
) -> NDArray[np.bool_]:
    if pool == "never":
        member: NDArray[np.bool_] = first_treated_year == NEVER
    elif pool == "not_yet":
        member = first_treated_year > window_end
    else:
        finite = first_treated_year[first_treated_year < NEVER]
        member = first_treated_year == finite.max()
    return member
