"""What is true of a simulated data set: by town and year, and summed up as the findings ask.

Belongs here: realised truths from both states of the world. Not here: any estimate. An estimator
never reads these; only the scorer of findings and tests do.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from assets.towns.estimators.town_effect import percent
from assets.towns.questions.inequality import theil
from assets.towns.simulation.design import Design
from assets.towns.simulation.effects import NOT_YET
from assets.towns.simulation.sellers import GROUPS, History
from assets.towns.simulation.simulate import Country, town_ids, towns_of

Array = NDArray[np.float64]

WEIGHTS = (
    "att: mean over certified town-years, each counted once. Under random timing it is calibrated "
    "to effect_log_sales and effect_log_orders exactly; under the threshold rule the scale is that "
    "of random timing for the same towns, so the mean over the rule's town-years differs."
)
DIGITS = 10


def truth_cells(country: Country, history: History) -> pd.DataFrame:
    """One row per town of the block and year.

    certified_since: start of the present status, null outside it; ring: 1 is the innermost, null
    where none; extensive_margin: share of stayers (open before the first year and in the last one)
    that sell anything, against the share of the same shops without certification; untreated_*: the
    world in which no town is ever certified. Logs are of sales of a seller who sells.
    """
    design, here = country.design, towns_of(history)
    status, ratio = country.certification, country.design.orders_per_sales_effect
    since, ring = status.start[here], status.ring[here]
    tau, spillover = status.tau_log_sales[here], status.spillover_log_sales[here]
    columns: dict[str, NDArray[Any]] = {
        "certified": status.certified[here],
        "certified_since": np.where(since == NOT_YET, np.nan, since),
        "ring": np.where(ring == len(design.ring_edges_km), np.nan, ring + 1),
        "tau_log_sales": tau,
        "tau_log_orders": ratio * tau,
        "spillover_log_sales": spillover,
        "spillover_log_orders": ratio * spillover,
        "covid_log_sales": country.untreated.covid[here],
        "extensive_margin": _extensive_margin(history),
        "incumbents": np.repeat(_count(history, history.incumbents), len(design.years), axis=1),
        "open_sellers": history.town_sum(history.open),
        "untreated_open_sellers": history.town_sum(history.untreated_open),
        "sales_cny": history.town_sum(history.sales_cny),
        "untreated_sales_cny": history.town_sum(history.untreated_sales_cny),
    }
    for name, state in (("", history.open), ("untreated_", history.untreated_open)):
        opens = _opens(history, state)
        for group, label in enumerate(GROUPS):
            of_group = opens & (history.sellers.group == group)[:, None]
            columns[f"{name}new_sellers_{label}"] = history.town_sum(of_group)
    ids = np.array(town_ids(design)[here], dtype=object)
    years = np.tile(design.years.astype(np.int32), len(ids))
    keys = {"town_id": np.repeat(ids, len(design.years)), "year": years}
    frame = pd.DataFrame(keys | {name: values.ravel() for name, values in columns.items()})
    counts = [name for name in frame.columns if "sellers" in name or name == "incumbents"]
    return frame.astype(dict.fromkeys([*counts, "certified_since", "ring"], "Int32"))


def _count(history: History, mask: NDArray[np.bool_]) -> Array:
    return history.town_sum(mask[:, None])


def _extensive_margin(history: History) -> Array:
    who, stay = history.sellers, history.stayers[:, None]
    would_sell = stay & (who.zero_draw >= who.zero_sales_share[:, None])
    sells = stay & (history.sales_cny > 0)
    gain = history.town_sum(sells) - history.town_sum(would_sell)
    return np.asarray(gain / np.maximum(_count(history, history.stayers), 1))


def _opens(history: History, state: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(sellers, years): opens in that year."""
    at = history.sellers.opened_at[:, None]
    return np.asarray(state & (at == np.arange(state.shape[1])))


def truth_summary(design: Design, town: pd.DataFrame, cells: pd.DataFrame) -> dict[str, Any]:
    """Parameters and realised truths, as plain numbers for a YAML file."""
    data = cells.merge(town, on="town_id", how="left", validate="many_to_one")
    tercile = _tercile(town)
    data["development_tercile"] = data["town_id"].map(tercile)
    on = data[data["certified"]].copy()
    on["event_time"] = on["year"] - on["certified_since"]
    return {
        "simulated": True,
        "weights": WEIGHTS,
        "parameters": _plain(asdict(design)),
        "att": _effects(on) | {"weighted_by_incumbents": _weighted(on)},
        "by_cohort": _by(on, "certified_since"),
        "by_cohort_in_its_first_year": _by(on[on["event_time"] == 0], "certified_since"),
        "by_event_time": _by(on, "event_time"),
        "by_calendar_year": _by(on, "year"),
        "by_development_tercile": _by(on, "development_tercile"),
        "by_poverty_county": _by(on, "is_poverty_county"),
        "by_ethnic_autonomous": _by(on, "is_ethnic_autonomous"),
        "spillover_by_ring": _spillovers(design, data),
        "extensive_margin": _number(on["extensive_margin"].mean()),
        "entry": _entry(design, on),
        "covid_by_year": _covid(data),
        "totals": _totals(data),
        "theil_of_town_sales": _theils(data[data["year"] == design.last_year]),
    }


