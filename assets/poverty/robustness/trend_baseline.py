"""How well series that have nothing to do with one another fit each other.

Belongs here: simulated regressions of the study's n and p on unrelated series, and how often they
look as good as the study. Not here: tests of the study's own residuals (serial_correlation.py).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import fdtri

DRAWS = 20_000
_AT_ONCE = 5_000  # bounds the memory

INDEPENDENT = "independent_noise"
LINEAR_TRENDS = "linear_trends"
RANDOM_WALKS = "random_walks"
OWN_TRENDS = "own_trends"

Draw = Callable[[int], NDArray[np.float64]]  # count → (count, n, 1 + p), the dependent first


@dataclass(frozen=True, slots=True)
class TrendBaseline:
    """Regressions on one family of unrelated series, beside the study's. Shares are in [0, 1]."""

    family: str
    draws: int
    mean_R2: float
    R2_95: float  # R² that one regression in twenty exceeds
    share_R2_reached: float  # as high an R² as the study's, which is also as high an F
    share_F_rejects: float  # F test at the level
    level: float
    median_max_vif: float
    share_vif_reached: float  # as high a largest VIF as the study's
    share_both_reached: float


def trend_baseline(
    y: NDArray[np.float64],
    X: NDArray[np.float64],
    R2: float,
    max_vif: float,
    rng: np.random.Generator,
    draws: int = DRAWS,
    level: float = 0.05,
) -> tuple[TrendBaseline, ...]:
    """Regress unrelated series as often as `draws` says, with the n and p of (n,) y, (n, p) X.

    R2, max_vif: the study's. Four families, all series independent of each other:
    independent_noise: standard normal; the F test must reject at its level here.
    linear_trends: one unit a year plus standard normal noise.
    random_walks: cumulated standard normals (Granger and Newbold 1974, J. Econometrics 2, 111-120).
    own_trends: the straight line of each of the study's series plus normal noise of the standard
      error around that line; rows must be in the order of time.
    Limits: the first three answer for the stated strength of trend only; own_trends holds for the
    trend what may be effect. That unrelated trends reach the study's fit does not show that there
    is no effect, only that the fit is no evidence of one. Shares carry a simulation error of at
    most 0.5/√draws.
    """
    n, p = X.shape
    return tuple(
        _baseline(family, draw, n, R2, max_vif, draws, level)
        for family, draw in _families(np.column_stack([y, X]), n, p, rng).items()
    )


def _families(
    data: NDArray[np.float64], n: int, p: int, rng: np.random.Generator
) -> dict[str, Draw]:
    when = np.arange(n, dtype=np.float64)
    lines = np.column_stack([np.ones(n), when])
    line = lines @ np.linalg.lstsq(lines, data, rcond=None)[0]
    spread = np.sqrt(((data - line) ** 2).sum(axis=0) / (n - 2))

    def noise(count: int) -> NDArray[np.float64]:
        return rng.standard_normal((count, n, 1 + p))

    return {
        INDEPENDENT: noise,
        LINEAR_TRENDS: lambda count: when[:, None] + noise(count),
        RANDOM_WALKS: lambda count: np.cumsum(noise(count), axis=1),
        OWN_TRENDS: lambda count: line + spread * noise(count),
    }


def _baseline(
    family: str, draw: Draw, n: int, R2: float, max_vif: float, draws: int, level: float
) -> TrendBaseline:
    blocks = [
        _fit_and_inflation(draw(min(_AT_ONCE, draws - start)))
        for start in range(0, draws, _AT_ONCE)
    ]
    fit = np.concatenate([block[0] for block in blocks])
    inflation = np.concatenate([block[1] for block in blocks])
    p = blocks[0][2]
    F_limit = float(fdtri(p, n - p - 1, 1 - level))
    R2_limit = p * F_limit / (p * F_limit + n - p - 1)
    fit_reached, vif_reached = fit >= R2, inflation >= max_vif
    return TrendBaseline(
        family=family,
        draws=draws,
        mean_R2=float(fit.mean()),
        R2_95=float(np.quantile(fit, 0.95)),
        share_R2_reached=float(fit_reached.mean()),
        share_F_rejects=float((fit > R2_limit).mean()),
        level=level,
        median_max_vif=float(np.median(inflation)),
        share_vif_reached=float(vif_reached.mean()),
        share_both_reached=float((fit_reached & vif_reached).mean()),
    )


def _fit_and_inflation(
    series: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64], int]:
    """R² and largest VIF of each of (count, n, 1 + p) series, and p."""
    centred = series - series.mean(axis=1, keepdims=True)
    unit = centred / np.sqrt((centred**2).sum(axis=1, keepdims=True))
    U, singular, Vt = np.linalg.svd(unit[:, :, 1:], full_matrices=False)
    R2 = (np.einsum("dni,dn->di", U, unit[:, :, 0]) ** 2).sum(axis=1)
    vif = ((Vt / singular[:, :, None]) ** 2).sum(axis=1).max(axis=1)
    return R2, vif, series.shape[2] - 1
