"""The wild cluster bootstrap of tests before certification."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from assets.towns.assumptions.wild_bootstrap import wild_p_value
from assets.towns.panel.town_panel import PanelError, TownPanel
from benchmarks.monte_carlo_cases import pre_cells_wald, pre_events_wald, pre_trend_wald

DRAWS = 99
TESTS = pytest.mark.parametrize("test", [pre_trend_wald, pre_cells_wald, pre_events_wald])


def p_value(panel: TownPanel, test: Callable[..., object], draws: int = DRAWS) -> float:
    return wild_p_value(panel, test, np.random.default_rng(8), draws)


@TESTS
def test_a_trend_before_certification_is_found(
    drawn_panel: Callable[..., TownPanel], test: Callable[..., object]
) -> None:
    panel = drawn_panel(1, towns=80, noise=0.2)
    years = np.arange(len(panel.years))
    trended = replace(panel, outcome=panel.outcome + 0.5 * years * panel.ever_treated[:, None])
    assert p_value(trended, test) == 1 / (1 + DRAWS)


@TESTS
def test_treated_cells_do_not_count(
    drawn_panel: Callable[..., TownPanel], test: Callable[..., object]
) -> None:
    panel = drawn_panel(2)
    moved = replace(panel, outcome=panel.outcome + 5.0 * panel.treated)
    assert p_value(moved, test) == p_value(panel, test)


def test_town_and_year_effects_do_not_count(drawn_panel: Callable[..., TownPanel]) -> None:
    panel = drawn_panel(3)
    effects = np.arange(len(panel.town))[:, None] + np.arange(len(panel.years)) ** 2
    shifted = replace(panel, outcome=panel.outcome + effects)
    assert p_value(shifted, pre_trend_wald) == p_value(panel, pre_trend_wald)


def test_size_where_chi_squared_rejects_far_too_often(
    drawn_panel: Callable[..., TownPanel],
) -> None:
    # Ten towns a cohort. Band: 4 binomial standard errors over the samples, around 5 %.
    samples = [drawn_panel(seed, towns=40, weighted=False) for seed in range(100, 200)]
    wild = np.mean([p_value(panel, pre_cells_wald, 19) <= 0.05 for panel in samples])
    plain = np.mean([pre_cells_wald(panel).p_value <= 0.05 for panel in samples])
    assert wild == pytest.approx(0.05, abs=4 * np.sqrt(0.05 * 0.95 / len(samples)))
    assert plain > wild


def test_no_draws_are_refused(drawn_panel: Callable[..., TownPanel]) -> None:
    with pytest.raises(PanelError, match="draws is 0"):
        p_value(drawn_panel(1), pre_trend_wald, 0)
