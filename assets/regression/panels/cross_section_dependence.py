"""Whether the residuals of a panel's units move together: Pesaran's CD test.

Belongs here: the test. Not here: what to do about it (driscoll_kraay.py, mean_group.py).
Source: Pesaran (2004), Cambridge Working Papers in Economics 0435; (2015), Econometric Reviews 34,
1089-1117. On residuals of a regression with period effects it is biased to the negative side
(Juodis and Reese 2022, Journal of Business and Economic Statistics 40, 1191-1203): there a large
negative value is no sign of dependence.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr


@dataclass(frozen=True, slots=True)
class CrossSectionDependence:
    """The statistic, standard normal where units are independent, and how they correlate."""

    statistic: float
    p: float  # two-sided
    mean_correlation: float  # of the residuals of two units
    mean_absolute_correlation: float


def cross_section_dependence(residual: NDArray[np.float64]) -> CrossSectionDependence:
    """CD = sqrt(2 T / (N (N - 1))) times the sum of the correlations of all pairs of units.

    residual: (units, periods), each of a unit with at least one that is not zero.
    """
    units, periods = residual.shape
    correlation = np.asarray(np.corrcoef(residual))[np.triu_indices(units, 1)]
    statistic = float(np.sqrt(2 * periods / (units * (units - 1))) * correlation.sum())
    return CrossSectionDependence(
        statistic=statistic,
        p=2 * float(ndtr(-abs(statistic))),
        mean_correlation=float(correlation.mean()),
        mean_absolute_correlation=float(np.abs(correlation).mean()),
    )
