"""The fit of a study as it would have come out with the figures known in each year.

Belongs here: rows of `model.known_fit` and `model.known_coefficient`, and in words what was not
yet printed. Not here: which print was known when (`sql/staging/print_choice.sql`), predictions
(backtest.py).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import pandas as pd

from assets.poverty.backtest.backtest_rows import KnownCoefficientRow, KnownFitRow
from assets.poverty.backtest.known_by import KnownSample, known_samples
from assets.poverty.fits.sample_fits import ESTIMATORS, estimates, fit_model
from assets.poverty.study_files.study import Study
from assets.regression.collinear_fit import StudyFit
from assets.vintages.failures import Failure, Failures, attempt
from assets.warehouse.row import as_frame
from assets.warehouse.table import Table

STRICT, LENIENT = "strict", "lenient"

Place = tuple[str, str, int]  # study, region, year known


@dataclass(frozen=True, slots=True)
class KnownFit:
    """One sample as it was known in a year, in one reading, and its fit or why there is none."""

    known: KnownSample
    reading: str
    raw: pd.DataFrame  # year, the dependent, the regressors
    same_as: int | None  # the first of the years since which the sample is the same
    fit: StudyFit | None
    reason: str | None


def known_fit_frames(
    studies: Sequence[Study],
    known_by_input: pd.DataFrame,
    gaps: pd.DataFrame,
    failures: Failures,
) -> dict[Table, pd.DataFrame]:
    """The rows of model.known_fit and model.known_coefficient.

    known_by_input: rows of indices.known_by_input; gaps: rows of indices.known_by_gap.
    """
    lacking = not_printed(gaps)
    rows: list[KnownFitRow] = []
    coefficients: list[KnownCoefficientRow] = []
    for fit in known_fits(studies, known_by_input, failures):
        known = fit.known
        with failures.entry(f"{known.study.study}, {known.region}, known by {known.known_by}"):
            rows.extend(_fit_rows(failures.vintage, fit, lacking))
            coefficients.extend(_coefficient_rows(failures.vintage, fit))
    return {
        KnownFitRow.table: as_frame(KnownFitRow, rows),
        KnownCoefficientRow.table: as_frame(KnownCoefficientRow, coefficients),
    }


def known_fits(
    studies: Sequence[Study], known_by_input: pd.DataFrame, failures: Failures
) -> list[KnownFit]:
    """Each study, region and reading, fitted in every year with the figures known by then."""
    samples = known_samples(studies, known_by_input, failures)
    fits: list[KnownFit] = []
    for _, own in groupby(samples, key=lambda known: (known.study.study, known.region)):
        years = list(own)  # rising
        for reading in (STRICT, LENIENT):
            before: KnownFit | None = None
            for known in years:
                before = _fitted(known, reading, before)
                fits.append(before)
    return fits


def _fitted(known: KnownSample, reading: str, before: KnownFit | None) -> KnownFit:
    if reading == STRICT:
        raw, normalised = known.strict_raw, known.strictly_normalised
    else:
        raw, normalised = known.raw, known.normalised
    if before is not None and raw.equals(before.raw):
        since = before.same_as or before.known.known_by
        return KnownFit(known, reading, raw, since, before.fit, before.reason)
    found = attempt(lambda: fit_model(known.model, raw, normalised))
    if isinstance(found, Failure):
        return KnownFit(known, reading, raw, None, None, found.reason)
    return KnownFit(known, reading, raw, None, found, None)


def _fit_rows(vintage: str, fit: KnownFit, lacking: Mapping[Place, str]) -> Iterator[KnownFitRow]:
    known = fit.known
    place = (known.study.study, known.region, known.known_by)
    found = {each.estimator: each for each in estimates(fit.fit)} if fit.fit else {}
    for estimator in ESTIMATORS:
        estimate = found.get(estimator)
        yield KnownFitRow(
            vintage=vintage,
            study=known.study.study,
            region=known.region,
            known_by=known.known_by,
            reading=fit.reading,
            estimator=estimator,
            status="refused" if estimate is None else "fitted",
            reason=fit.reason,
            same_as=fit.same_as,
            n=len(fit.raw),
            years=", ".join(str(int(year)) for year in fit.raw["year"]),
            later_prints=known.later_prints if fit.reading == LENIENT else 0,
            values_used=fit.raw.drop(columns="year").size,
            not_printed=lacking.get(place),
            r2=None if estimate is None else estimate.R2,
            adjusted_r2=None if estimate is None else estimate.adjusted_R2,
        )


def _coefficient_rows(vintage: str, fit: KnownFit) -> Iterator[KnownCoefficientRow]:
    for estimate in estimates(fit.fit) if fit.fit else ():
        for order, c in enumerate(estimate.coefficients):
            yield KnownCoefficientRow(
                vintage=vintage,
                study=fit.known.study.study,
                region=fit.known.region,
                known_by=fit.known.known_by,
                reading=fit.reading,
                estimator=estimate.estimator,
                term=c.term,
                term_order=order,
                coefficient=c.estimate,
                std_error=c.std_error,
                p=c.p,
            )


def not_printed(gaps: pd.DataFrame) -> dict[Place, str]:
    """In words, what of the years that were over was not printed by each year.

    gaps: rows of indices.known_by_gap.
    """
    ordered = gaps.sort_values(["variable_order", "reference_year", "indicator", "input_year"])
    places = ordered.groupby(["study", "region", "known_by"])
    return {
        (study, region, int(year)): "; ".join(_sentences(rows))
        for key, rows in places
        for study, region, year in [map(str, key)]
    }


def _sentences(rows: pd.DataFrame) -> Iterator[str]:
    for variable, own in rows.groupby("variable", sort=False):
        later, never = own[own["reason"].isna()], own[own["reason"].notna()]
        if len(later):
            figures = ", ".join(dict.fromkeys(later["indicator"]))
            editions = ", ".join(str(int(e)) for e in sorted(later["printed_in"].unique()))
            years = _spans(later["reference_year"])
            yield f"{variable} {years} ({figures}: first at hand from edition {editions})"
        if len(never):
            yield f"{variable} {_spans(never['reference_year'])} (in no document at hand)"


def _spans(years: pd.Series) -> str:
    """Years as 2012-2014, 2017."""
    found = sorted({int(year) for year in years})
    starts = [year for year in found if year - 1 not in found]
    ends = [year for year in found if year + 1 not in found]
    pairs = zip(starts, ends, strict=True)
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in pairs)
