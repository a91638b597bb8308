"""A past vintage fitted again from what it recorded, and how far the numbers are apart.

Belongs here: the refit and the comparison, cell by cell. Not here: reading the warehouse, the
methods, and results that rest on more than a vintage records (robustness, audit: they also read
the papers' cards).
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from pydantic import ValidationError

from assets.poverty.fits.fit_rows import CoefficientRow, DiagnosticRow, FitRow
from assets.poverty.fits.panel_fits import fit_panels
from assets.poverty.fits.sample_fits import fit_samples, result_frames
from assets.poverty.study_files.study import Study, StudyError
from assets.warehouse.table import Table

TOLERANCE = 1e-12  # the same machine gives the same bits; another may sum in another order
REFITTED_TABLES = (FitRow.table, CoefficientRow.table, DiagnosticRow.table)

Cells = Mapping[str, object]
Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class TableDifference:
    """One table as recorded against the same table refitted."""

    table: str
    rows: int  # recorded
    largest_absolute: float  # in the cell's own unit
    largest_relative: float  # share of the larger of the two magnitudes
    beyond: tuple[str, ...]  # every cell that is not reproduced, in words


def refit(
    vintage: str,
    definitions: Iterable[str],
    model_input: pd.DataFrame,
    estimation_year: pd.DataFrame,
) -> dict[Table, pd.DataFrame]:
    """Fit a vintage's samples again; rows of model.fit, model.coefficient and model.diagnostic.

    definitions: the vintage's study definitions, JSON; model_input and estimation_year: its rows
    of model.input and model.estimation_year. Raises StudyError for a definition of a form that
    this version of the code cannot read.
    """
    studies = [_study(vintage, definition) for definition in definitions]
    fits = fit_samples(studies, model_input, estimation_year)
    frames = result_frames(vintage, fits, fit_panels(studies, model_input))
    return {table: frames[table] for table in REFITTED_TABLES}


def _study(vintage: str, definition: str) -> Study:
    try:
        return Study.model_validate_json(definition)
    except ValidationError as error:
        raise StudyError(
            f"Vintage {vintage} records a study that this version of yearbook cannot read:\n"
            f"  {error}\n"
            f"  Refit it with the version that model.vintage names."
        ) from error


def table_difference(
    table: Table, recorded: pd.DataFrame, refitted: pd.DataFrame
) -> TableDifference:
    """Compare two states of one table, row by row under its primary key.

    Numbers of type DOUBLE are compared as numbers, all else must be equal. A cell is beyond the
    tolerance where the difference exceeds TOLERANCE times the larger magnitude, or TOLERANCE
    itself for magnitudes below 1.
    """
    old, new = _by_key(table, recorded), _by_key(table, refitted)
    numbers = [column.name for column in table.columns if column.type == "DOUBLE"]
    others = [c.name for c in table.columns if c.type != "DOUBLE"]
    gaps = [
        (absolute, relative, _beyond(absolute, old[key][name], new[key][name], key, name))
        for key in old
        if key in new
        for name in numbers
        for absolute, relative in [_gap(_number(old[key][name]), _number(new[key][name]))]
    ]
    return TableDifference(
        table=table.name,
        rows=len(old),
        largest_absolute=max((absolute for absolute, _, _ in gaps), default=0.0),
        largest_relative=max((relative for _, relative, _ in gaps), default=0.0),
        beyond=(
            *(f"{_place(key)}: recorded, not refitted" for key in old if key not in new),
            *(f"{_place(key)}: refitted, not recorded" for key in new if key not in old),
            *(words for _, _, words in gaps if words),
            *_unequal(old, new, others),
        ),
    )


def _by_key(table: Table, frame: pd.DataFrame) -> dict[Key, Cells]:
    records: list[dict[str, object]] = [
        {str(name): cell for name, cell in record.items()} for record in frame.to_dict("records")
    ]
    return {tuple(record[name] for name in table.primary_key): record for record in records}


def _number(cell: object) -> float:
    return float(cell) if isinstance(cell, (int, float)) else math.nan  # NULL comes as None or NaN


def _gap(old: float, new: float) -> tuple[float, float]:
    """Absolute and relative difference; infinite where only one of the two is there."""
    if math.isnan(old) or math.isnan(new):
        gap = 0.0 if math.isnan(old) and math.isnan(new) else math.inf
        return gap, gap
    absolute = abs(old - new)
    return absolute, absolute / max(abs(old), abs(new)) if absolute else 0.0


def _beyond(absolute: float, old: object, new: object, key: Key, column: str) -> str:
    largest = max([1.0, *(abs(v) for v in map(_number, (old, new)) if not math.isnan(v))])
    if absolute <= TOLERANCE * largest:
        return ""
    return f"{_place(key)}, {column}: recorded {old!r}, refitted {new!r}"


def _unequal(
    old: Mapping[Key, Cells], new: Mapping[Key, Cells], columns: Sequence[str]
) -> list[str]:
    return [
        f"{_place(key)}, {name}: recorded {old[key][name]!r}, refitted {new[key][name]!r}"
        for key in old
        if key in new
        for name in columns
        if _known(old[key][name]) != _known(new[key][name])
    ]


def _known(cell: object) -> object:
    return None if cell is None or cell != cell else cell


def _place(key: Key) -> str:
    return " ".join(str(part) for part in key[1:] if part != "")
