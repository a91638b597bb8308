import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.regression.panels.fixed_effects import two_way_effects
from assets.regression.panels.two_way import CollinearError, two_way_regression


def unbalanced(seed: int) -> dict[str, np.ndarray]:
    """Rows of 15 towns in 6 years, a third of them missing, some twice; two regressors."""
    generator = np.random.default_rng(seed)
    town, year = (part.ravel() for part in np.indices((15, 6)))
    rows = generator.permutation(np.concatenate([np.arange(6), np.arange(0, 90, 6)]))
    rows = np.concatenate([rows, generator.choice(90, 50)])
    return {
        "outcome": generator.normal(size=len(rows)) + town[rows] - year[rows],
        "regressors": generator.normal(size=(len(rows), 2)) + 0.3 * town[rows][:, None],
        "unit": np.array([f"town {position}" for position in town[rows]]),
        "period": year[rows] + 2012,
        "weight": generator.uniform(0.5, 4, len(rows)),
        "cluster": town[rows] // 2,
    }


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("clustered_by", ["cluster", "unit"])
def test_it_is_the_regression_with_dummies(seed: int, clustered_by: str) -> None:
    import statsmodels.api as sm

    data = unbalanced(seed)
    town = data["unit"][:, None] == np.unique(data["unit"])
    year = data["period"][:, None] == np.unique(data["period"])[1:]
    X = np.column_stack([data["regressors"], town, year]).astype(float)
    groups = np.unique(data[clustered_by], return_inverse=True)[1]
    theirs = sm.WLS(data["outcome"], X, weights=data["weight"]).fit(
        cov_type="cluster", cov_kwds={"groups": groups, "use_correction": False}
    )
    cluster = None if clustered_by == "unit" else data["cluster"]
    ours = two_way_regression(**{**data, "cluster": cluster})
    clusters, n, parameters = groups.max() + 1, len(groups), 2 + len(np.unique(data["period"]))
    factor = clusters / (clusters - 1) * (n - 1) / (n - parameters)
    np.testing.assert_allclose(ours.coefficient, theirs.params[:2], atol=1e-10)
    np.testing.assert_allclose(ours.covariance, factor * theirs.cov_params()[:2, :2], atol=1e-10)
    np.testing.assert_allclose(ours.std_error, np.sqrt(factor) * theirs.bse[:2], atol=1e-10)
    np.testing.assert_array_equal(ours.cluster, np.unique(data[clustered_by]))


def test_influence_sums_to_zero_and_squares_to_the_covariance() -> None:
    fit = two_way_regression(**unbalanced(9))
    np.testing.assert_allclose(fit.influence.sum(axis=0), 0, atol=1e-9)
    np.testing.assert_allclose(
        fit.influence.T @ fit.influence / len(fit.cluster) ** 2, fit.covariance, atol=1e-14
    )


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), scale=st.floats(0.01, 100))
def test_effects_and_the_scale_of_weights_change_nothing(seed: int, scale: float) -> None:
    data = unbalanced(seed)
    generator = np.random.default_rng(seed)
    names = np.unique(data["unit"], return_inverse=True)[1]
    moved = {
        **data,
        "outcome": data["outcome"] + generator.normal(size=15)[names] + 3.0 * data["period"],
        "weight": scale * data["weight"],
    }
    before, after = two_way_regression(**data), two_way_regression(**moved)
    np.testing.assert_allclose(after.coefficient, before.coefficient, atol=1e-8)
    np.testing.assert_allclose(after.covariance, before.covariance, atol=1e-8)


def test_a_regressor_that_the_effects_explain_is_named() -> None:
    data = unbalanced(1)
    data["regressors"] = np.column_stack([data["regressors"][:, 0], data["cluster"]])
    with pytest.raises(CollinearError, match="regressor 1 is explained") as raised:
        two_way_regression(**data)
    assert raised.value.position == 1


def test_one_cluster_gives_no_error() -> None:
    data = unbalanced(1)
    with pytest.raises(ValueError, match="leave nothing to judge the error by"):
        two_way_regression(**{**data, "cluster": np.zeros(len(data["outcome"]))})


def test_sums_of_rows_give_what_the_rows_give_but_for_the_count() -> None:
    # Three observations behind every row, all alike: only the small-sample factor tells.
    data = unbalanced(2)
    repeated = {name: np.repeat(values, 3, axis=0) for name, values in data.items()}
    rows = two_way_regression(**repeated)
    once = two_way_regression(
        **{**data, "weight": 3 * data["weight"]}, observations=3 * len(data["outcome"])
    )
    np.testing.assert_allclose(once.coefficient, rows.coefficient, atol=1e-10)
    np.testing.assert_allclose(once.covariance, rows.covariance, atol=1e-10)


def test_a_unit_without_rows_is_refused() -> None:
    with pytest.raises(ValueError, match="no row"):
        two_way_effects(np.array([0, 2]), np.array([0, 1]), np.ones(2))


def test_parts_that_no_row_connects_are_fitted_each_on_its_own() -> None:
    # Units 0, 1 are seen in periods 0, 1 only, units 2, 3 in periods 2, 3 only.
    unit = np.array([0, 0, 1, 1, 2, 2, 3, 3])
    period = np.array([0, 1, 0, 1, 2, 3, 2, 3])
    values = np.random.default_rng(0).normal(size=8)
    dummies = np.column_stack([unit[:, None] == np.arange(4), period[:, None] == np.arange(4)])
    fitted = dummies @ np.linalg.lstsq(dummies.astype(float), values, rcond=None)[0]
    residual = two_way_effects(unit, period, np.ones(8)).residual(values)
    np.testing.assert_allclose(residual, values - fitted, atol=1e-12)


def test_periods_that_hang_together_by_little_keep_their_digits() -> None:
    # Two units of weight a million, and one of weight one that alone connects the periods.
    unit = np.array([0, 0, 1, 1, 2, 2, 2, 2])
    period = np.array([0, 1, 2, 3, 0, 1, 2, 3])
    weight = np.where(unit == 2, 1.0, 1e6)
    values = np.array([3.0, 5.0, 1.0, 8.0, 2.0, 4.0, 7.0, 14.0])
    residual = two_way_effects(unit, period, weight).residual(values)
    # Unit 2's changes are those of the heavy units, so every value is fitted.
    np.testing.assert_allclose(residual, 0, atol=1e-8)
    off = values + np.array([0, 0, 0, 0, 1.0, 0, 0, 0])
    heavy, light = np.split(two_way_effects(unit, period, weight).residual(off), [4])
    assert np.abs(heavy).max() < 1e-5
    np.testing.assert_allclose(light, [0.5, -0.5, 0, 0], atol=1e-5)
