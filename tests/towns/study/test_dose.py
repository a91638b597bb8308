"""The dose of certification: the villages on the list that certified a town."""

import numpy as np
import pandas as pd
import pytest

from assets.towns.estimators.labels import DOSE
from assets.towns.panel.town_panel import PanelError
from assets.towns.study.specification import SALES, Estimation
from assets.towns.study.study_data import StudyData
from assets.towns.study.town_methods import METHODS

YEARS = np.arange(2013, 2019)
TOWNS = 120
AT_NONE, PER_VILLAGE = 0.1, 0.04  # log points


def made(villages: np.ndarray, seed: int = 3) -> StudyData:
    """Every other town is certified in 2015 or 2016; its gain grows with its villages then.

    villages: (towns,) on the list that certifies; later lists have nine for every town.
    """
    rng = np.random.default_rng(seed)
    town = np.array([f"town {place:03d}" for place in range(TOWNS)])
    first = np.where(np.arange(TOWNS) % 2, 2015 + np.arange(TOWNS) // 2 % 2, 9999)
    frame = pd.DataFrame({"town_id": np.repeat(town, len(YEARS)), "year": np.tile(YEARS, TOWNS)})
    certified = YEARS[None, :] >= first[:, None]
    gain = (AT_NONE + PER_VILLAGE * villages[:, None]) * certified
    value = rng.normal(10, 0.3, TOWNS)[:, None] + rng.normal(0, 0.05, certified.shape) + gain
    lists = np.where(YEARS[None, :] == first[:, None], villages[:, None], 9)
    years = pd.Series(first, dtype="Int32").mask(first == 9999)
    lost = pd.array([pd.NA] * TOWNS, dtype="Int32")
    return StudyData(
        "made",
        True,
        outcomes=frame.assign(outcome=SALES, value=value.ravel(), sellers=20),
        cohorts=pd.DataFrame({"town_id": town, "first_certified_year": years, "lost_year": lost}),
        towns=pd.DataFrame({"town_id": town}),
        certification=frame.assign(is_certified=certified.ravel(), villages=lists.ravel()),
    )


def dose(data: StudyData) -> dict[tuple[str, str], tuple[float, float]]:
    """Estimate and standard error by target and cell."""
    (found,) = METHODS[DOSE](data, Estimation(DOSE, SALES))
    assert "would have gained with many" in found.needs
    return {(one.target, one.cell): (one.estimate, one.std_error) for one in found.estimates}


def test_the_dose_is_that_of_the_list_that_certified() -> None:
    villages = np.random.default_rng(1).integers(3, 9, TOWNS)
    data = made(villages)
    panel = data.panel(SALES, "all towns")
    of = dict(zip(panel.town, data.villages_of(panel), strict=True))
    for place in range(TOWNS):
        assert of[f"town {place:03d}"] == (villages[place] if place % 2 else 0)


def test_planted_gains_per_village_are_found() -> None:
    villages = np.random.default_rng(1).integers(3, 9, TOWNS)
    found = dose(made(villages))
    slope, error = found[f"{DOSE}_gradient", ""]
    assert slope == pytest.approx(PER_VILLAGE, abs=3 * error)
    assert slope > 3 * error
    own = villages[1::2]
    more, fewer = own[own > np.median(own)], own[own <= np.median(own)]
    planted = {"more": more.mean(), "fewer": fewer.mean()}
    for cell, mean in planted.items():
        # Cohorts differ in how many years they weigh with: the mean of a group is that within 2 %.
        estimate, error = found[DOSE, cell]
        assert estimate == pytest.approx(AT_NONE + PER_VILLAGE * mean, abs=3 * error + 0.02)
    assert found[f"{DOSE}_contrast", ""][0] == pytest.approx(
        found[DOSE, "more"][0] - found[DOSE, "fewer"][0], abs=1e-12
    )


def test_no_dose_is_no_number() -> None:
    with pytest.raises(PanelError, match="villages"):
        dose(made(np.zeros(TOWNS, dtype=np.int64)))
