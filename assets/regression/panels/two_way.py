"""Regression with unit and period effects, standard errors clustered by unit: one for both studies.

Belongs here: the one estimator with own regressors and two sets of effects (the towns' TWFE, event
studies and extended TWFE; the poverty study's panels of regions), its clustered covariance, and
what that covariance is multiplied by in small samples. Not here: which regressors to take, or the
algebra of the effects (fixed_effects.py).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from assets.regression.panels.fixed_effects import sums_by, two_way_effects

# A regressor of which the effects and the regressors before it leave less than this part of its
# length counts as explained by them.
_COLLINEAR = 1e-9


class CollinearError(ValueError):
    """A regressor that unit effects, period effects and the regressors before it explain.

    by_effects: whether the effects alone explain it.
    """

    def __init__(self, position: int, by_effects: bool) -> None:
        super().__init__(
            f"regressor {position} is explained by the unit and period effects and the regressors "
            "before it; leave it out"
        )
        self.position = position
        self.by_effects = by_effects


@dataclass(frozen=True, slots=True)
class SmallSample:
    """What is counted for the factor G/(G - 1) (n - 1)/(n - k) of a clustered covariance.

    k counts the regressors and the period effects. Unit effects are nested in the clusters and
    count nothing beside them: the default of fixest and pyfixest (Bergé, fixest vignette "On
    standard-errors"; Cameron and Miller 2015, JHR 50, section VI.A).
    """

    clusters: int  # G
    observations: int  # n
    parameters: int  # k

    @property
    def factor(self) -> float:
        """What the covariance of the scores is multiplied by; ValueError where nothing is left."""
        G, n, k = self.clusters, self.observations, self.parameters
        if G < 2 or n <= k:
            raise ValueError(
                f"{G} clusters and {n} observations for {k} parameters leave nothing to judge the "
                "error by"
            )
        return G / (G - 1) * (n - 1) / (n - k)


@dataclass(frozen=True, slots=True)
class TwoWayRegression:
    """Coefficients with their cluster-robust covariance and influence functions."""

    coefficient: NDArray[np.float64]  # (regressors,)
    covariance: NDArray[np.float64]  # (regressors, regressors), CRV1
    influence: NDArray[np.float64]  # (clusters, regressors): covariance = its square / clusters²
    cluster: NDArray[np.generic]  # (clusters,): labels, ascending
    small_sample: SmallSample
    left_by_effects: float  # weighted sum of squares of the outcome less its effects
    unexplained: float  # the same less the regressors, too
    residual: NDArray[np.float64]  # (rows,): the outcome less effects and regressors, unweighted

    @property
    def std_error(self) -> NDArray[np.float64]:
        """(regressors,): roots of the diagonal of the covariance."""
        return np.sqrt(np.diag(self.covariance))


def two_way_regression(
    outcome: NDArray[np.float64],
    regressors: NDArray[np.float64],
    unit: ArrayLike,
    period: ArrayLike,
    weight: NDArray[np.float64] | None = None,
    cluster: ArrayLike | None = None,
    observations: int | None = None,
) -> TwoWayRegression:
    """Weighted least squares of outcome on regressors, unit effects and period effects.

    outcome: (rows,); regressors: (rows, k); unit, period: (rows,) labels, in any order, with gaps
    or repeated pairs; weight: (rows,), None for ones; cluster: (rows,) labels, None for units;
    observations: how many observations the rows stand for, None where each is one.
    The covariance is CRV1, A (Σ s_g s_g') A with A = (X'X)⁻¹ of what is left of the regressors
    beside the effects and s_g a cluster's sum of scores, times the factor of SmallSample.
    Raises CollinearError, and ValueError where there are too few clusters or observations.
    """
    units, unit_position = np.unique(np.asarray(unit), return_inverse=True)
    periods, period_position = np.unique(np.asarray(period), return_inverse=True)
    weights = np.ones(len(outcome)) if weight is None else weight
    effects = two_way_effects(unit_position, period_position, weights)
    root = np.sqrt(weights)
    X = effects.residual(regressors) * root[:, None]
    y = effects.residual(outcome) * root

    # Least squares by QR of X and y together; the length of a regressor is that before the effects.
    length = np.linalg.norm(regressors * root[:, None], axis=0)
    triangle = np.asarray(np.linalg.qr(np.column_stack([X, y]), mode="r"))
    R, projection = triangle[: X.shape[1], : X.shape[1]], triangle[: X.shape[1], -1]
    collinear = np.flatnonzero(np.abs(np.diag(R)) <= _COLLINEAR * length[: len(R)])
    if collinear.size:
        first = int(collinear[0])
        alone = float(np.linalg.norm(X[:, first]))
        raise CollinearError(first, by_effects=alone <= _COLLINEAR * length[first])
    R_inverse = np.linalg.inv(R)
    coefficient = R_inverse @ projection
    residual = y - X @ coefficient

    labels, cluster_position = np.unique(
        unit_position if cluster is None else np.asarray(cluster), return_inverse=True
    )
    small_sample = SmallSample(
        clusters=len(labels),
        observations=observations or len(outcome),
        parameters=len(coefficient) + len(periods),
    )
    scores = sums_by(X * residual[:, None], cluster_position, len(labels))
    influence = scores @ (R_inverse @ R_inverse.T) * (len(labels) * np.sqrt(small_sample.factor))
    return TwoWayRegression(
        coefficient=coefficient,
        covariance=influence.T @ influence / len(labels) ** 2,
        influence=influence,
        cluster=units if cluster is None else labels,
        small_sample=small_sample,
        left_by_effects=float(y @ y),
        unexplained=float(residual @ residual),
        residual=residual / root,
    )
