"""The fit of a study as it would have come out with the figures known in each year.

Belongs here: rows of `model.known_fit` and `model.known_coefficient`, and in words what was not
yet printed. Not here: which print was known when (`sql/staging/print_choice.sql`), predictions
(backtest.py).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from assets.poverty.backtest.backtest_rows import KnownCoefficientRow, KnownFitRow
from assets.poverty.backtest.known_by import KnownRows, KnownSample, known_rows, known_sample
from assets.poverty.fits.sample_fits import ESTIMATORS, estimates, fit_model
from assets.poverty.study_files.study import Study
from assets.regression.collinear_fit import StudyFit
from assets.vintages.failures import Failure, Failures, attempt
from assets.vintages.pieces import entry_rows
from assets.warehouse.tables.row import as_frames
from assets.warehouse.tables.table import Table
from assets.warehouse.unchanged.content import content_digest

STRICT, LENIENT = "strict", "lenient"


@dataclass(frozen=True, slots=True)
class KnownFit:
    """One sample as it was known in a year, in one reading, and its fit or why there is none."""

    known: KnownSample
    reading: str
    raw: pd.DataFrame  # year, the dependent, the regressors
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
    lacking = {
        (str(study), str(region), int(str(year))): own.reset_index(drop=True)
        for (study, region, year), own in gaps.groupby(["study", "region", "known_by"])
    }
    rows: list[KnownFitRow | KnownCoefficientRow] = []
    since: dict[tuple[str, str, str], tuple[str, int]] = {}
    for known in known_rows(studies, known_by_input):
        place = (known.study.study, known.region)
        asked = (known, lacking.get((*place, known.known_by)))
        same_as: dict[str, int] = {}
        for each in entry_rows(failures, known.entry, "", _KINDS, _known_rows, *asked):
            if isinstance(each, _Figures):  # they go before the rows of their reading
                sha256, first = since.get((*place, each.reading), ("", 0))
                if sha256 == each.sha256:
                    same_as[each.reading] = first
                else:
                    since[*place, each.reading] = each.sha256, known.known_by
            elif isinstance(each, KnownFitRow):
                rows.append(replace(each, same_as=same_as.get(each.reading)))
            else:
                rows.append(each)
    return as_frames((KnownFitRow, KnownCoefficientRow), rows)


@dataclass(frozen=True, slots=True)
class _Figures:
    """What a reading takes, so that a year which brought nothing new can be told."""

    reading: str
    sha256: str


_KINDS: tuple[type[_Figures | KnownFitRow | KnownCoefficientRow], ...] = (
    _Figures,
    KnownFitRow,
    KnownCoefficientRow,
)


def _known_rows(
    failures: Failures, rows: KnownRows, gaps: pd.DataFrame | None
) -> Iterator[_Figures | KnownFitRow | KnownCoefficientRow]:
    known = known_sample(rows)
    lacking = None if gaps is None else not_printed(gaps)
    for reading, raw, normalised in (
        (STRICT, known.strict_raw, known.strictly_normalised),
        (LENIENT, known.raw, known.normalised),
    ):
        yield _Figures(reading, content_digest(raw))
        fit = _fitted(known, reading, raw, normalised)
        yield from _fit_rows(failures.vintage, fit, lacking)
        yield from _coefficient_rows(failures.vintage, fit)


def _fitted(
    known: KnownSample, reading: str, raw: pd.DataFrame, normalised: pd.DataFrame
) -> KnownFit:
    found = attempt(lambda: fit_model(known.model, raw, normalised))
    if isinstance(found, Failure):
        return KnownFit(known, reading, raw, None, found.reason)
    return KnownFit(known, reading, raw, found, None)


def _fit_rows(vintage: str, fit: KnownFit, lacking: str | None) -> Iterator[KnownFitRow]:
    known = fit.known
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
            same_as=None,
            n=len(fit.raw),
            years=", ".join(str(int(year)) for year in fit.raw["year"]),
            later_prints=known.later_prints if fit.reading == LENIENT else 0,
            values_used=fit.raw.drop(columns="year").size,
            not_printed=lacking,
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


def not_printed(gaps: pd.DataFrame) -> str:
    """In words, what of the years that were over was not printed by an edition.

    gaps: rows of indices.known_by_gap of a study, a region and the edition.
    """
    ordered = gaps.sort_values(["variable_order", "reference_year", "indicator", "input_year"])
    return "; ".join(_sentences(ordered))


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
