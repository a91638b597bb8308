"""Series that have nothing to do with one another, and how clear a coefficient they give.

Belongs here: the kinds of unrelated series a handful of years may hold, and what is measured of
a regression, of theirs and of the study's alike. Not here: shares of them (trend_baseline.py), what
is concluded (sentences.py).

How clear a coefficient is: its largest p by OLS in levels, in first differences, with a trend taken
out, and in second differences (changes of changes, without a constant). Levels alone mistake walks
and trends for effects, differences alone S-curves; what is related by more than a common course of
time is clear in all four. Where the order of the years is assumed, levels alone can be used.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from assets.poverty.robustness.methods.closed_form import closed_form
from assets.poverty.robustness.trends.specification_curve import DETRENDED, DIFFERENCES, LEVELS
from assets.poverty.robustness.trends.trend_checks import gap_in_years

SECOND_DIFFERENCES = "second differences"

INDEPENDENT = "independent_noise"
AUTOREGRESSIVE = "autoregressive"
LINEAR_TRENDS = "linear_trends"
RANDOM_WALKS = "random_walks"
DRIFTING_WALKS = "drifting_walks"
S_CURVES = "s_curves"
GRADUAL_S_CURVES = "gradual_s_curves"
STEEP_S_CURVES = "steep_s_curves"
MIXTURES = "mixtures"
OWN_TRENDS = "own_trends"

AUTOREGRESSION = 0.7  # of AUTOREGRESSIVE
_SEED = 20150101  # of every kind but OWN_TRENDS, so that samples of one shape share their draws

Array = NDArray[np.float64]
Draw = Callable[[np.random.Generator, int, int, int], Array]  # rng, draws, years, series


@dataclass(frozen=True, slots=True)
class Regressions:
    """What is measured of d regressions of n years and p regressors."""

    rows: int  # n
    R2: Array  # (d,) of OLS in levels
    max_vif: Array  # (d,)
    forms: tuple[str, ...]
    p: Array  # (forms, d, p) of OLS; 1 where a form has no unique estimate
    is_negative: NDArray[np.bool_]  # (forms, d, p)

    def clarity(self, levels_alone: bool) -> Array:
        """(d, p) the largest p of each coefficient over the forms; 1 where its sign turns."""
        used = slice(0, 1 if levels_alone else None)
        same = (self.is_negative[used] == self.is_negative[0]).all(axis=0)
        return np.where(same, self.p[used].max(axis=0), 1.0)


def regressions(series: Array, years: Sequence[int]) -> Regressions:
    """Regress the first of (d, n, 1 + p) series on the others; years: (n,) rising."""
    size = np.abs(series).max(axis=1)
    when = np.array(years, dtype=np.float64) - np.mean(years)
    line = np.column_stack([np.ones(len(when)), when / np.sqrt(when @ when)])
    line[:, 0] /= np.sqrt(len(when))
    detrended = series - line @ (line.T @ series)
    data = {LEVELS: (series, True, 0), DETRENDED: (detrended, True, 1)}
    if gap_in_years(years) is None:
        data[DIFFERENCES] = (np.diff(series, axis=1), True, 0)
        data[SECOND_DIFFERENCES] = (np.diff(series, n=2, axis=1), False, 0)
    fits = {
        form: closed_form(
            values[:, :, 0],
            values[:, :, 1:],
            np.zeros(1),
            size[:, 1:],
            float(size[:, 0].max()),
            lost,
            constant,
        )
        for form, (values, constant, lost) in data.items()
    }
    return Regressions(
        rows=series.shape[1],
        R2=fits[LEVELS].R2[:, 0],
        max_vif=fits[LEVELS].vif[:, 0].max(axis=1),
        forms=tuple(fits),
        p=np.stack([np.where(fit.estimable[:, None], fit.p[:, 0], 1.0) for fit in fits.values()]),
        is_negative=np.stack([fit.slope[:, 0] < 0 for fit in fits.values()]),
    )


@lru_cache(maxsize=8)
def unrelated(years: tuple[int, ...], regressors: int, draws: int) -> dict[str, Regressions]:
    """Regressions on every kind of unrelated series but the sample's own trends, by kind."""
    rng = np.random.default_rng((_SEED, len(years), regressors))
    span = years[-1] - years[0] + 1
    rows = np.array(years) - years[0]
    return {
        kind: regressions(draw(rng, draws, span, 1 + regressors)[:, rows], years)
        for kind, draw in KINDS.items()
    }


