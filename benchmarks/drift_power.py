"""How often a planted break is found, and how often noise is taken for one.

Run: python benchmarks/drift_power.py. Prints one line a case: the share of samples in which the
Monte Carlo test over all years, the forecast test of the last year, and the rules that compare a
vintage with the one before it (without the last year) speak up. At break size 0 the tests should
do so in 5 % of cases; the rules have no nominal level, and what they do is shown as it is.
Regressors rise by one a year plus standard normal noise, and the dependent is their sum plus
standard normal errors; after the break its level is higher by `size` standard errors. All numbers
are simulated. Not here: assertions (tests/poverty/drift).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from assets.poverty.drift.chow import break_splits, split_p_values
from assets.poverty.drift.compared_fits import LEVEL, STD_ERRORS, VIF_LIMIT
from assets.poverty.robustness.closed_form import ClosedForm, closed_form

Array = NDArray[np.float64]

SEED = 20191231
DESIGNS = 25  # sets of regressors; each is one condition that the tests are exact for
DRAWS = 800  # samples on each of them
NULL_DRAWS = 4_999  # from which the critical value of the test over all years comes
TEST_LEVEL = 0.05
RIDGE_K = 0.148
SIZES = (2.0, 5.0, 10.0)
CASES = ((8, 1), (8, 4), (10, 4), (12, 4), (15, 1), (15, 4))  # years, regressors


@dataclass(frozen=True, slots=True)
class Shares:
    """Shares of samples, in [0, 1]."""

    any_year: float  # test over all years
    last_year: float  # forecast test of the last year
    moved_ols: float  # a slope moved by more than two of the older standard errors
    moved_ridge: float  # the same by ridge
    apart: float  # OLS intervals of a slope without a common point
    flipped: float  # a sign of OLS turned
    anything: float  # any rule of model.drift, OLS, slopes alone


def design(n: int, p: int, rng: np.random.Generator) -> Array:
    return np.arange(n, dtype=float)[:, None] + rng.standard_normal((n, p))


def shares(n: int, p: int, size: float, years_after: int, rng: np.random.Generator) -> Shares:
    """One case: a break of `size` before the last `years_after` years."""
    shift = size * (np.arange(n) >= n - years_after)
    found = [_on_one_design(design(n, p, rng), shift, rng) for _ in range(DESIGNS)]
    return Shares(*np.mean(found, axis=0).tolist())


def _on_one_design(X: Array, shift: Array, rng: np.random.Generator) -> list[float]:
    n = len(X)
    full, splits = break_splits(X)
    null = split_p_values(rng.standard_normal((NULL_DRAWS, n)) @ full, full, splits)
    critical = np.quantile(null.min(axis=1), TEST_LEVEL, method="inverted_cdf")
    error = shift + rng.standard_normal((DRAWS, n))
    p = split_p_values(error @ full, full, splits)
    last = [split.row for split in splits].index(n - 1)
    tests = [(p.min(axis=1) <= critical).mean(), (p[:, last] <= TEST_LEVEL).mean()]
    return [*tests, *_rules(X.sum(axis=1) + error, np.broadcast_to(X, (DRAWS, *X.shape)))]


def _rules(y: Array, X: Array) -> list[float]:
    """Shares for (draws, n) y on (draws, n, p) X of what the rules say of the last year's refit."""
    ks = np.array([0.0, RIDGE_K])
    old, new = (
        closed_form(*_normalised(y[:, :m], X[:, :m]), ks) for m in (y.shape[1] - 1, y.shape[1])
    )
    step = np.abs(new.slope - old.slope)
    moved = step > STD_ERRORS * old.std_error  # (draws, k, p)
    apart = step[:, 0] > _half(old) + _half(new)
    flipped = (old.slope * new.slope < 0)[:, 0]
    ranks = [np.argsort(-np.abs(fit.standardised[:, 0]), axis=1) for fit in (old, new)]
    crossed = (old.vif[:, 0] > VIF_LIMIT) != (new.vif[:, 0] > VIF_LIMIT)
    anything = moved[:, 0] | apart | flipped | crossed | (ranks[0] != ranks[1])
    rules = (moved[:, 0], moved[:, 1], apart, flipped, anything)
    return [float(rule.any(axis=1).mean()) for rule in rules]


def _normalised(y: Array, X: Array) -> tuple[Array, Array]:
    return _share_of_range(y), _share_of_range(X)


def _share_of_range(values: Array) -> Array:
    least = values.min(axis=1, keepdims=True)
    return (values - least) / (values.max(axis=1, keepdims=True) - least)


def _half(fit: ClosedForm) -> Array:
    """Half the length of the OLS intervals, (draws, p)."""
    return stdtrit(fit.df_residual, (1 + LEVEL) / 2) * fit.std_error[:, 0]


def cases(n: int) -> list[tuple[float, int]]:
    """Sizes and years after the break; the first is no break at all."""
    places = (1, 2, n // 2)
    return [(0.0, 1), *((size, after) for after in places for size in SIZES)]


def main() -> None:
    rng = np.random.default_rng(SEED)
    count = DESIGNS * DRAWS
    print(f"Simulated: {count:,} samples a line on {DESIGNS} designs, tests at 5 %, in per cent.")
    print(
        " n p  size  years after | any year  last year | 2 s.e. OLS  ridge  apart  sign  any rule"
    )
    for n, p in CASES:
        for size, after in cases(n):
            found = shares(n, p, size, after, rng)
            place = f"{size:5g}  {after if size else '-':>11}"
            print(
                f"{n:2d} {p} {place} | {100 * found.any_year:8.1f}  {100 * found.last_year:9.1f} | "
                f"{100 * found.moved_ols:10.1f}  {100 * found.moved_ridge:5.1f}  "
                f"{100 * found.apart:5.1f}  {100 * found.flipped:4.1f}  {100 * found.anything:8.1f}"
            )


if __name__ == "__main__":
    main()
