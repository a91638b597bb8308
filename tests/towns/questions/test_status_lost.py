"""What stays of a town's gain when it loses the status."""

import numpy as np
import pytest

from assets.towns.estimators.labels import STATUS_LOST
from assets.towns.estimators.staggered.imputation import impute
from assets.towns.panel.town_panel import NEVER, PanelError, TownPanel
from assets.towns.questions.heterogeneity import after_the_loss

YEARS = np.arange(2012, 2020)
TOWNS = 200
WITH, AFTER = 0.30, 0.08  # planted log points while a town has the status, and once it is lost


def made(seed: int, again: bool = False) -> tuple[TownPanel, np.ndarray]:
    """Every other town is certified in 2015; a third of these lose it in 2017, some until 2019."""
    rng = np.random.default_rng(seed)
    first = np.where(np.arange(TOWNS) % 2, 2015, NEVER)
    certified = YEARS[None, :] >= first[:, None]
    loses = certified & (YEARS >= 2017) & (np.arange(TOWNS) % 6 == 1)[:, None]
    if again:
        loses &= YEARS < 2019
    gain = np.where(loses, AFTER, WITH) * certified
    outcome = rng.normal(10, 1, TOWNS)[:, None] + 0.1 * (YEARS - 2012)
    outcome = outcome + rng.normal(0, 0.05, certified.shape) + gain
    town = tuple(f"town {place:03d}" for place in range(TOWNS))
    return TownPanel(town, YEARS, outcome, first, np.ones(TOWNS)), certified & ~loses


@pytest.mark.parametrize("again", [False, True])
def test_what_was_planted_is_found(again: bool) -> None:
    panel, listed = made(5, again)
    found = {(one.target, one.cell): one for one in after_the_loss(impute(panel), listed).estimates}
    after, before = (found[STATUS_LOST, cell] for cell in ("after", "before"))
    contrast = found[f"{STATUS_LOST}_contrast", ""]
    assert after.estimate == pytest.approx(AFTER, abs=3 * after.std_error)
    assert before.estimate == pytest.approx(WITH, abs=3 * before.std_error)
    assert contrast.estimate == pytest.approx(AFTER - WITH, abs=3 * contrast.std_error)
    assert contrast.estimate < -3 * contrast.std_error
    assert after.treated_towns == before.treated_towns == np.sum(np.arange(TOWNS) % 6 == 1)


def test_the_interval_of_what_stays_covers_it() -> None:
    """At 95 %, fewer than 88 of 100 draws are seen once in some 680 such tests (binomial)."""
    covered = 0
    for seed in range(100):
        panel, listed = made(seed)
        after = after_the_loss(impute(panel), listed).estimates[0]
        covered += after.low <= AFTER <= after.high
    assert covered >= 88


def test_no_town_lost_it() -> None:
    panel, _ = made(5)
    with pytest.raises(PanelError, match="no town lost the status"):
        after_the_loss(impute(panel), panel.treated)
