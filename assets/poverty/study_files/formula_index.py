"""Values of the indices that studies define by formulas, as rows of `indices.formula_index`.

Belongs here: each formula on the figures of each year, and why a year has none. Not here: formulas
themselves (formula.py), choosing prints (`sql/staging`).
"""

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from assets.poverty.study_files.formula import evaluate, formula_indicators
from assets.poverty.study_files.study import Formula, Study
from assets.poverty.study_files.study_rows import FormulaIndexRow
from assets.warehouse.table import as_frame

Place = tuple[str, str, str]  # study, region, sample
Figures = Mapping[tuple[object, ...], float]  # by place, index, year and indicator


def formula_frame(
    studies: Sequence[Study], cells: pd.DataFrame, years: pd.DataFrame
) -> pd.DataFrame:
    """Rows of indices.formula_index.

    cells: rows of staging.formula_cell; years: rows of staging.study_year.
    """
    keys = ("study", "region", "sample", "index_id", "reference_year", "indicator")
    columns = [cells[name].tolist() for name in (*keys, "value")]
    figures = {tuple(key): value for *key, value in zip(*columns, strict=True)}
    own = {study.study: study.formulas for study in studies}
    spine = zip(*(years[name].tolist() for name in (*keys[:3], keys[4])), strict=True)
    rows = [
        (*place, index_id, year, *_value(formula, (*place, index_id, year), figures))
        for *place, year in spine
        for index_id, formula in own.get(place[0], {}).items()
    ]
    return as_frame(FormulaIndexRow.table, rows)


def _value(
    formula: Formula, place: tuple[object, ...], figures: Figures
) -> tuple[float | None, str, str | None]:
    """Value, status and reason of one index in one year."""
    names = formula_indicators(formula.formula)
    values = {name: figures[*place, name] for name in names if (*place, name) in figures}
    if reasons := list(_missing(names, values, place[-1])):
        return None, "missing", "; ".join(reasons)
    try:
        return evaluate(formula.formula, formula.unit, values), "computed", None
    except (ZeroDivisionError, OverflowError):
        return None, "missing", f"{formula.formula} has no finite value for {place[-1]}"


def _missing(names: Sequence[str], values: Mapping[str, float], year: object) -> Iterator[str]:
    return (f"no print of {name} for {year}" for name in names if name not in values)
