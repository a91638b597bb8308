"""Whether rounded correlations can belong to data at all.

Belongs here: a box of symmetric matrices against the cone of positive semi-definite ones.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_ITERATIONS = 2_000
_TOLERANCE = 1e-9


def can_be_correlations(centre: Floats, half: Floats) -> bool | None:
    """Whether a positive semi-definite matrix lies within ±half of centre, (q, q) both.

    Alternating projections on box and cone (von Neumann; Boyle and Dykstra 1986) end in a common
    matrix, or in a nearest pair whose difference X is a certificate: X is positive semi-definite
    and <X, M> < 0 for every M of the box, which no positive semi-definite M allows. None where
    neither was reached, which happens when box and cone all but touch.
    """
    low, high = np.maximum(centre - half, -1.0), np.minimum(centre + half, 1.0)
    inside = np.clip(centre, low, high)
    for step in range(_ITERATIONS):
        value, vector = np.linalg.eigh(inside)
        if value[0] >= -_TOLERANCE:
            return True
        positive = (vector * np.maximum(value, 0.0)) @ vector.T
        if step % 20 == 0 and _separates(positive - inside, low, high):
            return False
        inside = np.clip(positive, low, high)
    return None


def _separates(X: Floats, low: Floats, high: Floats) -> bool:
    """Whether the positive part of X has a negative product with every matrix of the box."""
    value, vector = np.linalg.eigh(X)
    X = (vector * np.maximum(value, 0.0)) @ vector.T
    largest = float(np.where(X > 0, X * high, X * low).sum())
    return largest < -_TOLERANCE * float(np.abs(X).sum())
