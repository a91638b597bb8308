"""From outcome rows to the panel that estimators read, with every town that is left out and why.

Belongs here: which towns a panel with absorbing treatment can hold, balanced or not. Not here:
reading the warehouse, making outcomes (`sql/micro/town_outcome.sql`), or any estimator.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

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
    reasons = {
        str(town): list(_reasons(cohort.loc[town], value.loc[town], lost_stay, gaps_stay))
        for town in value.index
    }
    kept = [town for town, found in reasons.items() if not found]
    if not kept:
        raise PanelError(f"no town can be in the panel: {len(reasons)} towns are left out")
    sellers = outcomes.groupby("town_id")["sellers"].mean().loc[kept]
    first = cohort.loc[kept, "first_certified_year"].astype(float)
    panel = town_panel(
        town=kept,
        years=[int(year) for year in years],
        outcome=value.loc[kept].to_numpy(dtype=np.float64),
        first_treated_year=[float(year) for year in first.fillna(NEVER)],
        weight=[float(count) for count in sellers] if weighted else None,
        has_gaps=gaps_stay,
    )
    left_out = tuple(
        LeftOut(town, found[0][0], "; ".join(reason for _, reason in found))
        for town, found in reasons.items()
        if found
    )
    return LoadedPanel(panel, left_out)


def _reasons(
    cohort: pd.Series, value: pd.Series, lost_stay: bool, gaps_stay: bool
) -> Iterator[tuple[Kind, str]]:
    if pd.notna(cohort["lost_year"]) and not lost_stay:
        yield "lost the status", f"lost the status in {int(cohort['lost_year'])}"
    first = cohort["first_certified_year"]
    if pd.notna(first) and first <= value.index[0]:
        yield (
            "certified from the first year on",
            f"certified in {int(first)}, no year before it in the panel",
        )
    missing = [str(year) for year in value.index[value.isna()]]
    if gaps_stay and (value[value.index < first] if pd.notna(first) else value).isna().all():
        yield "without a value before certification", "no value before it is certified, if ever"
    elif missing and not gaps_stay:
        yield "without a value in some year", f"no value in {', '.join(missing)}"
