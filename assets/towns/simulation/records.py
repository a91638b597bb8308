"""The tables of a simulated data set: what would have been recorded, in the record contracts.

Belongs here: frames with the contracts' columns. Not here: drawing, files, or the truth.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from assets.towns.simulation.design import Design
from assets.towns.simulation.orders import STATUSES, single_orders, yearly_orders
from assets.towns.simulation.sellers import NO_VILLAGE, History
from assets.towns.simulation.simulate import Country, town_ids, towns_of

SEXES = np.array(["male", "female"])  # by group // 2


@dataclass(frozen=True, slots=True)
class Block:
    """One block of sellers with all their years."""

    number: int
    history: History
    orders: NDArray[np.int64]  # (sellers, years), completed
    first_seller_id: int  # of the block; ids also count those who never opened


def blocks_of(country: Country) -> Iterator[Block]:
    """Blocks of a country, in order of towns; certification is filled when the first one comes."""
    next_id = 1
    for number, history in enumerate(country.histories()):
        effect = country.certification.total_log_sales[towns_of(history)]
        rng = country.order_rng[number]
        orders = yearly_orders(country.design, history, effect, rng)
        yield Block(number, history, orders, next_id)
        next_id += len(history.sellers.town)


def town_frame(country: Country) -> pd.DataFrame:
    """Contract `town`."""
    place = country.place
    return pd.DataFrame(
        {
            "town_id": town_ids(country.design),
            "name": [f"Simulated town {k + 1:05d}" for k in range(country.design.towns)],
            "county": [f"Simulated county {k + 1:04d}" for k in place.county],
            "prefecture": [f"Simulated prefecture {k + 1:03d}" for k in place.prefecture],
            "province": [f"Simulated province {k + 1:02d}" for k in place.province],
            "longitude_deg": place.longitude_deg,
            "latitude_deg": place.latitude_deg,
            "baseline_gdp_per_head_cny": place.baseline_gdp_per_head_cny,
            "is_poverty_county": place.is_poverty_county,
            "is_ethnic_autonomous": place.is_ethnic_autonomous,
            "is_subdistrict": place.is_subdistrict,
        }
    )


def seller_frame(country: Country, block: Block) -> pd.DataFrame:
    """Contract `seller`: those of the block who ever opened."""
    who, seen = block.history.sellers, np.flatnonzero(block.history.ever_open)
    ids = np.array(town_ids(country.design), dtype=object)
    names = [f"Simulated village {k + 1}" for k in range(country.design.villages_per_town)]
    villages = np.array([*names, None], dtype=object)  # NO_VILLAGE is the last
    assert NO_VILLAGE == -1
    return pd.DataFrame(
        {
            "seller_id": block.first_seller_id + seen,
            "town_id": ids[who.first_town + who.town[seen]],
            "village": villages[who.village[seen]],
            "gender": SEXES[who.group[seen] // 2].astype(object),
            "birth_year": who.birth_year[seen].astype(np.int32),
            "opened_on": who.opened_on[seen].astype("datetime64[s]"),
        }
    )


def seller_year_frame(country: Country, block: Block) -> pd.DataFrame:
    """Contract `seller_year`: a row for every year in which a shop is open."""
    seller, year = np.nonzero(block.history.open)
    return pd.DataFrame(
        {
            "seller_id": block.first_seller_id + seller,
            "year": (country.design.first_year + year).astype(np.int32),
            "sales_cny": block.history.sales_cny[seller, year],
            "orders": block.orders[seller, year],
        }
    )


def order_frames(country: Country, block: Block, next_id: int) -> Iterator[pd.DataFrame]:
    """Contract `order`, in parts that fit into memory; ids count up from next_id."""
    rng = country.order_rng[block.number]
    statuses = np.array(STATUSES, dtype=object)
    for part in single_orders(country.design, block.history, block.orders, rng):
        yield pd.DataFrame(
            {
                "order_id": next_id + np.arange(len(part.seller)),
                "seller_id": block.first_seller_id + part.seller,
                "ordered_on": part.ordered_on.astype("datetime64[s]"),
                "amount_cny": part.amount_cny,
                "status": statuses[part.status],
            }
        )
        next_id += len(part.seller)


def certification_frame(country: Country) -> pd.DataFrame:
    """Contract `certification`: one row per town and year on the list."""
    town, year = np.nonzero(country.certification.certified)
    ids = np.array(town_ids(country.design), dtype=object)
    years = (country.design.first_year + year).astype(np.int32)
    return pd.DataFrame({"town_id": ids[town], "year": years})


def regime_frame(design: Design) -> pd.DataFrame:
    """Contract `regime`: the rule as data, for lists of from_year to to_year."""
    frame = pd.DataFrame([asdict(regime) for regime in design.regimes])
    whole = ("to_year", "min_villages", "min_active_shops")
    return frame.astype(dict.fromkeys(whole, "Int32") | {"min_sales_cny": "Float64"})
