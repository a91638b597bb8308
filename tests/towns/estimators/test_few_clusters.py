"""Effective numbers of towns, and intervals where they are few."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm, t

from assets.towns.estimators.few_clusters import (
    FEW_CLUSTERS,
    degrees_of_freedom,
    with_few_clusters,
)
from assets.towns.estimators.synthetic.synthetic_did import effective_clusters_of, synthetic_did
from assets.towns.estimators.synthetic.synthetic_did_inference import for_few_controls, jackknife
from assets.towns.estimators.town_effect import TownEffect, normal_interval
from assets.towns.panel.effective_clusters import (
    EffectiveClusters,
    effective_clusters,
    effective_number,
)
from benchmarks.few_controls import CONTROLS, METHODS, null_panel, sizes


@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=30), st.floats(0.1, 10))
def test_effective_numbers_lie_between_one_and_all(weights: list[float], scale: float) -> None:
    found = effective_number(np.array(weights))
    assert 1 - 1e-9 <= found <= len(weights) + 1e-9
    assert effective_number(scale * np.array(weights)) == pytest.approx(found)
    assert effective_number(np.ones(len(weights))) == pytest.approx(len(weights))


def test_effective_numbers_of_a_panel_and_of_a_fit() -> None:
    panel = null_panel(7, np.random.default_rng(1))
    assert effective_clusters(panel) == EffectiveClusters(100.0, 7.0)
    certified = panel.take(panel.ever_treated)
    assert effective_clusters(certified) == EffectiveClusters(67.0, 33.0)  # the last cohort
    fit = effective_clusters_of(synthetic_did(panel))
    assert fit.treated == pytest.approx(100)
    assert 1 <= fit.controls <= 7


def test_few_towns_widen_the_interval_to_that_of_t() -> None:
    low, high = normal_interval(0.3, 0.1)
    effect = TownEffect("e", "att", "", 0.3, 0.1, low, high, "jackknife", 107, 100)
    few = with_few_clusters(effect, EffectiveClusters(100.0, 7.0))
    assert few.high - few.estimate == pytest.approx(0.1 * t.ppf(0.975, 6))
    assert with_few_clusters(effect, EffectiveClusters(100.0, FEW_CLUSTERS)) is effect


def test_few_towns_widen_a_band_to_the_quantile_of_t_that_is_as_far_out() -> None:
    low, high = normal_interval(0.3, 0.1)
    far = 0.1 * norm.ppf(0.995)  # as a band over several effects may have it
    effect = TownEffect(
        "e", "event_time", "e=1", 0.3, 0.1, low, high, "analytic", 107, 100, 0.3 - far, 0.3 + far
    )
    few = with_few_clusters(effect, EffectiveClusters(100.0, 7.0))
    assert few.band_high - few.estimate == pytest.approx(0.1 * t.ppf(0.995, 6))
    assert few.estimate - few.band_low == pytest.approx(0.1 * t.ppf(0.995, 6))
    distant = replace(effect, band_low=-0.7, band_high=1.3)  # ten errors, where ndtr is 1
    assert math.isfinite(with_few_clusters(distant, EffectiveClusters(100.0, 61.0)).band_high)
    many = with_few_clusters(effect, EffectiveClusters(100.0, 61.0))
    assert (many.low, many.high) == (low, high)
    assert many.band_high - many.estimate == pytest.approx(0.1 * t.ppf(0.995, 60))


def test_no_town_counts_for_less_than_one_degree_of_freedom() -> None:
    assert degrees_of_freedom(EffectiveClusters(1.0, 9.0)) == 1.0


def test_the_last_cohort_as_controls_pays_for_year_weights_too() -> None:
    panel = null_panel(7, np.random.default_rng(2))
    fit = synthetic_did(panel, control_pool="last")
    before = jackknife(fit)
    after = for_few_controls(fit, before)
    last = panel.first_treated_year[fit.towns] == 2019
    assert last.sum() > 7
    changed = np.any(after.influence != before.influence, axis=1)
    np.testing.assert_array_equal(changed, last)


@pytest.mark.slow
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("controls", CONTROLS)
def test_size_with_few_controls(method: str, controls: int) -> None:
    _, few = sizes(method, controls, draws=150)
    # 5 %: three standard errors of 150 draws are 5.3 points
    assert few < 0.05 + 0.053


def test_year_weights_cost_the_few_controls_degrees_of_freedom() -> None:
    panel = null_panel(7, np.random.default_rng(1))
    fit = synthetic_did(panel)
    before = jackknife(fit)
    after = for_few_controls(fit, before)
    controls = effective_clusters_of(fit).controls
    mass = [cohort.mass for cohort in fit.cohorts]
    years = [np.sum(cohort.weights.lam > 1e-6) for cohort in fit.cohorts]
    spent = np.average(years, weights=mass) - 1
    assert spent > 0
    certified = panel.ever_treated[fit.towns]
    np.testing.assert_array_equal(after.influence[certified], before.influence[certified])
    np.testing.assert_allclose(
        after.influence[~certified] ** 2,
        before.influence[~certified] ** 2 * (controls - 1) / (controls - 1 - spent),
    )
    for one, other in zip(before.estimates, after.estimates, strict=True):
        assert (one.estimate, one.inference) == (other.estimate, other.inference)
        assert other.std_error > one.std_error
        assert other.high - other.estimate == pytest.approx(norm.ppf(0.975) * other.std_error)
