"""Belsley's condition indices and variance-decomposition proportions.

Belongs here: where collinearity lies and which coefficients it degrades, the constant included.
Not here: VIF (variance_inflation.py), which leaves the constant out.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assets.regression.coefficient import CONSTANT


@dataclass(frozen=True, slots=True)
class ConditionIndices:
    """One row a near dependency, the indices rising; each column of proportions sums to 1."""

    terms: tuple[str, ...]  # the constant first
    index: NDArray[np.float64]  # (terms,) largest over each singular value
    proportion: NDArray[np.float64]  # (terms, terms): of the variance of the column's coefficient


def condition_indices(X: NDArray[np.float64], names: tuple[str, ...]) -> ConditionIndices:
    """Decompose (n, p) X with a constant, columns of length one and not centred.

    An index of 30 or more together with two proportions above 0.5 marks a dependency that harms
    those coefficients. Limits: they describe X alone, need no error distribution, and do not say
    whether the harm matters; not centring makes them depend on where the variables have their zero,
    and min-max normalised variables have theirs at the sample's minimum.
    Source: Belsley, Kuh and Welsch (1980), Regression Diagnostics, ch. 3; Belsley (1991),
    Conditioning Diagnostics.
    """
    design = np.column_stack([np.ones(len(X)), X])
    _, singular, Vt = np.linalg.svd(design / np.sqrt((design**2).sum(axis=0)), full_matrices=False)
    share = (Vt / singular[:, None]) ** 2
    return ConditionIndices((CONSTANT, *names), singular[0] / singular, share / share.sum(axis=0))
