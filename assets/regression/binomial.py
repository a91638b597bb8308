"""Counts out of counts: binomial regression, clustered errors, and a bootstrap for few clusters.

Belongs here: the fit by quasi-likelihood (also of shares that are no independent draws), and the p
of one coefficient by the wild bootstrap of scores. Not here: which counts, which regressors.
Sources: Papke and Wooldridge (1996), Journal of Applied Econometrics 11, 619-632 (fractional
logit); Prentice and Gloeckler (1978), Biometrics 34, 57-67 (hazards in grouped time: the
complementary log-log keeps the slope of proportional hazards); Kline and Santos (2012), Journal of
Econometric Methods 1, 23-41 (bootstrap of scores).
"""

import warnings
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from statsmodels.genmod import families  # statsmodels.api loads all there is
from statsmodels.genmod.generalized_linear_model import GLM

from assets.regression.estimable import NotEstimable
from assets.regression.panels.fixed_effects import sums_by

Floats = NDArray[np.float64]
Link = Literal["logit", "cloglog"]
_LINKS = {"logit": families.links.Logit, "cloglog": families.links.CLogLog}
_ITERATIONS = 100
_TOLERANCE = 1e-13  # of the coefficients, between two steps
# A linear predictor beyond this is a probability of 0 or 1: the maximum lies at infinity.
_INFINITE = 25.0


@dataclass(frozen=True, slots=True)
class Counts:
    """Successes out of trials, by row."""

    successes: Floats  # (rows,)
    trials: Floats  # (rows,), > 0
    cluster: NDArray[np.int64]  # (rows,): positions 0 .. clusters - 1


@dataclass(frozen=True, slots=True)
class BinomialFit:
    """Coefficients on the scale of the link."""

    coefficient: Floats  # (regressors,)
    covariance: Floats  # (regressors, regressors), CRV1
    deviance: float

    @property
    def std_error(self) -> Floats:
        """(regressors,): roots of the diagonal of the covariance."""
        return np.sqrt(np.diag(self.covariance))


def binomial_regression(counts: Counts, X: Floats, link: Link) -> BinomialFit:
    """Maximise the binomial quasi-likelihood.

    X: (rows, regressors), with a constant or effects among its columns. The covariance is
    A (Σ s_g s_g') A with A the inverse of the expected information and s_g a cluster's sum of
    scores, times G/(G - 1) (n - 1)/(n - k). It holds where rows of a cluster depend on each other
    and where counts vary more than draws do. Raises NotEstimable where no maximum is reached.
    """
    clusters = int(counts.cluster.max()) + 1
    n, k = X.shape
    if clusters < 2 or n <= k or np.linalg.matrix_rank(X) < k:
        raise NotEstimable(
            f"{n} rows of {clusters} clusters do not determine {k} coefficients: leave a regressor "
            "out, or take more rows."
        )
    family = families.Binomial(_LINKS[link]())
    both = np.column_stack([counts.successes, counts.trials - counts.successes])
    with warnings.catch_warnings():  # of a maximum at infinity, which is refused below
        warnings.simplefilter("ignore")
        found = GLM(both, X, family=family).fit(
            maxiter=_ITERATIONS, tol=_TOLERANCE, tol_criterion="params"
        )
    predictor = X @ found.params
    if not np.isfinite(predictor).all() or np.abs(predictor).max() > _INFINITE:
        raise NotEstimable(
            "The likelihood has no maximum: a combination of the regressors tells some rows of "
            "all or of none exactly. Leave these rows or a regressor out."
        )
    score, information = _score_and_information(counts, X, link, found.params)
    inverse = np.linalg.inv(information)
    factor = clusters / (clusters - 1) * (n - 1) / (n - k)
    return BinomialFit(
        coefficient=np.asarray(found.params, dtype=np.float64),
        covariance=factor * inverse @ (score.T @ score) @ inverse,
        deviance=float(found.deviance),
    )


def score_bootstrap_p(
    counts: Counts,
    X: Floats,
    link: Link,
    position: int,
    generator: np.random.Generator,
    draws: int,
) -> float:
    """Two-sided p of the coefficient at `position` by the wild bootstrap of scores.

    The scores of the fit without the regressor, each cluster's turned as a whole by a sign of its
    own; t is the sum of their efficient part for this coefficient over the root of its spread
    between clusters, in the data and in each draw. Nothing is fitted again.
    """
    others = np.delete(X, position, axis=1)
    restricted = binomial_regression(counts, others, link)
    at_null = np.insert(restricted.coefficient, position, 0.0)
    score, information = _score_and_information(counts, X, link, at_null)
    part = score @ np.linalg.inv(information)[position]  # (clusters,)
    observed = np.abs(_over_spread(part[:, None]))[0]
    signs = generator.choice((-1.0, 1.0), size=(len(part), draws))
    drawn = np.abs(_over_spread(part[:, None] * signs))
    # Draws with all signs alike are the data themselves: equal, but for rounding.
    return float((drawn > observed * (1 + 1e-9)).mean())


def _over_spread(part: Floats) -> Floats:
    """Sums of (clusters, draws) over the root of their spread between clusters."""
    spread = ((part - part.mean(axis=0)) ** 2).sum(axis=0)
    return np.asarray(part.sum(axis=0) / np.sqrt(spread), dtype=np.float64)


def _score_and_information(
    counts: Counts, X: Floats, link: Link, coefficient: Floats
) -> tuple[Floats, Floats]:
    """(clusters, regressors) sums of scores, (regressors, regressors) expected information."""
    family = families.Binomial(_LINKS[link]())
    share = np.asarray(family.fitted(X @ coefficient), dtype=np.float64)
    slope = 1 / family.link.deriv(share)  # of the share, by the linear predictor
    variance = share * (1 - share)
    by_row = X * ((counts.successes - counts.trials * share) * slope / variance)[:, None]
    information = X.T @ (X * (counts.trials * slope**2 / variance)[:, None])
    return sums_by(by_row, counts.cluster, int(counts.cluster.max()) + 1), information
