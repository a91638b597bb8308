"""A past vintage fitted again from what it recorded, and how far the numbers are apart.

Belongs here: the refit and the comparison, cell by cell. Not here: reading the warehouse, the
methods, and results that rest on more than a vintage records (robustness, audit: they also read
the papers' cards).
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd
from pydantic import ValidationError

from assets.poverty.fits.fit_rows import CoefficientRow, DiagnosticRow, FitRow
from assets.poverty.fits.panel_fits import fit_panels
from assets.poverty.fits.result_frames import result_frames
from assets.poverty.fits.sample_fits import fit_samples
from assets.poverty.study_files.study import Study, StudyError
from assets.warehouse.table import Table

TOLERANCE = 1e-12  # the same machine gives the same bits; another may sum in another order
REFITTED_TABLES = (FitRow.table, CoefficientRow.table, DiagnosticRow.table)

Cells = dict[str, Any]
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
    try:
        studies = [Study.model_validate_json(definition) for definition in definitions]
    except ValidationError as error:
        raise StudyError(
            f"Vintage {vintage} records a study that this version of yearbook cannot read:\n"
            f"  {error}\n"
            f"  Refit it with the version that model.vintage names."
        ) from error
    fits = fit_samples(studies, model_input, estimation_year)
    frames = result_frames(vintage, fits, fit_panels(studies, model_input))
    return {table: frames[table] for table in REFITTED_TABLES}


def table_difference(
    table: Table, recorded: pd.DataFrame, refitted: pd.DataFrame
) -> TableDifference:
    """Compare two states of one table, row by row under its primary key.

    Numbers of type DOUBLE are compared as numbers, all else must be equal. A cell is beyond the
    tolerance where the difference exceeds TOLERANCE times the larger magnitude, or TOLERANCE
    itself for magnitudes below 1.
    """
    old, new = _by_key(table, recorded), _by_key(table, refitted)
    absolutes, relatives = [0.0], [0.0]
    beyond: list[str] = []
    unequal: list[str] = []
    for key in (key for key in old if key in new):
        for column in table.columns:
            was, now = old[key][column.name], new[key][column.name]
            words = f"{_place(key)}, {column.name}: recorded {was!r}, refitted {now!r}"
            if column.type == "DOUBLE":
                absolute, relative, allowed = _gap(_number(was), _number(now))
                absolutes.append(absolute)
                relatives.append(relative)
                if not absolute <= allowed:  # two infinities have no difference either
                    beyond.append(words)
            elif was != now and not (pd.isna(was) and pd.isna(now)):
                unequal.append(words)
    return TableDifference(
        table=table.name,
        rows=len(old),
        largest_absolute=max(absolutes),
        largest_relative=max(relatives),
        beyond=(
            *(f"{_place(key)}: recorded, not refitted" for key in old if key not in new),
            *(f"{_place(key)}: refitted, not recorded" for key in new if key not in old),
            *beyond,
            *unequal,
        ),
    )


def _by_key(table: Table, frame: pd.DataFrame) -> dict[Key, Cells]:
    records: list[Cells] = [
        {str(name): cell for name, cell in record.items()} for record in frame.to_dict("records")
    ]
    return {tuple(record[name] for name in table.primary_key): record for record in records}


def _number(cell: object) -> float:
    return float(cell) if isinstance(cell, (int, float)) else math.nan  # NULL comes as None or NaN


def _gap(old: float, new: float) -> tuple[float, float, float]:
    """Absolute and relative difference, and the absolute one that is allowed.

    Both differences are infinite where only one of the two numbers is there.
    """
    if math.isnan(old) or math.isnan(new):
        gap = 0.0 if math.isnan(old) and math.isnan(new) else math.inf
        return gap, gap, TOLERANCE
    absolute, largest = abs(old - new), max(abs(old), abs(new))
    return absolute, absolute / largest if absolute else 0.0, TOLERANCE * max(1.0, largest)


def _place(key: Key) -> str:
    return " ".join(str(part) for part in key[1:] if part != "")
