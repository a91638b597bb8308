"""Orders: how many a seller completes in a year, and every single one where asked for.

Belongs here: counts, and orders with day, amount and status. Not here: yearly sales (`sellers.py`).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assets.towns.simulation.design import Design
from assets.towns.simulation.sellers import History

Array = NDArray[np.float64]
Counts = NDArray[np.int64]

COMPLETED, RETURNED, CANCELLED = STATUSES = ("completed", "returned", "cancelled")
CHUNK_ORDERS = 1_000_000  # made at a time; part of what a seed stands for
SMALLEST_AMOUNT_CNY = 0.01


def yearly_orders(
    design: Design, history: History, effect_log_sales: Array, rng: np.random.Generator
) -> Counts:
    """(sellers, years): completed orders, at least one wherever something was sold, else 0.

    effect_log_sales: (towns, years) of the block, own and spillover. Orders take their share of it
    (design.orders_per_sales_effect); by the rest the average order becomes dearer.
    """
    sales, town = history.sales_cny, history.sellers.town
    price = rng.normal(np.log(design.median_price_cny), design.price_sd, len(town))
    shock = rng.normal(0, design.price_shock_sd, sales.shape[::-1]).T
    dearer = (1 - design.orders_per_sales_effect) * effect_log_sales[town]
    number = np.rint(sales * np.exp(-price[:, None] - shock - dearer)).astype(np.int64)
    return np.where(sales > 0, np.maximum(number, 1), 0)


@dataclass(frozen=True, slots=True)
class SingleOrders:
    """Orders one by one; arrays (orders,)."""

    seller: Counts  # place within the block
    ordered_on: NDArray[np.datetime64]  # day
    amount_cny: Array
    status: Counts  # place in STATUSES


def single_orders(
    design: Design, history: History, number: Counts, rng: np.random.Generator
) -> Iterator[SingleOrders]:
    """All orders of a block, some CHUNK_ORDERS at a time, sellers and years in order.

    number: (sellers, years) completed ones. Their amounts add up to the year's sales but for
    rounding to 0.01 yuan; returned and cancelled orders come on top and are no sales.
    """
    seller, year = np.nonzero(number)
    completed = number[seller, year]
    part = np.cumsum(completed) // CHUNK_ORDERS
    for rows in np.split(np.arange(len(seller)), np.flatnonzero(np.diff(part)) + 1):
        if len(rows):
            yield _chunk(design, history, seller[rows], year[rows], completed[rows], rng)


def _chunk(
    design: Design,
    history: History,
    seller: Counts,
    year: Counts,
    completed: Counts,
    rng: np.random.Generator,
) -> SingleOrders:
    returned = rng.poisson(completed * design.returned_share)
    cancelled = rng.poisson(completed * design.cancelled_share)
    numbers = np.column_stack([completed, returned, cancelled])
    row = np.repeat(np.arange(len(seller)), numbers.sum(axis=1))
    status = np.repeat(np.tile(np.arange(3), len(seller)), numbers.ravel())
    weight = np.exp(rng.normal(0, design.amount_sd, len(row)))
    base = np.bincount(row, weight * (status == 0), minlength=len(seller))
    amount = weight * (history.sales_cny[seller, year] / base)[row]
    return SingleOrders(
        seller=seller[row],
        ordered_on=_days(design, history, seller, year, row, rng),
        amount_cny=np.maximum(np.round(amount, 2), SMALLEST_AMOUNT_CNY),
        status=status,
    )


def _days(
    design: Design,
    history: History,
    seller: Counts,
    year: Counts,
    row: Counts,
    rng: np.random.Generator,
) -> NDArray[np.datetime64]:
    """(orders,): days drawn by season, none before the shop opened."""
    day = np.empty(len(row), dtype="datetime64[D]")
    u = rng.random(len(row))
    opened_on, opened_at = history.sellers.opened_on[seller], history.sellers.opened_at[seller]
    for place in np.unique(year):
        start = np.datetime64(str(design.first_year + int(place)), "D")
        reached = season_cdf(design, design.first_year + int(place))
        here = year[row] == place
        opens_now = opened_at == place
        first_day = np.where(opens_now, (opened_on - start).astype(np.int64), 0)
        floor = np.concatenate([[0.0], reached])[first_day][row[here]]
        drawn = np.searchsorted(reached, floor + u[here] * (1 - floor), side="right")
        day[here] = start + np.minimum(drawn, len(reached) - 1)
    return day


def season_cdf(design: Design, year: int) -> Array:
    """(days,): share of a year's orders up to the end of each day; even within a month."""
    months = np.arange(f"{year}-01", f"{year + 1}-02", dtype="datetime64[M]")
    days = np.diff(months.astype("datetime64[D]")).astype(np.int64)
    weights = np.repeat(np.array(design.season_weights, dtype=np.float64) / days, days)
    return np.asarray(np.cumsum(weights) / weights.sum())
