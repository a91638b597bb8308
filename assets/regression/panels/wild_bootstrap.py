"""The wild cluster bootstrap of one coefficient of a two-way regression, for few clusters.

Belongs here: its p-value. Not here: the regression (two_way.py), the bootstrap of joint tests of
towns before certification (assets/towns/assumptions/wild_bootstrap.py).
With few clusters a clustered error is too small on average and t is not Student's; the bootstrap
makes the same mistake in every draw, and so takes it out.
Source: Cameron, Gelbach and Miller (2008), Review of Economics and Statistics 90, 414-427, section
III.D (null imposed, Rademacher weights); Roodman, MacKinnon, Nielsen and Webb (2019), Stata Journal
19, 4-60, whose p is the one of `boottest`.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from assets.regression.panels.fixed_effects import sums_by, two_way_effects


def wild_cluster_p(
    outcome: NDArray[np.float64],
    regressors: NDArray[np.float64],
    unit: ArrayLike,
    period: ArrayLike,
    position: int,
    generator: np.random.Generator,
    draws: int = 9999,
) -> float:
    """Two-sided p of the regressor at `position`, beside the others and unit and period effects.

    outcome: (rows,); regressors: (rows, k), not collinear; unit, which is also the cluster, and
    period: (rows,) labels. In each draw every cluster's residuals of the regression without the
    regressor keep or change their sign together. The share of draws whose |t| is larger than the
    data's: factors of small samples are the same in both and cancel.
    """
    units, cluster = np.unique(np.asarray(unit), return_inverse=True)
    periods = np.unique(np.asarray(period), return_inverse=True)[1]
    effects = two_way_effects(cluster, periods, np.ones(len(outcome)))
    X, y = effects.residual(regressors), effects.residual(outcome)
    inverse = np.linalg.inv(X.T @ X)
    weight = X @ inverse[:, position]  # the coefficient is weight'y
    others = np.delete(X, position, axis=1)
    left = y - others @ np.linalg.lstsq(others, y)[0]

    # A draw's outcome is what the other regressors explain, of which nothing is left and nothing
    # goes to this one, and each cluster's residuals with their sign: all is linear in the signs.
    is_own = cluster[:, None] == np.arange(len(units))
    by_cluster = effects.residual(np.where(is_own, left[:, None], 0.0))
    residual = by_cluster - X @ (inverse @ (X.T @ by_cluster))
    part = weight @ by_cluster  # (clusters,): of the coefficient
    score = sums_by(weight[:, None] * residual, cluster, len(units))  # by cluster, of each sign

    def t_values(sign: NDArray[np.float64]) -> NDArray[np.float64]:
        t: NDArray[np.float64] = part @ sign / np.sqrt(((score @ sign) ** 2).sum(axis=0))
        return np.abs(t)

    observed = t_values(np.ones((len(units), 1)))[0]
    drawn = t_values(generator.choice((-1.0, 1.0), size=(len(units), draws)))
    # Draws with all signs alike are the data themselves: equal, but for rounding.
    return float((drawn > observed * (1 + 1e-9)).mean())
