"""The estimators on the shipped panel, against programs of others.

References were computed on the same 279 rows with linearmodels 7.1 (PanelOLS, and FamaMacBeth with
provinces in the place of years, which is the mean group estimator) and pyfixest 0.60.0 with
wildboottest, in an environment of their own. All are least squares in double precision: they agree
to seven digits or more. Where small samples are counted otherwise the factor is said.
"""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.provinces.estimators import (
    ESTIMATORS,
    Slopes,
    common_correlated_effects,
    first_difference,
    long_difference,
    mean_of_provinces,
    mundlak,
    two_way,
    two_way_by_driscoll_kraay,
    two_way_by_wild_bootstrap,
    two_way_fit,
)
from assets.provinces.he_pipeline import he_pipeline
from assets.provinces.panel_data import ProvincePanel, panel_of
from assets.provinces.specification import HE_MODEL, MAIN, RIDGE_K, SPECIFICATIONS
from assets.regression.estimable import NotEstimable

DIGITS = 1e-7
FIRST_CHECK = (3, 3, 2)  # decimals of the slopes as they were given


@pytest.fixture(scope="module")
def panel(province_year: pd.DataFrame) -> ProvincePanel:
    return panel_of(province_year, MAIN)


def values(slopes: Slopes, of: str = "estimate") -> list[float]:
    return [getattr(each, of) for each in slopes.coefficients]


def test_the_first_check_is_met_to_the_digits_it_has(panel: ProvincePanel) -> None:
    # Log rural income on log IM, log gross output, log gross product per head with province and
    # year effects, clustered by province, n = 279: -.008 (.009), .080 (.018), .29 (.13). These
    # errors count the province effects as parameters too; the study's, like pyfixest's, do not.
    found = two_way(panel)
    assert panel.n == 279
    slopes = [round(v, d) for v, d in zip(values(found), FIRST_CHECK, strict=True)]
    assert slopes == [-0.008, 0.080, 0.29]
    counted = np.sqrt((279 - 12) / (279 - 42))
    errors = zip(values(found, "std_error"), FIRST_CHECK, strict=True)
    assert [round(float(counted * v), d) for v, d in errors] == [0.009, 0.018, 0.13]


def test_two_way_is_that_of_pyfixest(panel: ProvincePanel) -> None:
    found = two_way(panel)
    assert values(found) == pytest.approx(
        [-0.008182980068147671, 0.0802889919481893, 0.29182318452615497], rel=DIGITS
    )
    assert values(found, "std_error") == pytest.approx(
        [0.00809127962159272, 0.01737647202929084, 0.12611751773886787], rel=DIGITS
    )


def test_first_differences_are_those_of_pyfixest(panel: ProvincePanel) -> None:
    found = first_difference(panel)
    assert values(found) == pytest.approx(
        [-0.0029385310547706853, 0.039187946517993344, 0.1416204914729571], rel=DIGITS
    )
    assert values(found, "std_error") == pytest.approx(
        [0.0018825522763621495, 0.01579776518305233, 0.06553371850947994], rel=DIGITS
    )


def test_driscoll_kraay_is_that_of_linearmodels_and_pyfixest(panel: ProvincePanel) -> None:
    # Lag 2 by the rule. linearmodels (kernel, Bartlett, bandwidth 2, debiased=False) has the factor
    # n/(n - 39), pyfixest T/(T - 1) (n - 1)/(n - 42); here it is T/(T - 1) (n - 1)/(n - 34).
    own = 9 / 8 * 278 / 245
    found = np.array(values(two_way_by_driscoll_kraay(panel), "std_error"))
    linearmodels = np.array([0.004635581683840626, 0.0071484388058853324, 0.04904597795121285])
    assert found == pytest.approx(linearmodels * np.sqrt(own / (279 / 240)), rel=DIGITS)
    pyfixest = np.array([0.0049389228661803975, 0.007616215241972385, 0.052255427369952846])
    assert found == pytest.approx(pyfixest * np.sqrt(own / (9 / 8 * 278 / 237)), rel=DIGITS)


def test_the_wild_bootstrap_is_that_of_wildboottest(panel: ProvincePanel) -> None:
    # 99,999 draws there and 19,999 here: p differs by chance, at most by four standard errors.
    found = two_way_by_wild_bootstrap(panel, np.random.default_rng(1), 19_999)
    theirs = (0.41116411164111644, 0.01063010630106301, 0.007230072300723007)
    for p, expected in zip(values(found, "p"), theirs, strict=True):
        chance = np.sqrt(expected * (1 - expected) * (1 / 19_999 + 1 / 99_999))
        assert p == pytest.approx(expected, abs=4 * chance)


