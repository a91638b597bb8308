"""Methods for panels whose units move together: published numbers, and what algebra says."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.regression.estimable import NotEstimable
from assets.regression.panels.common_shocks import beside_common_shocks
from assets.regression.panels.cross_section_dependence import cross_section_dependence
from assets.regression.panels.driscoll_kraay import automatic_lag, driscoll_kraay
from assets.regression.panels.mean_group import mean_group
from assets.regression.panels.two_way import two_way_regression
from assets.regression.panels.wild_bootstrap import wild_cluster_p


def test_the_cd_test_on_grunfelds_firms_is_that_of_plm() -> None:
    # R plm, vignette "Panel data econometrics in R: the plm package", tests of cross-sectional
    # dependence: pcdtest(inv ~ value + capital, Grunfeld): z = 5.3401, p-value = 9.292e-08.
    import statsmodels.api as sm

    firms = sm.datasets.grunfeld.load_pandas().data
    firms = firms[firms["firm"] != "American Steel"].sort_values(["firm", "year"])
    outcome = firms["invest"].to_numpy().reshape(10, 20)
    regressors = firms[["value", "capital"]].to_numpy().reshape(10, 20, 2)
    found = cross_section_dependence(mean_group(outcome, regressors).residual)
    assert found.statistic == pytest.approx(5.3401, abs=5e-5)
    assert found.p == pytest.approx(9.292e-08, abs=5e-12)


@given(st.integers(0, 2**32 - 1))
def test_driscoll_kraay_without_lags_is_clustering_by_period(seed: int) -> None:
    generator = np.random.default_rng(seed)
    unit, period = (each.ravel() for each in np.indices((6, 7)))
    y, X = generator.normal(size=42), generator.normal(size=(42, 2))
    fit = two_way_regression(y, X, period, unit)
    assert driscoll_kraay(fit, 0) == pytest.approx(fit.covariance)
    # Bartlett weights never make a variance negative.
    assert (np.linalg.eigvalsh(driscoll_kraay(fit, 3)) > -1e-12).all()


def test_the_lag_grows_with_the_periods() -> None:
    assert [automatic_lag(periods) for periods in (5, 9, 30, 100, 400)] == [2, 2, 3, 4, 5]


def test_too_few_periods_for_a_unit_are_refused() -> None:
    with pytest.raises(NotEstimable, match="4 years are too few for 4"):
        mean_group(np.ones((3, 4)), np.ones((3, 4, 3)))


@pytest.mark.parametrize("shocks", [0, 1, 2])
def test_a_slope_beside_shocks_is_that_beside_each_units_own_share(shocks: int) -> None:
    """Least squares with a column for each period, and for each unit and component."""
    generator = np.random.default_rng(3)
    outcome, regressors = generator.normal(size=(6, 7)), generator.normal(size=(6, 7, 2))
    found = beside_common_shocks(outcome, regressors, shocks)
    both = np.concatenate([outcome - outcome.mean(axis=0), regressors[:, :, 0]])
    both[6:] -= regressors[:, :, 0].mean(axis=0)
    both[:6] /= both[:6].std()
    both[6:] /= both[6:].std()
    value, vector = np.linalg.eigh(both.T @ both)
    component = vector[:, np.argsort(-value)[:shocks]]
    unit, period = (each.ravel() for each in np.indices((6, 7)))
    share = np.kron(np.eye(6), component)
    design = np.column_stack([regressors.reshape(-1, 2), np.eye(7)[period], share])
    expected = np.linalg.lstsq(design, outcome.ravel())[0][:2]
    assert found.coefficient == pytest.approx(expected)
    assert found.small_sample.clusters == len(set(unit.tolist()))


def test_shocks_that_leave_no_period_are_refused() -> None:
    with pytest.raises(NotEstimable, match="3 changes are too few beside 2 shocks"):
        beside_common_shocks(np.ones((4, 3)), np.ones((4, 3, 1)), 2)


def test_the_wild_bootstrap_draws_what_the_regression_would() -> None:
    """Its shortcut by linearity, against fitting each drawn outcome anew."""
    generator = np.random.default_rng(4)
    unit, period = (each.ravel() for each in np.indices((7, 5)))
    X = generator.normal(size=(35, 2))
    y = 0.4 * X[:, 0] + generator.normal(size=35) + generator.normal(size=7)[unit]
    found = wild_cluster_p(y, X, unit, period, 0, np.random.default_rng(9), 200)

    def t(outcome: np.ndarray) -> float:
        fit = two_way_regression(outcome, X, unit, period)
        return float(abs(fit.coefficient[0]) / fit.std_error[0])

    null = two_way_regression(y, X[:, 1:], unit, period)
    sign = np.random.default_rng(9).choice((-1.0, 1.0), size=(7, 200))
    fitted = y - null.residual
    drawn = [t(fitted + null.residual * sign[unit, draw]) for draw in range(200)]
    assert found == np.mean([each > t(y) * (1 + 1e-9) for each in drawn])


def test_the_wild_bootstrap_rejects_a_true_zero_as_often_as_it_says() -> None:
    generator = np.random.default_rng(11)
    unit, period = (each.ravel() for each in np.indices((12, 5)))
    rejected = 0
    for _ in range(300):
        # Errors and regressors both drift with their unit, which is what clusters are for.
        X = generator.normal(size=60) + generator.normal(size=12)[unit] * period
        y = generator.normal(size=60) + generator.normal(size=12)[unit] * period
        rejected += wild_cluster_p(y, X[:, None], unit, period, 0, generator, 199) <= 0.05
    # Five standard errors of a share of 5 % in 300 draws are .063.
    assert rejected / 300 < 0.05 + 0.063
