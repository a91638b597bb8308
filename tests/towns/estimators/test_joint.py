from collections.abc import Callable

import numpy as np
import pytest
from scipy.stats import norm

from assets.towns.estimators.callaway_santanna import by_event_time, group_time
from assets.towns.estimators.joint import uniform_band, wald_test
from assets.towns.estimators.town_effect import WithInfluence, estimates_with_influence
from assets.towns.panel.town_panel import TownPanel


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


def test_a_band_over_one_effect_is_its_interval() -> None:
    # 4,000 draws: the 95 % quantile is known to about 3 %.
    generator = np.random.default_rng(1)
    result = made(np.array([0.5]), generator.normal(size=(400, 1)))
    band = uniform_band(result, np.random.default_rng(2), draws=4000)
    assert band.critical_value == pytest.approx(norm.ppf(0.975), rel=0.05)
    assert band.low == pytest.approx([result.estimates[0].low], abs=0.01)


def test_a_band_over_independent_effects_has_sidaks_width() -> None:
    generator = np.random.default_rng(1)
    result = made(np.zeros(8), generator.normal(size=(500, 8)))
    band = uniform_band(result, np.random.default_rng(2), draws=4000)
    assert band.critical_value == pytest.approx(norm.ppf(0.5 + 0.95 ** (1 / 8) / 2), rel=0.05)


def test_the_seed_gives_the_band_and_the_reference_has_none(
    drawn_panel: Callable[..., TownPanel],
) -> None:
    result = by_event_time(group_time(drawn_panel(1), "never", "universal"))
    reference = [one.cell == "e=-1" for one in result.estimates]
    bands = [uniform_band(result, np.random.default_rng(7), draws=199) for _ in range(2)]
    np.testing.assert_array_equal(bands[0].low, bands[1].low)
    np.testing.assert_array_equal(np.isnan(bands[0].low), reference)


@pytest.mark.slow
def test_bands_hold_all_effects_at_once(drawn_panel: Callable[..., TownPanel]) -> None:
    # 500 draws: 95 % is seen between 92.7 and 97.3 % (2.3 standard errors).
    held = []
    for seed in range(500):
        result = by_event_time(group_time(drawn_panel(seed, 400, effect=0.3), "never"))
        cells = result.take(np.array([one.cell != "" for one in result.estimates]))
        band = uniform_band(cells, np.random.default_rng(seed), draws=499)
        truth = [0.3 if "-" not in one.cell else 0.0 for one in cells.estimates]
        held.append(bool(np.all((band.low <= truth) & (truth <= band.high))))
    assert 0.927 <= np.mean(held) <= 0.973
