"""Regression of an outcome that is known in intervals: its class, a bound, or its point.

Belongs here: the fit by maximum likelihood under normal errors, with errors clustered. Not here:
which figures are intervals, and where their ends come from. No interval is ever replaced by a
number inside it.
Sources: Stewart (1983), Review of Economic Studies 50, 737-753 (grouped outcomes); Burridge (1981),
JRSS B 43, 41-45 and Olsen (1978), Econometrica 46, 1211-1215 (coefficients and observations over
sigma, in which the log likelihood is concave, so that it has one maximum or none).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr

from assets.regression.estimable import NotEstimable
from assets.regression.panels.fixed_effects import sums_by

Floats = NDArray[np.float64]
_ITERATIONS = 200
_TOLERANCE = 1e-16  # of what a full step would still gain
_BELOW_ROUNDING = 1e-9  # a gain that doubles may not show in a likelihood of many rows
_HALVINGS = 40
# Of the information, regressors at one scale: below it a combination is not determined.
_SINGULAR = 1e-9
_LOG_ROOT_2_PI = 0.5 * np.log(2 * np.pi)


@dataclass(frozen=True, slots=True)
class Intervals:
    """Where each outcome lies, by row; low = high where it is known as a point."""

    low: Floats  # (rows,), -inf for an open end
    high: Floats  # (rows,), inf for an open end
    cluster: NDArray[np.int64]  # (rows,): positions 0 .. clusters - 1


@dataclass(frozen=True, slots=True)
class IntervalFit:
    """Coefficients on the outcome itself, and the standard deviation of its error."""

    coefficient: Floats  # (regressors,)
    log_sigma: float
    covariance: Floats  # (regressors + 1, regressors + 1), log sigma last; inverse information
    clustered: Floats  # the same, CRV1
    log_likelihood: float

    @property
    def std_error(self) -> Floats:
        """(regressors,): clustered."""
        return np.sqrt(np.diag(self.clustered))[:-1]


def interval_regression(known: Intervals, X: Floats) -> IntervalFit:
    """Maximise the likelihood of intervals and points under y = X b + sigma e, e normal.

    X: (rows, regressors), with a constant or effects among its columns. The clustered covariance is
    A (Σ s_g s_g') A with A the inverse of the observed information and s_g a cluster's sum of
    scores, times G/(G - 1) (n - 1)/(n - k), k the regressors. Raises NotEstimable where an interval
    is empty, or the likelihood has no maximum.
    """
    n, k = X.shape
    clusters = int(known.cluster.max()) + 1
    if clusters < 2 or n <= k or np.linalg.matrix_rank(X) < k:
        raise NotEstimable(
            f"{n} rows of {clusters} clusters do not determine {k} coefficients: leave a regressor "
            "out, or take more rows."
        )
    if not (known.low <= known.high).all() or np.isinf(known.low[known.low == known.high]).any():
        raise NotEstimable("An interval ends below where it begins, or holds no number.")
    parameters = _climb(known, X)
    _, score, information = _likelihood(known, X, parameters)
    _refuse_flat(information, X)
    inverse = np.linalg.inv(information)
    sums = sums_by(score, known.cluster, clusters)
    factor = clusters / (clusters - 1) * (n - 1) / (n - k)
    # from coefficients over sigma and 1 / sigma to coefficients and log sigma
    theta = float(parameters[-1])
    slope = np.eye(k + 1) / theta
    slope[:-1, -1] = -parameters[:-1] / theta**2
    slope[-1, -1] = -1 / theta
    return IntervalFit(
        coefficient=parameters[:-1] / theta,
        log_sigma=-float(np.log(theta)),
        covariance=slope @ inverse @ slope.T,
        clustered=factor * slope @ inverse @ (sums.T @ sums) @ inverse @ slope.T,
        log_likelihood=_likelihood(known, X, parameters)[0],
    )


def _climb(known: Intervals, X: Floats) -> Floats:
    """Newton's steps, each shortened until the likelihood rises: (regressors + 1,)."""
    ends = np.concatenate([known.low[np.isfinite(known.low)], known.high[np.isfinite(known.high)]])
    if ends.size == 0:
        raise NotEstimable("No interval has an end: nothing is known of the outcome.")
    start = np.linalg.lstsq(X, np.full(len(X), ends.mean()), rcond=None)[0]
    theta = 1 / (float(ends.std()) or 1.0)
    parameters = np.append(start * theta, theta)
    reached, score, information = _likelihood(known, X, parameters)
    for _ in range(_ITERATIONS):
        gradient = score.sum(axis=0)
        step = np.linalg.lstsq(information, gradient, rcond=None)[0]
        gain = float(gradient @ step)
        last = parameters + step if parameters[-1] + step[-1] > 0 else parameters
        if gain < _TOLERANCE:
            return np.asarray(last)
        for halving in range(_HALVINGS):
            tried = parameters + step / 2**halving
            if tried[-1] > 0:
                found = _likelihood(known, X, tried)
                if found[0] > reached:
                    break
        else:  # no step rises
            if gain < _BELOW_ROUNDING:
                return np.asarray(last)
            break
        parameters, (reached, score, information) = tried, found
    _refuse_flat(information, X)
    return np.asarray(parameters)


def _refuse_flat(information: Floats, X: Floats) -> None:
    scale = 1 / np.append(np.sqrt((X**2).sum(axis=0)), np.sqrt(information[-1, -1]) or 1.0)
    least, *_, most = np.linalg.eigvalsh(information * np.outer(scale, scale))
    if not least > _SINGULAR * most:
        raise NotEstimable(
            "The likelihood has no maximum: a combination of the regressors tells the intervals of "
            "some rows exactly, or the ends do not tell how far outcomes spread. Leave these rows "
            "or a regressor out, or take rows with two ends."
        )


def _likelihood(known: Intervals, X: Floats, parameters: Floats) -> tuple[float, Floats, Floats]:
    """Log likelihood, (rows, regressors + 1) scores, and the observed information.

    parameters: coefficients over sigma, and 1 / sigma.
    """
    gamma, theta = parameters[:-1], parameters[-1]
    predictor = X @ gamma
    is_point = known.low == known.high
    low, high = theta * known.low - predictor, theta * known.high - predictor
    log_share = _log_normal_between(low, high)
    by_low = np.where(np.isfinite(low), np.exp(-(low**2) / 2 - _LOG_ROOT_2_PI - log_share), 0.0)
    by_high = np.where(np.isfinite(high), np.exp(-(high**2) / 2 - _LOG_ROOT_2_PI - log_share), 0.0)
    finite_low = np.where(np.isfinite(low), low, 0.0)
    finite_high = np.where(np.isfinite(high), high, 0.0)
    # by the two ends: first derivatives, then minus the second ones
    first = np.stack([-by_low, by_high])
    second = np.array(
        [
            [by_low**2 - finite_low * by_low, -by_low * by_high],
            [-by_low * by_high, by_high**2 + finite_high * by_high],
        ]
    )
    first = np.where(is_point, np.stack([-finite_low, np.zeros_like(low)]), first)
    second = np.where(is_point, np.array([[1.0, 0.0], [0.0, 0.0]])[:, :, None], second)
    # of each end by the parameters: -x by coefficients over sigma, the end itself by 1 / sigma
    ends = np.stack(
        [
            np.column_stack([-X, np.where(np.isfinite(end), end, 0.0)])
            for end in (known.low, known.high)
        ]
    )  # (2, rows, regressors + 1)
    score = np.einsum("er,erp->rp", first, ends)
    information = np.einsum("efr,erp,frq->pq", second, ends, ends)
    score[is_point, -1] += 1 / theta
    information[-1, -1] += is_point.sum() / theta**2
    of_points = np.log(theta) - finite_low**2 / 2 - _LOG_ROOT_2_PI
    return float(np.where(is_point, of_points, log_share).sum()), score, information


def _log_normal_between(low: Floats, high: Floats) -> Floats:
    """log(Φ(high) - Φ(low)), taken in the tail where both have digits; 0 for a point."""
    in_upper = low > 0
    near = np.where(in_upper, -low, high)
    far = np.where(in_upper, -high, low)
    with np.errstate(divide="ignore", invalid="ignore"):
        inside = log_ndtr(near) + np.log1p(-np.exp(log_ndtr(far) - log_ndtr(near)))
    return np.where(low == high, 0.0, inside)
