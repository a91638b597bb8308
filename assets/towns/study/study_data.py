"""One data set as the estimators want it: panels by outcome and sample, places, the threshold.

Belongs here: cutting and joining the records of a data set. Not here: reading the warehouse, which
panel is asked for (`specification.py`), or any estimation.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from assets.towns.assumptions.composition import Sellers
from assets.towns.estimators.dependence import clustered
from assets.towns.estimators.labels import CLEAN_CONTROLS, DEVELOPMENT, GAPS_STAY, LOST_STAY, TOWN
from assets.towns.estimators.regression_discontinuity import ThresholdSample, log_distance
from assets.towns.estimators.synthetic.synthetic_did import SyntheticDid, synthetic_did
from assets.towns.estimators.town_effect import WithInfluence
from assets.towns.panel.control_pool import ControlPool
from assets.towns.panel.outcome_panel import LeftOut, load_panel
from assets.towns.panel.town_panel import NEVER, PanelError, TownPanel
from assets.towns.questions.heterogeneity import thirds
from assets.towns.questions.inequality import LEVELS
from assets.towns.questions.spillovers import Places, Rings, nearest_certified_km, rings
from assets.towns.study.specification import COUNTS, RING_EDGES_KM, SALES, SALES_TOTAL, SHOPS_BEFORE

# The frames of StudyData, each the result of the query `towns/<name>` for one $dataset.
FRAMES = ("outcomes", "cohorts", "towns", "certification")


@dataclass(frozen=True)
class StudyData:
    """The records of one data set, frames as SQL gives them, sorted by their keys.

    outcomes: micro.town_outcome; cohorts: micro.town_cohort; towns: raw.town;
    certification: micro.town_certification with active_sellers of the year, is_subdistrict, and the
    minima of the regime in force.
    """

    dataset: str
    simulated: bool
    outcomes: pd.DataFrame
    cohorts: pd.DataFrame
    towns: pd.DataFrame
    certification: pd.DataFrame
    cluster: str = TOWN  # units that errors are clustered by: town, or one of LEVELS
    _panels: dict[tuple[str, str, bool], TownPanel] = field(default_factory=dict, init=False)
    _fits: dict[tuple[str, str, ControlPool], SyntheticDid] = field(
        default_factory=dict, init=False
    )

    def panel(self, outcome: str, sample: str, weighted: bool | None = None) -> TownPanel:
        """The panel of an outcome; weighted None: by sellers where it is a mean over sellers.

        Raises PanelError where there is none.
        """
        weighted = outcome not in COUNTS if weighted is None else weighted
        key = (outcome, sample, weighted)
        if key not in self._panels:
            self._panels[key] = self._cut(outcome, sample, weighted)
        return self._panels[key]

    def synthetic_did(self, outcome: str, sample: str, pool: ControlPool) -> SyntheticDid:
        """The fit of the headline's method, made once for all its ways of inference.

        Raises PanelError where there is none.
        """
        key = (outcome, sample, pool)
        if key not in self._fits:
            self._fits[key] = synthetic_did(self.panel(outcome, sample), control_pool=pool)
        return self._fits[key]

    def _cut(self, outcome: str, sample: str, weighted: bool) -> TownPanel:
        panel = load_panel(
            self._rows(outcome),
            self.cohorts,
            weighted,
            lost_stay=sample == LOST_STAY,
            gaps_stay=sample == GAPS_STAY,
        ).panel
        if sample != CLEAN_CONTROLS:
            return panel
        never = panel.first_treated_year == NEVER
        near = never & np.isin(panel.town, sorted(self.towns_in_rings))
        if not (never & ~near).any():
            raise PanelError(
                f"every town never certified lies within {RING_EDGES_KM[-1]:g} km of a certified "
                "one: there are no controls outside the rings"
            )
        return panel.take(~near)

    def _rows(self, outcome: str) -> pd.DataFrame:
        if outcome != SHOPS_BEFORE:
            return self.outcomes[self.outcomes["outcome"] == outcome]
        totals = self.outcomes[self.outcomes["outcome"] == SALES_TOTAL]  # of all shops open
        earlier = totals[totals["year"] < totals["year"].max()]
        sellers = earlier["sellers"].astype(np.float64)
        moved: pd.DataFrame = earlier.assign(year=earlier["year"] + 1, value=sellers)
        return moved

    def left_out(self, outcome: str) -> tuple[LeftOut, ...]:
        """Towns that no balanced panel of an outcome can hold."""
        return load_panel(self._rows(outcome), self.cohorts).left_out

    def has_gaps(self, outcome: str) -> bool:
        """Whether a town has the outcome in some years and lacks it in others."""
        rows = self._rows(outcome)
        rows = rows[rows["value"].notna()]
        years = rows["year"].nunique()
        return bool((rows.groupby("town_id")["year"].nunique() < years).any())

    @cached_property
    def ever_certified(self) -> frozenset[str]:
        """Towns that are on the list of some year."""
        first = self.cohorts["first_certified_year"]
        return frozenset(self.cohorts.loc[first.notna(), "town_id"])

    @cached_property
    def rule_year(self) -> int:
        """First year whose list was made by a sales threshold, too, where earlier ones were not.

        Raises PanelError where the rule never changed so.
        """
        threshold = self.certification.groupby("year")["min_sales_cny"].first().notna()
        later = threshold.index[threshold]
        if later.empty or later[0] == threshold.index[0]:
            raise PanelError("the rule of certification never changed to a sales threshold")
        return int(later[0])

    @cached_property
    def towns_in_rings(self) -> frozenset[str]:
        """Towns that lie in a ring of a certified town in some year."""
        panel = self.panel(SALES, sample="")
        near = (self.rings_of(panel) > 0).any(axis=1)
        return frozenset(panel.take(np.flatnonzero(near)).town)

    def rings_of(self, panel: TownPanel) -> Rings:
        """(towns, years): ring of each town, 0 outside all of them."""
        return rings(nearest_certified_km(panel, self.places(panel)), RING_EDGES_KM)

    def villages_of(self, panel: TownPanel) -> NDArray[np.float64]:
        """(towns,): Taobao villages on the list that first certified each town, the dose of its
        treatment; 0 for the others.
        """
        first = pd.Series(panel.first_treated_year, index=pd.Index(panel.town))
        rows = self.certification
        rows = rows[rows["year"] == rows["town_id"].map(first)].set_index("town_id")
        return np.asarray(
            rows["villages"].reindex(list(panel.town), fill_value=0).to_numpy(dtype=np.float64)
        )

    def on_the_list(self, panel: TownPanel) -> NDArray[np.bool_]:
        """(towns, years): which of the panel's towns are certified in which of its years."""
        return self._status(list(panel.town), panel)

    def places(self, panel: TownPanel) -> Places:
        """All towns of the data set, with their status in the panel's years."""
        towns = list(self.towns["town_id"])
        return Places(
            town=tuple(towns),
            longitude_deg=self.towns["longitude_deg"].to_numpy(dtype=np.float64),
            latitude_deg=self.towns["latitude_deg"].to_numpy(dtype=np.float64),
            certified=self._status(towns, panel),
        )

    def _status(self, towns: list[str], panel: TownPanel) -> NDArray[np.bool_]:
        status = self.certification.pivot(index="town_id", columns="year", values="is_certified")
        status = status.reindex(index=towns, columns=panel.years)
        return status.eq(True).to_numpy(dtype=bool)

    def numbers_of(self, panel: TownPanel, column: str) -> NDArray[np.float64]:
        """(towns,): a column of raw.town for the panel's towns, true as 1."""
        return np.asarray(self._of_towns(panel, column).to_numpy(dtype=np.float64))

    def texts_of(self, panel: TownPanel, column: str) -> tuple[str, ...]:
        """(towns,): the same for a column of names."""
        return tuple(map(str, self._of_towns(panel, column)))

    def sellers_of(
        self, panel: TownPanel, outcome: str, certified: NDArray[np.bool_], year: int
    ) -> Sellers:
        """Of some towns of an outcome's panel: sellers behind the outcome, and shops open."""
        towns = [town for town, here in zip(panel.town, certified, strict=True) if here]
        counts = [
            rows.loc[(rows["year"] == year) & rows["town_id"].isin(towns), "sellers"].sum()
            for rows in (self._rows(outcome), self._rows(SALES_TOTAL))
        ]
        return Sellers(*map(float, counts))

    def regions_of(self, panel: TownPanel) -> dict[str, NDArray[np.str_]]:
        """(towns,) of each of LEVELS: full names, so that a name belongs to one region only."""
        return {level: self.clusters_of(panel.town, level) for level in LEVELS}

    def clustered(self, result: WithInfluence) -> WithInfluence:
        """The result of towns with the errors that the data set's card asks for."""
        if self.cluster == TOWN:
            return result
        return clustered(result, self.clusters_of(result.town, self.cluster))

    def clusters_of(self, town: Sequence[str], level: str) -> NDArray[np.str_]:
        """(towns,): the unit of a level that each of some towns lies in, regions by full names."""
        if level == TOWN:
            return np.array(town)
        depth = LEVELS.index(level) + 1
        frame = self.towns.set_index("town_id").loc[list(town), list(LEVELS[:depth])]
        return np.array(["/".join(map(str, row)) for row in frame.itertuples(index=False)])

    def coordinates_of(self, town: Sequence[str], name: str) -> NDArray[np.float64]:
        """(towns,): longitude or latitude, degrees."""
        column = self.towns.set_index("town_id").loc[list(town), f"{name}_deg"]
        return np.asarray(column.to_numpy(dtype=np.float64))

    def terciles(self, panel: TownPanel) -> NDArray[np.int64]:
        """(towns,): 0 for the least developed third of all towns, 2 for the most."""
        gdp = "baseline_gdp_per_head_cny"
        every = self.towns[gdp].to_numpy(dtype=np.float64)
        return thirds(DEVELOPMENT, self.numbers_of(panel, gdp), every).group

    def _of_towns(self, panel: TownPanel, column: str) -> "pd.Series":
        return self.towns.set_index("town_id").loc[list(panel.town), column]

    def threshold_sample(self) -> ThresholdSample:
        """Towns not certified yet in years of a sales threshold, where shops would not bar them.

        The outcome is the growth of mean log sales from the year that decides to the next.
        Raises PanelError where no list was made by such a threshold.
        """
        rows = self.certification.sort_values(["town_id", "year"])
        before = rows.groupby("town_id")["is_certified"].shift().eq(True)
        counted = rows["subdistricts_count"].eq(True) | ~rows["is_subdistrict"].eq(True)
        enough = rows["active_sellers_before"] > rows["min_active_shops"]
        rows = rows[~before & counted & enough & (rows["sales_before_cny"] > 0)]
        sales = self._rows(SALES)[["town_id", "year", "value"]]
        earlier = sales.assign(year=sales["year"] + 1)
        rows = rows.merge(sales, on=["town_id", "year"])
        rows = rows.merge(earlier, on=["town_id", "year"], suffixes=("", "_before"))
        if rows.empty:
            raise PanelError("no town is judged by a sales threshold in the years of the data")
        distance = [
            log_distance(np.array([sold]), threshold)[0]
            for sold, threshold in rows[["sales_before_cny", "min_sales_cny"]].itertuples(
                index=False
            )
        ]
        return ThresholdSample(
            town=tuple(rows["town_id"]),
            running=np.array(distance),
            outcome=(rows["value"] - rows["value_before"]).to_numpy(dtype=np.float64),
            certified=rows["is_certified"].to_numpy(dtype=bool),
        )
