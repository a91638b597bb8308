"""p-values and stars: what every module here that tests something needs.

Belongs here: tail probabilities of the t and F distributions and the stars printed beside them.
Not here: the statistics themselves.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import fdtrc, stdtr

LEVELS = (0.01, 0.05, 0.10)


def two_sided_p(t: NDArray[np.float64], df: float) -> NDArray[np.float64]:
    """Probability of |T| ≥ |t| under Student's t with df degrees of freedom; same shape as t.

    Taken from the lower tail, so that a p of 1e-12 keeps its digits.
    """
    return np.asarray(2.0 * stdtr(df, -np.abs(t)), dtype=np.float64)


def upper_tail_of_f(F: float, df_model: float, df_residual: float) -> float:
    """Probability of a value of at least F under the F distribution."""
    return float(fdtrc(df_model, df_residual, F))


def stars(p: float, levels: tuple[float, ...] = LEVELS) -> str:
    """One star for each level that p does not exceed (by default *** 1 %, ** 5 %, * 10 %)."""
    return "*" * sum(p <= level for level in levels)
