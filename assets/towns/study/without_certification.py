"""What every town of a data set would have sold without certification, and how unequal that is.

Belongs here: from a data set to counterfactual totals, to rows of `model.town_inequality`, and to
the changes that findings quote. Not here: the indices (`inequality.py`), the effects
(`imputation.py`), how uncertain a counterfactual is (`counterfactual.py`).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assets.towns.estimators.labels import (
    ALL_TOWNS,
    DEVELOPMENT,
    INEQUALITY_CHANGE,
    OVERALL,
    THEIL_BETWEEN_PROVINCES,
    THEIL_WITHIN_PROVINCES,
)
from assets.towns.estimators.staggered.contrasts import effects_by_group
from assets.towns.estimators.staggered.imputation import Imputed, impute
from assets.towns.estimators.town_effect import TownEffect, WithInfluence
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
    PARTS,
    NestedGroups,
    gini,
    nested_theil,
    published_lorenz,
    sigma,
    theil,
    theil_part,
)
from assets.towns.study.result_rows import TownInequalityRow
from assets.towns.study.specification import EFFECT_DRAWS, SALES_TOTAL, SEED
from assets.towns.study.study_data import StudyData
from assets.vintages.failures import Failures

Floats = NDArray[np.float64]
Index = Callable[[Floats], float]
TERCILES = ("tercile=1", "tercile=2", "tercile=3")
OBSERVED, WITHOUT, DIFFERENCE = "observed", "without certification", "difference"


@dataclass(frozen=True, slots=True)
class Totals:
    """Total sales of towns with sales in every year, and what certification did to them."""

    panel: TownPanel  # total sales, yuan
    imputed: Imputed  # of log totals
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
    return Totals(panel, imputed, tercile, by_tercile, effects, data.regions_of(panel))


def theil_change(data: StudyData, outcome: str) -> TownEffect:
    """What certification did to one part of Theil's index between towns in the last year."""
    found = totals(data)
    _, province = np.unique(found.region["province"], return_inverse=True)
    parts: dict[str, Index] = {
        THEIL_WITHIN_PROVINCES: lambda sold: theil(sold, province).within,
        THEIL_BETWEEN_PROVINCES: lambda sold: theil(sold, province).between,
    }
    moved = _change(found, parts[outcome])
    return TownEffect(
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


def inequality_rows(data: StudyData, failures: Failures) -> list[TownInequalityRow]:
    """Rows of `model.town_inequality`; what cannot be computed is a failure."""
    rows: list[TownInequalityRow] = []
    with failures.entry(data.dataset):
        found = totals(data)
        row = partial(
            TownInequalityRow,
            vintage=failures.vintage,
            dataset=data.dataset,
            simulated=data.simulated,
            unit="town",
            low=None,
            high=None,
        )
        parts = {
            "observed, by year": _over_years,
            "with and without certification": _changes,
            "Lorenz curves": _lorenz,
        }
        for name, part in parts.items():
            with failures.entry(data.dataset, name):
                rows.extend(part(found, row))
    return rows


def _over_years(
    found: Totals, row: Callable[..., TownInequalityRow]
) -> Iterator[TownInequalityRow]:
    """Observed inequality of every year but the last, which has the counterfactual beside it."""
    groups = NestedGroups.of(found.region)
    earlier = zip(found.panel.years.tolist(), found.panel.outcome.T, strict=True)
    for year, sold in list(earlier)[:-1]:
        for part, value in nested_theil(sold, groups).items():
            yield row(year=year, state=OBSERVED, measure="theil", part=part, value=value)
        for measure, index in (("gini", gini), ("sigma", sigma)):
            yield row(year=year, state=OBSERVED, measure=measure, part="total", value=index(sold))


def _changes(found: Totals, row: Callable[..., TownInequalityRow]) -> Iterator[TownInequalityRow]:
    for (measure, part), index in _indices(found).items():
        moved = _change(found, index)
        here = partial(row, year=int(found.panel.years[-1]), measure=measure, part=part)
        yield here(state=OBSERVED, value=moved.observed)
        yield here(
            state=WITHOUT, value=moved.without, low=moved.without_low, high=moved.without_high
        )
        yield here(state=DIFFERENCE, value=moved.difference, low=moved.low, high=moved.high)


def _indices(found: Totals) -> dict[tuple[str, str], Index]:
    """Every index of one year's totals, by measure and part."""
    groups, start = NestedGroups.of(found.region), found.panel.outcome[:, 0]
    years = len(found.panel.years) - 1
    return {
        **{("theil", part): partial(theil_part, groups=groups, part=part) for part in PARTS},
        ("gini", "total"): gini,
        ("sigma", "total"): sigma,
        ("beta", "total"): lambda sold: _slope(start, sold, years),
    }


def _slope(start: Floats, end: Floats, years: int) -> float:
    """beta_convergence()'s slope alone: the draws need no clustered error.

    Raises PanelError where all towns started alike.
    """
    level = np.log(start)
    centred = level - level.mean()
    if np.ptp(level) == 0:
        raise PanelError("all towns sold the same in the first year: no slope of growth on it")
    return float(centred @ (np.log(end) - level) / years / (centred @ centred))


def _lorenz(found: Totals, row: Callable[..., TownInequalityRow]) -> Iterator[TownInequalityRow]:
    sold = found.panel.outcome[:, -1]
    without = without_certification(sold, found.group[:, -1], found.effects.effect)
    for state, values in ((OBSERVED, sold), (WITHOUT, without)):
        curve = published_lorenz(values)
        for share, of_sales in zip(curve.unit_share, curve.sales_share, strict=True):
            yield row(
                year=int(found.panel.years[-1]),
                state=state,
                measure="lorenz",
                part=f"{share:.2f}",
                value=float(of_sales),
            )
