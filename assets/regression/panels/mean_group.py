"""Mean group estimates: a regression for each unit of a panel, and the mean of their slopes.

Belongs here: slopes that may differ between units, plain and with common correlated effects. Not
here: one slope for all (two_way.py).
Source: Pesaran and Smith (1995), Journal of Econometrics 68, 79-113; Pesaran (2006), Econometrica
74, 967-1012, equations 53 and 58.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assets.regression.estimable import NotEstimable

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class MeanGroup:
    """The mean of the units' slopes, with the error that their spread gives."""

    slope: Floats  # (units, regressors)
    residual: Floats  # (units, periods)

    @property
    def coefficient(self) -> Floats:
        """(regressors,): means over units."""
        return np.asarray(self.slope.mean(axis=0))

    @property
    def covariance(self) -> Floats:
        """(regressors, regressors): the spread of slopes over their number, without parameters."""
        return np.atleast_2d(np.cov(self.slope, rowvar=False)) / len(self.slope)


def mean_group(outcome: Floats, regressors: Floats, correlated_effects: bool = False) -> MeanGroup:
    """Regress each unit's outcome on its regressors and a constant; outcome: (units, periods).

    regressors: (units, periods, k); correlated_effects: whether the means over units of outcome and
    regressors stand beside them, which takes up factors that all units share, each by its own
    loading. Raises NotEstimable where no unit has a period more than parameters.
    """
    units, periods, k = regressors.shape
    common = np.ones((periods, 1))
    if correlated_effects:
        means = [common, outcome.mean(axis=0)[:, None], regressors.mean(axis=0)]
        common = np.column_stack(means)
    if periods <= k + common.shape[1]:
        raise NotEstimable(
            f"{periods} years are too few for {k + common.shape[1]} parameters of each unit."
        )
    slope, residual = np.empty((units, k)), np.empty((units, periods))
    for unit in range(units):
        design = np.column_stack([regressors[unit], common])
        found, _, rank, _ = np.linalg.lstsq(design, outcome[unit])
        if rank < design.shape[1]:
            raise NotEstimable(f"Unit {unit + 1}: its regressors do not determine its slopes.")
        slope[unit], residual[unit] = found[:k], outcome[unit] - design @ found
    return MeanGroup(slope, residual)
