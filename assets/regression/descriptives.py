"""Descriptive statistics: minimum, maximum, mean and standard deviation of each column.

Belongs here: statistics of one variable at a time. Not here: correlations, or any scaling.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import fsum, sqrt

import numpy as np
from numpy.typing import NDArray

from assets.regression.estimable import NotEstimable, reason_missing


@dataclass(frozen=True, slots=True)
class Descriptives:
    """One number per column, in the column's own unit."""

    names: tuple[str, ...]
    n: int
    minimum: NDArray[np.float64]  # (columns,)
    maximum: NDArray[np.float64]  # (columns,)
    mean: NDArray[np.float64]  # (columns,)
    sd: NDArray[np.float64]  # (columns,), divided by n - 1

    def statistics(self) -> Iterator[tuple[str, str, float]]:
        """Each column's name, statistic (min, max, mean, sd) and value."""
        kinds = {"min": self.minimum, "max": self.maximum, "mean": self.mean, "sd": self.sd}
        for column, name in enumerate(self.names):
            for statistic, values in kinds.items():
                yield name, statistic, float(values[column])


def descriptives(
    data: NDArray[np.float64], names: Sequence[str], years: Sequence[int] | None = None
) -> Descriptives:
    """Describe (n, columns) data.

    Sums are exactly rounded (fsum), so the same numbers give the same bits on every machine.
    Raises NotEstimable where a cell is missing (named by its year) or n is below 2.
    """
    reason = reason_missing(data, names, years)
    if reason is None and len(data) < 2:
        reason = f"{len(data)} observations: a standard deviation needs at least 2."
    if reason:
        raise NotEstimable(reason)
    mean = np.array([fsum(column) / len(column) for column in data.T])
    return Descriptives(
        names=tuple(names),
        n=len(data),
        minimum=data.min(axis=0),
        maximum=data.max(axis=0),
        mean=mean,
        sd=np.array([sqrt(fsum(each**2) / (len(data) - 1)) for each in (data - mean).T]),
    )
