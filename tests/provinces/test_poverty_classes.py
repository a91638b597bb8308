"""Poverty incidence in classes: the shipped classes, and the study on them."""

import duckdb
import numpy as np
import pandas as pd
import pytest

from assets.provinces.estimators import Slopes
from assets.provinces.poverty_class_specification import INCIDENCE, STUDY
from assets.provinces.poverty_classes import (
    ClassPanel,
    between,
    class_panel,
    poverty_class_results,
    within,
)
from assets.vintages.failures import Failures


def test_each_province_lies_in_the_class_that_is_printed(
    provinces: duckdb.DuckDBPyConnection,
) -> None:
    # 2016: 5, 7, 9 and 10 provinces in four classes, as the book lists them; 2018: 23 with 3 % and
    # less, 8 between 3 and 6 %, of which Yunnan's survey team prints 4.8.
    rows = provinces.execute(
        "select reference_year, low_pct, high_pct, known_by, count(*) "
        "from provinces.poverty_class group by all order by 1, 3 nulls last, 2 nulls first"
    ).fetchall()
    assert rows == [
        (2016, None, 3.0, "class", 10),
        (2016, 3.0, 5.0, "class", 9),
        (2016, 5.0, 10.0, "class", 7),
        (2016, 10.0, None, "class", 5),
        (2018, None, 3.0, "class", 23),
        (2018, 4.8, 4.8, "point", 1),
        (2018, 3.0, 6.0, "class", 7),
    ]
    gansu = "select low_pct, high_pct, log_incidence_low, log_incidence_high from " \
        "provinces.poverty_class where region = 'CN-GS' and reference_year = 2016"  # fmt: skip
    assert provinces.execute(gansu).fetchall() == [(10.0, None, pytest.approx(np.log(10)), None)]


# lifelines 0.30.3 on the same 62 rows (LogNormalAFTFitter, a dummy of 2018), whose gradient stops
# at 1e-8 and 1e-7 of the mean log likelihood: that many digits agree.
LIFELINES = {
    between: ((-0.14433696, -0.13227385, -1.80499091), (0.17118503, 0.07535389, 0.41895874)),
    within: ((0.123775, -4.1144198, -1.1091931), (0.3809415, 3.3498314, 2.8149926)),
}


@pytest.mark.parametrize("estimator", LIFELINES)
def test_slopes_are_those_of_lifelines(poverty_class: pd.DataFrame, estimator: object) -> None:
    assert estimator in (between, within)
    slopes, errors = LIFELINES[estimator]
    found = estimator(class_panel(poverty_class, INCIDENCE)).information
    for term, slope, error in zip(INCIDENCE.regressors, slopes, errors, strict=True):
        assert found.of(term).estimate == pytest.approx(slope, rel=2e-6)
        assert found.of(term).std_error == pytest.approx(error, rel=2e-6)


def test_the_claim_is_judged_by_the_larger_error(poverty_class: pd.DataFrame) -> None:
    failures = Failures("0001-abcdef12", "model.province_estimate")
    results = poverty_class_results(poverty_class, failures)
    assert failures.rows == []
    (finding,) = results.findings
    assert (finding.study, finding.n, finding.verdict) == (STUDY, 62, "cannot say")
    found = within(class_panel(poverty_class, INCIDENCE))
    errors = [slopes.of("log_im").std_error for slopes in found.each]
    assert errors[2] == max(error for error in errors if error is not None)
    assert found.judged.interval("log_im") == (finding.low, finding.high)
    assert {test.test for test in results.tests} == {
        *("open_changes", "between_and_within", "single_provinces"),
    }


def slopes_of_drawn(panel: ClassPanel, slope: float, seed: int) -> Slopes:
    """The panel with outcomes drawn anew, in the classes of its years."""
    rng = np.random.default_rng(seed)
    outcome = 1.1 + panel.regressors @ [slope, -0.1, -1.5] + 0.35 * rng.normal(size=panel.n)
    outcome -= outcome.mean() - 1.1
    low, high = np.empty(panel.n), np.empty(panel.n)
    for year, cuts in {2016: (3, 5, 10), 2018: (3, 6)}.items():
        ends = np.array([-np.inf, *np.log(cuts), np.inf])
        own = np.asarray(panel.year) == year
        place = np.searchsorted(ends, outcome[own], side="right")
        low[own], high[own] = ends[place - 1], ends[place]
    drawn = ClassPanel(panel.terms, panel.region, panel.year, panel.regressors, low, high)
    return between(drawn).judged


@pytest.mark.parametrize("slope", [0.0, -0.8])
def test_a_slope_that_is_put_in_is_found(poverty_class: pd.DataFrame, slope: float) -> None:
    panel = class_panel(poverty_class, INCIDENCE)
    found = [slopes_of_drawn(panel, slope, seed) for seed in range(60)]
    assert np.mean([each.of("log_im").estimate for each in found]) == pytest.approx(slope, abs=0.1)
    intervals = [each.interval("log_im") for each in found]
    inside = [low <= slope <= high for low, high in filter(None, intervals)]
    assert np.mean(inside) > 0.86  # three standard errors below 95 % of 60


def test_a_province_without_the_figures_is_left_out(poverty_class: pd.DataFrame) -> None:
    gaps = poverty_class.copy()
    gaps.loc[gaps["region"] == "CN-GS", "log_im"] = np.nan
    assert "CN-GS" not in class_panel(gaps, INCIDENCE).regions
    assert poverty_class_results(gaps.iloc[:0], Failures("0001-abcdef12", "x")).findings == []
