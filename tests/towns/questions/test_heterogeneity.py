"""Effects by traits of towns, slopes, Covid at the same duration, and many tests at once."""

from collections.abc import Callable
from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from assets.towns.assumptions.multiple_testing import adjusted, holm, romano_wolf
from assets.towns.estimators.staggered.imputation import Imputed, impute
from assets.towns.estimators.town_effect import WithInfluence, estimates_with_influence
from assets.towns.panel.town_panel import PanelError, TownPanel
from assets.towns.questions.heterogeneity import (
    Trait,
    by_trait,
    covid_same_duration,
    for_whom,
    gradient,
    rule_same_duration,
    thirds,
    yes_or_no,
)
from assets.towns.simulation.design import Design
from benchmarks.simulated import SimulatedPanel, simulate_town_panel


@pytest.fixture(scope="module")
def simulated() -> SimulatedPanel:
    design = Design(
        towns=500, sellers_per_town=(10, 20), yearly_loss_share=0.0, ring_spillovers=(0, 0, 0)
    )
    return simulate_town_panel(design, np.random.default_rng(8))


@pytest.fixture(scope="module")
def imputed(simulated: SimulatedPanel) -> Imputed:
    return impute(simulated.panel)


def truth_of(simulated: SimulatedPanel, inside: np.ndarray) -> float:
    weight = simulated.panel.weight[:, None] * simulated.panel.treated * inside[:, None]
    return float(np.sum(weight * simulated.tau_log_sales) / weight.sum())


def test_terciles_are_the_planted_ones(simulated: SimulatedPanel, imputed: Imputed) -> None:
    gdp = simulated.country.place.baseline_gdp_per_head_cny
    trait = thirds("development_tercile", gdp[simulated.kept], among=gdp)
    *groups, contrast = by_trait(imputed, trait).estimates
    truth = [truth_of(simulated, trait.group == place) for place in range(3)]
    for cell, expected in zip(groups, truth, strict=True):
        assert cell.estimate == pytest.approx(expected, abs=3 * cell.std_error)
    assert (contrast.target, contrast.cell) == ("development_tercile_contrast", "")
    assert contrast.estimate == pytest.approx(truth[0] - truth[2], abs=3 * contrast.std_error)
    # The least developed third gains nearly twice as much; the design must be able to show it.
    assert contrast.estimate > 3 * contrast.std_error


def test_the_gradient_is_the_planted_one(simulated: SimulatedPanel, imputed: Imputed) -> None:
    log_gdp = np.log(simulated.country.place.baseline_gdp_per_head_cny[simulated.kept])
    found = gradient(imputed, "log_gdp", log_gdp).estimates[0]
    treated = simulated.panel.treated
    weight = (simulated.panel.weight[:, None] * treated)[treated]
    x = np.broadcast_to(log_gdp[:, None], treated.shape)[treated]
    truth = np.polyfit(x, simulated.tau_log_sales[treated], 1, w=np.sqrt(weight))[0]
    assert found.estimate == pytest.approx(truth, abs=3 * found.std_error)
    assert found.estimate < -3 * found.std_error
    with pytest.raises(PanelError, match="no slope"):
        gradient(imputed, "one", np.ones(len(log_gdp)))


def test_a_slope_on_a_group_is_the_difference_of_groups(imputed: Imputed) -> None:
    poor = np.arange(len(imputed.panel.town)) % 3 == 0
    contrast = by_trait(imputed, yes_or_no("poverty_county", poor)).estimates[-1]
    slope = gradient(imputed, "poverty_county", poor.astype(float)).estimates[0]
    assert slope.estimate == pytest.approx(contrast.estimate, abs=1e-12)


def test_groups_add_up_to_everybody(imputed: Imputed) -> None:
    # Weighted by their town-years, effects of groups are those of the whole.
    group = np.arange(len(imputed.panel.town)) % 2
    both = by_trait(imputed, Trait("half", ("a", "b"), group))
    weight = imputed.panel.weight * imputed.panel.treated.sum(axis=1)
    share = np.bincount(group, weight) / weight.sum()
    parts = np.array([cell.estimate for cell in both.estimates[:2]])
    treated = imputed.panel.treated
    cells = np.broadcast_to(imputed.panel.weight[:, None], treated.shape)[treated]
    assert share @ parts == pytest.approx(np.average(imputed.gap[treated], weights=cells))


def test_covid_at_the_same_duration_leaves_duration_out(
    drawn_panel: Callable[..., TownPanel],
) -> None:
    # An effect that grows by 1 with every year since certification, and by 0.5 from 2017 on.
    panel = drawn_panel(3, 40, effect=0.0, noise=0.0)
    elapsed = np.where(panel.treated, panel.years - panel.first_treated_year[:, None], 0)
    effect = panel.treated * (elapsed + 0.5 * (panel.years >= 2017))
    bent = impute(replace(panel, outcome=panel.outcome + effect))
    assert covid_same_duration(bent, 2017).estimates[0].estimate == pytest.approx(0.5, abs=1e-10)
    with pytest.raises(PanelError, match="both before 2014 and since"):
        covid_same_duration(bent, 2014)


