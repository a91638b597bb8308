"""Leave one out, differences, trends and serial correlation, against refits by statsmodels."""

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.stattools import durbin_watson as statistic_of_statsmodels

from assets.poverty.robustness.methods.leave_out import leave_one_year_out
from assets.poverty.robustness.trends.null_worlds import (
    INDEPENDENT,
    LINEAR_TRENDS,
    OWN_TRENDS,
    RANDOM_WALKS,
    SECOND_DIFFERENCES,
    regressions,
    unrelated,
)
from assets.poverty.robustness.trends.serial_correlation import durbin_watson
from assets.poverty.robustness.trends.specification_curve import DETRENDED, DIFFERENCES, LEVELS
from assets.poverty.robustness.trends.trend_baseline import DRAWS, trend_baseline
from assets.poverty.robustness.trends.trend_checks import trend_checks
from assets.regression.estimable import NotEstimable
from assets.regression.ols import ordinary_least_squares
from assets.regression.ridge import ridge_regression

YEARS = tuple(range(8))
SAMPLES = pytest.mark.parametrize("name", ["hald", "longley", "gansu"])


def fit(y, X):
    return sm.OLS(y, sm.add_constant(X, has_constant="add")).fit()


def checks(s, years=None):
    residual = ordinary_least_squares(s.y, s.X, s.names).residual
    return trend_checks(s.y, s.X, s.names, years or s.years, residual)


def estimates(result):
    return [c.estimate for c in result.coefficients]


@SAMPLES
@pytest.mark.parametrize("k", [0.0, 0.148])
def test_each_year_left_out_is_a_refit(samples, name, k) -> None:
    s = samples[name]
    result = leave_one_year_out(s.y, s.X, s.names, s.years, k)
    for i in range(len(s.y)):
        refit = ridge_regression(np.delete(s.y, i), np.delete(s.X, i, axis=0), s.names, k)
        slopes = refit.coefficients[1:]
        assert result.slope[i] == pytest.approx([c.estimate for c in slopes], rel=1e-7)
        assert result.p[i] == pytest.approx([c.p for c in slopes], rel=1e-6)
        assert result.R2[i] == pytest.approx(refit.R2, rel=1e-9)


def test_jackknife_of_a_line_by_hand() -> None:
    y, x = np.array([1.0, 3.0, 2.0, 5.0]), np.array([[0.0], [1.0], [2.0], [3.0]])
    # Slopes without row 0..3, by hand: (2,3,5): 1; (1,2,5): 17/14; (1,3,5): 9/7; (1,3,2): 1/2.
    slopes = [1, 17 / 14, 9 / 7, 0.5]
    mean = sum(slopes) / 4
    result = leave_one_year_out(y, x, ("x",), (1, 2, 3, 4), 0.0)
    assert result.slope[:, 0] == pytest.approx(slopes)
    assert result.full[0] == pytest.approx(1.1)
    assert result.jackknife_bias[0] == pytest.approx(3 * (mean - 1.1))
    squares = sum((slope - mean) ** 2 for slope in slopes)
    assert result.jackknife_std_error[0] == pytest.approx((3 / 4 * squares) ** 0.5)


def test_a_year_that_cannot_be_left_out_is_named() -> None:
    X = np.array([[0.0, 1], [0, 2], [0, 4], [1, 3], [0, 7], [0, 5]])
    with pytest.raises(NotEstimable, match="Without 2004"):
        leave_one_year_out(np.arange(6.0) ** 2, X, ("a", "b"), tuple(range(2001, 2007)), 0.0)


def test_differences_and_trend_are_refits(samples) -> None:
    s = samples["gansu"]
    result, when = checks(s), np.array(s.years, dtype=float)
    differences = fit(np.diff(s.y), np.diff(s.X, axis=0))
    assert estimates(result.first_differences) == pytest.approx(differences.params, rel=1e-8)
    detrended = fit(s.y, np.column_stack([s.X, when - 2012]))
    assert estimates(result.detrended)[1:] == pytest.approx(detrended.params[1:], rel=1e-7)
    alone = fit(s.y, when - 2012)
    assert pytest.approx(alone.rsquared, rel=1e-10) == result.trend_alone.R2


