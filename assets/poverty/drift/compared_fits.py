"""Each coefficient of a refit beside the same coefficient of the vintage published before.

A refit has drifted where the years that are new, or have other figures than before, do not follow
the regression of the years that stayed (chow.changed_years_test): two vintages share all years but
those, so all that moved between them came through these years. That one test at 5 % is the whole
rule: of refits of a stable model, whose errors are independent and normal, 5 % are flagged, by OLS
and ridge together, since the test is of the sample. How each coefficient moved (sign, distance,
intervals, collinearity, rank) is shown and flags nothing by itself. Power: docs/methods/drift.md
(benchmarks/drift_power.py).

Belongs here: what counts as drift, and the rows of `model.drift`. Not here: the fits
(`assets/poverty/fits`), tests of the sample itself (chow.py), drawing (drift_plot.py).
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from assets.poverty.drift import chow
from assets.poverty.drift.drift_rows import DriftRow
from assets.regression.coefficient import CONSTANT
from assets.vintages.failures import Failures
from assets.vintages.keys import PANEL
from assets.warehouse.tables.row import as_frame

LEVEL = 0.95  # of the intervals
STD_ERRORS = 2.0  # a move beyond so many of the older standard errors is told
VIF_LIMIT = 10.0  # as in variance_inflation.py

COMPARED = "compared"
FIRST_FIT = "first fit"
OTHER_MODEL = "other model"
NO_LONGER_FITTED = "no longer fitted"

Cells = Mapping[Hashable, Any]


@dataclass(frozen=True, slots=True)
class FitPlace:
    """Which fit of a vintage it is."""

    study: str
    region: str
    sample: str
    estimator: str


@dataclass(frozen=True, slots=True)
class RecordedCoefficient:
    """One coefficient of one vintage; None where the estimator's convention defines none."""

    order: int  # of its term, 0 for the constant
    coefficient: float
    std_error: float | None
    df: float | None  # residual degrees of freedom
    rank: int | None  # by |standardised slope|, 1 the largest; None for the constant
    vif: float | None

    @property
    def interval(self) -> tuple[float, float] | tuple[None, None]:
        """The 95 % interval of Student's t; for ridge nominal, since its estimates are biased."""
        if self.std_error is None or self.df is None:
            return None, None
        half = float(stdtrit(self.df, (1 + LEVEL) / 2)) * self.std_error
        return self.coefficient - half, self.coefficient + half

    @property
    def is_collinear(self) -> bool:
        """Whether its variance inflation factor is beyond the limit."""
        return self.vif is not None and self.vif > VIF_LIMIT


@dataclass(frozen=True, slots=True)
class RecordedFit:
    """One study, region, sample and estimator in one vintage; refused ones are no fits."""

    model: tuple[str, str, float]  # formula, convention and K: what makes two fits comparable
    n: int
    coefficients: dict[str, RecordedCoefficient]  # by term
    years: Mapping[int, tuple[float, ...]]  # the dependent and the slopes' values; none of a panel


@dataclass(frozen=True, slots=True)
class Findings:
    """What happened to one coefficient, which by itself is no drift."""

    sign_flipped: bool = False
    beyond_two_std_errors: bool = False
    overlap_lost: bool = False
    rank_changed: bool = False
    collinearity_changed: bool = False


def fits_of(
    fit: pd.DataFrame, coefficient: pd.DataFrame, inputs: pd.DataFrame
) -> dict[FitPlace, RecordedFit]:
    """The fits of one vintage: its rows of model.fit, model.coefficient and model.input.

    Standardised sizes, which ranks go by, are slopes times the standard deviation of the normalised
    regressor; the dependent's is the same for all.
    """
    spread, values = _spreads(inputs), _values(inputs)
    rows: dict[FitPlace, list[Cells]] = {}
    for row in coefficient.to_dict("records"):
        rows.setdefault(_place(row), []).append(row)
    return {
        _place(row): RecordedFit(
            model=(row["formula"], row["convention"], row["ridge_k"]),
            n=int(row["n"]),
            coefficients=_coefficients(
                rows[_place(row)],
                _number(row["df_residual"]),
                spread[row["study"], row["region"], row["sample"]],
            ),
            years=_years(row, rows[_place(row)], values),
        )
        for row in fit.to_dict("records")
        if row["status"] == "fitted"
    }