def test_a_change_of_rule_is_compared_at_equal_durations(
    drawn_panel: Callable[..., TownPanel],
) -> None:
    panel = drawn_panel(3, noise=0.0)  # cohorts of 2014, 2015, 2017
    elapsed = panel.years[None, :] - panel.first_treated_year[:, None]
    later = panel.first_treated_year[:, None] >= 2017
    effect = np.where(panel.treated, np.where(panel.treated, elapsed, 0) + 0.5 * later, 0.0)
    bent = impute(replace(panel, outcome=panel.outcome + effect))
    assert rule_same_duration(bent, 2017).estimates[0].estimate == pytest.approx(0.5, abs=1e-10)
    with pytest.raises(PanelError, match="both before 2018 and since"):
        rule_same_duration(bent, 2018)


def test_for_whom_gathers_groups_and_differences(imputed: Imputed) -> None:
    size = imputed.panel.weight
    odd = np.arange(len(size)) % 2 == 1
    groups, contrasts = for_whom(imputed, [thirds("town_size", size), yes_or_no("odd", odd)])
    assert [cell.target for cell in contrasts.estimates] == ["town_size_contrast", "odd_contrast"]
    assert len(groups.estimates) == 4 + 3
    assert set(contrasts.estimates) <= set(groups.estimates)
    tests = adjusted(contrasts, np.random.default_rng(1), 499)
    assert all(one.p_value <= one.holm for one in tests)
    with pytest.raises(PanelError, match="no certified town-year"):
        by_trait(imputed, Trait("empty", ("a", "b"), np.zeros(len(size), dtype=np.int64)))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_holm_is_that_of_statsmodels(p_value: list[float]) -> None:
    with patch("gc.collect"):  # it looks for garbage in all that is loaded, a quarter of a second
        expected = multipletests(p_value, method="holm")[1]
    np.testing.assert_allclose(holm(np.array(p_value)), expected, atol=1e-12)


def made(z: list[float], influence: np.ndarray) -> WithInfluence:
    error = np.sqrt(np.sum(influence**2, axis=0)) / len(influence)
    labels = [("cell", str(place), 1) for place in range(len(z))]
    town = tuple(map(str, range(len(influence))))
    return estimates_with_influence("made", labels, np.array(z) * error, influence, town)


def test_romano_wolf_of_independent_effects_is_step_down_sidak() -> None:
    # Independent normal statistics: the distribution of the maximum is known, and statsmodels
    # steps down with it. 10,000 draws: four standard errors of a p of a half are 2 points.
    z = [0.5, 3.2, 2.4, -1.5, 2.0]
    orthogonal = np.linalg.qr(np.random.default_rng(4).normal(size=(2000, 5)))[0]
    result = made(z, orthogonal)
    tests = adjusted(result, np.random.default_rng(5), 10_000)
    expected = multipletests([one.p_value for one in tests], method="holm-sidak")[1]
    found = [one.romano_wolf for one in tests]
    assert found == pytest.approx(expected.tolist(), abs=0.02)
    assert found[1] == pytest.approx(expected[1], abs=0.004)


def test_romano_wolf_does_not_pay_for_repeated_tests() -> None:
    column = np.random.default_rng(4).normal(size=(2000, 1))
    result = made([2.2] * 6, np.repeat(column, 6, axis=1))
    found = romano_wolf(result, np.random.default_rng(5), 10_000)
    # Alone p = 0.0278; 10,000 draws: four standard errors are 0.0066. Holm asks for six times it.
    assert found == pytest.approx([0.0278] * 6, abs=0.0066)


def test_an_effect_without_error_is_refused() -> None:
    influence = np.ones((4, 2))
    influence[:, 1] = 0
    with pytest.raises(PanelError, match="cell 1 has no standard error"):
        adjusted(made([1.0, 0.0], influence), np.random.default_rng(1))


@pytest.mark.slow
def test_romano_wolf_keeps_the_chance_of_one_false_finding() -> None:
    # 1,000 draws of eight correlated effects of zero: 5 % is seen between 3 and 7 %.
    generator = np.random.default_rng(6)
    false = 0
    for seed in range(1000):
        data = generator.normal(size=(200, 1)) + generator.normal(size=(200, 8))
        labels = [("cell", str(place), 1) for place in range(8)]
        mean = data.mean(axis=0)
        result = estimates_with_influence(
            "made", labels, mean, data - mean, tuple(map(str, range(200)))
        )
        false += bool(np.any(romano_wolf(result, np.random.default_rng(seed), 399) < 0.05))
    assert 0.03 <= false / 1000 <= 0.07
