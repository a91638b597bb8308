"""Standard errors for residuals that depend on each other across units and over time.

Belongs here: the covariance of Driscoll and Kraay, from a regression's influence by period. Not
here: the regression (two_way.py).
It rests on many periods: with fewer than some twenty it tends to be too small.
Source: Driscoll and Kraay (1998), Review of Economics and Statistics 80, 549-560; Hoechle (2007),
Stata Journal 7, 281-312, whose lag rule floor(4 (T/100)^(2/9)) is `automatic_lag`.
"""

import numpy as np
from numpy.typing import NDArray

from assets.regression.panels.two_way import TwoWayRegression


def automatic_lag(periods: int) -> int:
    """The lag length for so many periods."""
    return int(4 * (periods / 100) ** (2 / 9))


def driscoll_kraay(by_period: TwoWayRegression, lag: int) -> NDArray[np.float64]:
    """(regressors, regressors) covariance with Bartlett weights 1 - l / (lag + 1).

    by_period: a regression clustered by consecutive periods, whose factor for small samples stays.
    """
    score = by_period.influence / len(by_period.cluster)
    covariance = score.T @ score
    for distance in range(1, lag + 1):
        cross = score[distance:].T @ score[:-distance]
        covariance = covariance + (1 - distance / (lag + 1)) * (cross + cross.T)
    return np.asarray(covariance, dtype=np.float64)
