"""The correlation matrix, and OLS, VIF and ridge recomputed from the printed moments.

Belongs here: which printed numbers are inputs, which are results, and what each mismatch means.
Not here: the algebra (moments.py) and the envelopes (envelope.py).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from assets.papers.audit.audit_rows import Finding, Verdict
from assets.papers.audit.judgement import NOTHING_CHANGES, judged, row, span
from assets.papers.audit.printed_paper import Paper, Printed
from assets.papers.audit.rounding.envelope import (
    DRAWS,
    FEWEST,
    Box,
    Envelope,
    draw,
    envelope,
    pushed,
)
from assets.papers.audit.rounding.interval import Interval, exactly
from assets.papers.audit.rounding.moments import MomentFits, Moments, fit_moments, positive_definite
from assets.papers.audit.rounding.positive import can_be_correlations
from assets.papers.audit.rules.testing import degrees_of_freedom, table_of
from assets.regression.coefficient import CONSTANT
from assets.regression.significance import two_sided_p, upper_tail_of_f

Floats = NDArray[np.float64]
_OF_TERM = ("coefficient", "std_error", "t", "p", "vif")
_OF_FIT = ("R", "R2", "adjusted_R2", "F", "p")
_DESCRIPTIVES = ("min", "max", "mean", "sd")


@dataclass(frozen=True, slots=True)
class MomentInputs:
    """The printed moments of a paper as one vector: correlations, then min, max, mean, sd."""

    variables: tuple[str, ...]  # dependent first
    correlations: tuple[Printed, ...]  # lower triangle, row by row
    descriptives: tuple[Printed | None, ...]  # variable by variable; None where scaling needs none
    min_max: bool

    @property
    def box(self) -> Box:
        """Middles and half widths of what was printed; 0 for what is not needed."""
        rows = (*self.correlations, *self.descriptives)
        ranges = [exactly(0.0) if x is None else x.range for x in rows]
        return Box(
            np.array([x.middle for x in ranges]),
            np.array([(x.high - x.low) / 2 for x in ranges]),
        )

    def correlation_matrices(self, inputs: Floats) -> Floats:
        """(draws, inputs) -> (draws, variables, variables)"""
        q = len(self.variables)
        R = np.tile(np.eye(q), (len(inputs), 1, 1))
        i, j = np.tril_indices(q, -1)
        R[:, i, j] = R[:, j, i] = inputs[:, : len(i)]
        return R

    def possible(self, inputs: Floats) -> NDArray[np.bool_]:
        """Positive definite, and every spread positive."""
        moments = self.moments(inputs)
        spread = np.all(moments.sd > 0, axis=1) & np.all(np.isfinite(moments.sd), axis=1)
        return np.asarray(positive_definite(moments.R) & spread)

    def moments(self, inputs: Floats) -> Moments:
        """Moments of the variables as they entered the regressions."""
        q = len(self.variables)
        low, high, mean, sd = inputs[:, -4 * q :].reshape(len(inputs), q, 4).transpose(2, 0, 1)
        if self.min_max:
            mean, sd = (mean - low) / (high - low), sd / (high - low)
        return Moments(self.correlation_matrices(inputs), mean, sd)


@dataclass(frozen=True, slots=True)
class Drawn:
    """Possible inputs, and how large a share of what rounding allows they are."""

    inputs: MomentInputs
    draws: Floats  # (kept, inputs)
    share: float


def moment_inputs(paper: Paper) -> MomentInputs | None:
    """The paper's printed moments; None where one is missing."""
    names, min_max = paper.variables, paper.stated.scaling == "min_max"
    pairs = [(a, b) for i, a in enumerate(names) for b in names[:i]]
    correlations = [paper.correlation(a, b) for a, b in pairs]
    needed = _DESCRIPTIVES if min_max else ("mean", "sd")
    found = {(name, s): paper.find(s, name, "") for name in names for s in _DESCRIPTIVES}
    if None in correlations or any(found[name, s] is None for name in names for s in needed):
        return None
    return MomentInputs(
        names,
        cast("tuple[Printed, ...]", tuple(correlations)),
        tuple(found[name, s] if s in needed else None for name in names for s in _DESCRIPTIVES),
        min_max,
    )


