"""Poor counties that remain, and their exit, by province and year: rows as arrays, and estimators.

Belongs here: which rows of provinces.poor_county a count model takes, and each estimator as a call
to `assets/regression`. Not here: the lists (poor_county_specification.py), tests of what slopes
need (poor_county_evidence.py), rows of results.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from assets.provinces.counties.poor_county_specification import (
    FIRST_INCOME,
    LATER,
    CountModel,
)
from assets.provinces.estimators import Slopes
from assets.provinces.panel_data import Floats, ProvincePanel
from assets.provinces.row_panel import RowPanel
from assets.regression.binomial import (
    BinomialFit,
    Counts,
    binomial_regression,
    score_bootstrap_p,
)
from assets.regression.coefficient import Coefficient
from assets.regression.estimable import NotEstimable
from assets.regression.significance import tested


@dataclass(frozen=True, slots=True)
class CountPanel(RowPanel):
    """Rows of provinces and years with counts."""

    model: CountModel
    successes: Floats  # (rows,)
    trials: Floats  # (rows,), > 0
    apart: Mapping[str, Floats]  # (rows,): columns that some estimators and tests add

    @property
    def counts(self) -> Counts:
        """The counts, each province a cluster."""
        return Counts(self.successes, self.trials, self.cluster)

    def own_kept(self, rows: NDArray[np.bool_]) -> dict[str, Any]:
        """Counts and the columns apart."""
        return {
            "successes": self.successes[rows],
            "trials": self.trials[rows],
            "apart": {name: values[rows] for name, values in self.apart.items()},
        }

    def of_shares(self) -> ProvincePanel:
        """Shares as an outcome. Raises NotEstimable where a province lacks a year."""
        regions, years = self.regions, self.years
        if self.n != len(regions) * len(years):
            raise NotEstimable(
                f"{self.n} rows of {len(regions)} provinces and {len(years)} years: province "
                "effects on shares are fitted where each province has each year."
            )
        order = np.lexsort((self.year, self.region))
        shape = (len(regions), len(years))
        return ProvincePanel(
            self.terms,
            regions,
            years,
            (self.successes / self.trials)[order].reshape(shape),
            self.regressors[order].reshape(*shape, len(self.terms)),
        )


def count_panel(frame: pd.DataFrame, model: CountModel) -> CountPanel:
    """The rows of a model that can tell anything.

    frame: rows of provinces.poor_county. Left out are years in which all counties or none had the
    outcome, whose effect is infinite and leaves nothing to compare. Raises NotEstimable where no
    year or one province is left.
    """
    terms = model.specification.regressors
    rows = frame.dropna(subset=[model.successes, model.trials, *terms])
    rows = rows[rows[model.trials] > 0].sort_values(["region", "reference_year"])
    sums = rows.groupby("reference_year")[[model.successes, model.trials]].sum()
    told = sums[(sums[model.successes] > 0) & (sums[model.successes] < sums[model.trials])].index
    rows = rows[rows["reference_year"].isin(told)]
    if rows["region"].nunique() < 2:
        raise NotEstimable(
            f"{len(rows)} rows with {model.successes}, {model.trials} and {', '.join(terms)} in "
            "years in which some counties had the outcome and some not: expected those of two "
            "provinces or more."
        )
    values = {
        name: rows[name].to_numpy(dtype=np.float64)
        for name in (model.successes, model.trials, LATER, FIRST_INCOME)
    }
    return CountPanel(
        model=model,
        terms=terms,
        region=tuple(rows["region"].tolist()),
        year=tuple(map(int, rows["reference_year"].tolist())),
        successes=values[model.successes],
        trials=values[model.trials],
        regressors=rows[list(terms)].to_numpy(dtype=np.float64),
        apart={name: values[name] for name in (LATER, FIRST_INCOME)},
    )


def fit(panel: CountPanel) -> BinomialFit:
    """The counts on the regressors and year effects, clustered by province."""
    design = np.column_stack([panel.regressors, panel.year_effects])
    return binomial_regression(panel.counts, design, panel.model.link)


def share_of_years(panel: CountPanel) -> float:
    """How much of the deviance of counts from one common share year effects alone explain."""
    one = binomial_regression(panel.counts, np.ones((panel.n, 1)), panel.model.link).deviance
    years = binomial_regression(panel.counts, panel.year_effects, panel.model.link).deviance
    return 1 - years / one


def between(panel: CountPanel) -> Slopes:
    """Provinces compared in each year."""
    return _clustered(panel.model.method, panel)


def within(panel: CountPanel) -> Slopes:
    """The same with each regressor's mean of the province beside it: what moves within provinces.

    Source: Papke and Wooldridge (2008), Journal of Econometrics 145, 121-133.
    """
    return _clustered(f"{panel.model.method}_within", panel.with_means())


def beside_first_income(panel: CountPanel) -> Slopes:
    """Provinces compared that were as rich in the country in the first year."""
    income = panel.beside([FIRST_INCOME], panel.apart[FIRST_INCOME])
    return _clustered(f"{panel.model.method}_beside_income", income)


ESTIMATORS: Mapping[Callable[[CountPanel], Slopes], str] = {
    between: "provinces with more e-commerce differ in nothing else that orders their exits",
    within: "within a province e-commerce moves for no reason that moves exits too",
    beside_first_income: "as without it, among provinces of like rural income in the first year",
}


def bootstrapped(
    estimator: Callable[[CountPanel], Slopes], panel: CountPanel, seed: int, draws: int
) -> Slopes:
    """The first term of between or within, with p of the bootstrap of scores."""
    generator = np.random.default_rng(seed)
    slopes = estimator(panel)
    both = panel.with_means() if estimator is within else panel
    design = np.column_stack([both.regressors, both.year_effects])
    p = score_bootstrap_p(panel.counts, design, panel.model.link, 0, generator, draws)
    first = slopes.coefficients[0]
    alone = (Coefficient(first.term, first.estimate, None, None, p),)
    return replace(slopes, inference="score_bootstrap", coefficients=alone)


def dealt_at_random(panel: CountPanel, seed: int, draws: int) -> Slopes:
    """The first term alone beside years, with p of dealing its paths out to provinces at random.

    Exact where which province has which path of e-commerce has nothing to do with its exits. The
    statistic is the score: what each row has beyond its year's share, times its e-commerce. Raises
    NotEstimable where a province lacks a year, since paths could then not be exchanged.
    """
    alone = replace(panel, terms=panel.terms[:1], regressors=panel.regressors[:, :1])
    slopes = _clustered(f"{panel.model.method}_alone", alone)
    path = alone.of_shares().regressors[:, :, 0]
    order = np.lexsort((panel.year, panel.region))
    totals = [panel.year_effects.T @ each for each in (panel.successes, panel.trials)]
    expected = panel.trials * (panel.year_effects @ (totals[0] / totals[1]))
    if panel.model.link == "logit":
        beyond = panel.successes - expected
    else:  # score of the complementary log-log: weighted by -log(1 - p) / p
        share = expected / panel.trials
        beyond = (panel.successes - expected) * -np.log1p(-share) / share
    surplus = beyond[order].reshape(path.shape)
    observed = abs(float((surplus * path).sum()))
    generator = np.random.default_rng(seed)
    dealt = (generator.permutation(len(path)) for _ in range(draws))
    reached = sum(abs(float((surplus * path[deal]).sum())) >= observed for deal in dealt)
    first = slopes.coefficients[0]
    p = (1 + reached) / (1 + draws)
    found = (Coefficient(first.term, first.estimate, None, None, p),)
    return replace(slopes, inference="dealt_at_random", coefficients=found)


class SlopesWithin:
    """The slopes within provinces, and what several tests and tables ask of them: made once.

    Each is made when it is first asked for, so that one that fails does not stop the others.
    """

    def __init__(self, panel: CountPanel, seed: int, draws: int) -> None:
        self.panel, self.seed, self.draws = panel, seed, draws

    @cached_property
    def slopes(self) -> Slopes:
        """With all provinces."""
        return within(self.panel)

    @cached_property
    def left_out(self) -> Mapping[str, Slopes]:
        """Without each province."""
        return {region: within(self.panel.without((region,))) for region in self.panel.regions}

    @cached_property
    def by_scores(self) -> Slopes:
        """With p of the bootstrap of scores."""
        return bootstrapped(within, self.panel, self.seed, self.draws)

    @cached_property
    def dealt(self) -> Slopes:
        """E-commerce alone, with p of its paths dealt to provinces at random."""
        return dealt_at_random(self.panel, self.seed, self.draws)


def _clustered(estimator: str, panel: CountPanel) -> Slopes:
    found, k, df = fit(panel), len(panel.terms), len(panel.regions) - 1
    return Slopes(
        estimator,
        "clustered",
        tested(panel.terms, found.coefficient[:k], found.std_error[:k], df),
        df,
        panel,
    )
