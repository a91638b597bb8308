"""What robustness of one study costs, against the same fits by statsmodels in a loop.

Run: python benchmarks/robustness.py. Prints one line a part: seconds here, seconds by refitting,
ratio. A loop that would take minutes is timed on the stated number of its fits and scaled up; what
is made of the fits (counting, sorting, sentences) is left out of the loop, in its favour. Not here:
assertions (tests/poverty/robustness).
"""

import csv
import time
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import numpy as np
import statsmodels.api as sm
from numpy.typing import NDArray
from statsmodels.stats.outliers_influence import variance_inflation_factor

from assets.poverty.robustness.methods.exact_tests import exact_tests
from assets.poverty.robustness.methods.ridge_trace import ridge_trace
from assets.poverty.robustness.robustness_rows import robustness_rows, specification_rows
from assets.poverty.robustness.study_robustness import robustness
from assets.poverty.robustness.trends.null_worlds import KINDS, unrelated
from assets.poverty.robustness.trends.specification_curve import specification_curve
from assets.poverty.robustness.trends.trend_baseline import DRAWS, trend_baseline
from assets.vintages.keys import SampleKey

SAMPLE = Path(__file__).parents[1] / "tests/reference/gansu/consistent_2012_2019.csv"
NAMES = ("AIG", "IM", "aEDI", "EG")
LEVELS = (0.01, 0.05, 0.10)
KS = (0.0, 0.00045, 0.0012, 0.0067, 0.0139, 0.0295, 0.148)
TIMED_FITS = 400  # of a loop too long to run whole

Array = NDArray[np.float64]


def sample() -> tuple[Array, Array, tuple[int, ...]]:
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    data = np.array([[float(row[name]) for name in ("PI", *NAMES)] for row in rows])
    data = (data - data.min(axis=0)) / np.ptp(data, axis=0)
    return data[:, 0], data[:, 1:], tuple(int(row["year"]) for row in rows)


def seconds(work: Callable[[], object], rounds: int = 3) -> float:
    """Best of a few rounds: what the work needs when nothing else runs."""
    best = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


def fit_all(y: Array, X: Array) -> None:
    result = sm.OLS(y, sm.add_constant(X, has_constant="add")).fit()
    _ = result.tvalues, result.fvalue


def ridge_fit(y: Array, X: Array, k: float) -> None:
    """Ridge by OLS with rows added, which gives statsmodels the same coefficients."""
    Z = X - X.mean(axis=0)
    Z = Z / np.sqrt((Z**2).sum(axis=0))
    p = X.shape[1]
    rows, zeros = np.vstack([Z, np.sqrt(k) * np.eye(p)]), np.zeros(p)
    result = sm.OLS(np.concatenate([y - y.mean(), zeros]), rows).fit()
    _ = result.params, result.bse


def permutation_fits(y: Array, X: Array, count: int) -> None:
    """One fit an arrangement, for F and for each coefficient alike."""
    rng = np.random.default_rng(0)
    for _ in range(count):
        fit_all(rng.permutation(y), X)


def specification_fits(y: Array, X: Array) -> int:
    """Every subset, year, k and form; the three forms cost the same, so levels are run thrice."""
    fits = 0
    for size in range(1, X.shape[1] + 1):
        for columns in combinations(range(X.shape[1]), size):
            for left_out in range(-1, len(y)):
                rows = [i for i in range(len(y)) if i != left_out]
                for k in KS:
                    ridge_fit(y[rows], X[np.ix_(rows, columns)], k)
                    fits += 1
    return fits


def baseline_fits(y: Array, X: Array, count: int) -> None:
    rng = np.random.default_rng(0)
    for _ in range(count):
        series = np.arange(len(y))[:, None] + rng.standard_normal((len(y), 1 + X.shape[1]))
        design = sm.add_constant(series[:, 1:])
        _ = sm.OLS(series[:, 0], design).fit().fvalue
        _ = [variance_inflation_factor(design, j) for j in range(1, design.shape[1])]


def _baseline_anew(y: Array, X: Array, years: tuple[int, ...], rng: np.random.Generator) -> None:
    unrelated.cache_clear()  # kept for all samples of one shape
    trend_baseline(y, X, years, rng)


def trace_fits(y: Array, X: Array, ks: list[float]) -> None:
    for k in ks:
        ridge_fit(y, X, k)


def line(part: str, here: float, loop: float, how: str) -> None:
    print(f"{part:<22} {here:9.4f} s   loop {loop:9.2f} s   {loop / here:8.0f} times   {how}")


def main() -> None:
    y, X, years = sample()
    rng = np.random.default_rng(0)
    tests = 40320 * 5 + 256 * 4
    loop = seconds(lambda: permutation_fits(y, X, TIMED_FITS), 2) / TIMED_FITS * tests
    here = seconds(lambda: exact_tests(y, X, NAMES, rng))
    line("exact tests", here, loop, f"{TIMED_FITS} of {tests:,} fits timed, scaled")
    total_here, total_loop = here, loop
    fits = specification_fits(y, X)
    loop = 3 * seconds(lambda: specification_fits(y, X), 1)
    here = seconds(lambda: specification_curve(y, X, NAMES, years, KS))
    line("specification curve", here, loop, f"{fits} of {3 * fits} fits timed, times 3")
    total_here, total_loop = total_here + here, total_loop + loop
    draws = (len(KINDS) + 1) * DRAWS
    loop = seconds(lambda: baseline_fits(y, X, TIMED_FITS), 1) / TIMED_FITS * draws
    here = seconds(lambda: _baseline_anew(y, X, years, rng), 1)
    line("trend baseline", here, loop, f"{TIMED_FITS} of {draws:,} samples timed, scaled")
    total_here, total_loop = total_here + here, total_loop + loop
    trace = ridge_trace(y, X, NAMES).k.tolist()
    loop = seconds(lambda: trace_fits(y, X, trace))
    here = seconds(lambda: ridge_trace(y, X, NAMES))
    line("ridge trace", here, loop, f"all {len(trace)} fits timed")
    line("together", total_here + here, total_loop + loop, "")
    everything = seconds(lambda: robustness(y, X, NAMES, years, 0.148, LEVELS, rng))
    result = robustness(y, X, NAMES, years, 0.148, LEVELS, rng)
    key = SampleKey(vintage="vintage", study="study", region="region", sample="sample")
    rows = seconds(lambda: list(robustness_rows(key, result)))
    rows += seconds(lambda: list(specification_rows(key, result)))
    print(f"everything for one study {everything:.2f} s, its rows {rows:.2f} s")


if __name__ == "__main__":
    main()
