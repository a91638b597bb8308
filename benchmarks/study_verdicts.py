"""How often the yearly study calls a coefficient supported, unrelated to the dependent or not.

Run: python -m benchmarks.study_verdicts > tests/benchmarks/study_verdicts.csv. One line a cell:
shares of simulated samples in which the rule of sentences.py, at a claim of 5 %, calls any
coefficient supported, and in which it calls the fit some evidence. Parts: `rule`, the kinds that
the rule itself simulates; `searched`, other parameters of the same kinds; `beyond`, series that no
rule on so few years tells from an effect, and that are not searched; `power`, where the first
regressor acts on the dependent with the stated size, in standard deviations of the error. All is
simulated. Not here: assertions (tests/poverty/robustness/test_verdict_rates.py).
"""

import csv
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assets.poverty.robustness.methods.closed_form import closed_form
from assets.poverty.robustness.sentences import FALSE_SHARE
from assets.poverty.robustness.trends.null_worlds import (
    INDEPENDENT,
    KINDS,
    LINEAR_TRENDS,
    OWN_TRENDS,
    RANDOM_WALKS,
    S_CURVES,
    Draw,
    autoregressions,
    mixtures,
    own_trends,
    regressions,
    s_curves,
    trends,
    unrelated,
    walks,
)
from assets.poverty.robustness.trends.trend_baseline import DRAWS

Array = NDArray[np.float64]

SEED = 20191231
SAMPLES = 500  # a cell
SAMPLES_OF_RULE = 1_000  # a cell of the kinds that the rule simulates
OWN_DRAWS = 99  # of each sample's own trends; the test is exact with any number
RIDGE_K = 0.148
SHAPES = ((8, 4), (8, 2))  # years, regressors
SIZES = (10.0, 30.0, 100.0)
RATES = ((0.2, 0.5), (0.5, 1.0), (1.0, 2.0), (2.0, 3.0))
MIDDLES = ((0.25, 0.75), (0.0, 1.0), (-0.25, 1.25))
NOISES = (0.001, 0.003, 0.01, 0.03)
SAMPLE = Path(__file__).parents[1] / "tests/reference/gansu/consistent_2012_2019.csv"


@dataclass(frozen=True, slots=True)
class Cell:
    """One line of the table; shares in per cent."""

    part: str
    years: int
    regressors: int
    series: str
    size: float  # of the effect; 0: none
    samples: int
    supported_pct: float  # any coefficient; of `power`, that of the first regressor
    fit_is_evidence_pct: float


@dataclass(frozen=True, slots=True)
class Judged:
    """What the rule says of d samples."""

    supported: NDArray[np.bool_]  # (d, p)
    fit_is_evidence: NDArray[np.bool_]  # (d,)


def judged(series: Array, rng: np.random.Generator, k: float = RIDGE_K) -> Judged:
    """The rule on (d, n, 1 + p) series at once: claim_verdict at 5 % and the word of summary."""
    n, regressors = series.shape[1], series.shape[2] - 1
    years = tuple(range(n))
    study = regressions(series, years)
    ridge = closed_form(series[:, :, 0], series[:, :, 1:], np.array([k]))
    clear = study.clarity(False)
    fit = np.zeros(len(series))
    share = np.zeros_like(clear)
    for found in unrelated(years, regressors, DRAWS).values():
        clearest = np.sort(found.clarity(False).min(axis=1))
        share = np.maximum(share, _share(np.searchsorted(clearest, clear, "right"), DRAWS))
        below = np.searchsorted(np.sort(found.R2), study.R2, "left")
        fit = np.maximum(fit, _share(DRAWS - below, DRAWS))
    same_sign = (ridge.slope[:, 0] < 0) == study.is_negative[0]
    supported = (ridge.p[:, 0] <= 0.05) & same_sign & (share <= FALSE_SHARE)
    is_evidence = fit <= FALSE_SHARE
    for i in np.flatnonzero(supported.any(axis=1) | is_evidence):
        own = regressions(own_trends(series[i], years, rng, OWN_DRAWS), years)
        as_clear = (own.clarity(False).min(axis=1)[:, None] <= clear[i]).sum(axis=0)
        supported[i] &= _share(as_clear, OWN_DRAWS) <= FALSE_SHARE
        is_evidence[i] &= _share((study.R2[i] <= own.R2).sum(), OWN_DRAWS) <= FALSE_SHARE
    return Judged(supported, is_evidence)


def _share(reached: NDArray[np.intp], draws: int) -> Array:
    return np.asarray((1 + reached) / (1 + draws))


