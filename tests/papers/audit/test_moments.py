"""Fits to moments are the fits to the data: against ridge.py, ols.py and variance_inflation.py."""

import numpy as np
import pytest

from assets.papers.audit.rounding.moments import Moments, fit_moments, positive_definite
from assets.regression.ols import ordinary_least_squares
from assets.regression.ridge import ridge_regression
from assets.regression.variance_inflation import variance_inflation


def moments_of(*data: np.ndarray) -> Moments:
    return Moments(
        np.array([np.corrcoef(each.T) for each in data]),
        np.array([each.mean(axis=0) for each in data]),
        np.array([each.std(axis=0, ddof=1) for each in data]),
    )


@pytest.mark.parametrize("name", ["hald", "longley"])
@pytest.mark.parametrize("k", [0.0, 0.01, 0.148, 1.0])
def test_moments_give_the_fit(data_sets, name: str, k: float) -> None:
    d = data_sets[name]
    fits = fit_moments(moments_of(np.column_stack([d.y, d.X])), len(d.y), k)
    fit = ridge_regression(d.y, d.X, d.names, k)
    # Longley's correlation matrix has condition number 1e4, so 1e-8 of the 1e-16 remains.
    assert fits.coefficient[0] == pytest.approx([c.estimate for c in fit.coefficients], rel=1e-8)
    assert fits.std_error[0] == pytest.approx([c.std_error for c in fit.coefficients], rel=1e-8)
    assert fits.t[0] == pytest.approx([c.t for c in fit.coefficients], rel=1e-8)
    assert fits.vif[0] == pytest.approx(fit.vif, rel=1e-8)
    for statistic in ("R2", "adjusted_R2", "F"):
        assert getattr(fits, statistic)[0] == pytest.approx(getattr(fit, statistic), rel=1e-8)


@pytest.mark.parametrize("name", ["hald", "longley"])
def test_k_0_is_OLS_with_its_vif(data_sets, name: str) -> None:
    d = data_sets[name]
    fits = fit_moments(moments_of(np.column_stack([d.y, d.X])), len(d.y), 0.0)
    fit = ordinary_least_squares(d.y, d.X, d.names)
    assert fits.coefficient[0] == pytest.approx([c.estimate for c in fit.coefficients], rel=1e-8)
    assert fits.std_error[0] == pytest.approx([c.std_error for c in fit.coefficients], rel=1e-8)
    assert fits.vif[0] == pytest.approx(variance_inflation(d.X, d.names).vif, rel=1e-8)


def test_sets_are_independent_and_variables_can_be_chosen(data_sets) -> None:
    d = data_sets["hald"]
    data = np.column_stack([d.y, d.X])
    other = data[::-1] * 2 + 1
    other[0, 1] += 5
    both = moments_of(data, other).of([0, 3, 1])
    fits = fit_moments(both, len(d.y), 0.1)
    for i, each in enumerate((data, other)):
        fit = ridge_regression(each[:, 0], each[:, [3, 1]], ["a", "b"], 0.1)
        assert fits.coefficient[i] == pytest.approx(
            [c.estimate for c in fit.coefficients], rel=1e-9
        )


def test_positive_definite() -> None:
    R = np.array([[[1, 0.9], [0.9, 1]], [[1, 1], [1, 1]], [[1, -1.1], [-1.1, 1]]])
    assert positive_definite(R).tolist() == [True, False, False]
