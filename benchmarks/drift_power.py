"""How often a planted break is found, and how often noise is taken for one.

Run: python benchmarks/drift_power.py. Prints one line a case: the share of samples in which the
Monte Carlo test over all years speaks up, and in which a vintage is said to have drifted from the
one without its last year (compared_fits.py), which is the test of that year. At break size 0 both
should do so in 5 % of cases. Regressors rise by one a year plus standard normal noise, and the
dependent is their sum plus standard normal errors; after the break its level is higher by `size`
standard errors. All numbers are simulated. Not here: assertions (tests/poverty/drift).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assets.poverty.drift.chow import LEVEL, break_splits, split_p_values

Array = NDArray[np.float64]

SEED = 20191231
DESIGNS = 25  # sets of regressors; each is one condition that the tests are exact for
DRAWS = 800  # samples on each of them
NULL_DRAWS = 4_999  # from which the critical value of the test over all years comes
SIZES = (2.0, 5.0, 10.0)
CASES = ((8, 1), (8, 4), (10, 4), (12, 4), (15, 1), (15, 4))  # years, regressors


@dataclass(frozen=True, slots=True)
class Shares:
    """Shares of samples, in [0, 1]."""

    any_year: float  # test over all years
    drifted: float  # of the refits with the last year, from those without it


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
    critical = np.quantile(null.min(axis=1), LEVEL, method="inverted_cdf")
    error = shift + rng.standard_normal((DRAWS, n))
    p = split_p_values(error @ full, full, splits)
    last = [split.row for split in splits].index(n - 1)  # changed_years_test, all draws at once
    tests = (p.min(axis=1) <= critical, p[:, last] <= LEVEL)
    return [float(each.mean()) for each in tests]


def cases(n: int) -> list[tuple[float, int]]:
    """Sizes and years after the break; the first is no break at all."""
    places = (1, 2, n // 2)
    return [(0.0, 1), *((size, after) for after in places for size in SIZES)]


def main() -> None:
    rng = np.random.default_rng(SEED)
    count = DESIGNS * DRAWS
    print(f"Simulated: {count:,} samples a line on {DESIGNS} designs, tests at 5 %, in per cent.")
    print(" n p  size  years after | any year  drifted")
    for n, p in CASES:
        for size, after in cases(n):
            found = shares(n, p, size, after, rng)
            place = f"{size:5g}  {after if size else '-':>11}"
            print(
                f"{n:2d} {p} {place} | {100 * found.any_year:8.1f}  {100 * found.drifted:7.1f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