def null_worlds(n: int, p: int) -> Iterator[tuple[str, str, Draw]]:
    """Part, name and kind of series of every cell without an effect."""
    for name, kind in KINDS.items():
        yield "rule", name, kind
    if (n, p) == (8, 4):
        yield "rule", OWN_TRENDS, gansu_trends
    for coefficient in (0.3, 0.5, 0.9, 0.95, 0.99):
        yield "searched", f"autoregressive {coefficient:g}", autoregressions(coefficient)
    for slope in (0.3, 3.0, 10.0, 100.0):
        yield "searched", f"linear_trends {slope:g} a year", trends(slope)
    for drift in (0.3, 3.0, 10.0):
        yield "searched", f"drifting_walks {drift:g} a year", walks(drift)
    curves = []
    for rate, middle, noise in product(RATES, MIDDLES, NOISES):
        curves.append(s_curves(rate, middle, noise))
        yield "searched", f"s_curves rate {rate} middle {middle} noise {noise:g}", curves[-1]
    others = (autoregressions(0.95), trends(10.0), walks(3.0))
    yield "searched", "mixtures of all that is searched", mixtures((*curves, *others))
    yield "beyond", "steps in one year", s_curves((50.0, 60.0), (0.0, 1.0), 0.001)
    yield "beyond", "exponential growth", s_curves((0.1, 0.6), (2.0, 3.0), 1e-6)


def gansu_trends(rng: np.random.Generator, draws: int, years: int, series: int) -> Array:
    """The straight lines of the sample that fits the paper's tables, plus noise."""
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = ("PI", "AIG", "IM", "aEDI", "EG")
    data = np.array([[float(row[name]) for name in names] for row in rows])
    return own_trends(data, range(years), rng, draws)


def planted(kind: Draw, size: float, n: int, p: int, rng: np.random.Generator) -> Array:
    """Regressors of one kind; the first acts on the dependent, whose errors are independent."""
    X = kind(rng, SAMPLES, n, p)
    first = X[:, :, 0] - X[:, :, 0].mean(axis=1, keepdims=True)
    effect = size * first / first.std(axis=1, keepdims=True)
    y = effect + rng.standard_normal((SAMPLES, n))
    return np.concatenate([y[:, :, None], X], axis=2)


def cells() -> Iterator[Cell]:
    """Every line of the table."""
    for n, p in SHAPES:
        rng = np.random.default_rng((SEED, n, p))
        for part, name, kind in null_worlds(n, p):
            samples = SAMPLES_OF_RULE if part == "rule" else SAMPLES
            found = judged(kind(rng, samples, n, 1 + p), rng)
            yield _cell(part, n, p, name, 0.0, found.supported.any(axis=1), found.fit_is_evidence)
        for name, size in product((INDEPENDENT, RANDOM_WALKS, LINEAR_TRENDS, S_CURVES), SIZES):
            found = judged(planted(KINDS[name], size, n, p, rng), rng)
            yield _cell("power", n, p, name, size, found.supported[:, 0], found.fit_is_evidence)


def _cell(
    part: str,
    n: int,
    p: int,
    name: str,
    size: float,
    supported: NDArray[np.bool_],
    fit: NDArray[np.bool_],
) -> Cell:
    shares = (round(100 * float(each.mean()), 1) for each in (supported, fit))
    return Cell(part, n, p, name, size, len(fit), *shares)


def told(table: Sequence[Cell]) -> str:
    """The error rates and the power in one sentence each, from every line of the table."""

    def worst(part: str) -> str:
        own = [cell for cell in table if cell.part == part]
        supported = max(cell.supported_pct for cell in own)
        fit = max(cell.fit_is_evidence_pct for cell in own)
        return f"{supported:.1f} % and {fit:.1f} %"

    def found(*kinds: str) -> str:
        own = [cell for cell in table if cell.part == "power" and cell.series in kinds]
        shares = [[cell.supported_pct for cell in own if cell.size == size] for size in SIZES]
        ends = [dict.fromkeys(f"{end:.0f}" for end in (min(each), max(each))) for each in shares]
        return ", ".join(map(" to ".join, ends)) + " %"

    shapes = sorted({(cell.years, cell.regressors) for cell in table})
    samples = min(cell.samples for cell in table)
    searched = len({cell.series for cell in table if cell.part == "searched"})
    return (
        f"With {shapes[0][0]} years and {' or '.join(str(p) for _, p in shapes)} regressors, "
        f"{samples} samples or more each, any coefficient is called supported and the fit some "
        f"evidence in at most {worst('rule')} of samples of these kinds, and in at most "
        f"{worst('searched')} with the worst of {searched} other parameters (S-curves that take "
        "from 1.5 to 22 years from a tenth to nine tenths, noise of 0.1 to 3 % of their height). "
        f"In return little is found: true effects of {', '.join(f'{size:g}' for size in SIZES)} "
        f"standard deviations of the error in {found(INDEPENDENT)} of samples where regressors are "
        f"independent from year to year, in {found(RANDOM_WALKS, LINEAR_TRENDS)} where they are "
        f"walks or trends, in {found(S_CURVES)} where they are S-curves. Series that step in one "
        "year, or grow exponentially without noise, are not told from an effect: "
        f"{worst('beyond')}."
    )


def main() -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    names = [field.name for field in fields(Cell)]
    writer.writerow(names)
    for cell in cells():
        writer.writerow([getattr(cell, name) for name in names])
        sys.stdout.flush()


if __name__ == "__main__":
    main()
