"""Leave one year out, and the jackknife made from it.

Belongs here: the fits without each year. Not here: tests (exact_tests.py).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assets.poverty.robustness.methods.closed_form import closed_form, without_each_row


@dataclass(frozen=True, slots=True)
class LeaveOneYearOut:
    """Slopes at one k without each year, and their jackknife, in the units of the data."""

    names: tuple[str, ...]
    k: float  # 0 is OLS
    years: tuple[int, ...]  # row i of the arrays is without years[i]
    slope: NDArray[np.float64]  # (n, p)
    std_error: NDArray[np.float64]  # (n, p), of OLS or in the SPSS convention
    p: NDArray[np.float64]  # (n, p)
    R2: NDArray[np.float64]  # (n,)
    full: NDArray[np.float64]  # (p,) slopes with all years
    jackknife_bias: NDArray[np.float64]  # (p,) (n-1)(mean of slopes - full)
    jackknife_std_error: NDArray[np.float64]  # (p,)


def leave_one_year_out(
    y: NDArray[np.float64],
    X: NDArray[np.float64],
    names: tuple[str, ...],
    years: tuple[int, ...],
    k: float,
) -> LeaveOneYearOut:
    """Fit (n,) y on (n, p) X at k without each year; at k > 0 scaled anew without it.

    Jackknife SE² = (n−1)/n Σ(slope_i − mean)². Needs n ≥ p + 3.
    Limits: n values that share n−2 rows each are no sample of independent estimates; they show
    which year a result hangs on. The jackknife SE errs upwards on average, by much where one year
    has high leverage, and with p+1 parameters in n−1 rows its degrees of freedom are few.
    Raises NotEstimable where a year cannot be left out.
    Source: Tukey (1958), Ann. Math. Stat. 29, 614; Efron and Stein (1981), Ann. Stat. 9, 586-596.
    """
    ks = np.array([k])
    folds = closed_form(without_each_row(y), without_each_row(X), ks)
    folds.require_estimable([f"Without {year}" for year in years])
    full = closed_form(y[None], X[None], ks).slope[0, 0]
    slope, n = folds.slope[:, 0], len(y)
    mean = slope.mean(axis=0)
    return LeaveOneYearOut(
        names=names,
        k=k,
        years=years,
        slope=slope,
        std_error=folds.std_error[:, 0],
        p=folds.p[:, 0],
        R2=folds.R2[:, 0],
        full=full,
        jackknife_bias=(n - 1) * (mean - full),
        jackknife_std_error=np.sqrt((n - 1) / n * ((slope - mean) ** 2).sum(axis=0)),
    )
