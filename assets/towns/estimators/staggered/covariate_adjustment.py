"""One comparison of treated with controls that differ in covariates: two groups, two years.

Belongs here: regression, weighting and doubly robust estimates, with their influence functions. Not
here: which towns and years are compared (callaway_santanna.py).
Source: Sant'Anna and Zhao (2020), Journal of Econometrics 219, 101-122: outcome regression (2.2),
weighting with weights that add up to one (Hájek's form of 2.3), and both (3.1); conventions of the
R package DRDID: the score is a logit by maximum likelihood, the regression least squares over the
controls, and controls with a score of 0.995 or more count for nothing.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from assets.towns.panel.town_panel import PanelError

Floats = NDArray[np.float64]
Method = Literal["regression", "weighting", "doubly_robust"]
METHODS: tuple[Method, ...] = ("regression", "weighting", "doubly_robust")

_LARGEST_SCORE_OF_CONTROL = 0.995
_LARGEST_SCORE = 0.999  # beyond it, towns are found that have nobody to be compared with (did)
_STEPS = 50
_CONVERGED = 1e-12


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Covariates that do not change with certification, and how they are accounted for."""

    covariates: Floats  # (towns, covariates)
    method: Method

    def take(self, keep: NDArray[np.bool_]) -> "Adjustment":
        """The adjustment of some towns: keep is a mask, shape (towns,)."""
        return Adjustment(self.covariates[keep], self.method)


def adjusted_difference(
    change: Floats, treated: NDArray[np.bool_], weight: Floats, adjustment: Adjustment, cell: str
) -> tuple[float, Floats]:
    """The effect on the treated, and its influence function, (towns,), of mean zero.

    change: (towns,) of the outcome; weight: (towns,) > 0; cell: what is compared, for errors.
    The regression foretells each treated town's change from controls like it. Weighting gives each
    control the odds of being treated. Doubly robust does both, and is right where either is.
    Raises PanelError where controls do not determine the regression, or towns have none like them.
    """
    centred = adjustment.covariates - adjustment.covariates.mean(axis=0)
    X = np.column_stack([np.ones(len(change)), centred / np.maximum(centred.std(axis=0), 1e-300)])
    if np.linalg.matrix_rank(X[~treated]) < X.shape[1]:
        raise PanelError(
            f"{cell}: its {int((~treated).sum())} controls are too few or too much alike for "
            f"{centred.shape[1]} covariates; leave covariates out, or take a larger control pool"
        )
    residual, of_fit = change, np.zeros_like(X)
    if adjustment.method != "weighting":
        residual, of_fit = _without_expected(change, ~treated, weight, X)
    own = weight * treated
    effect, influence = _mean(residual, own, of_fit, X)
    if adjustment.method != "regression":
        score, of_score = _scores(treated, weight, X, cell)
        kept = ~treated & (score < _LARGEST_SCORE_OF_CONTROL)
        odds = weight * kept * score / (1 - score)
        mean, of_mean = _mean(residual, odds, of_fit, X)
        beside = (odds * (residual - mean)) @ X / odds.sum()
        effect -= mean
        influence = influence - of_mean - of_score @ beside
    return effect, influence


def _mean(residual: Floats, weight: Floats, of_fit: Floats, X: Floats) -> tuple[float, Floats]:
    """A weighted mean, and its influence where the residuals come from a fit."""
    mean = float(np.sum(weight * residual) / weight.sum())
    own = weight * (residual - mean) / weight.mean()
    return mean, own - of_fit @ (weight @ X / weight.sum())


def _without_expected(
    change: Floats, control: NDArray[np.bool_], weight: Floats, X: Floats
) -> tuple[Floats, Floats]:
    """Changes less what controls let expect, and the coefficients' influence, (towns, k)."""
    of_control = weight * control
    cross = X.T @ (of_control[:, None] * X) / len(change)
    coefficient = np.linalg.solve(cross, X.T @ (of_control * change) / len(change))
    residual = change - X @ coefficient
    scores = (of_control * residual)[:, None] * X
    return residual, np.asarray(np.linalg.solve(cross, scores.T).T, dtype=np.float64)


def _scores(
    treated: NDArray[np.bool_], weight: Floats, X: Floats, cell: str
) -> tuple[Floats, Floats]:
    """Probabilities of being treated by a logit, and the coefficients' influence, (towns, k)."""
    coefficient = np.zeros(X.shape[1])
    for _ in range(_STEPS):
        score = 1 / (1 + np.exp(-X @ coefficient))
        if score.max() >= _LARGEST_SCORE:
            break
        slack = weight * (treated - score)
        information = X.T @ ((weight * score * (1 - score))[:, None] * X)
        step = np.linalg.solve(information, X.T @ slack)
        if np.abs(step).max() < _CONVERGED:
            influence = np.linalg.solve(information / len(X), (slack[:, None] * X).T).T
            return score, np.asarray(influence, dtype=np.float64)
        coefficient += step
    raise PanelError(
        f"{cell}: covariates tell some of its {int(treated.sum())} treated towns from all of its "
        "controls; leave covariates out, or account for them by regression"
    )
