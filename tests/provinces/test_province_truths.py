"""Simulated panels of the same shape: which estimators find the truth, which tests say they cannot.

A few draws a world; `benchmarks/province_truths.py` has the shares of many. What is asserted holds
by a wide margin there.
"""

import numpy as np
import pytest

from benchmarks.province_truths import EFFECT, TERM, WORLDS, World, above_zero, simulated, trial

DRAWS = 6


def test_an_effect_is_found_within_and_not_by_the_heap() -> None:
    told, _, verdicts = trial("an effect", DRAWS)
    for estimator in ("two_way", "first_difference", "mean_group"):
        assert np.mean(told[estimator].slopes) == pytest.approx(EFFECT, abs=0.02)
    assert np.std(told["pooled"].slopes) > 2 * np.std(told["two_way"].slopes)
    assert verdicts["disagrees"] == 0
    assert verdicts["agrees"] >= DRAWS / 2


def test_rich_provinces_that_trade_more_fool_the_heap_alone() -> None:
    told, _, verdicts = trial("no effect, rich provinces trade more", DRAWS)
    assert np.mean(told["pooled"].slopes) > 0.1
    assert told["he_ridge"].above >= DRAWS / 2
    assert np.mean(told["two_way"].slopes) == pytest.approx(0, abs=0.02)
    assert verdicts["agrees"] <= 1


def test_e_commerce_that_follows_income_fools_every_estimator_and_is_told() -> None:
    told, against, verdicts = trial("no effect, e-commerce follows income", DRAWS)
    assert all(slope > 0.02 for slope in told["two_way"].slopes)
    assert against["outcome_goes_before"] >= DRAWS - 1
    assert verdicts["agrees"] <= 1


def test_what_is_booked_at_the_seats_moves_nothing_but_the_seats() -> None:
    world = WORLDS["an effect, half booked at the seats"]
    panel = simulated(world, np.random.default_rng(3))
    sales = np.exp(panel.regressors[:, :, panel.terms.index(TERM)]).sum(axis=0)
    own = np.exp(simulated(WORLDS["an effect"], np.random.default_rng(3)).regressors[:, :, 0])
    assert sales == pytest.approx(own.sum(axis=0))
    told, _, _ = trial("an effect, half booked at the seats", DRAWS)
    assert np.mean(told["two_way"].slopes) == pytest.approx(EFFECT, abs=0.03)


def test_booking_that_moves_to_the_seats_halves_the_slope_within_and_is_told() -> None:
    told, against, verdicts = trial("an effect, more and more booked at the seats", DRAWS)
    assert np.mean(told["two_way"].slopes) < 0.7 * EFFECT
    assert np.mean(told["mean_group"].slopes) == pytest.approx(EFFECT, abs=0.02)
    assert against["headquarters"] >= DRAWS / 2
    assert verdicts["agrees"] <= 1


@pytest.mark.parametrize(
    "world",
    [
        WORLDS["no effect, common shocks"],
        World(common=2.0, middle=0.0),
        World(common=2.0, middle=0.0, path="step"),
        World(common=2.0, shocks=2),
    ],
)
def test_shocks_of_all_provinces_fool_the_slope_within_and_are_told(world: World) -> None:
    # In 400 draws at most 5 % of intervals beside shocks lie above zero, where those within do.
    within, beside = above_zero(world, 40)
    assert within >= 0.2
    assert beside <= 0.15


def test_an_effect_is_found_beside_shocks_that_are_not_there() -> None:
    within, beside = above_zero(WORLDS["an effect"], 20)
    assert within >= 0.9
    assert beside >= 0.7


def test_what_common_shocks_make_is_not_agreed_with() -> None:
    _, against, verdicts = trial("no effect, common shocks", DRAWS)
    assert verdicts["agrees"] <= 1
    assert against["common_shocks"] >= 1
