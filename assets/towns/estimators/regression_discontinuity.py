"""Regression discontinuity at the certification threshold, with the tests that go with it.

Belongs here: the jump at the threshold (rdrobust), the density test (rddensity), placebo cut-offs,
donuts and other bandwidths, and what is too little to run them on. Not here: which sales count and
which threshold was in force (SQL), or any estimator over time.
Sources: Calonico, Cattaneo and Titiunik (2014), Econometrica 82, 2295-2326 (bias correction and
robust intervals); Cattaneo, Jansson and Ma (2020), JASA 115, 1449-1455 (density test).
"""

import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assets.regression.significance import told_p
from assets.towns.estimators.town_effect import TownEffect
from assets.towns.panel.town_panel import PanelError

Floats = NDArray[np.float64]

NEEDS = (
    "Towns just below and just above the threshold are alike but for certification: none can "
    "steer its sales precisely across it, and nothing else changes there. The effect is that at "
    "the threshold, not that on the average certified town."
)
NAME = "regression_discontinuity"
FEWEST = 20  # rows on each side of a cut-off
FEWEST_VALUES = 10  # different values of the running variable on each side
ROWS = {"conventional": "Conventional", "bias_corrected": "Bias-Corrected", "robust": "Robust"}
SIZE = 0.05  # of the density test


