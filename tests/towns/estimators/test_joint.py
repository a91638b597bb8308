from collections.abc import Callable

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import multivariate_normal, norm

from assets.towns.estimators.joint import critical_value, wald_test, with_band
from assets.towns.estimators.staggered.callaway_santanna import by_event_time, group_time
from assets.towns.estimators.town_effect import WithInfluence, estimates_with_influence
from assets.towns.panel.town_panel import TownPanel
from benchmarks.uniform_bands import CONTROLS, METHODS, coverage


def made(effect: np.ndarray, influence: np.ndarray) -> WithInfluence:
    labels = [("cell", str(cell), 1) for cell in range(len(effect))]
    return estimates_with_influence(
        "made", labels, effect, influence, tuple(map(str, range(len(influence))))
    )


def test_wald_is_the_quadratic_form() -> None:
    # Influence with variances 4 and 1, uncorrelated, four towns: variances of the means 1 and 1/4.
    influence = np.array([[2, 1], [2, -1], [-2, 1], [-2, -1]], dtype=float)
    test = wald_test(made(np.array([3.0, 0.5]), influence))
    assert test.statistic == pytest.approx(9 + 1)
    assert test.degrees_of_freedom == 2
    assert test.p_value == pytest.approx(np.exp(-5))  # chi-squared with two degrees


def test_effects_that_are_zero_or_repeated_do_not_count_twice() -> None:
    influence = np.array([[2, 0, 2], [2, 0, 2], [-2, 0, -2], [-2, 0, -2]], dtype=float)
    result = made(np.array([3.0, 0.0, 3.0]), influence)
    assert np.isnan(result.estimates[1].std_error)
    test = wald_test(result)
    assert test.degrees_of_freedom == 1
    assert test.statistic == pytest.approx(9)


def test_over_one_effect_it_is_the_normal_quantile() -> None:
    # 4,000 draws: the 95 % quantile is known to about 3 %.
    influence = np.random.default_rng(1).normal(size=(400, 1))
    found = critical_value(influence, np.random.default_rng(2), draws=4000)
    assert found == pytest.approx(norm.ppf(0.975), rel=0.05)


def test_over_independent_effects_it_is_sidaks() -> None:
    influence = np.random.default_rng(1).normal(size=(500, 8))
    found = critical_value(influence, np.random.default_rng(2), draws=4000)
    assert found == pytest.approx(norm.ppf(0.5 + 0.95 ** (1 / 8) / 2), rel=0.05)


def test_on_mpdta_it_is_the_quantile_of_the_largest_of_correlated_normals(mpdta: TownPanel) -> None:
    # The event study's correlations, integrated (Genz, in scipy) instead of drawn; 500 counties.
    events = by_event_time(group_time(mpdta, "never"))
    influence = events.influence[:, 1:]
    covariance = influence.T @ influence
    scale = np.sqrt(np.diag(covariance))
    correlation = covariance / np.outer(scale, scale)

    def left_out(bound: float) -> float:
        ends = np.full(len(correlation), bound)
        generator = np.random.default_rng(0)
        inside = multivariate_normal.cdf(
            ends, cov=correlation, lower_limit=-ends, rng=generator, abseps=1e-4, releps=1e-4
        )
        return float(inside) - 0.95

    exact = brentq(left_out, 1.96, 2.69, xtol=1e-3)  # 2.69: Sidak's, of seven independent ones
    found = critical_value(influence, np.random.default_rng(3), draws=20_000)
    assert found == pytest.approx(exact, rel=0.02)


def test_the_seed_gives_the_band_and_neither_reference_nor_mean_has_one(
    drawn_panel: Callable[..., TownPanel],
) -> None:
    result = by_event_time(group_time(drawn_panel(1), "never", "universal"))
    bands = [with_band(result, np.random.default_rng(7)).estimates for _ in range(2)]
    assert [one.band_low for one in bands[0][2:]] == pytest.approx(
        [one.band_low for one in bands[1][2:]], rel=0, abs=0, nan_ok=True
    )
    none = [one.cell for one in bands[0] if np.isnan(one.band_low)]
    assert none == ["", "e=-1"]
    for one in bands[0]:
        if one.cell not in none:
            assert one.band_low < one.low < one.high < one.band_high


def test_what_has_no_effects_by_event_time_stays_as_it_is() -> None:
    result = made(np.array([0.5]), np.random.default_rng(1).normal(size=(40, 1)))
    assert with_band(result, np.random.default_rng(2)) is result


@pytest.mark.parametrize("method", METHODS)
def test_bands_hold_all_effects_at_once(method: str) -> None:
    # 60 draws: 95 % is seen at 86.6 % or more (3 standard errors); intervals hold all in 75 %.
    found = coverage(method, controls=60, draws=60)
    assert found.band >= 0.866
    assert found.intervals <= found.band


@pytest.mark.slow
@pytest.mark.parametrize("controls", CONTROLS)
@pytest.mark.parametrize("method", METHODS)
def test_bands_hold_all_effects_at_once_with_few_controls(method: str, controls: int) -> None:
    # 150 draws: 95 % is seen at 89.7 % or more (3 standard errors).
    assert coverage(method, controls, draws=150).band >= 0.897
