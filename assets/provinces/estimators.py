"""Estimators of the slopes of a province panel, from pooled years to slopes of each province.

Belongs here: each estimator as a call to the methods of `assets/regression`, and what it needs to
be the effect of e-commerce. Not here: the methods, tests of what is needed (evidence.py), rows.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from scipy.special import stdtrit

from assets.provinces.panel_data import Floats, ProvincePanel
from assets.regression.coefficient import Coefficient
from assets.regression.panels.common_shocks import beside_common_shocks
from assets.regression.panels.driscoll_kraay import automatic_lag, driscoll_kraay
from assets.regression.panels.mean_group import MeanGroup, mean_group
from assets.regression.panels.two_way import TwoWayRegression, two_way_regression
from assets.regression.panels.wild_bootstrap import wild_cluster_p
from assets.regression.significance import tested

LEVEL = 0.95
COMMON_SHOCKS = 2  # that move all provinces, each in its own measure


class Sample(Protocol):
    """The rows that an estimator used."""

    @property
    def n(self) -> int:
        """Count of rows."""

    @property
    def regions(self) -> tuple[str, ...]:
        """The provinces, in order."""

    @property
    def years(self) -> tuple[int, ...]:
        """The years, in order."""


@dataclass(frozen=True, slots=True)
class Slopes:
    """Slopes by one estimator, with their errors by one way of inference."""

    estimator: str
    inference: str
    coefficients: tuple[Coefficient, ...]
    df: int  # of Student's t
    panel: Sample

    def interval(self, term: str) -> tuple[float, float] | None:
        """The ends of the 95 % interval of a term; None where it has no standard error."""
        found = self.of(term)
        if found.std_error is None:
            return None
        reach = float(stdtrit(self.df, 0.5 + LEVEL / 2)) * found.std_error
        return found.estimate - reach, found.estimate + reach

    def of(self, term: str) -> Coefficient:
        """The coefficient of a term."""
        return next(each for each in self.coefficients if each.term == term)


def pooled_regression(panel: ProvincePanel) -> TwoWayRegression:
    """Least squares with year effects alone, clustered by province."""
    return two_way_regression(panel.y, panel.X, np.zeros(panel.n), panel.period, cluster=panel.unit)


def two_way_fit(panel: ProvincePanel) -> TwoWayRegression:
    """Province and year effects, clustered by province."""
    return two_way_regression(panel.y, panel.X, panel.unit, panel.period)


def pooled(panel: ProvincePanel) -> Slopes:
    """Provinces and years in one heap, less what a year brings to all."""
    return _clustered("pooled", panel, pooled_regression(panel))


def mundlak(panel: ProvincePanel) -> Slopes:
    """Each regressor with its province's mean beside it: the slope within is that of two_way.

    The mean's slope is how far the comparison between provinces departs from it.
    Source: Mundlak (1978), Econometrica 46, 69-85.
    """
    means = np.broadcast_to(panel.regressors.mean(axis=1, keepdims=True), panel.regressors.shape)
    both = replace(
        panel,
        terms=(*panel.terms, *(f"mean of {term}" for term in panel.terms)),
        regressors=np.concatenate([panel.regressors, means], axis=2),
    )
    return _clustered("mundlak", both, pooled_regression(both))


def two_way(panel: ProvincePanel) -> Slopes:
    """What moves with e-commerce within provinces, beside what a year brings to all."""
    return _clustered("two_way", panel, two_way_fit(panel))


def first_difference(panel: ProvincePanel) -> Slopes:
    """Changes over the year before, less those of the year."""
    changes = panel.differences()
    return _clustered("first_difference", changes, pooled_regression(changes))


def first_difference_beside_shocks(panel: ProvincePanel) -> Slopes:
    """The same beside COMMON_SHOCKS that move all provinces, each in its own measure."""
    changes = panel.differences()
    found = beside_common_shocks(changes.outcome, changes.regressors, COMMON_SHOCKS)
    return _clustered("first_difference_beside_shocks", changes, found)


def long_difference(panel: ProvincePanel) -> Slopes:
    """The change from the first year to the last, a row a province."""
    change = panel.long_difference()
    return _clustered("long_difference", change, pooled_regression(change))


def leads_and_lags(panel: ProvincePanel) -> Slopes:
    """The first regressor of the year before and the year after beside its own year's."""
    first, term = panel.regressors[:, :, :1], panel.terms[0]
    shifted = replace(
        panel,
        terms=(*panel.terms, f"{term} the year before", f"{term} the year after"),
        years=panel.years[1:-1],
        outcome=panel.outcome[:, 1:-1],
        regressors=np.concatenate([panel.regressors[:, 1:-1], first[:, :-2], first[:, 2:]], axis=2),
    )
    return _clustered("leads_and_lags", shifted, two_way_fit(shifted))


