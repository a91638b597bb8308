"""Pre-trends and their power, placebo dates and towns, sensitivity to departures from parallel."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm
from scipy.stats import t as student_t

from assets.towns.assumptions import pre_trends, sensitivity
from assets.towns.assumptions.placebo import (
    bias_per_placebo,
    placebo_date_evidence,
    placebo_dates,
    placebo_towns,
    placebo_towns_evidence,
)
from assets.towns.assumptions.sensitivity import breakdown, relative_magnitudes, smoothness
from assets.towns.estimators.joint import wald
from assets.towns.estimators.staggered.callaway_santanna import (
    by_event_time,
    cells,
    group_time,
    overall,
    pre_test,
)
from assets.towns.estimators.staggered.event_study import EventStudy, event_study_of
from assets.towns.estimators.staggered.imputation import imputation, impute, impute_from
from assets.towns.estimators.town_effect import TownEffect
from assets.towns.panel.town_panel import NEVER, PanelError, TownPanel
from benchmarks.assumption_verdicts import ASSUMPTIONS, shares

FIRST = np.array([1.0, 0.0])  # the first effect after certification


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


# Insurance coverage and Medicaid: the event study in the README of the R package HonestDiD (data
# ehec of Carey, Miller and Wherry), its two-way fixed effects fit; 2013 is left out.
MEDICAID_BETA = [
    -0.005285354533,
    -0.011297324648,
    -0.002675991812,
    -0.001419312252,
    0.000339663519,
    0.046446854160,
    0.069206175479,
]
MEDICAID_COVARIANCE_E5 = [  # lower triangle, times 100,000
    [7.48848363],
    [6.03987409, 7.26650061],
    [4.44461981, 3.78933022, 5.05205194],
    [3.38576470, 2.86657802, 2.67367943, 4.00322202],
    [4.32801125, 4.54332062, 2.77819356, 2.41285997, 5.46266220],
    [4.76588047, 4.42885011, 3.06064410, 2.38086820, 3.68253105, 8.37566882],
    [
        2.42512869,
        2.82465504,
        0.96375338,
        0.29238781,
        0.97229475,
        6.32139796,
        10.71235230,
    ],
]


@pytest.fixture(scope="module")
def medicaid() -> EventStudy:
    lower = np.zeros((7, 7))
    for place, row in enumerate(MEDICAID_COVARIANCE_E5):
        lower[place, : len(row)] = row
    return EventStudy(
        estimator="twfe",
        time=np.array([-6, -5, -4, -3, -2, 0, 1]),
        beta=np.array(MEDICAID_BETA),
        covariance=1e-5 * (lower + np.tril(lower, -1).T),
    )


def made(
    beta: list[float], sd: float = 1e-6, times: tuple[int, ...] = (-6, -5, -4, -3, -2, 0, 1)
) -> EventStudy:
    return EventStudy("made", np.array(times), np.array(beta), sd**2 * np.eye(len(beta)))


@pytest.mark.parametrize(
    ("mbar", "low", "high"), [(0.5, 0.024002, 0.067242), (1.0, 0.017040, 0.072006)]
)
def test_relative_magnitudes_are_those_of_r(
    medicaid: EventStudy, mbar: float, low: float, high: float
) -> None:
    # R HonestDiD 0.2.6 on 1,000 points, step 3.7e-4: ends agree to one step of its grid.
    found = relative_magnitudes(medicaid, mbar, rng(), FIRST)
    assert (found.low, found.high) == pytest.approx((low, high), abs=3.7e-4)
    assert found.step < 3.7e-4


def test_smoothness_is_that_of_the_packages(medicaid: EventStudy) -> None:
    # moderndid 0.4.1 and R HonestDiD's README (three digits); the optimum is flat to 1e-5.
    found = smoothness(medicaid, (0.0, 0.01, 0.02, 0.03), FIRST)
    expected = [(0.025967, 0.060711), (0.013175, 0.078684), (0.002834, 0.090739)]
    expected += [(-0.007165, 0.100738)]
    for interval, ends in zip(found, expected, strict=True):
        assert (interval.low, interval.high) == pytest.approx(ends, abs=1e-5)


def test_the_earliest_break_counts() -> None:
    # One library leaves the earliest difference out and returns [0.1, 0.1].
    found = relative_magnitudes(made([0.05, 0, 0, 0, 0, 0.1, 0.1]), 1.0, rng(), FIRST)
    assert (found.low, found.high) == pytest.approx((0.05, 0.15), abs=found.step + 1e-5)


@settings(max_examples=20, deadline=None)
@given(
    pre=st.lists(st.floats(-1, 1), min_size=1, max_size=4),
    weight=st.lists(st.floats(-1, 1).filter(lambda w: abs(w) > 0.01), min_size=1, max_size=4),
    mbar=st.floats(0, 2),
)
def test_without_noise_the_interval_is_the_identified_set(
    pre: list[float], weight: list[float], mbar: float
) -> None:
    # Breaks b[t] with |b[t]| <= mbar max|pre break| move the average by sum of b[t] L[t], L[t] the
    # weights from t on: reach mbar max|break| sum|L[t]|.
    times = tuple(range(-1 - len(pre), -1)) + tuple(range(len(weight)))
    study = made([*pre, *[0.3] * len(weight)], 1e-6, times)
    found = relative_magnitudes(study, mbar, rng(), np.array(weight), draws=500)
    reach = mbar * np.max(np.abs(np.diff([*pre, 0.0])))
    reach *= np.abs(np.cumsum(weight[::-1])).sum()
    close = found.step + 1e-4
    assert found.high - found.estimate == pytest.approx(reach, abs=close)
    assert found.estimate - found.low == pytest.approx(reach, abs=close)


def test_intervals_widen_and_the_breakdown_is_where_zero_comes_in(medicaid: EventStudy) -> None:
    found = breakdown(medicaid, rng(), FIRST)
    # R: zero is out at 1.5 and in at 2 (README of HonestDiD, figure).
    assert 1.5 < found < 2
    below, above = (relative_magnitudes(medicaid, m, rng(), FIRST) for m in (found - 0.1, found))
    assert below.low > 0
    assert above.low <= above.step
    assert breakdown(made([0, 0, 0, 0, 0, 0, 0], 0.1), rng()) == 0


def test_intervals_cover_at_the_worst_trend() -> None:
    # True breaks before: 0.1 in one year; after: as large, against the effect. 400 draws at 95 %:
    # two and a half standard errors are 2.7 points.
    trend = np.array([-0.1, 0, 0, 0.1])
    study = made([0.0] * 4, 0.03, (-3, -2, 0, 1))
    draws = rng(3).normal(trend, 0.03, (400, 4))
    found = [
        relative_magnitudes(replace(study, beta=b), 1.0, rng(), FIRST, 401, 2000) for b in draws
    ]
    covered = np.mean([one.low <= 0 <= one.high for one in found])
    assert covered >= 0.95 - 0.027


def test_nothing_to_judge_is_an_error() -> None:
    with pytest.raises(PanelError, match="Mbar"):
        relative_magnitudes(made([0] * 7), -1.0, rng())
    with pytest.raises(PanelError, match="all zero"):
        relative_magnitudes(made([0] * 7), 1.0, rng(), np.zeros(2))
    with pytest.raises(PanelError, match="before the reference"):
        made([0.0], 1.0, (0,))
    with pytest.raises(PanelError, match="not consecutive"):
        made([0.0, 0.0], 1.0, (-3, 0))
    with pytest.raises(PanelError, match=r"3,.*2 effects"):
        made([0] * 7).post_weight(np.ones(3))


def test_event_studies_are_taken_from_estimators(drawn_panel: Callable[..., TownPanel]) -> None:
    result = by_event_time(group_time(drawn_panel(1, 60), "never", "universal"))
    study = event_study_of(result)
    assert study.time.tolist() == [-5, -4, -3, -2, 0, 1, 2, 3, 4]
    by_cell = {cell.cell: cell for cell in result.estimates}
    for time, beta, variance in zip(study.time, study.beta, np.diag(study.covariance), strict=True):
        assert beta == by_cell[f"e={time}"].estimate
        assert np.sqrt(variance) == pytest.approx(by_cell[f"e={time}"].std_error)
    assert study.between(-2, 1).time.tolist() == [-2, 0, 1]


def test_the_pre_test_is_the_wald_test(drawn_panel: Callable[..., TownPanel]) -> None:
    # One cohort: effects by cell are effects by event time, so both are the same test.
    panel = drawn_panel(1, 80)
    first = panel.first_treated_year
    result = group_time(panel.take((first == 2015) | (first == NEVER)), "never", "universal")
    ours = pre_trends.pre_trend_test(event_study_of(by_event_time(result)))
    assert ours.statistic == pytest.approx(pre_test(result).statistic)
    assert ours.degrees_of_freedom == 2
    assert len(cells(result).estimates) == 7


def test_power_with_one_year_before_has_a_closed_form() -> None:
    study = made([0.0, 0.0], 0.1, (-2, 0))
    # The difference at -2 is -slope; both tests are the two-sided z test.
    z, cut = 0.2 / 0.1, norm.ppf(0.975)
    expected = norm.cdf(z - cut) + norm.cdf(-z - cut)
    for test in ("joint", "any"):
        assert pre_trends.power(study, 0.2, test) == pytest.approx(expected, abs=1e-6)  # type: ignore[arg-type]
        found = pre_trends.detectable_trend(study, 0.8, test)  # type: ignore[arg-type]
        # 80 %: z = 1.96 + 0.84, the other tail is 1e-6.
        assert found.slope == pytest.approx(0.1 * (cut + norm.ppf(0.8)), rel=1e-4)
        assert found.bias == pytest.approx(found.slope)


def test_power_is_that_of_diff_diff(medicaid: EventStudy) -> None:
    from diff_diff.pretrends import PreTrendsPower

    results = sensitivity._for_diff_diff(medicaid)
    for test, name in (("joint", "wald"), ("any", "nis")):
        fit = PreTrendsPower(
            power=0.8,
            violation_type="custom",
            violation_weights=np.arange(5.0, 0.0, -1.0),
            pretest_form=name,
        ).fit(results)
        found = pre_trends.detectable_trend(medicaid, 0.8, test)  # type: ignore[arg-type]
        # The library scales its trend to norm 1; its any-test integrates to about 1e-3.
        scale = np.linalg.norm(np.arange(1, 6))
        assert found.slope * scale == pytest.approx(fit.mdv, rel=5e-3)


def test_power_is_how_often_the_test_rejects() -> None:
    covariance = 0.01 * (0.5 * np.eye(3) + 0.5)
    study = EventStudy("made", np.array([-3, -2, 0]), np.zeros(3), covariance)
    slope = pre_trends.detectable_trend(study, 0.5).slope
    draws = rng().multivariate_normal(slope * np.array([-2, -1, 1]), covariance, 4000)
    rejected = [wald(b[:2], covariance[:2, :2]).p_value < 0.05 for b in draws]
    assert np.mean(rejected) == pytest.approx(0.5, abs=0.025)  # three standard errors


def test_the_pre_test_knows_how_few_towns_its_covariance_is_of() -> None:
    # Means of six normals over n towns, no difference: T² by F is exact, chi-squared is not.
    generator = np.random.default_rng(11)
    towns, cells, rejected = 40, 6, np.zeros(2)
    for _ in range(2000):
        sample = generator.normal(size=(towns, cells))
        test = wald(sample.mean(axis=0), np.cov(sample.T) / towns)
        p_value = pre_trends.p_of_few_towns(test, towns)
        rejected += [p_value < 0.05, test.p_value < 0.05]
    # 2,000 draws: one standard error of 5 % is .5.
    assert 0.035 < rejected[0] / 2000 < 0.065
    assert rejected[1] / 2000 > 0.09


def test_the_fitted_trend_knows_that_its_weights_are_estimated() -> None:
    # Differences of 25 towns in five years before, which depend on each other; a trend of .02 a
    # year. Rao's t is exact; taking the weights and the covariance for known is not.
    generator = np.random.default_rng(12)
    towns, time, slope = 25, np.array([-6, -5, -4, -3, -2, 0]), 0.02
    root = np.linalg.cholesky(0.3 * np.eye(6) + 0.7)
    missed = np.zeros(2)
    for _ in range(2000):
        sample = slope * (time + 1) + generator.normal(size=(towns, 6)) @ root.T
        covariance = np.atleast_2d(np.cov(sample.T)) / towns
        study = EventStudy("made", time, sample.mean(axis=0), covariance)
        few, known = (pre_trends.fitted_trend(study, towns=n) for n in (towns, None))
        assert few.bias == known.bias
        assert few.df == towns - 5
        reaches = student_t.isf(0.025, few.df) * few.std_error, norm.isf(0.025) * known.std_error
        missed += [abs(few.bias - slope) > reach for reach in reaches]
    # 2,000 draws: one standard error of 5 % is .5.
    assert 0.035 < missed[0] / 2000 < 0.065
    assert missed[1] / 2000 > 0.08
    # As many differences as towns: the error is that of one degree of freedom, not of none.
    assert pre_trends.fitted_trend(study, towns=4).df == 1


def test_evidence_is_judged_by_power() -> None:
    strong = made([0.0] * 5 + [0.3, 0.3], 0.01)
    assert pre_trends.evidence(strong, "parallel").verdict == "for"
    assert pre_trends.evidence(made([0.0] * 5 + [0.3, 0.3], 0.5), "p").verdict == "cannot say"
    bent = made([0.2, 0.1, 0, 0, 0.1, 0.3, 0.3], 0.01)
    row = pre_trends.evidence(bent, "parallel")
    assert row.verdict == "against"
    assert "jointly zero with p < 0.001" in row.sentence
    again = pre_trends.evidence(bent, "parallel", wild_p=0.2)
    assert "p = 0.200 (wild cluster bootstrap)" in again.sentence
    # a trend of 0.1 a year, 1.5 years ahead on average
    assert pre_trends.fitted_trend(made([-0.4, -0.3, -0.2, -0.1, 0, 0, 0], 0.1)).bias > 0
    with pytest.raises(ValueError, match=r"power 0\.01"):
        pre_trends.detectable_trend(strong, 0.01)


def test_all_untreated_cells_give_imputation_itself(drawn_panel: Callable[..., TownPanel]) -> None:
    panel = drawn_panel(4)
    np.testing.assert_array_equal(impute_from(panel, ~panel.treated).gap, impute(panel).gap)
    cut = ~panel.treated
    cut[:, 3] = False
    with pytest.raises(PanelError, match="no cell of 2015"):
        impute_from(panel, cut)
    untreated = panel.take(panel.first_treated_year == NEVER)
    halves = np.zeros(untreated.outcome.shape, dtype=bool)
    halves[:2, :3] = halves[2:, 3:] = True
    with pytest.raises(PanelError, match="fall apart"):
        impute_from(untreated, halves)
    with pytest.raises(PanelError, match="treated cell"):
        impute_from(panel, np.ones_like(cut))


def test_placebo_dates_equal_imputation_on_cut_panels(
    drawn_panel: Callable[..., TownPanel],
) -> None:
    # One cohort: cutting the panel before 2017 and dating 2015 is the same as two years earlier.
    panel = drawn_panel(5, 40, effect=0.7)
    first = panel.first_treated_year
    one = panel.take((first == 2017) | (first == NEVER))
    moved = replace(
        one, first_treated_year=np.where(one.first_treated_year == 2017, 2015.0, NEVER)
    ).between(2012, 2016)
    expected = imputation(moved).estimates[0]
    found = placebo_dates(one, 2)
    assert found.estimate == pytest.approx(expected.estimate, abs=1e-12)
    assert found.std_error == pytest.approx(expected.std_error, rel=1e-10)
    for bias in (1.0, 3.0):
        assert placebo_date_evidence(found, 0.7, bias).p_value == pytest.approx(
            2 * norm.sf(abs(expected.estimate / expected.std_error))
        )


def test_placebo_dates_see_a_trend_and_not_the_effect(
    drawn_panel: Callable[..., TownPanel],
) -> None:
    panel = drawn_panel(6, 400, effect=5.0, noise=0.1)
    assert abs(placebo_dates(panel, 1).estimate) < 3 * placebo_dates(panel, 1).std_error
    drift = 0.1 * (panel.years - 2012) * panel.ever_treated[:, None]
    bent = placebo_dates(replace(panel, outcome=panel.outcome + drift), 1)
    assert bent.estimate > 4 * bent.std_error
    assert placebo_date_evidence(bent, 0.3, bias_per_placebo(panel, 1)).verdict == "against"
    with pytest.raises(PanelError, match="expected at least 1"):
        placebo_dates(panel, 0)
    with pytest.raises(PanelError, match="no town is seen"):
        placebo_dates(panel, 6)


def test_what_is_judged_of_a_placebo_date_is_the_bias_of_the_effect(
    drawn_panel: Callable[..., TownPanel],
) -> None:
    # No noise: a trend of .01 a year, whose bias of the effect imputation shows itself.
    panel = drawn_panel(6, effect=0.3, noise=0.0)
    trend = 0.01 * (panel.years - 2012) * panel.ever_treated[:, None]
    bent = replace(panel, outcome=panel.outcome + trend)
    added = imputation(bent).estimates[0].estimate - 0.3
    placebo, bias = placebo_dates(bent, 1), bias_per_placebo(panel, 1)
    assert bias * placebo.estimate == pytest.approx(added)
    assert bias > 1.5
    # The placebo alone, .014, is found smaller than a quarter of the effect; the bias is not.
    with_error = replace(placebo, std_error=0.03)
    assert placebo_date_evidence(with_error, 0.3, 1.0).verdict == "for"
    assert placebo_date_evidence(with_error, 0.3, bias).verdict == "cannot say"


@pytest.mark.parametrize("name", ASSUMPTIONS)
def test_an_assumption_violated_by_the_material_size_is_seldom_called_for(name: str) -> None:
    # 40 draws of 5 % or less: 6 or more are seen with 2 % probability at most.
    found = shares(name, 60, "material", 40)
    assert found["for"] < 6 / 40
    assert found["for"] < shares(name, 60, "holds", 40)["for"]


def callaway(panel: TownPanel) -> TownEffect:
    return overall(group_time(panel, "never")).estimates[0]


def test_placebo_towns_have_the_size_they_should(drawn_panel: Callable[..., TownPanel]) -> None:
    panel = drawn_panel(7, 400, effect=0.5, weighted=False)
    found = placebo_towns(panel, callaway, rng(), draws=199)
    # 5 % in 199 draws: four standard errors are 6.2 points.
    assert found.rejection_share < 0.05 + 0.062
    assert found.p_value == pytest.approx(1 / 200)
    assert placebo_towns_evidence(found, "parallel").verdict == "for"
    again = placebo_towns(panel, callaway, rng(), draws=5)
    np.testing.assert_array_equal(again.estimate, found.estimate[:5])
    with pytest.raises(PanelError, match="too few"):
        placebo_towns(drawn_panel(7, 20), callaway, rng())


def test_placebo_towns_p_value_is_large_without_an_effect(
    drawn_panel: Callable[..., TownPanel],
) -> None:
    found = placebo_towns(drawn_panel(9, 200), callaway, rng(), draws=99)
    assert found.p_value > 0.01
