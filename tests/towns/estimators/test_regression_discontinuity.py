from dataclasses import replace

import numpy as np
import pytest

from assets.towns.estimators.regression_discontinuity import (
    ThresholdSample,
    bandwidth_sensitivity,
    density_test,
    donut,
    log_distance,
    placebo_cutoffs,
    regression_discontinuity,
)
from assets.towns.panel.town_panel import PanelError


def sample(seed: int, rows: int = 800, effect: float = 0.3, noise: float = 0.2) -> ThresholdSample:
    """Outcome curved in the running variable, with a jump at the threshold."""
    generator = np.random.default_rng(seed)
    running = generator.normal(scale=1.0, size=rows)
    outcome = 5 + 0.8 * running - 0.1 * running**2 + effect * (running >= 0)
    outcome = outcome + generator.normal(scale=noise, size=rows)
    return ThresholdSample(tuple(f"t{place}" for place in range(rows)), running, outcome)


def pile_up(seed: int) -> ThresholdSample:
    """Half the towns that just miss the threshold report a little more."""
    plain = sample(seed, rows=2000)
    moved = (plain.running > -0.2) & (plain.running < 0)
    moved &= np.random.default_rng(seed).uniform(size=2000) < 0.5
    return replace(plain, running=np.where(moved, -plain.running, plain.running))


def test_senate_elections_as_the_packages_give_them() -> None:
    # The data rdrobust ships, with rdrobust's and rddensity's default output, to printed digits:
    # that rows, sides and bandwidths are read from the right places.
    from rdrobust import rdrobust_RDsenate

    data = rdrobust_RDsenate().dropna(subset=["vote"])
    names = tuple(f"{row.state} {row.year} {place}" for place, row in enumerate(data.itertuples()))
    senate = ThresholdSample(names, data["margin"].to_numpy(), data["vote"].to_numpy(dtype=float))
    jump = regression_discontinuity(senate)
    assert jump.conventional.estimate == pytest.approx(7.414, abs=5e-4)
    assert jump.conventional.std_error == pytest.approx(1.459, abs=5e-4)
    assert (jump.robust.low, jump.robust.high) == pytest.approx((4.094, 10.919), abs=5e-4)
    assert (jump.left.bandwidth, jump.left.bias_bandwidth) == pytest.approx(
        (17.754, 28.028), abs=5e-4
    )
    assert (jump.left.rows, jump.left.effective_rows) == (595, 360)
    assert (jump.right.rows, jump.right.effective_rows) == (702, 323)
    assert jump.conventional.towns == 360 + 323
    assert jump.conventional.treated_towns == 323
    every = rdrobust_RDsenate()["margin"].to_numpy()
    density = density_test(ThresholdSample(tuple(map(str, range(1390))), every, every))
    assert (density.statistic, density.p_value) == pytest.approx((-0.8753, 0.3814), abs=5e-5)
    assert (density.left.effective_rows, density.right.effective_rows) == (408, 460)
    assert (density.left.bandwidth, density.right.bandwidth) == pytest.approx(
        (19.841, 27.119), abs=5e-4
    )


def test_robust_interval_covers_the_truth() -> None:
    # 60 draws: fewer than 51 hits at 95 % happen once in 300 runs; the seed is fixed.
    hits = 0
    for seed in range(60):
        robust = regression_discontinuity(sample(seed, rows=400)).robust
        hits += robust.low <= 0.3 <= robust.high
    assert hits >= 51


def test_fuzzy_divides_by_the_jump_in_certification() -> None:
    # Above the threshold 80 % are certified, below 10 %; the effect of certification is 0.3.
    plain = sample(5, rows=6000, effect=0.0, noise=0.1)
    generator = np.random.default_rng(6)
    certified = generator.uniform(size=6000) < np.where(plain.running >= 0, 0.8, 0.1)
    fuzzy = replace(plain, outcome=plain.outcome + 0.3 * certified, certified=certified)
    robust = regression_discontinuity(fuzzy).robust
    assert robust.low < 0.3 < robust.high
    assert robust.std_error < 0.05
    sharp = regression_discontinuity(replace(fuzzy, certified=None)).robust
    assert sharp.estimate == pytest.approx(0.3 * 0.7, abs=3 * sharp.std_error)


