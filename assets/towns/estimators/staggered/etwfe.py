"""Regressions saturated in cohort and year: extended TWFE, and Sun and Abraham's event study.

Belongs here: one coefficient per cohort and year, and their averages. Not here: one coefficient for
all (twfe.py). Extended TWFE takes all untreated cells as the comparison, so that without covariates
its points are those of imputation; Sun and Abraham take the last year before certification and
the never treated, so that their points are those of Callaway and Sant'Anna, in balanced panels. Of
a panel with gaps the rows that are there are used, as in fixest; none is dropped as a singleton.
Sources: Wooldridge (2025), Empirical Economics 69, 2545-2587, section 5; Sun and Abraham (2021),
Journal of Econometrics 225, 175-199, equations 25 and 26.
"""

import numpy as np
from numpy.typing import NDArray

from assets.regression.panels.two_way import CollinearError, two_way_regression
from assets.towns.estimators.town_effect import WithInfluence, estimates_with_influence
from assets.towns.panel.event_time import REFERENCE
from assets.towns.panel.targets import targets
from assets.towns.panel.town_panel import PanelError, TownPanel

NEEDS_ETWFE = (
    "Without certification, the mean outcomes of all cohorts and of the never treated would have "
    "moved in parallel in all years of the panel, and no town reacts before it is certified."
)
NEEDS_SUN_ABRAHAM = (
    "Without certification, the mean outcomes of each cohort and of the never treated would have "
    "moved in parallel from the year before certification on, and no town reacts before it."
)


def etwfe(panel: TownPanel, observations: int | None = None) -> WithInfluence:
    """Extended TWFE: town and year effects, and one coefficient per treated cohort and year.

    Averages weight treated cells by the towns' weights, taken as known. observations: as in
    two_way_regression(). Raises PanelError where a year has no untreated town, or gaps leave
    nothing of a cell.
    """
    panel = with_controls(panel)
    cohort, year = _grid(panel)
    return _saturated("etwfe", panel, cohort, year, year >= cohort, observations)


def sun_abraham(panel: TownPanel, observations: int | None = None) -> WithInfluence:
    """Interaction-weighted event study against the never treated, relative to the year before.

    Arguments, averages and errors as in etwfe(); event times before certification are there too.
    """
    panel = with_controls(panel)
    cohort, year = _grid(panel)
    return _saturated("sun_abraham", panel, cohort, year, year - cohort != REFERENCE, observations)


def with_controls(panel: TownPanel) -> TownPanel:
    """The towns that have an untreated year; PanelError unless some are treated, some never."""
    panel = panel.seen_untreated()
    if not panel.ever_treated.any() or panel.ever_treated.all():
        raise PanelError(
            "towns treated and towns untreated to the end are both needed: end the panel before "
            "the last cohort's first treated year"
        )
    return panel


def _grid(panel: TownPanel) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Cohort and year of all their pairs that occur, (cells,) each."""
    member = panel.first_treated_year == panel.cohorts[:, None]
    cohort, year = np.nonzero(member @ panel.seen)
    return panel.cohorts[cohort], panel.years[year]


def _saturated(
    name: str,
    panel: TownPanel,
    cohort: NDArray[np.int64],
    year: NDArray[np.int64],
    kept: NDArray[np.bool_],
    observations: int | None,
) -> WithInfluence:
    """Regress on a dummy for each kept pair of cohort and year, and average the coefficients."""
    cohort, year = cohort[kept], year[kept]
    in_cohort = panel.first_treated_year[:, None] == cohort[None, :]
    in_year = panel.years[:, None] == year[None, :]
    town, position = np.nonzero(panel.seen)
    try:
        fit = two_way_regression(
            panel.outcome[town, position],
            (in_cohort[town] & in_year[position]).astype(np.float64),
            town,
            position,
            panel.weight[town],
            observations=observations,
        )
    except CollinearError as error:
        cell = f"cohort {cohort[error.position]} in {year[error.position]}"
        raise PanelError(
            f"{cell}: town and year effects leave nothing of it to estimate; which of its towns "
            "have an outcome both then and before certification?"
        ) from error
    wanted = targets(panel, cohort, year)
    return estimates_with_influence(
        name,
        wanted.labels,
        fit.coefficient @ wanted.weight,
        fit.influence @ wanted.weight,
        panel.town,
    )