def year_free_mean_group(panel: ProvincePanel) -> MeanGroup:
    """A regression for each province, on distances from the mean of the year."""
    apart = panel.around_year_means()
    return mean_group(apart.outcome, apart.regressors)


def mean_of_provinces(panel: ProvincePanel) -> Slopes:
    """The mean of the slopes of each province."""
    return _mean("mean_group", panel, year_free_mean_group(panel))


def common_correlated_effects(panel: ProvincePanel) -> Slopes:
    """The same with the means of all provinces as regressors, each province with its own share."""
    found = mean_group(panel.outcome, panel.regressors, correlated_effects=True)
    return _mean("common_correlated_effects", panel, found)


def two_way_by_driscoll_kraay(panel: ProvincePanel) -> Slopes:
    """two_way with errors that hold where provinces move together."""
    by_year = two_way_regression(panel.y, panel.X, panel.period, panel.unit)
    years = len(panel.years)
    covariance = driscoll_kraay(by_year, automatic_lag(years))
    error = np.sqrt(np.diag(covariance))
    found = tested(panel.terms, by_year.coefficient, error, years - 1)
    return Slopes("two_way", "driscoll_kraay", found, years - 1, panel)


def two_way_by_wild_bootstrap(
    panel: ProvincePanel, generator: np.random.Generator, draws: int
) -> Slopes:
    """two_way with p of the wild bootstrap by province, which gives no standard error."""
    fit = two_way_fit(panel)
    found = tuple(
        Coefficient(
            term,
            float(fit.coefficient[place]),
            None,
            None,
            wild_cluster_p(panel.y, panel.X, panel.unit, panel.period, place, generator, draws),
        )
        for place, term in enumerate(panel.terms)
    )
    return Slopes("two_way", "wild_bootstrap", found, len(panel.regions) - 1, panel)


def _clustered(estimator: str, panel: ProvincePanel, fit: TwoWayRegression) -> Slopes:
    df = fit.small_sample.clusters - 1
    found = tested(panel.terms, fit.coefficient, fit.std_error, df)
    return Slopes(estimator, "clustered", found, df, panel)


def _mean(estimator: str, panel: ProvincePanel, found: MeanGroup) -> Slopes:
    df = len(panel.regions) - 1
    error: Floats = np.sqrt(np.diag(found.covariance))
    return Slopes(estimator, "spread", tested(panel.terms, found.coefficient, error, df), df, panel)


# Each with what it needs for its slope to be an effect of the regressor.
ESTIMATORS: Mapping[Callable[[ProvincePanel], Slopes], str] = {
    pooled: "provinces with more of the regressor differ in nothing else that moves the outcome",
    two_way: "within a province the regressor moves for no reason that moves the outcome too",
    two_way_by_driscoll_kraay: "as two_way; many years, which nine are not",
    first_difference: "as two_way, and no effect comes later than its year",
    first_difference_beside_shocks: (
        f"as first_difference, each province with its own share in {COMMON_SHOCKS} common shocks"
    ),
    long_difference: "as two_way; effects that come later count",
    mean_of_provinces: "as two_way, each province with slopes of its own from few years",
    common_correlated_effects: "as mean_group, each province with its own share in common shocks",
    leads_and_lags: "as two_way; next year's e-commerce says nothing unless income goes before it",
    mundlak: "as two_way for the slope, as pooled for the slope of the mean",
}
