"""Stepwise, best subset, principal components and lasso against statsmodels and scikit-learn."""

from itertools import combinations

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.poverty.robustness.methods.lasso import lasso, lasso_path, path_at
from assets.poverty.robustness.methods.principal_components import principal_components_regression
from assets.poverty.robustness.methods.subset_selection import best_subset, fit_subsets, stepwise
from assets.regression.ols import ordinary_least_squares

SAMPLES = pytest.mark.parametrize("name", ["hald", "longley", "gansu"])
TOLERANCE = 1e-8


def fit(y, X):
    return sm.OLS(y, sm.add_constant(X, has_constant="add")).fit()


@pytest.fixture(scope="module")
def sklearn(reference):
    return reference.json("robustness/sklearn_reference.json")


@SAMPLES
def test_every_subset_is_that_of_statsmodels(samples, name) -> None:
    s = samples[name]
    n = len(s.y)
    subsets = fit_subsets(s.y, s.X)
    assert len(subsets) == 2 ** len(s.names)
    for columns, found in subsets.items():
        if not columns:
            continue
        plain = fit(s.y, s.X[:, columns])
        assert found.slope == pytest.approx(plain.params[1:], rel=TOLERANCE)
        assert found.p == pytest.approx(plain.pvalues[1:], rel=1e-6)
        K = len(columns) + 2
        # -2 log-likelihood differs from n ln(SSE/n) by a constant that is the same for all.
        aic = -2 * plain.llf - n * (1 + np.log(2 * np.pi)) + 2 * K
        if n - K - 1 > 0:
            aicc = aic + 2 * K * (K + 1) / (n - K - 1)
            assert found.aicc == pytest.approx(aicc, rel=TOLERANCE, abs=1e-7)
        else:
            assert found.aicc is None


def plain_stepwise(y, X, names, enter, remove):
    """The rule in words, with refits by statsmodels."""
    inside, path = [], []
    while True:
        p = {
            j: fit(y, X[:, [*inside, j]]).pvalues[-1] for j in range(len(names)) if j not in inside
        }
        if not p or min(p.values()) > enter:
            return path, sorted(inside)
        inside.append(min(p, key=p.get))
        path.append(("entered", names[inside[-1]]))
        while inside:
            values = fit(y, X[:, inside]).pvalues[1:]
            if values.max() < remove:
                break
            path.append(("removed", names[inside.pop(int(values.argmax()))]))


@SAMPLES
@pytest.mark.parametrize(("enter", "remove"), [(0.05, 0.10), (0.15, 0.16), (0.30, 0.35)])
def test_stepwise_takes_the_same_steps_as_refitting(samples, name, enter, remove) -> None:
    s = samples[name]
    result = stepwise(fit_subsets(s.y, s.X), s.names, enter, remove)
    steps, inside = plain_stepwise(s.y, s.X, s.names, enter, remove)
    assert [(step.action, step.term) for step in result.steps] == steps
    assert result.kept == tuple(s.names[j] for j in inside)
    assert result.slope[inside] == pytest.approx(fit(s.y, s.X[:, inside]).params[1:], rel=TOLERANCE)


def test_hald_stepwise_is_the_textbook_path(samples) -> None:
    # Draper and Smith, Applied Regression Analysis, with alpha .15: X4, X1, X2 enter, X4 leaves.
    # Under SPSS's .05 X2 (p = .052) stays out.
    s = samples["hald"]
    subsets = fit_subsets(s.y, s.X)
    wide = stepwise(subsets, s.names, 0.15, 0.1501)
    assert [(step.action, step.term) for step in wide.steps] == [
        ("entered", "X4"),
        ("entered", "X1"),
        ("entered", "X2"),
        ("removed", "X4"),
    ]
    assert wide.kept == ("X1", "X2")
    assert wide.steps[2].p == pytest.approx(0.05169, abs=5e-6)
    assert wide.steps[3].p == pytest.approx(0.20540, abs=5e-6)
    assert stepwise(subsets, s.names).kept == ("X1", "X4")


def test_stepwise_may_keep_nothing_and_refuses_a_circle() -> None:
    rng = np.random.default_rng(8)
    y, X = rng.normal(size=12), rng.normal(size=(12, 2))
    subsets = fit_subsets(y, X)
    assert stepwise(subsets, ("a", "b"), 1e-9, 0.1).kept == ()
    with pytest.raises(ValueError, match="enter must be below remove"):
        stepwise(subsets, ("a", "b"), 0.1, 0.1)


@SAMPLES
def test_best_subset_has_the_smallest_aicc_by_statsmodels(samples, name) -> None:
    s = samples[name]
    n, p = len(s.y), len(s.names)
    scores = {}
    for size in range(p + 1):
        for columns in combinations(range(p), size):
            K = size + 2
            if n - K - 1 > 0:
                design = np.column_stack([np.ones(n), s.X[:, columns]])
                llf = sm.OLS(s.y, design).fit().llf
                scores[columns] = -2 * llf + 2 * K + 2 * K * (K + 1) / (n - K - 1)
    expected = min(scores, key=scores.get)
    assert best_subset(fit_subsets(s.y, s.X), s.names).kept == tuple(s.names[j] for j in expected)


