"""Interval regression: programs of others, slopes that are there, and maxima that are not."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.regression.estimable import NotEstimable
from assets.regression.interval_regression import Intervals, interval_regression

REFERENCE = Path(__file__).parents[1] / "reference/panel"
CUTS = np.array([-np.inf, -1.0, 0.0, 0.5, 2.0, np.inf])
# Tobin (1958), Econometrica 26: durable goods, age and liquidity of 20 households, as R survival
# ships them (`tobin`).
TOBIN = np.array(
    [
        [0, 57.7, 236], [0.7, 50.9, 283], [0, 48.5, 207], [0, 41.7, 220], [0, 47.7, 238],
        [0, 59.8, 216], [0, 44.3, 284], [3.7, 45.1, 221], [0, 51.7, 275], [3.0, 50, 269],
        [10.4, 46.8, 207], [0, 58, 249], [0, 58.9, 246], [0, 40, 277], [1.5, 34.1, 231],
        [0, 39.9, 219], [0, 33.4, 240], [3.5, 48.1, 266], [6.1, 46.6, 214], [0, 53.1, 251],
    ]
)  # fmt: skip


def of_points(low: np.ndarray, high: np.ndarray) -> Intervals:
    return Intervals(low, high, np.arange(len(low)))


def in_classes(y: np.ndarray) -> Intervals:
    place = np.searchsorted(CUTS, y, side="right")
    return of_points(CUTS[place - 1], CUTS[place])


def design(rng: np.random.Generator, n: int) -> np.ndarray:
    return np.column_stack([np.ones(n), rng.normal(size=(n, 2))])


def test_a_censored_regression_is_that_of_r_survreg() -> None:
    # R survival 3.8-11, survreg(Surv(durable, durable > 0, type = "left") ~ age + quant,
    # dist = "gaussian"): coefficients, scale and log likelihood to 12 digits (survreg stops
    # where these change by 1e-9 of themselves); errors as its documentation prints them.
    durable = TOBIN[:, 0]
    X = np.column_stack([np.ones(20), TOBIN[:, 1:]])
    found = interval_regression(of_points(np.where(durable == 0, -np.inf, durable), durable), X)
    assert found.coefficient == pytest.approx(
        [15.1448663607, -0.129059284097, -0.0455416629543], rel=1e-8
    )
    assert np.exp(found.log_sigma) == pytest.approx(5.57253976309, rel=1e-9)
    assert found.log_likelihood == pytest.approx(-28.9401331997, abs=1e-9)
    errors = np.sqrt(np.diag(found.covariance))
    assert errors == pytest.approx([16.0795, 0.2186, 0.0583, 0.3103], abs=5e-5)


def test_classes_bounds_and_points_are_those_of_lifelines() -> None:
    # lifelines 0.30.3, whose gradient stops at 2e-9 of the mean log likelihood.
    frame = pd.read_csv(REFERENCE / "intervals.csv")
    told = json.loads((REFERENCE / "lifelines.json").read_text(encoding="utf-8"))
    low, high = frame["low"].to_numpy(), frame["high"].to_numpy()
    X = np.column_stack([np.ones(len(frame)), frame[["x1", "x2"]]])
    with np.errstate(divide="ignore"):
        found = interval_regression(of_points(np.log(low), np.log(high)), X)
    assert found.coefficient == pytest.approx(list(told["coefficient"].values()), rel=1e-7)
    assert found.log_sigma == pytest.approx(told["log_sigma"], rel=1e-7)
    errors = np.sqrt(np.diag(found.covariance))
    wanted = [*told["std_error"].values(), told["log_sigma_std_error"]]
    assert errors == pytest.approx(wanted, rel=1e-6)
    # a density of the outcome there, of its logarithm here
    jacobian = np.log(low[low == high]).sum()
    assert found.log_likelihood - jacobian == pytest.approx(told["log_likelihood"], abs=1e-8)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_points_alone_are_least_squares(seed: int) -> None:
    rng = np.random.default_rng(seed)
    X = design(rng, 30)
    y = X @ [0.3, 1.0, -2.0] + rng.normal(size=30)
    found = interval_regression(of_points(y, y), X)
    expected, (rss,), *_ = np.linalg.lstsq(X, y, rcond=None)
    assert found.coefficient == pytest.approx(expected, rel=1e-8, abs=1e-9)
    assert np.exp(2 * found.log_sigma) == pytest.approx(rss / 30, rel=1e-8)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.floats(-5, 5), st.floats(0.1, 10))
def test_slopes_follow_the_scale_of_the_outcome(seed: int, shift: float, scale: float) -> None:
    rng = np.random.default_rng(seed)
    X = design(rng, 80)
    known = in_classes(X @ [0.2, 0.7, -0.4] + rng.normal(size=80))
    found = interval_regression(known, X)
    moved = interval_regression(of_points(shift + scale * known.low, shift + scale * known.high), X)
    assert moved.coefficient == pytest.approx(
        scale * found.coefficient + [shift, 0, 0], rel=1e-6, abs=1e-7
    )
    assert moved.std_error == pytest.approx(scale * found.std_error, rel=1e-6)


def test_a_slope_that_is_put_in_is_found_and_its_interval_covers() -> None:
    """400 draws of 31 clusters by 4: coverage within what chance allows of 95 % (2.2 points)."""
    rng = np.random.default_rng(20)
    inside, slopes = 0, []
    for _ in range(400):
        X = design(rng, 124)
        known = in_classes(X @ [0.2, 0.7, -0.4] + rng.normal(size=124))
        cluster = np.repeat(np.arange(31), 4)
        found = interval_regression(Intervals(known.low, known.high, cluster), X)
        slopes.append(found.coefficient[1])
        inside += abs(found.coefficient[1] - 0.7) < 2.042 * found.std_error[1]
    assert np.mean(slopes) == pytest.approx(0.7, abs=0.02)
    assert 0.92 <= inside / 400 <= 0.98


def test_the_order_of_rows_says_nothing() -> None:
    rng = np.random.default_rng(3)
    X = design(rng, 60)
    known = in_classes(X @ [0.2, 0.7, -0.4] + rng.normal(size=60))
    order = rng.permutation(60)
    turned = Intervals(known.low[order], known.high[order], known.cluster[order])
    one, other = interval_regression(known, X), interval_regression(turned, X[order])
    assert other.coefficient == pytest.approx(one.coefficient, rel=1e-9)
    assert other.std_error == pytest.approx(one.std_error, rel=1e-8)


@pytest.mark.parametrize("fault", ["perfect", "one_cut", "no_end", "turned", "collinear"])
def test_what_no_interval_determines_is_refused(fault: str) -> None:
    rng = np.random.default_rng(5)
    X = design(rng, 60)
    known = in_classes(X @ [0.2, 0.7, -0.4] + rng.normal(size=60))
    low, high = known.low, known.high
    if fault == "perfect":  # a regressor that tells the lowest class from all others
        X[:, 2] = np.where(np.isneginf(low), -1.0, 1.0)
        high = np.where(np.isneginf(low), -1.0, np.inf)
        low = np.where(np.isneginf(low), low, -1.0)
    elif fault == "one_cut":  # below or above zero: nothing tells how far outcomes spread
        low, high = np.where(high <= 0, -np.inf, 0.0), np.where(high <= 0, 0.0, np.inf)
    elif fault == "no_end":
        low, high = np.full(60, -np.inf), np.full(60, np.inf)
    elif fault == "turned":
        low, high = np.where(np.isfinite(high), high, 9.0), np.where(np.isfinite(low), low, -9.0)
    else:
        X[:, 2] = 2 * X[:, 1]
    with pytest.raises(NotEstimable):
        interval_regression(of_points(low, high), X)
