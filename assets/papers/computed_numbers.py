"""The numbers of one fit, each with the place where a paper would print it.

Belongs here: which statistic of a fit answers which printed number. Not here: comparing the two
(`printed_number.py`), or fitting (`assets/regression`).
"""

from collections.abc import Iterator

from assets.papers.printed_place import Place, place_of
from assets.regression.collinear_fit import StudyFit
from assets.regression.correlation import Correlations
from assets.regression.descriptives import Descriptives


def computed_numbers(fit: StudyFit) -> Iterator[tuple[Place, float]]:
    """Every number of a fit with the place where a paper would print it."""
    yield from moment_numbers(fit.descriptives, fit.correlations)
    vif = dict(zip(fit.regressors, map(float, fit.vif.vif), strict=True))
    for estimator, model in (("ols", fit.ols), ("ridge", fit.ridge)):
        summary = {
            "R": model.R2**0.5,
            "R2": model.R2,
            "adjusted_R2": model.adjusted_R2,
            "F": model.F,
            "p": model.p_of_F,
        }
        for statistic, value in summary.items():
            if value is not None:
                yield place_of("regression", estimator, "", "", statistic), float(value)
        for coefficient in model.coefficients:
            numbers = {
                "coefficient": coefficient.estimate,
                "std_error": coefficient.std_error,
                "t": coefficient.t,
                "p": coefficient.p,
                "vif": vif.get(coefficient.term) if estimator == "ols" else None,
            }
            for statistic, number in numbers.items():
                if number is not None:
                    yield place_of("regression", estimator, coefficient.term, "", statistic), number


def moment_numbers(
    described: Descriptives, related: Correlations | None
) -> Iterator[tuple[Place, float]]:
    """Minima, maxima, means, SDs and correlations with their places; one column has none."""
    for name, statistic, value in described.statistics():
        yield place_of("descriptives", "", name, "", statistic), value
    if related is not None:
        for row, name in enumerate(related.names):
            for column, other in enumerate(related.names[:row]):
                yield place_of("correlations", "", name, other, "r"), float(related.r[row, column])
