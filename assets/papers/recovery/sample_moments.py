"""Moments of many samples at once, with their derivatives by every cell.

Belongs here: minimum, maximum, mean, SD and correlations, which every table of a paper is a
function of. Not here: the regressions (smooth.py), or anything about rounding.
"""

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def pairs(columns: int) -> tuple[tuple[int, int], ...]:
    """Pairs of columns in the order in which correlations are kept."""
    return tuple(combinations(range(columns), 2))


def moments_and_jacobian(X: Array) -> tuple[Array, Array]:
    """Moments (batch, K) of (batch, n, q) samples, and their derivatives (batch, K, n, q).

    K = 4q + q(q-1)/2, in the order min, max, mean, SD (divisor n − 1) of each column, then the
    correlations of `pairs`. Where rows tie for a minimum, the derivative is that of the first.
    """
    batch, n, q = X.shape
    index = pairs(q)
    mean = X.mean(axis=1)
    centred = X - mean[:, None]
    length = np.sqrt((centred**2).sum(axis=1))
    z = centred / length[:, None]
    r = np.swapaxes(z, 1, 2) @ z
    first, second = (np.array([pair[side] for pair in index], dtype=int) for side in (0, 1))
    values = np.concatenate(
        [X.min(axis=1), X.max(axis=1), mean, length / np.sqrt(n - 1), r[:, first, second]], axis=1
    )
    jacobian = np.zeros((batch, values.shape[1], n, q))
    rows, samples = np.arange(q), np.arange(batch)[:, None]
    jacobian[samples, rows, X.argmin(axis=1), rows] = 1
    jacobian[samples, q + rows, X.argmax(axis=1), rows] = 1
    jacobian[:, 2 * q + rows, :, rows] = 1 / n
    jacobian[:, 3 * q + rows, :, rows] = np.moveaxis(z, 2, 0) / np.sqrt(n - 1)
    for place, (i, j) in enumerate(index, start=4 * q):
        of_pair = r[:, i, j][:, None]
        jacobian[:, place, :, i] = (z[:, :, j] - of_pair * z[:, :, i]) / length[:, i, None]
        jacobian[:, place, :, j] = (z[:, :, i] - of_pair * z[:, :, j]) / length[:, j, None]
    return values, jacobian
