"""What the rows of `model.town_estimate` are called, and how estimates become such rows.

Belongs here: the names of samples, targets and cells that the study's parts share, and the way from
an estimate to a row. Not here: any estimation, or which row answers which claim (`claims.yaml`).
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from assets.towns.estimators.estimate import Estimate, percent
from assets.towns.town_rows import TownEstimateRow
from assets.warehouse.table import as_frame

if TYPE_CHECKING:
    import pandas as pd

Scale = Literal["log points", "share", "count", "cny", "index"]

ALL_TOWNS = "all towns"  # sample: towns that lose the status apart
CLEAN_CONTROLS = "controls outside the rings"  # sample: towns near certified ones are no controls
NO_POOL = ""  # control_pool of estimators that have no such option
OVERALL = ""  # cell of the one number of a target

# Targets beside those of targets.py (att, event_time, cohort, calendar_year, group_time).
LATER_COHORTS = "cohort_slope"  # first-year effects of cohorts on cohort year, log points a year
LONG_RUN = "long_run"  # mean effect from LONG_RUN_FROM years after certification on
LONG_RUN_FROM = 3
DEVELOPMENT = "development_tercile"  # cells tercile=1 (least developed) .. tercile=3
DEVELOPMENT_CONTRAST = "development_contrast"  # tercile 1 less tercile 3
GROUP_CONTRAST = "group_contrast"  # effect on a group's outcome less that on everybody's
COVID = "covid"  # cells before, since
COVID_CONTRAST = "covid_contrast"  # since the first Covid year less before
RING = "ring"  # cells ring=1 (innermost), ring=2, ...
COUNTY_TOTAL = "county_total"  # log sales of a county when one of its towns is certified
# Outcomes beside those of micro.town_outcome: inequality between towns' total sales in the last
# year, observed less without certification.
THEIL_BETWEEN_PROVINCES = "theil_between_provinces"
THEIL_WITHIN_PROVINCES = "theil_within_provinces"
INEQUALITY_CHANGE = "inequality_change"  # target of these two


@dataclass(frozen=True, slots=True)
class Provenance:
    """What all rows of one panel's estimates share."""

    vintage: str
    dataset: str
    simulated: bool
    sample: str
    control_pool: str
    outcome: str
    scale: Scale
    sellers: int | None  # behind the outcome; None where it is no mean over sellers
    cluster: str
    needs: str  # the assumption under which the estimate is the effect


def estimate_rows(estimates: Iterable[Estimate], of: Provenance) -> "pd.DataFrame":
    """One row of `model.town_estimate` per estimate.

    Per cent are those of percent(), filled in for log points only. A standard error or an end of an
    interval that a method does not give is NULL (NaN in the frame).
    """
    return as_frame(TownEstimateRow.table, [_row(estimate, of) for estimate in estimates])


def _row(estimate: Estimate, of: Provenance) -> tuple[object, ...]:
    in_percent = [
        percent(value) if of.scale == "log points" and math.isfinite(value) else math.nan
        for value in (estimate.estimate, estimate.low, estimate.high)
    ]
    return (
        of.vintage,
        of.dataset,
        of.simulated,
        estimate.estimator,
        of.sample,
        of.control_pool,
        of.outcome,
        estimate.target,
        estimate.cell,
        of.cluster,
        estimate.inference,
        estimate.towns,
        estimate.treated_towns,
        of.sellers,
        of.scale,
        estimate.estimate,
        estimate.std_error,
        estimate.low,
        estimate.high,
        *in_percent,
        of.needs,
    )