def _tercile(town: pd.DataFrame) -> Mapping[str, int]:
    """1 the least developed third of all towns by baseline GDP per head, 3 the most developed."""
    gdp = town["baseline_gdp_per_head_cny"].to_numpy()
    edges = np.quantile(gdp, [1 / 3, 2 / 3])
    places = np.searchsorted(edges, gdp, side="left") + 1
    return dict(zip(town["town_id"], places.tolist(), strict=True))


def _effects(cells: pd.DataFrame) -> dict[str, Any]:
    truth: dict[str, Any] = {"town_years": len(cells), "towns": cells["town_id"].nunique()}
    for outcome in ("sales", "orders"):
        mean = cells[f"tau_log_{outcome}"].mean()
        truth[f"log_{outcome}"] = _number(mean)
        truth[f"{outcome}_pct"] = _number(percent(mean))
    return truth


def _weighted(cells: pd.DataFrame) -> dict[str, Any]:
    """The same means with each town-year counted by its incumbents."""
    weight = cells["incumbents"].to_numpy(dtype=np.float64)
    if not weight.sum():
        return {"log_sales": None, "log_orders": None}
    return {
        name: _number(np.average(cells[f"tau_{name}"], weights=weight))
        for name in ("log_sales", "log_orders")
    }


def _by(cells: pd.DataFrame, column: str) -> dict[Any, Any]:
    return {_key(value): _effects(part) for value, part in cells.groupby(column)}


def _spillovers(design: Design, data: pd.DataFrame) -> list[dict[str, Any]]:
    near = data[data["ring"].notna()]
    edges = (0.0, *design.ring_edges_km)
    return [
        {
            "ring": ring,
            "from_km": edges[ring - 1],
            "to_km": edges[ring],
            "log_sales": spillover,
            "log_orders": _number(spillover * design.orders_per_sales_effect),
            "town_years": int((near["ring"] == ring).sum()),
        }
        for ring, spillover in enumerate(design.ring_spillovers, start=1)
    ]


def _entry(design: Design, cells: pd.DataFrame) -> dict[str, Any]:
    """New sellers in certified town-years by group, with and without certification."""
    return {
        group: {
            "effect_log_expected_number": _number(effect),
            "effect_pct": _number(percent(effect)),
            "new_sellers": int(cells[f"new_sellers_{group}"].sum()),
            "untreated_new_sellers": int(cells[f"untreated_new_sellers_{group}"].sum()),
        }
        for group, effect in zip(GROUPS, design.entry_effects, strict=True)
    }


def _covid(data: pd.DataFrame) -> dict[int, Any]:
    hit = data[data["covid_log_sales"] != 0].groupby("year")["covid_log_sales"]
    return {
        _key(year): {"mean_log_sales": _number(part.mean()), "sd": _number(part.std(ddof=0))}
        for year, part in hit
    }


def _totals(data: pd.DataFrame) -> dict[str, Any]:
    """Sales of all years in yuan: as they were, and in the world without certification."""
    groups = {
        "certified_town_years": data["certified"],
        "town_years_within_rings": data["ring"].notna(),
        "all": data["certified"] | ~data["certified"],
    }
    return {
        name: {
            "sales_cny": _number(data.loc[mask, "sales_cny"].sum()),
            "untreated_sales_cny": _number(data.loc[mask, "untreated_sales_cny"].sum()),
        }
        for name, mask in groups.items()
    }


def _theils(last: pd.DataFrame) -> dict[str, Any]:
    """Theil's T over towns' total sales in the last year, each town one unit."""
    return {
        state: {
            unit: _theil(last[column].to_numpy(dtype=np.float64), last[unit].to_numpy())
            for unit in ("county", "province")
        }
        for state, column in (
            ("with_certification", "sales_cny"),
            ("without_certification", "untreated_sales_cny"),
        )
    }


def _theil(totals: Array, group: NDArray[Any]) -> dict[str, float]:
    return {name: _number(part) for name, part in asdict(theil(totals, group)).items()}


def _number(value: float) -> float:
    """A plain float with the digits a YAML file needs."""
    return float(f"{float(value):.{DIGITS}g}")


def _key(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value
