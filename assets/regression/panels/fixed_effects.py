"""Unit and period effects in weighted least squares, for rows that need not form a full panel.

Belongs here: the algebra of two sets of effects, exact and without dummy columns. Not here:
regressors, standard errors, or what units and periods stand for (towns by years, regions by years).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Effects = tuple[NDArray[np.float64], NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class TwoWayEffects:
    """The normal equations of unit and period effects, solved once.

    Unit effects are substituted out, so that a system of size (periods, periods) is left; give the
    shorter side as the period. Its generalised inverse makes the effects unique (their sum, the
    fitted value, is so in any case wherever the unit and the period are connected by rows).
    """

    unit: NDArray[np.int64]  # (rows,), positions 0 .. units - 1
    period: NDArray[np.int64]  # (rows,), positions 0 .. periods - 1
    weight: NDArray[np.float64]  # (rows,), > 0
    cross: NDArray[np.float64]  # (units, periods): total weight of the rows of each pair
    inverse: NDArray[np.float64]  # (periods, periods)

    def solve(self, unit_total: NDArray[np.float64], period_total: NDArray[np.float64]) -> Effects:
        """Effects whose weighted sums over rows are these totals, by unit and by period.

        unit_total: (units,) or (units, k); period_total: (periods,) or (periods, k); the totals
        of both must be the same. Returns effects of the same shapes.
        """
        units = self.cross.sum(axis=1).reshape(-1, *[1] * (unit_total.ndim - 1))
        period_effect = self.inverse @ (period_total - self.cross.T @ (unit_total / units))
        return (unit_total - self.cross @ period_effect) / units, period_effect

    def effects(self, values: NDArray[np.float64]) -> Effects:
        """Effects of the weighted regression of values, (rows,) or (rows, k), on both sets."""
        weighted = values * self.weight.reshape(-1, *[1] * (values.ndim - 1))
        units, periods = self.cross.shape
        return self.solve(
            sums_by(weighted, self.unit, units), sums_by(weighted, self.period, periods)
        )

    def residual(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Values, (rows,) or (rows, k), less their fit by unit and period effects."""
        unit_effect, period_effect = self.effects(values)
        return values - unit_effect[self.unit] - period_effect[self.period]


def two_way_effects(
    unit: NDArray[np.int64], period: NDArray[np.int64], weight: NDArray[np.float64]
) -> TwoWayEffects:
    """The solver for rows with these (rows,) positions and weights > 0.

    Every position from 0 to the largest must have a row. Raises ValueError otherwise.
    """
    units, periods = int(unit.max()) + 1, int(period.max()) + 1
    cross = sums_by(weight, unit * periods + period, units * periods).reshape(units, periods)
    by_unit, by_period = cross.sum(axis=1), cross.sum(axis=0)
    if not (np.all(by_unit > 0) and np.all(by_period > 0)):
        raise ValueError("a unit or a period has no row with a weight above zero")
    left = np.diag(by_period) - cross.T @ (cross / by_unit[:, None])
    return TwoWayEffects(unit, period, weight, cross, _generalised_inverse(left, by_period))


def _generalised_inverse(
    left: NDArray[np.float64], by_period: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Inverse of the matrix left over, scaled first so that rare periods keep their digits."""
    scale = np.sqrt(by_period)
    inside = np.linalg.pinv(left / np.outer(scale, scale), rtol=1e-12, hermitian=True)
    inverse: NDArray[np.float64] = inside / np.outer(scale, scale)
    return inverse


def sums_by(
    values: NDArray[np.float64], position: NDArray[np.int64], length: int
) -> NDArray[np.float64]:
    """Sums of values, (rows,) or (rows, k), by position 0 .. length - 1."""
    if values.ndim == 1:
        sums: NDArray[np.float64] = np.bincount(position, values, length).astype(np.float64)
        return sums
    return np.stack([sums_by(column, position, length) for column in values.T], axis=1)
