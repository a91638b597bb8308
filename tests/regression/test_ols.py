"""OLS against NIST StRD (exact rational arithmetic) and against the algebra it must obey."""

from math import inf, isclose, log10

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.regression.estimable import NotEstimable
from assets.regression.ols import OrdinaryLeastSquares, ordinary_least_squares

SETS = (
    "norris",
    "pontius",
    "noint1",
    "noint2",
    "longley",
    "wampler1",
    "wampler2",
    "wampler3",
    "wampler4",
)
CERTIFIED_SE_ZERO = ("wampler1", "wampler2")
# Where long double is no wider than double (macOS on ARM) the refinement cannot gain digits.
EXTENDED = np.finfo(np.longdouble).eps < np.finfo(np.float64).eps


def digits_needed(name: str) -> int:
    if EXTENDED:
        return 11
    return 9 if name == "longley" else 7


def digits(computed: float, exact: str) -> float:
    """Log relative error: the number of correct significant digits."""
    error = abs(computed / float(exact) - 1)
    return -log10(error) if error else inf


def fit(reference, name) -> tuple[OrdinaryLeastSquares, dict]:
    exact = reference.json("nist/exact_ols.json")[name]
    y, X, _ = reference.regression(f"nist/{name}.csv", "y")
    if exact["model"] == "poly":
        X = np.column_stack([X[:, 0] ** power for power in range(1, exact["degree"] + 1)])
    names = [f"x{j + 1}" for j in range(X.shape[1])]
    return ordinary_least_squares(y, X, names, constant=exact["intercept"]), exact


@pytest.mark.parametrize("name", SETS)
def test_coefficients_have_the_certified_digits(reference, name) -> None:
    # Every set reaches 11.6 (Wampler4) to 16 digits here, and 11 are asserted; statsmodels' QR
    # alone, without shift and refinement, gives 7.8 on Wampler4 and 9.1 on Wampler3.
    result, exact = fit(reference, name)
    for coefficient, certified in zip(result.coefficients, exact["beta"], strict=True):
        assert digits(coefficient.estimate, certified) >= digits_needed(name), coefficient.term


@pytest.mark.parametrize("name", [name for name in SETS if name not in CERTIFIED_SE_ZERO])
def test_standard_errors_have_the_certified_digits(reference, name) -> None:
    # statsmodels' QR alone gives 8 on Longley; the data themselves carry about 13.
    result, exact = fit(reference, name)
    for coefficient, certified in zip(result.coefficients, exact["se"], strict=True):
        assert digits(coefficient.std_error, certified) >= digits_needed(name), coefficient.term


@pytest.mark.parametrize("name", CERTIFIED_SE_ZERO)
def test_a_perfect_fit_leaves_only_rounding_in_the_standard_errors(reference, name) -> None:
    # The certified SEs are 0, to which no relative error can be taken. Asserted instead: each SE
    # is below 1e-9 of its coefficient (here it is 5e-14), and sigma below 1e-12 of the largest y.
    result, exact = fit(reference, name)
    assert {float(se) for se in exact["se"]} == {0.0}
    for coefficient in result.coefficients:
        assert 0 <= coefficient.std_error <= 1e-9 * abs(coefficient.estimate)
    assert result.sigma <= 1e-12 * np.abs(result.fitted).max()


@pytest.mark.parametrize("name", [name for name in SETS if name not in CERTIFIED_SE_ZERO])
def test_goodness_of_fit_has_the_certified_digits(reference, name) -> None:
    result, exact = fit(reference, name)
    assert result.df_residual == exact["df_resid"]
    # R2 close to 1 is only as exact as 1 - R2 in doubles; F shows the digits of 1 - R2.
    assert digits(result.R2, exact["r2"]) >= 14
    assert digits(result.R**2, exact["r2"]) >= 14
    assert digits(result.sigma, exact["resid_sd"]) >= 11
    assert digits(result.F, exact["F"]) >= 11


def test_longley_as_nist_prints_it(reference) -> None:
    # https://www.itl.nist.gov/div898/strd/lls/data/Longley.shtml, typed independently of the json.
    result, _ = fit(reference, "longley")
    estimates = [c.estimate for c in result.coefficients]
    assert estimates == pytest.approx(
        [
            -3482258.63459582,
            15.0618722713733,
            -0.0358191792925910,
            -2.02022980381683,
            -1.03322686717359,
            -0.0511041056535807,
            1829.15146461355,
        ],
        rel=1e-9,
    )
    assert [c.std_error for c in result.coefficients] == pytest.approx(
        [
            890420.383607373,
            84.9149257747669,
            0.0334910077722432,
            0.488399681651699,
            0.214274163161675,
            0.226073200069370,
            455.478499142212,
        ],
        rel=1e-9,
    )
    assert result.adjusted_R2 == pytest.approx(0.992465007628826, rel=1e-13)
    assert np.sqrt(np.diag(result.covariance)) == pytest.approx(
        [c.std_error for c in result.coefficients], rel=1e-12
    )


