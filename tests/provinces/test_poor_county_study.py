"""The study of poor counties: estimators against programs of others, and faults that are put in.

References were computed on the same 88 rows with glum 3.4.1 (GeneralizedLinearRegressor, binomial,
alpha 0, its clustered covariance with the expected information) in an environment of its own. Both
maximise one likelihood in double precision: they agree to seven digits. glum counts single counties
for its factor of small samples, G/(G - 1) (N - 1)/(N - k) with N the sum of trials, where the
study counts rows; the tests say so.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pytest

from assets.provinces.counties.poor_counties import (
    CountPanel,
    SlopesWithin,
    between,
    count_panel,
    dealt_at_random,
    within,
)
from assets.provinces.counties.poor_county_evidence import poor_county_evidence
from assets.provinces.counties.poor_county_results import poor_county_results
from assets.provinces.counties.poor_county_specification import EXIT, LATER, REMAINING, CountModel
from assets.provinces.estimators import Slopes
from assets.regression.estimable import NotEstimable
from assets.vintages.failures import Failures

DIGITS = 1e-7


@dataclass(frozen=True)
class Reference:
    """What glum gives for the three regressors; k: coefficients, those of years counted."""

    model: CountModel
    estimator: Callable[[CountPanel], Slopes]
    k: int
    slopes: tuple[float, float, float]
    errors: tuple[float, float, float]


REFERENCES = (
    Reference(
        REMAINING,
        between,
        7,
        (-0.6899425243330652, 0.3056313388687884, -0.16793560165976928),
        (0.27785647969371585, 0.11839276579490636, 0.6874187386768396),
    ),
    Reference(
        REMAINING,
        within,
        10,
        (-0.5187897348249756, 5.041030281580794, 4.439475260616595),
        (0.32829792868131213, 3.0177936636568274, 4.745361134699111),
    ),
    Reference(
        EXIT,
        between,
        7,
        (0.5041825263538257, -0.2145654718871909, 0.36849287659447655),
        (0.1807860451111483, 0.07475000660997164, 0.34056217507887265),
    ),
    Reference(
        EXIT,
        within,
        10,
        (0.5087882764870266, -3.8548541181142597, -4.351025751615691),
        (0.2965010919513667, 2.4044534869250214, 3.6470504443441563),
    ),
)


def values(slopes: Slopes, of: str) -> tuple[float, ...]:
    return tuple(getattr(each, of) for each in slopes.coefficients[:3])


@pytest.mark.parametrize("glum", REFERENCES, ids=lambda each: each.estimator.__name__)
def test_slopes_and_errors_are_those_of_glum(poor_county: pd.DataFrame, glum: Reference) -> None:
    panel = count_panel(poor_county, glum.model)
    found = glum.estimator(panel)
    assert (panel.n, len(panel.regions), panel.years) == (88, 22, (2016, 2017, 2018, 2019))
    assert values(found, "estimate") == pytest.approx(glum.slopes, rel=DIGITS)
    trials = panel.trials.sum()
    factor = np.sqrt((87 / (88 - glum.k)) / ((trials - 1) / (trials - glum.k)))
    assert values(found, "std_error") == pytest.approx(
        tuple(factor * error for error in glum.errors), rel=DIGITS
    )


def test_a_year_in_which_all_had_left_tells_nothing_and_is_left_out(
    poor_county: pd.DataFrame,
) -> None:
    # At the end of 2020 no county remained: the effect of that year is infinite.
    assert 2020 in poor_county["reference_year"].tolist()
    for model in (REMAINING, EXIT):
        assert 2020 not in count_panel(poor_county, model).years
    with pytest.raises(NotEstimable, match="0 rows"):
        count_panel(poor_county[poor_county["reference_year"] == 2020], REMAINING)


def drawn(panel: CountPanel, generator: np.random.Generator, slope: float) -> CountPanel:
    """The same provinces and years with counts drawn under this slope of the first term."""
    x = panel.regressors[:, 0] - panel.regressors[:, 0].mean()
    levels = dict(zip(panel.years, (-2.0, -0.7, 0.0, 1.0), strict=True))
    predictor = slope * x + np.array([levels[year] for year in panel.year])
    share = -np.expm1(-np.exp(predictor))
    return replace(
        panel, successes=generator.binomial(panel.trials.astype(int), share).astype(float)
    )


def test_an_effect_that_is_put_in_is_found_and_none_is_not(poor_county: pd.DataFrame) -> None:
    panel, generator = count_panel(poor_county, EXIT), np.random.default_rng(5)
    with_one = [between(drawn(panel, generator, 0.8)).of("log_im").estimate for _ in range(20)]
    assert np.mean(with_one) == pytest.approx(0.8, abs=0.1)
    dealt = [
        [
            dealt_at_random(drawn(panel, generator, slope), seed, 199).of("log_im").p
            for seed in range(20)
        ]
        for slope in (0.8, 0.0)
    ]
    assert max(dealt[0]) < 0.05
    assert 0.25 < np.mean(dealt[1]) < 0.75  # uniform between 0 and 1


@pytest.mark.parametrize("test", ["later_ecommerce", "single_provinces"])
def test_a_fault_that_is_put_in_is_found(poor_county: pd.DataFrame, test: str) -> None:
    """Exits that follow what e-commerce is five years later; one province that makes the slope."""
    panel, generator = count_panel(poor_county, EXIT), np.random.default_rng(7)
    x = generator.normal(size=panel.n)
    if test == "later_ecommerce":
        counted = drawn(replace(panel, regressors=x[:, None]), generator, 1.0)
        made = replace(panel, successes=counted.successes, apart={**panel.apart, LATER: x})
    else:
        x[np.array(panel.region) == "CN-GS"] *= 12
        shifted = replace(panel, regressors=np.where(np.abs(x) > 3, x / 8, 0.0)[:, None])
        counted = drawn(shifted, generator, 1.0)
        regressors = np.column_stack([x, panel.regressors[:, 1:]])
        made = replace(panel, successes=counted.successes, regressors=regressors)
    found = {each.test: each for each in poor_county_evidence(SlopesWithin(made, 1, 199))}
    assert found[test].verdict == "against", found[test].sentence


def test_a_province_that_lacks_a_year_costs_only_what_needs_it(poor_county: pd.DataFrame) -> None:
    gap = (poor_county["region"] == "CN-XZ") & (poor_county["reference_year"] == 2017)
    failures = Failures("0001-abcdef12", "model.province_estimate")
    results = poor_county_results(poor_county[~gap], failures)
    made = {(row.specification, row.estimator) for row in results.estimates}
    assert ("remaining", "fractional_logit_within") in made
    assert ("remaining", "two_way") not in made
    assert {row.status for row in failures.rows} == {"refused"}
    assert all("each year" in row.reason for row in failures.rows)
