"""Sums and differences of effects: values by hand, errors from the influence of each town."""

from collections.abc import Callable

import numpy as np
import pytest

from assets.towns.estimators.staggered.contrasts import (
    beside,
    covid_contrast,
    effects_by_group,
    first_less_last,
    group_contrast,
    later_cohorts,
    long_run,
)
from assets.towns.estimators.staggered.imputation import imputation, impute
from assets.towns.estimators.town_effect import WithInfluence, estimates_with_influence
from assets.towns.panel.town_panel import PanelError, TownPanel

EXACT = 1e-12


def made(
    cells: list[tuple[str, str, int]], effect: list[float], towns: str = "abcdefgh"
) -> WithInfluence:
    generator = np.random.default_rng(len(effect))
    influence = generator.normal(size=(len(towns), len(effect)))
    return estimates_with_influence("made", cells, np.array(effect), influence, tuple(towns))


def test_the_slope_over_cohorts_is_that_of_first_years_alone() -> None:
    cells = [
        ("group_time", "g=2014,t=2014", 10),
        ("group_time", "g=2014,t=2015", 10),  # not a first year
        ("group_time", "g=2015,t=2015", 20),
        ("group_time", "g=2017,t=2017", 5),
    ]
    effect = [0.1, 9.0, 0.2, 0.25]
    (found,) = later_cohorts(made(cells, effect)).estimates
    expected = np.polyfit([2014, 2015, 2017], [0.1, 0.2, 0.25], 1, w=np.sqrt([10, 20, 5]))[0]
    assert found.estimate == pytest.approx(expected, rel=1e-9)  # polyfit solves to about 1e-12
    with pytest.raises(PanelError, match="fewer than two cohorts"):
        later_cohorts(made(cells[:2], effect[:2]))


def test_the_long_run_starts_three_years_after_certification() -> None:
    cells = [("event_time", f"e={e}", n) for e, n in ((-1, 9), (0, 9), (2, 9), (3, 6), (4, 2))]
    (found,) = long_run(made(cells, [5.0, 5.0, 5.0, 0.4, 0.8])).estimates
    assert found.estimate == pytest.approx((6 * 0.4 + 2 * 0.8) / 8, rel=EXACT)
    with pytest.raises(PanelError, match="no town is seen 3 years"):
        long_run(made(cells[:3], [5.0, 5.0, 5.0]))


def test_covid_is_since_less_before_and_passes_over_the_mean_of_all() -> None:
    cells = [("calendar_year", "", 9)]
    cells += [("calendar_year", f"t={t}", n) for t, n in ((2018, 1), (2019, 3), (2020, 2))]
    (found,) = covid_contrast(made(cells, [7.0, 0.2, 0.4, 0.5]), 2020).estimates
    assert found.estimate == pytest.approx(0.5 - (0.2 + 3 * 0.4) / 4, rel=EXACT)
    with pytest.raises(PanelError, match="no certified town-year before or none since 2021"):
        covid_contrast(made(cells, [7.0, 0.2, 0.4, 0.5]), 2021)


def test_a_difference_has_the_error_of_the_difference() -> None:
    both = made([("size", "1", 4), ("size", "2", 4)], [0.5, 0.2])
    (found,) = first_less_last(both, "size_contrast").estimates
    apart = both.influence[:, 0] - both.influence[:, 1]
    assert found.estimate == pytest.approx(0.3, rel=EXACT)
    assert found.std_error == pytest.approx(np.sqrt(np.sum(apart**2)) / 8, rel=EXACT)


def test_results_of_different_towns_keep_their_errors_side_by_side() -> None:
    label = [("att", "", 3)]
    one, other = made(label, [0.5]), made(label, [0.2], towns="ghijk")
    both = beside(one, other)
    errors = np.sqrt(np.sum(both.influence**2, axis=0)) / len(both.town)
    assert both.town == tuple("abcdefghijk")
    assert errors == pytest.approx([r.estimates[0].std_error for r in (one, other)], rel=EXACT)
    (found,) = group_contrast(one, other).estimates
    assert found.estimate == pytest.approx(0.3, rel=EXACT)


def test_one_group_of_all_is_the_overall_effect(drawn_panel: Callable[..., TownPanel]) -> None:
    panel = drawn_panel(1, effect=0.5)
    whole = imputation(panel).estimates[0]
    imputed = impute(panel)
    everybody = np.zeros(imputed.panel.outcome.shape, dtype=np.int64)
    (found,) = effects_by_group(imputed, "all", ("all",), everybody).estimates
    assert (found.estimate, found.std_error) == pytest.approx(
        (whole.estimate, whole.std_error), rel=1e-10
    )
    with pytest.raises(PanelError, match="all none: no certified town-year"):
        effects_by_group(imputed, "all", ("all", "none"), everybody)
