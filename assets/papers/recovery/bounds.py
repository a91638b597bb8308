"""Bounds that a sample must keep: one per printed number, on a smooth statistic of the sample.

Belongs here: turning printed digits into intervals of smooth statistics, and the constraints on
rows that official figures add. Not here: finding samples (solver.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, isfinite

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from assets.papers.recovery.printed_intervals import Paper, PrintedNumber
from assets.papers.recovery.sample_moments import Array, moments_and_jacobian
from assets.papers.recovery.smooth import Key, Smooth

# A one-sided bound has no width to measure a deviation in: this share of the bound stands for it.
_SHARE_OF_ONE_SIDED_BOUND = 0.01
_SMALLEST_UNIT = 1e-12


@dataclass(frozen=True, slots=True)
class RowConstraint:
    """A bound on a weighted sum of a sample's cells, rows sorted by falling dependent."""

    label: str
    weights: Array  # (n, columns)
    low: float
    high: float
    half_unit: float  # the unit of a deviation from it


@dataclass(frozen=True, slots=True)
class Problem:
    """All bounds on the samples of one paper, as arrays."""

    paper: Paper
    smooth: Smooth
    chosen: NDArray[np.int64]  # (bounds,) place of each bounded statistic among smooth.keys
    low: Array  # (bounds + row constraints,)
    high: Array
    half_width: Array  # the unit of a deviation: half a printed unit, where there are two sides
    rows: Array  # (row constraints, n, columns) weights
    unit: Array  # (columns,) SD of each column, the unit in which steps are measured

    def statistics(self, X: Array) -> tuple[Array, Array]:
        """Bounded statistics (batch, bounds) of (batch, n, q) samples, derivatives (…, n, q)."""
        batch, n, q = X.shape
        moments, by_cell = moments_and_jacobian(X)
        values, by_moment = self.smooth.values_and_jacobian(moments)
        jacobian = by_moment[:, self.chosen] @ by_cell.reshape(batch, -1, n * q)
        values = values[:, self.chosen]
        if len(self.rows):
            weights = self.rows.reshape(-1, n * q)
            values = np.concatenate([values, X.reshape(batch, -1) @ weights.T], axis=1)
            added = np.broadcast_to(weights, (batch, *weights.shape))
            jacobian = np.concatenate([jacobian, added], axis=1)
        return values, jacobian

    def deviation(self, values: Array, zone: Array) -> Array:
        """Signed deviations beyond a dead zone, in half units; 0 inside.

        zone: (batch,) the share of each half unit that counts as met, in (0, 1].
        """
        margin = self.half_width * (1 - zone[:, None])
        below = np.minimum(values - (self.low + margin), 0)
        above = np.maximum(values - (self.high - margin), 0)
        return np.asarray((below + above) / self.half_width)


def problem_of(paper: Paper, constraints: Sequence[RowConstraint] = ()) -> Problem:
    """Bounds of a paper's required numbers, and of further constraints on rows."""
    printed = {n.place.estimator for n in paper.required if n.place.kind == "regression"}
    estimators = [(e, k) for e, k in (("ols", 0.0), ("ridge", paper.ridge_k)) if e in printed]
    smooth = Smooth(paper.n, paper.columns, paper.normalised, tuple(estimators))
    place = {key: index for index, key in enumerate(smooth.keys)}
    bounded = [bound_of(number, paper) for number in paper.required]
    lows = [low for _, low, _ in bounded] + [c.low for c in constraints]
    highs = [high for _, _, high in bounded] + [c.high for c in constraints]
    shape = (len(constraints), paper.n, len(paper.columns))
    return Problem(
        paper=paper,
        smooth=smooth,
        chosen=np.array([place[key] for key, _, _ in bounded], dtype=np.int64),
        low=np.array(lows, dtype=np.float64),
        high=np.array(highs, dtype=np.float64),
        half_width=np.array(
            [_half_width(low, high) for _, low, high in bounded]
            + [c.half_unit for c in constraints]
        ),
        rows=np.array([c.weights for c in constraints], dtype=np.float64).reshape(shape),
        unit=np.array([scale_of(paper, column)[1] for column in paper.columns]),
    )


def _half_width(low: float, high: float) -> float:
    if isfinite(low) and isfinite(high):
        return (high - low) / 2
    return max(abs(low if isfinite(low) else high) * _SHARE_OF_ONE_SIDED_BOUND, _SMALLEST_UNIT)


def bound_of(number: PrintedNumber, paper: Paper) -> tuple[Key, float, float]:
    """The smooth statistic that a printed number bounds, and its bounds.

    A p-value bounds |t| or F, which are smooth where a p near 0 is flat; a VIF bounds its inverse.
    Raises ValueError for a statistic that no table of the contract prints.
    """
    estimator, term, statistic = number.place.estimator, number.place.term, number.place.statistic
    low, high = number.interval
    if statistic == "vif":
        key: Key = (estimator, term, "", "tolerance")
        return key, 1 / high, 1 / max(low, _SMALLEST_UNIT)
    if statistic != "p":
        return (estimator, term, number.place.other_term, statistic), low, high
    low, high = (min(max(end, 0.0), 1.0) for end in number.interval)
    if term:
        ends = stats.t.isf([high / 2, low / 2], paper.df_residual)
        return (estimator, term, "", "absolute_t"), float(ends[0]), float(ends[1])
    ends = stats.f.isf([high, low], len(paper.regressors), paper.df_residual)
    return (estimator, "", "", "F"), float(ends[0]), float(ends[1])


def scale_of(paper: Paper, column: str) -> tuple[float, float]:
    """Centre and SD from which a column's starts are drawn, from whatever is printed of it."""

    def printed(statistic: str) -> float:
        number = paper.printed_of("descriptives", column, statistic)
        return inf if number is None else number.value

    low, high, mean, sd = (printed(s) for s in ("min", "max", "mean", "sd"))
    spread = (high - low) / 3 if isfinite(high) and isfinite(low) and high > low else 1.0
    spread = sd if isfinite(sd) and sd > 0 else spread
    for centre in (mean, (low + high) / 2, low + 1.5 * spread, high - 1.5 * spread):
        if isfinite(centre):
            return centre, spread
    return 0.0, spread
