"""Values of the indices that studies define by formulas, as rows of `indices.formula_index`.

Belongs here: each formula on the figures of each year, and why a year has none. Not here: formulas
themselves (formula.py), choosing prints (`sql/staging`).
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from assets.poverty.study_files.formula import evaluate
from assets.poverty.study_files.study import Formula, Study
from assets.poverty.study_files.study_rows import FormulaIndexRow
from assets.warehouse.tables.row import as_frame


def formula_frame(
    studies: Sequence[Study], cells: pd.DataFrame, years: pd.DataFrame
) -> pd.DataFrame:
    """Rows of indices.formula_index.

    cells: rows of staging.formula_cell; years: rows of staging.study_year.
    """
    place = ["study", "region", "sample", "index_id", "reference_year"]
    figures = {
        place: dict(zip(own["indicator"].tolist(), own["value"].tolist(), strict=True))
        for place, own in cells.groupby(place)
    }
    formulas = {study.study: study.formulas for study in studies}
    rows = (
        _row(year, index_id, formula, figures)
        for year in years.to_dict("records")
        for index_id, formula in formulas.get(year["study"], {}).items()
    )
    return as_frame(FormulaIndexRow, rows)


def _row(
    cell: Mapping[Hashable, Any],
    index_id: str,
    formula: Formula,
    figures: Mapping[tuple[Hashable, ...], Mapping[str, float]],
) -> FormulaIndexRow:
    """One index in one year; figures: by study, region, sample, index and year, then indicator."""
    study, region, sample, year = (
        cell[name] for name in ("study", "region", "sample", "reference_year")
    )
    row = FormulaIndexRow(
        study=study, region=region, sample=sample, index_id=index_id, reference_year=year
    )
    values = figures.get((study, region, sample, index_id, year), {})
    lacking = [name for name in formula.indicators if name not in values]
    if lacking:
        reasons = (f"no print of {name} for {year}" for name in lacking)
        return replace(row, reason="; ".join(reasons))
    try:
        value = evaluate(formula.formula, formula.unit, values)
    except (ZeroDivisionError, OverflowError):
        return replace(row, reason=f"{formula.formula} has no finite value for {year}")
    return replace(row, value=value, status="computed")