def test_a_trend_among_the_regressors_leaves_nothing_to_take_out(samples) -> None:
    result = checks(samples["longley"])  # one of its regressors is the year
    assert result.first_differences is None
    assert "Year changes by the same amount" in result.reason_no_differences
    assert result.detrended is None
    assert "linear combination of Year" in result.reason_not_detrended


def test_a_gap_in_the_years_allows_no_differences(samples) -> None:
    result = checks(samples["gansu"], (2010, *range(2013, 2020)))
    assert result.first_differences is None
    assert "2013 does not follow 2010" in result.reason_no_differences


@SAMPLES
def test_durbin_watson_statistic(samples, name) -> None:
    s = samples[name]
    plain = fit(s.y, s.X)
    result = durbin_watson(ordinary_least_squares(s.y, s.X, s.names).residual, s.X)
    assert result.statistic == pytest.approx(statistic_of_statsmodels(plain.resid), rel=1e-7)


@SAMPLES
def test_durbin_watson_p_is_the_share_of_simulated_errors(samples, name) -> None:
    # 400,000 draws: four standard errors are 4 × 0.5 / √400,000 = 0.0032.
    s = samples[name]
    n = len(s.y)
    result = durbin_watson(ordinary_least_squares(s.y, s.X, s.names).residual, s.X)
    Q = np.linalg.qr(np.column_stack([np.ones(n), (s.X - s.X.mean(axis=0)) / s.X.std(axis=0)]))[0]
    errors = np.random.default_rng(1).normal(size=(400_000, n))
    e = errors - errors @ Q @ Q.T
    simulated = (np.diff(e, axis=1) ** 2).sum(axis=1) / (e**2).sum(axis=1)
    assert result.p_positive == pytest.approx((simulated <= result.statistic).mean(), abs=0.0032)


def test_durbin_watson_bounds_of_the_tables() -> None:
    # Savin and White (1977): n = 15, one regressor, 5 %: dL = 1.077, dU = 1.361. At a statistic
    # below dL p is below .05 for every X, above dU above .05; dL and dU are reached by the
    # regressors that are eigenvectors of the difference matrix.
    n = 15
    for order, bound in ((1, 1.361), (n - 1, 1.077)):
        X = np.cos(np.pi * order * (np.arange(n) + 0.5) / n)[:, None]
        e = np.random.default_rng(2).normal(size=n)
        residual = scaled_to(bound, X, e)
        assert durbin_watson(residual, X).p_positive == pytest.approx(0.05, abs=5e-4)


def scaled_to(target, X, e):
    """Residuals orthogonal to a constant and X with the given Durbin-Watson statistic."""
    design = np.column_stack([np.ones(len(e)), X])
    space = np.linalg.qr(design, mode="complete")[0][:, design.shape[1] :]
    changes = np.diff(space, axis=0)
    values, vectors = np.linalg.eigh(changes.T @ changes)
    low, high = values[0], values[-1]
    share = (target - low) / (high - low)
    return space @ (vectors[:, 0] * (1 - share) ** 0.5 + vectors[:, -1] * share**0.5)


def test_baseline_reaches_the_known_shares() -> None:
    # Simulated independently with 20,000 draws, n = 8, p = 4: shares within four standard errors
    # of 2,999 draws (0.04), means within 0.01, median VIF within 2.
    rng = np.random.default_rng(20)
    y, X = rng.normal(size=8), rng.normal(size=(8, 4))
    found = {one.family: one for one in trend_baseline(y, X, YEARS, rng)}
    noise, trends, walks = found[INDEPENDENT], found[LINEAR_TRENDS], found[RANDOM_WALKS]
    assert noise.mean_R2 == pytest.approx(0.573, abs=0.01)
    assert noise.share_F_rejects == pytest.approx(0.05, abs=0.02)
    assert trends.mean_R2 == pytest.approx(0.922, abs=0.01)
    assert trends.share_F_rejects == pytest.approx(0.59, abs=0.04)
    assert trends.median_max_vif == pytest.approx(19.7, abs=2)
    assert walks.mean_R2 == pytest.approx(0.742, abs=0.01)
    assert walks.share_F_rejects == pytest.approx(0.19, abs=0.04)
    R2 = unrelated(YEARS, 4, DRAWS)[LINEAR_TRENDS].R2
    assert (R2 > 0.95).mean() == pytest.approx(0.407, abs=0.04)
    walks_R2 = unrelated(YEARS, 4, DRAWS)[RANDOM_WALKS].R2
    assert (walks_R2 > 0.95).mean() == pytest.approx(0.116, abs=0.03)


