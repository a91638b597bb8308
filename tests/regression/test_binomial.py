"""Counts out of counts: published fits, slopes that are there, and the size of the bootstrap."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.regression.binomial import Counts, Link, binomial_regression, score_bootstrap_p
from assets.regression.estimable import NotEstimable


def counts(successes: list[int], trials: list[int]) -> Counts:
    rows = len(trials)
    return Counts(np.array(successes, float), np.array(trials, float), np.arange(rows))


def test_a_logit_is_the_published_one_of_budworms() -> None:
    # Venables and Ripley, Modern Applied Statistics with S, 4th edition, section 7.2: 20 moths of
    # each sex at six doses; glm(SF ~ sex + ldose - 1): sexF -3.4732, sexM -2.3724, ldose 1.0642,
    # residual deviance 6.7571.
    dead = [1, 4, 9, 13, 18, 20, 0, 2, 6, 10, 12, 16]
    male = np.repeat([1.0, 0.0], 6)
    X = np.column_stack([1 - male, male, np.tile(np.arange(6.0), 2)])
    found = binomial_regression(counts(dead, [20] * 12), X, "logit")
    assert found.coefficient == pytest.approx([-3.4732, -2.3724, 1.0642], abs=5e-5)
    assert found.deviance == pytest.approx(6.7571, abs=5e-5)


def test_a_complementary_log_log_is_the_published_one_of_beetles() -> None:
    # Dobson, An Introduction to Generalized Linear Models, beetle mortality (Bliss 1935):
    # intercept -39.572, dose 22.041, deviance 3.4464.
    dose = np.array([1.6907, 1.7242, 1.7552, 1.7842, 1.8113, 1.8369, 1.8610, 1.8839])
    killed = counts([6, 13, 18, 28, 52, 53, 61, 60], [59, 60, 62, 56, 63, 59, 62, 60])
    found = binomial_regression(killed, np.column_stack([np.ones(8), dose]), "cloglog")
    assert found.coefficient == pytest.approx([-39.572, 22.041], abs=5e-4)
    assert found.deviance == pytest.approx(3.4464, abs=5e-5)


@given(st.integers(0, 2**32 - 1), st.floats(-1, 1), st.sampled_from(["logit", "cloglog"]))
@settings(deadline=None, max_examples=30)
def test_slopes_that_are_there_are_found(seed: int, slope: float, link: Link) -> None:
    """Shares that follow the model exactly need not be those of whole counts."""
    generator = np.random.default_rng(seed)
    X = np.column_stack([generator.normal(size=40), np.ones(40)])
    predictor = X @ [slope, -0.4]
    share = 1 / (1 + np.exp(-predictor)) if link == "logit" else -np.expm1(-np.exp(predictor))
    trials = generator.integers(5, 80, size=40).astype(float)
    found = binomial_regression(Counts(share * trials, trials, np.arange(40) % 8), X, link)
    assert found.coefficient == pytest.approx([slope, -0.4], abs=1e-7)
    assert found.std_error == pytest.approx([0, 0], abs=1e-6)


@pytest.mark.parametrize("link", ["logit", "cloglog"])
def test_what_has_no_maximum_is_refused(link: Link) -> None:
    X = np.column_stack([np.repeat([0.0, 1.0], 4), np.ones(8)])
    with pytest.raises(NotEstimable, match="no maximum"):
        binomial_regression(counts([0] * 4 + [9] * 4, [9] * 8), X, link)
    with pytest.raises(NotEstimable, match="do not determine 3"):
        binomial_regression(counts([1, 2] * 4, [9] * 8), np.column_stack([X, X[:, 0]]), link)


def test_the_bootstrap_counts_patterns_of_signs() -> None:
    # All 64 patterns of six clusters, from the definition: without regressors but a constant, the
    # scores of the constant's fit and their part that the constant does not explain.
    generator = np.random.default_rng(3)
    cluster = np.repeat(np.arange(6), 5)
    x = generator.normal(size=30) + cluster / 3
    trials = np.full(30, 20.0)
    successes = generator.binomial(20, 1 / (1 + np.exp(-0.1 * x))).astype(float)
    share = successes.sum() / trials.sum()
    beyond = (x - x.mean()) * (successes - trials * share)  # equal trials: weights are alike
    part = np.array([beyond[cluster == g].sum() for g in range(6)])
    patterns = part * np.array(list(product((-1, 1), repeat=6)))
    spread = np.sqrt(((patterns - patterns.mean(axis=1, keepdims=True)) ** 2).sum(axis=1))
    t = np.abs(patterns.sum(axis=1) / spread)
    exact = (t > t[-1] * (1 + 1e-9)).mean()
    X = np.column_stack([x, np.ones(30)])
    drawn = score_bootstrap_p(
        Counts(successes, trials, cluster), X, "logit", 0, np.random.default_rng(1), 20_000
    )
    assert 0 < exact < 1
    assert drawn == pytest.approx(exact, abs=4 * np.sqrt(exact * (1 - exact) / 20_000))


def test_the_bootstrap_rejects_as_often_as_it_says_where_clusters_are_few() -> None:
    # 300 draws of 22 clusters by 4 with shocks of their own, and no effect: 5 % plus or minus four
    # standard errors of the share.
    generator = np.random.default_rng(11)
    cluster = np.repeat(np.arange(22), 4)
    rejected = 0
    for _ in range(300):
        x = generator.normal(size=22)[cluster] + 0.3 * generator.normal(size=88)
        shock = generator.normal(size=22)[cluster]
        share = 1 / (1 + np.exp(-shock - np.tile([2.0, 1.0, -0.5, -2.0], 22)))
        drawn = Counts(generator.binomial(38, share).astype(float), np.full(88, 38.0), cluster)
        X = np.column_stack([x, np.tile(np.eye(4), (22, 1))])
        rejected += score_bootstrap_p(drawn, X, "logit", 0, generator, 199) < 0.05
    assert rejected / 300 == pytest.approx(0.05, abs=4 * np.sqrt(0.05 * 0.95 / 300))
