"""What printed tables determine: results that are the same in every sample of an ensemble.

Belongs here: the whole fit of every sample, and the range of each result. Not here: finding the
samples, or judging the paper.

All results of Tables 2 to 6 are functions of minima, maxima, means, SDs and correlations, which
tables print; what needs the rows themselves (a fit without one row, residuals, Durbin-Watson, the
cells) is what they leave open. An ensemble's range lies inside the true range: a result that
varies in it is not determined, for certain; one that does not vary is determined as far as seen.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from assets.papers.printed_number import agrees
from assets.papers.printed_place import Place, place_of
from assets.papers.recovery.ensemble import Ensemble
from assets.papers.recovery.missed_numbers import fit_of, numbers_of
from assets.papers.recovery.printed_intervals import Paper, PrintedNumber
from assets.papers.recovery.sample_moments import Array
from assets.regression.coefficient import CONSTANT, Coefficient
from assets.regression.collinear_fit import StudyFit
from assets.regression.estimable import NotEstimable
from assets.regression.ols import ordinary_least_squares
from assets.regression.ridge import ridge_regression
from assets.regression.significance import stars

Rule = Literal["printed_digits", "three_digits", "same_sign", "same_verdict"]

# Where nothing is printed, a range no wider than this share of the largest size is called one value
# (three significant digits, as papers print).
_RELATIVE_SPREAD = 1e-3
_SMALLEST_SIZE = 1e-12


@dataclass(frozen=True, slots=True)
class Determination:
    """One result over all samples of an ensemble.

    rule: printed_digits: every sample agrees with the printed number, or (an excluded number) the
    range is no wider than one printed unit; three_digits: the same where nothing is printed, the
    range within 0.1 % of its size; same_sign (−1, 0, 1) and same_verdict (0, 1 or a count of
    stars): one value in every sample.
    """

    place: Place
    low: float
    high: float
    median: float
    printed: str | None
    excluded: bool  # printed, but not required of the samples
    rule: Rule
    determined: bool


def determine(ensemble: Ensemble) -> tuple[Determination, ...]:
    """Put every sample through the whole fit, and state the range of every result."""
    results = [dict(_results(ensemble.paper, sample.values)) for sample in ensemble.samples]
    printed = {number.place: number for number in ensemble.paper.numbers}
    return tuple(
        _determination(place, [r[place] for r in results], printed.get(place), ensemble.paper)
        for place in results[0]
        if all(place in result for result in results)
    )


def _determination(
    place: Place, values: Sequence[float], number: PrintedNumber | None, paper: Paper
) -> Determination:
    low, high = min(values), max(values)
    excluded = number is not None and number in paper.excluded
    rule: Rule
    if place.statistic.endswith("sign"):
        rule, determined = "same_sign", low == high
    elif place.statistic.endswith("stars") or place.kind == "verdict":
        rule, determined = "same_verdict", low == high
    elif number is None:
        widest = _RELATIVE_SPREAD * max(abs(low), abs(high), _SMALLEST_SIZE)
        rule, determined = "three_digits", high - low <= widest
    elif excluded:
        rule, determined = "printed_digits", high - low <= 2 * number.half_unit
    else:
        rule = "printed_digits"
        determined = all(agrees(value, number.printed) for value in values)
    return Determination(
        place=place,
        low=low,
        high=high,
        median=float(np.median(values)),
        printed=None if number is None else number.printed,
        excluded=excluded,
        rule=rule,
        determined=determined,
    )


def _results(paper: Paper, values: Array) -> Iterator[tuple[Place, float]]:
    yield from numbers_of(paper, values).items()
    if paper.has_regression:
        fit = fit_of(paper, values)
        yield from _verdicts(fit)
        yield from _unprinted(fit)
        yield from _without_one_row(paper, fit, values)
    for row, cells in enumerate(values, start=1):
        for name, cell in zip(paper.columns, cells, strict=True):
            yield Place("row", "", name, "", f"row_{row}"), float(cell)


def _verdicts(fit: StudyFit) -> Iterator[tuple[Place, float]]:
    yield Place("verdict", "ols", "", "", "collinear"), float(fit.vif.collinear)
    for estimator, model in (("ols", fit.ols), ("ridge", fit.ridge)):
        for c in model.coefficients:
            yield Place("regression", estimator, c.term, "", "sign"), float(np.sign(c.estimate))
            if c.p is not None:
                count = len(stars(c.p, fit.significance))
                yield Place("regression", estimator, c.term, "", "stars"), float(count)
    names = fit.correlations.names
    for row, name in enumerate(names):
        for column, other in enumerate(names[:row]):
            count = len(fit.correlations.stars[row][column])
            yield place_of("correlations", "", name, other, "stars"), float(count)


def _unprinted(fit: StudyFit) -> Iterator[tuple[Place, float]]:
    yield Place("regression", "ols", "", "", "sigma"), fit.ols.sigma
    for term, vif in zip(fit.regressors, fit.ridge.vif, strict=True):
        yield Place("regression", "ridge", term, "", "vif"), float(vif)
    residual = fit.ols.residual
    ratio = float((np.diff(residual) ** 2).sum() / (residual**2).sum())
    yield Place("rows", "ols", "", "", "durbin_watson"), ratio
    for row, value in enumerate(residual / fit.ols.sigma, start=1):
        yield Place("rows", "ols", "", "", f"standardised_residual_{row}"), float(value)


def _without_one_row(paper: Paper, fit: StudyFit, values: Array) -> Iterator[tuple[Place, float]]:
    """Estimates and p-values without each row in turn, on the scale of the whole sample.

    The scale is kept, so that the estimates without different rows can be compared.
    """
    if paper.df_residual < 2:
        return
    low, span = values.min(axis=0), np.ptp(values, axis=0)
    scaled = (values - low) / span if paper.normalised else values
    level = max(fit.significance)
    for estimator, whole in (("ols", fit.ols), ("ridge", fit.ridge)):
        fits = [
            found
            for row in range(paper.n)
            if (found := _coefficients(paper, np.delete(scaled, row, axis=0), estimator))
        ]
        for own in whole.coefficients:
            if own.term == CONSTANT:
                continue
            estimates = [found[own.term].estimate for found in fits]
            ps = [p for found in fits if (p := found[own.term].p) is not None]
            # The count of rows whose removal turns the sign, or takes away or gives significance.
            turned = sum(np.sign(each) != np.sign(own.estimate) for each in estimates)
            significant = sum(p <= level for p in ps)
            for kind, statistic, value in (
                ("rows", "leave_one_out_low", min(estimates)),
                ("rows", "leave_one_out_high", max(estimates)),
                ("verdict", "leave_one_out_sign_changes", float(turned)),
                ("verdict", "leave_one_out_significant_fits", float(significant)),
            ):
                yield Place(kind, estimator, own.term, "", statistic), value


def _coefficients(paper: Paper, rows: Array, estimator: str) -> dict[str, Coefficient]:
    """Slopes by term from some rows; none where they determine none."""
    y, X = rows[:, 0], rows[:, 1:]
    try:
        model = (
            ordinary_least_squares(y, X, paper.regressors)
            if estimator == "ols"
            else ridge_regression(y, X, paper.regressors, paper.ridge_k)
        )
    except NotEstimable:
        return {}
    return {c.term: c for c in model.coefficients if c.term != CONSTANT}
