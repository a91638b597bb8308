"""Weights on the unit simplex that make a weighted average follow a target: Frank-Wolfe.

Belongs here: the penalised least-squares problem over the simplex, solved as R `synthdid` 0.0.9
solves it, so that its published numbers can be met. Not here: what is averaged, and why.
"""

import numpy as np
from numpy.typing import NDArray

FIRST_STEPS = 100  # before weights are made sparse
STEPS = 10_000  # after
SPARSE_BELOW = 0.25  # of the largest weight: such weights are set to zero, once
RESCALE_BELOW = 1e-100  # long before the common scale of the weights underflows


def simplex_weights(
    donors: NDArray[np.float64],
    target: NDArray[np.float64],
    zeta: float,
    min_decrease: float,
    *,
    intercept: bool = True,
    start: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """Weights x >= 0 that sum to one and minimise mean((donors x - target)^2) + zeta^2 |x|^2.

    donors: (rows, columns), one column for each weight; target: (rows,); zeta and min_decrease are
    in the unit of the donors; intercept lets the average differ from the target by a constant.
    Frank-Wolfe with exact line search from `start` (equal weights where None) for 100 steps; then
    weights of at most a quarter of the largest become zero; then up to 10,000 steps more. Each
    stage ends when a step lowers the objective by at most min_decrease^2.
    Source: Arkhangelsky, Athey, Hirshberg, Imbens and Wager (2021), section 3, and the defaults of
    R `synthdid` 0.0.9, which need not reach the minimum: results are compared at these steps.
    """
    rows, columns = donors.shape
    if intercept:
        donors, target = donors - donors.mean(axis=0), target - target.mean()
    distance, ridge, enough = donors, rows * zeta**2, rows * min_decrease**2
    if rows > columns + 1:  # same sums of squares and products from a small triangle
        triangle = np.asarray(np.linalg.qr(np.column_stack([donors, target]), mode="r"))
        distance, target = triangle[:, :-1], triangle[:, -1]
    equal = np.full(columns, 1 / columns) if start is None else start
    rough = _frank_wolfe(distance, target, ridge, enough, equal, FIRST_STEPS)
    kept = np.where(rough <= SPARSE_BELOW * rough.max(), 0, rough)
    return _frank_wolfe(distance, target, ridge, enough, kept / kept.sum(), STEPS)


def _frank_wolfe(
    donors: NDArray[np.float64],
    target: NDArray[np.float64],
    ridge: float,
    enough: float,
    start: NDArray[np.float64],
    steps: int,
) -> NDArray[np.float64]:
    """Minimise |donors x - target|^2 + ridge |x|^2 over the simplex.

    Each step moves towards the column with the lowest gradient. A step shrinks the weights x and
    the residual r = donors x - target by the same factor, so both are held over a common `scale`,
    and r'r, r'target and x'x are carried as numbers: a step costs one product and one search.
    Ends like R: never before two steps.
    """
    moves = donors.T - target  # (columns, rows): the residual if a column had all the weight
    lengths, along_target = np.sum(moves**2, axis=1).tolist(), (moves @ target).tolist()
    moves = np.column_stack([moves, np.zeros(len(moves))])
    residual = donors @ start - target
    fit, offset = float(residual @ residual), float(residual @ target)
    square = float(start @ start)
    held = np.vstack([donors, start])  # last row: weights over scale
    factor = np.append(residual, ridge)  # residual over scale, then what the weights count for
    weights, gradient, scale = held[-1], np.empty(len(start)), 1.0
    for step in range(steps):
        factor.dot(held, gradient)
        best = int(gradient.argmin())
        weight, length = scale * weights.item(best), lengths[best]
        product = scale * gradient.item(best) - ridge * weight - offset  # residual' move
        curvature = length - 2 * product + fit + ridge * (square - 2 * weight + 1)
        if curvature <= 0:
            break
        slope = product - fit + ridge * (weight - square)
        share = min(1.0, max(0.0, -slope / curvature))
        keep = 1 - share
        fit = keep * keep * fit + 2 * share * keep * product + share * share * length
        square = keep * keep * square + 2 * share * keep * weight + share * share
        offset = keep * offset + share * along_target[best]
        scale *= keep
        if scale < RESCALE_BELOW:
            weights *= scale
            factor[:-1] *= scale
            scale = 1.0
        weights[best] += share / scale
        factor += (share / scale) * moves[best]
        if step and -share * (2 * slope + share * curvature) <= enough:
            break
    return np.asarray(scale * weights)
