"""p-values of many effects tested together.

Belongs here: adjustments that bound the chance of one false finding among all. Not here: joint
tests and bands (joint.py), or which effects form a family.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from assets.regression.significance import told_p
from assets.towns.assumptions.evidence import Evidence
from assets.towns.estimators.joint import bootstrapped
from assets.towns.estimators.town_effect import WithInfluence
from assets.towns.panel.town_panel import PanelError

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class AdjustedTest:
    """One effect's p-values, alone and among its family."""

    target: str
    cell: str
    estimate: float
    p_value: float  # alone, two-sided, normal
    holm: float
    romano_wolf: float


def adjusted(
    result: WithInfluence, generator: np.random.Generator, draws: int = 1999
) -> tuple[AdjustedTest, ...]:
    """Every effect against zero, adjusted for the family of all of them.

    Raises PanelError where an effect has no error (it is zero by construction).
    """
    z = np.array([cell.estimate / cell.std_error for cell in result.estimates])
    if not np.all(np.isfinite(z)):
        cell = result.estimates[int(np.flatnonzero(~np.isfinite(z))[0])]
        raise PanelError(f"{cell.target} {cell.cell} has no standard error: leave it out")
    alone = 2 * norm.sf(np.abs(z))
    columns = (holm(alone), romano_wolf(result, generator, draws))
    return tuple(
        AdjustedTest(cell.target, cell.cell, cell.estimate, *values)
        for cell, *values in zip(
            result.estimates, alone.tolist(), *(column.tolist() for column in columns), strict=True
        )
    )


def holm(p_value: Floats) -> Floats:
    """Holm's step-down adjustment of (tests,) p-values: valid whatever their dependence.

    Source: Holm (1979), Scandinavian Journal of Statistics 6, 65-70.
    """
    order = np.argsort(p_value)
    stepped = np.maximum.accumulate(p_value[order] * np.arange(len(p_value), 0, -1))
    return _restored(np.minimum(stepped, 1.0), order)


def romano_wolf(result: WithInfluence, generator: np.random.Generator, draws: int = 1999) -> Floats:
    """Step-down p-values that use how the effects move together, (cells,).

    Studentised effects against the largest studentised deviation, among those not yet rejected, of
    the multiplier bootstrap over towns; each draw is studentised by the standard error. p-values
    are (1 + number as large) / (1 + draws), made monotone.
    Source: Romano and Wolf (2016), Statistics and Probability Letters 113, 38-40.
    """
    error = np.array([cell.std_error for cell in result.estimates])
    size = np.abs(np.array([cell.estimate for cell in result.estimates])) / error
    drawn = np.abs(bootstrapped(result.influence, generator, draws)) / error
    order = np.argsort(-size)
    largest = np.maximum.accumulate(drawn[:, order[::-1]], axis=1)[:, ::-1]
    as_large = (largest >= size[order]).sum(axis=0)
    return _restored(np.maximum.accumulate((1 + as_large) / (1 + draws)), order)


def _restored(values: Floats, order: NDArray[np.intp]) -> Floats:
    back = np.empty_like(values)
    back[order] = values
    return back


def evidence(test: AdjustedTest, estimator: str, assumption: str) -> Evidence:
    """A difference between groups of towns, with its p-values alone and among all differences."""
    return Evidence(
        estimator=estimator,
        assumption=assumption,
        test="difference_between_groups",
        cell=test.target,
        statistic=test.estimate,
        p_value=test.romano_wolf,
        verdict="cannot say",
        sentence=(
            f"{test.target}: {test.estimate:.3f}; {told_p(test.p_value)} alone, "
            f"{told_p(test.holm)} by Holm and {told_p(test.romano_wolf)} by Romano and Wolf among "
            "all differences."
        ),
    )
