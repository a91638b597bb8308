"""Ridge against R (lmridge, MASS, glmnet), the SPSS convention, and the algebra it must obey."""

from math import isclose

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.regression.estimable import NotEstimable
from assets.regression.ols import ordinary_least_squares
from assets.regression.ridge import ridge_regression

REL = 1e-9  # asked for; what the references themselves carry is stated where it is less
GRID = (0, 0.01, 0.05, 0.1, 0.148, 0.5, 1)
DATA = {"hald": ("hald.csv", "y"), "longley": ("longley_R.csv", "Employed")}
IN_R = {"hald": "Hald", "longley": "longley"}
every_fit = pytest.mark.parametrize(
    ("data", "k"), [(data, k) for data in DATA for k in GRID], ids=lambda value: str(value)
)


def estimates(result) -> list[float]:
    return [c.estimate for c in result.coefficients]


@every_fit
def test_spss_convention(reference, data, k) -> None:
    (expected,) = (
        fit for fit in reference.json("ridge_spss_convention.json")[data]["fits"] if fit["k"] == k
    )
    y, X, names = reference.regression(*DATA[data])
    result = ridge_regression(y, X, names, k)
    assert result.convention == "spss"
    assert result.penalty == result.k == k
    constant, *slopes = result.coefficients
    computed = {
        "k": result.k,
        "beta": result.standardised,
        "B": [c.estimate for c in slopes],
        "seB": [c.std_error for c in slopes],
        "t": [c.t for c in slopes],
        "p": [c.p for c in slopes],
        "const": constant.estimate,
        "se_const": constant.std_error,
        "t_const": constant.t,
        "p_const": constant.p,
        "R2": result.R2,
        "adjR2": result.adjusted_R2,
        "see": result.sigma,
        "F": result.F,
        "pF": result.p_of_F,
        "vif": result.vif,
        "df": result.df_residual,
    }
    assert computed.keys() == expected.keys()  # every number of the reference is compared
    for statistic, value in expected.items():
        assert computed[statistic] == pytest.approx(value, rel=REL, abs=0), statistic


@every_fit
def test_lmridge_convention(reference, data, k) -> None:
    fits = reference.json("ridge_reference_R.json")[IN_R[data]]["lmridge"]
    (expected,) = (fit for fit in fits if fit["K"] == k)
    y, X, names = reference.regression(*DATA[data])
    result = ridge_regression(y, X, names, k, "lmridge")
    constant, *slopes = result.coefficients
    length = np.sqrt(((X - X.mean(axis=0)) ** 2).sum(axis=0))  # lmridge's scaling "sc"
    raw = np.array([c.estimate for c in slopes])
    computed = {
        "beta_sc": raw * length,
        "beta_raw": raw,
        "intercept": constant.estimate,
        "se_sc": np.array([c.std_error for c in slopes]) * length,
        "t": [c.t for c in slopes],
        "R2_ssr_over_sst": result.R2,
        "adjR2": result.adjusted_R2,
        "sigma2": result.sigma**2,
        "F": result.F,
        "df_ridge": result.df_model,
        "REDF": result.df_residual,
        "EP": result.n - result.df_residual,
        "m": len(names) - result.df_model,
    }
    for statistic, value in computed.items():
        # m is a difference of like numbers and 0 at k = 0: 1e-12 absolute is its rounding.
        floor = 1e-12 if statistic == "m" else 0
        assert value == pytest.approx(expected[statistic], rel=REL, abs=floor), statistic
    assert np.round(result.vif, 5) == pytest.approx(expected["vif"], abs=1e-12)  # printed so
    assert constant.std_error is constant.t is constant.p is None


def test_lmridge_p_values_on_hald(reference) -> None:
    # summary(lmridge(...))$Pr at K = .148, 5 digits; df of t is n - tr(H) - 1 = 9.5794.
    y, X, names = reference.regression("hald.csv", "y")
    result = ridge_regression(y, X, names, 0.148, "lmridge")
    assert result.df_of_t == pytest.approx(13 - 2.4206 - 1, abs=1e-9)
    printed = [1.2245e-05, 3.5869e-06, 0.023107, 1.8342e-07]
    assert [c.p for c in result.coefficients[1:]] == pytest.approx(printed, rel=5e-5)


