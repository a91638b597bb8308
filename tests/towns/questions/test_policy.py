"""Policy scenarios: lists and sums by hand, and a simulated country in which the policy is done."""

from dataclasses import replace
from math import log

import numpy as np
import pytest

from assets.towns.estimators.contrasts import effects_by_group
from assets.towns.estimators.imputation import impute
from assets.towns.panel.town_panel import NEVER, town_panel
from assets.towns.questions.counterfactual import (
    NO_GROUP,
    DrawnEffects,
    drawn_effects,
    log_totals,
    town_spread,
)
from assets.towns.questions.policy import (
    LOTTERIES,
    NO_RING,
    Scenario,
    Spillovers,
    Support,
    Towns,
    another_threshold,
    next_at_random,
    next_closest,
    next_least_developed,
    outcome,
)
from assets.towns.simulation.design import Design
from assets.towns.simulation.simulate import Country, draw_country

EXACT = 1e-12  # sums of a few products of order one
FIVE = Towns(
    sales_cny=np.array([10e6, 8e6, 20e6, 40e6, 30e6]),
    active_shops=np.array([50.0, 50.0, 50.0, 400.0, 400.0]),
    log_gdp_per_head=np.array([3.0, 1.0, 2.0, 4.0, 5.0]),
    certified=np.array([False, False, False, True, True]),
    group=np.array([0, 0, 1, 1, 1]),
)
SEEN = Support(log_sales=np.log([9e6, 50e6]), log_gdp_per_head=np.array([0.0, 5.0]))


def known(*effect: float) -> DrawnEffects:
    """Effects without any error."""
    values = np.array(effect)
    return DrawnEffects(values, np.tile(values, (3, 1)), 0.0, np.random.default_rng(1))


def added(scenario: Scenario) -> list[int]:
    (listed,) = scenario.lists
    return np.flatnonzero(listed & ~FIVE.certified).tolist()


def test_who_comes_next() -> None:
    # Logs of sales over 12 million: -0.18, -0.41, 0.51.
    assert added(next_closest(FIVE, 2, 12e6)) == [0, 1]
    assert added(next_least_developed(FIVE, 2)) == [1, 2]
    lists = next_at_random(FIVE, 2, np.random.default_rng(1)).lists
    assert len(lists) == LOTTERIES
    assert {int((listed & ~FIVE.certified).sum()) for listed in lists} == {2}
    assert np.any(lists, axis=0).all()
    with pytest.raises(ValueError, match="cannot certify 4 more towns: 3 are not on the list"):
        next_closest(FIVE, 4, 12e6)


def test_another_threshold_adds_and_removes() -> None:
    lower = another_threshold(FIVE, 9e6, 49, np.zeros(5, dtype=bool))
    assert lower.lists[0].tolist() == [True, False, True, True, True]
    higher = another_threshold(FIVE, 35e6, 49, np.array([False, True, False, False, False]))
    assert higher.lists[0].tolist() == [False, True, False, True, False]
    at_it = another_threshold(FIVE, 40e6, 49, np.zeros(5, dtype=bool))
    assert not at_it.lists[0].any()  # more than, not at least
    too_few_shops = another_threshold(FIVE, 9e6, 399, np.zeros(5, dtype=bool))
    assert added(too_few_shops) == []


def test_extra_sales_by_hand() -> None:
    # 20 million of group 1, whose gain is a half; 30 million lose the same: 30 / 1.5 - 30 = -10.
    swapped = Scenario("swap", (np.array([False, False, True, True, False]),))
    found = outcome(swapped, FIVE, known(log(1.1), log(1.5)), SEEN, None)
    assert found.extra_sales_cny == pytest.approx(10e6 - 10e6, abs=1e-6)
    more = Scenario("more", (np.array([True, False, True, True, True]),))
    found = outcome(more, FIVE, known(log(1.1), log(1.5)), SEEN, None)
    assert found.extra_sales_cny == pytest.approx(1e6 + 10e6, rel=EXACT)
    assert (found.low_cny, found.high_cny) == pytest.approx((11e6, 11e6), rel=EXACT)
    assert found.extra_pct == pytest.approx(100 * 11 / 108, rel=EXACT)
    assert (found.towns_added, found.towns_removed) == (2, 0)


def test_neighbours_gain_and_a_certified_one_has_its_own_effect_only() -> None:
    # Town 0 is near town 3 already, town 1 is near town 2: certifying 2 moves 1 into the ring;
    # certifying 0 takes its ring effect away and gives it its own.
    near = {0: 3, 1: 2}

    def ring_of(certified: np.ndarray) -> np.ndarray:
        ring = np.full(5, NO_RING)
        for town, other in near.items():
            ring[town] = 0 if certified[other] else NO_RING
        return ring

    listed = np.array([True, False, True, True, True])
    spillovers = Spillovers(ring_of, first_ring=2)
    effects = known(log(1.2), log(1.5), log(1.1))
    found = outcome(Scenario("near", (listed,)), FIVE, effects, SEEN, spillovers)
    expected = 10e6 * (1.2 / 1.1 - 1) + 8e6 * 0.1 + 20e6 * 0.5
    assert found.extra_sales_cny == pytest.approx(expected, rel=EXACT)
    assert found.spillovers
    assert "nearby gain or lose is left out" not in found.cannot_say


