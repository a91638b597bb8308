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
from assets.regression.estimable import NotEstimable
from assets.warehouse.table import Table, as_frame

STRICT, LENIENT = "strict", "lenient"

Row = tuple[object, ...]
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

    @property
    def place(self) -> Row:
        """Study, region, year known and reading: the key of its rows, but for the estimator."""
        known = self.known
        return known.study.study, known.region, known.known_by, self.reading


def known_fit_frames(
    vintage: str, studies: Sequence[Study], known_by_input: pd.DataFrame, gaps: pd.DataFrame
) -> dict[Table, pd.DataFrame]:
    """The rows of model.known_fit and model.known_coefficient.

    known_by_input: rows of indices.known_by_input; gaps: rows of indices.known_by_gap.
    """
    fits = known_fits(studies, known_by_input)
    lacking = not_printed(gaps)
    makers = {
        KnownFitRow.table: lambda fit: _fit_rows(fit, lacking),
        KnownCoefficientRow.table: _coefficient_rows,
    }
    return {
        table: as_frame(table, [(vintage, *row) for fit in fits for row in make(fit)])
        for table, make in makers.items()
    }


def known_fits(studies: Sequence[Study], known_by_input: pd.DataFrame) -> list[KnownFit]:
    """Each study, region and reading, fitted in every year with the figures known by then."""
    samples = known_samples(studies, known_by_input)
    by_place = groupby(samples, key=lambda known: (known.study.study, known.region))
    return [fit for _, own in by_place for fit in _over_the_years(list(own))]


def _over_the_years(samples: Sequence[KnownSample]) -> Iterator[KnownFit]:
    """Both readings of one study and region, the years rising."""
    for reading in (STRICT, LENIENT):
        before: KnownFit | None = None
        for known in samples:
            before = _fitted(known, reading, before)
            yield before


def _fitted(known: KnownSample, reading: str, before: KnownFit | None) -> KnownFit:
    if reading == STRICT:
        raw, normalised = known.strict_raw, known.strictly_normalised
    else:
        raw, normalised = known.raw, known.normalised
    if before is not None and raw.equals(before.raw):
        since = before.same_as or before.known.known_by
        return KnownFit(known, reading, raw, since, before.fit, before.reason)
    try:
        fit = fit_model(known.model, raw, normalised)
    except NotEstimable as error:
        return KnownFit(known, reading, raw, None, None, str(error))
    return KnownFit(known, reading, raw, None, fit, None)


def _fit_rows(fit: KnownFit, lacking: Mapping[Place, str]) -> Iterator[Row]:
    known = fit.known
    place = (known.study.study, known.region, known.known_by)
    found = {e.estimator: (e.R2, e.adjusted_R2) for e in estimates(fit.fit)} if fit.fit else {}
    for estimator in ESTIMATORS:
        yield (
            *(*fit.place, estimator, "refused" if fit.fit is None else "fitted", fit.reason),
            *(fit.same_as, len(fit.raw), ", ".join(str(int(year)) for year in fit.raw["year"])),
            *(known.later_prints if fit.reading == LENIENT else 0, fit.raw.iloc[:, 1:].size),
            *(lacking.get(place), *found.get(estimator, (None, None))),
        )


def _coefficient_rows(fit: KnownFit) -> Iterator[Row]:
    if fit.fit is None:
        return
    for estimate in estimates(fit.fit):
        for order, c in enumerate(estimate.coefficients):
            yield *fit.place, estimate.estimator, c.term, order, c.estimate, c.std_error, c.p


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