@every_fit
def test_mass_convention(reference, data, k) -> None:
    mass = reference.json("ridge_reference_R.json")[IN_R[data]]["MASS_lambda_eq_nK"]
    y, X, names = reference.regression(*DATA[data])
    result = ridge_regression(y, X, names, k, "mass")
    at = GRID.index(k)
    assert result.penalty == pytest.approx(mass["lambda"][at], rel=REL)
    assert estimates(result) == pytest.approx(list(mass["coef"][at].values()), rel=REL)
    assert {c.std_error for c in result.coefficients} == {None}
    assert result.F is result.p_of_F is result.sigma is result.adjusted_R2 is None


@pytest.mark.parametrize("data", DATA)
@pytest.mark.parametrize("k", GRID[1:])  # glmnet was run from k = .01 on
def test_glmnet_convention(reference, data, k) -> None:
    glmnet = reference.json("ridge_reference_R.json")[IN_R[data]]["glmnet_lambda_eq_K_sdy"]
    y, X, names = reference.regression(*DATA[data])
    result = ridge_regression(y, X, names, k, "glmnet")
    assert result.penalty == pytest.approx(k * y.std(), rel=REL)
    # glmnet descends by coordinates until a step falls below its threshold. What that leaves is up
    # to 2.9e-8 of a coefficient, measured against MASS, which solves (and is met to 1e-9 above).
    expected = glmnet["coef"][glmnet["K"].index(k)]
    assert estimates(result) == pytest.approx(expected, rel=5e-8)
    assert {c.p for c in result.coefficients} == {None}


def test_bad_parameters_are_refused(reference) -> None:
    y, X, names = reference.regression("hald.csv", "y")
    for k in (-0.1, float("nan"), float("inf")):
        with pytest.raises(ValueError, match="not a ridge parameter"):
            ridge_regression(y, X, names, k)
    with pytest.raises(ValueError, match="expected one of spss, lmridge, mass, glmnet"):
        ridge_regression(y, X, names, 0.1, "sas")  # type: ignore[arg-type]
    with pytest.raises(NotEstimable, match="Exact collinearity"):
        ridge_regression(y, np.column_stack([X, X[:, 0]]), [*names, "again"], 0.1)


@st.composite
def samples(draw):
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    regressors = draw(st.integers(1, 4))
    n = draw(st.integers(regressors + 3, 20))
    common = rng.normal(size=(n, 1))
    X = rng.normal(size=(n, regressors)) + 2 * common + rng.normal(size=regressors)
    return X @ rng.normal(size=regressors) + rng.normal(size=n), X


@settings(max_examples=25, deadline=None)
@given(samples())
def test_spss_ridge_tends_to_ols(sample) -> None:
    y, X = sample
    names = [f"x{j}" for j in range(X.shape[1])]
    ols = ordinary_least_squares(y, X, names)
    for k, near in ((0.0, 1e-9), (1e-12, 1e-7)):
        ridge = ridge_regression(y, X, names, k)
        assert isclose(ridge.R2, ols.R2, rel_tol=near)
        assert isclose(ridge.F, ols.F, rel_tol=near)
        for a, b in zip(ridge.coefficients, ols.coefficients, strict=True):
            assert a.estimate == pytest.approx(b.estimate, abs=near * b.std_error)
            assert a.std_error == pytest.approx(b.std_error, rel=near)


@settings(max_examples=25, deadline=None)
@given(samples(), st.floats(1e-4, 5), st.floats(1.01, 10))
def test_more_shrinkage_fits_worse_and_inflates_less(sample, k, factor) -> None:
    y, X = sample
    names = [f"x{j}" for j in range(X.shape[1])]
    less, more = (ridge_regression(y, X, names, at) for at in (k, k * factor))
    assert more.R2 < less.R2
    assert (more.standardised**2).sum() < (less.standardised**2).sum()
    assert more.vif.sum() < less.vif.sum()


@settings(max_examples=25, deadline=None)
@given(samples(), st.floats(0, 2), st.floats(1e-3, 1e3), st.floats(1e-3, 1e3))
def test_units_do_not_matter_and_conventions_share_their_coefficients(sample, k, y_unit, x_unit):
    y, X = sample
    names = [f"x{j}" for j in range(X.shape[1])]
    base = ridge_regression(y, X, names, k)
    other = ridge_regression(y * y_unit, X * x_unit, names, k)
    assert other.vif == pytest.approx(base.vif, rel=1e-8)
    assert isclose(other.R2, base.R2, rel_tol=1e-8)
    assert isclose(other.F, base.F, rel_tol=1e-8)
    assert [c.p for c in other.coefficients] == pytest.approx(
        [c.p for c in base.coefficients], rel=1e-6
    )
    for convention in ("lmridge", "mass", "glmnet"):
        assert estimates(ridge_regression(y, X, names, k, convention)) == estimates(base)
