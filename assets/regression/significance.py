"""p-values, t-tests and stars: what every module here that tests something needs.

Belongs here: tail probabilities of the t and F distributions, the test of coefficients against
zero, and the stars printed beside them. Not here: the statistics themselves.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import fdtrc, stdtr

from assets.regression.coefficient import Coefficient

LEVELS = (0.01, 0.05, 0.10)


def two_sided_p(t: NDArray[np.float64], df: float) -> NDArray[np.float64]:
    """Probability of |T| ≥ |t| under Student's t with df degrees of freedom; same shape as t.

    Taken from the lower tail, so that a p of 1e-12 keeps its digits.
    """
    return np.asarray(2.0 * stdtr(df, -np.abs(t)), dtype=np.float64)


def upper_tail_of_f(F: float, df_model: float, df_residual: float) -> float:
    """Probability of a value of at least F under the F distribution."""
    return float(fdtrc(df_model, df_residual, F))


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


def told_p(p: float) -> str:
    """A p in a sentence: p = 0.031; where three decimals would show 0.000, p < 0.001."""
    return "p < 0.001" if p < 0.0005 else f"p = {p:.3f}"


def stars(p: float, levels: tuple[float, ...] = LEVELS) -> str:
    """One star for each level that p does not exceed (by default *** 1 %, ** 5 %, * 10 %)."""
    return "*" * sum(p <= level for level in levels)
