"""Policy scenarios: lists and sums by hand, and a simulated country in which the policy is done."""

from dataclasses import replace
from math import log

import numpy as np
import pytest

from assets.towns.estimators.staggered.contrasts import last_effects_on_level
from assets.towns.estimators.staggered.imputation import impute
from assets.towns.panel.town_panel import NEVER, PanelError, TownPanel, town_panel
from assets.towns.questions.counterfactual import DrawnEffects, effects_since
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
from benchmarks.policy_coverage import WORLDS, Lived, predictions

EXACT = 1e-12  # sums of a few products of order one
FIVE = Towns(
    sales_cny=np.array([10e6, 8e6, 20e6, 40e6, 30e6]),
    active_shops=np.array([50.0, 50.0, 50.0, 400.0, 400.0]),
    log_gdp_per_head=np.array([3.0, 1.0, 2.0, 4.0, 5.0]),
    certified=np.array([False, False, False, True, True]),
    group=np.array([0, 0, 1, 1, 1]),
    since=2018,
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
    assert "what towns as developed gain that were certified about 2018" in found.cannot_say
    assert "2 towns added as if certified since 2018, 0 removed" in found.sentence
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
    # Effects without error: the draws are the lotteries, each once.
    assert [found.low_cny, found.high_cny] == pytest.approx(
        np.quantile(gains, [0.025, 0.975]), rel=1e-9
    )


def test_how_far_single_towns_lie_from_others_widens_the_interval() -> None:
    one = Scenario("one", (np.array([True, False, False, True, True]),))
    effects = replace(known(0.2, 0.2), draws=np.full((2000, 2), 0.2), town_sd=0.1)
    found = outcome(one, FIVE, effects, SEEN, None)
    # Mean and quantiles of 10 million times the lognormal less one; of 2,000 draws the quantiles
    # are known to 0.006 of the log, which is 0.08 million.
    assert found.extra_sales_cny == pytest.approx(10e6 * np.expm1(0.2 + 0.1**2 / 2), rel=EXACT)
    assert found.low_cny == pytest.approx(10e6 * np.expm1(0.2 - 1.96 * 0.1), abs=0.25e6)
    assert found.high_cny == pytest.approx(10e6 * np.expm1(0.2 + 1.96 * 0.1), abs=0.25e6)


def test_towns_removed_lose_their_gain_on_average() -> None:
    fewer = Scenario("fewer", (np.array([False, False, False, False, True]),))
    effects = replace(known(0.2, 0.2), draws=np.full((2000, 2), 0.2), town_sd=0.1)
    found = outcome(fewer, FIVE, effects, SEEN, None)
    # The mean of exp(-effect), of a normal effect, less one.
    assert found.extra_sales_cny == pytest.approx(40e6 * np.expm1(-0.2 + 0.1**2 / 2), rel=EXACT)


def test_the_truth_is_what_the_towns_added_alone_make_all_sell_more() -> None:
    # Gains grow from cohort to cohort, so that towns on the list would gain by another year, too.
    lived = Lived(replace(WORLDS["growing twice as much"], towns=60), seed=1)
    certified = lived.certified[lived.kept]
    assert certified.sum() > 10
    assert lived.truth_cny(Scenario("as it was", (certified,)), 2017) == 0.0
    everyone = Scenario("all", (np.ones_like(certified),))
    assert lived.truth_cny(everyone, 2017) > 0


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_country_in_which_the_policy_is_done_sells_as_much_more(world: str, seed: int) -> None:
    """The 40 least developed are certified in a second country of the same draws.

    What that sells more in the last year lies within 3 standard errors of what the first country's
    data predict, where gains grow with time and from cohort to cohort, too.
    """
    new, _ = predictions(replace(WORLDS[world], ring_spillovers=(0.0, 0.0, 0.0)), seed)
    assert new.found is not None
    std_error = (new.found.high_cny - new.found.low_cny) / (2 * 1.96)
    assert new.found.extra_sales_cny == pytest.approx(new.truth_cny, abs=3 * std_error)


@pytest.mark.slow
@pytest.mark.parametrize("world", WORLDS)
def test_intervals_hold_what_doing_it_gives_95_times_in_100(world: str) -> None:
    # Of 93 to 97 %, and two standard errors of a share of 500 countries beside it.
    here = replace(WORLDS[world], ring_spillovers=(0.0, 0.0, 0.0))
    found = [next(predictions(here, seed)) for seed in range(1000, 1500)]
    given = [each for each in found if each.found is not None]
    assert len(given) > 450
    assert 0.907 <= np.mean([each.is_held for each in given]) <= 0.985


def test_towns_gain_as_those_as_developed_that_were_certified_about_then() -> None:
    # 60 towns over seven years, 12 certified a year in 2014 to 2017; no error. A town gains
    # 0.1 + 0.05 times its level, and 0.3 more if certified in 2014, which nobody is asked about.
    level = np.tile([-1.0, 0.0, 1.0], 20)
    first = np.repeat([2014, 2015, 2016, 2017, NEVER], 12)
    gain = 0.1 + 0.05 * level + 0.3 * (first == 2014)
    outcome_of = np.where(np.arange(2011, 2018) >= first[:, None], gain[:, None], 0.0)
    panel = panel_of(outcome_of + np.arange(7) * 0.02, first)
    centred = (level - level.mean()) / level.std()
    own = effects_since(impute(panel), "development", level, np.zeros(60, dtype=np.int64))
    assert own.since == 2016
    assert own.level == pytest.approx(centred, rel=EXACT)
    drawn = own.drawn(seed=1, draws=9)
    # Sums of a few hundred doubles of order one.
    assert drawn.effect == pytest.approx(0.1 + 0.05 * level, abs=1e-9)


def test_too_few_certified_towns_give_no_prediction() -> None:
    first = np.append([2014] * 9, [NEVER] * 9)
    panel = panel_of(np.random.default_rng(1).normal(size=(18, 5)), first)
    group = np.zeros(18, dtype=np.int64)
    with pytest.raises(PanelError, match="9 towns certified about 2014: at least 10"):
        effects_since(impute(panel), "development", np.arange(18.0), group)
    with pytest.raises(PanelError, match="do not differ in it"):
        last_effects_on_level(impute(panel), "x", np.ones(18), np.ones(18, dtype=bool))


def panel_of(outcome: np.ndarray, first: np.ndarray) -> TownPanel:
    years = list(range(2018 - outcome.shape[1], 2018))
    return town_panel([str(town) for town in range(len(first))], years, outcome, first.tolist())
