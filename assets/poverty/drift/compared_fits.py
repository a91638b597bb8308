"""Each coefficient of a refit beside the same coefficient of the vintage published before.

Belongs here: what counts as drift, and the rows of `model.drift`. Not here: the fits (results.py),
tests of the sample itself (break_test.py), drawing (plot.py).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from assets.poverty.drift.drift_rows import DriftRow
from assets.regression.coefficient import CONSTANT
from assets.vintages.keys import PANEL
from assets.warehouse.table import as_frame

LEVEL = 0.95  # of the intervals
STD_ERRORS = 2.0  # a move beyond so many of the older standard errors is drift
VIF_LIMIT = 10.0  # as in variance_inflation.py

COMPARED = "compared"
FIRST_FIT = "first fit"
OTHER_MODEL = "other model"
NO_LONGER_FITTED = "no longer fitted"

Place = tuple[str, str, str, str]  # study, region, sample, estimator
Row = tuple[object, ...]
Cells = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Estimate:
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


@dataclass(frozen=True, slots=True)
class Fit:
    """One study, region, sample and estimator in one vintage; refused ones are no fits."""

    model: tuple[object, ...]  # formula, convention and K: what makes two fits comparable
    n: int
    estimates: dict[str, Estimate]  # by term


@dataclass(frozen=True, slots=True)
class Findings:
    """What of one coefficient drifted."""

    sign_flipped: bool = False
    beyond_two_std_errors: bool = False
    overlap_lost: bool = False
    rank_changed: bool = False
    collinearity_changed: bool = False

    @property
    def flags(self) -> tuple[bool, ...]:
        """In the order of the columns of model.drift."""
        moved = (self.sign_flipped, self.beyond_two_std_errors, self.overlap_lost)
        return (*moved, self.rank_changed, self.collinearity_changed)


def fits_of(fit: pd.DataFrame, coefficient: pd.DataFrame, inputs: pd.DataFrame) -> dict[Place, Fit]:
    """The fits of one vintage: its rows of model.fit, model.coefficient and model.input.

    Standardised sizes, which ranks go by, are slopes times the standard deviation of the normalised
    regressor; the dependent's is the same for all.
    """
    spread = _spreads(inputs)
    rows: dict[Place, list[Cells]] = {}
    for row in _records(coefficient):
        rows.setdefault(_place(row), []).append(row)
    return {
        _place(row): Fit(
            model=(row["formula"], row["convention"], row["ridge_k"]),
            n=int(row["n"]),
            estimates=_estimates(
                rows[_place(row)], _number(row["df_residual"]), spread[_place(row)[:3]]
            ),
        )
        for row in _records(fit)
        if row["status"] == "fitted"
    }


def refused_places(fit: pd.DataFrame) -> tuple[Place, ...]:
    """What one vintage could not fit: its rows of model.fit."""
    return tuple(_place(row) for row in _records(fit) if row["status"] != "fitted")


def _records(frame: pd.DataFrame) -> list[Cells]:
    return [{str(name): cell for name, cell in row.items()} for row in frame.to_dict("records")]


def _place(row: Cells) -> Place:
    return row["study"], row["region"], row["sample"], row["estimator"]


def _spreads(inputs: pd.DataFrame) -> dict[tuple[str, str, str], dict[str, float]]:
    """The standard deviation of each normalised variable, by study, region and sample.

    Under `panel` that of the variable itself over all regions, as a panel takes it.
    """
    values: dict[tuple[str, str, str], dict[str, list[float]]] = {}
    for row in _records(inputs):
        own = values.setdefault((row["study"], row["region"], row["sample"]), {})
        own.setdefault(row["variable"], []).append(row["normalised"])
        pooled = values.setdefault((row["study"], PANEL, row["sample"]), {})  # in its own unit
        pooled.setdefault(row["variable"], []).append(row["value"])
    return {
        place: {variable: float(np.std(own, ddof=1)) for variable, own in variables.items()}
        for place, variables in values.items()
        if len(next(iter(variables.values()))) > 1
    }


def _estimates(
    rows: Sequence[Cells], df: float | None, spread: Mapping[str, float]
) -> dict[str, Estimate]:
    slopes = {row["term"]: row["coefficient"] for row in rows if row["term"] != CONSTANT}
    by_size = sorted(slopes, key=lambda term: -abs(slopes[term]) * spread[term])
    ranks = {term: rank for rank, term in enumerate(by_size, start=1)}
    return {
        row["term"]: Estimate(
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
    vintage: str,
    now: dict[Place, Fit],
    vintage_before: str | None,
    before: dict[Place, Fit],
    refused: Sequence[Place],
) -> pd.DataFrame:
    """Rows of model.drift.

    refused: what this vintage tried and could not fit. A study, region or sample that one of
    the vintages does not know at all is new or gone, which is not drift.
    """
    rows: list[Row] = []
    for place, fit in now.items():
        rows += _fit_rows(place, before.get(place), fit)
    for place in refused:
        if place in before:
            rows += _lost_rows(place, before[place])
    return as_frame(DriftRow.table, [(vintage, vintage_before, *row) for row in rows])


def _fit_rows(place: Place, before: Fit | None, now: Fit) -> Iterator[Row]:
    status = _status(before, now)
    for term, estimate in now.estimates.items():
        old = None if before is None else before.estimates.get(term)
        found = findings(old, estimate) if old and status == COMPARED else Findings()
        n_before = None if before is None else before.n
        yield (
            *(*place, term, estimate.order, status, n_before, now.n),
            *_cells(old, estimate),
            *(*found.flags, _in_words(found, old, estimate)),
        )


def _status(before: Fit | None, now: Fit) -> str:
    if before is None:
        return FIRST_FIT
    return COMPARED if before.model == now.model else OTHER_MODEL


def _lost_rows(place: Place, before: Fit) -> Iterator[Row]:
    for term, old in before.estimates.items():
        yield (
            *(*place, term, old.order, NO_LONGER_FITTED, before.n, 0),
            *_cells(old, None),
            *(*Findings().flags, "no longer estimated: see model.fit for the reason"),
        )


def _cells(old: Estimate | None, new: Estimate | None) -> Row:
    return (
        *_estimate_cells(old),
        *_estimate_cells(new),
        None if old is None or new is None else moved_by_std_errors(old, new),
        *(None if one is None else one.rank for one in (old, new)),
        *(None if one is None else one.vif for one in (old, new)),
    )


def _estimate_cells(estimate: Estimate | None) -> Row:
    if estimate is None:
        return (None,) * 4
    return estimate.coefficient, estimate.std_error, *estimate.interval


def moved_by_std_errors(old: Estimate, new: Estimate) -> float | None:
    """The move in standard errors of the older estimate; None where it has none."""
    if not old.std_error:
        return None
    return (new.coefficient - old.coefficient) / old.std_error


def findings(old: Estimate, new: Estimate) -> Findings:
    """What drifted between two estimates of one coefficient of one model."""
    moved = moved_by_std_errors(old, new)
    return Findings(
        sign_flipped=old.coefficient * new.coefficient < 0,
        beyond_two_std_errors=moved is not None and abs(moved) > STD_ERRORS,
        overlap_lost=_are_apart(old.interval, new.interval),
        rank_changed=old.rank != new.rank,
        collinearity_changed=_is_collinear(old) != _is_collinear(new),
    )


def _are_apart(
    one: tuple[float, float] | tuple[None, None], other: tuple[float, float] | tuple[None, None]
) -> bool:
    if one[0] is None or other[0] is None:
        return False
    return one[1] < other[0] or other[1] < one[0]


def _is_collinear(estimate: Estimate) -> bool:
    return estimate.vif is not None and estimate.vif > VIF_LIMIT


def _in_words(found: Findings, old: Estimate | None, new: Estimate) -> str:
    return "" if old is None else "; ".join(_words(found, old, new))


def _words(found: Findings, old: Estimate, new: Estimate) -> Iterator[str]:
    if found.sign_flipped:
        yield "sign flipped"
    if found.beyond_two_std_errors:
        yield f"moved by {moved_by_std_errors(old, new):+.2g} std. errors"
    if found.overlap_lost:
        yield f"{100 * LEVEL:g} % intervals do not overlap"
    if found.rank_changed:
        yield f"rank {old.rank} → {new.rank}"
    if found.collinearity_changed:
        yield f"VIF {old.vif:.3g} → {new.vif:.3g}"
