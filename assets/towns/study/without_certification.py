"""What every town of a data set would have sold without certification, and how unequal that is.

Belongs here: from a data set to counterfactual totals, to rows of `model.town_inequality`, and to
the changes that findings quote. Not here: the indices (`inequality.py`), the effects
(`imputation.py`), how uncertain a counterfactual is (`counterfactual.py`).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from assets.towns.estimators.contrasts import effects_by_group
from assets.towns.estimators.estimate import Estimate, WithInfluence
from assets.towns.estimators.estimate_rows import (
    ALL_TOWNS,
    DEVELOPMENT,
    INEQUALITY_CHANGE,
    OVERALL,
    THEIL_BETWEEN_PROVINCES,
    THEIL_WITHIN_PROVINCES,
)
from assets.towns.estimators.imputation import impute
from assets.towns.panel.town_panel import PanelError, TownPanel
from assets.towns.questions.counterfactual import (
    NO_GROUP,
    Change,
    DrawnEffects,
    change,
    drawn_effects,
    log_totals,
    town_spread,
    without_certification,
)
from assets.towns.questions.inequality import (
    gini,
    nested_theil,
    published_lorenz,
    sigma,
    theil,
)
from assets.towns.study.specification import EFFECT_DRAWS, SALES_TOTAL, SEED
from assets.towns.study.study_data import StudyData
from assets.towns.town_rows import TownInequalityRow
from assets.warehouse.table import as_frame

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Index = Callable[[Floats], float]
TERCILES = ("tercile=1", "tercile=2", "tercile=3")
OBSERVED, WITHOUT, DIFFERENCE = "observed", "without certification", "difference"


@dataclass(frozen=True, slots=True)
class Totals:
    """Total sales of towns with sales in every year, and what certification did to them."""

    panel: TownPanel  # total sales, yuan
    tercile: NDArray[np.int64]  # (towns,), 0 the least developed
    by_tercile: WithInfluence  # effects on log totals in the last year
    effects: DrawnEffects
    region: Mapping[str, NDArray[Any]]  # of each of LEVELS, (towns,) full names

    @property
    def group(self) -> NDArray[np.int64]:
        """(towns, years): whose effect a cell has, NO_GROUP where it is not certified."""
        return np.where(self.panel.treated, self.tercile[:, None], NO_GROUP)


def totals(data: StudyData) -> Totals:
    """Effects of certification on log total sales by development tercile, with their draws.

    Effects are those of the last year, since that is the year whose counterfactual is asked for:
    where gains grow with time, the mean over all years would be too small for it. Towns without
    sales in some year are left out: they have no log. Raises PanelError where a tercile has no town
    certified in the last year, and as impute() does.
    """
    panel = data.panel(SALES_TOTAL, ALL_TOWNS)
    panel = panel.take(np.flatnonzero((panel.outcome > 0).all(axis=1))).seen_untreated()
    imputed = impute(log_totals(panel))
    tercile = data.terciles(panel)
    group = np.broadcast_to(tercile[:, None], panel.outcome.shape)
    in_last_year = np.where(panel.years == panel.years[-1], group, NO_GROUP)
    by_tercile = effects_by_group(imputed, DEVELOPMENT, TERCILES, in_last_year)
    spread = town_spread(imputed, group)
    generator = np.random.default_rng(SEED)
    effects = drawn_effects(by_tercile, spread, generator, EFFECT_DRAWS)
    return Totals(panel, tercile, by_tercile, effects, data.regions_of(panel))


def theil_change(data: StudyData, outcome: str) -> Estimate:
    """What certification did to one part of Theil's index between towns in the last year."""
    found = totals(data)
    province = found.region["province"]
    parts: dict[str, Index] = {
        THEIL_WITHIN_PROVINCES: lambda sold: theil(sold, province).within,
        THEIL_BETWEEN_PROVINCES: lambda sold: theil(sold, province).between,
    }
    moved = _change(found, parts[outcome])
    return Estimate(
        estimator=found.by_tercile.estimates[0].estimator,
        target=INEQUALITY_CHANGE,
        cell=OVERALL,
        estimate=moved.difference,
        std_error=moved.std_error,
        low=moved.low,
        high=moved.high,
        inference="multiplier bootstrap",
        towns=len(found.panel.town),
        treated_towns=int(found.panel.ever_treated.sum()),
    )


def _change(found: Totals, index: Index) -> Change:
    return change(found.panel.outcome[:, -1], found.group[:, -1], found.effects, index)


def inequality_rows(data: StudyData, vintage: str) -> "pd.DataFrame":
    """Rows of `model.town_inequality`; none where no counterfactual can be made."""
    try:
        found = totals(data)
    except PanelError:  # told in model.town_evidence by the estimation of the change
        return as_frame(TownInequalityRow.table, [])
    last = int(found.panel.years[-1])
    place = (vintage, data.dataset, data.simulated)
    rows = [
        (*place, *row)
        for part in (_over_years(found), _changes(found, last), _lorenz(found, last))
        for row in part
    ]
    return as_frame(TownInequalityRow.table, rows)


Row = tuple[object, ...]  # year, state, unit, measure, part, value, low, high


def _over_years(found: Totals) -> Iterator[Row]:
    """Observed inequality of every year but the last, which has the counterfactual beside it."""
    earlier = zip(found.panel.years.tolist(), found.panel.outcome.T, strict=True)
    for year, sold in list(earlier)[:-1]:
        for part, value in nested_theil(sold, found.region).items():
            yield year, OBSERVED, "town", "theil", part, value, None, None
        yield year, OBSERVED, "town", "gini", "total", gini(sold), None, None
        yield year, OBSERVED, "town", "sigma", "total", sigma(sold), None, None


def _changes(found: Totals, last: int) -> Iterator[Row]:
    for (measure, part), index in _indices(found).items():
        moved = _change(found, index)
        place = ("town", measure, part)
        yield last, OBSERVED, *place, moved.observed, None, None
        yield last, WITHOUT, *place, moved.without, moved.without_low, moved.without_high
        yield last, DIFFERENCE, *place, moved.difference, moved.low, moved.high


def _indices(found: Totals) -> dict[tuple[str, str], Index]:
    """Every index of one year's totals, by measure and part."""
    region, start = found.region, found.panel.outcome[:, 0]
    years = len(found.panel.years) - 1
    parts = list(nested_theil(start, region))
    return {
        **{("theil", part): partial(_theil_part, region=region, part=part) for part in parts},
        ("gini", "total"): gini,
        ("sigma", "total"): sigma,
        ("beta", "total"): lambda sold: _slope(start, sold, years),
    }


def _theil_part(sold: Floats, region: Mapping[str, NDArray[Any]], part: str) -> float:
    return nested_theil(sold, region)[part]


def _slope(start: Floats, end: Floats, years: int) -> float:
    """beta_convergence()'s slope alone: the draws need no clustered error."""
    level = np.log(start)
    centred = level - level.mean()
    return float(centred @ (np.log(end) - level) / years / (centred @ centred))


def _lorenz(found: Totals, last: int) -> Iterator[Row]:
    sold = found.panel.outcome[:, -1]
    without = without_certification(sold, found.group[:, -1], found.effects.effect)
    for state, values in ((OBSERVED, sold), (WITHOUT, without)):
        curve = published_lorenz(values)
        for share, of_sales in zip(curve.unit_share, curve.sales_share, strict=True):
            yield last, state, "town", "lorenz", f"{share:.2f}", float(of_sales), None, None
