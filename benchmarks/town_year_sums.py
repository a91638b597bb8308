"""A panel of towns from sums over sellers, so that no estimator ever needs the sellers' rows.

Belongs here: the way from sums to a TownPanel with sellers as weights. Not here: making the sums
(SQL). Estimates that weight towns by sellers are those of the sellers' own rows, and so are
standard errors clustered by town: a cluster enters by the sum over its sellers, which the town's
mean and their number give. That holds while the same sellers are seen in every year.
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assets.towns.panel.town_panel import NEVER, PanelError, TownPanel

if TYPE_CHECKING:
    import pandas as pd

# Of a sum of squares, the part that rounding of the sums may take away.
_ROUNDING = 1e-9


def from_town_year_sums(frame: "pd.DataFrame") -> TownPanel:
    """The panel of mean outcomes, with a town's number of sellers as its weight.

    frame: a row per town and year with the columns town, year, n (sellers), sum and
    sum_of_squares (of the outcome over sellers), cohort (first treated year, missing or infinite
    for never). Rows in any order. Raises PanelError where a town lacks a year or has one twice,
    changes its sellers or its cohort, or where sums cannot be those of n numbers.
    """
    town_position, names = frame["town"].factorize(sort=True)
    town = np.array([str(name) for name in names])
    years, year_position = np.unique(frame["year"].to_numpy(np.int64), return_inverse=True)
    if np.any(town_position < 0):
        raise PanelError(f"row {int(np.argmin(town_position)) + 1} has no town")
    _require_full(town, years, town_position, year_position)

    def table(column: str) -> NDArray[np.float64]:
        values = np.empty((len(town), len(years)))
        values[town_position, year_position] = frame[column].to_numpy(np.float64, na_value=np.nan)
        return values

    n, total, cohort = table("n"), table("sum"), table("cohort")
    cohort = np.where(np.isnan(cohort), NEVER, cohort)
    _require_fixed(town, "number of sellers", n)
    _require_fixed(town, "cohort", cohort)
    impossible = ~(n * table("sum_of_squares") >= total**2 * (1 - _ROUNDING))
    _refuse(impossible, town, years, "sum of squares smaller than its sum allows, or none")
    return TownPanel(
        town=tuple(town.tolist()),
        years=years,
        outcome=total / np.where(n > 0, n, np.nan),
        first_treated_year=cohort[:, 0],
        weight=n[:, 0],
    )


def _require_full(
    town: NDArray[np.str_],
    years: NDArray[np.int64],
    town_position: NDArray[np.int64],
    year_position: NDArray[np.int64],
) -> None:
    """Every town has every year once."""
    pair = town_position * len(years) + year_position
    rows = np.bincount(pair, minlength=len(town) * len(years)).reshape(len(town), -1)
    _refuse(rows == 0, town, years, "no row")
    _refuse(rows > 1, town, years, "more than one row")


def _require_fixed(town: NDArray[np.str_], what: str, values: NDArray[np.float64]) -> None:
    changed = np.flatnonzero(np.any(values != values[:, :1], axis=1))
    if changed.size:
        found = ", ".join(f"{value:g}" for value in np.unique(values[changed[0]]))
        raise PanelError(f"town {town[changed[0]]}: the {what} is not the same every year: {found}")


def _refuse(
    bad: NDArray[np.bool_], town: NDArray[np.str_], years: NDArray[np.int64], what: str
) -> None:
    found = np.argwhere(bad)
    if found.size:
        raise PanelError(f"town {town[found[0][0]]}, {years[found[0][1]]}: {what}")
