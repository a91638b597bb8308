"""How well series that have nothing to do with one another fit each other.

Belongs here: how often regressions on unrelated series look as good as the study's, as a whole and
by coefficient. Not here: the series (null_worlds.py), what is concluded (sentences.py), tests of
the study's own residuals (serial_correlation.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import fdtri

from assets.poverty.robustness.trends.null_worlds import (
    OWN_TRENDS,
    Regressions,
    own_trends,
    regressions,
    unrelated,
)

DRAWS = 2_999  # with which a p of 0.05 is a whole number of draws


@dataclass(frozen=True, slots=True)
class TrendBaseline:
    """Regressions on one kind of unrelated series, beside the study's. Shares are in [0, 1]."""

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
    share_as_clear: tuple[float, ...]  # by regressor: any coefficient as clear as the study's


def trend_baseline(
    y: NDArray[np.float64],
    X: NDArray[np.float64],
    years: Sequence[int],
    rng: np.random.Generator,
    levels_alone: bool = False,
    draws: int = DRAWS,
    level: float = 0.05,
) -> tuple[TrendBaseline, ...]:
    """Regress unrelated series as often as `draws` says, with years and p of (n,) y, (n, p) X.

    Kinds: those of null_worlds.KINDS, and the straight lines of the study's own series plus noise,
    which rng draws. In independent_noise the F test must reject at its level.
    Shares of what is reached count the study as one draw, so that none is 0 and each is the p of a
    Monte Carlo test of its kind; share_as_clear is of the clearest coefficient of each draw, so it
    holds for all coefficients of a regression together.
    levels_alone: leaves out what rests on the order of the years, from what a coefficient's
    clarity is; own trends do rest on it, and are one more hurdle.
    Limits: each kind answers for the stated parameters only, and own_trends holds for the
    trend what may be effect. That unrelated series reach the study's fit does not show that there
    is no effect, only that the fit is no evidence of one. Shares carry a simulation error of at
    most 0.5/√draws.
    Sources: Granger and Newbold (1974), J. Econometrics 2, 111-120; Dufour (2006), J. Econometrics
    133, 443-477, for the largest Monte Carlo p over what is not known.
    """
    data, years = np.column_stack([y, X]), tuple(years)
    study = regressions(data[None], years)
    own = {OWN_TRENDS: regressions(own_trends(data, years, rng, draws), years)}
    return tuple(
        _baseline(family, found, study, levels_alone, level)
        for family, found in {**unrelated(years, X.shape[1], draws), **own}.items()
    )


def _baseline(
    family: str, found: Regressions, study: Regressions, levels_alone: bool, level: float
) -> TrendBaseline:
    draws, p, n = len(found.R2), found.p.shape[2], found.rows
    F_limit = float(fdtri(p, n - p - 1, 1 - level))
    R2_limit = p * F_limit / (p * F_limit + n - p - 1)
    fit_reached = study.R2[0] <= found.R2
    vif_reached = found.max_vif >= study.max_vif[0]
    clearest = found.clarity(levels_alone).min(axis=1)

    def share(reached: NDArray[np.bool_]) -> float:
        return (1 + int(reached.sum())) / (1 + draws)

    return TrendBaseline(
        family=family,
        draws=draws,
        mean_R2=float(found.R2.mean()),
        R2_95=float(np.quantile(found.R2, 0.95)),
        share_R2_reached=share(fit_reached),
        share_F_rejects=float((R2_limit < found.R2).mean()),
        level=level,
        median_max_vif=float(np.median(found.max_vif)),
        share_vif_reached=share(vif_reached),
        share_both_reached=share(fit_reached & vif_reached),
        share_as_clear=tuple(
            share(clearest <= own) for own in study.clarity(levels_alone)[0].tolist()
        ),
    )