def test_p_values_match_other_code_on_hald(reference) -> None:
    # SPSS-convention results at k = 0 are those of OLS, and were computed by other code.
    y, X, names = reference.regression("hald.csv", "y")
    expected = reference.json("ridge_spss_convention.json")["hald"]["fits"][0]
    result = ordinary_least_squares(y, X, names)
    assert [c.term for c in result.coefficients] == ["const", *names]
    assert [c.p for c in result.coefficients] == pytest.approx(
        [expected["p_const"], *expected["p"]], rel=1e-9
    )
    assert result.p_of_F == pytest.approx(expected["pF"], rel=1e-9)


def test_without_a_constant_fit_is_measured_from_zero() -> None:
    # y = 2x + e by hand: sums x² = 14, xy = 29, y² = 61, so b = 29/14, SSE = 61 - 29²/14 = 13/14.
    result = ordinary_least_squares(
        np.array([3.0, 4.0, 6.0]), np.array([[1.0], [2.0], [3.0]]), ["x"], constant=False
    )
    assert result.coefficients[0].estimate == pytest.approx(29 / 14, rel=1e-15)
    assert isclose(result.R2, 1 - 13 / 14 / 61, rel_tol=1e-15)
    assert result.adjusted_R2 == pytest.approx(1 - (13 / 14 / 61) * 3 / 2, rel=1e-15)
    assert (result.df_model, result.df_residual) == (1, 2)


def test_refuses_what_cannot_be_estimated() -> None:
    x = np.arange(8.0)
    with pytest.raises(NotEstimable, match="twice is a linear combination of x and a constant"):
        ordinary_least_squares(x**2, np.column_stack([x, 2 * x + 1]), ["x", "twice"])


@st.composite
def samples(draw):
    seed = draw(st.integers(0, 2**32 - 1))
    regressors = draw(st.integers(1, 4))
    n = draw(st.integers(regressors + 3, 20))
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, regressors)) + rng.normal(size=regressors)
    return X @ rng.normal(size=regressors) + rng.normal(size=n), X


@settings(max_examples=25, deadline=None)
@given(samples(), st.floats(1e-3, 1e3), st.floats(1e-3, 1e3), st.floats(-1e3, 1e3))
def test_units_of_measurement_change_nothing_but_units(sample, y_unit, x_unit, zero) -> None:
    # 1e-7: a shift of 1000 takes 3 of 16 digits from the data, small slopes and t-values some more.
    y, X = sample
    names = [f"x{j}" for j in range(X.shape[1])]
    base = ordinary_least_squares(y, X, names)
    other = ordinary_least_squares(y_unit * y, x_unit * X + zero, names)
    assert isclose(other.R2, base.R2, rel_tol=1e-7)
    assert isclose(other.F, base.F, rel_tol=1e-7)
    for before, after in zip(base.coefficients[1:], other.coefficients[1:], strict=True):
        assert after.estimate == pytest.approx(
            before.estimate * y_unit / x_unit,
            rel=1e-7,
            abs=1e-7 * before.std_error * y_unit / x_unit,
        )
        assert after.std_error == pytest.approx(before.std_error * y_unit / x_unit, rel=1e-7)
        assert after.p == pytest.approx(before.p, rel=1e-6)


@settings(max_examples=25, deadline=None)
@given(samples(), st.randoms(use_true_random=False))
def test_order_of_columns_and_rows_does_not_matter(sample, random) -> None:
    y, X = sample
    columns, rows = list(range(X.shape[1])), list(range(len(y)))
    random.shuffle(columns)
    random.shuffle(rows)
    base = ordinary_least_squares(y, X, [f"x{j}" for j in range(X.shape[1])])
    other = ordinary_least_squares(y[rows], X[rows][:, columns], [f"x{j}" for j in columns])
    by_term = {c.term: c for c in other.coefficients}
    for c in base.coefficients:
        assert by_term[c.term].estimate == pytest.approx(c.estimate, abs=1e-9 * c.std_error)
        assert by_term[c.term].std_error == pytest.approx(c.std_error, rel=1e-9)
    assert isclose(other.R2, base.R2, rel_tol=1e-9)


@settings(max_examples=25, deadline=None)
@given(samples())
def test_residuals_are_orthogonal_and_add_up(sample) -> None:
    y, X = sample
    result = ordinary_least_squares(y, X, [f"x{j}" for j in range(X.shape[1])])
    assert result.fitted + result.residual == pytest.approx(y, abs=1e-13)
    design = np.column_stack([np.ones(len(y)), X])
    assert design.T @ result.residual == pytest.approx(np.zeros(design.shape[1]), abs=1e-11)
    assert 0 <= result.R2 <= 1
    assert result.adjusted_R2 <= result.R2
