"""Size of the break tests and of the vintage rules; planted breaks are found. All simulated."""

import numpy as np
import pytest

from assets.poverty.drift.chow import LEVEL, POWER, break_splits, changed_years_test, split_p_values
from benchmarks import drift_power


def shares(n: int, p: int, size: float, years_after: int) -> drift_power.Shares:
    return drift_power.shares(n, p, size, years_after, np.random.default_rng(1))


@pytest.mark.parametrize(("n", "p"), [(8, 1), (8, 4), (15, 4)])
def test_noise_is_rejected_in_5_per_cent(n: int, p: int) -> None:
    # 20,000 samples: the standard error is 0.15 points, and as much again for the critical value
    found = shares(n, p, 0.0, 1)
    assert 0.03 <= found.any_year <= 0.07
    assert 0.04 <= found.drifted <= 0.06  # exact: seven standard errors


def test_a_break_before_the_last_year_is_found() -> None:
    # 98, 100 and 28 of 100 in the table of the benchmark, with another seed
    found = shares(8, 1, 10.0, 1)
    assert found.drifted > 0.99
    assert found.any_year > 0.9


def test_the_last_year_of_the_break_test_is_what_a_refit_is_judged_by() -> None:
    rng = np.random.default_rng(4)
    X = np.arange(8.0)[:, None] + rng.normal(size=(8, 4))
    full, splits = break_splits(X)
    y = rng.normal(size=(5, 8))
    of_last = split_p_values(y @ full, full, splits)[:, [s.row for s in splits].index(7)]
    found = [changed_years_test(one, X, np.arange(8) == 7) for one in y]
    assert [one.p for one in found if one] == pytest.approx(of_last.tolist(), rel=1e-9)


@pytest.mark.parametrize("rows_changed", [1, 2])
def test_the_shift_that_would_be_found_is_found_in_four_of_five(rows_changed: int) -> None:
    # Of 600 samples: three standard errors of 80 % are 4.9 points. The shift that is said is
    # proportional to the estimated error, so the one of the true error is taken.
    rng = np.random.default_rng(3)
    X, changed = rng.normal(size=(9, 2)), np.arange(9) >= 9 - rows_changed
    found = 0
    for _ in range(600):
        errors = rng.normal(size=9)
        first = changed_years_test(errors, X, changed)
        assert first is not None
        stayed = np.column_stack([np.ones(9), X])[~changed]
        left = errors[~changed] - stayed @ np.linalg.lstsq(stayed, errors[~changed], rcond=None)[0]
        sigma = np.sqrt(left @ left / (len(left) - 3))
        moved = errors + changed * first.detectable_shift / sigma
        second = changed_years_test(moved, X, changed)
        assert second is not None
        found += second.p <= LEVEL
    assert found / 600 == pytest.approx(POWER, abs=0.049)


@pytest.mark.parametrize("stayed", range(9))
def test_years_that_stayed_are_tested_by_where_they_leave_an_error(stayed: int) -> None:
    """Of 8 years and 3 coefficients; where every year has other figures, none stayed."""
    rng = np.random.default_rng(5)
    y, X = rng.normal(size=8), rng.normal(size=(8, 2))
    found = changed_years_test(y, X, np.arange(8) >= stayed)
    assert (found is not None) == (3 < stayed < 8)


@pytest.mark.slow
def test_the_whole_table() -> None:
    rng = np.random.default_rng(2)
    for n, p in drift_power.CASES:
        for size, after in drift_power.cases(n):
            found = drift_power.shares(n, p, size, after, rng)
            if size == 0:
                assert 0.03 <= found.any_year <= 0.07, (n, p)
                assert 0.04 <= found.drifted <= 0.06, (n, p)
            if size == 10 and after == 1:
                assert found.drifted > 0.5, (n, p)
                assert found.drifted > found.any_year - 0.05, (n, p)  # it knows where to look
