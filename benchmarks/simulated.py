"""Whole simulated data sets in memory: a panel as a simulation study reads it, or all tables.

Belongs here: what the Monte Carlo, the benchmarks and tests draw. Not here: drawing
(`assets/towns/simulation/`), or data sets as files (`yearbook simulate-towns`).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from assets.towns.panel.town_panel import TownPanel
from assets.towns.simulation.design import Design
from assets.towns.simulation.records import (
    blocks_of,
    certification_frame,
    seller_frame,
    seller_year_frame,
    town_frame,
)
from assets.towns.simulation.simulate import Country, draw_country, town_ids
from assets.towns.simulation.truth import truth_cells

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SimulatedPanel:
    """Mean log sales of incumbents, as the SQL would make it, beside what is true of it."""

    panel: TownPanel  # weight: number of incumbents
    tau_log_sales: Array  # (towns, years), 0 where not certified
    spillover_log_sales: Array  # (towns, years)
    country: Country
    kept: NDArray[np.int64]  # (towns of the panel,): their places in the country


def simulate_town_panel(design: Design, rng: np.random.Generator) -> SimulatedPanel:
    """The panel of a whole simulation, without making its tables.

    The same generator gives the panel of the same data. Left out, as from the outcomes of real
    data: towns without incumbents, and those that lose the status (treatment must be absorbing).
    """
    country = draw_country(design, rng)
    means, incumbents = _mean_log_sales(country)
    status = country.certification
    loses = (status.certified[:, :-1] & ~status.certified[:, 1:]).any(axis=1)
    kept = np.flatnonzero((incumbents > 0) & ~loses)
    ids = town_ids(design)
    panel = TownPanel(
        town=tuple(ids[place] for place in kept),
        years=design.years,
        outcome=means[kept],
        first_treated_year=status.first_year[kept],
        weight=incumbents[kept],
    )
    tau, spillover = status.tau_log_sales[kept], status.spillover_log_sales[kept]
    return SimulatedPanel(panel, tau, spillover, country, kept)


def _mean_log_sales(country: Country) -> tuple[Array, Array]:
    """Means (towns, years) and numbers (towns,) of incumbents; 0 where there are none."""
    means, numbers = [], []
    for history in country.histories():
        stay = history.incumbents
        town, towns = history.sellers.town[stay], history.sellers.towns
        logs = np.log(history.sales_cny[stay])
        number = np.bincount(town, minlength=towns).astype(np.float64)
        sums = [np.bincount(town, column, minlength=towns) for column in logs.T]
        means.append(np.array(sums).T / np.maximum(number, 1)[:, None])
        numbers.append(number)
    return np.concatenate(means), np.concatenate(numbers)


@dataclass(frozen=True, slots=True)
class Simulated:
    """A whole data set in memory; certification and regime as the rule or the lot has them."""

    town: pd.DataFrame
    seller: pd.DataFrame
    seller_year: pd.DataFrame
    certification: pd.DataFrame
    truth_cell: pd.DataFrame
    country: Country


def simulate(design: Design, rng: np.random.Generator) -> Simulated:
    """One data set with yearly records and its truth, all in memory."""
    country = draw_country(design, rng)
    parts = [
        (
            seller_frame(country, block),
            seller_year_frame(country, block),
            truth_cells(country, block.history),
        )
        for block in blocks_of(country)
    ]
    seller, seller_year, cells = (
        pd.concat([part[k] for part in parts], ignore_index=True) for k in range(3)
    )
    return Simulated(
        town=town_frame(country),
        seller=seller,
        seller_year=seller_year,
        certification=certification_frame(country),
        truth_cell=cells,
        country=country,
    )
