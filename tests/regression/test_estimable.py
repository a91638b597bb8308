"""Reasons why a regression has no estimate: each is found, names its place, and nothing else is."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.regression.estimable import reason_collinear, reason_not_estimable

YEARS = list(range(2012, 2020))
RNG = np.random.default_rng(8)
Y = RNG.normal(size=8)
X = RNG.normal(size=(8, 3))
NAMES = ["AIG", "IM", "EG"]


def reason(y=Y, X=X, names=NAMES, **options) -> str | None:
    return reason_not_estimable(y, X, names, **options)


def test_an_estimable_regression_has_no_reason() -> None:
    assert reason() is None
    assert reason(constant=False) is None


def test_missing_cells_are_named_with_their_year_or_row() -> None:
    y, holed = Y.copy(), X.copy()
    y[0], holed[[4, 5], 1] = np.nan, (np.nan, np.inf)
    assert reason(y, holed, dependent="PI", years=YEARS) == (
        "Missing: PI 2012 and IM 2016, 2017; supply these cells or choose a sample without them."
    )
    assert "IM row 5, 6;" in str(reason(y, holed))


@pytest.mark.parametrize(("n", "constant", "enough"), [(4, True, 5), (3, False, 4)])
def test_too_few_observations(n, constant, enough) -> None:
    found = str(reason(Y[:n], X[:n], constant=constant))
    assert found.startswith(f"{n} observations are too few for 3 regressors")
    assert f"at least {enough} are needed" in found
    assert reason(Y[:enough], X[:enough], constant=constant) is None


def test_constants_are_named() -> None:
    flat = X.copy()
    flat[:, 1] = 0.1 + 0.2
    assert "IM is constant" in str(reason(X=flat))
    assert reason(X=flat, constant=False) is None  # then it is the intercept
    flat[:, 2] = 7
    assert "IM and EG are constant" in str(reason(X=flat))
    assert "PI is constant (3 in every observation)" in str(reason(np.full(8, 3.0), dependent="PI"))
    flat[:, 0] = 0
    assert "AIG is zero in every observation" in str(reason(X=flat, constant=False))


def test_only_the_columns_that_combine_are_named() -> None:
    shares = np.column_stack([X[:, 0], X[:, 1], 1 - X[:, 0] / 3, X[:, 2]])
    found = reason(X=shares, names=["AIG", "IM", "rest", "EG"])
    assert found == (
        "Exact collinearity: rest is a linear combination of AIG and a constant; "
        "leave one of them out."
    )
    # Without a constant the same columns are independent.
    assert reason(X=shares, names=["AIG", "IM", "rest", "EG"], constant=False) is None


def test_near_collinearity_is_left_to_the_variance_inflation_factors() -> None:
    near = np.column_stack([X[:, 0], X[:, 0] + 1e-6 * X[:, 1]])
    assert reason(X=near, names=["AIG", "IM"]) is None


def test_small_changes_on_a_high_level_are_not_taken_for_collinearity() -> None:
    years = np.array(YEARS, dtype=float)
    powers = np.column_stack([years, years**2, years**3])
    assert reason(X=powers, names=["t", "t2", "t3"]) is None


def test_shapes_that_do_not_fit_are_the_callers_fault() -> None:
    for arguments in ((Y[:7], X, NAMES), (Y, X, NAMES[:2]), (Y, X[:, 0], ["AIG"])):
        with pytest.raises(ValueError, match="do not fit together"):
            reason_not_estimable(*arguments)


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 2**32 - 1),
    st.lists(st.floats(0.01, 100), min_size=2, max_size=4),
    st.floats(-1e4, 1e4),
    st.integers(-9, 9),
)
def test_any_combination_is_found_at_any_level_and_scale(seed, weights, level, power) -> None:
    rng = np.random.default_rng(seed)
    base = (rng.normal(size=(12, len(weights))) + level) * 10.0**power
    combined = base @ np.array(weights) + 3.0
    names = [f"x{j}" for j in range(len(weights))]
    assert reason_collinear(base, names) is None
    found = str(reason_collinear(np.column_stack([base, combined]), [*names, "sum"]))
    assert "sum is a linear combination of" in found
    assert all(name in found for name in names)
