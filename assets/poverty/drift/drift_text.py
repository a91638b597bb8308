"""Drifted coefficients in words and as a table.

Belongs here: showing rows of `model.drift`. Not here: what drift is (compared_fits.py), drawing
(drift_plot.py).
"""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd

from assets.warehouse.texts.counted import counted

Cells = Mapping[Hashable, Any]

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
    """How many coefficients were compared, drifted, had no predecessor; what was tested."""
    statuses = rows["status"].value_counts()
    counts = "; ".join(f"{count} {status}" for status, count in statuses.items())
    shifts = rows.loc[rows["changed_years_p"].notna(), "detectable_shift"]
    tested = (
        "No changed year can be tested against the others."
        if shifts.empty
        else "Tested at 5 %: whether changed years follow the others; a shift of "
        f"{_range(shifts.min(), shifts.max())} of the dependent's range would have been found "
        "with 80 % probability."
    )
    told = counted(len(drifted(rows)), "coefficient")
    return f"{told} drifted ({counts or 'none fitted'}). {tested}"


def _range(low: float, high: float) -> str:
    ends = dict.fromkeys(f"{end:.2g}" for end in (low, high))
    return " to ".join(ends)


def drift_lines(rows: pd.DataFrame) -> tuple[str, ...]:
    """One line for each coefficient that drifted."""
    return tuple(
        f"{', '.join(row[name] for name in PLACE)}: {_before(row)} → {_now(row)}: {row['drift']}"
        for row in drifted(rows).to_dict("records")
    )


def drift_table(rows: pd.DataFrame) -> str:
    """A markdown table of every compared coefficient, what drifted in the last column."""
    lines: list[Sequence[str]] = [COLUMNS, ("---",) * len(COLUMNS)]
    for row in rows[rows["coefficient_before"].notna()].to_dict("records"):
        moved = row["moved_by_std_errors"]
        in_std_errors = "" if pd.isna(moved) else f"{moved:+.2f}"
        place = (row[name] for name in PLACE)
        lines.append((*place, _before(row), _now(row), in_std_errors, row["drift"]))
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _before(row: Cells) -> str:
    return _interval(row["coefficient_before"], row["low_before"], row["high_before"])


def _now(row: Cells) -> str:
    return _interval(row["coefficient"], row["low"], row["high"])


def _interval(value: float, low: float, high: float) -> str:
    if pd.isna(value):
        return "none"
    return f"{value:.3f}" + ("" if pd.isna(low) else f" [{low:.3f}, {high:.3f}]")