def test_baseline_is_the_same_whatever_ran_before() -> None:
    rng = np.random.default_rng(0)
    y, X = rng.normal(size=8), rng.normal(size=(8, 2))
    one = trend_baseline(y, X, YEARS, np.random.default_rng(7), draws=99)
    unrelated.cache_clear()
    trend_baseline(y, X[:, :1], YEARS, np.random.default_rng(8), draws=99)
    assert one == trend_baseline(y, X, YEARS, np.random.default_rng(7), draws=99)
    assert {family.draws for family in one} == {99}


def test_own_trends_of_straight_lines_fit_perfectly() -> None:
    when = np.arange(8.0)
    wobble = 1e-6 * np.random.default_rng(0).normal(size=(8, 3))
    data = when[:, None] * [1, -2, 3] + wobble
    baseline = trend_baseline(data[:, 0], data[:, 1:], YEARS, np.random.default_rng(0), draws=499)
    own = next(family for family in baseline if family.family == OWN_TRENDS)
    assert own.mean_R2 > 1 - 1e-9
    assert 0.1 < own.share_R2_reached < 0.9  # the study is one more of such fits


def test_clarity_is_the_largest_p_of_four_refits() -> None:
    rng = np.random.default_rng(3)
    data = rng.normal(size=(8, 3)) + np.arange(8.0)[:, None]
    when = np.arange(8.0)
    forms = {
        LEVELS: fit(data[:, 0], data[:, 1:]),
        DETRENDED: fit(data[:, 0], np.column_stack([data[:, 1:], when])),
        DIFFERENCES: fit(np.diff(data[:, 0]), np.diff(data[:, 1:], axis=0)),
        SECOND_DIFFERENCES: sm.OLS(
            np.diff(data[:, 0], n=2), np.diff(data[:, 1:], n=2, axis=0)
        ).fit(),
    }
    found = regressions(data[None], YEARS)
    assert set(found.forms) == set(forms)
    for i, form in enumerate(found.forms):
        first = 0 if form == SECOND_DIFFERENCES else 1
        assert found.p[i, 0] == pytest.approx(forms[form].pvalues[first : first + 2], rel=1e-7)
        assert (found.is_negative[i, 0] == (forms[form].params[first : first + 2] < 0)).all()
    same = (found.is_negative == found.is_negative[0]).all(axis=0)
    assert found.clarity(False) == pytest.approx(np.where(same, found.p.max(axis=0), 1.0))
    assert found.clarity(True) == pytest.approx(found.p[0])


def test_a_gap_in_years_leaves_levels_and_the_trend() -> None:
    years = (2010, *range(2013, 2020))
    data = np.random.default_rng(4).normal(size=(1, 8, 3))
    assert set(regressions(data, years).forms) == {LEVELS, DETRENDED}
    assert unrelated(years, 2, 19)[RANDOM_WALKS].rows == 8


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.floats(0.01, 100), st.floats(-100, 100))
def test_durbin_watson_ignores_units(seed, scale, shift) -> None:
    rng = np.random.default_rng(seed)
    y, X = rng.normal(size=9), rng.normal(size=(9, 3))
    names = ("a", "b", "c")
    one = durbin_watson(ordinary_least_squares(y, X, names).residual, X)
    other = shift + scale * X
    two = durbin_watson(ordinary_least_squares(scale * y + shift, other, names).residual, other)
    assert two.statistic == pytest.approx(one.statistic, rel=1e-6)
    assert two.p_positive == pytest.approx(one.p_positive, abs=1e-6)
