"""Panel regression: region and year fixed effects, standard errors clustered by region.

Belongs here: the estimator, what it cannot use, and its tests. Not here: a fit of one region alone
(ols.py, ridge.py), and the rows of results (panel_results.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assets.regression.coefficient import Coefficient
from assets.regression.estimable import NotEstimable, reason_missing
from assets.regression.fixed_effects import two_way_effects
from assets.regression.significance import two_sided_p, upper_tail_of_f

# Below this many clusters the normal theory of clustered errors is doubted: Angrist and Pischke
# (2009), Mostly Harmless Econometrics, section 8.2.3. No number makes it safe (MacKinnon, Nielsen
# and Webb 2023, Journal of Econometrics 232, 272-299).
FEW_CLUSTERS = 42
# A column of length one whose part beside what is projected out is no longer than this is rounding.
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
    small_sample_factor: float  # of the covariance
    covariance: Floats  # (kept regressors, kept regressors)

    @property
    def few_clusters(self) -> bool:
        """Whether the clusters are too few to trust clustered errors without a further test."""
        return len(self.regions) < FEW_CLUSTERS


@dataclass(frozen=True, slots=True)
class _Panel:
    """Rows that are used, with regions and years as numbers from 0."""

    y: Floats  # (n,)
    X: Floats  # (n, regressors)
    region: NDArray[np.int64]  # (n,)
    year: NDArray[np.int64]  # (n,)
    regions: tuple[str, ...]
    years: tuple[int, ...]
    singletons: tuple[str, ...]


def fit_panel(
    y: Floats, X: Floats, names: Sequence[str], regions: Sequence[str], years: Sequence[int]
) -> PanelFit:
    """Regress (n,) y on (n, regressors) X with an effect for each region and for each year.

    regions, years: (n,), one row for each pair at most; they need not all be there. A region or
    year with a single row is left out and named, over and over until none is left: its effect fits
    the row exactly. A regressor that the effects, or regressors before it, determine is left out
    and named.
    Covariance: CRV1, A (Σ s_g s_g') A with A = (X'X)⁻¹ of what is left of X beside the effects and
    s_g a region's sum of scores, times G/(G-1) × (n-1)/(n-k): G regions; k counts the slopes and
    the years, not the region effects, which are nested in the clusters, but for one. That is the
    default of fixest (Bergé 2018) and pyfixest. t has G-1 degrees of freedom.
    Raises NotEstimable, with the reason; ValueError where a pair of region and year comes twice.
    """
    _require_shapes(y, X, names, regions, years)
    if reason := reason_missing(np.column_stack([y, X]), ("dependent", *names)):
        raise NotEstimable(reason)
    panel = _without_singletons(y, X, regions, years)
    within = _within(panel)
    kept, absorbed, collinear = _kept(panel.X, within[:, 1:], names)
    k = len(kept) + len(panel.years)
    _require_estimable(panel, within[:, 0], kept, k)
    return _fit(panel, within[:, 0], within[:, 1:][:, kept], names, kept, absorbed, collinear)


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


def _without_singletons(
    y: Floats, X: Floats, regions: Sequence[str], years: Sequence[int]
) -> _Panel:
    region_names, region = np.unique(np.asarray(regions, dtype=object), return_inverse=True)
    year_names, year = np.unique(np.asarray(years, dtype=np.int64), return_inverse=True)
    used = np.ones(len(y), dtype=np.bool_)
    while True:
        alone = (np.bincount(region[used], minlength=len(region_names)) == 1)[region]
        alone |= (np.bincount(year[used], minlength=len(year_names)) == 1)[year]
        if not (alone & used).any():
            break
        used &= ~alone
    left, region_used = np.unique(region[used], return_inverse=True)
    left_years, year_used = np.unique(year[used], return_inverse=True)
    return _Panel(
        *(y[used], X[used], region_used.astype(np.int64), year_used.astype(np.int64)),
        tuple(str(region_names[i]) for i in left),
        tuple(int(year_names[i]) for i in left_years),
        tuple(f"{regions[i]} {years[i]}" for i in np.flatnonzero(~used).tolist()),
    )


def _within(panel: _Panel) -> Floats:
    """(n, 1 + regressors): y and X less what region and year effects explain.

    The effects are solved for at once, which is exact for a panel with gaps where taking means in
    turns would stop at a tolerance.
    """
    columns = np.column_stack([panel.y, panel.X])
    if len(columns) == 0:
        return columns
    effects = two_way_effects(panel.region, panel.year, np.ones(len(columns)))
    columns = columns - columns.mean(axis=0)  # a large level would cost digits below
    for _ in range(2):  # the second time takes away what rounding left of the first
        columns = effects.residual(columns)
    return columns


def _kept(
    X: Floats, within: Floats, names: Sequence[str]
) -> tuple[list[int], tuple[str, ...], tuple[str, ...]]:
    """Columns that can be told apart, those the effects determine, those other columns do."""
    kept: list[int] = []
    absorbed, collinear = [], []
    for j, name in enumerate(names):
        size = float(np.linalg.norm(X[:, j])) if len(X) else 0.0
        length = float(np.linalg.norm(within[:, j]))
        if length <= _ROUNDING * size:
            absorbed.append(name)
        elif _length_beside(within[:, kept], within[:, j]) <= _ROUNDING * size:
            collinear.append(name)
        else:
            kept.append(j)
    return kept, tuple(absorbed), tuple(collinear)


def _length_beside(others: Floats, column: Floats) -> float:
    if others.shape[1] == 0:
        return float(np.linalg.norm(column))
    Q = np.linalg.qr(others).Q
    return float(np.linalg.norm(column - Q @ (Q.T @ column)))


def _require_estimable(panel: _Panel, y_within: Floats, kept: list[int], k: int) -> None:
    n, G = len(panel.y), len(panel.regions)
    if G < 2:
        raise NotEstimable(
            f"{G} region(s) with two years or more that another region has as well: a panel needs "
            "at least 2."
        )
    if not kept:
        raise NotEstimable("Region and year effects determine every regressor: no slope is left.")
    if n <= len(kept) + G + len(panel.years) - 1:
        raise NotEstimable(
            f"{n} observations are too few for {len(kept)} slope(s), {G} region and "
            f"{len(panel.years)} year effects: no error remains."
        )
    if np.linalg.norm(y_within) <= _ROUNDING * np.linalg.norm(panel.y):
        raise NotEstimable("Region and year effects determine the dependent variable exactly.")


def _fit(
    panel: _Panel,
    y: Floats,
    X: Floats,
    names: Sequence[str],
    kept: list[int],
    absorbed: tuple[str, ...],
    collinear: tuple[str, ...],
) -> PanelFit:
    n, G, T = len(y), len(panel.regions), len(panel.years)
    scale = np.linalg.norm(X, axis=0)
    Q, R = np.linalg.qr(X / scale)
    estimate = np.linalg.solve(R, Q.T @ y) / scale
    residual = y - X @ estimate
    factor = G / (G - 1) * (n - 1) / (n - len(kept) - T)
    covariance = factor * _clustered(Q, R, scale, residual, panel.region, G)
    std_error = np.sqrt(np.diag(covariance))
    with np.errstate(divide="ignore", invalid="ignore"):  # a perfect fit has infinite t
        t = np.nan_to_num(estimate / std_error, nan=0.0, posinf=np.inf, neginf=-np.inf)
    p = two_sided_p(t, G - 1)
    F = _wald(estimate, covariance)
    unexplained = float(residual @ residual)
    total = float(((panel.y - panel.y.mean()) ** 2).sum())
    R2 = 1 - unexplained / total
    return PanelFit(
        coefficients=tuple(
            Coefficient(names[j], *map(float, (estimate[i], std_error[i], t[i], p[i])))
            for i, j in enumerate(kept)
        ),
        absorbed=absorbed,
        collinear=collinear,
        singletons=panel.singletons,
        regions=panel.regions,
        years=panel.years,
        n=n,
        is_balanced=n == G * T,
        df=G - 1,
        R2=R2,
        R2_within=1 - unexplained / float(y @ y),
        adjusted_R2=1 - (1 - R2) * (n - 1) / (n - len(kept) - (G + T - 1)),
        F=F,
        p_of_F=upper_tail_of_f(F, len(kept), G - 1),
        small_sample_factor=factor,
        covariance=covariance,
    )


def _clustered(
    Q: Floats, R: Floats, scale: Floats, residual: Floats, cluster: NDArray[np.int64], G: int
) -> Floats:
    """A (Σ s_g s_g') A without the small-sample factor: with X = QR, A X' is R⁻¹ Q'."""
    scores = np.zeros((G, Q.shape[1]))
    np.add.at(scores, cluster, Q * residual[:, None])
    root: Floats = np.linalg.solve(R, scores.T) / scale[:, None]
    return np.asarray(root @ root.T, dtype=np.float64)


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
