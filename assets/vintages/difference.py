"""How far two states of the rows of a vintage are apart, cell by cell.

Belongs here: the comparison of what was recorded with what is computed now. Not here: computing it
again (each study), reading the warehouse.
"""

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd

from assets.warehouse.tables.table import Table

TOLERANCE = 1e-12  # the same machine gives the same bits; another may sum in another order

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

    def told(key: Key, name: str) -> str:
        return f"{_place(key)}, {name}: recorded {old[key][name]!r}, refitted {new[key][name]!r}"

    beyond: list[str] = []
    unequal: list[str] = []
    for key in (key for key in old if key in new):
        for column in table.columns:
            was, now = old[key][column.name], new[key][column.name]
            if column.type == "DOUBLE":
                absolute, relative, allowed = _gap(_number(was), _number(now))
                absolutes.append(absolute)
                relatives.append(relative)
                if not absolute <= allowed:  # two infinities have no difference either
                    beyond.append(told(key, column.name))
            elif was != now and not (pd.isna(was) and pd.isna(now)):
                unequal.append(told(key, column.name))
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
