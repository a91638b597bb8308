"""Regression with town and year effects on town-year rows, standard errors clustered.

Belongs here: the one regression that estimators with own regressors share (TWFE, event studies,
extended TWFE, spillovers, heterogeneity). Not here: which regressors to take.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from assets.regression.fixed_effects import sums_by, two_way_effects

# A regressor of which the effects and the regressors before it leave less than this part of its
# length counts as explained by them.
_COLLINEAR = 1e-9


class CollinearError(ValueError):
    """A regressor that town effects, year effects and the regressors before it explain."""

    def __init__(self, position: int) -> None:
        super().__init__(
            f"regressor {position} is explained by the town and year effects and the regressors "
            "before it; leave it out"
        )
        self.position = position


@dataclass(frozen=True, slots=True)
class TwoWayRegression:
    """Coefficients with their cluster-robust covariance and influence functions."""

    coefficient: NDArray[np.float64]  # (regressors,)
    covariance: NDArray[np.float64]  # (regressors, regressors), CRV1
    influence: NDArray[np.float64]  # (clusters, regressors): covariance = its square / clusters²
    cluster: NDArray[np.generic]  # (clusters,): labels, ascending
    rows: int

    @property
    def std_error(self) -> NDArray[np.float64]:
        """(regressors,): roots of the diagonal of the covariance."""
        return np.sqrt(np.diag(self.covariance))


def two_way_regression(
    outcome: NDArray[np.float64],
    regressors: NDArray[np.float64],
    town: ArrayLike,
    year: ArrayLike,
    weight: NDArray[np.float64] | None = None,
    cluster: ArrayLike | None = None,
    observations: int | None = None,
) -> TwoWayRegression:
    """Weighted least squares of outcome on regressors, town effects and year effects.

    outcome: (rows,); regressors: (rows, k); town, year: (rows,) labels, in any order, with gaps or
    repeated pairs; weight: (rows,), None for ones; cluster: (rows,) labels, None for towns;
    observations: how many observations the rows stand for, None where each is one.
    CRV1 as fixest counts it when town effects are nested in clusters: the scores' covariance times
    G/(G - 1) (n - 1)/(n - k - years), G clusters, n observations (Berge, fixest vignette "On
    standard-errors"; Cameron and Miller 2015, JHR 50, section VI.A).
    Raises CollinearError.
    """
    _, town_position = np.unique(np.asarray(town), return_inverse=True)
    years, year_position = np.unique(np.asarray(year), return_inverse=True)
    weights = np.ones(len(outcome)) if weight is None else weight
    effects = two_way_effects(town_position, year_position, weights)
    root = np.sqrt(weights)
    X = effects.residual(regressors) * root[:, None]
    y = effects.residual(outcome) * root
    coefficient, inverse = _least_squares(y, X, np.linalg.norm(regressors * root[:, None], axis=0))
    scores = X * (y - X @ coefficient)[:, None]
    labels, cluster_position = np.unique(
        town_position if cluster is None else np.asarray(cluster), return_inverse=True
    )
    parameters = len(coefficient) + len(years)
    factor = _small_sample_factor(len(labels), observations or len(outcome), parameters)
    by_cluster = sums_by(scores, cluster_position, len(labels))
    influence = by_cluster @ inverse * (len(labels) * np.sqrt(factor))
    return TwoWayRegression(
        coefficient=coefficient,
        covariance=influence.T @ influence / len(labels) ** 2,
        influence=influence,
        cluster=labels if cluster is not None else np.unique(np.asarray(town)),
        rows=len(outcome),
    )


def _least_squares(
    y: NDArray[np.float64], X: NDArray[np.float64], length: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Coefficients and (X'X)⁻¹ by QR; length is that of each regressor before the effects."""
    triangle = np.asarray(np.linalg.qr(np.column_stack([X, y]), mode="r"))
    R, projection = triangle[: X.shape[1], : X.shape[1]], triangle[: X.shape[1], -1]
    collinear = np.flatnonzero(np.abs(np.diag(R)) <= _COLLINEAR * length)
    if collinear.size:
        raise CollinearError(int(collinear[0]))
    R_inverse = np.linalg.inv(R)
    return R_inverse @ projection, R_inverse @ R_inverse.T


def _small_sample_factor(clusters: int, observations: int, parameters: int) -> float:
    if clusters < 2 or observations <= parameters:
        raise ValueError(
            f"{clusters} clusters and {observations} observations for {parameters} parameters "
            "leave nothing to judge the error by"
        )
    return clusters / (clusters - 1) * (observations - 1) / (observations - parameters)
