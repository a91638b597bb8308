"""Descriptives, correlations, VIF, printed numbers, equations, stars: against R and algebra."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.papers.printed_number import agrees, half_unit_of
from assets.regression.coefficient import Coefficient
from assets.regression.correlation import pearson
from assets.regression.descriptives import descriptives
from assets.regression.equation import equation
from assets.regression.estimable import NotEstimable
from assets.regression.significance import stars, told_p, two_sided_p, upper_tail_of_f
from assets.regression.variance_inflation import variance_inflation

HEAVY = ("statsmodels", "scipy", "pandas", "numpy")


def test_importing_the_room_imports_nothing_heavy() -> None:
    code = f"import sys, assets.poverty; print([m for m in {HEAVY} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


def test_descriptives_by_hand() -> None:
    # 2, 4, 4, 4, 5, 5, 7, 9: mean 5, squared deviations 32, so sd = √(32/7).
    result = descriptives(np.array([[2.0, 4, 4, 4, 5, 5, 7, 9]]).T, ["x"])
    assert (result.n, result.minimum[0], result.maximum[0], result.mean[0]) == (8, 2, 9, 5)
    assert result.sd[0] == pytest.approx((32 / 7) ** 0.5, rel=1e-15)


def test_descriptives_keep_digits_on_a_high_level() -> None:
    # NIST StRD NumAcc3: certified mean 1000000.2, sd 0.1, where naive sums lose most digits. The
    # data themselves are decimals, stored to 1e-10: hence 1e-9.
    x = 1_000_000 + np.array([0.2, *([0.1, 0.3] * 500)])
    result = descriptives(x[:, None], ["x"])
    assert result.mean[0] == pytest.approx(1000000.2, rel=1e-15)
    assert result.sd[0] == pytest.approx(0.1, rel=1e-9)


def test_descriptives_and_correlations_refuse_missing_cells() -> None:
    data = np.array([[1.0, 2], [2, np.nan], [4, 3], [3, 3]])
    for method in (descriptives, pearson):
        with pytest.raises(NotEstimable, match="Missing: b 2013;"):
            method(data, ["a", "b"], years=[2012, 2013, 2014, 2015])
    with pytest.raises(NotEstimable, match="at least 2"):
        descriptives(data[:1], ["a", "b"])
    with pytest.raises(NotEstimable, match="at least 3"):
        pearson(data[2:], ["a", "b"])
    with pytest.raises(NotEstimable, match="b is constant"):
        pearson(np.column_stack([[1.0, 2, 3], [5.0, 5, 5]]), ["a", "b"])


def test_correlation_by_hand() -> None:
    # x = 1..5, y = 1, 2, 3, 4, 10: Sxy = 20, Sxx = 10, Syy = 50; r = 20/√500 = .8944;
    # t = r √(3/(1 - .8)) = 2 √3, and with 3 df P(|T| > 2√3) = .0405 (tables of t: .04 to .05).
    result = pearson(np.array([[1.0, 2, 3, 4, 5], [1, 2, 3, 4, 10]]).T, ["x", "y"])
    assert result.r[0, 1] == pytest.approx(20 / 500**0.5, rel=1e-14)
    assert result.p[0, 1] == pytest.approx(0.0405, abs=5e-5)
    assert result.stars == (("", "**"), ("**", ""))


def test_tails_match_printed_tables() -> None:
    # statcheck and R print 0.66342 for t(3) = -0.481; t(.975, 3) is 3.182446, F(.95; 4, 3) 9.1172.
    assert two_sided_p(np.array(-0.481), 3) == pytest.approx(0.66342, abs=5e-6)
    assert two_sided_p(np.array(3.182446), 3) == pytest.approx(0.05, abs=1e-7)
    assert upper_tail_of_f(9.1172, 4, 3) == pytest.approx(0.05, abs=1e-5)


def test_stars_count_the_levels_reached() -> None:
    assert [stars(p) for p in (0.0, 0.01, 0.0101, 0.05, 0.0999, 0.1, 0.11)] == [
        "***", "***", "**", "**", "*", "*", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "name", "dependent"),
    [("hald.csv", "Hald", "y"), ("longley_R.csv", "longley", "Employed")],
)
def test_vif_matches_r(reference, data, name, dependent) -> None:
    # R inverts the correlation matrix, whose condition number (4e4 for Longley) leaves 1e-11.
    _, X, names = reference.regression(data, dependent)
    result = variance_inflation(X, names)
    expected = reference.json("ridge_reference_R.json")[name]["ols_vif"]
    assert result.vif == pytest.approx(expected, rel=1e-10)
    assert result.collinear


def test_vif_verdicts() -> None:
    orthogonal = np.array([[1.0, 1], [1, -1], [-1, 1], [-1, -1]])
    result = variance_inflation(orthogonal, ["a", "b"])
    assert not result.collinear
    assert result.verdict == (
        "Not collinear by the rule of 10: the largest VIF is 1.000 (a), which makes its standard "
        "error 1.0 times that of a regressor apart from the others; 0 of 2 exceed 10."
    )
    with pytest.raises(NotEstimable, match="b is a linear combination of a and a constant"):
        variance_inflation(np.column_stack([orthogonal[:, 0], 2 - orthogonal[:, 0]]), ["a", "b"])


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 5), st.floats(0, 20))
def test_vif_is_at_least_one_and_moves_with_its_column(seed, regressors, common) -> None:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(12, regressors)) + common * rng.normal(size=(12, 1))
    names = [f"x{j}" for j in range(regressors)]
    vif = variance_inflation(X, names).vif
    assert (vif >= 1).all()
    order = rng.permutation(regressors)
    moved = variance_inflation(X[:, order] * 1000 - 5, [names[j] for j in order])
    assert moved.vif == pytest.approx(vif[order], rel=1e-7)
    assert vif[0] == pytest.approx(1 if regressors == 1 else 1 / (1 - R2_of_first(X)), rel=1e-7)


def R2_of_first(X: np.ndarray) -> float:
    """R2 of the first column on the others: the definition of its VIF."""
    centred = X - X.mean(axis=0)
    fitted = centred[:, 1:] @ np.linalg.lstsq(centred[:, 1:], centred[:, 0], rcond=None)[0]
    return float((fitted**2).sum() / (centred[:, 0] ** 2).sum())


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 5))
def test_correlations_form_a_correlation_matrix(seed, columns) -> None:
    rng = np.random.default_rng(seed)
    data = rng.normal(size=(9, columns))
    result = pearson(data, [f"x{j}" for j in range(columns)])
    assert (result.r == result.r.T).all()
    assert (np.diag(result.r) == 1).all()
    assert np.linalg.eigvalsh(result.r).min() > -1e-12
    assert ((result.p >= 0) & (result.p <= 1)).all()
    flipped = pearson(data * ([-2.0] + [1.0] * (columns - 1)), result.names)
    assert flipped.r[0, 1:] == pytest.approx(-result.r[0, 1:], abs=1e-14)


@pytest.mark.parametrize(
    ("computed", "printed", "expected"),
    [
        (0.0705, "0.070", True),
        (0.0695, "0.070", True),
        (0.07051, "0.070", False),
        (0.07051, "0.07", True),
        (22.7445, "22.740", False),
        (22.7445, "22.74", True),
        (0.00049, "0.000", True),
        (0.00051, "0.000", False),
        (-0.0335, "−0.034", True),
        (-0.0335, "-0.034", True),
        (0.034, "-0.034", False),
        (1834.6, "1835", True),
        (1834.4, "1835", False),
        (float("nan"), "0.000", False),
        (float("inf"), "0.000", False),
    ],
)
def test_agreement_with_printed_digits(computed, printed, expected) -> None:
    assert agrees(computed, printed) is expected


@pytest.mark.parametrize("text", ["", "n.a.", "nan", "inf", "0.043**", "1 2"])
def test_what_is_not_a_printed_number_is_refused(text) -> None:
    with pytest.raises(ValueError, match="is not a printed number"):
        agrees(0.0, text)


@given(st.floats(-1e6, 1e6), st.integers(0, 8))
def test_a_number_agrees_with_itself_printed_and_not_with_its_neighbour(value, decimals) -> None:
    printed = f"{value:.{decimals}f}"
    assert agrees(value, printed)
    unit = 2 * half_unit_of(printed)
    assert not agrees(float(printed) + 1.01 * float(unit), printed)


def test_equation_uses_true_minus_signs_and_the_asked_decimals() -> None:
    def term(name: str, estimate: float) -> Coefficient:
        return Coefficient(name, estimate, None, None, None)

    terms = [term("const", -0.9736), term("AIG", -1.2194), term("EG", 0.4255)]
    assert equation("PI", terms) == "PI = −0.974 − 1.219 AIG + 0.425 EG"
    assert equation("PI", terms, decimals=1) == "PI = −1.0 − 1.2 AIG + 0.4 EG"
    assert equation("y", [term("x", 2.0)], decimals=0) == "y = 2 x"
    with pytest.raises(ValueError, match="no terms"):
        equation("PI", [])


@given(st.floats(0, 1))
def test_no_p_is_told_as_zero(p: float) -> None:
    said = told_p(p)
    assert "0.000" not in said
    assert (said == "p < 0.001") == (p < 0.0005)
    if p >= 0.0005:
        assert abs(float(said.removeprefix("p = ")) - p) <= 0.0005 + 1e-12
