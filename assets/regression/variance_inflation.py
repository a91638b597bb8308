"""Variance inflation factors and the verdict on collinearity.

Belongs here: how much collinearity inflates the OLS variances. Not here: exact collinearity, which
leaves nothing to inflate (estimable.py), and the ridge VIFs (ridge.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assets.regression.estimable import NotEstimable, reason_collinear, reason_missing
from assets.regression.standardise import standardise


@dataclass(frozen=True, slots=True)
class VarianceInflation:
    """VIF of each regressor; collinear when the largest exceeds the threshold."""

    names: tuple[str, ...]
    vif: NDArray[np.float64]  # (regressors,), at least 1
    threshold: float
    collinear: bool
    verdict: str  # one sentence


def variance_inflation(
    X: NDArray[np.float64], names: Sequence[str], threshold: float = 10.0
) -> VarianceInflation:
    """VIF_j = [R⁻¹]_jj, R the correlation matrix of the (n, regressors) X; a constant is implied.

    The diagonal of R⁻¹ is summed over singular values of the standardised X, as V diag(s⁻²) V'.
    Raises NotEstimable where a cell is missing, a regressor is constant, or others determine it.
    Source: Marquardt (1970), Technometrics 12, 591-612; threshold 10 as in the study.
    """
    reason = reason_missing(X, names) or reason_collinear(X, names)
    if reason:
        raise NotEstimable(reason)
    z = standardise(X)
    vif = np.maximum(((z.V / z.singular) ** 2).sum(axis=1), 1.0)  # 1 - 1e-16 is rounding
    collinear = bool(vif.max() > threshold)
    worst = int(vif.argmax())
    verdict = (
        f"{'Collinear' if collinear else 'Not collinear'} by the rule of {threshold:g}: the "
        f"largest VIF is {vif[worst]:.3f} ({names[worst]}), which makes its standard error "
        f"{vif[worst] ** 0.5:.1f} times that of a regressor apart from the others; "
        f"{int((vif > threshold).sum())} of {len(vif)} exceed {threshold:g}."
    )
    return VarianceInflation(tuple(names), vif, threshold, collinear, verdict)
