"""Regression results as smooth functions of the moments, with exact derivatives.

Belongs here: OLS and ridge of many samples at once, from moments alone. Not here: the fit whose
numbers are reported; ols.py and ridge.py make that, and every recovered sample is checked by them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assets.papers.recovery.sample_moments import Array, pairs

Key = tuple[str, str, str, str]  # estimator ('' for a moment), row, column, smooth statistic

# The derivative by a complex step has no difference to cancel, so the step can be this small.
_STEP = 1e-30


@dataclass(frozen=True, slots=True)
class Smooth:
    """Which statistics are computed, for which columns, n, scaling and estimators (name, k)."""

    n: int
    columns: tuple[str, ...]
    normalised: bool
    estimators: tuple[tuple[str, float], ...]

    @property
    def keys(self) -> tuple[Key, ...]:
        """What stands in each place of `values_and_jacobian`."""
        return (
            *self._moment_keys,
            *(key for name, _ in self.estimators for key in _keys(name, self.columns[1:])),
        )

    @property
    def _moment_keys(self) -> tuple[Key, ...]:
        single = [("", name, "", s) for s in ("min", "max", "mean", "sd") for name in self.columns]
        of_pairs = (sorted((self.columns[i], self.columns[j])) for i, j in pairs(len(self.columns)))
        return (*single, *(("", first, second, "r") for first, second in of_pairs))

    def values_and_jacobian(self, moments: Array) -> tuple[Array, Array]:
        """Statistics (batch, S) of (batch, K) moments, and their derivatives (batch, S, K).

        Source of the derivative: Squire and Trapp (1998), SIAM Review 40, 110-112.
        """
        batch, K = moments.shape
        identity = np.broadcast_to(np.eye(K), (batch, K, K))
        if not self.estimators:
            return moments, np.array(identity)
        stepped = moments[:, None, :] + 1j * _STEP * np.eye(K)
        results = [self._regression(stepped, k) for _, k in self.estimators]
        result = np.concatenate(results, axis=2)  # (batch, K, statistics)
        derivative = np.swapaxes(result.imag / _STEP, 1, 2)
        return (
            np.concatenate([moments, result[:, 0].real], axis=1),
            np.concatenate([identity, derivative], axis=1),
        )

    def _regression(self, moments: NDArray[np.complex128], k: float) -> NDArray[np.complex128]:
        """(..., K) moments to the statistics of `_keys`, in the SPSS convention (ridge.py)."""
        q = len(self.columns)
        n, p = self.n, q - 1
        df = n - p - 1
        low, high, mean, sd = (moments[..., i * q : (i + 1) * q] for i in range(4))
        R = np.zeros((*moments.shape[:-1], q, q), dtype=np.complex128)
        for place, (i, j) in enumerate(pairs(q), start=4 * q):
            R[..., i, j] = R[..., j, i] = moments[..., place]
        R[..., range(q), range(q)] = 1
        if self.normalised:
            mean, sd = (mean - low) / (high - low), sd / (high - low)
        Rx, r = R[..., 1:, 1:], R[..., 1:, 0]
        A = np.linalg.inv(Rx + k * np.eye(p))
        beta = (A @ r[..., None])[..., 0]
        G = A @ Rx @ A
        R2 = 2 * (beta * r).sum(-1) - (beta * (Rx @ beta[..., None])[..., 0]).sum(-1)
        sse = 1 - R2
        scale = sd[..., :1] / sd[..., 1:]
        slope = beta * scale
        vif = np.diagonal(G, axis1=-2, axis2=-1)
        sigma = np.sqrt(sse / df)[..., None]
        slope_error = sigma * np.sqrt(vif) * scale
        at_mean = mean[..., 1:] / sd[..., 1:]
        spread = (at_mean * (G @ at_mean[..., None])[..., 0]).sum(-1)[..., None]
        constant = mean[..., :1] - (slope * mean[..., 1:]).sum(-1, keepdims=True)
        constant_error = sigma * sd[..., :1] * np.sqrt((n - 1) / n + spread)
        estimate = np.concatenate([constant, slope], axis=-1)
        error = np.concatenate([constant_error, slope_error], axis=-1)
        t = estimate / error
        fit = np.stack([np.sqrt(R2), R2, 1 - sse * (n - 1) / df, R2 / p / (sse / df)], axis=-1)
        absolute = np.where(t.real < 0, -t, t)
        return np.concatenate([fit, estimate, error, t, absolute, 1 / vif], axis=-1)


def _keys(estimator: str, regressors: tuple[str, ...]) -> tuple[Key, ...]:
    """Statistics of one regression. VIF is kept as its inverse, which is nearly linear near 0."""
    fit = [(estimator, "", "", s) for s in ("R", "R2", "adjusted_R2", "F")]
    tests = [
        (estimator, term, "", s)
        for s in ("coefficient", "std_error", "t", "absolute_t")
        for term in ("const", *regressors)
    ]
    return (*fit, *tests, *((estimator, term, "", "tolerance") for term in regressors))