def test_towns_unlike_any_certified_one_are_counted_and_told() -> None:
    # Of towns 0 (10 million) and 1 (8 million, below 98 % of 9 to 50 million), one is outside.
    both = Scenario("both", (np.array([True, True, False, True, True]),))
    found = outcome(both, FIVE, known(0.1, 0.1), SEEN, None)
    assert found.outside_share == pytest.approx(0.5)
    assert found.cannot_say.startswith("50 % of the towns added")
    assert "early and late cohorts together" in found.cannot_say
    assert "from 40 % to 80 %" in found.cannot_say
    nothing = Scenario("as it is", (FIVE.certified,))
    as_it_is = outcome(nothing, FIVE, known(0.1, 0.1), SEEN, None)
    assert np.isnan(as_it_is.outside_share)
    assert as_it_is.extra_sales_cny == pytest.approx(0.0, abs=1e-6)
    fewer = Scenario("none", (np.zeros(5, dtype=bool),))
    assert "What losing the status does is not estimated" in (
        outcome(fewer, FIVE, known(0.1, 0.1), SEEN, None).cannot_say
    )


def test_the_lottery_widens_the_interval() -> None:
    drawn = next_at_random(FIVE, 1, np.random.default_rng(2))
    effects = known(0.2, 0.2)
    effects = replace(effects, draws=np.tile(effects.effect, (LOTTERIES, 1)))
    found = outcome(drawn, FIVE, effects, SEEN, None)
    gains = np.expm1(0.2) * np.array(
        [FIVE.sales_cny[m & ~FIVE.certified].sum() for m in drawn.lists]
    )
    assert found.extra_sales_cny == pytest.approx(gains.mean(), rel=1e-9)
    # 1.96 is the normal quantile of a 95 % interval to three digits.
    assert found.high_cny - found.extra_sales_cny == pytest.approx(
        1.96 * gains.std(ddof=1), rel=1e-3
    )


def test_how_far_towns_lie_from_their_group_widens_the_interval() -> None:
    one = Scenario("one", (np.array([True, False, False, True, True]),))
    effects = replace(known(0.2, 0.2), draws=np.full((2000, 2), 0.2), town_sd=0.1)
    found = outcome(one, FIVE, effects, SEEN, None)
    # Sales times the standard deviation of exp(normal(0.2, 0.1)); of 2,000 draws, known to 5 %.
    error = 10e6 * np.exp(0.2 + 0.1**2 / 2) * np.sqrt(np.expm1(0.1**2))
    assert found.high_cny - found.extra_sales_cny == pytest.approx(1.96 * error, rel=0.05)


# No cohort gains more and nothing grows with time but the number of shops: else the average effect
# seen is not the one that towns certified in 2018 have in 2021.
STEADY = replace(
    Design(towns=200, sellers_per_town=(10, 30), ring_spillovers=(0.0, 0.0, 0.0)),
    effect_cohort_slope=0.0,
    effect_by_duration=(1.0,),
    yearly_loss_share=0.0,
)


def lived(country: Country) -> np.ndarray:
    """Total sales, (towns, years), of a country of one block."""
    (history,) = country.histories()
    return history.town_sum(history.sales_cny)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_country_in_which_the_policy_is_done_sells_as_much_more(seed: int) -> None:
    """The least developed 40 are certified from 2018 on, in a second country of the same draws.

    What that sells more in 2021 lies within 3 standard errors of what the first country's data
    predict.
    """
    as_it_was = draw_country(STEADY, np.random.default_rng(seed))
    sold = lived(as_it_was)
    certified = as_it_was.certification.certified
    log_gdp = np.log(as_it_was.place.baseline_gdp_per_head_cny)
    tercile = np.searchsorted(np.quantile(log_gdp, [1 / 3, 2 / 3]), log_gdp)
    towns = Towns(sold[:, -1], sold[:, -1] * 0, log_gdp, certified[:, -1], tercile)
    scenario = next_least_developed(towns, 40)

    other = draw_country(STEADY, np.random.default_rng(seed))
    since_2018 = scenario.lists[0][:, None] & (STEADY.years >= 2018)
    done = lived(replace(other, random_timing=other.random_timing | since_2018))
    truth = float((done - sold)[:, -1].sum())

    first = np.where(certified.any(axis=1), STEADY.years[certified.argmax(axis=1)], NEVER)
    kept = (sold > 0).all(axis=1)
    names = [str(place) for place in np.flatnonzero(kept)]
    panel = town_panel(names, STEADY.years.tolist(), sold[kept], first[kept].tolist())
    imputed = impute(log_totals(panel))
    group = np.broadcast_to(tercile[kept, None], panel.outcome.shape)
    in_2021 = np.where(panel.years == 2021, group, NO_GROUP)
    effects = effects_by_group(imputed, "tercile", ("1", "2", "3"), in_2021)
    generator = np.random.default_rng(seed)
    drawn = drawn_effects(effects, town_spread(imputed, group), generator, draws=199)
    found = outcome(scenario, towns, drawn, Support(np.log(sold[kept, 0]), log_gdp), None)
    std_error = (found.high_cny - found.low_cny) / (2 * 1.96)
    assert found.extra_sales_cny == pytest.approx(truth, abs=3 * std_error)
    assert found.low_cny > 0  # a prediction that says something