@dataclass(frozen=True, slots=True)
class ThresholdSample:
    """Towns in a year of decision, with what came after; a town may stand here for several years.

    running: log of the town's sales over the threshold, so that 0.1 is about 10 % above it.
    """

    town: tuple[str, ...]  # (rows,)
    running: Floats  # (rows,), log points; certified by the rule from zero on
    outcome: Floats  # (rows,), of the year after the decision
    certified: NDArray[np.bool_] | None = None  # (rows,) where other rules count too: fuzzy

    def __post_init__(self) -> None:
        for name in ("running", "outcome", "certified"):
            values = getattr(self, name)
            if values is None:
                continue
            if values.shape != (len(self.town),):
                raise PanelError(f"{name} has shape {values.shape}, expected ({len(self.town)},)")
            bad = np.flatnonzero(~np.isfinite(values))
            if bad.size:
                raise PanelError(
                    f"town {self.town[bad[0]]}: {name} is {values[bad[0]]}; leave out towns "
                    "without sales in the year of decision or no outcome in the next"
                )

    def take(self, keep: NDArray[np.bool_]) -> "ThresholdSample":
        """The rows where keep is true."""
        return ThresholdSample(
            tuple(town for town, kept in zip(self.town, keep, strict=True) if kept),
            self.running[keep],
            self.outcome[keep],
            None if self.certified is None else self.certified[keep],
        )


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a cut-off."""

    rows: int
    effective_rows: int  # inside the bandwidth
    bandwidth: float  # log points
    bias_bandwidth: float  # log points; nan for the density test


@dataclass(frozen=True, slots=True)
class Jump:
    """The jump at a cut-off: the same point thrice, of which the robust row is the one to quote."""

    cutoff: float
    conventional: TownEffect
    bias_corrected: TownEffect
    robust: TownEffect
    left: Side
    right: Side
    p_value: float  # robust
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DensityTest:
    """Whether towns crowd on one side of the threshold."""

    statistic: float  # standard normal under the null
    p_value: float
    left: Side
    right: Side
    verdict: str = field(init=False)  # one sentence

    def __post_init__(self) -> None:
        crowded = "above" if self.statistic > 0 else "below"
        object.__setattr__(
            self,
            "verdict",
            f"Towns crowd just {crowded} the threshold ({told_p(self.p_value)}): sales look steered"
            if self.p_value < SIZE
            else f"No crowding at the threshold is seen ({told_p(self.p_value)})",
        )


def log_distance(sales_cny: Floats, threshold_cny: float) -> Floats:
    """Running variable: log of sales over the threshold, -inf without sales; (towns,)."""
    if threshold_cny <= 0 or np.any(sales_cny < 0):
        raise PanelError("a threshold above zero and sales of at least zero are needed")
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(sales_cny) - np.log(threshold_cny))


def regression_discontinuity(
    sample: ThresholdSample, cutoff: float = 0.0, bandwidth: float | None = None
) -> Jump:
    """The jump of the outcome at the cut-off by local linear regression, triangular kernel.

    bandwidth: log points on each side, None for the one that minimises mean squared error. Errors
    by nearest neighbours, or clustered by town where a town stands in the sample twice. With
    `certified` the jump of the outcome is divided by that of certification (fuzzy), at the
    threshold itself. Raises PanelError where a side has too few rows or values.
    """
    return _jump(sample, cutoff, bandwidth, cell="")


def bandwidth_sensitivity(
    sample: ThresholdSample, factors: Sequence[float] = (0.5, 0.75, 1.5, 2.0)
) -> tuple[Jump, ...]:
    """The jump at multiples of the chosen bandwidth."""
    chosen = regression_discontinuity(sample).left.bandwidth
    return tuple(
        _jump(sample, 0.0, chosen * factor, cell=f"bandwidth x {factor:g}") for factor in factors
    )


def placebo_cutoffs(sample: ThresholdSample, cutoffs: Sequence[float]) -> tuple[Jump, ...]:
    """Jumps where no rule applies, each from its own side of the threshold alone."""
    return tuple(_placebo_cutoff(sample, cutoff) for cutoff in cutoffs)


def _placebo_cutoff(sample: ThresholdSample, cutoff: float) -> Jump:
    if cutoff == 0:
        raise PanelError("a placebo cut-off is at the threshold itself")
    side = sample.running >= 0 if cutoff > 0 else sample.running < 0
    reduced_form = replace(sample.take(side), certified=None)
    return _jump(reduced_form, cutoff, None, cell=f"placebo cut-off {cutoff:+g}")


def donut(sample: ThresholdSample, radii: Sequence[float]) -> tuple[Jump, ...]:
    """Jumps without the rows nearer to the threshold than each radius, log points."""
    return tuple(
        _jump(sample.take(np.abs(sample.running) >= radius), 0.0, None, cell=f"donut {radius:g}")
        for radius in radii
    )


def density_test(sample: ThresholdSample) -> DensityTest:
    """Whether the density of the running variable jumps at the threshold (manipulation).

    Each town and year counts once; local quadratic, jackknife errors, as rddensity does by default.
    Raises PanelError where a side has too few rows or values, or mass points leave no variance.
    """
    from rddensity import rddensity

    _require_rows(sample.running, 0.0)
    with _silent():
        found = _run(lambda: rddensity(sample.running, c=0.0), "density test")
    statistic, p_value = float(found.test["t_jk"]), float(found.test["p_jk"])
    if not np.isfinite(p_value):
        raise PanelError(
            "density test: no variance could be computed. The running variable takes too few "
            "different values near the threshold; use unrounded sales"
        )
    left, right = (
        Side(int(found.n[s]), int(found.n[f"eff_{s}"]), float(found.h[s]), float("nan"))
        for s in ("left", "right")
    )
    return DensityTest(statistic, p_value, left, right)


def _jump(sample: ThresholdSample, cutoff: float, bandwidth: float | None, cell: str) -> Jump:
    from rdrobust import rdrobust

    _require_rows(sample.running, cutoff)
    _require_variation(sample, cutoff)
    repeated = len(set(sample.town)) < len(sample.town)
    options: dict[str, Any] = {"c": cutoff, "h": bandwidth, "masspoints": "adjust"}
    if repeated:
        options |= {"cluster": np.unique(sample.town, return_inverse=True)[1], "vce": "cr1"}
    if sample.certified is not None:
        options |= {"fuzzy": sample.certified.astype(float)}
    with _silent() as said:
        found = _run(lambda: rdrobust(sample.outcome, sample.running, **options), "rdrobust")
    left, right = (
        Side(
            rows=int(found.N[place]),
            effective_rows=int(found.N_h[place]),
            bandwidth=float(found.bws.loc["h", name]),
            bias_bandwidth=float(found.bws.loc["b", name]),
        )
        for place, name in enumerate(("left", "right"))
    )
    return Jump(
        cutoff,
        **{row: _estimate(found, sample, row, cell) for row in ROWS},
        left=left,
        right=right,
        p_value=float(found.pv.loc["Robust"].iloc[0]),
        notes=_notes(sample, said.getvalue()),
    )


def _require_rows(running: Floats, cutoff: float) -> None:
    for side, inside in (("below", running < cutoff), ("above", running >= cutoff)):
        rows, values = int(inside.sum()), len(np.unique(running[inside]))
        if rows < FEWEST or values < FEWEST_VALUES:
            raise PanelError(
                f"{side} the cut-off {cutoff:g} there are {rows} towns with {values} different "
                f"values; at least {FEWEST} with {FEWEST_VALUES} are needed. Pool years, or do "
                "without this estimate"
            )


def _require_variation(sample: ThresholdSample, cutoff: float) -> None:
    if np.ptp(sample.outcome) == 0:
        raise PanelError(f"every outcome is {sample.outcome[0]:g}: there is nothing to estimate")
    if sample.certified is None:
        return
    above = sample.running >= cutoff
    if sample.certified[above].mean() <= sample.certified[~above].mean():
        raise PanelError(
            "certification is not more frequent above the threshold than below it: it does not "
            "follow this rule"
        )


@contextmanager
def _silent() -> Iterator[io.StringIO]:
    """Catch what the packages print; what they say of the data becomes a note."""
    said = io.StringIO()
    with redirect_stdout(said), np.errstate(all="ignore"):
        yield said


def _run(call: Callable[[], Any], name: str) -> Any:
    try:
        return call()
    except Exception as error:  # the packages raise bare Exception
        raise PanelError(f"{name}: {error}") from error


def _estimate(found: Any, sample: ThresholdSample, row: str, cell: str) -> TownEffect:
    label = ROWS[row]
    low, high = (float(bound) for bound in found.ci.loc[label])
    distance = sample.running - found.c
    reach = np.where(distance < 0, found.bws.loc["h", "left"], found.bws.loc["h", "right"])
    near = np.abs(distance) <= reach
    towns = np.array(sample.town)
    return TownEffect(
        estimator=NAME,
        target="at_threshold",
        cell=cell,
        estimate=float(found.coef.loc[label].iloc[0]),
        std_error=float(found.se.loc[label].iloc[0]),
        low=low,
        high=high,
        inference=f"rdrobust {row}",
        towns=len(np.unique(towns[near])),
        treated_towns=len(np.unique(towns[near & (distance >= 0)])),
    )


def _notes(sample: ThresholdSample, said: str) -> tuple[str, ...]:
    notes = [line.strip() for line in said.splitlines() if line.strip()]
    repeated = len(sample.running) - len(np.unique(sample.running))
    if repeated:
        notes.append(f"{repeated} of {len(sample.running)} values of the running variable repeat")
    return tuple(notes)