def test_placebo_cutoffs_take_their_own_side_alone() -> None:
    below, above = placebo_cutoffs(sample(7, rows=3000, effect=2.0), [-0.5, 0.5])
    assert below.robust.low < 0 < below.robust.high
    assert above.robust.low < 0 < above.robust.high
    assert below.left.rows + below.right.rows + above.left.rows + above.right.rows == 3000
    assert below.robust.cell == "placebo cut-off -0.5"
    with pytest.raises(PanelError, match="threshold itself"):
        placebo_cutoffs(sample(7), [0.0])


def test_donuts_and_bandwidths_tell_the_same_story() -> None:
    data = sample(8, rows=3000)
    chosen = regression_discontinuity(data)
    for jump in (*donut(data, [0.02, 0.05]), *bandwidth_sensitivity(data)):
        assert jump.robust.low < 0.3 < jump.robust.high
    half = bandwidth_sensitivity(data, [0.5])[0]
    assert half.left.bandwidth == pytest.approx(chosen.left.bandwidth / 2)
    assert half.robust.cell == "bandwidth x 0.5"
    assert donut(data, [0.05])[0].left.rows < chosen.left.rows


def test_density_test_sees_towns_that_steer_their_sales() -> None:
    assert density_test(pile_up(1)).p_value < 0.001
    assert density_test(pile_up(1)).verdict.startswith("Towns crowd just above the threshold")
    assert density_test(sample(9, rows=2000)).verdict.startswith("No crowding")


def test_a_town_seen_twice_is_one_cluster() -> None:
    data = sample(10, rows=400)
    twice = ThresholdSample(
        data.town * 2, np.tile(data.running, 2), np.tile(data.outcome, 2)
    )  # the same information again: errors must not shrink by the root of two
    bandwidth = regression_discontinuity(data).left.bandwidth
    once = regression_discontinuity(data, bandwidth=bandwidth).conventional
    again = regression_discontinuity(twice, bandwidth=bandwidth)
    assert again.conventional.estimate == pytest.approx(once.estimate, abs=1e-9)
    assert again.conventional.std_error == pytest.approx(once.std_error, rel=0.15)
    assert again.conventional.towns == once.towns
    assert "400 of 800 values of the running variable repeat" in again.notes


def test_few_towns_are_refused() -> None:
    data = sample(11, rows=300)
    few = data.take(data.running < np.sort(data.running[data.running >= 0])[7])
    with pytest.raises(PanelError, match="above the cut-off 0 there are 7 towns"):
        regression_discontinuity(few)
    with pytest.raises(PanelError, match="above the cut-off 0 there are 7 towns"):
        density_test(few)


def test_an_empty_side_is_refused() -> None:
    data = sample(12)
    with pytest.raises(PanelError, match="below the cut-off 0 there are 0 towns"):
        regression_discontinuity(data.take(data.running >= 0))


def test_mass_points_are_refused_or_told() -> None:
    data = sample(13)
    coarse = replace(data, running=np.round(data.running))
    with pytest.raises(PanelError, match="different values; at least 20 with 10"):
        regression_discontinuity(coarse)
    rounded = replace(data, running=np.round(data.running, 2))
    notes = regression_discontinuity(rounded).notes
    assert "Mass points detected in the running variable." in notes
    assert any("values of the running variable repeat" in note for note in notes)


def test_nothing_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    data = sample(13)
    rounded = replace(data, running=np.round(data.running, 2))
    regression_discontinuity(rounded)
    density_test(rounded)
    assert capsys.readouterr().out == ""


def test_a_constant_outcome_is_refused() -> None:
    data = sample(14)
    with pytest.raises(PanelError, match="every outcome is 3"):
        regression_discontinuity(replace(data, outcome=np.full(800, 3.0)))


def test_certification_that_ignores_the_rule_is_refused() -> None:
    data = sample(15)
    with pytest.raises(PanelError, match="does not follow this rule"):
        regression_discontinuity(replace(data, certified=data.running < 0))


def test_a_town_without_sales_is_named() -> None:
    distance = log_distance(np.array([0.0, 3e7, 6e7]), 3e7)
    assert distance[1:] == pytest.approx([0, np.log(2)])
    with pytest.raises(PanelError, match=r"town a: running is -inf; leave out towns without sales"):
        ThresholdSample(("a", "b", "c"), distance, np.ones(3))
    with pytest.raises(PanelError, match="above zero"):
        log_distance(np.array([1.0]), 0)
