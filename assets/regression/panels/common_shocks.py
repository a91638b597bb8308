"""A slope beside shocks that move all units of a panel, each in its own measure.

Belongs here: changes over the period before, with such shocks taken out of each unit. Not here:
what a period brings to all units alike (two_way.py), a slope for each unit (mean_group.py).
Source: Kapetanios and Pesaran (2007), in Phillips and Tzavalis (eds.), The Refinement of
Econometric Estimation and Test Procedures, 239-281: principal components of outcome and regressors
beside the regressors. Of changes, since components of levels that last are trends of any kind: Bai
and Ng (2004), Econometrica 72, 1127-1177.
"""

import numpy as np
from numpy.typing import NDArray

from assets.regression.estimable import NotEstimable
from assets.regression.panels.two_way import TwoWayRegression, two_way_regression

Floats = NDArray[np.float64]


def beside_common_shocks(outcome: Floats, regressors: Floats, shocks: int) -> TwoWayRegression:
    """Least squares of changes on changes, with period effects, clustered by unit.

    outcome: (units, periods), changes; regressors: (units, periods, k), changes. Of each unit is
    left out what the first so many principal components of the changes of outcome and first
    regressor explain, both less the period's mean and of one size. Each unit's shares in them are
    nested in the clusters and count nothing in the small-sample factor, as unit effects do. Where
    the regressor moves the outcome, the components take a part of that too: the slope is then
    nearer to zero than the truth, by a fifth in panels of 31 units and eight changes.
    Raises NotEstimable where the shocks leave no period.
    """
    units, periods, k = regressors.shape
    if periods <= shocks + 1:
        raise NotEstimable(f"{periods} changes are too few beside {shocks} shocks and their mean.")
    moving = [each - each.mean(axis=0) for each in (outcome, regressors[:, :, 0])]
    sized = np.concatenate([each / np.sqrt((each**2).mean()) for each in moving])
    component = np.linalg.svd(sized, full_matrices=False)[2][:shocks]
    apart = np.eye(periods) - component.T @ component
    unit, period = (each.ravel() for each in np.indices((units, periods)))
    return two_way_regression(
        (outcome @ apart).ravel(),
        np.einsum("ts,nsk->ntk", apart, regressors).reshape(-1, k),
        np.zeros(unit.size),
        period,
        cluster=unit,
    )