@SAMPLES
def test_principal_components_are_those_of_scikit_learn(samples, sklearn, name) -> None:
    s = samples[name]
    result = principal_components_regression(s.y, s.X, s.names)
    for m, expected in enumerate(sklearn[name]["principal_components"]):
        assert result.slope[m] == pytest.approx(expected["slope"], rel=TOLERANCE)
        assert result.R2[m] == pytest.approx(expected["R2"], rel=TOLERANCE)
        assert result.leave_one_out_rmse[m] == pytest.approx(expected["loo_rmse"], rel=TOLERANCE)


@SAMPLES
def test_all_components_are_ols(samples, name) -> None:
    s = samples[name]
    result = principal_components_regression(s.y, s.X, s.names)
    ols = ordinary_least_squares(s.y, s.X, s.names).coefficients[1:]
    assert result.slope[-1] == pytest.approx([c.estimate for c in ols], rel=TOLERANCE)
    assert result.std_error[-1] == pytest.approx([c.std_error for c in ols], rel=TOLERANCE)
    assert result.p[-1] == pytest.approx([c.p for c in ols], rel=1e-6)
    assert result.explained_share.sum() == pytest.approx(1)


def test_errors_of_one_component_are_those_of_regressing_on_it(samples) -> None:
    s = samples["gansu"]
    Z = (s.X - s.X.mean(axis=0)) / s.X.std(axis=0)
    direction = np.linalg.eigh(Z.T @ Z)[1][:, -1]
    plain = fit(s.y, Z @ direction)
    result = principal_components_regression(s.y, s.X, s.names)
    expected = plain.bse[1] * np.abs(direction) / s.X.std(axis=0)
    assert result.std_error[0] == pytest.approx(expected, rel=TOLERANCE)
    assert result.p[0] == pytest.approx([plain.pvalues[1]] * 4, rel=1e-6)


@SAMPLES
def test_lasso_path_is_that_of_scikit_learn(samples, sklearn, name) -> None:
    s, expected = samples[name], sklearn[name]["lasso"]
    path = lasso_path(s.y, s.X)
    # Absolute, on the scale of y per standard deviation: a coefficient may be exactly 0.
    scale = np.abs(expected["path_standardised"]).max()
    assert path.penalty == pytest.approx(expected["path_penalty"], rel=1e-7, abs=1e-12)
    assert path.standardised / scale == pytest.approx(
        np.array(expected["path_standardised"]) / scale, abs=TOLERANCE
    )
    # scikit-learn's coordinate descent stops at a duality gap of 1e-15, some 1e-8 from the minimum.
    at = path_at(path, np.array(expected["penalty"]))
    descent = np.array(expected["coordinate_descent_standardised"])
    assert at / scale == pytest.approx(descent / scale, abs=1e-7)


def leave_one_out_rmse(s, penalties):
    """By penalty: every row predicted from the path of the others."""
    errors = []
    for i in range(len(s.y)):
        y, X = np.delete(s.y, i), np.delete(s.X, i, axis=0)
        z = (s.X[i] - X.mean(axis=0)) / X.std(axis=0)
        errors.append(s.y[i] - y.mean() - path_at(lasso_path(y, X), penalties) @ z)
    return np.sqrt(np.square(errors).mean(axis=0))


@SAMPLES
def test_leave_one_out_errors_are_those_of_scikit_learn(samples, sklearn, name) -> None:
    # Tolerance: coordinate descent, as above.
    expected = sklearn[name]["lasso"]
    errors = leave_one_out_rmse(samples[name], np.array(expected["penalty"]))
    assert errors == pytest.approx(expected["loo_rmse"], rel=TOLERANCE)


@SAMPLES
def test_no_penalty_predicts_better_than_the_one_chosen(samples, name) -> None:
    s = samples[name]
    result = lasso(s.y, s.X, s.names)
    at = np.concatenate(
        [
            np.linspace(0, result.path.penalty[0], 20_001),
            result.penalty * (1 + np.linspace(-1e-3, 1e-3, 20_001)),
        ]
    )
    assert result.leave_one_out_rmse == pytest.approx(
        leave_one_out_rmse(s, np.array([result.penalty]))[0], rel=1e-12
    )
    assert result.leave_one_out_rmse <= leave_one_out_rmse(s, at).min() * (1 + 1e-12)


@SAMPLES
def test_lasso_without_penalty_is_ols(samples, name) -> None:
    s = samples[name]
    ols = [c.estimate for c in ordinary_least_squares(s.y, s.X, s.names).coefficients[1:]]
    assert lasso_path(s.y, s.X).standardised[-1] / s.X.std(axis=0) == pytest.approx(ols, rel=1e-7)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 5), st.floats(0, 3))
def test_lasso_meets_the_conditions_of_its_minimum(seed, p, common) -> None:
    """Correlations with the residual: penalty × sign inside, at most the penalty outside."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(8, p)) + common * np.arange(8)[:, None]
    y = rng.normal(size=8) + common * np.arange(8)
    path = lasso_path(y, X)
    Z = (X - X.mean(axis=0)) / X.std(axis=0)
    penalties = path.penalty[0] * np.array([0.97, 0.6, 0.3, 0.1, 0.01, 0.0])
    for penalty, b in zip(penalties, path_at(path, penalties), strict=True):
        correlation = Z.T @ (y - y.mean() - Z @ b) / len(y)
        slack = 1e-9 * max(1.0, float(np.abs(b).max()))
        assert np.abs(correlation).max() <= penalty + slack
        inside = np.abs(b) > 1e-7
        assert correlation[inside] == pytest.approx(penalty * np.sign(b[inside]), abs=slack)