def drawn(paper: Paper, rng: np.random.Generator, draws: int = DRAWS) -> Drawn | None:
    """Draw the paper's moments inside their rounding.

    None where it prints too few of them, or each is over other observations than the fits.
    """
    inputs = moment_inputs(paper)
    if inputs is None or paper.conventions.pairwise:
        return None
    return Drawn(inputs, *draw(inputs.box, inputs.possible, rng, draws))


def matrix_findings(paper: Paper) -> Iterator[Finding]:
    """Test that some positive semi-definite matrix has these digits, table by table.

    Where none has, the correlations whose release alone would heal the matrix are named. Nothing
    follows where each correlation is over other observations.
    """
    if paper.conventions.pairwise:
        return
    for table in paper.tables("correlations"):
        names = tuple(dict.fromkeys(name for x in table for name in (x.other_term, x.term)))
        centre, half = np.eye(len(names)), np.zeros((len(names), len(names)))
        for x in table:
            i, j = names.index(x.term), names.index(x.other_term)
            centre[i, j] = centre[j, i] = x.range.middle
            half[i, j] = half[j, i] = (x.range.high - x.range.low) / 2
        absent = (half == 0) & ~np.eye(len(names), dtype=bool)
        half[absent] = 1.0
        yield _matrix_finding(table, names, centre, half)


def _matrix_finding(
    table: tuple[Printed, ...], names: tuple[str, ...], centre: Floats, half: Floats
) -> Finding:
    verdicts: dict[bool | None, Verdict] = {
        True: "consistent",
        False: "inconsistent",
        None: "not_determinable",
    }
    possible = can_be_correlations(centre, half)
    text = NOTHING_CHANGES
    if possible is False:
        healing = []
        for x in table:
            i, j = names.index(x.term), names.index(x.other_term)
            freed, wide = centre.copy(), half.copy()
            freed[i, j] = freed[j, i] = 0.0
            wide[i, j] = wide[j, i] = 1.0
            if can_be_correlations(freed, wide):
                healing.append(x)
        named = " or ".join(f"{x.term}-{x.other_term}" for x in healing) or "at least two of them"
        text = f"No data have these correlations: {named} is misprinted, and fits do not follow."
    if possible is None:
        text = "Whether data with these correlations exist could not be decided."
    return Finding(
        rule="correlation_matrix",
        table_number=table[0].table_number,
        cell=f"{table[0].cell} to {table[-1].cell}",
        term="",
        other_term="",
        statistic="smallest_eigenvalue",
        printed_value=f"{len(table)} correlations",
        expected="at least 0",
        low=None,
        high=None,
        verdict=verdicts[possible],
        consequence=text,
    )


def recomputed_findings(
    paper: Paper, sample: Drawn | None, rng: np.random.Generator
) -> Iterator[Finding]:
    """Hold every number of OLS and ridge tables against fits to the drawn moments.

    Yields nothing where the paper prints too few moments, not_determinable where too few draws
    are possible.
    """
    if sample is None:
        return
    for estimator in paper.estimators():
        if estimator in paper.k:
            yield from _of_estimator(paper, estimator, sample, rng)


def envelope_of(paper: Paper, sample: Drawn, estimator: str, term: str, statistic: str) -> Envelope:
    """The drawn envelope of one result; needs at least FEWEST draws."""
    return envelope(_column(paper, sample, estimator, term, statistic)(sample.draws))


def stability(paper: Paper, sample: Drawn) -> Iterator[tuple[Printed, float]]:
    """Each recomputed number with the width of its envelope over half of the draws, as a share.

    Near 1 the envelope is stable. It is not where the correlations are all but singular within
    their rounding: F of OLS then has no upper bound, and no number of draws finds one.
    """
    for estimator in paper.estimators():
        if estimator in paper.k:
            fits = _fit(paper, estimator, sample.inputs, sample.draws)
            for x in _results(paper, estimator):
                found = envelope(_pick(paper, estimator, x.term, x.statistic, fits))
                width = found.allowed.high - found.allowed.low
                half = found.first_half.high - found.first_half.low
                yield x, half / width if width > 0 else 1.0


