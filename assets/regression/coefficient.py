"""One estimated coefficient with its test of zero: what OLS, ridge and panel results share.

Belongs here: the coefficient, and its t-test. Not here: how any estimator finds it or its error.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assets.regression.significance import two_sided_p

CONSTANT = "const"


@dataclass(frozen=True, slots=True)
class Coefficient:
    """An estimate in the units of the data, with its test of zero.

    std_error, t and p are None where the convention of the estimator defines none.
    """

    term: str  # CONSTANT or the regressor's name
    estimate: float
    std_error: float | None
    t: float | None
    p: float | None


def tested(
    terms: Sequence[str], estimate: NDArray[np.float64], std_error: NDArray[np.float64], df: float
) -> tuple[Coefficient, ...]:
    """Coefficients with the t-test of each against zero; estimate, std_error: (terms,).

    A perfect fit has standard errors of 0: then t is infinite, or 0 where the estimate is 0. An
    error that the convention does not define is nan, and comes back as None with its t and p.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.where(estimate == 0, 0.0, estimate / std_error)
    p = two_sided_p(t, df)
    return tuple(
        Coefficient(term, value, None, None, None)
        if np.isnan(error)
        else Coefficient(term, value, error, t_value, p_value)
        for term, value, error, t_value, p_value in zip(
            terms, estimate.tolist(), std_error.tolist(), t.tolist(), p.tolist(), strict=True
        )
    )
