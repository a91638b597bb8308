"""Centred regressors of unit length, and the singular values all collinearity is read from.

Belongs here: the scaling under which X'X is the correlation matrix. Not here: min-max scaling of
the study's variables (SQL does that).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Standardised:
    """X = mean + U diag(singular) V' diag(length), with correlation matrix V diag(singular²) V'."""

    mean: NDArray[np.float64]  # (regressors,)
    length: NDArray[np.float64]  # (regressors,) root of the sum of squares about the mean
    U: NDArray[np.float64]  # (n, regressors)
    singular: NDArray[np.float64]  # (regressors,), falling
    V: NDArray[np.float64]  # (regressors, regressors), columns are directions

    @property
    def columns(self) -> NDArray[np.float64]:
        """(n, regressors) centred columns of unit length."""
        return (self.U * self.singular) @ self.V.T


def standardise(X: NDArray[np.float64]) -> Standardised:
    """Centre (n, regressors) columns that are not constant, scale them to length one, decompose.

    The singular values come from the data, not from the correlation matrix: forming the matrix
    first would square the condition number and cost half the digits.
    """
    mean = X.mean(axis=0)
    centred = X - mean
    length = np.sqrt((centred**2).sum(axis=0))
    U, singular, Vt = np.linalg.svd(centred / length, full_matrices=False)
    return Standardised(mean, length, U, singular, Vt.T)