def _of_estimator(
    paper: Paper, estimator: str, sample: Drawn, rng: np.random.Generator
) -> Iterator[Finding]:
    rule = f"{estimator}_from_moments"
    results = _results(paper, estimator)
    if len(sample.draws) < FEWEST:
        for x in results:
            yield row(
                rule,
                x,
                "not_determinable",
                f"Only {sample.share:.1g} of what the rounding of the correlations allows can be "
                "correlations of data: they do not determine this fit.",
            )
        return
    fits = _fit(paper, estimator, sample.inputs, sample.draws)
    middle = sample.inputs.box.centre[None, :]
    centre = None
    if sample.inputs.possible(middle)[0]:
        centre = _fit(paper, estimator, sample.inputs, middle)
    for x in results:
        values = _pick(paper, x.estimator, x.term, x.statistic, fits)
        allowed = envelope(values).allowed
        if not x.range.meets(allowed):
            allowed = pushed(
                allowed,
                x.range,
                sample.inputs.box,
                sample.inputs.possible,
                _column(paper, sample, estimator, x.term, x.statistic),
                sample.draws,
                rng,
            )
        expected = float(np.median(values))
        if centre is not None:
            expected = float(_pick(paper, x.estimator, x.term, x.statistic, centre)[0])
        yield judged(rule, x, allowed, _consequence(x, allowed, estimator), expected)


def _results(paper: Paper, estimator: str) -> list[Printed]:
    """Numbers that the moments determine; errors that are not classical need the data."""
    own = [x for x in paper.numbers if x.estimator == estimator]
    found = [x for x in own if x.statistic in (_OF_TERM if x.term else _OF_FIT)]
    if paper.classical(estimator):
        return found
    of_errors = ("std_error", "t", "p", "F")
    return [x for x in found if x.statistic not in of_errors]


def _consequence(x: Printed, allowed: Interval, estimator: str) -> str:
    what = f"{x.statistic} of {x.term}" if x.term else f"{x.statistic} of the fit"
    text = f"The paper's own means and correlations give a {what} ({estimator}) of {span(allowed)}"
    if x.statistic == "coefficient" and x.value * allowed.low <= 0 and x.value * allowed.high <= 0:
        return f"{text}: its sign is the other one, and so is the conclusion on {x.term}."
    return f"{text}: the printed number cannot be used."


def _fit(paper: Paper, estimator: str, inputs: MomentInputs, draws: Floats) -> MomentFits:
    own = [
        inputs.variables.index(x) for x in (paper.stated.dependent, *paper.regressors_of(estimator))
    ]
    return fit_moments(inputs.moments(draws).of(own), paper.n(estimator), paper.k[estimator])


def _column(
    paper: Paper, sample: Drawn, estimator: str, term: str, statistic: str
) -> Callable[[Floats], Floats]:
    """One result as a function of the inputs."""

    def column(draws: Floats) -> Floats:
        fits = _fit(paper, estimator, sample.inputs, draws)
        return _pick(paper, estimator, term, statistic, fits)

    return column


def _pick(paper: Paper, estimator: str, term: str, statistic: str, fits: MomentFits) -> Floats:
    """(draws,) values of one statistic."""
    if not term:
        if statistic == "R":
            return np.asarray(np.sqrt(np.maximum(fits.R2, 0.0)))
        if statistic == "p":
            p, df = fits.vif.shape[1], paper.df_residual(estimator)
            return np.array([upper_tail_of_f(F, p, df) for F in fits.F.tolist()])
        return {"R2": fits.R2, "adjusted_R2": fits.adjusted_R2, "F": fits.F}[statistic]
    if statistic == "vif":
        return fits.vif[:, paper.regressors_of(estimator).index(term)]
    column = (CONSTANT, *paper.regressors_of(estimator)).index(term)
    if statistic == "p":
        freedom = degrees_of_freedom(paper, table_of(paper, estimator))
        sides = 1 if paper.conventions.one_sided else 2
        return two_sided_p(fits.t[:, column], freedom.df) * (sides / 2)
    if statistic == "t" and paper.conventions.unsigned_t:
        return np.abs(fits.t[:, column])
    found = {"coefficient": fits.coefficient, "std_error": fits.std_error, "t": fits.t}
    return found[statistic][:, column]
