"""From outcome rows to the panel that estimators read, with every town that is left out and why.

Belongs here: which towns a panel with absorbing treatment can hold, balanced or not. Not here:
reading the warehouse, making outcomes (`sql/micro/town_outcome.sql`), or any estimator.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from assets.towns.panel.town_panel import NEVER, PanelError, TownPanel, town_panel

Kind = Literal[
    "lost the status",
    "certified from the first year on",
    "without a value in some year",
    "without a value before certification",
]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A town that is not in the panel."""

    town: str
    kind: Kind  # the first of its reasons
    reason: str


@dataclass(frozen=True, slots=True)
class LoadedPanel:
    """A panel and the towns that could not be in it, by name of town."""

    panel: TownPanel
    left_out: tuple[LeftOut, ...]


def load_panel(
    outcomes: pd.DataFrame,
    cohorts: pd.DataFrame,
    weighted: bool = True,
    lost_stay: bool = False,
    gaps_stay: bool = False,
) -> LoadedPanel:
    """The panel of one outcome of one data set.

    outcomes: town_id, year, value, sellers of one outcome (rows of micro.town_outcome).
    cohorts: town_id, first_certified_year, lost_year (rows of micro.town_cohort); missing means
    never. weighted: a town counts with its sellers (mean over the years), else each the same.
    lost_stay: towns that lost the status stay, as certified from their first year on: effects are
    then those of having been certified. gaps_stay: towns that lack a value in some year stay, if
    they have one before they are certified; the panel may have gaps then. Otherwise both are left
    out, and so are towns that were treated in the first year of the panel. Raises PanelError where
    no town remains or there is no outcome.
    """
    if outcomes.empty:
        raise PanelError("there are no outcomes to make a panel of")
    years = np.arange(outcomes["year"].min(), outcomes["year"].max() + 1)
    value = outcomes.pivot(index="town_id", columns="year", values="value")
    value = value.reindex(index=sorted(cohorts["town_id"]), columns=years)
    cohort = cohorts.set_index("town_id").loc[value.index]
    first, lost = (
        cohort[name].to_numpy(np.float64, na_value=np.nan)
        for name in ("first_certified_year", "lost_year")
    )
    found = _found(years, value.isna().to_numpy(), first, lost, lost_stay, gaps_stay)
    is_out = np.any([each.towns for each in found], axis=0)
    if is_out.all():
        raise PanelError(f"no town can be in the panel: {len(is_out)} towns are left out")
    kept = value.index[~is_out]
    sellers = outcomes.groupby("town_id")["sellers"].mean().loc[kept]
    panel = town_panel(
        town=kept.tolist(),
        years=years.tolist(),
        outcome=value.loc[kept].to_numpy(dtype=np.float64),
        first_treated_year=np.where(np.isnan(first), NEVER, first)[~is_out].tolist(),
        weight=[float(count) for count in sellers] if weighted else None,
        has_gaps=gaps_stay,
    )
    left_out = []
    for place in np.flatnonzero(is_out).tolist():
        of_town = [each for each in found if each.towns[place]]
        reason = "; ".join(each.said(place) for each in of_town)
        left_out.append(LeftOut(str(value.index[place]), of_town[0].kind, reason))
    return LoadedPanel(panel, tuple(left_out))


@dataclass(frozen=True, slots=True)
class _Reason:
    """What some towns are left out for."""

    kind: Kind
    towns: NDArray[np.bool_]  # (towns,)
    said: Callable[[int], str]  # of the town at a place


def _found(
    years: NDArray[np.int64],
    is_missing: NDArray[np.bool_],
    first: NDArray[np.float64],
    lost: NDArray[np.float64],
    lost_stay: bool,
    gaps_stay: bool,
) -> list[_Reason]:
    """is_missing: (towns, years); first, lost: (towns,), missing for never."""
    found = []
    if not lost_stay:
        found.append(
            _Reason(
                "lost the status",
                ~np.isnan(lost),
                lambda town: f"lost the status in {lost[town]:.0f}",
            )
        )
    found.append(
        _Reason(
            "certified from the first year on",
            first <= years[0],
            lambda town: f"certified in {first[town]:.0f}, no year before it in the panel",
        )
    )
    if gaps_stay:
        is_after = years >= first[:, None]  # never, where it is not certified
        without = _Reason(
            "without a value before certification",
            np.asarray((is_missing | is_after).all(axis=1)),
            lambda town: "no value before it is certified, if ever",
        )
    else:
        without = _Reason(
            "without a value in some year",
            np.asarray(is_missing.any(axis=1)),
            lambda town: f"no value in {', '.join(map(str, years[is_missing[town]]))}",
        )
    return [*found, without]