def own_trends(data: Array, years: Sequence[int], rng: np.random.Generator, draws: int) -> Array:
    """(draws, n, 1 + p) series: the straight line of each column of (n, 1 + p) data, and noise.

    Noise is normal with the standard error around the line.
    """
    when = np.array(years, dtype=np.float64) - years[0]
    lines = np.column_stack([np.ones(len(when)), when])
    line = lines @ np.linalg.lstsq(lines, data, rcond=None)[0]
    spread = np.sqrt(((data - line) ** 2).sum(axis=0) / (len(when) - 2))
    return np.asarray(line + spread * rng.standard_normal((draws, *data.shape)))


def s_curves(rate: tuple[float, float], middle: tuple[float, float], noise: float) -> Draw:
    """Adoption curves that rise from 0 to 1, each with a rate and a middle of its own.

    rate: bounds, a year; middle: bounds of the year of half, as shares of the time from the first
    to the last year; noise: its standard deviation, of the level that is reached.
    """

    def draw(rng: np.random.Generator, draws: int, years: int, series: int) -> Array:
        half = (years - 1) * rng.uniform(*middle, (draws, 1, series))
        steepness = rng.uniform(*rate, (draws, 1, series))
        course = 1 / (1 + np.exp(-steepness * (np.arange(years)[:, None] - half)))
        return np.asarray(course + noise * rng.standard_normal(course.shape))

    return draw


def walks(drift: float) -> Draw:
    """Cumulated normals of variance one and the given mean."""
    return lambda rng, *shape: np.cumsum(drift + rng.standard_normal(shape), axis=1)


def trends(slope: float) -> Draw:
    """A straight line plus standard normal noise; slope: a year, in standard deviations."""
    return lambda rng, draws, years, series: (
        slope * np.arange(years)[:, None] + rng.standard_normal((draws, years, series))
    )


def autoregressions(coefficient: float) -> Draw:
    """Stationary from the first year on, with normal errors."""

    def draw(rng: np.random.Generator, draws: int, years: int, series: int) -> Array:
        values = rng.standard_normal((draws, years, series))
        values[:, 0] /= np.sqrt(1 - coefficient**2)
        for year in range(1, years):
            values[:, year] += coefficient * values[:, year - 1]
        return values

    return draw


def mixtures(kinds: Sequence[Draw]) -> Draw:
    """Every series of a kind of its own, drawn with equal chances."""

    def draw(rng: np.random.Generator, draws: int, years: int, series: int) -> Array:
        kind = rng.integers(0, len(kinds), (draws, 1, series))
        every = [one(rng, draws, years, series) for one in kinds]
        return np.asarray(np.choose(kind, every))

    return draw


_PURE: dict[str, Draw] = {
    INDEPENDENT: autoregressions(0.0),
    AUTOREGRESSIVE: autoregressions(AUTOREGRESSION),
    LINEAR_TRENDS: trends(1.0),
    RANDOM_WALKS: walks(0.0),
    DRIFTING_WALKS: walks(1.0),
    S_CURVES: s_curves((0.5, 2.0), (0.0, 1.0), 0.01),
    # Corners of what was searched, where most is mistaken: hardly any noise, all about one year.
    GRADUAL_S_CURVES: s_curves((0.5, 1.0), (0.25, 0.75), 0.001),
    STEEP_S_CURVES: s_curves((2.0, 3.0), (0.25, 0.75), 0.001),
}
KINDS: dict[str, Draw] = {**_PURE, MIXTURES: mixtures(tuple(_PURE.values()))}