def test_mean_groups_are_those_of_linearmodels(panel: ProvincePanel) -> None:
    plain, common = mean_of_provinces(panel), common_correlated_effects(panel)
    assert values(plain) == pytest.approx(
        [0.0066831210225419225, 0.04172333864325031, 0.2191325005364698], rel=DIGITS
    )
    assert values(plain, "std_error") == pytest.approx(
        [0.004870962423657766, 0.028119953041149098, 0.08524004116089333], rel=DIGITS
    )
    assert values(common) == pytest.approx(
        [-0.01275484477461258, 0.041437631036266416, 0.0504983429595685], rel=DIGITS
    )
    assert values(common, "std_error") == pytest.approx(
        [0.008592684161153061, 0.046563656549340804, 0.1472186569276736], rel=DIGITS
    )


def test_the_slope_beside_means_is_the_slope_within(panel: ProvincePanel) -> None:
    # Mundlak (1978): in a balanced panel they are one and the same.
    assert values(mundlak(panel))[:3] == pytest.approx(values(two_way(panel)), rel=DIGITS)


def test_a_long_difference_is_least_squares_of_31_changes(panel: ProvincePanel) -> None:
    change = panel.long_difference()
    design = np.column_stack([change.X, np.ones(31)])
    expected = np.linalg.lstsq(design, change.y)[0][:3]
    assert values(long_difference(panel)) == pytest.approx(expected.tolist(), rel=1e-6)


def test_hes_pipeline_would_have_called_it_a_success(province_year: pd.DataFrame) -> None:
    import statsmodels.api as sm

    heap = panel_of(province_year, HE_MODEL)
    found = he_pipeline(heap, HE_MODEL.outcome, RIDGE_K)
    raw = np.column_stack([heap.y, heap.X])
    scaled = (raw - raw.min(axis=0)) / np.ptp(raw, axis=0)
    theirs = sm.OLS(scaled[:, 0], sm.add_constant(scaled[:, 1:])).fit()
    assert [c.estimate for c in found.ols.coefficients] == pytest.approx(theirs.params.tolist())
    assert found.ols.n == 279
    im = next(c for c in found.ridge.coefficients if c.term == "im_sales")
    assert im.estimate > 0
    assert im.p is not None
    assert im.p < 0.01


def test_every_specification_has_every_estimator_or_a_reason(province_year: pd.DataFrame) -> None:
    refused = []
    for specification in SPECIFICATIONS:
        own = panel_of(province_year, specification)
        for estimator in ESTIMATORS:
            try:
                found = estimator(own)
            except NotEstimable as reason:
                refused.append((specification.name, estimator.__name__, str(reason)))
                continue
            assert np.isfinite(values(found)).all()
    # Growth rates leave eight years, and eight parameters of each province no error.
    assert [each[:2] for each in refused] == [
        (name, "common_correlated_effects")
        for name in ("income_aig_gross_output", "income_aig_primary")
    ]
    assert all("too few" in each[2] for each in refused)


def test_a_panel_with_a_gap_is_refused(province_year: pd.DataFrame) -> None:
    with pytest.raises(NotEstimable, match="278 rows"):
        panel_of(province_year.drop(index=province_year.index[5]), MAIN)
    with pytest.raises(NotEstimable, match="0 rows"):
        panel_of(province_year.iloc[:0], MAIN)


@given(st.integers(0, 2**32 - 1), st.floats(-2, 2), st.integers(3, 8), st.integers(8, 12))
def test_slopes_that_are_there_are_found(seed: int, slope: float, units: int, years: int) -> None:
    """Without noise each estimator of a slope within returns it, whatever effects stand beside."""
    generator = np.random.default_rng(seed)
    X = generator.normal(size=(units, years, 2))
    y = slope * X[:, :, 0] - X[:, :, 1] + generator.normal(size=(units, 1)) + np.arange(years)
    names = tuple(map(str, range(units)))
    drawn = ProvincePanel(("x", "z"), names, tuple(range(years)), y, X)
    for estimator in (two_way, first_difference, mean_of_provinces):
        assert values(estimator(drawn)) == pytest.approx([slope, -1], abs=1e-7)
    assert np.abs(two_way_fit(drawn).residual).max() < 1e-9