Values = dict[tuple[str, str, str], dict[int, dict[str, float]]]  # by sample, year and variable


def _values(inputs: pd.DataFrame) -> Values:
    found: Values = {}
    for row in inputs.to_dict("records"):
        place = row["study"], row["region"], row["sample"]
        year = found.setdefault(place, {}).setdefault(int(row["reference_year"]), {})
        year[row["variable"]] = float(row["value"])
    return found


def _years(
    fit: Cells, coefficients: Sequence[Cells], values: Values
) -> dict[int, tuple[float, ...]]:
    """What the fit was estimated from, by year, the dependent first; of a panel nothing."""
    dependent = fit["formula"].split(" ~ ")[0]
    terms = [row["term"] for row in coefficients if row["term"] != CONSTANT]
    own = values.get((fit["study"], fit["region"], fit["sample"]), {})
    return {year: tuple(own[year][name] for name in (dependent, *terms)) for year in sorted(own)}


def refused_places(fit: pd.DataFrame) -> tuple[FitPlace, ...]:
    """What one vintage could not fit: its rows of model.fit."""
    return tuple(_place(row) for row in fit.to_dict("records") if row["status"] != "fitted")


def _place(row: Cells) -> FitPlace:
    return FitPlace(row["study"], row["region"], row["sample"], row["estimator"])


def _spreads(inputs: pd.DataFrame) -> dict[tuple[str, str, str], dict[str, float]]:
    """The standard deviation of each normalised variable, by study, region and sample.

    Under `panel` that of the variable itself over all regions, as a panel takes it.
    """
    values: dict[tuple[str, str, str], dict[str, list[float]]] = {}
    for row in inputs.to_dict("records"):
        own = values.setdefault((row["study"], row["region"], row["sample"]), {})
        own.setdefault(row["variable"], []).append(row["normalised"])
        pooled = values.setdefault((row["study"], PANEL, row["sample"]), {})  # in its own unit
        pooled.setdefault(row["variable"], []).append(row["value"])
    return {
        place: {variable: float(np.std(own, ddof=1)) for variable, own in variables.items()}
        for place, variables in values.items()
        if len(next(iter(variables.values()))) > 1
    }


def _coefficients(
    rows: Sequence[Cells], df: float | None, spread: Mapping[str, float]
) -> dict[str, RecordedCoefficient]:
    slopes = {row["term"]: row["coefficient"] for row in rows if row["term"] != CONSTANT}
    by_size = sorted(slopes, key=lambda term: -abs(slopes[term]) * spread[term])
    ranks = {term: rank for rank, term in enumerate(by_size, start=1)}
    return {
        row["term"]: RecordedCoefficient(
            order=int(row["term_order"]),
            coefficient=float(row["coefficient"]),
            std_error=_number(row["std_error"]),
            df=df,
            rank=ranks.get(row["term"]),
            vif=_number(row["vif"]),
        )
        for row in rows
    }


def _number(cell: float | None) -> float | None:
    return None if cell is None or cell != cell else float(cell)  # NULL comes as None or NaN


def drift_frame(
    now: Mapping[FitPlace, RecordedFit],
    vintage_before: str | None,
    before: Mapping[FitPlace, RecordedFit],
    refused: Sequence[FitPlace],
    failures: Failures,
) -> pd.DataFrame:
    """Rows of model.drift; a fit that cannot be compared is a failure.

    refused: what this vintage tried and could not fit. A study, region or sample that one of
    the vintages does not know at all is new or gone, which is not drift.
    """
    places = [*now, *(place for place in refused if place in before)]
    rows: list[DriftRow] = []
    for place in places:
        with failures.entry(f"{place.study}, {place.region}, {place.sample}", place.estimator):
            old, new = before.get(place), now.get(place)
            rows.extend(_rows(failures.vintage, vintage_before, place, old, new))
    return as_frame(DriftRow, rows)


