"""Pearson correlations between all pairs of variables, with their tests of zero.

Belongs here: the matrix, its p-values and stars. Not here: what a high correlation does to a
regression (variance_inflation.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assets.regression.estimable import NotEstimable, reason_missing
from assets.regression.significance import LEVELS, stars, two_sided_p
from assets.regression.standardise import standardise


@dataclass(frozen=True, slots=True)
class Correlations:
    """Symmetric matrices in the order of names; on the diagonal r is 1, p is 0, stars are empty."""

    names: tuple[str, ...]
    n: int
    r: NDArray[np.float64]  # (columns, columns), in [-1, 1]
    p: NDArray[np.float64]  # (columns, columns), two-sided
    stars: tuple[tuple[str, ...], ...]  # (columns, columns)


def pearson(
    data: NDArray[np.float64],
    names: Sequence[str],
    levels: tuple[float, ...] = LEVELS,
    years: Sequence[int] | None = None,
) -> Correlations:
    """Correlate the columns of (n, columns) data.

    p: two-sided, from t = r √((n−2)/(1−r²)) with n−2 degrees of freedom.
    levels: one star for each that p does not exceed.
    Raises NotEstimable where a cell is missing, a column is constant or n is below 3.
    """
    n, columns = data.shape
    reason = reason_missing(data, names, years)
    if reason is None and n < 3:
        reason = f"{n} observations: the test of a correlation needs at least 3."
    for name, column in zip(names, data.T, strict=True):
        if reason is None and np.ptp(column) == 0:
            reason = f"{name} is constant ({column[0]:g}): it correlates with nothing."
    if reason:
        raise NotEstimable(reason)
    Z = standardise(data).columns
    product = Z.T @ Z
    r = np.clip((product + product.T) / 2, -1.0, 1.0)  # exactly symmetric, whatever BLAS does
    np.fill_diagonal(r, 1.0)
    with np.errstate(divide="ignore"):  # r = ±1 has t = ±∞ and p = 0, which is meant
        t = r * np.sqrt((n - 2) / (1 - r**2))
    p = two_sided_p(t, n - 2)
    marks = tuple(
        tuple("" if i == j else stars(float(p[i, j]), levels) for j in range(columns))
        for i in range(columns)
    )
    return Correlations(tuple(names), n, r, p, marks)
