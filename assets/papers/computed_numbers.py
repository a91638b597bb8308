"""The numbers of one fit, each with the place where a paper would print it.

Belongs here: which statistic of a fit answers which printed number. Not here: comparing the two
(`printed_number.py`), or fitting (`assets/regression`).
"""

from collections.abc import Iterator

from assets.papers.printed_place import Place, place_of
from assets.regression.collinear_fit import StudyFit


def computed_numbers(fit: StudyFit) -> Iterator[tuple[Place, float]]:
    """Every number of a fit with the place where a paper would print it."""
    for name, statistic, value in fit.descriptives.statistics():
        yield place_of("descriptives", "", name, "", statistic), value
    related = fit.correlations
    for row, name in enumerate(related.names):
        for column, other in enumerate(related.names[:row]):
            yield place_of("correlations", "", name, other, "r"), float(related.r[row, column])
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
