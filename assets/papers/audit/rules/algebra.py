"""What printed coefficients, correlations and moments imply about each other, in closed form.

Belongs here: identities that need no inverse, so that rounding cannot be blown up by collinearity.
Not here: fits recomputed from the moments (recomputed.py).

With b the standardised slopes and k the ridge constant, ridge and (k = 0) OLS satisfy
    mean of y = constant + Σ slope_j mean_j
    (R + kI) b = r
    R² = b'r + k b'b
so each constant, each correlation with y and each R² is a sum of other printed numbers.
"""

from collections.abc import Iterator, Sequence
from math import inf

from assets.papers.audit.audit_rows import Finding
from assets.papers.audit.judgement import judged
from assets.papers.audit.printed_paper import Paper, Printed
from assets.papers.audit.rounding.interval import Interval, exactly, total
from assets.papers.audit.rules.goodness import implied_R2
from assets.regression.coefficient import CONSTANT


def algebra_findings(paper: Paper) -> Iterator[Finding]:
    """Test the identities for every OLS and ridge table that prints what they need.

    Nothing follows where the moments are over other observations than the fits.
    """
    if paper.conventions.pairwise:
        return
    for estimator in paper.estimators():
        if estimator in paper.k:
            yield from _constant(paper, estimator)
            yield from _normal_equations(paper, estimator)
            yield from _standard_errors(paper, estimator)


def _constant(paper: Paper, estimator: str) -> Iterator[Finding]:
    constant = paper.find("coefficient", CONSTANT, estimator)
    mean_y = paper.mean(paper.stated.dependent)
    slopes, means = (
        _slopes(paper, estimator),
        [paper.mean(x) for x in paper.regressors_of(estimator)],
    )
    if constant is None or mean_y is None or slopes is None or None in means:
        return
    products = [b.range * mean for b, mean in zip(slopes, means, strict=True) if mean is not None]
    yield judged(
        "constant_from_means",
        constant,
        mean_y - total(products),
        "The equation does not pass through the means: the constant, a coefficient or a mean is "
        "misprinted, and the equation cannot be used to predict.",
    )


def _normal_equations(paper: Paper, estimator: str) -> Iterator[Finding]:
    b = _standardised(paper, estimator)
    regressors = paper.regressors_of(estimator)
    with_y = [paper.correlation(x, paper.stated.dependent) for x in regressors]
    if b is None or any(r is None for r in with_y):
        return
    known = [r for r in with_y if r is not None]
    k = exactly(paper.k[estimator])
    for j, r_j in enumerate(known):
        row = _row_of_R(paper, regressors, j)
        if row is None:
            return
        fitted = total([r * b_i for r, b_i in zip(row, b, strict=True)]) + k * b[j]
        coefficient = paper.find("coefficient", regressors[j], estimator)
        assert coefficient is not None
        yield judged(
            f"normal_equation_{estimator}",
            r_j,
            fitted,
            f"The {estimator} coefficients do not belong to these correlations (equation of "
            f"{coefficient.term}): a coefficient, a correlation or a scale is misprinted.",
            other_term=r_j.other_term,
        )
    yield from _R2(paper, estimator, b, known)


def _R2(
    paper: Paper, estimator: str, b: list[Interval], with_y: list[Printed]
) -> Iterator[Finding]:
    printed = paper.find("R2", "", estimator)
    trusted = implied_R2(paper, estimator)
    if printed is None or trusted is None:
        return
    sizes = [b_j.magnitude() for b_j in b]
    squares = total([size * size for size in sizes]).scaled(paper.k[estimator])
    fitted = total([b_j * r.range for b_j, r in zip(b, with_y, strict=True)]) + squares
    yield judged(
        "R2_from_coefficients",
        printed,
        fitted,
        "The coefficients and correlations give another R²: the fit is not what is printed.",
    )


def _standard_errors(paper: Paper, estimator: str) -> Iterator[Finding]:
    """SE_j = √((1 - R²)/(n-p-1) VIF_j) s_y/s_j (OLS; ridge tables print VIFs of another kind)."""
    R2, sd_y = implied_R2(paper, estimator), paper.sd(paper.stated.dependent)
    if not paper.classical(estimator) or paper.k[estimator] != 0 or R2 is None or sd_y is None:
        return
    unexplained = (exactly(1.0) - R2).clipped(0.0, inf).scaled(1 / paper.df_residual(estimator))
    for term in paper.regressors_of(estimator):
        error, sd = paper.find("std_error", term, estimator), paper.sd(term)
        vif = paper.find("vif", term, estimator)
        if error is not None and sd is not None and vif is not None:
            yield judged(
                "se_from_vif",
                error,
                (unexplained * vif.range).root() * (sd_y / sd),
                f"SE, VIF or spread of {term} is misprinted: how far collinearity blurs it is not "
                "what the table says.",
            )


def _slopes(paper: Paper, estimator: str) -> list[Printed] | None:
    regressors = paper.regressors_of(estimator)
    found = [paper.find("coefficient", term, estimator) for term in regressors]
    slopes = [x for x in found if x is not None]
    return slopes if len(slopes) == len(found) else None


def _standardised(paper: Paper, estimator: str) -> list[Interval] | None:
    slopes, sd_y = _slopes(paper, estimator), paper.sd(paper.stated.dependent)
    sds = [paper.sd(term) for term in paper.regressors_of(estimator)]
    if slopes is None or sd_y is None:
        return None
    found = [b.range * sd / sd_y for b, sd in zip(slopes, sds, strict=True) if sd is not None]
    return found if len(found) == len(sds) else None


def _row_of_R(paper: Paper, regressors: Sequence[str], j: int) -> list[Interval] | None:
    row = []
    for i, term in enumerate(regressors):
        r = None if i == j else paper.correlation(term, regressors[j])
        if r is None and i != j:
            return None
        row.append(exactly(1.0) if r is None else r.range)
    return row
