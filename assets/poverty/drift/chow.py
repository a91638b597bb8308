"""Tests for a structural break in regressions on few years, exact given the regressors.

Belongs here: the tests, that of a refit among them. Not here: comparing vintages
(compared_fits.py), rows (structural_breaks.py).

Why these. With eight years and four regressors three residual degrees of freedom remain: a break
in the middle leaves too few years on either side to fit both, so the sup-F test of Andrews, with
its trimming and its asymptotic critical values, does not exist; CUSUM would rest on three recursive
residuals. What remains testable, and exactly so under independent normal errors, is whether the
last years, or the first, belong to the regression of the others (Chow's predictive test; for one
year it is the squared externally studentised residual, which is the one-step forecast test). Where
both sides are long enough it is the ordinary Chow test. The largest over all years that can be
tested has no table, since it depends on the regressors; but it does not depend on coefficients or
error variance, so simulating it on the very regressors gives an exact Monte Carlo test.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import fdtrc, fdtri, ncfdtrinc

from assets.regression.estimable import NotEstimable, require_estimable

LEVEL = 0.05  # of the test of changed years
POWER = 0.8  # with which a shift is called one that would have been found
DRAWS = 9_999  # with which a p of 0.05 is a whole number of draws
# Below this multiple of machine precision a direction left over in a column is rounding.
_ROUNDING = 64.0 * np.finfo(np.float64).eps


@dataclass(frozen=True, slots=True)
class BreakTest:
    """Whether the years after `last_year_before` follow the same regression as those before."""

    last_year_before: int
    F: float
    df_break: int  # restrictions tested
    df_residual: int
    p: float  # exact for this year chosen in advance


@dataclass(frozen=True, slots=True)
class BreakTests:
    """Every year that can be tested, and the test of all of them together."""

    years: tuple[int, ...]
    tests: tuple[BreakTest, ...]  # by year
    not_testable: tuple[int, ...]  # last years before breaks that leave no residual on either side
    likeliest: BreakTest  # the smallest p
    p: float  # of the smallest p over all years; in steps of 1/(draws + 1)
    draws: int

    @property
    def last_year(self) -> BreakTest | None:
        """The one-step forecast test of the last year; None where it cannot be tested."""
        last = [test for test in self.tests if test.last_year_before == self.years[-2]]
        return last[0] if last else None


@dataclass(frozen=True, slots=True)
class ChangedYearsTest:
    """Whether years that are new, or have new figures, follow the regression of the others."""

    changed: int
    p: float
    detectable_shift: float  # of the changed years' level, found with probability POWER; as y


@dataclass(frozen=True, slots=True)
class _Split:
    """One break: the residual maker of the two separate regressions."""

    row: int  # years before the break
    maker: NDArray[np.float64]  # (n, n) idempotent; its rank is df_residual
    df_break: int
    df_residual: int


def break_tests(
    y: NDArray[np.float64],
    X: NDArray[np.float64],
    names: Sequence[str],
    years: Sequence[int],
    rng: np.random.Generator,
    draws: int = DRAWS,
) -> BreakTests | None:
    """Test (n,) y on a constant and (n, p) X, rows in the order of (n,) years, for one break.

    A break after year t is testable where one of its sides has more years than it has parameters.
    F = ((S − S₁ − S₂)/m) / ((S₁ + S₂)/d), S₁ and S₂ the residual sums of squares of the sides (0
    where a side has no more years than parameters), d their degrees of freedom, m those lost.
    p of the likeliest break: share of draws, of independent standard normal errors on the same X,
    whose smallest p over all years is as small (the sample counted as one draw).
    None where no year can be tested: n = p + 2 and fewer. Raises NotEstimable where the regression
    of all years is not, or leaves no residual.
    Limits: errors that are correlated over time, as those of trending series are, reject more often
    than the level says; the power is small (benchmarks/drift_power.py).
    Sources: Chow (1960), Econometrica 28, 591-605; Brown, Durbin and Evans (1975), JRSS B 37,
    149-192; Andrews (1993), Econometrica 61, 821-856; Dufour (2006), J. Econometrics 133, 443-477.
    """
    require_estimable(y, X, names)
    full, splits = break_splits(X)
    if not splits:
        return None
    residual = full @ y
    if residual @ residual <= (_ROUNDING * len(y)) ** 2 * float(y @ y):
        raise NotEstimable("A perfect fit has no residuals to test for a break.")
    p = split_p_values(residual[None], full, splits)[0]
    simulated = split_p_values(rng.standard_normal((draws, len(y))) @ full, full, splits)
    tests = tuple(
        _test(split, residual, years, float(one)) for split, one in zip(splits, p, strict=True)
    )
    least = float(p.min())
    testable = {split.row for split in splits}
    return BreakTests(
        years=tuple(years),
        tests=tests,
        not_testable=tuple(years[row - 1] for row in range(1, len(y)) if row not in testable),
        likeliest=min(tests, key=lambda test: test.p),
        p=float((1 + (simulated.min(axis=1) <= least * (1 + _ROUNDING)).sum()) / (draws + 1)),
        draws=draws,
    )


def changed_years_test(
    y: NDArray[np.float64], X: NDArray[np.float64], is_changed: NDArray[np.bool_]
) -> ChangedYearsTest | None:
    """Test whether the changed of (n,) rows follow the regression of the others (Chow's forecast).

    All that changed years can do to the coefficients goes through how far they lie from that
    regression, so this one test is the whole of the rule for a refit: of a stable model with
    independent normal errors exactly LEVEL of refits are flagged, whatever the regressors, the
    units, and the number of coefficients. Detectable: a shift that all changed years share.
    None where no year changed, or those that stayed leave no residual degree of freedom.
    Limits: as for break_tests, correlated errors reject more often.
    """
    centred = X - X.mean(axis=0)
    scaled = centred / np.sqrt((centred**2).sum(axis=0))
    design = np.column_stack([np.ones(len(X)), scaled])
    full, df_full = _residual_maker(design)
    stayed, df = _residual_maker(design[~is_changed])
    lost = df_full - df
    if df < 1 or lost < 1:
        return None
    residual = stayed @ y[~is_changed]
    left = float(residual @ residual)
    if left <= (_ROUNDING * len(y)) ** 2 * float(y @ y):
        return None  # a perfect fit has no error to measure the changed years by
    gained = max(float(y @ full @ y) - left, 0.0)
    shift = is_changed.astype(np.float64)
    noncentrality = float(ncfdtrinc(lost, df, 1 - POWER, fdtri(lost, df, 1 - LEVEL)))
    return ChangedYearsTest(
        changed=int(is_changed.sum()),
        p=float(fdtrc(lost, df, gained / lost / (left / df))),
        detectable_shift=float(np.sqrt(noncentrality * left / df / (shift @ full @ shift))),
    )


def break_splits(X: NDArray[np.float64]) -> tuple[NDArray[np.float64], tuple[_Split, ...]]:
    """The residual maker of (n, p) X with a constant, and every break that can be tested on it."""
    centred = X - X.mean(axis=0)
    scaled = centred / np.sqrt((centred**2).sum(axis=0))
    design = np.column_stack([np.ones(len(X)), scaled])
    full, df = _residual_maker(design)
    splits = []
    for row in range(1, len(X)):
        before, df_before = _residual_maker(design[:row])
        after, df_after = _residual_maker(design[row:])
        maker = np.zeros_like(full)
        maker[:row, :row], maker[row:, row:] = before, after
        df_residual = df_before + df_after
        if 0 < df_residual < df:
            splits.append(_Split(row, maker, df - df_residual, df_residual))
    return full, tuple(splits)


def split_p_values(
    residual: NDArray[np.float64], full: NDArray[np.float64], splits: Sequence[_Split]
) -> NDArray[np.float64]:
    """(draws, splits) p-values for (draws, n) residuals of the whole regression."""
    total = (residual**2).sum(axis=1)
    columns = []
    for split in splits:
        left = ((residual @ split.maker) ** 2).sum(axis=1)
        gained = np.maximum(total - left, 0.0) / split.df_break
        with np.errstate(divide="ignore"):  # a perfect fit of both sides: F is infinite
            F = gained / (left / split.df_residual)
        columns.append(fdtrc(split.df_break, split.df_residual, F))
    return np.column_stack(columns)


def _residual_maker(design: NDArray[np.float64]) -> tuple[NDArray[np.float64], int]:
    """I − P of a design, and its rank; a design of few rows, or of none, may have any rank."""
    U, s, _ = np.linalg.svd(design, full_matrices=False)
    rank = int((s > _ROUNDING * max(design.shape) * s.max(initial=0.0)).sum())
    basis = U[:, :rank]
    return np.eye(len(design)) - basis @ basis.T, len(design) - rank


def _test(
    split: _Split, residual: NDArray[np.float64], years: Sequence[int], p: float
) -> BreakTest:
    left = float(((split.maker @ residual) ** 2).sum())
    gained = max(float(residual @ residual) - left, 0.0)
    F = gained / split.df_break / (left / split.df_residual) if left > 0 else float("inf")
    return BreakTest(years[split.row - 1], F, split.df_break, split.df_residual, p)
