"""Entry, exit and survival by count and share, against what the simulation planted."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from assets.towns.panel.town_panel import NEVER, PanelError, TownPanel, town_panel
from assets.towns.questions.entrepreneurs import count_effects, share_effect, survival_effect
from assets.towns.simulation.design import Design
from assets.towns.simulation.sellers import GROUPS
from assets.towns.simulation.simulate import draw_country, town_ids

DESIGN = Design(
    towns=400,
    sellers_per_town=(60, 100),
    entry_share=0.15,
    exit_share=0.06,
    yearly_loss_share=0.0,
    exit_effect=-0.4,
)


@pytest.fixture(scope="module")
def counts() -> dict[str, TownPanel]:
    """New sellers by group, exits, and shops at risk."""
    country = draw_country(DESIGN, np.random.default_rng(12))
    sums: dict[str, list[np.ndarray]] = {}

    def add(name: str, values: np.ndarray) -> None:
        sums.setdefault(name, []).append(values)

    for history in country.histories():
        here, at = history.open, history.sellers.opened_at
        opens = here & (at[:, None] == np.arange(here.shape[1]))
        add("new_sellers", history.town_sum(opens))
        for group, name in enumerate(GROUPS):
            add(name, history.town_sum(opens & (history.sellers.group == group)[:, None]))
        before = np.zeros_like(opens)
        before[:, 1:] = here[:, :-1]
        add("at_risk", history.town_sum(before))
        add("exits", history.town_sum(before & ~here))
    first = country.certification.first_year
    return {
        name: town_panel(
            town_ids(DESIGN), DESIGN.years.tolist(), np.concatenate(parts), first.tolist()
        )
        for name, parts in sums.items()
    }


def test_entry_by_group_is_the_planted_one(counts: dict[str, TownPanel]) -> None:
    found = count_effects({name: counts[name] for name in GROUPS})
    for name, truth in zip(GROUPS, DESIGN.entry_effects, strict=True):
        cell = found[name].effects.estimates[0]
        assert cell.estimate == pytest.approx(truth, abs=3 * cell.std_error)
        assert 0.01 < cell.std_error < 0.1


def test_the_share_of_women_rises_as_planted(counts: dict[str, TownPanel]) -> None:
    female = replace(
        counts["female_older"],
        outcome=counts["female_older"].outcome + counts["female_young"].outcome,
    )
    found = share_effect(female, counts["new_sellers"], "female_share")
    # Groups of 0.3, 0.3, 0.2, 0.2 of new sellers, times exp(effect).
    size = np.array([0.3, 0.3, 0.2, 0.2]) * np.exp(DESIGN.entry_effects)
    on, off, cell = found.shares.estimates
    assert cell.estimate == pytest.approx(size[2:].sum() / size.sum() - 0.4, abs=3 * cell.std_error)
    assert cell.estimate > 3 * cell.std_error
    assert on.estimate - off.estimate == pytest.approx(cell.estimate)
    assert off.estimate == pytest.approx(0.4, abs=3 * off.std_error)


def test_exits_among_shops_at_risk_fall_as_planted(counts: dict[str, TownPanel]) -> None:
    exits, risk = (counts[name].between(2013, DESIGN.last_year) for name in ("exits", "at_risk"))
    found = share_effect(exits, risk, "exit_hazard")
    assert found.log_ratio.estimate == pytest.approx(-0.4, abs=3 * found.log_ratio.std_error)
    without = found.shares.estimates[1]
    assert without.estimate == pytest.approx(0.06, abs=3 * without.std_error)


def test_new_shops_survive_longer(counts: dict[str, TownPanel]) -> None:
    exits, risk = (counts[name].between(2013, DESIGN.last_year) for name in ("exits", "at_risk"))
    hazard = share_effect(exits, risk, "exit_hazard")
    on, off, difference = survival_effect([hazard] * 3).estimates
    assert difference.target == "survival_3_years"
    # Three years at an exit of 0.06 exp(-0.4) instead of 0.06.
    for cell, truth in ((on, (1 - 0.06 * np.exp(-0.4)) ** 3), (off, (1 - 0.06) ** 3)):
        assert cell.estimate == pytest.approx(truth, abs=3 * cell.std_error)
    assert difference.estimate == pytest.approx(on.estimate - off.estimate)
    assert difference.estimate > 3 * difference.std_error
    # One year: survival is one less the hazard, with the same error.
    one = survival_effect([hazard]).estimates[2]
    assert one.estimate == pytest.approx(-hazard.difference.estimate)
    assert one.std_error == pytest.approx(hazard.difference.std_error)


def test_influence_is_the_derivative_by_the_towns_weight(
    drawn_panel: Callable[..., TownPanel],
) -> None:
    base = drawn_panel(1, 24, weighted=False)
    generator = np.random.default_rng(2)
    whole = replace(base, outcome=generator.poisson(30, base.outcome.shape).astype(float))
    part = replace(base, outcome=generator.binomial(whole.outcome.astype(int), 0.4).astype(float))
    found = share_effect(part, whole, "share").shares
    step = 1e-5
    for town in (0, 1, 3):
        weight = np.ones(24)
        weight[town] += step
        moved, moved_whole = (replace(panel, weight=weight) for panel in (part, whole))
        again = share_effect(moved, moved_whole, "share").shares
        place = found.town.index(base.town[town])
        for cell in range(3):
            before, after = found.estimates[cell].estimate, again.estimates[cell].estimate
            derivative = (after - before) / step * 24
            assert found.influence[place, cell] == pytest.approx(derivative, rel=1e-3, abs=1e-4)


def test_what_is_not_a_part_is_refused(counts: dict[str, TownPanel]) -> None:
    whole = counts["new_sellers"]
    with pytest.raises(PanelError, match="exceeds its whole"):
        share_effect(replace(whole, outcome=whole.outcome + 1), whole, "share")
    with pytest.raises(PanelError, match="same towns"):
        share_effect(whole.between(2013, 2018), whole, "share")
    nobody = replace(whole, first_treated_year=np.full(len(whole.town), NEVER))
    with pytest.raises(PanelError, match="new_sellers: "):
        count_effects({"new_sellers": nobody})
