"""Drifted coefficients in words and as a table.

Belongs here: showing rows of `model.drift`. Not here: what drift is (compare.py), drawing
(plot.py).
"""

from typing import Any

import pandas as pd

Cells = dict[str, Any]

PLACE = ("study", "region", "sample", "estimator", "term")
COLUMNS = (*PLACE, "before", "now", "moved (s.e.)", "drift")


def drifted(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of model.drift in which something drifted."""
    return rows[rows["drift"] != ""]


def compared(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of model.drift with an estimate in both vintages."""
    return rows[rows["coefficient"].notna() & rows["coefficient_before"].notna()]


def has_moved(rows: pd.DataFrame) -> bool:
    """Whether any coefficient is not what it was."""
    both = compared(rows)
    return bool((both["coefficient"] != both["coefficient_before"]).any())


def drift_summary(rows: pd.DataFrame) -> str:
    """How many coefficients were compared, how many drifted, how many had no predecessor."""
    statuses = rows["status"].value_counts()
    counts = "; ".join(f"{count} {status}" for status, count in statuses.items())
    return f"{len(drifted(rows))} coefficient(s) drifted ({counts or 'none fitted'})."


def drift_lines(rows: pd.DataFrame) -> tuple[str, ...]:
    """One line for each coefficient that drifted."""
    return tuple(
        f"{', '.join(row[name] for name in PLACE)}: {_before(row)} → {_now(row)}: {row['drift']}"
        for row in _records(drifted(rows))
    )


def drift_table(rows: pd.DataFrame) -> str:
    """A markdown table of every compared coefficient, what drifted in the last column."""
    lines = [COLUMNS, ("---",) * len(COLUMNS)]
    lines += [_table_line(row) for row in _records(rows[rows["coefficient_before"].notna()])]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _table_line(row: Cells) -> tuple[str, ...]:
    moved = row["moved_by_std_errors"]
    return (
        *(row[name] for name in PLACE),
        _before(row),
        _now(row),
        "" if pd.isna(moved) else f"{moved:+.2f}",
        row["drift"],
    )


def _records(rows: pd.DataFrame) -> list[Cells]:
    return [{str(name): cell for name, cell in row.items()} for row in rows.to_dict("records")]


def _before(row: Cells) -> str:
    return _interval(row["coefficient_before"], row["low_before"], row["high_before"])


def _now(row: Cells) -> str:
    return _interval(row["coefficient"], row["low"], row["high"])


def _interval(value: float, low: float, high: float) -> str:
    if pd.isna(value):
        return "none"
    return f"{value:.3f}" + ("" if pd.isna(low) else f" [{low:.3f}, {high:.3f}]")
