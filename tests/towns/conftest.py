"""Panels of the estimators' tests: mpdta where it lies beside the repository, and drawn ones."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assets.towns.panel.town_panel import NEVER, TownPanel, town_panel

BESIDE = Path(__file__).resolve().parents[3] / "shared" / "data" / "did"


class Reference:
    """Results others got on mpdta: 500 counties, 2003-2007, log teen employment."""

    def rows(self, name: str) -> list[dict[str, str]]:
        with (BESIDE / name).open(encoding="utf-8", newline="") as file:
            return [{k: v.strip() for k, v in row.items()} for row in csv.DictReader(file)]

    def json(self, name: str) -> Any:
        return json.loads((BESIDE / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def did_reference() -> Reference:
    if not BESIDE.is_dir():
        pytest.skip("the reference results of mpdta are not beside the repository")
    return Reference()


@pytest.fixture(scope="session")
def mpdta(did_reference: Reference) -> TownPanel:
    rows = sorted(did_reference.rows("mpdta.csv"), key=lambda row: (row["countyreal"], row["year"]))
    first = [float(row["first.treat"]) or NEVER for row in rows[::5]]
    return town_panel(
        town=[row["countyreal"] for row in rows[::5]],
        years=range(2003, 2008),
        outcome=np.array([float(row["lemp"]) for row in rows]).reshape(-1, 5),
        first_treated_year=first,
    )


@pytest.fixture(scope="session")
def population(did_reference: Reference) -> Any:
    """(counties, 1): log population of the counties of mpdta, the same in every year."""
    rows = sorted(did_reference.rows("mpdta.csv"), key=lambda row: (row["countyreal"], row["year"]))
    return np.array([[float(row["lpop"])] for row in rows[::5]])


@pytest.fixture(scope="session")
def drawn_panel() -> Callable[..., TownPanel]:
    """Towns with town and year effects, noise, and an effect that the caller may give.

    Two towns at least in each of the cohorts 2014, 2015, 2017 and among the never treated.
    """

    def draw(
        seed: int,
        towns: int = 20,
        effect: float | np.ndarray = 0.0,
        noise: float = 1.0,
        weighted: bool = True,
    ) -> TownPanel:
        generator = np.random.default_rng(seed)
        years = np.arange(2012, 2019)
        first = np.array([2014, 2015, 2017, NEVER])[np.arange(towns) % 4]
        treated = years[None, :] >= first[:, None]
        outcome = (
            generator.normal(size=(towns, 1))
            + generator.normal(size=(1, len(years)))
            + noise * generator.normal(size=(towns, len(years)))
            + np.where(treated, effect, 0.0)
        )
        return town_panel(
            town=[f"town {position:04d}" for position in range(towns)],
            years=years.tolist(),
            outcome=outcome,
            first_treated_year=first.tolist(),
            weight=generator.integers(1, 9, towns).astype(float) if weighted else None,
        )

    return draw


@pytest.fixture(scope="session")
def seller_panel(drawn_panel: Callable[..., TownPanel]) -> Callable[[int], tuple[Any, Any]]:
    """Sellers' own panel (each a unit of weight 1), and the town of each."""

    def draw(seed: int) -> tuple[TownPanel, np.ndarray]:
        towns = drawn_panel(seed)
        generator = np.random.default_rng(seed + 1)
        town = np.repeat(np.arange(len(towns.town)), towns.weight.astype(int))
        noise = generator.normal(size=(len(town), len(towns.years)))
        return (
            town_panel(
                town=[f"seller {position}" for position in range(len(town))],
                years=towns.years.tolist(),
                outcome=towns.outcome[town] + noise,
                first_treated_year=towns.first_treated_year[town].tolist(),
            ),
            np.array(towns.town)[town],
        )

    return draw


@pytest.fixture(scope="session")
def for_diff_diff() -> Callable[[TownPanel], Any]:
    """The panel as the frame the library reads; 0 stands for never treated."""

    def frame(panel: TownPanel) -> Any:
        import pandas as pd

        years, units = len(panel.years), len(panel.town)
        first = np.where(panel.ever_treated, panel.first_treated_year, 0)
        return pd.DataFrame(
            {
                "unit": np.repeat(panel.town, years),
                "year": np.tile(panel.years, units),
                "y": panel.outcome.ravel(),
                "first": np.repeat(first, years),
            }
        )

    return frame
