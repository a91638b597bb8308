"""Break tests against statsmodels and strucchange, and their exactness on a given design."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.stats import f as fisher
from statsmodels.stats.diagnostic import recursive_olsresiduals
from statsmodels.stats.outliers_influence import OLSInfluence

from assets.poverty.drift.chow import break_splits, break_tests, split_p_values
from assets.regression.estimable import NotEstimable

NAMES = ("a", "b", "c", "d", "e")


def small_sample(seed: int, n: int, p: int) -> tuple[np.ndarray, np.ndarray, list[int]]:
    rng = np.random.default_rng(seed)
    X = np.arange(n)[:, None] + rng.normal(size=(n, p))
    return X.sum(axis=1) + rng.normal(size=n), X, list(range(2012, 2012 + n))


def found_in(y, X, years, draws=99, seed=0):
    return break_tests(y, X, NAMES[: X.shape[1]], years, np.random.default_rng(seed), draws)


@pytest.mark.parametrize(("n", "p"), [(8, 4), (8, 1), (11, 3), (15, 5)])
def test_the_last_year_is_the_externally_studentised_residual(n: int, p: int) -> None:
    y, X, years = small_sample(n + p, n, p)
    t = OLSInfluence(sm.OLS(y, sm.add_constant(X)).fit()).resid_studentized_external[-1]
    last = found_in(y, X, years).last_year
    assert last is not None
    assert (last.df_break, last.df_residual) == (1, n - p - 2)
    assert pytest.approx(t**2, rel=1e-9) == last.F  # condition numbers cost a few digits


@pytest.mark.parametrize(("n", "p"), [(8, 4), (12, 2)])
def test_the_last_years_are_chows_predictive_test_from_recursive_residuals(n: int, p: int) -> None:
    y, X, years = small_sample(n, n, p)
    recursive = recursive_olsresiduals(sm.OLS(y, sm.add_constant(X)).fit())
    squares = np.asarray(recursive[4][p + 1 :]) ** 2  # scaled, so that squares add up to the RSS
    for test in found_in(y, X, years).tests:
        m = n - 1 - years.index(test.last_year_before)
        if m <= p + 1 and test.df_residual == n - m - p - 1:
            before = squares[: n - m - p - 1].sum() / (n - m - p - 1)
            assert pytest.approx(squares[-m:].mean() / before, rel=1e-8) == test.F
            assert test.p == pytest.approx(fisher.sf(test.F, m, test.df_residual), rel=1e-9)


def test_a_break_in_the_middle_is_chows_test() -> None:
    y, X, years = small_sample(3, 14, 2)
    rss = [
        sm.OLS(y[rows], sm.add_constant(X[rows], has_constant="add")).fit().ssr
        for rows in (slice(None), slice(0, 7), slice(7, None))
    ]
    expected = ((rss[0] - rss[1] - rss[2]) / 3) / ((rss[1] + rss[2]) / (14 - 6))
    (middle,) = [t for t in found_in(y, X, years).tests if t.last_year_before == years[6]]
    assert pytest.approx(expected, rel=1e-9) == middle.F


def test_nile_as_strucchange_prints_it() -> None:
    # strucchange 1.5, example(Fstats): sctest of Fstats(Nile ~ 1) prints sup.F = 75.93; the break
    # is after 1898. A mean alone has no regressor: the F's are taken from the splits themselves.
    data = sm.datasets.nile.load_pandas().data
    y, years = data["volume"].to_numpy(), data["year"].to_numpy(dtype=int)
    full, splits = break_splits(np.empty((len(y), 0)))
    residual = full @ y
    trimmed = [split for split in splits if 15 <= split.row <= 85]  # 15 % on either side, as there
    left = [((split.maker @ residual) ** 2).sum() for split in trimmed]
    F = (residual @ residual - np.array(left)) / (np.array(left) / 98)
    assert F.max() == pytest.approx(75.93, abs=0.005)
    assert years[trimmed[int(F.argmax())].row - 1] == 1898


def test_which_years_can_be_found_in() -> None:
    found = found_in(*small_sample(0, 8, 4))
    assert [test.last_year_before for test in found.tests] == [2012, 2013, 2017, 2018]
    assert found.not_testable == (2014, 2015, 2016)
    assert found_in(*small_sample(0, 7, 5)) is None
    assert len(found_in(*small_sample(0, 15, 1)).tests) == 14


def test_p_values_are_uniform_on_the_design_and_the_joint_one_too() -> None:
    _, X, _ = small_sample(1, 8, 4)
    full, splits = break_splits(X)
    rng = np.random.default_rng(20)
    p = split_p_values(rng.standard_normal((40_000, 8)) @ full, full, splits)
    # four standard errors of a share of 5 % in 40,000 draws are 0.0044
    assert (p <= 0.05).mean(axis=0) == pytest.approx(np.full(4, 0.05), abs=0.0044)
    least = p.min(axis=1)
    limit = np.quantile(least[:20_000], 0.05)
    assert (least[20_000:] <= limit).mean() == pytest.approx(0.05, abs=0.008)


def test_size_of_the_joint_test() -> None:
    _, X, years = small_sample(2, 9, 3)
    rng = np.random.default_rng(7)
    rejected = [
        break_tests(X.sum(axis=1) + rng.normal(size=9), X, NAMES[:3], years, rng, 99).p <= 0.05
        for _ in range(1_500)
    ]
    assert 0.03 <= np.mean(rejected) <= 0.07  # 3.5 standard errors of 5 % in 1,500


def test_it_depends_neither_on_coefficients_nor_on_scale() -> None:
    y, X, years = small_sample(5, 9, 2)
    plain = found_in(y, X, years)
    moved = found_in(1e3 * y + X @ [40.0, -7.0] + 5.0, X * 1e-3 - 2.0, years)
    assert moved.p == plain.p
    assert [t.F for t in moved.tests] == pytest.approx([t.F for t in plain.tests], rel=1e-7)


def test_a_planted_break_is_found_in_its_year() -> None:
    y, X, years = small_sample(6, 12, 1)
    y[9:] += 25.0
    found = found_in(y, X, years, draws=999)
    assert found.likeliest.last_year_before == years[8]
    assert found.p == 1 / 1000


def test_refusals() -> None:
    y, X, years = small_sample(0, 8, 2)
    with pytest.raises(NotEstimable):
        found_in(y, np.column_stack([X[:, 0], 2 * X[:, 0]]), years)
    with pytest.raises(ValueError, match="perfect fit"):
        found_in(X.sum(axis=1), X, years)
