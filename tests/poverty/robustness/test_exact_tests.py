"""Enumerated tests against the same enumeration in plain Python, refitting every time."""

from itertools import permutations, product

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.poverty.robustness.methods import exact_tests as module
from assets.poverty.robustness.methods.exact_tests import exact_tests

TIE = 1e-9


def fit(y, X):
    return sm.OLS(y, sm.add_constant(X, has_constant="add")).fit()


def restricted(y, X, j):
    others = np.delete(X, j, axis=1)
    design = np.column_stack([np.ones(len(y)), others])
    fitted = design @ np.linalg.lstsq(design, y, rcond=None)[0]
    return fitted, y - fitted


def share(observed, statistics) -> float:
    return sum(value >= observed * (1 - TIE) for value in statistics) / len(statistics)


def small_sample(n, p, effect):
    rng = np.random.default_rng(n * 10 + p)
    X = rng.normal(size=(n, p))
    return effect * X[:, 0] + rng.normal(size=n), X, tuple("abcd"[:p])


@pytest.mark.parametrize(("n", "p", "effect"), [(4, 1, 1.0), (5, 2, 2.0), (5, 3, 0.0), (6, 2, 1.0)])
def test_every_p_equals_plain_enumeration(n, p, effect) -> None:
    y, X, names = small_sample(n, p, effect)
    result = exact_tests(y, X, names, np.random.default_rng(0))
    plain = fit(y, X)
    every_F = [fit(np.array(order), X).fvalue for order in permutations(y)]
    assert result.F.p == share(plain.fvalue, every_F)
    assert result.F.arrangements == len(every_F)
    for j in range(p):
        fitted, residual = restricted(y, X, j)
        observed = abs(plain.tvalues[1 + j])
        orders = [
            abs(fit(fitted + np.array(order), X).tvalues[1 + j]) for order in permutations(residual)
        ]
        signs = [
            abs(fit(fitted + residual * np.array(pattern), X).tvalues[1 + j])
            for pattern in product((1, -1), repeat=n)
        ]
        assert result.permutation[j].p == share(observed, orders)
        assert result.sign_flip[j].p == share(observed, signs)
        assert result.sign_flip[j].arrangements == 2**n


def test_permutation_of_nine_rows_goes_through_every_order_once() -> None:
    blocks = list(module._orders(9, np.random.default_rng(0)))
    assert max(map(len, blocks)) == 40320
    orders = np.concatenate(blocks)
    codes = orders @ 10 ** np.arange(9)
    assert len(np.unique(codes)) == len(codes) == 362880
    assert (np.sort(orders, axis=1) == np.arange(9)).all()


def test_F_of_one_regressor_is_the_permutation_test_of_a_correlation() -> None:
    y, X, names = small_sample(7, 1, 0.7)
    x = X[:, 0] - X[:, 0].mean()
    every = [abs(float(np.array(order) @ x)) for order in permutations(y)]
    result = exact_tests(y, X, names, np.random.default_rng(0))
    assert result.F.p == share(abs(float(y @ x)), every)
    assert result.permutation[0].p == result.F.p  # without other regressors they are one test


def test_drawn_where_too_many_and_then_reproducible(samples, monkeypatch) -> None:
    monkeypatch.setattr(module, "DRAWN", 20_000)
    s = samples["longley"]
    one = exact_tests(s.y, s.X, s.names, np.random.default_rng(5))
    two = exact_tests(s.y, s.X, s.names, np.random.default_rng(5))
    assert one == two
    assert not one.F.enumerated
    assert one.F.p == 1 / (1 + module.DRAWN)  # F = 330: no drawn order comes near
    assert one.sign_flip[0].enumerated  # 2^16


def test_gansu_signs_by_statsmodels(samples) -> None:
    # All 256 patterns of signs by statsmodels; the permutations are covered on smaller n above.
    s = samples["gansu"]
    result = exact_tests(s.y, s.X, s.names, np.random.default_rng(0))
    plain = fit(s.y, s.X)
    for j in range(4):
        fitted, residual = restricted(s.y, s.X, j)
        signs = [
            abs(fit(fitted + residual * np.array(pattern), s.X).tvalues[1 + j])
            for pattern in product((1, -1), repeat=8)
        ]
        assert result.sign_flip[j].p == share(abs(plain.tvalues[1 + j]), signs)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.floats(0.1, 100), st.floats(-50, 50))
def test_units_do_not_matter(seed, scale, shift) -> None:
    rng = np.random.default_rng(seed)
    y, X = rng.normal(size=6), rng.normal(size=(6, 2))
    one = exact_tests(y, X, ("a", "b"), rng)
    two = exact_tests(shift - scale * y, shift + scale * X, ("a", "b"), rng)
    assert one == two


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10**6))
def test_p_never_falls_below_its_floor(seed) -> None:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(7, 2))
    y = 50 * X[:, 0] + 0.01 * rng.normal(size=7)
    result = exact_tests(y, X, ("a", "b"), rng)
    assert result.F.p >= 1 / 5040
    assert all(test.p >= 2 / 2**7 for test in result.sign_flip)
