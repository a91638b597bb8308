"""Panel regression: region and year fixed effects, standard errors clustered by region.

Belongs here: which rows and regressors of a panel can be used, its tests, and what was left out in
words. Not here: the estimator (assets/regression/panels/two_way.py), a fit of one region alone
(assets/regression/ols.py, ridge.py), and the rows of results (result_frames.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assets.regression.coefficient import Coefficient
from assets.regression.estimable import NotEstimable, reason_missing
from assets.regression.panels.two_way import (
    CollinearError,
    SmallSample,
    TwoWayRegression,
    two_way_regression,
)
from assets.regression.significance import tested, upper_tail_of_f

# Below this many clusters the normal theory of clustered errors is doubted: Angrist and Pischke
# (2009), Mostly Harmless Econometrics, section 8.2.3. No number makes it safe (MacKinnon, Nielsen
# and Webb 2023, Journal of Econometrics 232, 272-299).
FEW_CLUSTERS = 42
# A dependent variable of which the effects leave less than this part of its length is rounding.
_ROUNDING = 1e-10

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PanelFit:
    """A fit in the units of the data; the fixed effects take the place of a constant.

    df: regions - 1, of t and of the denominator of F. R2 counts what the fixed effects explain,
    R2_within does not.
    """

    coefficients: tuple[Coefficient, ...]  # in the order of the regressors that were kept
    absorbed: tuple[str, ...]  # regressors that the fixed effects determine, left out
    collinear: tuple[str, ...]  # regressors that those before them determine, left out
    singletons: tuple[str, ...]  # `region year`: rows that their own fixed effect fits, left out
    regions: tuple[str, ...]  # the clusters used
    years: tuple[int, ...]
    n: int
    is_balanced: bool  # every region has every year
    df: int
    R2: float
    R2_within: float
    adjusted_R2: float
    F: float  # Wald test of all slopes
    p_of_F: float
    small_sample: SmallSample  # what is counted for the factor of the covariance
    covariance: Floats  # (kept regressors, kept regressors)

    @property
    def few_clusters(self) -> bool:
        """Whether the clusters are too few to trust clustered errors without a further test."""
        return len(self.regions) < FEW_CLUSTERS


def fit_panel(
    y: Floats, X: Floats, names: Sequence[str], regions: Sequence[str], years: Sequence[int]
) -> PanelFit:
    """Regress (n,) y on (n, regressors) X with an effect for each region and for each year.

    regions, years: (n,), one row for each pair at most; they need not all be there. A region or
    year with a single row is left out and named, over and over until none is left: its effect fits
    the row exactly. A regressor that the effects, or regressors before it, determine is left out
    and named. Errors are clustered by region as in two_way_regression(); t has G-1 degrees of
    freedom, G regions.
    Raises NotEstimable, with the reason; ValueError where a pair of region and year comes twice.
    """
    _require_shapes(y, X, names, regions, years)
    if reason := reason_missing(np.column_stack([y, X]), ("dependent", *names)):
        raise NotEstimable(reason)
    region, year = np.asarray(regions, dtype=object), np.asarray(years, dtype=np.int64)
    used = _without_singletons(region, year)
    y, X, region, year = y[used], X[used], region[used], year[used]
    region_names, year_names = np.unique(region).tolist(), np.unique(year).tolist()
    n, G, T = len(y), len(region_names), len(year_names)
    if G < 2:
        raise NotEstimable(
            f"{G} region(s) with two years or more that another region has as well: a panel needs "
            "at least 2."
        )

    kept = list(range(len(names)))
    absorbed: list[str] = []
    collinear: list[str] = []
    fit: TwoWayRegression | None = None
    while kept and fit is None:
        try:
            fit = two_way_regression(y, X[:, kept], region, year)
        except CollinearError as error:
            name = names[kept.pop(error.position)]
            (absorbed if error.by_effects else collinear).append(name)
    if fit is None:
        raise NotEstimable("Region and year effects determine every regressor: no slope is left.")
    if n <= len(kept) + G + T - 1:
        raise NotEstimable(
            f"{n} observations are too few for {len(kept)} slope(s), {G} region and {T} year "
            "effects: no error remains."
        )
    if np.sqrt(fit.left_by_effects) <= _ROUNDING * np.linalg.norm(y):
        raise NotEstimable("Region and year effects determine the dependent variable exactly.")

    R2 = 1 - fit.unexplained / float(((y - y.mean()) ** 2).sum())
    F = _wald(fit.coefficient, fit.covariance)
    return PanelFit(
        coefficients=tested([names[j] for j in kept], fit.coefficient, fit.std_error, G - 1),
        absorbed=tuple(absorbed),
        collinear=tuple(collinear),
        singletons=tuple(f"{regions[i]} {years[i]}" for i in np.flatnonzero(~used).tolist()),
        regions=tuple(map(str, region_names)),
        years=tuple(year_names),
        n=n,
        is_balanced=n == G * T,
        df=G - 1,
        R2=R2,
        R2_within=1 - fit.unexplained / fit.left_by_effects,
        adjusted_R2=1 - (1 - R2) * (n - 1) / (n - len(kept) - (G + T - 1)),
        F=F,
        p_of_F=upper_tail_of_f(F, len(kept), G - 1),
        small_sample=fit.small_sample,
        covariance=fit.covariance,
    )


def _require_shapes(
    y: Floats, X: Floats, names: Sequence[str], regions: Sequence[str], years: Sequence[int]
) -> None:
    if X.ndim != 2 or X.shape != (len(y), len(names)) or not len(y) == len(regions) == len(years):
        raise ValueError(
            f"y {y.shape}, X {X.shape}, {len(names)} names, {len(regions)} regions and "
            f"{len(years)} years do not fit together."
        )
    pairs = list(zip(regions, years, strict=True))
    if len(set(pairs)) < len(pairs):
        twice = sorted({pair for pair in pairs if pairs.count(pair) > 1})
        raise ValueError(f"More than one row for {twice[0][0]} {twice[0][1]}; expected one.")


def _without_singletons(region: NDArray[np.object_], year: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which (n,) rows share both their region and their year with another row that is used."""
    positions = [np.unique(labels, return_inverse=True)[1] for labels in (region, year)]
    used = np.ones(len(region), dtype=np.bool_)
    while True:
        alone = np.zeros(len(region), dtype=np.bool_)
        for position in positions:
            alone |= (np.bincount(position[used], minlength=len(region)) == 1)[position]
        if not (alone & used).any():
            return used
        used &= ~alone


def _wald(estimate: Floats, covariance: Floats) -> float:
    """F of all slopes at once; infinite where the covariance leaves no doubt."""
    size = np.sqrt(np.diag(covariance))
    if not size.all():
        return float("inf")
    correlation = covariance / np.outer(size, size)
    return float((estimate / size) @ np.linalg.lstsq(correlation, estimate / size)[0]) / len(size)


def few_clusters_sentence(fit: PanelFit) -> str:
    """What too few clusters mean for the errors; empty where there are enough."""
    if not fit.few_clusters:
        return ""
    return (
        f"Only {len(fit.regions)} clusters (fewer than {FEW_CLUSTERS}): clustered errors tend to "
        "be too small and p-values too good."
    )


def left_out_sentences(fit: PanelFit) -> list[str]:
    """Each kind of thing that the fit left out, with its names; nothing goes in silence."""
    return [
        f"{words}: {', '.join(found)}."
        for words, found in (
            ("Left out, since region and year effects determine it", fit.absorbed),
            ("Left out, since regressors before it determine it", fit.collinear),
            ("Left out as single rows of a region or year", fit.singletons),
        )
        if found
    ]