def _rows(
    vintage: str,
    vintage_before: str | None,
    place: FitPlace,
    before: RecordedFit | None,
    now: RecordedFit | None,
) -> Iterator[DriftRow]:
    """Every coefficient of the fit, or where there is none any more, of that of before."""
    if now is None:
        status = NO_LONGER_FITTED
    elif before is None:
        status = FIRST_FIT
    else:
        status = COMPARED if before.model == now.model else OTHER_MODEL
    tested = None
    if status == COMPARED and before is not None and now is not None:
        tested = _tested(before, now)
    is_drifted = tested is not None and tested.p <= chow.LEVEL
    olds = {} if before is None else before.coefficients
    news = {} if now is None else now.coefficients
    for term in olds if now is None else news:
        old, new = olds.get(term), news.get(term)
        found, moved, words = Findings(), None, ""
        if new is None:
            words = "no longer estimated: see model.fit for the reason"
        elif old is not None:
            found = findings(old, new) if status == COMPARED else found
            moved = moved_by_std_errors(old, new)
            words = "; ".join(_words(found, old, new, tested)) if is_drifted and tested else ""
        yield DriftRow(
            vintage=vintage,
            vintage_before=vintage_before,
            study=place.study,
            region=place.region,
            sample=place.sample,
            estimator=place.estimator,
            term=term,
            term_order=(new or olds[term]).order,
            status=status,
            n_before=None if before is None else before.n,
            n=0 if now is None else now.n,
            **_columns(old, "_before"),
            **_columns(new, ""),
            moved_by_std_errors=moved,
            changed_years=None if tested is None else tested.changed,
            changed_years_p=None if tested is None else tested.p,
            detectable_shift=None if tested is None else tested.detectable_shift,
            is_sign_flipped=found.sign_flipped,
            is_beyond_two_std_errors=found.beyond_two_std_errors,
            is_overlap_lost=found.overlap_lost,
            is_rank_changed=found.rank_changed,
            is_collinearity_changed=found.collinearity_changed,
            drift=words,
        )


def _tested(before: RecordedFit, now: RecordedFit) -> chow.ChangedYearsTest | None:
    """Whether years that came or have other figures follow the others; in shares of y's range."""
    if not now.years:
        return None
    data = np.array(list(now.years.values()))
    y = (data[:, 0] - data[:, 0].min()) / np.ptp(data[:, 0])
    is_changed = np.array([before.years.get(year) != own for year, own in now.years.items()])
    return chow.changed_years_test(y, data[:, 1:], is_changed)


def _columns(one: RecordedCoefficient | None, suffix: str) -> dict[str, Any]:
    """The columns of DriftRow about one vintage's coefficient; suffix: `_before` or none."""
    low, high = (None, None) if one is None else one.interval
    return {
        f"coefficient{suffix}": None if one is None else one.coefficient,
        f"std_error{suffix}": None if one is None else one.std_error,
        f"low{suffix}": low,
        f"high{suffix}": high,
        f"rank{suffix}": None if one is None else one.rank,
        f"vif{suffix}": None if one is None else one.vif,
    }


def moved_by_std_errors(old: RecordedCoefficient, new: RecordedCoefficient) -> float | None:
    """The move in standard errors of the older estimate; None where it has none."""
    if not old.std_error:
        return None
    return (new.coefficient - old.coefficient) / old.std_error


def findings(old: RecordedCoefficient, new: RecordedCoefficient) -> Findings:
    """What happened between two estimates of one coefficient of one model."""
    moved = moved_by_std_errors(old, new)
    earlier, later = old.interval, new.interval
    return Findings(
        sign_flipped=old.coefficient * new.coefficient < 0,
        beyond_two_std_errors=moved is not None and abs(moved) > STD_ERRORS,
        overlap_lost=(
            earlier[0] is not None
            and later[0] is not None
            and (earlier[1] < later[0] or later[1] < earlier[0])
        ),
        rank_changed=old.rank != new.rank,
        collinearity_changed=old.is_collinear != new.is_collinear,
    )


def _words(
    found: Findings,
    old: RecordedCoefficient,
    new: RecordedCoefficient,
    tested: chow.ChangedYearsTest,
) -> Iterator[str]:
    """What is said of a coefficient of a refit whose changed years do not follow the others."""
    years = "the changed year does" if tested.changed == 1 else f"{tested.changed} changed years do"
    yield f"{years} not follow the others (p = {tested.p:.2g})"
    if found.sign_flipped:
        yield "sign flipped"
    if found.beyond_two_std_errors:
        yield f"moved by {moved_by_std_errors(old, new):+.2g} std. errors"
    if found.overlap_lost:
        yield f"{100 * LEVEL:g} % intervals do not overlap"
    if found.collinearity_changed:
        yield f"VIF {old.vif:.3g} → {new.vif:.3g}"
