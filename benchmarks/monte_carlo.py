"""Monte Carlo: what estimators and tests do on many simulated panels whose truth is known.

Belongs here: repeating draws, and summing them up with the Monte Carlo error of every figure. Not
here: which designs, estimators and tests are tried (monte_carlo_cases.py), or any estimator.
Everything that comes out of this module is about simulated towns.

Two truths are kept apart. The realised effect is that on the treated town-years of one draw, each
weighted by its sellers: what the sample holds. The expected effect is its mean over all draws: what
a larger country would hold. They differ where effects differ between towns. A standard error that
counts the spread of effects is made for the expected one, and covers the realised one too often.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assets.towns.estimators.town_effect import TownEffect
from assets.towns.panel.town_panel import PanelError, TownPanel

Floats = NDArray[np.float64]
SIZE = 0.05  # nominal, of every test


@dataclass(frozen=True, slots=True)
class Sample:
    """One simulated panel with what is true of it."""

    panel: TownPanel
    effect: Floats  # (towns, years), log points; 0 where untreated

    @property
    def realised(self) -> float:
        """Mean effect over treated town-years by sellers: the target of all estimators of an ATT.

        Synthetic DiD, Callaway-Sant'Anna's simple average, imputation and extended TWFE share it.
        """
        weight = self.panel.weight[:, None] * self.panel.treated
        return float(np.sum(weight * self.effect) / np.sum(weight))


Draw = Callable[[np.random.Generator], Sample]
Estimator = Callable[[Sample], tuple[TownEffect, float]]  # estimate, and the realised truth of it
Test = Callable[[Sample, np.random.Generator], float]  # p-value


@dataclass(frozen=True, slots=True)
class Estimates:
    """One estimator in all draws, (draws,) each; nan where a panel did not admit it."""

    name: str
    estimate: Floats
    std_error: Floats
    low: Floats
    high: Floats
    realised: Floats


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a simulation study and its Monte Carlo standard error."""

    value: float
    error: float


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How near one estimator comes to its truth; log points, coverage and size as shares."""

    name: str
    draws: int  # with an estimate and a standard error
    refused: int  # without
    expected: float
    bias: Figure  # against the realised effect
    rmse: float
    sd: float  # of estimate less realised effect
    mean_std_error: float
    covers_realised: Figure
    covers_expected: Figure
    rejects_zero: Figure  # of t-tests of no effect: size where there is none, else power


@dataclass(frozen=True, slots=True)
class Rejections:
    """How often one test of nominal size SIZE rejects."""

    name: str
    draws: int
    refused: int  # draws whose panel did not admit the test
    share: Figure


def generators(seed: int, draws: int) -> list[np.random.Generator]:
    """One generator a draw, so that draw k is the same in studies of any length."""
    return [np.random.default_rng([seed, place]) for place in range(draws)]


def estimates(
    draw: Draw, estimators: Mapping[str, Estimator], draws: int, seed: int
) -> tuple[Estimates, ...]:
    """Run every estimator on the same simulated panels."""
    rows: dict[str, list[tuple[float, ...]]] = {name: [] for name in estimators}
    for generator in generators(seed, draws):
        sample = draw(generator)
        for name, estimator in estimators.items():
            rows[name].append(_numbers(estimator, sample))
    return tuple(Estimates(name, *np.array(found).T) for name, found in rows.items())


def _numbers(estimator: Estimator, sample: Sample) -> tuple[float, ...]:
    try:
        found, realised = estimator(sample)
    except PanelError:
        return (np.nan,) * 5
    return found.estimate, found.std_error, found.low, found.high, realised


def accuracy(found: Estimates) -> Accuracy:
    """Sum up one estimator."""
    kept = np.isfinite(found.std_error)
    estimate, realised = found.estimate[kept], found.realised[kept]
    low, high = found.low[kept], found.high[kept]
    gap, expected = estimate - realised, float(realised.mean())
    return Accuracy(
        name=found.name,
        draws=int(kept.sum()),
        refused=int(np.sum(~kept)),
        expected=expected,
        bias=_mean(gap),
        rmse=float(np.sqrt(np.mean(gap**2))),
        sd=float(gap.std(ddof=1)),
        mean_std_error=float(found.std_error[kept].mean()),
        covers_realised=share((low <= realised) & (realised <= high)),
        covers_expected=share((low <= expected) & (expected <= high)),
        rejects_zero=share((low > 0) | (high < 0)),
    )


def rejections(
    draw: Draw, tests: Mapping[str, Test], draws: int, seed: int
) -> tuple[Rejections, ...]:
    """How often each test rejects at SIZE; a test draws from the generator of its panel."""
    p_values: dict[str, list[float]] = {name: [] for name in tests}
    for generator in generators(seed, draws):
        sample = draw(generator)
        for name, test in tests.items():
            p_values[name].append(_p_value(test, sample, generator))
    return tuple(_rejections(name, np.array(found)) for name, found in p_values.items())


def _p_value(test: Test, sample: Sample, generator: np.random.Generator) -> float:
    try:
        return test(sample, generator)
    except PanelError:
        return float("nan")


def _rejections(name: str, p_values: Floats) -> Rejections:
    kept = p_values[np.isfinite(p_values)]
    return Rejections(name, len(kept), len(p_values) - len(kept), share(kept <= SIZE))


def _mean(values: Floats) -> Figure:
    return Figure(float(values.mean()), float(values.std(ddof=1) / np.sqrt(len(values))))


def share(hits: NDArray[np.bool_]) -> Figure:
    """Share of hits with its binomial standard error; nan where nothing could be counted."""
    if not hits.size:
        return Figure(float("nan"), float("nan"))
    part = float(hits.mean())
    return Figure(part, float(np.sqrt(part * (1 - part) / len(hits))))
